"""How fast is the obvious Word report, and how fast one built as text?

Sixty tables of eleven rows and seven columns, thirty bar charts, headings and
text: the obvious program reaches cells by ``table.cell`` and draws with pyplot;
the floor parses each table from text and draws pictures of rectangles.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

TABLES = 60
CHARTS = 30
ROWS = 11
COLUMNS = 7
BARS = tuple(range(10, 90, 10))
PARAGRAPH = "Of the organisations that took part, most met this standard and can show that staff know what to do. "


def cell_text(table: int, row: int, column: int) -> str:
    """Return what stands in a cell."""
    return f"Criterion {table}.{row}" if column == 0 else f"{(table * 7 + row * 3 + column) % 100}%"


def _headings(document: WordDocument, number: int) -> None:
    document.add_heading(f"Part {number}", level=1 + (number % 3 > 0))
    document.add_paragraph(PARAGRAPH * 4)


def obvious(tables: int = TABLES) -> bytes:
    """Write the report, or the start of it, as the libraries' own introductions do."""
    import docx
    import matplotlib
    from docx.shared import Cm

    matplotlib.use("Agg")
    from matplotlib import pyplot

    document = docx.Document()
    for number in range(tables):
        _headings(document, number)
        table = document.add_table(rows=ROWS, cols=COLUMNS, style="Table Grid")
        for row in range(ROWS):
            for column in range(COLUMNS):
                table.cell(row, column).text = cell_text(number, row, column)
        if number % 2 == 0:
            figure, axes = pyplot.subplots(figsize=(6, 3), dpi=150)
            axes.barh([f"Standard {n}" for n in range(len(BARS))], BARS)
            axes.set_title(f"Chart {number}")
            figure.tight_layout()
            picture = BytesIO()
            figure.savefig(picture)
            pyplot.close(figure)
            document.add_picture(BytesIO(picture.getvalue()), width=Cm(15))
    return _saved(document)


def text_built() -> bytes:
    """Write the same with tables parsed from text and charts of plain rectangles."""
    import docx
    from docx.oxml import parse_xml
    from docx.shared import Cm

    document = docx.Document()
    for number in range(TABLES):
        _headings(document, number)
        body = document.element.body
        body.insert(len(body) - 1, parse_xml(_table_text(number)))
        document.add_paragraph()
        if number % 2 == 0:
            document.add_picture(BytesIO(_rectangles()), width=Cm(15))
    return _saved(document)


def _table_text(number: int) -> str:
    rows = "".join(
        "<w:tr>"
        + "".join(
            f"<w:tc><w:p><w:r><w:t>{cell_text(number, row, column)}</w:t></w:r></w:p></w:tc>"
            for column in range(COLUMNS)
        )
        + "</w:tr>"
        for row in range(ROWS)
    )
    return (
        '<w:tbl xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr><w:tblGrid>'
        + "<w:gridCol/>" * COLUMNS
        + f"</w:tblGrid>{rows}</w:tbl>"
    )


def _rectangles() -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("P", (900, 450), 0)
    picture.putpalette([255, 255, 255, 29, 112, 184, 0, 0, 0])
    pen = ImageDraw.Draw(picture)
    for place, length in enumerate(BARS):
        top = 20 + place * 52
        pen.text((4, top + 8), f"Standard {place}", fill=2)
        pen.rectangle((120, top, 120 + length * 8, top + 36), fill=1)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _saved(document: WordDocument) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()
