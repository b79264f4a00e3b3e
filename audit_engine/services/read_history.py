"""Who changed what in a return, and who has read it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.unfinished import unfinished_in
from audit_engine.storage import returns, trail
from audit_engine.storage.engine import writing

PAGE_LENGTH = 50
SOMEBODY = "Entered for the organisation"
#: The texts of an answer that came too late, in the order in which they are kept.
TEXTS = (
    "commentary", "evidence", "reason", "what will be done", "who will do it", "by when", "how it will be known",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a return's history."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of a return's history, and how many lines there are in all."""

    total: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LateText:
    """What somebody typed after the return was locked: (where it was typed, the text)."""

    at: datetime
    who: str
    said: tuple[tuple[str, str], ...]


def late_texts_of(connection: Connection, questionnaire: Questionnaire, return_id: int) -> tuple[LateText, ...]:
    """Return what came too late to be an answer, the newest first; nothing of it counts anywhere."""
    return tuple(
        LateText(row["made_at"], row["name"] or SOMEBODY, tuple(_texts(questionnaire, row["content"]["answers"])))
        for row in returns.late_drafts(connection, return_id)
    )


def _texts(questionnaire: Questionnaire, answers: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for said in answers:
        item = questionnaire.items_by_id.get(said["item"])
        where = (item.short_id if item else said["item"]) + (f" in {said['area']}" if said["area"] else "")
        parts = [("answer", _value(item, said["value"]))]
        parts += zip(TEXTS, (said["commentary"], said["evidence"], said["reason"], *said["action"]), strict=True)
        parts += [("also typed there", _boxes(one.typed)) for one in unfinished_in(said.get("unfinished", ""))]
        yield from ((f"{where}, {part}", text) for part, text in parts if text)


def _value(item: Item | None, value: object) -> str:
    if item is None or value is None:
        return str(value or "")
    kind = ITEM_TYPES[item.type]
    return kind.text(kind.from_json(value), item)


def _boxes(typed: object) -> str:
    """Return what stood in the boxes of what is no answer."""
    if isinstance(typed, Mapping):
        return _boxes(list(typed.values()))
    return " ".join(filter(None, map(_boxes, typed))) if isinstance(typed, list) else str(typed)


def changes_of(connection: Connection, return_id: int, page: int) -> Changes:
    """Return a page (from 1) of what happened to a return, the newest first."""
    total = returns.count_changes(connection, return_id)
    rows = returns.changes(connection, return_id, PAGE_LENGTH, (page - 1) * PAGE_LENGTH)
    return Changes(total, tuple(Change(r["made_at"], r["name"] or SOMEBODY, _what(r)) for r in rows))


def _what(row: Mapping[str, Any]) -> str:
    if row["event"]:
        reason = (row["content"] or {}).get("reason")
        return str(row["event"]).capitalize() + (f": {reason}" if reason else "")
    where = f" in {row['area']}" if row["area"] else ""
    again = "changed" if row["version"] > 1 else "answered"
    return f"{row['item_id'].split('.', 1)[-1]}{where} {again} (version {row['version']})"


def note_reading(engine: Engine, return_id: int, by: int, now: datetime) -> None:
    """Write down that somebody of another organisation read a return."""
    with writing(engine) as connection:
        trail.note(connection, "read", f"return:{return_id}", by, now)
