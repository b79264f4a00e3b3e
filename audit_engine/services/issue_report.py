"""Make a Word report of a cycle: ask for it, make it, write down what it says."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.storage import outbox, partnership, reports
from audit_engine.storage.engine import reading, writing

KINDS: Mapping[str, str] = {"analysis": "Analysis report"}
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """A report that was made."""

    id: int
    file: Path
    figures: int


def ask_report(engine: Engine, cycle_id: str, kind: str, area: str | None, by: int, now: datetime) -> int:
    """Ask the worker for a report and return the number of the work; asking twice within a minute asks once."""
    key = f"report:{kind}:{cycle_id}:{area or 'all'}:{by}:{now:%Y%m%d%H%M}"
    with writing(engine) as connection:
        return outbox.ask(
            connection, reports.REPORT_WORK, key, {"cycle": cycle_id, "kind": kind, "area": area}, by, now
        )


@dataclass(frozen=True, slots=True)
class Order:
    """What report is wanted; ``out`` None means the instance's exports, ``work_id`` the work that asked for it."""

    cycle: str
    kind: str
    area: str | None = None
    out: Path | None = None
    work_id: int | None = None
    by: int | None = None


def issue_report(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    order: Order,
    now: datetime,
    step: Step = lambda _percent: None,
) -> Issued:
    """Make a report, recorded with every figure it prints.

    All reading is of one state of the database.  ``step`` hears how far it is, in per cent.
    """
    if order.kind not in KINDS:
        raise CycleRefused(f"There is no report called “{order.kind}”. Reports: {', '.join(KINDS)}.")
    with reading(engine) as connection:
        cycle = cycle_named(connection, order.cycle)
        names = {a.id: a.name for a in partnership.areas(connection)}
        content, figures = _written(connection, definitions, instance, cycle, order.area, names, now, step)
    title = _file_name(cycle.title, order.kind, names.get(order.area or ""), now)
    file = order.out or instance.exports / cycle.id / title
    _write_whole(file, content)
    with writing(engine) as connection:
        number = reports.add_report(
            connection, kind=order.kind, cycle_id=cycle.id, area=order.area, work_id=order.work_id, file=str(file),
            sha256=hashlib.sha256(content).hexdigest(), cut_off=now, now=now, by=order.by, figures=figures,
        )  # fmt: skip
    step(100)
    return Issued(number, file, len(figures))


def _written(
    connection: Connection,
    definitions: Definitions,
    instance: Instance,
    cycle: CycleFacts,
    area: str | None,
    names: Mapping[str, str],
    now: datetime,
    step: Step,
) -> tuple[bytes, dict[str, Mapping[str, Any]]]:
    """Return the Word file and its figures by id."""
    from audit_engine.analysis.change import Filters
    from audit_engine.reports.documents import analysis_report
    from audit_engine.reports.word import write_document
    from audit_engine.services.find_results import find_results

    local = now.astimezone(LOCAL)
    findings = find_results(connection, definitions, cycle, Filters(area=area), now)
    step(40)
    document = analysis_report(
        findings, organisation=instance.name, invented=instance.invented, area_names=names, made_at=local
    )
    step(60)
    buffer = BytesIO()
    write_document(document, buffer)
    step(90)
    return buffer.getvalue(), {str(f["id"]): f for f in findings.register.as_json()}


def _file_name(title: str, kind: str, area: str | None, now: datetime) -> str:
    words = [title, area or "", KINDS[kind], now.astimezone(LOCAL).strftime("%Y-%m-%d %H%M%S")]
    return " - ".join(w for w in words if w).replace("/", "-") + ".docx"


def _write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def do_report(
    engine: Engine, definitions: Definitions, instance: Instance, work: Mapping[str, Any], now: datetime, step: Step
) -> dict[str, Any]:
    """Carry out a piece of work that asks for a report; done twice, it hands back the first one."""
    with reading(engine) as connection:
        made = reports.report_of_work(connection, work["id"])
    if made is not None:
        return {"report": made["id"]}
    asked = work["payload"]
    order = Order(asked["cycle"], asked["kind"], asked["area"], work_id=work["id"], by=work["asked_by"])
    issued = issue_report(engine, definitions, instance, order, now, step)
    return {"report": issued.id}
