"""Let somebody answer a survey without a name: open it by a link, keep what is typed, hand it in once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Engine

from audit_engine.definition.applicability import Asked, Resolution, resolved
from audit_engine.definition.calculated import failed_checks
from audit_engine.definition.item_types import ITEM_TYPES, Unparsable
from audit_engine.definition.nearest import shortened
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.definitions import Definitions
from audit_engine.services.sealing import code_as_typed, hash_of, new_code, sealed, unsealed
from audit_engine.services.survey_batches import Origin, facts_for, take_in
from audit_engine.storage import anonymous, cycles, partnership
from audit_engine.storage.anonymous import DraftRow, Way
from audit_engine.storage.engine import writing
from audit_engine.storage.partnership import OrganisationRow

DoorState = Literal["open", "planned", "closed", "unknown", "used"]
WayKind = Literal["open link", "one-use link", ""]
DRAFTS_LAST = timedelta(days=14)


class SurveyRefused(ValueError):
    """Something asked of a survey that it cannot do; the text is for the person who asked."""


@dataclass(frozen=True, slots=True)
class SurveyDoor:
    """What a link leads to; ``questionnaire`` is None unless the survey is open.

    ``organisation`` is a name, '' where one link serves everybody.  The survey
    takes replies until the end of ``closes_on``.
    """

    state: DoorState
    cycle: str = ""
    title: str = ""
    organisation: str = ""
    questionnaire: Questionnaire | None = None
    kind: WayKind = ""
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer, or that there is none; ``item`` is '' where it is about several."""

    item: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DraftKept:
    """What is kept now, as values by item; what could not be is told in ``problems``."""

    problems: tuple[Problem, ...] = ()
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has typed so far: values by item, and whether each item is asked."""

    cycle: str
    organisation: str
    questionnaire: Questionnaire
    answers: Mapping[str, object]
    asked: Mapping[str, Asked]


@dataclass(frozen=True, slots=True)
class OpenReply:
    """A link, and what somebody has typed behind it so far.

    ``questionnaire`` is there whenever the survey was opened once.  ``answers``
    is None where nothing is kept under the code, or it was begun with another
    link; ``sent`` tells that it was handed in.  ``facts`` and ``areas`` are the
    organisation's.
    """

    door: SurveyDoor
    questionnaire: Questionnaire | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    answers: Mapping[str, object] | None = None
    sent: bool = False

    def resolution(self, answers: Mapping[str, object] | None = None) -> Resolution:
        """Return what is asked and what counts, given these answers (None: those that are kept)."""
        if self.questionnaire is None:
            return Resolution({}, {})
        return resolved(self.questionnaire, self.facts, (self.answers or {}) if answers is None else answers)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Whether a reply was taken in; ``again`` when it had been before."""

    done: bool
    again: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entrance:
    state: DoorState
    way: Way | None = None
    cycle: CycleFacts | None = None


def survey_at(connection: Connection, definitions: Definitions, token: str, today: date) -> SurveyDoor:
    """Return what a link or a one-use link leads to on this day."""
    entrance = _entrance(connection, token, today)
    organisation = _organisation(connection, entrance.way.organisation) if entrance.way else None
    return _door(connection, definitions, entrance, organisation)


def reply_at(connection: Connection, definitions: Definitions, token: str, code: str, today: date) -> OpenReply:
    """Return what a link leads to and what is kept under a code ('': there is none); at most six statements."""
    entrance = _entrance(connection, token, today)
    way, cycle = entrance.way, entrance.cycle
    organisation = _organisation(connection, way.organisation) if way else None
    door = _door(connection, definitions, entrance, organisation)
    if way is None or cycle is None or cycle.content_hash is None:
        return OpenReply(door)
    questionnaire = definitions.of(connection, cycle.content_hash)
    found = OpenReply(door, questionnaire, facts_for(organisation), organisation.areas if organisation else ())
    code = code_as_typed(code)
    row = anonymous.draft_of(connection, hash_of(code)) if code else None
    if row is None or row.cycle != way.cycle:
        return found
    if row.sealed is None:
        return replace(found, sent=True)
    if row.organisation != way.organisation:
        return found
    return replace(found, answers=_values(questionnaire, unsealed(code, row.sealed)))


