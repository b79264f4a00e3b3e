"""How does a chart become a picture, for a slide or a newsletter?

matplotlib draws it; figures are objects of their own, never pyplot's, whose
state would outlive the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from audit_engine.reports.blocks import Chart, Series
from audit_engine.reports.palette import COLOURS, TEXT_ON, check_drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOTS_PER_INCH = 200
WIDTH, LINE, AROUND = 8.0, 0.42, 1.4  # inches


def picture(chart: Chart) -> bytes:
    """Return the chart as PNG; its verdict travels in the file's description."""
    from matplotlib.figure import Figure

    check_drawable(chart)
    lines = len(chart.categories)
    figure = Figure(figsize=(WIDTH, AROUND + LINE * lines), dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.subplots()
    DRAWN[chart.kind](axes, chart)
    axes.set_yticks(range(lines), labels=list(chart.categories))
    axes.invert_yaxis()
    axes.set_xlabel(chart.axis)
    axes.set_title(chart.caption, loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    if len(chart.series) > 1:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=len(chart.series), frameon=False)
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Title": chart.caption, "Description": chart.alt})
    return out.getvalue()


def _values(series: Series) -> list[float]:
    return [v or 0.0 for v in series.values]


def _side_by_side(axes: Axes, chart: Chart) -> None:
    height = 0.8 / len(chart.series)
    for number, series in enumerate(chart.series):
        places = [i + (number - (len(chart.series) - 1) / 2) * height for i in range(len(chart.categories))]
        bars = axes.barh(places, _values(series), height, label=series.name, color=COLOURS[number])
        axes.bar_label(bars, fmt="%g", padding=2, fontsize=8)


def _stacked(axes: Axes, chart: Chart) -> None:
    _stack(axes, chart, [1.0] * len(chart.categories))


def _stacked_percent(axes: Axes, chart: Chart) -> None:
    wholes = [sum(_values(s)[i] for s in chart.series) for i in range(len(chart.categories))]
    _stack(axes, chart, [100 / whole if whole else 0.0 for whole in wholes])
    axes.set_xlim(0, 100)


def _stack(axes: Axes, chart: Chart, scale: list[float]) -> None:
    """Stack bars to scale; the labels are the counts themselves."""
    left = [0.0] * len(chart.categories)
    for number, series in enumerate(chart.series):
        widths = [v * s for v, s in zip(_values(series), scale, strict=True)]
        colour = COLOURS[number]
        bars = axes.barh(range(len(widths)), widths, 0.7, left, label=series.name, color=colour, edgecolor="white")
        labels = [f"{v:g}" if v else "" for v in _values(series)]
        axes.bar_label(bars, labels=labels, label_type="center", fontsize=8, color=TEXT_ON[colour])
        left = [a + b for a, b in zip(left, widths, strict=True)]


def _diverging(axes: Axes, chart: Chart) -> None:
    for number, (series, sign) in enumerate(zip(chart.series, (-1, 1), strict=True)):
        widths = [sign * v for v in _values(series)]
        bars = axes.barh(range(len(widths)), widths, 0.7, label=series.name, color=COLOURS[number])
        axes.bar_label(bars, labels=[f"{abs(w):g}" for w in widths], padding=2, fontsize=8)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.xaxis.set_major_formatter(lambda value, _place: f"{abs(value):g}")


def _dots(axes: Axes, chart: Chart) -> None:
    """Draw then and now, or dots with their intervals, a line between the ends."""
    for line in range(len(chart.categories)):
        ends = [e for s in chart.series for e in (s.values[line], *s.lower[line : line + 1], *s.upper[line : line + 1])]
        known = [e for e in ends if e is not None]
        if known:
            axes.hlines(line, min(known), max(known), color="0.5", linewidth=1.5, zorder=1)
    for number, series in enumerate(chart.series):
        there = [(v, i) for i, v in enumerate(series.values) if v is not None]
        face = "white" if number == 0 and len(chart.series) > 1 else COLOURS[0]
        values, lines = [v for v, _ in there], [i for _, i in there]
        axes.scatter(values, lines, s=45, facecolor=face, edgecolor=COLOURS[0], label=series.name, zorder=2)
    axes.set_xlim(left=0)


DRAWN: Mapping[str, Callable[[Axes, Chart], None]] = {
    "bar": _side_by_side,
    "stacked": _stacked,
    "stacked-percent": _stacked_percent,
    "diverging": _diverging,
    "dumbbell": _dots,
    "interval": _dots,
}
