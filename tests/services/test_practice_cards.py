"""Is a card agreed only with evidence, with nothing against it and with consent, and is nobody named without?"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import practice_cards
from audit_engine.services.practice_cards import Card, Checked, Consent
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.theme_book import ThemesRefused
from audit_engine.storage import trail
from audit_engine.storage.engine import reading
from tests.services.seen import CLOSED, Seen, seen_world

WORDS = {
    "title": "A call back within a day", "what": "Whoever refers hears back", "who_for": "All teams in the north",
    "problem": "Nobody heard back", "outcome": "Referrers know what happened",
}  # fmt: skip
NAMED = Consent("Olga Otter, head", date(2026, 11, 1), True)
UNNAMED = Consent("Olga Otter, head", date(2026, 11, 1), False)


@pytest.fixture
def seen(tmp_path: Path, engine: Engine) -> Seen:
    """Staff of otters see what is claimed, of badgers not; joint has too few replies."""
    world = seen_world(tmp_path, engine).open()
    world.replies("otters", 52, 8).replies("badgers", 12, 33).replies("joint", 4, 2).replies("office", 20, 10)
    world.returned("otters", "badgers", "joint").close()
    return world.graded("otters", "s.A.1", 2).graded("badgers", "s.A.1", 3).graded("joint", "s.A.1", 1)


def checked(seen: Seen, organisation: str, item: str = "s.A.1", now: datetime = CLOSED) -> Checked:
    with reading(seen.world.engine) as connection:
        cycle = cycle_named(connection, "seen-2026")
        return practice_cards.check(connection, seen.world.definitions, cycle, organisation, item, now)


def keep(
    seen: Seen, organisation: str = "otters", consent: Consent | None = NAMED, card: int | None = None,
    words: Mapping[str, str] = WORDS, item: str = "s.A.1",
) -> int:  # fmt: skip
    with reading(seen.world.engine) as connection:
        cycle = cycle_named(connection, "seen-2026")
    return practice_cards.keep_card(
        seen.world.engine, seen.world.definitions, cycle, card, organisation, item, words, consent,
        seen.world.somebody, CLOSED,
    )  # fmt: skip


def agree(seen: Seen, card: int) -> None:
    with reading(seen.world.engine) as connection:
        cycle = cycle_named(connection, "seen-2026")
    practice_cards.agree_card(seen.world.engine, seen.world.definitions, cycle, card, seen.world.somebody, CLOSED)


def cards(seen: Seen, *, drafts: bool = False) -> tuple[Card, ...]:
    with reading(seen.world.engine) as connection:
        cycle = cycle_named(connection, "seen-2026")
        return practice_cards.cards_of(connection, seen.world.definitions, cycle, drafts=drafts)


def test_what_evidence_and_staff_say_is_looked_up(seen: Seen) -> None:
    assert checked(seen, "otters") == Checked(2, "yes")
    assert checked(seen, "badgers") == Checked(3, "no", ("Staff do not see what the organisation claims here.",))
    assert checked(seen, "joint") == Checked(1, "too-few")
    assert checked(seen, "otters", "s.B.1") == Checked(None, "not-asked")
    assert checked(seen, "office") == Checked(None, "not-asked"), "it has not returned"


def test_a_panel_that_saw_less_and_evidence_that_was_not_there_speak_against(seen: Seen) -> None:
    seen.world.panel("otters", "seen-2026", "s.A.1", "partly-met")
    seen.graded("otters", "s.A.2", 0)
    assert "The panel rated this criterion lower" in checked(seen, "otters").against[0]
    assert "No evidence was there" in checked(seen, "otters", "s.A.2").against[0]


def test_evidence_that_is_out_of_date_does_not_count(seen: Seen) -> None:
    assert checked(seen, "otters", now=datetime(2029, 1, 1, tzinfo=UTC)).evidence is None


def test_without_a_survey_that_has_closed_staff_were_not_asked_and_evidence_counts_still(
    tmp_path: Path, engine: Engine
) -> None:
    found = seen_world(tmp_path / "open", engine).open().returned("otters").graded("otters", "s.A.1", 3)
    assert checked(found, "otters") == Checked(3, "not-asked")


def test_a_card_with_evidence_and_consent_is_agreed_and_then_read(seen: Seen) -> None:
    card = keep(seen)
    assert cards(seen) == ()
    agree(seen, card)
    (shown,) = cards(seen)
    assert (shown.where, shown.row.evidence, shown.row.staff) == ("Otter School", 2, "yes")
    assert shown.consent == NAMED


@pytest.mark.parametrize(
    ("organisation", "consent", "words", "why"),
    [
        ("joint", NAMED, WORDS, "graded 2"),
        ("badgers", NAMED, WORDS, "Staff do not see"),
        ("otters", None, WORDS, "consent is not recorded"),
        ("otters", NAMED, {"title": "Bare"}, "Something is not filled in: What is it"),
    ],
)
def test_what_does_not_meet_the_bar_stays_a_draft(
    seen: Seen, organisation: str, consent: Consent | None, words: Mapping[str, str], why: str
) -> None:
    card = keep(seen, organisation, consent, words=words)
    with pytest.raises(ThemesRefused, match=why):
        agree(seen, card)
    assert cards(seen) == ()


def test_agreeing_looks_once_more_at_what_speaks_against_it(seen: Seen) -> None:
    card = keep(seen)
    seen.world.panel("otters", "seen-2026", "s.A.1", "partly-met")
    with pytest.raises(ThemesRefused, match="The panel rated this criterion lower"):
        agree(seen, card)


def test_nobody_is_named_without_leave_nor_by_a_kind_of_which_there_are_few(seen: Seen) -> None:
    agree(seen, keep(seen, consent=UNNAMED))
    (shown,) = cards(seen)
    assert shown.where == "One of the organisations taking part"
    table = practice_cards.as_csv(cards(seen))
    assert "Otter School" not in table and "Olga" not in table
    (row,) = csv.DictReader(StringIO(table))
    assert row["consent"] == "2026-11-01, not to be named" and row["staff_see_it"] == "Yes, staff see it"


def test_consent_that_is_taken_back_hides_the_card_at_once(seen: Seen) -> None:
    card = keep(seen)
    agree(seen, card)
    with reading(seen.world.engine) as connection:
        cycle = cycle_named(connection, "seen-2026")
    practice_cards.back_to_draft(
        seen.world.engine, seen.world.definitions, cycle, card, seen.world.somebody, CLOSED, consent_withdrawn=True
    )
    assert cards(seen) == ()
    (draft,) = cards(seen, drafts=True)
    assert draft.consent is None
    with reading(seen.world.engine) as connection:
        events = [e["event"] for e in trail.entries_about(connection, "cycle:seen-2026")]
    assert events[:3] == ["practice consent withdrawn", "practice card agreed", "practice card added"]


def test_what_is_agreed_is_not_changed_under_the_readers(seen: Seen) -> None:
    card = keep(seen)
    agree(seen, card)
    with pytest.raises(ThemesRefused, match="Only a draft can be changed"):
        keep(seen, card=card)
    with pytest.raises(ThemesRefused, match="Only a draft can be agreed"):
        agree(seen, card)


def test_a_card_is_of_an_organisation_and_a_criterion_of_the_audit(seen: Seen) -> None:
    with pytest.raises(ThemesRefused, match="takes part"):
        keep(seen, "nobody")
    with pytest.raises(ThemesRefused, match="Choose a criterion"):
        keep(seen, item="s.Z.9")
    with pytest.raises(ThemesRefused, match="Give the practice a name"):
        keep(seen, words={})
