"""How is a table written in WordprocessingML, so that it can be read without seeing it?

The whole table is one string (performance.md P12: reaching cells through an
object model costs twenty times as much).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit_engine.reports.blocks import Cell, Fill, Table
from audit_engine.reports.column_widths import column_widths
from audit_engine.reports.palette import COLOURS, TEXT_ON
from audit_engine.reports.references import reference
from audit_engine.reports.word_styles import TEXT_WIDTH
from audit_engine.reports.word_text import LANGUAGE, Place, caption, plain_run, run_text, styled
from audit_engine.reports.xml_text import clean, escaped, one_line

BLANK = "[blank]"  # stands where a cell has nothing that can be printed, so that no cell is empty
_ROW = "<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"
_HEADER = "<w:tblHeader/>"
_FILLS: Mapping[Fill, str] = {"blue": COLOURS[0], "green": COLOURS[1], "purple": COLOURS[2]}
_RIGHT = '<w:jc w:val="right"/>'


class MisshapenTable(ValueError):
    """A table whose rows or widths do not fit its columns."""


def table(block: Table, place: Place) -> str:
    """Return the caption, the table and its notes."""
    check_shape(block)
    notes = "".join(styled("Note", plain_run(note), place.inside) for note in block.notes)
    return caption(reference(place.references, block.id), block.caption, place) + grid(block, place) + notes


def check_shape(block: Table) -> None:
    """Raise MisshapenTable when a row or the widths do not fit the columns."""
    wanted = len(block.columns)
    if not wanted:
        raise MisshapenTable(f'Table "{block.id}" has no columns.')
    if block.widths and len(block.widths) != wanted:
        raise MisshapenTable(f'Table "{block.id}" has {wanted} columns and {len(block.widths)} widths; give one each.')
    for number, row in enumerate(block.rows, 1):
        if len(row) != wanted:
            raise MisshapenTable(f'Table "{block.id}", row {number}: {len(row)} cells for {wanted} columns.')


def grid(block: Table, place: Place) -> str:
    """Return the table itself."""
    widths = column_widths(block, TEXT_WIDTH)
    numeric = _numeric_columns(block)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    opens = [_cell_openings(width, place) for width in widths]
    kept = [tuple(opening.replace("</w:pPr>", "<w:keepNext/></w:pPr>") for opening in pair) for pair in opens]
    head, together = _header_row(block, place, widths, numeric), _kept_together(block)
    body = "".join(_body_row(row, kept if n in together else opens, place) for n, row in enumerate(block.rows))
    return f"<w:tbl>{_properties(block, place)}<w:tblGrid>{columns}</w:tblGrid>{head}{body}</w:tbl>"


def _kept_together(block: Table) -> frozenset[int]:
    """Return the rows that stay on the page of what follows: no page has one row of a table alone, or notes alone."""
    last = len(block.rows) - 1
    return frozenset({0, last - 1} - {last}) | (frozenset({last}) if block.notes else frozenset())


def _properties(block: Table, place: Place) -> str:
    first = int(block.row_header)
    described = f"{len(block.rows)} rows. Columns: {', '.join(one_line(name) for name in block.columns)}."
    return (
        f'<w:tblPr><w:tblStyle w:val="{place.styles["Audit Table"]}"/><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{"04A0" if first else "0420"}" w:firstRow="1" w:lastRow="0"'
        f' w:firstColumn="{first}" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escaped(one_line(block.caption))}"/>'
        f'<w:tblDescription w:val="{escaped(described)}"/></w:tblPr>'
    )


def _numeric_columns(block: Table) -> list[bool]:
    if not block.rows:
        return [False] * len(block.columns)
    return [all(row[place].number for row in block.rows) for place in range(len(block.columns))]


def _header_row(block: Table, place: Place, widths: list[int], numeric: list[bool]) -> str:
    start = f'<w:p><w:pPr><w:pStyle w:val="{place.styles["Table Heading"]}"/><w:keepNext/>'
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{start}{_RIGHT if right else ""}</w:pPr>'
        f"{plain_run(name)}</w:p></w:tc>"
        for name, width, right in zip(block.columns, widths, numeric, strict=True)
    )
    return _ROW.format(header=_HEADER, cells=cells)


def _cell_openings(width: int, place: Place) -> tuple[str, str]:
    """Return how a text cell and a number cell of that width open, up to the run's properties."""
    start = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="'
    end = '"/></w:pPr><w:r><w:rPr>'
    return f"{start}{place.styles['Table Text']}{end}", f"{start}{place.styles['Table Number']}{end}"


def _body_row(row: tuple[Cell, ...], opens: Sequence[tuple[str, ...]], place: Place) -> str:
    cells = "".join(
        f"{_filled(number if cell.number else text, cell.fill)}{_quoted(cell, place)}{_ink(cell.fill)}"
        f'<w:lang w:val="{LANGUAGE}"/></w:rPr>{run_text(printable(cell.text))}</w:r></w:p></w:tc>'
        for cell, (text, number) in zip(row, opens, strict=True)
    )
    return _ROW.format(header="", cells=cells)


def _filled(opening: str, fill: Fill) -> str:
    if not fill:
        return opening
    return opening.replace("</w:tcPr>", f'<w:shd w:val="clear" w:color="auto" w:fill="{_FILLS[fill][1:]}"/></w:tcPr>')


def _ink(fill: Fill) -> str:
    return f'<w:color w:val="{TEXT_ON[_FILLS[fill]][1:]}"/>' if fill else ""


def _quoted(cell: Cell, place: Place) -> str:
    return f'<w:rStyle w:val="{place.styles["Organisation Text"]}"/>' if cell.quoted else ""


def printable(text: str) -> str:
    """Return the text, or ``[blank]`` where it has no character that can be printed."""
    return text if clean(text).strip() else BLANK
