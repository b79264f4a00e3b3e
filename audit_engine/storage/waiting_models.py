"""Which table says since when words wait for a reviewer?

A day for each question, never for a text: at least eleven texts stand behind it.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Table

from audit_engine.storage.base import METADATA, Id, given

# The day on which the oldest texts that nobody has read came to their reviewer; no row where nothing waits.
survey_waiting = Table(
    "survey_waiting",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    given("since", Date),
    sqlite_with_rowid=False,
)
