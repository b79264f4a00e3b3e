"""Does a return take answers exactly while its cycle, its extension or its reopening lasts?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audit_engine.response.cycles import CycleFacts, ReturnFacts, ReturnState

OPENS = datetime(2026, 9, 14, 8, tzinfo=UTC)
CLOSES = datetime(2026, 12, 18, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CYCLE = CycleFacts("c", "Audit", "t", "1", None, OPENS, CLOSES, OPENS, None, "hash")


def returned(
    state: ReturnState = "started", cycle: CycleFacts = CYCLE, extended_to: datetime | None = None
) -> ReturnFacts:
    return ReturnFacts(
        1, cycle, "otters", "Otters", "education", ("north",), {}, "hash", state,
        extended_to=extended_to, extension_reason="Flood" if extended_to else "",
    )  # fmt: skip


@pytest.mark.parametrize(
    "opened, closed, state",
    [(None, None, "planned"), (OPENS, None, "open"), (OPENS, CLOSES, "closed")],
)
def test_people_open_and_close_a_cycle(opened: datetime | None, closed: datetime | None, state: str) -> None:
    assert replace(CYCLE, opened_at=opened, closed_at=closed).state == state


@pytest.mark.parametrize("state", ["not-started", "started"])
def test_answers_are_taken_up_to_and_with_the_closing_instant(state: ReturnState) -> None:
    assert returned(state).takes_answers(CLOSES)
    assert not returned(state).takes_answers(CLOSES + SECOND)


def test_a_cycle_that_nobody_opened_takes_no_answers() -> None:
    assert not returned("not-started", replace(CYCLE, opened_at=None)).takes_answers(OPENS + SECOND)


def test_closing_a_cycle_early_ends_answering_at_once() -> None:
    assert not returned(cycle=replace(CYCLE, closed_at=OPENS + SECOND)).takes_answers(OPENS + 2 * SECOND)


@pytest.mark.parametrize("closed", [None, CLOSES], ids=["still open", "closed"])
def test_an_extension_runs_to_its_own_end_also_when_the_cycle_is_closed(closed: datetime | None) -> None:
    longer = returned(cycle=replace(CYCLE, closed_at=closed), extended_to=CLOSES + 10 * SECOND)
    assert longer.takes_answers(CLOSES + 10 * SECOND)
    assert not longer.takes_answers(CLOSES + 11 * SECOND)
    assert longer.closes_at == CLOSES + 10 * SECOND


def test_an_extension_that_ends_earlier_takes_nothing_away() -> None:
    assert returned(extended_to=OPENS + SECOND).closes_at == CLOSES
    assert returned(extended_to=OPENS + SECOND).takes_answers(CLOSES)


def test_a_submitted_return_takes_no_answers_whatever_its_extension() -> None:
    assert not returned("submitted", extended_to=CLOSES + SECOND).takes_answers(OPENS + SECOND)


@pytest.mark.parametrize("closed", [None, CLOSES], ids=["still open", "closed"])
def test_a_reopened_return_takes_answers_until_it_is_submitted_again(closed: datetime | None) -> None:
    assert returned("reopened", replace(CYCLE, closed_at=closed)).takes_answers(CLOSES + timedelta(days=30))


@pytest.mark.parametrize(
    "closed, extended, ended",
    [
        (None, None, CLOSES), (CLOSES + SECOND, None, CLOSES), (OPENS + SECOND, None, OPENS + SECOND),
        (OPENS + SECOND, OPENS + 3 * SECOND, OPENS + 3 * SECOND),
        (OPENS + 3 * SECOND, OPENS + SECOND, OPENS + 3 * SECOND),
        (None, CLOSES + SECOND, CLOSES + SECOND),
    ],
)  # fmt: skip
def test_answering_ended_when_the_last_answer_could_have_come(
    closed: datetime | None, extended: datetime | None, ended: datetime
) -> None:
    facts = returned(cycle=replace(CYCLE, closed_at=closed), extended_to=extended)
    assert facts.ended_at == ended
    assert not facts.takes_answers(ended + SECOND)


def test_late_is_after_the_organisations_own_closing_time() -> None:
    at = CLOSES + 5 * SECOND
    assert replace(returned("submitted"), submitted_at=at).late
    assert not replace(returned("submitted", extended_to=CLOSES + 10 * SECOND), submitted_at=at).late
    assert not replace(returned("submitted"), submitted_at=CLOSES).late
    assert not returned().late
