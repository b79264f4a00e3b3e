"""Read and write which documents were made, with their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from audit_engine.storage import models
from audit_engine.storage.outbox import outbox, work_of
from audit_engine.storage.rows import named

report, figure = models.report, models.figure
REPORT_WORK = "report"


def report_of(connection: Connection, report_id: int) -> Mapping[str, Any] | None:
    """Return one report, or None."""
    row = connection.execute(select(report).where(report.c.id == report_id)).one_or_none()
    return named(row) if row else None


def reports_of(
    connection: Connection, cycle_id: str, areas: Sequence[str] | None = None
) -> tuple[Mapping[str, Any], ...]:
    """Return the reports of a cycle, the newest first; with ``areas`` only theirs."""
    query = select(report).where(report.c.cycle_id == cycle_id).order_by(report.c.id.desc())
    if areas is not None:
        query = query.where(report.c.area_id.in_(list(areas)))
    return tuple(named(r) for r in connection.execute(query))


def report_of_work(connection: Connection, work_id: int) -> Mapping[str, Any] | None:
    """Return the report that a piece of work made, or None."""
    row = connection.execute(select(report).where(report.c.outbox_id == work_id)).first()
    return named(row) if row else None


def work_of_report(connection: Connection, work_id: int) -> Mapping[str, Any] | None:
    """Return a piece of work when it makes a report, or None."""
    work = work_of(connection, work_id)
    return work if work is not None and work["kind"] == REPORT_WORK else None


def waiting_for(connection: Connection, cycle_id: str) -> tuple[Mapping[str, Any], ...]:
    """Return the reports of a cycle that are being made or failed, the newest first."""
    query = (
        select(outbox)
        .where(outbox.c.kind == REPORT_WORK, or_(outbox.c.done_at.is_(None), outbox.c.fault != ""))
        .order_by(outbox.c.id.desc())
        .limit(20)
    )
    return tuple(named(r) for r in connection.execute(query) if r.payload.get("cycle") == cycle_id)


def add_report(
    connection: Connection,
    *,
    kind: str,
    cycle_id: str,
    area: str | None,
    work_id: int | None,
    file: str,
    sha256: str,
    cut_off: datetime,
    now: datetime,
    by: int | None,
    figures: Mapping[str, Mapping[str, Any]],
) -> int:
    """Write down a report with its figures and return its number."""
    result = connection.execute(
        insert(report)
        .values(
            kind=kind, cycle_id=cycle_id, area_id=area, outbox_id=work_id, file=file, sha256=sha256,
            cut_off=cut_off, made_at=now, made_by=by,
        )
        .returning(report.c.id)
    )  # fmt: skip
    number = int(result.scalar_one())
    if figures:
        connection.execute(
            insert(figure),
            [{"report_id": number, "figure_id": k, "content": dict(v)} for k, v in figures.items()],
        )
    return number
