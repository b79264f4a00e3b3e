"""How are points drawn in a native Word chart: then and now, or a value with its interval?

Word has no horizontal chart of points with named lines.  A scatter chart does
it: the line's number is its height, the names are labels of invisible points at
the left, and a further series joins then and now or draws the interval.
Error bars would be simpler, but LibreOffice drops those with their own values.
Every series covers the whole length of the sheet: LibreOffice loses shorter ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.reports.blocks import Chart, Series
from audit_engine.reports.palette import COLOURS, INK, LINE, largest_value, legend_names, number_text, scale_end
from audit_engine.reports.word_chart_xml import (
    NO_FRAME,
    Drawing,
    ValueAxis,
    fill,
    number_format,
    numbers,
    rich_text,
    series_name,
    shown,
    value_axis,
)
from audit_engine.reports.word_workbooks import Column, Sheet

_CAP = 0.12  # half the height of an interval's ends, in lines
_MOST_LABELLED = 24  # points: more of them stand so close that their numbers would cover one another
_SPREAD = 0.9  # share of a line over which several series of one category are spread


@dataclass(frozen=True, slots=True)
class Marker:
    """How a series' points look: unlike in shape as well as colour; the size is in points."""

    symbol: str
    size: int
    colour: str


# LibreOffice draws no hollow circle, so "then" is a diamond; larger, so that it shows behind an equal "now".
_THEN_AND_NOW = (Marker("diamond", 12, COLOURS[3]), Marker("circle", 8, COLOURS[0]))
_DOTS = tuple(
    Marker(symbol, 9, colour)
    for symbol, colour in zip(("circle", "square", "diamond", "triangle"), COLOURS, strict=True)
)


def dumbbell_drawing(chart: Chart) -> Drawing:
    """Return the plot and sheet of a chart of then and now, joined by a line."""
    heights = _heights(chart, [0.0, 0.0])
    then, now = (series.values for series in chart.series)
    joined = [
        _path([(a, y), (b, y)] if a is not None and b is not None else [])
        for a, b, y in zip(then, now, heights[0], strict=True)
    ]
    return _drawing(chart, heights, [joined], _THEN_AND_NOW, ("t", "b"))


def interval_drawing(chart: Chart) -> Drawing:
    """Return the plot and sheet of a chart of dots with capped intervals, one row a series within a category."""
    count = len(chart.series)
    offsets = [_SPREAD * ((count - 1) / 2 - place) / count for place in range(count)]
    heights = _heights(chart, offsets)
    whiskers = [_whiskers(series, heights[place]) for place, series in enumerate(chart.series)]
    return _drawing(chart, heights, whiskers, _DOTS, ("t",) * count)


Point = tuple[float | None, float | None]


def _heights(chart: Chart, offsets: Sequence[float]) -> list[list[float]]:
    """Return for each series the height of its points, the first category on top."""
    lines = len(chart.categories)
    return [[round(lines - n + offset, 3) for n in range(lines)] for offset in offsets]


def _path(points: Sequence[Point]) -> list[Point]:
    return [*points, (None, None)]


def _whiskers(series: Series, heights: Sequence[float]) -> list[list[Point]]:
    return [
        _path(_capped(low, high, y) if low is not None and high is not None else [])
        for low, high, y in zip(_ends(series.lower, heights), _ends(series.upper, heights), heights, strict=True)
    ]


def _capped(low: float, high: float, y: float) -> list[Point]:
    top, bottom = round(y + _CAP, 3), round(y - _CAP, 3)
    return [(low, top), (low, bottom), (low, y), (high, y), (high, top), (high, bottom)]


def _ends(values: tuple[float | None, ...], heights: Sequence[float]) -> Sequence[float | None]:
    return values or (None,) * len(heights)


