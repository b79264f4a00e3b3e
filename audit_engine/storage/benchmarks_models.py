"""Which tables say who takes part in a comparison of settings, and what was frozen when it was published?

What stands here of one setting hangs on its audit and goes with it.  Frozen
figures of a cohort name nobody, and hold only what its size allows to be shown.
"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Double, ForeignKey, Integer, String, Table

from audit_engine.storage.base import METADATA, Id, Instant, given

# A setting lets its counts by section be compared.  ``placed`` is where it stood when figures were frozen.
setting_benchmark = Table(
    "setting_benchmark",
    METADATA,
    Column("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE"), primary_key=True),
    given("counts", JSON),
    given("joined_at", Instant),
    Column("joined_by", ForeignKey("setting_member.id", ondelete="SET NULL")),
    Column("placed", JSON(none_as_null=True)),
    sqlite_with_rowid=False,
)


# When figures were frozen: once for each round, so that no two publications can be set against each other.
benchmark_publication = Table(
    "benchmark_publication",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    given("published_at", Instant),
    Column("published_by", ForeignKey("person.id", ondelete="SET NULL")),
    sqlite_with_rowid=False,
)


# The frozen figures of one kind of setting in one section, in per cent.
benchmark_cohort = Table(
    "benchmark_cohort",
    METADATA,
    Column("cycle_id", ForeignKey("benchmark_publication.cycle_id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("section_id", Id, primary_key=True),
    given("n", Integer),
    given("shows", String(20)),
    Column("q1", Double),
    Column("median", Double),
    Column("q3", Double),
    CheckConstraint("shows IN ('too-few','owners','alike','median','quartiles','percentile')", name="shows_is_known"),
    CheckConstraint(
        "(median IS NOT NULL) = (shows IN ('median','quartiles','percentile') AND n >= 6)", name="a_median_needs_six"
    ),
    CheckConstraint(
        "(q1 IS NOT NULL) = (shows IN ('quartiles','percentile') AND n >= 12)"
        " AND (q3 IS NOT NULL) = (shows IN ('quartiles','percentile') AND n >= 12)",
        name="quartiles_need_twelve",
    ),
    CheckConstraint("shows <> 'percentile' OR n >= 20", name="a_percentile_needs_twenty"),
    sqlite_with_rowid=False,
)
