"""Is the deployment in order?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, Table, func, select

from audit_engine.services.clock import now
from audit_engine.services.instance import Instance
from audit_engine.storage import models
from audit_engine.storage.engine import DatabaseMode, mode_of, reading
from audit_engine.storage.outbox import CLAIM_LASTS, MOST_ATTEMPTS

LEAST_FREE = 1_000_000_000
WAITS_TOO_LONG = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be in order, and what to do when it is not."""

    title: str
    in_order: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class SystemState:
    """The deployment's state; ``work`` counts by (kind, state)."""

    database: DatabaseMode
    checks: tuple[Check, ...]
    cycles: int
    organisations: int
    answers: int
    work: Mapping[tuple[str, str], int]


def see_system(engine: Engine, instance: Instance) -> SystemState:
    """Look at the database, the disk and the work in the background."""
    mode = mode_of(engine)
    with reading(engine) as connection:
        cycles, organisations, answers = (
            _count(connection, table) for table in (models.cycle, models.organisation, models.answer)
        )
        work, overdue = _work(connection)
    checks = (
        Check("Database", not mode.advice, mode.advice or "Committed answers survive a power cut."),
        _disk(instance),
        Check(
            "Worker",
            not overdue,
            "Work has waited for more than two minutes: start audit-engine worker." if overdue else "Nothing waits.",
        ),
    )
    return SystemState(mode, checks, cycles, organisations, answers, work)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _disk(instance: Instance) -> Check:
    free = shutil.disk_usage(instance.root).free
    words = f"{free / 1e9:.1f} GB are free."
    return Check("Disk", free > LEAST_FREE, words if free > LEAST_FREE else words + " Make room before it fills up.")


def _work(connection: Connection) -> tuple[Mapping[tuple[str, str], int], bool]:
    outbox = models.outbox
    counted: Counter[tuple[str, str]] = Counter()
    overdue = False
    columns = (outbox.c.kind, outbox.c.done_at, outbox.c.attempts, outbox.c.asked_at, outbox.c.claimed_at)
    for row in connection.execute(select(*columns)):
        failed = row.done_at is None and row.attempts >= MOST_ATTEMPTS
        step = "ready" if row.done_at is not None else "failed" if failed else "waiting"
        counted[row.kind, step] += 1
        # Work that is being done, or was put off, is due when its claim ends.
        due = row.asked_at if row.claimed_at is None else row.claimed_at + CLAIM_LASTS
        overdue = overdue or (step == "waiting" and now() - due > WAITS_TOO_LONG)
    return counted, overdue