def _drawing(
    chart: Chart,
    heights: list[list[float]],
    lines: list[list[list[Point]]],
    markers: Sequence[Marker],
    sides: Sequence[str],
) -> Drawing:
    sheet = _sheet(chart, heights, lines)
    count, code = len(chart.series), number_format(chart)
    first_height = 1 + count * (3 if _has_ends(chart) else 1)
    labelled = count * len(chart.categories) <= _MOST_LABELLED or not _has_ends(chart)
    drawn = [
        _series(place, place + 1, _points_look(marker), numbers_of(sheet, place + 1, first_height + place, code),
                sheet, _value_labels(chart.series[place], side) if labelled else "")
        for place, (marker, side) in enumerate(zip(markers[:count], sides, strict=True))
    ]  # fmt: skip
    drawn.append(_names_series(chart, count, sheet, first_height + count))
    for extra in range(len(lines)):
        column = first_height + count + 2 + 2 * extra
        drawn.append(_series(count + 1 + extra, column, _LINE_LOOK, numbers_of(sheet, column, column + 1, code), sheet))
    hidden = tuple(range(count, count + 1 + len(lines)))
    scatter = '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
    axes = f'<c:axId val="1"/><c:axId val="2"/></c:scatterChart>{_axes(chart)}'
    return Drawing(f"{scatter}{''.join(drawn)}{axes}", sheet, hidden)


def _has_ends(chart: Chart) -> bool:
    return any(series.lower for series in chart.series)


def _sheet(chart: Chart, heights: list[list[float]], lines: list[list[list[Point]]]) -> Sheet:
    """Return the sheet: names and values first, then what only places points and lines."""
    names = legend_names(tuple(series.name for series in chart.series))
    columns = [Column(chart.category_heading, chart.categories)]
    columns += [Column(name, series.values) for name, series in zip(names, chart.series, strict=True)]
    if _has_ends(chart):
        for name, series in zip(names, chart.series, strict=True):
            columns += [Column(f"{name} lower", series.lower), Column(f"{name} upper", series.upper)]
    columns += [Column(f"Height of {name}", tuple(ys)) for name, ys in zip(names, heights, strict=True)]
    columns.append(Column("Names at", (0,) * len(chart.categories)))
    columns.append(Column("Names height", tuple(float(y) for y in range(len(chart.categories), 0, -1))))
    for paths in lines:
        flat = [point for path in paths for point in path]
        columns.append(Column("Line from and to", tuple(x for x, _ in flat)))
        columns.append(Column("Line height", tuple(y for _, y in flat)))
    return Sheet(tuple(columns))


def numbers_of(sheet: Sheet, across: int, upwards: int, code: str) -> str:
    """Return where points stand: the column of their values and that of their heights."""
    return numbers("xVal", sheet, across, code) + numbers("yVal", sheet, upwards, "General")


def _series(order: int, heading: int, look: str, places: str, sheet: Sheet, labels: str = "") -> str:
    return (
        f'<c:ser><c:idx val="{order}"/><c:order val="{order}"/>{series_name(sheet, heading)}{look}{labels}{places}'
        '<c:smooth val="0"/></c:ser>'
    )


def _points_look(marker: Marker) -> str:
    return (
        f'<c:spPr><a:ln w="19050"><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val="{marker.symbol}"/>'
        f'<c:size val="{marker.size}"/><c:spPr>{fill(marker.colour)}<a:ln w="9525">{fill(INK)}</a:ln></c:spPr>'
        "</c:marker>"
    )


_LINE_LOOK = f'<c:spPr><a:ln w="22225">{fill(LINE)}</a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>'
_NO_LOOK = '<c:spPr><a:ln w="19050"><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>'


def _value_labels(series: Series, side: str) -> str:
    return _labels([None if value is None else number_text(value) for value in series.values], side)


def _names_series(chart: Chart, order: int, sheet: Sheet, column: int) -> str:
    places = numbers_of(sheet, column, column + 1, "General")
    return _series(order, column, _NO_LOOK, places, sheet, _labels(chart.categories, "l"))


def _labels(texts: Sequence[str | None], side: str) -> str:
    """Return labels that hold their own text; "l", "t" and "b" put them left of, above and below the point."""
    single = "".join(
        f'<c:dLbl><c:idx val="{n}"/><c:tx><c:rich>{rich_text(words)}</c:rich></c:tx>{NO_FRAME}'
        f'<c:dLblPos val="{side}"/>{shown("Val")}</c:dLbl>'
        for n, words in enumerate(texts)
        if words is not None
    )
    return f'<c:dLbls>{single}{NO_FRAME}<c:dLblPos val="{side}"/>{shown()}</c:dLbls>'


def _axes(chart: Chart) -> str:
    end = chart.end if chart.end is not None else scale_end(largest_value(chart) * 1.05)
    across = ValueAxis(1, 2, "b", (0.0, end), title=chart.axis)
    upwards = ValueAxis(2, 1, "l", (0.5, len(chart.categories) + 0.5), "0", labels="none")
    return value_axis(across) + value_axis(upwards)
