"""Who changed what in a return, and who has read it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.storage import returns, trail
from audit_engine.storage.engine import writing

PAGE_LENGTH = 50
SOMEBODY = "Entered for the organisation"


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
