"""Lay the table of second readings of cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "second_reading",
        sa.Column("response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("repeat", sa.String(length=60), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("begun_at", Instant(timezone=True), nullable=False),
        sa.Column("finished_at", Instant(timezone=True), nullable=True),
        sa.Column("compared_at", Instant(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("noted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("noted_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "compared_at IS NULL OR finished_at IS NOT NULL", name=op.f("ck_second_reading_compared_after_finishing")
        ),
        sa.CheckConstraint(
            "note = '' OR compared_at IS NOT NULL", name=op.f("ck_second_reading_noted_after_comparing")
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_second_reading_response_id")),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["person.id"], name=op.f("fk_second_reading_reader_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["person.id"], name=op.f("fk_second_reading_noted_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("response_id", "repeat", name=op.f("pk_second_reading")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_second_reading_reader_id"), "second_reading", ["reader_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_second_reading_reader_id"), table_name="second_reading")
    op.drop_table("second_reading")
