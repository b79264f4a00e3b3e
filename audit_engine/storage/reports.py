"""Read and write which documents were made, with their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from audit_engine.storage import models
from audit_engine.storage.dashboard_models import report_doubt
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
    """Return the reports of a cycle, the newest first, with doubts that were set aside; with ``areas`` only theirs."""
    query = (
        select(report, report_doubt.c.doubts, report_doubt.c.reason.label("issued_because"))
        .outerjoin(report_doubt, report_doubt.c.report_id == report.c.id)
        .where(report.c.cycle_id == cycle_id)
        .order_by(report.c.id.desc())
    )
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
    """Return the reports of a cycle that are being made, failed, or wait for somebody to decide, the newest first."""
    query = select(outbox).where(outbox.c.kind == REPORT_WORK).order_by(outbox.c.id.desc()).limit(50)
    recent = [r for r in connection.execute(query) if r.payload.get("cycle") == cycle_id]
    decided = {r.payload.get("after") for r in recent}
    unmade = (r for r in recent if r.done_at is None or r.fault or (r.result.get("doubts") and r.id not in decided))
    return tuple(named(r) for r in unmade)


def last_issued(
    connection: Connection, kind: str, cycle_id: str, area: str | None, since: datetime
) -> tuple[datetime, Mapping[str, Mapping[str, Any]]] | None:
    """Return when the newest report of this kind and area was made ``since`` then, and its figures; None for none."""
    of_area = report.c.area_id.is_(None) if area is None else report.c.area_id == area
    query = (
        select(report.c.id, report.c.made_at)
        .where(report.c.kind == kind, report.c.cycle_id == cycle_id, of_area, report.c.cut_off >= since)
        .order_by(report.c.id.desc())
    )
    newest = connection.execute(query.limit(1)).first()
    if newest is None:
        return None
    kept = connection.execute(select(figure.c.figure_id, figure.c.content).where(figure.c.report_id == newest.id))
    return newest.made_at, {name: content for name, content in kept}


def add_doubts(
    connection: Connection, number: int, doubts: Sequence[Mapping[str, str]], reason: str, by: int | None, now: datetime
) -> None:
    """Write down that a report was issued although its figures raise doubts, and why."""
    values = {"report_id": number, "doubts": list(doubts), "reason": reason, "decided_by": by, "decided_at": now}
    connection.execute(insert(report_doubt).values(values))


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
