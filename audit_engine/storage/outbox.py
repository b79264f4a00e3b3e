"""Ask for work in the transaction that causes it, claim it, report on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from audit_engine.storage import models
from audit_engine.storage.rows import named
from audit_engine.storage.statements import insert_into

outbox = models.outbox
# A worker that died leaves its claim behind; after this long somebody else may take the work.
CLAIM_LASTS = timedelta(minutes=10)
MOST_ATTEMPTS = 3


def ask(connection: Connection, kind: str, key: str, payload: Mapping[str, Any], by: int | None, now: datetime) -> int:
    """Ask for work once; the same key again returns the first request's id."""
    statement = insert_into(connection, outbox).values(
        kind=kind,
        key=key,
        payload=dict(payload),
        asked_by=by,
        asked_at=now,
        attempts=0,
        progress=0,
        fault="",
        result={},
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    return int(connection.execute(select(outbox.c.id).where(outbox.c.key == key)).scalar_one())


def _waiting(now: datetime) -> Select[Any]:
    return (
        select(outbox.c.id)
        .where(outbox.c.done_at.is_(None), outbox.c.attempts < MOST_ATTEMPTS)
        .where(or_(outbox.c.claimed_at.is_(None), outbox.c.claimed_at < now - CLAIM_LASTS))
        .order_by(outbox.c.id)
        .limit(10)
    )


def is_waiting(connection: Connection, now: datetime) -> bool:
    """Tell whether there is anything to claim, without the right to write."""
    return connection.execute(_waiting(now)).first() is not None


def claim(connection: Connection, now: datetime) -> tuple[int, ...]:
    """Claim what waits, the oldest first, and return the ids."""
    waiting = _waiting(now)
    if connection.dialect.name == "postgresql":
        waiting = waiting.with_for_update(skip_locked=True)
    ids = tuple(connection.execute(waiting).scalars())
    if ids:
        connection.execute(
            update(outbox).where(outbox.c.id.in_(ids)).values(claimed_at=now, attempts=outbox.c.attempts + 1)
        )
    return ids


def work_of(connection: Connection, work_id: int) -> Mapping[str, Any] | None:
    """Return one piece of work, or None."""
    row = connection.execute(select(outbox).where(outbox.c.id == work_id)).one_or_none()
    return named(row) if row else None


def latest(connection: Connection, kind: str, limit: int = 20) -> tuple[Mapping[str, Any], ...]:
    """Return the newest pieces of work of a kind."""
    query = select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id.desc()).limit(limit)
    return tuple(named(r) for r in connection.execute(query))


def with_key(connection: Connection, kind: str, start: str) -> tuple[Mapping[str, Any], ...]:
    """Return the work of a kind whose key starts so, the oldest first."""
    query = select(outbox).where(outbox.c.kind == kind, outbox.c.key.startswith(start, autoescape=True))
    return tuple(named(r) for r in connection.execute(query.order_by(outbox.c.id)))


def given_up(work: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether work was tried as often as it may be, was not done, and nobody is at it."""
    idle = work["claimed_at"] is None or work["claimed_at"] < now - CLAIM_LASTS
    return work["done_at"] is None and work["attempts"] >= MOST_ATTEMPTS and idle


def forget_given_up(connection: Connection, kind: str, now: datetime) -> None:
    """Empty what work of a kind held that was given up, by a worker that died too."""
    idle = or_(outbox.c.claimed_at.is_(None), outbox.c.claimed_at < now - CLAIM_LASTS)
    mine = (outbox.c.kind == kind, outbox.c.done_at.is_(None), outbox.c.attempts >= MOST_ATTEMPTS, idle)
    connection.execute(update(outbox).where(*mine).values(payload={}))


def change(connection: Connection, work_id: int, **values: Any) -> None:
    """Set columns of one piece of work."""
    connection.execute(update(outbox).where(outbox.c.id == work_id).values(**values))


def put_off(connection: Connection, work_id: int, until: datetime) -> None:
    """Let work wait until a moment: it looks claimed by somebody who gives it back then."""
    change(connection, work_id, claimed_at=until - CLAIM_LASTS)
