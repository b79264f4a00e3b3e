"""Does the document for panels name organisations with their results as the pages do, and say where one team spoke?"""

from __future__ import annotations

import io

import pytest

from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.reports import staff_view
from audit_engine.reports import triangulation as tables
from audit_engine.reports.blocks import Block, BulletList, Document, Paragraph, Table
from audit_engine.reports.figure_places import doubts_in
from audit_engine.reports.structure import structure_faults
from audit_engine.reports.word import write_document
from tests.analysis.beside import counted, from_teams, said, together, view, views_of
from tests.analysis.by_hand import ratings
from tests.reports.samples import document


def found(organisations: str = "abcd", teams: bool = False) -> Triangulation:
    """Return organisations that all rated A.1 met; a's staff see it, b's do not, c's are too few, d rated nothing."""
    rated = ratings(
        views_of({"A.1": (view(),), "A.2": (view(),)}),
        {o: ["-", "-"] if o == "d" else ["M", "N" if o == "b" else "M"] for o in organisations},
        names={"a": "Otters", "b": "Badgers", "c": "Foxes", "d": "Hares"},
    )
    seen = {"a": said(45, 5), "b": said(10, 40), "c": said(3, 1), "d": said(40, 10)}
    tallies = {o: seen[o] | (from_teams(26, 24) if teams and o == "a" else {}) for o in organisations}
    return together(rated, counted({**tallies, "e": said(5, 4)}))


def blocks(one: Triangulation) -> tuple[Block, ...]:
    return tuple(staff_view.blocks(one))


def by_id(one: Triangulation) -> dict[str, Table]:
    return {b.id: b for b in blocks(one) if isinstance(b, Table)}


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def words(one: Triangulation) -> str:
    paragraphs = [b.runs for b in blocks(one) if isinstance(b, Paragraph)]
    items = [item for b in blocks(one) if isinstance(b, BulletList) for item in b.items]
    return "\n".join("".join(run.text for run in runs) for runs in (*paragraphs, *items))


def written(made: Document) -> bytes:
    out = io.BytesIO()
    write_document(made, out)
    return out.getvalue()


def test_a_row_for_each_organisation_says_how_its_claims_came_out_as_the_page_does() -> None:
    one = found()
    paper, page = by_id(one)["triangulation-organisations"], tables.by_organisation(one, one.organisations)
    assert rows(paper) == [row[:7] for row in rows(page)]
    assert rows(paper)[1] == ["Badgers", "1", "1", "0", "1", "0", "0"]
    assert rows(by_id(one)["triangulation-assurance"]) == [[*row[:2], *row[-4:]] for row in rows(page)]


def test_the_grid_has_a_letter_for_each_organisation_and_criterion_and_fill_only_adds_to_it() -> None:
    grid = by_id(found())["staff-view-grid-1"]
    assert grid.columns == ("Organisation", "A.1", "A.2")
    assert rows(grid) == [["Otters", "C", "C"], ["Badgers", "Q", "G"], ["Foxes", "F", "F"], ["Hares", "–", "–"]]
    assert [cell.fill for cell in grid.rows[1]] == ["", "purple", ""]
    assert "Q question for the panel" in grid.notes[0]
    assert "Grid of 4 organisations by 2 criteria: 2 corroborated, 0 mixed picture, 1 question for the panel" in words(
        found()
    )


def test_what_staff_do_not_see_is_worded_as_a_question() -> None:
    assert "Badgers: A.1 Criterion A.1" in words(found())
    assert "This does not show the criterion is unmet; it is a question for the panel." in words(found())
    assert "No criterion was claimed and not seen by staff." in words(found("a"))


def test_the_sentence_of_the_spread_guard_stands_where_one_team_gave_most_answers_and_nowhere_else() -> None:
    told = words(found(teams=True))
    assert "In 1 organisation one team gave more than half of the answers." in told
    assert "Otters: 26 of 50 staff (52%) answered from one team, Day team" in told
    assert "one team" not in words(found())


def test_few_answers_are_shown_by_no_number() -> None:
    told = str([b for b in blocks(found("c")) if isinstance(b, Table)]) + words(found("c"))
    assert "'3'" not in told and "3 of 4" not in told


@pytest.mark.parametrize("teams", [True, False])
def test_every_figure_agrees_and_word_can_read_the_whole(teams: bool) -> None:
    one = found(teams=teams)
    assert doubts_in(blocks(one), staff_view.register_of(one)) == ()
    assert not structure_faults(written(document(*blocks(one))))


def test_an_audit_of_which_nothing_was_asked_says_so() -> None:
    bare = together(ratings(views_of({"A.1": ()}), {"a": ["M"]}, names={"a": "Otters"}), counted({"a": said(45, 5)}))
    assert staff_view.NOTHING in words(bare)
    assert not by_id(bare)


def test_a_cell_s_fill_is_written_with_ink_that_can_be_read_on_it() -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(written(document(*blocks(found()))))) as package:
        xml = package.read("word/document.xml").decode()
    assert '<w:shd w:val="clear" w:color="auto" w:fill="801650"/></w:tcPr>' in xml
    filled = xml[xml.index('w:fill="801650"') :][:600]
    assert '<w:color w:val="FFFFFF"/>' in filled
