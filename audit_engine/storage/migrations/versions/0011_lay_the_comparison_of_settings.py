"""Lay the tables of settings that let themselves be compared, and of the figures that were frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward; nobody takes part who was not asked, so nothing is brought along."""
    op.create_table(
        "setting_benchmark",
        sa.Column("audit_id", NUMBER, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("joined_at", Instant(timezone=True), nullable=False),
        sa.Column("joined_by", NUMBER, nullable=True),
        sa.Column("placed", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_benchmark_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["joined_by"], ["setting_member.id"], name=op.f("fk_setting_benchmark_joined_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_setting_benchmark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "benchmark_publication",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("published_at", Instant(timezone=True), nullable=False),
        sa.Column("published_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_benchmark_publication_cycle_id")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_benchmark_publication_published_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_benchmark_publication")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "benchmark_cohort",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("section_id", sa.String(length=100), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("shows", sa.String(length=20), nullable=False),
        sa.Column("q1", sa.Double(), nullable=True),
        sa.Column("median", sa.Double(), nullable=True),
        sa.Column("q3", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "shows IN ('too-few','owners','alike','median','quartiles','percentile')",
            name=op.f("ck_benchmark_cohort_shows_is_known"),
        ),
        sa.CheckConstraint(
            "(median IS NOT NULL) = (shows IN ('median','quartiles','percentile') AND n >= 6)",
            name=op.f("ck_benchmark_cohort_a_median_needs_six"),
        ),
        sa.CheckConstraint(
            "(q1 IS NOT NULL AND q3 IS NOT NULL) = (shows IN ('quartiles','percentile') AND n >= 12)",
            name=op.f("ck_benchmark_cohort_quartiles_need_twelve"),
        ),
        sa.CheckConstraint(
            "shows <> 'percentile' OR n >= 20", name=op.f("ck_benchmark_cohort_a_percentile_needs_twenty")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["benchmark_publication.cycle_id"], name=op.f("fk_benchmark_cohort_cycle_id")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "kind", "section_id", name=op.f("pk_benchmark_cohort")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it back."""
    for name in ("benchmark_cohort", "benchmark_publication", "setting_benchmark"):
        op.drop_table(name)
