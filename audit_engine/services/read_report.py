"""Write down who took a report away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from audit_engine.storage import trail
from audit_engine.storage.engine import writing


def note_download(engine: Engine, report_id: int, by: int, now: datetime) -> None:
    """Note a download in the trail."""
    with writing(engine) as connection:
        trail.note(connection, "downloaded", f"report:{report_id}", by, now)
