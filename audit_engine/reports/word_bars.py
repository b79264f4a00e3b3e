"""How are bars, stacked bars and bars to both sides drawn in a native Word chart?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit_engine.reports.blocks import Chart, Series
from audit_engine.reports.palette import COLOURS, INK, TEXT_ON, largest_value, legend_names, marks, scale_end
from audit_engine.reports.word_chart_xml import (
    NO_FRAME,
    Drawing,
    ValueAxis,
    axis_line,
    category_names,
    fill,
    number_format,
    numbers,
    series_name,
    shown,
    text_look,
    value_axis,
)
from audit_engine.reports.word_workbooks import Column, Sheet
from audit_engine.reports.xml_text import escaped

_FULL_LABEL = 0.09  # least share of the axis on which "M 12" fits, at 10 pt on 107 mm
_MARK_ONLY = 0.04  # least share on which the letter alone fits


@dataclass(frozen=True, slots=True)
class Bars:
    """How a kind of bar chart is grouped; ``inside`` puts labels in the segments, else at the ends."""

    grouping: str
    overlap: int
    gap: int
    inside: bool


_BARS: Mapping[str, Bars] = {
    "bar": Bars("clustered", 0, 45, False),
    "stacked": Bars("stacked", 100, 35, True),
    "stacked-percent": Bars("percentStacked", 100, 35, True),
    "diverging": Bars("clustered", 100, 45, False),
}


def bar_drawing(chart: Chart) -> Drawing:
    """Return the plot and sheet of a chart of bars; bars to the left are negative in the sheet, shown without sign."""
    sign = {0: -1} if chart.kind == "diverging" else {}
    names = legend_names(tuple(series.name for series in chart.series))
    columns = [Column(chart.category_heading, chart.categories)]
    for place, series in enumerate(chart.series):
        values = tuple(None if v is None else v * sign.get(place, 1) for v in series.values)
        columns.append(Column(names[place], values))
    sheet = Sheet(tuple(columns))
    look = _BARS[chart.kind]
    drawn = "".join(_series(chart, place, sheet) for place in range(len(chart.series)))
    plot = (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{look.grouping}"/><c:varyColors val="0"/>{drawn}'
        f'<c:gapWidth val="{look.gap}"/><c:overlap val="{look.overlap}"/><c:axId val="1"/><c:axId val="2"/>'
        f"</c:barChart>{_category_axis()}{_value_axis(chart)}"
    )
    return Drawing(plot, sheet)


def _series(chart: Chart, place: int, sheet: Sheet) -> str:
    colour = COLOURS[place]
    code = number_format(chart)
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{series_name(sheet, place + 1)}'
        f'<c:spPr>{fill(colour)}<a:ln w="9525">{fill("#FFFFFF")}</a:ln></c:spPr><c:invertIfNegative val="0"/>'
        f"{_labels(chart, place, colour)}{category_names(sheet)}{numbers('val', sheet, place + 1, code)}</c:ser>"
    )


def _labels(chart: Chart, place: int, colour: str) -> str:
    inside = _BARS[chart.kind].inside
    mark = marks(tuple(series.name for series in chart.series))[place]
    look = text_look(TEXT_ON[colour] if inside else INK, inside)
    position = "ctr" if inside else "outEnd"
    single = "".join(
        _point_label(number, room, mark, look)
        for number, room in enumerate(_rooms(chart, chart.series[place]) if inside else ())
        if room < _FULL_LABEL
    )
    code = _label_format(chart, mark)
    return (
        f'<c:dLbls>{single}<c:numFmt formatCode="{code}" sourceLinked="0"/>{NO_FRAME}'
        f'{look}<c:dLblPos val="{position}"/>{shown("Val")}</c:dLbls>'
    )


def _point_label(number: int, room: float, mark: str, look: str) -> str:
    """Return the label of a segment too narrow for letter and number: the letter, or none at all."""
    if room < _MARK_ONLY or not mark:
        return f'<c:dLbl><c:idx val="{number}"/><c:delete val="1"/></c:dLbl>'
    return (
        f'<c:dLbl><c:idx val="{number}"/><c:numFmt formatCode="{_literal(mark)}" sourceLinked="0"/>'
        f'{NO_FRAME}{look}<c:dLblPos val="ctr"/>{shown("Val")}</c:dLbl>'
    )


def _label_format(chart: Chart, mark: str) -> str:
    """Return a number format that writes the letter before the number; 0 has a label only where a bar stands alone."""
    values = number_format(chart).split(";")[0]
    lettered = f"{_literal(mark + ' ')}{values}" if mark else values
    return f"{lettered};{lettered}" if chart.kind == "bar" else f"{lettered};{lettered};"


def _literal(words: str) -> str:
    return f"&quot;{escaped(words.replace(chr(34), ''))}&quot;"


def _rooms(chart: Chart, series: Series) -> list[float]:
    """Return each segment's share of the axis."""
    totals = [sum(s.values[n] or 0 for s in chart.series) for n in range(len(chart.categories))]
    whole = [max(totals)] * len(totals) if chart.kind == "stacked" else totals
    return [(value or 0) / total if total else 0 for value, total in zip(series.values, whole, strict=True)]


def _category_axis() -> str:
    return (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{axis_line()}{text_look()}<c:crossAx val="2"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(chart: Chart) -> str:
    code = "0%" if chart.kind == "stacked-percent" else "#,##0;#,##0"
    # The categories run downwards, so the axis of values would stand on top without crosses="max".
    axis = ValueAxis(2, 1, "b", _ends(chart), code, chart.axis, "max", "nextTo", "between")
    return value_axis(axis)


def _ends(chart: Chart) -> tuple[float, float]:
    if chart.kind == "stacked-percent":
        return 0, 1
    if chart.kind == "stacked":
        return 0, scale_end(max(sum(s.values[n] or 0 for s in chart.series) for n in range(len(chart.categories))))
    # Room for the labels behind the longest bar.
    end = scale_end(largest_value(chart) * 1.1)
    return (-end if chart.kind == "diverging" else 0), end
