"""How is a chart drawn in a page, so that it is read at 320 pixels, in black and white, and without seeing it?

Positions across are percentages, and text has its own size: nothing shrinks with
the page, as it would by a ``viewBox``.  Looks are attributes and classes, because
the site's Content-Security-Policy refuses inline styles.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping

from audit_engine.reports.blocks import Cell, Chart, Table
from audit_engine.reports.palette import (
    COLOURS,
    INK,
    LINE,
    TEXT_ON,
    check_drawable,
    largest_value,
    marks,
    number_text,
    scale_end,
    value_text,
)
from audit_engine.reports.xml_text import escaped, one_line

_LETTERS = 34  # on a line of 280 pixels at 16 pixels
_TEXT = 20  # height of a line of text
_BAR = 20
_GAP = 14
_MARK_ROOM = 0.045  # least share of the width on which a letter fits, of 280 pixels
_LABEL_ROOM = 72  # per cent of the width that bars take, so that their numbers stand behind them
_AXIS_ROOM = 26  # characters of the axis between the labels of its ends, of 280 pixels
_NOT_KNOWN = "[x]: no figure."

Row = Callable[[Chart, int, float], Iterator[str]]


def svg(chart: Chart) -> str:
    """Return the chart as an SVG element with a name and a description; raise UndrawableChart."""
    check_drawable(chart)
    scale = _scale(chart)
    parts, top = [], 0
    for line in _legend(chart):
        parts.append(_group(top, line))
        top += _TEXT + 4
    draw, tall = _ROWS[chart.kind], _row_height(chart)
    for place, category in enumerate(chart.categories):
        top += _GAP
        names = _wrapped(one_line(category))
        parts += [_group(top + _TEXT * n, _text("0", 15, name, "chart-category")) for n, name in enumerate(names)]
        top += _TEXT * len(names)
        parts.append(_group(top, "".join(draw(chart, place, scale))))
        top += tall
    lines, axis = _axis(chart, scale)
    return f"{_opening(chart, top + _TEXT * lines + 8)}{''.join(parts)}{_group(top + 4, axis)}</svg>"


def _wrapped(name: str) -> list[str]:
    return [name] if len(name) <= _LETTERS else textwrap.wrap(name, _LETTERS)


def chart_table(chart: Chart) -> Table:
    """Return the table that holds the chart's numbers."""
    ends = any(series.lower for series in chart.series)
    columns = [chart.category_heading]
    for series in chart.series:
        columns += [series.name, *((f"{series.name}, lower", f"{series.name}, upper") if ends else ())]
    rows = tuple(
        (Cell(category), *(Cell(words, number=True) for words in _values(chart, place, ends)))
        for place, category in enumerate(chart.categories)
    )
    unknown = any(cell.text == "[x]" for row in rows for cell in row)
    return Table(f"{chart.id}-table", chart.caption, tuple(columns), rows, notes=(_NOT_KNOWN,) if unknown else ())


def _values(chart: Chart, place: int, ends: bool) -> Iterator[str]:
    """Yield a line's numbers, each series' interval behind its value."""
    for series in chart.series:
        yield value_text(series, place)
        for limits in (series.lower, series.upper) if ends else ():
            yield number_text(limits[place] if limits else None)


def _opening(chart: Chart, height: int) -> str:
    name = re.sub(r"[^A-Za-z0-9_-]", "-", chart.id)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{chart.kind}" role="img" width="100%"'
        f' height="{height}" font-size="16" fill="{INK}" aria-labelledby="{name}-name" aria-describedby="{name}-words">'
        f'<title id="{name}-name">{escaped(one_line(chart.caption))}</title>'
        f'<desc id="{name}-words">{escaped(one_line(chart.alt))}</desc>'
    )


def _group(top: int, inner: str) -> str:
    return f'<g transform="translate(0,{top})">{inner}</g>'


def _text(x: str, y: int, words: str, name: str = "chart-label", look: str = "") -> str:
    return f'<text class="{name}" x="{x}" y="{y}"{look}>{escaped(words)}</text>'


