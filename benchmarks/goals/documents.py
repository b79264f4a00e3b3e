"""How long does a Word report of sixty tables and thirty charts take?"""

from __future__ import annotations

import zipfile
from io import BytesIO
from statistics import median

from audit_engine.reports.blocks import Block, Cell, Chart, Control, Document, Heading, Series, Table, paragraph
from audit_engine.reports.word import write_document
from benchmarks import floor_word
from benchmarks.floor_word import BARS, COLUMNS, PARAGRAPH, ROWS, TABLES, cell_text
from benchmarks.rounds import Line, interleaved, milliseconds, ratio_of, timed

KINDS = ("bar", "stacked", "stacked-percent")


def blocks() -> tuple[Block, ...]:
    """Return the report that the floors write, as blocks."""
    found: list[Block] = []
    for number in range(TABLES):
        found.append(Heading(f"Part {number}", 2 if number % 3 else 1, f"part-{number}"))
        found.append(paragraph(PARAGRAPH * 4))
        found.append(_table(number))
        if number % 2 == 0:
            found.append(_chart(number))
    return tuple(found)


def _table(number: int) -> Table:
    texts = [[cell_text(number, row, column) for column in range(COLUMNS)] for row in range(ROWS)]
    head, *body = texts
    rows = tuple(tuple(Cell(text, number=column > 0) for column, text in enumerate(row)) for row in body)
    return Table(f"table-{number}", f"Table of part {number}", tuple(head), rows)


def _chart(number: int) -> Chart:
    categories = tuple(f"Standard {n}" for n in range(len(BARS)))
    series = (Series("Met", tuple(float(b) for b in BARS)), Series("Not met", tuple(100.0 - b for b in BARS)))
    kind = KINDS[number // 2 % len(KINDS)]
    return Chart(
        f"chart-{number}", f"Chart of part {number}", kind, categories, series,  # type: ignore[arg-type]
        alt="Most standards are met more often than not.", base="30 organisations", table=f"table-{number}",
    )  # fmt: skip


def ours() -> bytes:
    """Write the report with our writer."""
    document = Document("A made-up report", "2026", "Benchmark partnership", Control(()), blocks(), invented=True)
    out = BytesIO()
    write_document(document, out)
    return out.getvalue()


def _is_whole(content: bytes) -> bool:
    """Tell whether the file has every table and every native chart."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        charts = [n for n in package.namelist() if n.startswith("word/charts/chart") and n.endswith(".xml")]
        text = package.read("word/document.xml").decode()
    return len(charts) == floor_word.CHARTS and text.count("<w:tbl>") >= TABLES and text.count("descr=") >= len(charts)


def word() -> list[Line]:
    """Compare our writer with the obvious program and with the text-built floor."""
    if not _is_whole(ours()):
        raise RuntimeError("Our report lacks tables, native charts or alternative texts.")
    found = interleaved({"floor": lambda: timed(floor_word.text_built), "ours": lambda: timed(ours)})
    mine, obvious = median(found["ours"]), timed(floor_word.obvious)
    what = f"Word report, {TABLES} tables and {floor_word.CHARTS} native charts"
    return [
        Line("P12", f"{what}, of the obvious program's time", milliseconds(obvious), milliseconds(mine),
             mine / obvious, 0.1, 0.1, "most"),
        Line("P12", f"{what}, of the text-built floor's time", milliseconds(median(found["floor"])),
             milliseconds(mine), ratio_of(found["ours"], found["floor"]), 4.3, 2.0, "most",
             note="bar: a tenth of the obvious program"),
    ]  # fmt: skip
