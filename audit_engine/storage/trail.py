"""Write down and read who did what, in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from audit_engine.storage import models
from audit_engine.storage.rows import named

trail = models.trail


def note(connection: Connection, event: str, subject: str, by: int | None, now: datetime, **content: Any) -> None:
    """Add one entry; ``content`` must be JSON."""
    connection.execute(insert(trail).values(at=now, person_id=by, event=event, subject=subject, content=content))


def entries_about(connection: Connection, subject: str, limit: int = 200) -> tuple[Mapping[str, Any], ...]:
    """Return the newest entries about a subject, newest first."""
    query = select(trail).where(trail.c.subject == subject).order_by(trail.c.id.desc()).limit(limit)
    return tuple(named(r) for r in connection.execute(query))
