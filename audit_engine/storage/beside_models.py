"""Which tables hold what an audit is set beside, and which packs panels and organisations have been given?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table

from audit_engine.storage.base import METADATA, Instant, given

# A survey of people that is read beside an audit.
cycle_survey = Table(
    "cycle_survey",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("survey_id", ForeignKey("cycle.id"), primary_key=True),
    sqlite_with_rowid=False,
)


# The pack on one organisation: given to its panel, and later, never earlier, to the organisation itself.
panel_pack = Table(
    "panel_pack",
    METADATA,
    Column("response_id", ForeignKey("response.id"), primary_key=True, autoincrement=False),
    given("released_at", Instant),
    Column("released_by", ForeignKey("person.id", ondelete="SET NULL")),
    Column("shared_at", Instant),
    Column("shared_by", ForeignKey("person.id", ondelete="SET NULL")),
    CheckConstraint("shared_at >= released_at", name="nobody_has_it_before_the_panel"),
)
