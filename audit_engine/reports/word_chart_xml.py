"""Which pieces of DrawingML are the charts of a Word document put together from?"""

from __future__ import annotations

from dataclasses import dataclass

from audit_engine.reports.blocks import Chart
from audit_engine.reports.palette import INK, LINE
from audit_engine.reports.word_styles import FONT
from audit_engine.reports.word_text import LANGUAGE
from audit_engine.reports.word_workbooks import Sheet
from audit_engine.reports.xml_text import escaped, one_line

LABEL = 1000  # hundredths of a point
_LABEL_PARTS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
NO_FRAME = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What differs between kinds of chart: the plot, its sheet and the entries kept out of the legend."""

    plot: str
    sheet: Sheet
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """An axis of numbers; ``labels`` is a tick label position, "none" for an axis that only places points."""

    number: int
    other: int
    side: str
    ends: tuple[float, float]
    code: str = "#,##0"
    title: str = ""
    crosses: str = "min"
    labels: str = "low"
    between: str = "midCat"


def number_format(chart: Chart) -> str:
    """Return the number format of the chart's values; signs are dropped where the side says them."""
    places = "0.0" if any(v is not None and v % 1 for s in chart.series for v in (*s.values, *s.lower)) else "0"
    return f"#,##{places};#,##{places}" if chart.kind == "diverging" else f"#,##{places}"


def fill(colour: str) -> str:
    """Return a solid fill."""
    return f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'


def text_look(colour: str = INK, bold: bool = False) -> str:
    """Return how the text of a part of the chart looks."""
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{LABEL}" b="{int(bold)}">'
        f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill><a:latin typeface="{FONT}"/>'
        f'</a:defRPr></a:pPr><a:endParaRPr lang="{LANGUAGE}"/></a:p></c:txPr>'
    )


def numbers(tag: str, sheet: Sheet, column: int, code: str) -> str:
    """Return a column of numbers: its address, and a copy that is drawn before the workbook is opened."""
    values = enumerate(sheet.columns[column].values)
    points = "".join(f'<c:pt idx="{n}"><c:v>{_exact(v)}</c:v></c:pt>' for n, v in values if isinstance(v, int | float))
    cache = (
        f"<c:numCache><c:formatCode>{escaped(code)}</c:formatCode>"
        f'<c:ptCount val="{sheet.length}"/>{points}</c:numCache>'
    )
    return f"<c:{tag}><c:numRef><c:f>{sheet.values_range(column)}</c:f>{cache}</c:numRef></c:{tag}>"


def _exact(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def series_name(sheet: Sheet, column: int) -> str:
    """Return a series' name, taken from its column's heading."""
    name = escaped(one_line(sheet.columns[column].heading))
    return (
        f"<c:tx><c:strRef><c:f>{sheet.heading_range(column)}</c:f><c:strCache>"
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    )


def category_names(sheet: Sheet) -> str:
    """Return the names in the sheet's first column."""
    names = [escaped(one_line(str(name))) for name in sheet.columns[0].values]
    points = "".join(f'<c:pt idx="{n}"><c:v>{name}</c:v></c:pt>' for n, name in enumerate(names))
    return (
        f"<c:cat><c:strRef><c:f>{sheet.values_range(0)}</c:f>"
        f'<c:strCache><c:ptCount val="{len(names)}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def shown(what: str = "") -> str:
    """Return which part of a point its label shows, at most one."""
    return "".join(f'<c:show{part} val="{int(part == what)}"/>' for part in _LABEL_PARTS)


def axis_line(colour: str = LINE) -> str:
    """Return the look of an axis or grid line."""
    return f'<c:spPr><a:ln w="9525">{fill(colour)}</a:ln></c:spPr>'


def value_axis(axis: ValueAxis) -> str:
    """Return an axis of numbers with light lines across the plot."""
    lines = f"<c:majorGridlines>{axis_line('#D9DCDE')}</c:majorGridlines>" if axis.labels != "none" else ""
    unit = "" if axis.labels != "none" else '<c:majorUnit val="1"/>'
    return (
        f'<c:valAx><c:axId val="{axis.number}"/><c:scaling><c:orientation val="minMax"/><c:max val="{axis.ends[1]:g}"/>'
        f'<c:min val="{axis.ends[0]:g}"/></c:scaling><c:delete val="0"/><c:axPos val="{axis.side}"/>{lines}'
        f'{_axis_title(axis.title)}<c:numFmt formatCode="{axis.code}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{axis.labels}"/>{axis_line()}{text_look()}'
        f'<c:crossAx val="{axis.other}"/><c:crosses val="{axis.crosses}"/>'
        f'<c:crossBetween val="{axis.between}"/>{unit}</c:valAx>'
    )


def rich_text(words: str) -> str:
    """Return text that stands in the chart itself."""
    look = f'<a:rPr lang="{LANGUAGE}" sz="{LABEL}" b="0">{fill(INK)}<a:latin typeface="{FONT}"/></a:rPr>'
    return f"<a:bodyPr/><a:lstStyle/><a:p><a:r>{look}<a:t>{escaped(one_line(words))}</a:t></a:r></a:p>"


def _axis_title(title: str) -> str:
    if not title:
        return ""
    return f'<c:title><c:tx><c:rich>{rich_text(title)}</c:rich></c:tx><c:overlay val="0"/></c:title>'
