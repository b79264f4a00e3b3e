"""Which figures stand in a document or on a page, each with its place, its parts and its source?

Sentences name their figures; a figure in a table is known by its place in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from audit_engine.analysis.figures import Doubt, Figure, Register, collected
from audit_engine.analysis.rounding import in_words
from audit_engine.reports.blocks import Block, BulletList, Cell, Chart, Paragraph, Run, Table
from audit_engine.reports.palette import number_text

_WHOLE = re.compile(r"[+−-]?\d{1,3}(?:,\d{3})*|[+−-]?\d+")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_OF = re.compile(r"(?P<k>[\d,]+) of (?P<n>[\d,]+)|.*\((?P<k2>[\d,]+) of (?P<n2>[\d,]+)\)")
_NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")
Part = tuple[str, int | str]


def figures_in(blocks: Iterable[Block]) -> Iterator[Figure]:
    """Yield every figure of every table; its id is the table's, the row and the column, counted from one."""
    for table in blocks:
        if isinstance(table, Table):
            yield from _of_table(table)


def _of_table(table: Table) -> Iterator[Figure]:
    last = len(table.rows) - 1
    for number, row in enumerate(table.rows):
        for place, cell in enumerate(row):
            if not cell.number or not _NUMBERS.search(cell.text):
                continue
            column = table.columns[place]
            parts = _below(table, place) if number == last and column in table.total else ()
            yield _figure(table, number, place, cell, parts or _beside(table, number, column))


def _id(table: Table, row: int, place: int) -> str:
    return f"table.{table.id}.{row + 1}.{place + 1}"


def _below(table: Table, place: int) -> tuple[Part, ...]:
    """Return the cells above the last row, which sums them; a cell without a number counts as none."""
    above = enumerate(table.rows[:-1])
    return tuple((row[0].text, _id(table, n, place) if _whole(row[place].text) is not None else 0) for n, row in above)


def _beside(table: Table, row: int, column: str) -> tuple[Part, ...]:
    """Return the cells of the same row that make this one up."""
    for whole, parts in table.sums:
        if whole == column:
            return tuple((name, _id(table, row, table.columns.index(name))) for name in parts)
    return ()


def _figure(table: Table, row: int, place: int, cell: Cell, parts: tuple[Part, ...]) -> Figure:
    named, column = table.rows[row][0].text, table.columns[place]
    source = f"{table.caption}: {named}, {column}"
    whole = _whole(cell.text)
    if whole is not None:
        kind = "change" if cell.text[:1] in "+−" else "count"
        return Figure(_id(table, row, place), kind, whole, cell.text, source, parts=parts)  # type: ignore[arg-type]
    of, share = _OF.fullmatch(cell.text), _SHARE.fullmatch(cell.text)
    if of is not None:
        k, n = (int((of[a] or of[b]).replace(",", "")) for a, b in (("k", "k2"), ("n", "n2")))
        return Figure(_id(table, row, place), "count", k, cell.text, source, k, n)
    value = float(share[1]) / 100 if share else None
    return Figure(_id(table, row, place), "share", value, cell.text, source)


def _whole(text: str) -> int | None:
    """Return a whole number as it is printed, or None."""
    if not _WHOLE.fullmatch(text):
        return None
    return int(text.replace(",", "").replace("−", "-"))


def doubts_in(blocks: Sequence[Block], register: Register) -> tuple[Doubt, ...]:
    """Return what does not agree: sums of tables, charts with their tables, sentences with the register."""
    return (*collected(figures_in(blocks)).doubts, *_charts(blocks), *_sentences(blocks, register))


def _charts(blocks: Sequence[Block]) -> Iterator[Doubt]:
    tables = {block.id: block for block in blocks if isinstance(block, Table)}
    for chart in blocks:
        if isinstance(chart, Chart) and chart.table in tables:
            yield from _against_table(chart, tables[chart.table])


def _against_table(chart: Chart, table: Table) -> Iterator[Doubt]:
    """Yield the numbers of a chart that its table does not hold in the same line."""
    for place, category in enumerate(chart.categories):
        row = next((r for r in table.rows if category == r[0].text), None)
        held = {n for cell in row[1:] for n in _NUMBERS.findall(cell.text)} if row else set()
        for series in chart.series:
            value = series.values[place]
            if value is not None and number_text(value).lstrip("+−-") not in held:
                told = f"{category}, {series.name}: the chart shows {number_text(value)}, and its table does not."
                yield Doubt(f"chart.{chart.id}", f"{chart.caption}. {told}")


def _sentences(blocks: Iterable[Block], register: Register) -> Iterator[Doubt]:
    for run in runs_of(blocks):
        if not run.figure:
            continue
        if run.figure not in register:
            yield Doubt(run.figure, f"A sentence prints {run.text}, which is no registered figure.")
        elif run.text.lower() not in _printed(register[run.figure]):
            figure = register[run.figure]
            yield Doubt(figure.id, f"A sentence prints {run.text} where the figure is {figure.text} ({figure.source}).")


def runs_of(blocks: Iterable[Block]) -> Iterator[Run]:
    """Yield every stretch of text of the paragraphs and lists."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.runs
        elif isinstance(block, BulletList):
            yield from (run for item in block.items for run in item)


def _printed(figure: Figure) -> set[str]:
    """Return the ways in which a sentence may print a figure."""
    ways = {figure.text, figure.text.lstrip("+−")}
    if isinstance(figure.value, int):
        ways.add(in_words(figure.value))
    return {way.lower() for way in ways}
