"""Has every figure of a table its place, its parts and its source, and is it noticed when they do not agree?"""

from __future__ import annotations

from dataclasses import replace

from audit_engine.analysis.figures import collected, count_figure
from audit_engine.reports.blocks import Block, Cell, Chart, Paragraph, Run, Series, Table
from audit_engine.reports.figure_places import doubts_in, figures_in

NONE = collected([])


def row(name: str, *cells: str) -> tuple[Cell, ...]:
    return (Cell(name), *(Cell(text, number=True) for text in cells))


TABLE = Table(
    "returns", "Returns by sector", ("Sector", "In scope", "Returned", "Not returned", "Share"),
    (row("Police", "3", "2", "1", "67%"), row("Schools", "1,001", "1,000", "1", ">99%"),
     row("All", "1,004", "1,002", "2", "99.8%")),
    total=("In scope", "Returned", "Not returned"), sums=(("In scope", ("Returned", "Not returned")),),
)  # fmt: skip
CHART = Chart(
    "chart", "Returns", "stacked", ("Police", "Schools"),
    (Series("Returned", (2.0, 1000.0)), Series("Not returned", (1.0, 1.0))), "Alt", table="returns",
)  # fmt: skip


def told(*blocks: Block) -> list[str]:
    return [doubt.sentence for doubt in doubts_in(blocks, NONE)]


def changed(line: int, place: int, text: str) -> Table:
    rows = [list(r) for r in TABLE.rows]
    rows[line][place] = Cell(text, number=True)
    return replace(TABLE, rows=tuple(tuple(r) for r in rows))


def test_every_number_of_a_table_is_a_figure_with_place_parts_and_source() -> None:
    found = {f.id: f for f in figures_in([TABLE])}
    assert len(found) == 12
    schools, whole = found["table.returns.2.2"], found["table.returns.3.2"]
    assert (schools.value, schools.source) == (1001, "Returns by sector: Schools, In scope")
    assert schools.parts == (("Returned", "table.returns.2.3"), ("Not returned", "table.returns.2.4"))
    assert whole.parts == (("Police", "table.returns.1.2"), ("Schools", "table.returns.2.2"))
    assert found["table.returns.3.5"].value == 0.998


def test_changes_shares_and_counts_of_a_base_are_told_apart() -> None:
    table = Table("t", "T", ("Name", "A", "B", "C", "D"), (row("x", "−3", "+1,204", "12 of 45", "27% (12 of 45)"),))
    one, two, three, four = figures_in([table])
    assert [(f.kind, f.value) for f in (one, two)] == [("change", -3), ("change", 1204)]
    assert [(f.kind, f.numerator, f.base) for f in (three, four)] == [("count", 12, 45)] * 2


def test_text_and_symbols_are_no_figures() -> None:
    table = Table("t", "T", ("Name", "A", "B"), ((Cell("Criterion 3"), Cell("[z]", number=True), Cell("7 days")),))
    assert list(figures_in([table])) == []


def test_a_table_that_adds_up_and_its_chart_raise_no_doubt() -> None:
    assert told(TABLE, CHART) == []


def test_a_last_row_that_does_not_sum_its_column_is_told() -> None:
    assert told(changed(2, 3, "3")) == [
        "3 (Returns by sector: All, Not returned) is made of Police 1 + Schools 1, which is 2."
    ]


def test_a_row_whose_parts_do_not_add_up_is_told() -> None:
    assert "4 (Returns by sector: Police, In scope) is made of Returned 2 + Not returned 1, which is 3." in told(
        changed(0, 1, "4")
    )


def test_a_chart_that_shows_another_number_than_its_table_is_told() -> None:
    other = replace(CHART, series=(Series("Returned", (2.0, 999.0)), CHART.series[1]))
    assert told(TABLE, other) == ["Returns. Schools, Returned: the chart shows 999, and its table does not."]


def test_a_sentence_that_prints_another_figure_than_its_own_is_told() -> None:
    figures = collected([count_figure("k", 3, "returns")])
    right, spelt, wrong = (Paragraph((Run(text, figure="k"),)) for text in ("3", "Three", "4"))
    assert doubts_in([right, spelt], figures) == ()
    assert [d.sentence for d in doubts_in([wrong], figures)] == ["A sentence prints 4 where the figure is 3 (returns)."]
    assert [d.sentence for d in doubts_in([right], NONE)] == ["A sentence prints 3, which is no registered figure."]
