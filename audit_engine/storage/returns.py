"""Read and write one organisation's return: its answers, their history, its submissions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Row,
    RowMapping,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
    update,
)

from audit_engine.response.answers import Answer, State
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.storage import models
from audit_engine.storage.cycles import cycle, facts_of, response
from audit_engine.storage.partnership import lineage, organisation
from audit_engine.storage.rows import named

answer, change = models.answer, models.answer_change
action, submission = models.action, models.submission
rating = models.rating
trail, person = models.trail, models.person

# Whom a cycle invites would come with every one of them: thousands of lists of thousands.
_CYCLE = [c.label("cycle__" + c.name) for c in cycle.c if c.name != "invited"]


def _returns() -> Select[Any]:
    standing = and_(submission.c.response_id == response.c.id, submission.c.number == response.c.submission_number)
    return (
        select(
            response,
            *_CYCLE,
            organisation.c.name.label("organisation_name"),
            organisation.c.sector_id,
            submission.c.made_at.label("submitted_at"),
            submission.c.receipt,
        )
        .join(cycle, cycle.c.id == response.c.cycle_id)
        .join(organisation, organisation.c.id == response.c.organisation_id)
        .outerjoin(submission, standing)
    )


def _return(row: Row[Any], cycle_facts: CycleFacts | None = None) -> ReturnFacts:
    return ReturnFacts(
        id=row.id,
        cycle=cycle_facts or facts_of(row, "cycle__"),
        organisation=row.organisation_id,
        organisation_name=row.organisation_name,
        sector=row.sector_id,
        areas=tuple(row.areas),
        facts=row.facts,
        content_hash=row.content_hash,
        state=row.state,
        started_at=row.started_at,
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        receipt=row.receipt,
        extended_to=row.extended_to,
        extension_reason=row.extension_reason,
    )


_ONE = _returns().where(response.c.id == bindparam("return_id"))
_ONE_LOCKED = _ONE.with_for_update(of=response)


def return_of(connection: Connection, return_id: int, *, lock: bool = False) -> ReturnFacts | None:
    """Return one return with its cycle and organisation, in one statement.

    ``lock`` makes other writers of the same return wait until this transaction ends.
    """
    query = _ONE_LOCKED if lock and connection.dialect.name == "postgresql" else _ONE
    row = connection.execute(query, {"return_id": return_id}).one_or_none()
    return _return(row) if row else None


def returns_of_cycle(connection: Connection, cycle_id: str) -> tuple[ReturnFacts, ...]:
    """Return every return of a cycle, by the organisation's name."""
    query = _returns().where(response.c.cycle_id == cycle_id).order_by(organisation.c.name)
    rows = connection.execute(query).all()
    shared = facts_of(rows[0], "cycle__") if rows else None
    return tuple(_return(r, shared) for r in rows)


def returns_of_organisations(connection: Connection, ids: Iterable[str]) -> tuple[ReturnFacts, ...]:
    """Return every return of these organisations, the newest cycle first."""
    query = _returns().where(response.c.organisation_id.in_(list(ids))).order_by(cycle.c.opens_at.desc())
    return tuple(_return(r) for r in connection.execute(query))


def return_in_cycle(connection: Connection, cycle_id: str, organisation_id: str) -> ReturnFacts | None:
    """Return what an organisation returned in a cycle, or None."""
    query = _returns().where(response.c.cycle_id == cycle_id, response.c.organisation_id == organisation_id)
    row = connection.execute(query).one_or_none()
    return _return(row) if row else None


# Statements that every page runs are made once: working out their cache key costs more than running them.
_ANSWERS = (
    select(
        answer.c.item_id, answer.c.state, answer.c.value, answer.c.repeat, answer.c.area, answer.c.commentary,
        answer.c.evidence, answer.c.reason, answer.c.confirmed_on, action.c.what, action.c.who, action.c.due,
        action.c.how_known, answer.c.version, answer.c.saved_at, answer.c.saved_by, answer.c.unfinished,
    )
    .outerjoin(
        action,
        and_(
            action.c.response_id == answer.c.response_id,
            action.c.item_id == answer.c.item_id,
            action.c.repeat == answer.c.repeat,
            action.c.area == answer.c.area,
            action.c.origin == "return",
        ),
    )
)  # fmt: skip
_AMONG = answer.c.item_id.in_(bindparam("items", expanding=True))
_OF_RETURN = _ANSWERS.where(answer.c.response_id == bindparam("return_id"))
_OF_RETURN_AMONG = _OF_RETURN.where(_AMONG)
_EARLIER_NAMES = select(lineage.c.predecessor_id).where(
    lineage.c.successor_id == bindparam("organisation"), lineage.c.relation == "renamed"
)
_IN_CYCLE = _ANSWERS.join(response, response.c.id == answer.c.response_id).where(
    response.c.cycle_id == bindparam("cycle"),
    or_(response.c.organisation_id == bindparam("organisation"), response.c.organisation_id.in_(_EARLIER_NAMES)),
    response.c.state == "submitted",
)
_IN_CYCLE_AMONG = _IN_CYCLE.where(_AMONG)


