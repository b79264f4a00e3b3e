"""Are the words that may be coded those that the reader may see, under ids that say nothing?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import theme_texts
from audit_engine.services.submit import reopen
from audit_engine.storage.engine import reading
from tests.services.tiny import DURING
from tests.services.worded import AUDIT, PLAIN, RATED, SPOKEN, Worded


@pytest.fixture
def worded(tmp_path: Path, engine: Engine) -> Worded:
    found = Worded.laid(tmp_path, engine)
    found.returned("otters", "Ring us back", commentary="We asked the north")
    found.returned("badgers", "More time")
    found.spoke(*(f"Staff say {n}" for n in range(12)))
    found.choose(PLAIN, RATED, SPOKEN)
    return found


def words(worded: Worded, areas: theme_texts.Areas = None) -> list[str]:
    return [t.words for t in worded.coding(worded.ada, areas).texts]


def test_words_come_from_commentary_from_answers_in_words_and_from_staff(worded: Worded) -> None:
    found = words(worded)
    assert {"Ring us back", "More time", "We asked the north"} <= set(found)
    assert len([w for w in found if w.startswith("Staff say")]) == 12


def test_only_questions_with_words_are_offered_with_their_numbers(worded: Worded) -> None:
    with reading(worded.engine) as connection:
        sources = theme_texts.sources_of(connection, worded.world.definitions, worded.cycle)
        offered = {a.question: a.texts for a in theme_texts.asked_in_words(connection, sources)}
    assert offered[PLAIN] == 2 and offered[RATED] == 2 and offered[SPOKEN] == 12
    assert (AUDIT, "s.nothing") not in offered


def test_a_question_that_was_not_chosen_is_not_coded(worded: Worded) -> None:
    assert worded.choose(PLAIN, (AUDIT, "s.none")) == 1, "what has no words is not chosen"
    assert set(words(worded)) == {"Ring us back", "More time"}


def test_a_return_that_is_not_submitted_is_not_read(worded: Worded) -> None:
    reopen(worded.engine, worded.world.return_of("badgers", AUDIT).id, "A mistake", worded.ada, DURING)
    assert "More time" not in words(worded)


def test_somebody_for_one_area_reads_that_area_s_returns_and_what_staff_said(worded: Worded) -> None:
    north = words(worded, ("north",))
    assert "Ring us back" in north and "More time" not in north
    assert len([w for w in north if w.startswith("Staff say")]) == 12, "nobody knows of which area staff are"


def test_staff_words_are_read_only_as_a_reviewer_let_them_be_shown(worded: Worded) -> None:
    hidden, redacted = worded.rows()[:2]
    worded.review(hidden.id, "hidden", reason="One person")
    worded.review(redacted.id, "redacted", reason="A name", redacted="Staff say so")
    found = words(worded)
    assert "Staff say so" in found
    assert not {hidden.text, redacted.text} & set(found)


def test_while_a_survey_is_open_its_words_are_not_read(tmp_path: Path, engine: Engine) -> None:
    found = Worded.laid(tmp_path / "open", engine)
    found.returned("otters", "Ring us back")
    with reading(found.engine) as connection:
        sources = theme_texts.sources_of(connection, found.world.definitions, found.cycle)
    assert [s.cycle.id for s in sources] == [AUDIT]


def test_an_id_says_nothing_of_whose_words_they_are_and_no_organisation_follows_from_staff_words(
    worded: Worded,
) -> None:
    for text in worded.coding(worded.ada).texts:
        assert len(text.id) == 32 and set(text.id) <= set("0123456789abcdef")
        assert bool(text.organisation) is not text.words.startswith("Staff say")


def test_words_that_a_reviewer_changes_are_marked_as_another_state_without_a_trace_of_them(worded: Worded) -> None:
    before = worded.text("Staff say 3")
    worded.review(before.id, "redacted", today=date(2026, 11, 3), reason="A name", redacted="Staff say 3, without")
    after = worded.text("without")
    assert (before.mark, after.mark) == ("shown 2026-11-02", "redacted 2026-11-03")