def _rect(x: float, width: float, y: int, height: int, colour: str) -> str:
    return (
        f'<rect x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{height}" fill="{colour}" stroke="#FFFFFF"'
        ' stroke-width="1"/>'
    )


def _legend(chart: Chart) -> Iterator[str]:
    """Yield a line for each series: what it looks like, its mark and its name."""
    if len(chart.series) == 1:
        return
    for place, (series, mark) in enumerate(zip(chart.series, _marks(chart), strict=True)):
        name = series.name if mark == series.name else f"{mark}: {series.name}"
        yield _swatch(chart, place) + _text("26", 15, name, "chart-legend")


def _swatch(chart: Chart, place: int) -> str:
    if chart.kind in ("dumbbell", "interval"):
        return _dot("9", 10, chart, place)
    return f'<rect x="0" y="1" width="18" height="18" fill="{COLOURS[place]}"/>'


def _marks(chart: Chart) -> tuple[str, ...]:
    return marks(tuple(series.name for series in chart.series))


def _scale(chart: Chart) -> float:
    """Return the value at the right end of the drawing."""
    if chart.kind == "stacked":
        return scale_end(max(sum(s.values[n] or 0 for s in chart.series) for n in range(len(chart.categories))))
    return 100 if chart.kind == "stacked-percent" else chart.end or scale_end(largest_value(chart))


def _row_height(chart: Chart) -> int:
    bars = len(chart.series) if chart.kind in ("bar", "interval") else 1
    return (_BAR + 2) * bars + (0 if chart.kind == "bar" else _TEXT)


def _numbers(chart: Chart, place: int, y: int = 15) -> str:
    """Return a line's numbers as text: every number of the chart can be read, however small its piece."""
    shown = [
        f"{mark} {value_text(series, place)}".strip() for mark, series in zip(_marks(chart), chart.series, strict=True)
    ]
    return _text("0", y, "   ".join(shown), "chart-numbers", ' xml:space="preserve" font-size="14"')


def _bar_row(chart: Chart, place: int, scale: float) -> Iterator[str]:
    for row, (series, mark) in enumerate(zip(chart.series, _marks(chart), strict=True)):
        value, y = series.values[place], (_BAR + 2) * row
        width = (value or 0) / scale * _LABEL_ROOM
        yield _rect(0, width, y, _BAR, COLOURS[row]) if width else ""
        yield _text(f"{width:.2f}%", y + 16, f"{mark} {value_text(series, place)}".strip(), look=' dx="6"')


def _stacked_row(chart: Chart, place: int, scale: float) -> Iterator[str]:
    yield _numbers(chart, place)
    values = [series.values[place] or 0 for series in chart.series]
    whole = sum(values) if chart.kind == "stacked-percent" else scale
    left = 0.0
    for row, (value, mark) in enumerate(zip(values, _marks(chart), strict=True)):
        width = value / whole * 100 if whole else 0
        if width:
            yield _rect(left, width, _TEXT, _BAR, COLOURS[row])
        if width >= _MARK_ROOM * 100 and mark:
            look = f' text-anchor="middle" font-size="14" fill="{TEXT_ON[COLOURS[row]]}"'
            yield _text(f"{left + width / 2:.2f}%", _TEXT + 15, mark, "chart-mark", look)
        left += width


def _diverging_row(chart: Chart, place: int, scale: float) -> Iterator[str]:
    yield _numbers(chart, place)
    lost, gained = (series.values[place] or 0 for series in chart.series)
    for start, width, colour in ((50 - lost / scale * 50, lost, COLOURS[0]), (50, gained, COLOURS[1])):
        if width:
            yield _rect(start, width / scale * 50, _TEXT, _BAR, colour)
    yield f'<line x1="50%" x2="50%" y1="{_TEXT - 3}" y2="{_TEXT + _BAR + 3}" stroke="{INK}" stroke-width="1"/>'


