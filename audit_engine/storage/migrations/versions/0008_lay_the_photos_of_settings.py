"""Lay the table of settings' photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "setting_photo",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("setting_id", NUMBER, nullable=False),
        sa.Column("audit_id", NUMBER, nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", Instant(timezone=True), nullable=False),
        sa.Column("added_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name=op.f("fk_setting_photo_setting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_photo_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["setting_member.id"], name=op.f("fk_setting_photo_added_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_photo")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_setting_photo_setting_id"), "setting_photo", ["setting_id"])
    op.create_index(op.f("ix_setting_photo_audit_id"), "setting_photo", ["audit_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_setting_photo_audit_id"), table_name="setting_photo")
    op.drop_index(op.f("ix_setting_photo_setting_id"), table_name="setting_photo")
    op.drop_table("setting_photo")
