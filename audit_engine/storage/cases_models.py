"""Which table holds who reads a case a second time?

The ratings themselves are rows of ``rating`` of the kind "member": the rater
"second" while somebody reads, and "first" for what the answers said at the
moment at which the two were laid side by side.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table

from audit_engine.storage.base import METADATA, Instant, given, words

# A second person's reading of one case of a return; ``compared_at`` once both had rated and could see each other's.
second_reading = Table(
    "second_reading",
    METADATA,
    Column("response_id", ForeignKey("response.id"), primary_key=True),
    Column("repeat", String(60), primary_key=True),
    Column("reader_id", ForeignKey("person.id", ondelete="SET NULL"), index=True),
    given("begun_at", Instant),
    Column("finished_at", Instant),
    Column("compared_at", Instant),
    words("note"),
    Column("noted_by", ForeignKey("person.id", ondelete="SET NULL")),
    Column("noted_at", Instant),
    CheckConstraint("compared_at IS NULL OR finished_at IS NOT NULL", name="compared_after_finishing"),
    CheckConstraint("note = '' OR compared_at IS NOT NULL", name="noted_after_comparing"),
    sqlite_with_rowid=False,
)
