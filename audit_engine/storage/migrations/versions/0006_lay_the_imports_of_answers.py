"""Lay the table of files of answers that were brought in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _person(name: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    column: sa.Column[int] = sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    key = sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_answer_import_{name}"), ondelete="SET NULL")
    return column, key


def upgrade() -> None:
    """Go forward."""
    made_by, undone_by = _person("made_by"), _person("undone_by")
    op.create_table(
        "answer_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mapping_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("by_organisation", sa.JSON(), nullable=False),
        sa.Column("own_words", sa.JSON(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        made_by[0],
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("finished_at", Instant(timezone=True), nullable=True),
        undone_by[0],
        sa.Column("undone_at", Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('running','done','undone')", name=op.f("ck_answer_import_state_is_known")),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_answer_import_an_undoing_has_its_moment")
        ),
        sa.CheckConstraint(
            "state <> 'undone' OR reason <> ''", name=op.f("ck_answer_import_an_undoing_has_its_reason")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_answer_import_cycle_id")),
        made_by[1],
        undone_by[1],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_import")),
    )
    op.create_index(op.f("ix_answer_import_cycle_id"), "answer_import", ["cycle_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_answer_import_cycle_id"), table_name="answer_import")
    op.drop_table("answer_import")