def _door(
    connection: Connection, definitions: Definitions, entrance: _Entrance, organisation: OrganisationRow | None
) -> SurveyDoor:
    way, cycle = entrance.way, entrance.cycle
    if way is None or cycle is None:
        return SurveyDoor("unknown")
    is_open = entrance.state == "open" and cycle.content_hash is not None
    return SurveyDoor(
        state=entrance.state,
        cycle=cycle.id,
        title=cycle.title,
        organisation=organisation.name if organisation else "",
        questionnaire=definitions.of(connection, cycle.content_hash or "") if is_open else None,
        kind="one-use link" if way.is_ticket else "open link",
        opens_on=_day(cycle.opens_at),
        closes_on=_day(cycle.closes_at),
    )


def _entrance(connection: Connection, token: str, today: date, *, hold: bool = False) -> _Entrance:
    """Return what a link leads to; with ``hold`` the survey cannot be closed before the transaction ends."""
    way = anonymous.way_in(connection, token, hash_of(token))
    cycle = cycles.cycle_of(connection, way.cycle, hold=hold) if way else None
    # An ended link looks exactly like one that never was.
    if way is None or cycle is None or (way.closed and not way.is_ticket):
        return _Entrance("unknown")
    if cycle.opened_at is None:
        return _Entrance("planned", way, cycle)
    if cycle.closed_at is not None or today > _day(cycle.closes_at):
        return _Entrance("closed", way, cycle)
    return _Entrance("used" if way.closed else "open", way, cycle)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def begin(engine: Engine, token: str, today: date) -> str:
    """Begin a reply and return the code with which only its owner can go on."""
    code = new_code()
    with writing(engine) as connection:
        entrance = _entrance(connection, token, today)
        if entrance.state != "open" or entrance.way is None:
            raise SurveyRefused(_CLOSED_DOORS[entrance.state])
        anonymous.forget_drafts(connection, touched_before=today - DRAFTS_LAST)
        way = entrance.way
        anonymous.keep_draft(connection, hash_of(code), DraftRow(way.cycle, way.organisation, sealed(code, {}), today))
    return code


_CLOSED_DOORS: Mapping[DoorState, str] = {
    "planned": "This survey has not opened yet.",
    "closed": "This survey has closed, so nothing more can be sent.",
    "unknown": "There is no survey at this address. Check the link, or ask whoever sent it to you.",
    "used": "This link has been used. Each of these links serves one person, once.",
}
_NO_DRAFT = (
    f"Nothing is kept under this code. It may be mistyped, or more than {DRAFTS_LAST.days} days old; "
    "open the survey's link to begin again."
)


def keep_draft(
    engine: Engine, definitions: Definitions, code: str, answers: Mapping[str, object], today: date | None = None
) -> DraftKept:
    """Keep answers as a form gave them, by item; an empty one takes away what was there.

    Answers of items that are not named stay as they are.  What cannot be an
    answer is not kept and is told in ``problems``; what breaks a rule is kept
    and told.
    """
    code = code_as_typed(code)
    with writing(engine) as connection:
        row = anonymous.draft_of(connection, hash_of(code), lock=True)
        if row is None or row.sealed is None:
            raise SurveyRefused(_NO_DRAFT)
        questionnaire, cycle = _definition(connection, definitions, row)
        day = today or _day(now())
        if cycle.closed_at is not None or day > _day(cycle.closes_at):
            raise SurveyRefused(_CLOSED_DOORS["closed"])
        kept = unsealed(code, row.sealed)
        problems = _put_in(questionnaire, answers, kept)
        stored = DraftRow(row.cycle, row.organisation, sealed(code, kept), day)
        anonymous.keep_draft(connection, hash_of(code), stored)
    return DraftKept(problems, _values(questionnaire, kept))


def _put_in(
    questionnaire: Questionnaire, answers: Mapping[str, object], kept: dict[str, object]
) -> tuple[Problem, ...]:
    """Put answers in JSON form into ``kept``; return what is wrong with them."""
    problems: list[Problem] = []
    for item_id, raw in answers.items():
        item = questionnaire.items_by_id.get(item_id)
        if item is None or ITEM_TYPES[item.type].control == "none" or item_id in questionnaire.repeating:
            problems.append(Problem(item_id, f"This survey has no question “{shortened(item_id, 60)}”."))
            continue
        try:
            value = ITEM_TYPES[item.type].parse(raw, item)
        except Unparsable as problem:
            problems.append(Problem(item_id, problem.sentence))
            continue
        kept.pop(item_id, None)
        if value is not None:
            kept[item_id] = ITEM_TYPES[item.type].to_json(value)
            problems += [Problem(item_id, sentence) for sentence in ITEM_TYPES[item.type].problems(value, item)]
    return tuple(problems)


