"""Which table says to which sector an organisation belonged when the results of a survey were first seen?"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from audit_engine.storage.base import METADATA, given

# Written once, at closing: an organisation that moves later would else stand out by the difference of two sectors.
survey_sector = Table(
    "survey_sector",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("organisation_id", String(100), primary_key=True),
    given("sector_id", String(100)),
    sqlite_with_rowid=False,
)
