"""Do the tables of a triangulation hold each source in its own column, and nothing that may not be seen?"""

from __future__ import annotations

from datetime import date

from audit_engine.analysis.triangulation_grid import Graded
from audit_engine.analysis.triangulation_values import Lens, Triangulation
from audit_engine.reports import triangulation as tables
from audit_engine.reports.blocks import Table
from tests.analysis.beside import counted, said, together, view, views_of
from tests.analysis.by_hand import ratings


def found(sensitive: bool = False) -> Triangulation:
    """Return four organisations and a criterion that staff see, with one that they do not."""
    rated = ratings(
        views_of({"A.1": (view(),), "A.2": ()}),
        {"a": ["M", "M"], "b": ["P", "P"], "c": ["M", "NA"], "d": ["-", "-"]},
        own={"b": ["M", "P"]},
        names={"a": "Otters", "b": "Badgers", "c": "Foxes", "d": "Hares"},
    )
    tallies = {"a": said(45, 5), "b": said(10, 40), "c": said(3, 1), "d": said(40, 10), "e": said(5, 4)}
    evidence = {("a", "s11.A.1"): Graded(2, date(2026, 10, 1)), ("a", "s11.A.2"): Graded(3, date(2020, 1, 1))}
    return together(rated, counted(tallies, sensitive=sensitive), evidence)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_no_cell_is_blank_and_rows_fit_their_columns() -> None:
    one = found()
    lens = Lens("Staff survey", one.criteria[0].views[0].answers)  # type: ignore[arg-type]
    every = [
        tables.by_criterion(one), tables.by_organisation(one, one.organisations),
        *(tables.sources(one, o) for o in one.organisations), tables.of_organisations(one, one.criteria[0]),
        tables.ratings_table(one, one.criteria[0]), tables.lens_table([lens]), tables.of_sectors(one, lens),
    ]  # fmt: skip
    for table in every:
        assert all(table.columns), table.id
        for row in texts(table):
            assert len(row) == len(table.columns), table.id
            assert all(row), table.id
        if table.widths:
            assert (len(table.widths), round(sum(table.widths), 6)) == (len(table.columns), 1), table.id


def test_each_source_stands_in_its_own_column() -> None:
    one = found()
    assert texts(tables.sources(one, one.organisations[0])) == [
        ["A.1", "Criterion A.1", "Met", "Not looked at", "Dated document",
         "Seen: 45 of 50 (90%), range 79% to 96%", "Corroborated", "Supported"],
        ["A.2", "Criterion A.2", "Met", "Not looked at", "Out of date", "–", "Not compared", "Self-reported only"],
    ]  # fmt: skip
    (badgers, _) = texts(tables.sources(one, one.organisations[1]))
    assert badgers[2:] == ["Met", "Lower", "Not graded", "Not seen: 10 of 50 (20%), range 11% to 33%",
                           "Question for the panel", "For the panel's agenda"]  # fmt: skip


def test_too_few_answers_are_a_symbol_that_is_explained_with_the_sector_beside() -> None:
    table = tables.of_organisations(found(), found().criteria[0])
    rows = {row[0]: row for row in texts(table)}
    assert set(rows) == {"Otters", "Badgers", "Foxes"}, "who did not rate it has no row"
    assert rows["Foxes"][4] in ("[c]", "[low]")
    assert rows["Foxes"][-1] == "103 of 163 (63%)"
    assert tables.SYMBOLS in table.notes


def test_roll_ups_count_and_do_not_rank() -> None:
    one = found()
    assert texts(tables.by_criterion(one)) == [["A.1", "Criterion A.1", "2", "1", "0", "1", "0", "0", "1"]]
    rows = texts(tables.by_organisation(one, one.organisations))
    assert [row[0] for row in rows] == ["Otters", "Badgers", "Foxes", "Hares"], "in the order of the audit"
    assert rows[0] == ["Otters", "2", "1", "1", "0", "0", "0", "0", "1", "1", "0"]


def test_a_lens_shows_each_answer_with_its_own_base_and_what_was_not_offered() -> None:
    one = found()
    answers = one.criteria[0].views[0].answers
    assert answers is not None
    whole = texts(tables.lens_table([Lens("Staff survey", answers), Lens("Again", answers, is_mapped=False)]))
    assert whole[0] == ["Yes", "103 (63%)", "103 (63%)"]
    assert whole[-1] == ["Everybody who answered", "163", "163"]


def test_a_sensitive_lens_has_the_answers_of_the_results_page() -> None:
    one = found(sensitive=True)
    answers = one.criteria[0].views[0].answers
    assert answers is not None
    assert [row[0] for row in texts(tables.lens_table([Lens("Staff survey", answers)]))][:2] == ["Yes", "No"]