def read_draft(connection: Connection, definitions: Definitions, code: str) -> Draft | None:
    """Return what was typed so far; None where nothing is kept under the code or it was handed in."""
    code = code_as_typed(code)
    row = anonymous.draft_of(connection, hash_of(code))
    if row is None or row.sealed is None:
        return None
    questionnaire, _cycle = _definition(connection, definitions, row)
    organisation = _organisation(connection, row.organisation)
    values = _values(questionnaire, unsealed(code, row.sealed))
    asked = resolved(questionnaire, facts_for(organisation), values).asked
    return Draft(row.cycle, organisation.name if organisation else "", questionnaire, values, asked)


def hand_in(engine: Engine, definitions: Definitions, token: str, code: str, today: date) -> HandedIn:
    """Take a reply in, once: the same code again gives the same outcome.

    Nothing is taken in while something required is missing or a rule is broken.
    """
    code = code_as_typed(code)
    with writing(engine) as connection:
        entrance = _entrance(connection, token, today, hold=True)
        row = anonymous.draft_of(connection, hash_of(code), lock=True)
        if row is None:
            raise SurveyRefused(_NO_DRAFT)
        if row.sealed is None:
            return HandedIn(done=True, again=True)
        way, cycle = entrance.way, entrance.cycle
        if entrance.state != "open" or way is None or cycle is None:
            raise SurveyRefused(_CLOSED_DOORS[entrance.state])
        if (way.cycle, way.organisation) != (row.cycle, row.organisation):
            raise SurveyRefused("This reply was begun with another link. Go back to that link to send it.")
        origin = _origin(connection, definitions, cycle, row.organisation)
        values = _values(origin.questionnaire, unsealed(code, row.sealed))
        problems = _problems(origin, resolved(origin.questionnaire, origin.facts, values))
        if problems:
            return HandedIn(done=False, problems=problems)
        if way.is_ticket and not anonymous.use_ticket(connection, hash_of(token)):
            raise SurveyRefused(_CLOSED_DOORS["used"])
        take_in(connection, origin, [values], today)
        # Only the code's hash is left, so that a second press of the button is no second reply; no organisation.
        anonymous.keep_draft(connection, hash_of(code), DraftRow(row.cycle, "", None, today))
    return HandedIn(done=True)


def _origin(connection: Connection, definitions: Definitions, cycle: CycleFacts, organisation: str) -> Origin:
    questionnaire = definitions.of(connection, cycle.content_hash or "")
    facts = facts_for(_organisation(connection, organisation))
    return Origin(questionnaire, cycle.id, _day(cycle.opened_at or cycle.opens_at), organisation, facts)


def _problems(origin: Origin, resolution: Resolution) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for item in origin.questionnaire.items:
        kind = ITEM_TYPES[item.type]
        is_asked = resolution.asked[item.id].asked and kind.control != "none" and not item.is_worked_out
        if not is_asked or item.id in origin.questionnaire.repeating:
            continue
        value = resolution.values.get(item.id)
        if value is None:
            found += [Problem(item.id, f"Answer “{shortened(item.text)}”.")] if item.required else []
        else:
            found += [Problem(item.id, sentence) for sentence in kind.problems(value, item)]
    found += [Problem("", check.message) for check in failed_checks(origin.questionnaire, resolution.values)]
    return tuple(found)


def _values(questionnaire: Questionnaire, kept: Mapping[str, object]) -> dict[str, object]:
    types = {item_id: ITEM_TYPES[questionnaire.items_by_id[item_id].type] for item_id in kept}
    return {item_id: types[item_id].from_json(raw) for item_id, raw in kept.items()}


def _definition(connection: Connection, definitions: Definitions, row: DraftRow) -> tuple[Questionnaire, CycleFacts]:
    cycle = cycles.cycle_of(connection, row.cycle)
    if cycle is None or cycle.content_hash is None:
        raise SurveyRefused(_NO_DRAFT)
    return definitions.of(connection, cycle.content_hash), cycle


def _organisation(connection: Connection, organisation_id: str) -> OrganisationRow | None:
    return partnership.organisation_of(connection, organisation_id) if organisation_id else None
