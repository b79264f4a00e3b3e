"""Do documents say of themes what page and CSV say, quote only what may be, and show cards with consent alone?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.analysis.theme_findings import LONGEST_QUOTE, ThemeFindings, may_tell_agreement, quotes
from audit_engine.analysis.themes import staff_words
from audit_engine.reports.blocks import Document, Heading, Paragraph, Table
from audit_engine.reports.structure import structure_faults
from audit_engine.services.do_work import do_work
from audit_engine.services.issue_report import Order, ask_report, issue_report
from audit_engine.services.theme_report import theme_findings
from audit_engine.services.themes import as_csv
from audit_engine.storage import outbox, practice
from audit_engine.storage.engine import reading, writing
from tests.services.seen import CLOSED
from tests.services.worded import AUDIT, CALLS, TIME, TODAY, Worded

SAID = {"otters": "Calls please", "badgers": "Calls now", "joint": "Calls and time", "office": "Calls again"}
STAFF = (*(f"Calls number {n}" for n in range(6)), *(f"Other {n}" for n in range(7)))


@pytest.fixture
def worded(tmp_path: Path, engine: Engine) -> Iterator[Worded]:
    """Four organisations returned with words and thirteen of staff wrote; both coders have finished."""
    found = Worded.laid(tmp_path, engine)
    for organisation, said in SAID.items():
        found.returned(organisation, said)
    found.spoke(*STAFF)
    yield found


def coded(found: Worded) -> Worded:
    calls, time = found.book()
    found.choose()
    found.code_all(found.ada, {"Calls": [calls], "time": [time]})
    found.code_all(found.ben, {"Calls": [calls]})
    return found


def themes(found: Worded) -> ThemeFindings:
    with reading(found.engine) as connection:
        return theme_findings(connection, found.world.definitions, found.cycle)


def issued(found: Worded, seen: Sequence[Document], kind: str) -> Document:
    world = found.world
    issue_report(world.engine, world.definitions, world.instance, Order(AUDIT, kind), CLOSED)
    return seen[-1]


def cells(document: Document, name: str) -> list[tuple[str, ...]]:
    table = next(b for b in document.blocks if isinstance(b, Table) and b.id == name)
    return [tuple(cell.text for cell in row) for row in table.rows]


def plain(document: Document) -> str:
    return "\n".join("".join(r.text for r in b.runs) for b in document.blocks if isinstance(b, Paragraph))


def card(found: Worded, state: str, **more: object) -> None:
    """Keep a card as it stands after it was checked."""
    values: dict[str, Any] = {
        "title": "A call back", "what": "They ring", "organisation_id": "otters", "item_id": "s.A.1", "evidence": 2,
        "staff": "yes", "against": "", "checked_at": CLOSED, "consent_by": "", "consent_on": None,
        "consent_names": False, "state": state, "agreed_at": CLOSED if state == "agreed" else None, **more,
    }  # fmt: skip
    with writing(found.engine) as connection:
        practice.add_card(connection, cycle_id=AUDIT, made_at=CLOSED, made_by=found.ada, **values)


def test_the_table_holds_the_figures_and_marks_of_the_csv(worded: Worded, documents: list[Document]) -> None:
    document = issued(coded(worded), documents, "themes")
    rows = list(csv.DictReader(io.StringIO(as_csv(worded.found()))))
    assert [r["theme"] for r in rows] == [CALLS, TIME]
    for shown, row in zip(cells(document, "themes"), rows, strict=True):
        staff = row["staff_texts"] if row["of_staff_texts"] == "[low]" else f"{row['staff_texts']} of "
        assert shown[:3] == (row["theme"], row["standing"], row["organisations"])
        assert shown[3] == str(len([k for k in row["sectors"].split("; ") if k]))
        assert shown[4].startswith(staff) and shown[4].endswith(row["of_staff_texts"])
    assert cells(document, "themes")[0][1:5] == ("Emerging theme", "3", "2", "6 of 13")
    assert "3 of the 4 organisations that returned raise it" in plain(document)


def test_before_two_have_finished_nothing_is_counted_and_the_analysis_report_says_nothing(
    worded: Worded, documents: list[Document]
) -> None:
    worded.book()
    paper = issued(worded, documents, "themes")
    assert cells(paper, "themes")[0][1:6] == ("[x]",) * 5
    assert "two people have to finish coding first" in plain(paper)
    assert "Themes and promising practice" not in [b.text for b in issued(worded, documents, "analysis").blocks
                                                   if isinstance(b, Heading)]  # fmt: skip


def test_the_analysis_report_has_a_section_once_there_are_themes(worded: Worded, documents: list[Document]) -> None:
    analysis, paper = (issued(coded(worded) if kind == "analysis" else worded, documents, kind)
                       for kind in ("analysis", "themes"))  # fmt: skip
    assert cells(analysis, "themes") == cells(paper, "themes")
    assert "the two found the same themes in 16 of 17 texts (94%)" in plain(analysis)


def test_agreement_is_told_as_a_sentence_and_of_each_theme_that_gives_nobody_away(
    worded: Worded, documents: list[Document]
) -> None:
    document = issued(coded(worded), documents, "themes")
    assert "Before anything was settled, the two found the same themes in 16 of 17 texts (94%)." in plain(document)
    assert "No kappa is given" in plain(document), "seventeen texts are too few"
    # Time was in no text of staff: nought of thirteen is hidden, and agreement would tell it.
    assert cells(document, "themes-agreement") == [(CALLS, "17 of 17", "100%", "[z]"), (TIME, "[c]", "[c]", "[c]")]


def test_words_of_staff_are_quoted_where_they_were_shown_and_of_organisations_never(worded: Worded) -> None:
    found = themes(coded(worded))
    calls, time = found.themes
    assert len(calls.quotes) == 2 and set(calls.quotes) <= set(STAFF)
    assert time.quotes == ()
    for row in worded.rows():
        if row.text.startswith("Calls"):
            worded.review(row.id, "hidden", today=TODAY, reason="It names somebody")
    assert themes(worded).themes[0].quotes == (), "a text that was taken back is quoted no more"


def test_nothing_is_quoted_of_a_hidden_number_of_a_question_of_few_or_at_length() -> None:
    texts = [(13, "One"), (13, "One"), (13, " Two\n lines "), (13, "x" * (LONGEST_QUOTE + 1)), (10, "Few")]
    assert quotes(staff_words(6, 13), texts) == ("One", "Two lines")
    assert quotes(staff_words(3, 13), texts) == (), "three is hidden, and a quotation would say at least one"
    assert quotes(staff_words(6, 9), texts) == ()
    assert may_tell_agreement(staff_words(6, 13), 13)
    assert not may_tell_agreement(staff_words(3, 13), 13)
    assert may_tell_agreement(staff_words(0, 0), 0), "where no words of staff are coded nobody is given away"


def test_only_cards_that_are_agreed_with_consent_are_printed_and_a_name_only_where_it_may_be(
    worded: Worded, documents: list[Document]
) -> None:
    card(worded, "draft", title="A draft", consent_by="Chief", consent_on=TODAY)
    card(worded, "agreed", consent_by="Chief", consent_on=TODAY)
    document = issued(worded, documents, "themes")
    headings = [b.text for b in document.blocks if isinstance(b, Heading)]
    assert "A call back" in headings and "A draft" not in headings
    said = dict(cells(document, "practice-card-1"))
    assert said["Where"] == "One of the organisations taking part"
    assert said["Evidence"] == "2: Dated document on file"
    assert said["Consent"] == "Given on 2 November 2026, not to be named"
    assert "Otter" not in str(document.blocks) and "Chief" not in str(document.blocks)


def test_the_worker_makes_the_paper_and_word_can_read_it(worded: Worded) -> None:
    world = coded(worded).world
    number = ask_report(world.engine, AUDIT, "themes", None, worded.ada, CLOSED)
    assert do_work(world.engine, world.definitions, world.instance, number)
    with reading(world.engine) as connection:
        work = outbox.work_of(connection, number)
    assert work is not None and work["result"]["report"]
    (file,) = (world.instance.exports / AUDIT).glob("*Themes and promising practice*.docx")
    assert not structure_faults(file.read_bytes())
