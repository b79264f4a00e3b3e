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

from sqlalchemy import Engine

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


def issue_report(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    cycle_id: str,
    kind: str,
    area: str | None,
    now: datetime,
    *,
    out: Path | None = None,
    work_id: int | None = None,
    by: int | None = None,
    step: Step = lambda _percent: None,
) -> Issued:
    """Make a report into ``out`` (None: the instance's exports), recorded with every figure it prints.

    All reading is of one state of the database.  ``step`` hears how far it is, in per cent.
    """
    if kind not in KINDS:
        raise CycleRefused(f"There is no report called “{kind}”. Reports: {', '.join(KINDS)}.")
    from audit_engine.analysis.change import Filters
    from audit_engine.reports.documents import analysis_report
    from audit_engine.reports.word import write_document
    from audit_engine.services.find_results import find_results

    with reading(engine) as connection:
        cycle = cycle_named(connection, cycle_id)
        names = {a.id: a.name for a in partnership.areas(connection)}
        findings = find_results(connection, definitions, cycle, Filters(area=area), now)
    step(40)
    document = analysis_report(
        findings,
        organisation=instance.name,
        invented=instance.invented,
        area_names=names,
        made_at=now.astimezone(LOCAL),
    )
    step(60)
    buffer = BytesIO()
    write_document(document, buffer)
    step(90)
    file = out or instance.exports / cycle_id / _file_name(cycle.title, kind, names.get(area or ""), now)
    _write_whole(file, buffer.getvalue())
    figures = {str(f["id"]): f for f in findings.register.as_json()}
    with writing(engine) as connection:
        number = reports.add_report(
            connection, kind=kind, cycle_id=cycle_id, area=area, work_id=work_id, file=str(file),
            sha256=hashlib.sha256(buffer.getvalue()).hexdigest(), cut_off=now, now=now, by=by, figures=figures,
        )  # fmt: skip
    step(100)
    return Issued(number, file, len(figures))


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
    issued = issue_report(
        engine, definitions, instance, asked["cycle"], asked["kind"], asked["area"], now,
        work_id=work["id"], by=work["asked_by"], step=step,
    )  # fmt: skip
    return {"report": issued.id}