def answers_of(connection: Connection, return_id: int, items: Sequence[str] | None = None) -> tuple[Answer, ...]:
    """Return the answers of one return, or only those to some items, in one statement."""
    query, chosen = (_OF_RETURN, {}) if items is None else (_OF_RETURN_AMONG, {"items": items})
    return _answers(connection.execute(query, {"return_id": return_id, **chosen}))


def answers_in_cycle(
    connection: Connection, cycle_id: str, organisation_id: str, items: Sequence[str] | None = None
) -> tuple[Answer, ...]:
    """Return what an organisation, also under an earlier name, submitted in another cycle, in one statement."""
    query, chosen = (_IN_CYCLE, {}) if items is None else (_IN_CYCLE_AMONG, {"items": items})
    where = {"cycle": cycle_id, "organisation": organisation_id, **chosen}
    return _answers(connection.execute(query, where))


def answers_of_organisations(
    connection: Connection, cycle_id: str, organisations: Sequence[str]
) -> Mapping[str, Sequence[Answer]]:
    """Return what ``answers_in_cycle`` says of each of many organisations, in two statements."""
    renamed = select(lineage.c.predecessor_id, lineage.c.successor_id).where(
        lineage.c.relation == "renamed", lineage.c.successor_id.in_(organisations)
    )
    now_called: dict[str, list[str]] = {one: [one] for one in organisations}
    for before, after in connection.execute(renamed):
        now_called.setdefault(before, []).append(after)
    query = (
        _ANSWERS.add_columns(response.c.organisation_id)
        .join(response, response.c.id == answer.c.response_id)
        .where(
            response.c.cycle_id == cycle_id,
            response.c.organisation_id.in_(list(now_called)),
            response.c.state == "submitted",
        )
    )
    found: dict[str, list[Answer]] = {}
    for *row, organisation_id in connection.execute(query):
        said = _answer(*row)
        for name in now_called[organisation_id]:
            found.setdefault(name, []).append(said)
    return found


def answers_by_return(connection: Connection, cycle_id: str) -> Mapping[int, Sequence[Answer]]:
    """Return every answer of a cycle by return, in one statement."""
    query = (
        _ANSWERS.add_columns(answer.c.response_id)
        .join(response, response.c.id == answer.c.response_id)
        .where(response.c.cycle_id == cycle_id)
    )
    found: dict[int, list[Answer]] = {}
    for *row, return_id in connection.execute(query):
        found.setdefault(return_id, []).append(_answer(*row))
    return found


def _answers(rows: Iterable[Sequence[Any]]) -> tuple[Answer, ...]:
    return tuple(_answer(*row) for row in rows)


def _answer(
    item: str, state: str, value: str | None, repeat: str, area: str, commentary: str, evidence: str, reason: str,
    confirmed_on: date | None, what: str | None, who: str | None, due: date | None, how_known: str | None,
    version: int, saved_at: datetime, saved_by: int | None, unfinished: str | None,
) -> Answer:  # fmt: skip
    """Return a row of ``_ANSWERS`` as a value."""
    return Answer(
        item, _STATES[state], None if value is None else _decoded(value), repeat, area, commentary, evidence, reason,
        confirmed_on, what or "", who or "", due, how_known or "", version, saved_at, str(saved_by or ""),
        unfinished or "",
    )  # fmt: skip


_STATES: Mapping[str, State] = {state.value: state for state in State}


def _decoded(value: str) -> object:
    return _short(value) if value.startswith('"') and len(value) < _MOST_CHARACTERS else json.loads(value)


_MOST_CHARACTERS = 60


@lru_cache(maxsize=4096)
def _short(value: str) -> str:
    """Return the text behind JSON of one text: nearly always the id of a choice, of which there are few."""
    text: str = json.loads(value)
    return text


def history_of(connection: Connection, return_id: int, item_id: str, area: str = "") -> tuple[Mapping[str, Any], ...]:
    """Return every version of one answer, the newest first."""
    query = (
        select(change)
        .where(change.c.response_id == return_id, change.c.item_id == item_id, change.c.area == area)
        .order_by(change.c.version.desc())
    )
    return tuple(named(r) for r in connection.execute(query))


def change_return(connection: Connection, return_id: int, **values: Any) -> None:
    """Set columns of one return."""
    connection.execute(_changed(tuple(values)), {**values, "return_id": return_id})


