"""Make a Word report of a cycle: ask for it, make it, write down what it says."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from audit_engine.services.check_figures import (
    FiguresDoubted,
    doubts_in_document,
    every_figure,
    issued_before,
    with_doubts,
)
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.storage import outbox, partnership, reports, trail
from audit_engine.storage.engine import reading, writing

if TYPE_CHECKING:
    from audit_engine.analysis.figures import Doubt
    from audit_engine.reports.blocks import Document

KINDS: Mapping[str, str] = {
    "analysis": "Analysis report",
    "themes": "Themes and promising practice",
    "staff-view": "Ratings beside staff answers, by organisation (for panels)",
}
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """A report that was made."""

    id: int
    file: Path
    figures: int
    doubts: tuple[Doubt, ...] = ()


def ask_report(engine: Engine, cycle_id: str, kind: str, area: str | None, by: int, now: datetime) -> int:
    """Ask the worker for a report and return the number of the work; asking twice within a minute asks once."""
    key = f"report:{kind}:{cycle_id}:{area or 'all'}:{by}:{now:%Y%m%d%H%M}"
    with writing(engine) as connection:
        return outbox.ask(
            connection, reports.REPORT_WORK, key, {"cycle": cycle_id, "kind": kind, "area": area}, by, now
        )


def ask_anyway(engine: Engine, work: Mapping[str, Any], reason: str, by: int, now: datetime) -> int:
    """Ask for a report whose figures were doubted, with the reason to issue it; asking twice asks once."""
    payload = {**work["payload"], "despite": reason, "after": work["id"]}
    with writing(engine) as connection:
        return outbox.ask(connection, reports.REPORT_WORK, f"report:after:{work['id']}", payload, by, now)


class UnsoundReport(RuntimeError):
    """A document came out with faults of structure, so it is not handed over."""

    def __init__(self, faults: Sequence[object]) -> None:
        first = ", ".join(str(f) for f in faults[:3])
        super().__init__(f"The report has {len(faults)} faults of structure, so it was not issued: {first}")


@dataclass(frozen=True, slots=True)
class Order:
    """What report is wanted; ``out`` None means the instance's exports, ``work_id`` the work that asked for it.

    ``despite`` is the reason to issue it although figures do not agree.
    """

    cycle: str
    kind: str
    area: str | None = None
    out: Path | None = None
    work_id: int | None = None
    by: int | None = None
    despite: str = ""


def issue_report(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    order: Order,
    now: datetime,
    step: Step = lambda _percent: None,
) -> Issued:
    """Make a report, recorded with every figure it prints.

    All reading is of one state of the database.  ``step`` hears how far it is, in
    per cent, and may write: nothing is being read then.  Raise FiguresDoubted where
    figures do not agree and no reason is given to issue it all the same.
    """
    if order.kind not in KINDS:
        raise CycleRefused(f"There is no report called “{order.kind}”. Reports: {', '.join(KINDS)}.")
    from audit_engine.services.make_documents import MAKERS, Asked

    with reading(engine) as connection:
        cycle = cycle_named(connection, order.cycle)
        names = {a.id: a.name for a in partnership.areas(connection)}
        finish = MAKERS[order.kind](Asked(connection, definitions, instance, cycle, order.area, names, now))
        before = issued_before(connection, cycle, order.kind, order.area)
    register, document = finish()
    doubts = doubts_in_document(register, document, before)
    if doubts and not order.despite.strip():
        raise FiguresDoubted(doubts)
    step(40)
    content = _written(with_doubts(document, doubts, order.despite.strip()) if doubts else document, step)
    title = _file_name(cycle.title, order.kind, names.get(order.area or ""), now)
    file = order.out or instance.exports / cycle.id / title
    _write_whole(file, content)
    figures = every_figure(register, document)
    number = _recorded(engine, order, cycle.id, file, content, figures, doubts, now)
    step(100)
    return Issued(number, file, len(figures), doubts)


def _recorded(
    engine: Engine, order: Order, cycle_id: str, file: Path, content: bytes, figures: Mapping[str, Any],
    doubts: Sequence[Doubt], now: datetime,
) -> int:  # fmt: skip
    with writing(engine) as connection:
        number = reports.add_report(
            connection, kind=order.kind, cycle_id=cycle_id, area=order.area, work_id=order.work_id, file=str(file),
            sha256=hashlib.sha256(content).hexdigest(), cut_off=now, now=now, by=order.by, figures=figures,
        )  # fmt: skip
        if doubts:
            plain = [{"figure": doubt.figure, "sentence": doubt.sentence} for doubt in doubts]
            reports.add_doubts(connection, number, plain, order.despite.strip(), order.by, now)
            trail.note(
                connection, "report issued although figures do not agree", f"cycle:{cycle_id}", order.by, now,
                report=number, doubts=len(doubts), reason=order.despite.strip(),
            )  # fmt: skip
    return number


def _written(document: Document, step: Step) -> bytes:
    """Return the Word file."""
    from audit_engine.reports.pagination import measured_pages
    from audit_engine.reports.structure import structure_faults
    from audit_engine.reports.word import write_document

    step(60)
    pages = measured_pages(document)
    step(80)
    buffer = BytesIO()
    write_document(document, buffer, pages=pages)
    faults = structure_faults(buffer.getvalue())
    if faults:
        raise UnsoundReport(faults)
    step(90)
    return buffer.getvalue()


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
    """Carry out a piece of work that asks for a report; done twice, it hands back the first one.

    Where figures do not agree nothing is issued: what came out is the doubts, for somebody to decide.
    """
    with reading(engine) as connection:
        made = reports.report_of_work(connection, work["id"])
    if made is not None:
        return {"report": made["id"]}
    asked = work["payload"]
    despite = asked.get("despite", "")
    order = Order(
        asked["cycle"], asked["kind"], asked["area"], work_id=work["id"], by=work["asked_by"], despite=despite
    )
    try:
        issued = issue_report(engine, definitions, instance, order, now, step)
    except FiguresDoubted as doubted:
        return {"doubts": [{"figure": doubt.figure, "sentence": doubt.sentence} for doubt in doubted.doubts]}
    return {"report": issued.id}