def _dumbbell_row(chart: Chart, place: int, scale: float) -> Iterator[str]:
    yield _numbers(chart, place)
    then, now = (series.values[place] for series in chart.series)
    middle = _TEXT + _BAR // 2
    if then is not None and now is not None:
        yield _line(_across(then, scale), _across(now, scale), middle)
    # The hollow "then" is larger, so that an equal "now" stands inside it.
    for row, value in ((0, then), (1, now)):
        if value is not None:
            yield _dot(_across(value, scale), middle, chart, row)


def _interval_row(chart: Chart, place: int, scale: float) -> Iterator[str]:
    yield _text(
        "0", 15, "   ".join(_with_interval(chart, place)), "chart-numbers", ' xml:space="preserve" font-size="14"'
    )
    for row, series in enumerate(chart.series):
        middle = _TEXT + (_BAR + 2) * row + _BAR // 2
        low, high = (ends[place] if ends else None for ends in (series.lower, series.upper))
        if low is not None and high is not None:
            left, right = _across(low, scale), _across(high, scale)
            yield _line(left, right, middle)
            yield from (_cap(end, middle) for end in (left, right))
        value = series.values[place]
        if value is not None:
            yield _dot(_across(value, scale), middle, chart, row)


def _with_interval(chart: Chart, place: int) -> Iterator[str]:
    for mark, series in zip(_marks(chart), chart.series, strict=True):
        ends = ""
        if series.lower and series.upper:
            ends = f" ({number_text(series.lower[place])} to {number_text(series.upper[place])})"
        yield f"{mark} {value_text(series, place)}{ends}".strip()


def _across(value: float, scale: float) -> str:
    """Return where a value stands: dots keep 3 per cent of the width at either side."""
    return f"{3 + value / scale * 94:.2f}%"


def _line(left: str, right: str, y: int) -> str:
    return f'<line x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="{LINE}" stroke-width="3"/>'


def _cap(x: str, y: int) -> str:
    return f'<line x1="{x}" x2="{x}" y1="{y - 6}" y2="{y + 6}" stroke="{LINE}" stroke-width="2"/>'


def _dot(x: str, y: int, chart: Chart, place: int) -> str:
    """Return a dot; series are told apart by hollow and full, "then" is the hollow one."""
    colour = COLOURS[0] if chart.kind == "dumbbell" else COLOURS[place]
    hollow = place % 2 == (0 if chart.kind == "dumbbell" else 1)
    look = f'r="7" fill="#FFFFFF" stroke="{colour}" stroke-width="3"' if hollow else f'r="5" fill="{colour}"'
    return f'<circle cx="{x}" cy="{y}" {look}/>'


def _axis(chart: Chart, scale: float) -> tuple[int, str]:
    """Return the line of the scale, its ends and what it counts, after how many lines of text it takes.

    Words that would run into the ends on a telephone stand on lines of their own.
    """
    left, right = {"diverging": (number_text(scale), number_text(scale)), "stacked-percent": ("0%", "100%")}.get(
        chart.kind, ("0", number_text(scale))
    )
    width = _LABEL_ROOM if chart.kind == "bar" else 100
    small, words = ' font-size="14"', one_line(chart.axis)
    drawn = (
        f'<line x1="0" x2="{width}%" y1="0" y2="0" stroke="{LINE}" stroke-width="1"/>'
        + _text("0", 17, left, "chart-axis", small)
        + _text(f"{width}%", 17, right, "chart-axis", f' text-anchor="end"{small}')
    )
    if len(words) <= _AXIS_ROOM * width / 100:
        return 1, drawn + _text(f"{width / 2}%", 17, words, "chart-axis", f' text-anchor="middle"{small}')
    below = _wrapped(words)
    told = (_text("0", 17 + _TEXT * n, line, "chart-axis", small) for n, line in enumerate(below, 1))
    return 1 + len(below), drawn + "".join(told)


_ROWS: Mapping[str, Row] = {
    "bar": _bar_row,
    "stacked": _stacked_row,
    "stacked-percent": _stacked_row,
    "diverging": _diverging_row,
    "dumbbell": _dumbbell_row,
    "interval": _interval_row,
}
