"""Lay the tables of the plan's own figures, of events between waves, and of doubts that were set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    _lay_plan_figures()
    op.create_table(
        "annotation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("questionnaire", sa.String(length=100), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("made_by", NUMBER, nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_annotation_made_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
    )
    op.create_index(op.f("ix_annotation_questionnaire"), "annotation", ["questionnaire"])
    op.create_table(
        "report_doubt",
        sa.Column("report_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("decided_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_report_doubt_it_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_doubt_report_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_report_doubt_decided_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_doubt")),
    )


def _lay_plan_figures() -> None:
    op.create_table(
        "plan_figure",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("plan_id", sa.String(length=100), nullable=False),
        sa.Column("outcome_id", sa.String(length=100), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("percentage", sa.String(length=20), server_default="", nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("kept_because", sa.Text(), server_default="", nullable=False),
        sa.Column("replaces_id", NUMBER, nullable=True),
        sa.Column("made_by", NUMBER, nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_by", NUMBER, nullable=True),
        sa.Column("withdrawn_because", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('count','share','sample')", name=op.f("ck_plan_figure_kind_is_known")),
        sa.CheckConstraint(
            "(number IS NULL) = (percentage <> '')", name=op.f("ck_plan_figure_a_number_or_a_percentage")
        ),
        sa.CheckConstraint("kind = 'count' OR base IS NOT NULL", name=op.f("ck_plan_figure_a_share_has_a_base")),
        sa.CheckConstraint("base IS NULL OR base > 0", name=op.f("ck_plan_figure_a_base_is_not_empty")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because = '')", name=op.f("ck_plan_figure_a_withdrawal_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["plan_figure.id"], name=op.f("fk_plan_figure_replaces_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_plan_figure_made_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.id"], name=op.f("fk_plan_figure_withdrawn_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_figure")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_plan_figure_replaces_id")),
    )
    op.create_index("ix_plan_figure_plan_id_outcome_id", "plan_figure", ["plan_id", "outcome_id"])


def downgrade() -> None:
    """Take it back."""
    for name in ("report_doubt", "annotation", "plan_figure"):
        op.drop_table(name)
