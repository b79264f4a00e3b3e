"""Does the report say what staff told us only as far as it may be seen, with every figure in the register?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from audit_engine.analysis.findings import Findings
from audit_engine.analysis.staff_findings import StaffFindings, staff_findings
from audit_engine.reports.blocks import BulletList, Chart, Document, Heading, Paragraph, Run, Table
from audit_engine.reports.documents import analysis_report
from audit_engine.reports.figure_places import doubts_in
from audit_engine.reports.palette import number_text
from audit_engine.reports.sections import staff as section
from audit_engine.reports.structure import structure_faults
from tests.analysis.beside import counted, said, together, view, views_of
from tests.analysis.by_hand import ratings
from tests.reports.invented import findings
from tests.reports.samples import written

WAITING = "Staff survey 2026 is still open, so what staff said cannot be seen yet."


def beside(otters: int = 45, *, sensitive: bool = False) -> StaffFindings:
    """Return three organisations and two criteria of which staff see one; the Foxes' staff hardly answered."""
    rated = ratings(
        views_of({"A.1": (view(),), "A.2": ()}), {"a": ["M", "M"], "b": ["P", "P"], "c": ["M", "NA"]},
        names={"a": "Otters", "b": "Badgers", "c": "Foxes"},
    )  # fmt: skip
    tallies = {"a": said(otters, 5), "b": said(10, 40), "c": said(3, 1)}
    return staff_findings(together(rated, counted(tallies, sensitive=sensitive)), {})


def report(staff: StaffFindings | None) -> tuple[Document, Findings]:
    found = findings()
    found = replace(found, staff=staff, register=(staff or StaffFindings()).with_figures(found.register))
    made = datetime(2027, 1, 15, 14, 2)
    return analysis_report(found, organisation="Invented partnership", made_at=made, invented=True), found


def part(document: Document) -> list[object]:
    """Return the blocks of the section."""
    blocks = list(document.blocks)
    start = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == "staff")
    end = next(n for n, b in enumerate(blocks[start + 1 :], start + 1) if isinstance(b, Heading) and b.level == 1)
    return blocks[start:end]


def runs(blocks: list[object]) -> list[Run]:
    said = [run for b in blocks if isinstance(b, Paragraph) for run in b.runs]
    return said + [run for b in blocks if isinstance(b, BulletList) for item in b.items for run in item]


def test_the_report_with_staff_answers_has_no_fault_of_structure_and_no_doubt() -> None:
    document, found = report(beside())
    assert structure_faults(written(document)) == ()
    assert doubts_in(document.blocks, found.register) == ()


def test_every_number_of_its_sentences_is_registered_and_every_count_stands_in_a_table() -> None:
    document, found = report(beside())
    blocks = part(document)
    cells = {c.text for b in blocks if isinstance(b, Table) for row in b.rows for c in row}
    printed = [run for run in runs(blocks) if run.figure]
    assert printed
    for run in printed:
        assert found.register[run.figure].text in cells, run.figure
    assert not [run.text for run in runs(blocks) if not run.figure and not run.quoted and re.search(r"\d", run.text)]


def test_its_table_says_who_answered_what_fits_and_how_sure_that_is() -> None:
    (table,) = (b for b in part(report(beside())[0]) if isinstance(b, Table) and b.id == "staff-answers")
    assert [[c.text for c in row] for row in table.rows] == [
        ["A.1", "Do you know ss.1?", "Yes", "104", "58", "56", "46% to 65%"]
    ]


def test_the_dots_are_the_shares_of_the_table() -> None:
    blocks = part(report(beside())[0])
    (chart,) = (b for b in blocks if isinstance(b, Chart))
    (table,) = (b for b in blocks if isinstance(b, Table) and b.id == chart.table)
    (series,) = chart.series
    column = next(n for n, heading in enumerate(table.columns) if series.name in heading)
    assert [number_text(v) for v in series.values] == [row[column].text for row in table.rows]
    assert 0 < len(chart.alt) <= 230


def test_no_organisation_is_named_beside_what_its_staff_said() -> None:
    words = " ".join(
        text
        for b in part(report(beside())[0])
        for text in ([r.text for r in b.runs] if isinstance(b, Paragraph) else
                     [c.text for row in b.rows for c in row] if isinstance(b, Table) else [])
    )  # fmt: skip
    assert not [name for name in ("Otters", "Badgers", "Foxes") if name in words]


def test_what_may_not_be_shown_stands_as_a_symbol_that_is_explained() -> None:
    rated = ratings(views_of({"A.1": (view(),)}), {"a": ["M"]}, names={"a": "Otters"})
    few = staff_findings(together(rated, counted({"a": said(3, 2)})), {})
    blocks = part(report(few)[0])
    (table,) = (b for b in blocks if isinstance(b, Table) and b.id == "staff-answers")
    assert {"[low]"} < {c.text for c in table.rows[0]}
    assert any(note.startswith("[low]: ") for note in table.notes)
    assert not {"3", "5", "60"} & {c.text for c in table.rows[0]}
    assert not [b for b in blocks if isinstance(b, Chart)]


@pytest.mark.parametrize(
    ("staff", "words"),
    [(None, section.NOTHING), (StaffFindings(), section.NOTHING), (StaffFindings(waiting=(WAITING,)), WAITING)],
)
def test_where_nothing_may_be_shown_one_sentence_says_so(staff: StaffFindings | None, words: str) -> None:
    heading, *rest = part(report(staff)[0])
    assert isinstance(heading, Heading)
    assert [run.text for run in runs(rest)] == [words]
    assert not [b for b in rest if isinstance(b, Table | Chart)]