@lru_cache(maxsize=32)
def _changed(columns: tuple[str, ...]) -> Update:
    """Return the statement that sets these columns; it is compiled once."""
    statement = update(response).where(response.c.id == bindparam("return_id"))
    return statement.values({name: bindparam(name) for name in columns})


def note_save(connection: Connection, seen: ReturnFacts, *, state: str, saved_at: datetime) -> bool:
    """Note a save, if the return and its cycle still stand as they were ``seen``; else say False and change nothing."""
    values = {
        "return_id": seen.id, "state": state, "saved_at": saved_at, "started_at": seen.started_at or saved_at,
        "seen_state": seen.state, "seen_hash": seen.content_hash, "seen_extended": seen.extended_to,
        "seen_opened": seen.cycle.opened_at, "seen_closed": seen.cycle.closed_at, "seen_closes": seen.cycle.closes_at,
    }  # fmt: skip
    return connection.execute(_NOTE_SAVE, values).rowcount == 1


_NOTE_SAVE = (
    _changed(("state", "saved_at", "started_at"))
    .where(
        response.c.state == bindparam("seen_state"),
        response.c.content_hash == bindparam("seen_hash"),
        response.c.extended_to.is_not_distinct_from(bindparam("seen_extended")),
    )
    .where(
        exists().where(
            cycle.c.id == response.c.cycle_id,
            cycle.c.opened_at.is_not_distinct_from(bindparam("seen_opened")),
            cycle.c.closed_at.is_not_distinct_from(bindparam("seen_closed")),
            cycle.c.closes_at == bindparam("seen_closes"),
        )
    )
)


def add_submission(connection: Connection, **values: Any) -> None:
    """Write down a submission."""
    connection.execute(insert(submission).values(**values))


def submission_of(connection: Connection, return_id: int) -> Mapping[str, Any] | None:
    """Return the submission that stands, or None."""
    query = (
        select(submission).where(submission.c.response_id == return_id).order_by(submission.c.number.desc()).limit(1)
    )
    row = connection.execute(query).one_or_none()
    return named(row) if row else None


def panel_ratings_of(connection: Connection, return_id: int) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return the panel's ratings of one return by (item, area)."""
    query = select(rating).where(rating.c.response_id == return_id, rating.c.kind == "panel")
    return {(r.item_id, r.area): named(r) for r in connection.execute(query)}


def add_ratings(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down other people's ratings."""
    if rows:
        connection.execute(insert(rating), list(rows))


def answered_by_return(connection: Connection, cycle_id: str, items: Collection[str]) -> Sequence[tuple[int, int]]:
    """Return (return, number of these questions answered for the whole organisation) of a cycle."""
    query = (
        select(answer.c.response_id, func.count())
        .join(response, response.c.id == answer.c.response_id)
        .where(response.c.cycle_id == cycle_id, answer.c.area == "", answer.c.state != "unanswered")
        .where(answer.c.item_id.in_(sorted(items)))
        .group_by(answer.c.response_id)
    )
    return [(r[0], r[1]) for r in connection.execute(query)]


def late_drafts(connection: Connection, return_id: int) -> tuple[RowMapping, ...]:
    """Return what was typed after a return was locked, with the names of people, the newest first."""
    kept = models.kept_draft
    query = (
        select(kept.c.made_at, kept.c.content, person.c.name)
        .outerjoin(person, person.c.id == kept.c.made_by)
        .where(kept.c.response_id == return_id)
        .order_by(kept.c.made_at.desc(), kept.c.id.desc())
    )
    return tuple(connection.execute(query).mappings())


def _history(return_id: int) -> CompoundSelect[Any]:
    """Return saves of answers and other events of a return as one list."""
    saves = select(
        change.c.made_at, change.c.made_by, change.c.item_id, change.c.area, change.c.version,
        literal("").label("event"), type_coerce(null(), trail.c.content.type).label("content"),
    ).where(change.c.response_id == return_id)  # fmt: skip
    events = select(
        trail.c.at, trail.c.person_id, literal(""), literal(""), literal(0), trail.c.event, trail.c.content
    ).where(trail.c.subject == f"return:{return_id}")
    return union_all(saves, events)


def count_changes(connection: Connection, return_id: int) -> int:
    """Return how many lines a return's history has."""
    return int(connection.execute(select(func.count()).select_from(_history(return_id).subquery())).scalar_one())


def changes(connection: Connection, return_id: int, limit: int, offset: int) -> tuple[Mapping[str, Any], ...]:
    """Return a stretch of a return's history with the names of people, the newest first."""
    lines = _history(return_id).subquery()
    query = (
        select(lines, person.c.name)
        .outerjoin(person, person.c.id == lines.c.made_by)
        .order_by(lines.c.made_at.desc(), lines.c.item_id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(named(r) for r in connection.execute(query))
