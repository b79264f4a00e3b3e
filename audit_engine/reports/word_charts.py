"""How does a chart become a part of a Word document that Word's own chart editor opens?

The XML is written as text: python-pptx's writer is no documented interface,
knows neither our legend, labels and colours nor points with interval ends, and
would have to be taken apart again afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from audit_engine.reports.blocks import Chart
from audit_engine.reports.palette import check_drawable
from audit_engine.reports.word_bars import bar_drawing
from audit_engine.reports.word_chart_xml import Drawing, number_format, text_look
from audit_engine.reports.word_points import dumbbell_drawing, interval_drawing
from audit_engine.reports.word_text import LANGUAGE
from audit_engine.reports.word_workbooks import workbook

_NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_MILLIMETRE = 36_000  # in English metric units
WIDTH = 170 * _MILLIMETRE
_TALLEST = 210
# Millimetres for a category, by the number of series: bars side by side and intervals one above the other need more.
_LINE: Mapping[str, Callable[[int], int]] = {
    "bar": lambda series: max(9, 5 * series + 3),
    "stacked": lambda series: 9,
    "stacked-percent": lambda series: 9,
    "diverging": lambda series: 9,
    "dumbbell": lambda series: 13,
    "interval": lambda series: 4 + 9 * series,
}

DRAWINGS: Mapping[str, Callable[[Chart], Drawing]] = {
    "bar": bar_drawing,
    "stacked": bar_drawing,
    "stacked-percent": bar_drawing,
    "diverging": bar_drawing,
    "dumbbell": dumbbell_drawing,
    "interval": interval_drawing,
}


@dataclass(frozen=True, slots=True)
class ChartPart:
    """A chart as Word keeps it; ``height`` is in English metric units."""

    space: str
    workbook: bytes
    height: int

    def xml(self, workbook_relation: str) -> bytes:
        """Return the part's XML, which names its workbook by relationship id."""
        external = f'<c:externalData r:id="{workbook_relation}"><c:autoUpdate val="0"/></c:externalData>'
        return f"{self.space}{external}</c:chartSpace>".encode()


def chart_part(chart: Chart) -> ChartPart:
    """Return the chart as Word keeps it; raise UndrawableChart."""
    check_drawable(chart)
    drawing = DRAWINGS[chart.kind](chart)
    space = _chart_space(chart, drawing)
    return ChartPart(space, workbook(drawing.sheet, number_format(chart)), _millimetres(chart) * _MILLIMETRE)


def _millimetres(chart: Chart) -> int:
    """Return the height: room for each line, the legend and the axis, a page at most."""
    line = _LINE[chart.kind](len(chart.series))
    return min(_TALLEST, _above(chart) + line * len(chart.categories) + _below(chart))


def _above(chart: Chart) -> int:
    return 11 if len(chart.series) > 1 else 3


def _below(chart: Chart) -> int:
    return 12 if chart.axis else 7


def _chart_space(chart: Chart, drawing: Drawing) -> str:
    legend = _legend(drawing.hidden) if len(chart.series) > 1 else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_NAMESPACES}>'
        f'<c:date1904 val="0"/><c:lang val="{LANGUAGE}"/><c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea>{_layout(chart)}{drawing.plot}</c:plotArea>{legend}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text_look()}"
    )


def _layout(chart: Chart) -> str:
    """Return where the plot stands: names at the left take a third, legend and axis a fixed height each."""
    whole = _millimetres(chart)
    top, bottom = _above(chart) / whole, _below(chart) / whole
    places = (("x", 0.33), ("y", top), ("w", 0.64), ("h", 1 - top - bottom))
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        + "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in places)
        + "</c:manualLayout></c:layout>"
    )


def _legend(hidden: tuple[int, ...]) -> str:
    gone = "".join(f'<c:legendEntry><c:idx val="{n}"/><c:delete val="1"/></c:legendEntry>' for n in hidden)
    return f'<c:legend><c:legendPos val="t"/>{gone}<c:overlay val="0"/>{text_look()}</c:legend>'
