"""Let named people read what others wrote in a survey, before anybody else sees it.

Each decision keeps the reviewer's name and the day.  The trail says that a text
was decided on and where one went that suggests a risk; it never holds the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from audit_engine.analysis.survey_marks import worded_items
from audit_engine.definition.questionnaire import Item
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.identifying import identifying
from audit_engine.services.clock import LOCAL, local_text
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_survey import Decision, Review, review_in
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.storage import anonymous, trail
from audit_engine.storage.anonymous import TextRow
from audit_engine.storage.engine import writing
from audit_engine.storage.waiting import end_waiting, waiting_since


@dataclass(frozen=True, slots=True)
class Queue:
    """The unread texts of one question; ``due`` is the last day on which they are in time, ``late`` the days since."""

    item: Item
    texts: tuple[TextRow, ...]
    since: date
    due: date
    late: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One text to decide on: its question, what in it may tell who somebody is, and the next unread text or ''."""

    item: Item
    text: TextRow
    signs: tuple[str, ...]
    left: int
    following: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What a reviewer did with a text; ``question`` is what was asked."""

    text: TextRow
    question: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reviewer wants done with a text.

    ``told_whom`` and ``told_at`` say where a text went that suggests a risk,
    '' and None where it suggests none.
    """

    outcome: Decision
    reason: str = ""
    redacted: str = ""
    suggests_risk: bool = False
    told_whom: str = ""
    told_at: datetime | None = None


def queues(connection: Connection, definitions: Definitions, cycle: CycleFacts, days: int, today: date) -> list[Queue]:
    """Return the unread texts by question, in the questionnaire's order; ``days`` is the set time for reading."""
    unread: dict[str, list[TextRow]] = {}
    for text in anonymous.texts(connection, cycle.id, [""]):
        unread.setdefault(text.item, []).append(text)
    since = waiting_since(connection, cycle.id) if unread else {}
    opened = (cycle.opened_at or cycle.opens_at).astimezone(LOCAL).date()
    return [
        _queue(item, unread[item.id], since.get(item.id, opened), days, today)
        for item in _worded(connection, definitions, cycle)
        if item.id in unread
    ]


def _queue(item: Item, texts: Sequence[TextRow], since: date, days: int, today: date) -> Queue:
    due = since + timedelta(days=days)
    return Queue(item, tuple(texts), since, due, max(0, (today - due).days))


def _worded(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> tuple[Item, ...]:
    pinned = definitions.of_cycle(connection, cycle.id)
    return worded_items(pinned.questionnaire) if pinned else ()


def reading_of(connection: Connection, definitions: Definitions, cycle: CycleFacts, text_id: str) -> Reading | None:
    """Return a text that a reviewer may read, read before or not; None where the survey has none of that id."""
    every = anonymous.texts(connection, cycle.id, ["", "shown", "redacted", "hidden"])
    text = next((t for t in every if t.id == text_id), None)
    items = {i.id: i for i in _worded(connection, definitions, cycle)}
    if text is None or text.item not in items:
        return None
    left = [t.id for t in every if not t.outcome]
    following = next((one for one in left if one != text_id), "")
    return Reading(items[text.item], text, identifying(text.text), len(left), following)


def decided(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> tuple[Decided, ...]:
    """Return what reviewers have decided, the newest first, with the wording of each question."""
    questions = {i.id: i.text for i in _worded(connection, definitions, cycle)}
    found = anonymous.texts(connection, cycle.id, ["shown", "redacted", "hidden"])
    newest_first = sorted(found, key=lambda t: t.reviewed_on or date.min, reverse=True)
    return tuple(Decided(t, questions.get(t.item, t.item)) for t in newest_first)


def faults_of(choice: Choice, now: datetime) -> Mapping[str, str]:
    """Return what is missing or wrong in a choice, a sentence by the part that it is about."""
    return dict(_faults(choice, now))


def _faults(choice: Choice, now: datetime) -> Iterator[tuple[str, str]]:
    if choice.outcome == "redacted" and not choice.redacted.strip():
        yield "redacted", "Write the text as it may be shown, or choose to hide it"
    if choice.outcome != "shown" and not choice.reason.strip():
        yield "reason", "Say why the text is changed or not shown"
    if not choice.suggests_risk:
        return
    if choice.outcome == "shown":
        yield "outcome", "A text that suggests a risk is not shown as it stands: change or hide it"
    if not choice.told_whom.strip():
        yield "told_whom", "Say to whom you passed it on. Do that first, today"
    if choice.told_at is None:
        yield "told_at", "Say when you passed it on"
    elif choice.told_at > now:
        yield "told_at", "When you passed it on must be in the past. Pass it on first"


def decide(
    engine: Engine, cycle: CycleFacts, text_id: str, choice: Choice, reviewer: str, by: int | None, now: datetime
) -> None:
    """Carry out a choice that has no faults; raise SurveyRefused where it has, or where the text is gone."""
    faults = faults_of(choice, now)
    if faults:
        raise SurveyRefused(". ".join(faults.values()) + ".")
    told = (
        f"{choice.told_whom.strip()}, {local_text(choice.told_at)}" if choice.suggests_risk and choice.told_at else ""
    )
    today = now.astimezone(LOCAL).date()
    review = Review(choice.outcome, reviewer, today, choice.reason, choice.redacted, told)
    with writing(engine) as connection:
        review_in(connection, cycle.id, text_id, review)
        _note(connection, cycle, choice, by, now)
        _end_queues(connection, cycle)
    if choice.outcome == "redacted":
        anonymous.forget_traces(engine)


def _route(choice: Choice) -> str:
    """Say to whom a text went, and when; '' where it suggests no risk."""
    if not choice.suggests_risk or choice.told_at is None:
        return ""
    return f"{choice.told_whom.strip()}, {local_text(choice.told_at)}"


def _note(connection: Connection, cycle: CycleFacts, choice: Choice, by: int | None, now: datetime) -> None:
    subject = f"cycle:{cycle.id}"
    trail.note(connection, "survey text read", subject, by, now, outcome=choice.outcome)
    if choice.suggests_risk and choice.told_at:
        to, when = choice.told_whom.strip(), choice.told_at.isoformat()
        trail.note(connection, "survey text passed on", subject, by, now, to=to, at=when)


def _end_queues(connection: Connection, cycle: CycleFacts) -> None:
    left = {t.item for t in anonymous.texts(connection, cycle.id, [""])}
    for item in waiting_since(connection, cycle.id):
        if item not in left:
            end_waiting(connection, cycle.id, item)
