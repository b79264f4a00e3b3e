"""Read and write what a setting answers in private, and the history of it.

Only what works for the setting itself imports this module (an import rule
holds that).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, tuple_

from audit_engine.response.answers import Answer, State
from audit_engine.response.settings import Note
from audit_engine.storage import settings_models as own
from audit_engine.storage.rows import named
from audit_engine.storage.statements import upsert

answer, answer_change = own.setting_answer, own.setting_answer_change
note, note_change, member = own.setting_note, own.setting_note_change, own.setting_member


def answers_of(connection: Connection, audit_id: int, items: Sequence[str] | None = None) -> tuple[Answer, ...]:
    """Return the answers of one audit, or only those to some items, in one statement."""
    query = select(answer).where(answer.c.audit_id == audit_id)
    chosen = query if items is None else query.where(answer.c.item_id.in_(items))
    return tuple(map(_answer, connection.execute(chosen)))


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        item=row.item_id, state=State(row.state), value=None if row.value is None else json.loads(row.value),
        repeat=row.repeat, commentary=row.commentary, evidence=row.evidence, reason=row.reason,
        confirmed_on=row.confirmed_on, action_what=row.action_what, action_who=row.action_who,
        action_by=row.action_by, action_how_known=row.action_how_known, version=row.version, saved_at=row.saved_at,
        saved_by=str(row.saved_by or ""),
    )  # fmt: skip


def keep_answers(
    connection: Connection, audit_id: int, answers: Sequence[Answer], by: int | None, now: datetime
) -> None:
    """Write answers and one row of history each; ``value`` must already be in its JSON form."""
    if not answers:
        return
    upsert(connection, answer, [_row(audit_id, a, by, now) for a in answers], ["audit_id", "item_id", "repeat"])
    connection.execute(
        insert(answer_change),
        [
            {"audit_id": audit_id, "item_id": a.item, "repeat": a.repeat, "version": a.version,
             "content": content_of(a), "made_by": by, "made_at": now}
            for a in answers
        ],
    )  # fmt: skip


def _row(audit_id: int, said: Answer, by: int | None, now: datetime) -> dict[str, Any]:
    return {
        "audit_id": audit_id, "item_id": said.item, "repeat": said.repeat, "state": said.state.value,
        "value": None if said.value is None else json.dumps(said.value, ensure_ascii=False),
        "commentary": said.commentary, "evidence": said.evidence, "reason": said.reason,
        "confirmed_on": said.confirmed_on, "action_what": said.action_what, "action_who": said.action_who,
        "action_by": said.action_by, "action_how_known": said.action_how_known, "version": said.version,
        "saved_at": now, "saved_by": by,
    }  # fmt: skip


def content_of(said: Answer) -> dict[str, Any]:
    """Return everything that an answer says, in JSON's terms."""
    return {
        "value": said.value,
        "commentary": said.commentary,
        "evidence": said.evidence,
        "reason": said.reason,
        "confirmed": said.confirmed_on is not None,
        "action": [said.action_what, said.action_who, _day(said.action_by), said.action_how_known],
    }


def content_of_note(said: Note) -> dict[str, Any]:
    """Return everything that a note says, in JSON's terms."""
    return {"text": said.text, "who": said.who, "due": _day(said.due), "done_on": _day(said.done_on)}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def earlier_contents(
    connection: Connection, audit_id: int, keys: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str, int], Mapping[str, Any]]:
    """Return, by (item, repeat, version), what the answers to some questions said before."""
    there = tuple_(answer_change.c.item_id, answer_change.c.repeat).in_(sorted(set(keys)))
    rows = connection.execute(select(answer_change).where(answer_change.c.audit_id == audit_id, there))
    return {(r.item_id, r.repeat, r.version): r.content for r in rows}


def earlier_notes(
    connection: Connection, audit_id: int, keys: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str, int], Mapping[str, Any]]:
    """Return, by (kind, place, version), what some notes said before."""
    there = tuple_(note_change.c.kind, note_change.c.place).in_(sorted(set(keys)))
    rows = connection.execute(select(note_change).where(note_change.c.audit_id == audit_id, there))
    return {(r.kind, r.place, r.version): r.content for r in rows}


def notes_of(connection: Connection, audit_id: int) -> Mapping[tuple[str, str], Note]:
    """Return the notes of one audit by (kind, place)."""
    rows = connection.execute(select(note).where(note.c.audit_id == audit_id))
    found = (
        Note(r.kind, r.place, r.text, r.who, r.due, r.done_on, r.version, r.saved_at, str(r.saved_by or ""))
        for r in rows
    )
    return {n.key: n for n in found}


def keep_notes(connection: Connection, audit_id: int, notes: Sequence[Note], by: int | None, now: datetime) -> None:
    """Write notes and one row of history each."""
    if not notes:
        return
    rows = [
        {"audit_id": audit_id, "kind": n.kind, "place": n.place, "text": n.text, "who": n.who, "due": n.due,
         "done_on": n.done_on, "version": n.version, "saved_at": now, "saved_by": by}
        for n in notes
    ]  # fmt: skip
    upsert(connection, note, rows, ["audit_id", "kind", "place"])
    connection.execute(
        insert(note_change),
        [
            {"audit_id": audit_id, "kind": n.kind, "place": n.place, "version": n.version,
             "content": content_of_note(n), "made_by": by, "made_at": now}
            for n in notes
        ],
    )  # fmt: skip


def history_of(connection: Connection, audit_id: int, limit: int = 500) -> tuple[Mapping[str, Any], ...]:
    """Return the newest saves of answers with who and when, the newest first."""
    query = (
        select(answer_change, member.c.name.label("who"))
        .outerjoin(member, member.c.id == answer_change.c.made_by)
        .where(answer_change.c.audit_id == audit_id)
        .order_by(answer_change.c.id.desc())
        .limit(limit)
    )
    return tuple(map(named, connection.execute(query)))


def all_changes(connection: Connection, audit_id: int) -> tuple[Mapping[str, Any], ...]:
    """Return every save of an answer, the oldest first, for a setting that takes its own along."""
    query = (
        select(answer_change, member.c.name.label("who"))
        .outerjoin(member, member.c.id == answer_change.c.made_by)
        .where(answer_change.c.audit_id == audit_id)
        .order_by(answer_change.c.id)
    )
    return tuple(map(named, connection.execute(query)))
