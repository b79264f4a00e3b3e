"""Carry out what the outbox asks for: one function a kind of work."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from audit_engine.services.clock import now as this_moment
from audit_engine.services.definitions import Definitions
from audit_engine.services.deliver_mail import do_mailing
from audit_engine.services.eatsafe_photos import sweep
from audit_engine.services.export_tidy import TIDY_WORK, do_tidy
from audit_engine.services.import_uploads import (
    IMPORT_WORK,
    PREVIEW_WORK,
    do_import,
    do_preview,
    forget_old_uploads,
)
from audit_engine.services.instance import Instance
from audit_engine.services.issue_report import Step, do_report
from audit_engine.services.post_letter import do_letter
from audit_engine.storage import outbox
from audit_engine.storage.engine import reading, writing

log = logging.getLogger(__name__)
Work = Callable[[Engine, Definitions, Instance, Mapping[str, Any], datetime, Step], dict[str, Any]]
KINDS: Mapping[str, Work] = {
    "report": do_report, "mail": do_letter, "mailing": do_mailing, PREVIEW_WORK: do_preview, IMPORT_WORK: do_import,
    TIDY_WORK: do_tidy,
}  # fmt: skip
# What such work holds is somebody's address and words: it goes with the last try, done or not.
FORGOTTEN = ("mail",)


def claim_work(engine: Engine) -> tuple[int, ...]:
    """Claim what waits and return the numbers; nothing is written when nothing waits."""
    with reading(engine) as connection:
        if not outbox.is_waiting(connection, this_moment()):
            return ()
    with writing(engine) as connection:
        return outbox.claim(connection, this_moment())


def do_work(engine: Engine, definitions: Definitions, instance: Instance, work_id: int) -> bool:
    """Carry out one piece of claimed work; return whether it was done.

    A fault is written beside the work in a sentence and the claim is given
    back, so that it is tried again, three times at most.
    """
    with reading(engine) as connection:
        work = outbox.work_of(connection, work_id)
    if work is None or work["done_at"] is not None:
        return False

    def step(percent: int) -> None:
        with writing(engine) as connection:
            outbox.change(connection, work_id, progress=percent)

    try:
        result = KINDS[work["kind"]](engine, definitions, instance, work, this_moment(), step)
    except Exception as problem:
        log.exception("work %s (%s) failed", work_id, work["kind"])
        _give_back(engine, work, problem)
        return False
    with writing(engine) as connection:
        outbox.change(connection, work_id, done_at=this_moment(), progress=100, fault="", result=result)
    return True


def _give_back(engine: Engine, work: Mapping[str, Any], problem: Exception) -> None:
    values: dict[str, Any] = {"claimed_at": None, "fault": f"{type(problem).__name__}: {problem}"[:1000]}
    if work["kind"] in FORGOTTEN and work["attempts"] >= outbox.MOST_ATTEMPTS:
        values["payload"] = {}
    with writing(engine) as connection:
        outbox.change(connection, work["id"], **values)


def start_worker(engine: Engine, definitions: Definitions, instance: Instance) -> None:
    """Do work as it comes in until the process is told to stop."""
    from audit_engine.jobs.queue import make_queue, run_worker

    queue = make_queue(instance.var, os.environ.get("REDIS_URL"))
    sweep(engine, instance, this_moment())
    with writing(engine) as connection:
        for kind in FORGOTTEN:
            outbox.forget_given_up(connection, kind, this_moment())

    def claim() -> tuple[int, ...]:
        forget_old_uploads(instance, this_moment())
        return claim_work(engine)

    run_worker(queue, claim, lambda work_id: do_work(engine, definitions, instance, work_id))
