"""Lay the table of days since which texts wait for a reviewer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; texts that wait already have waited since the last survey day that is known: its closing time."""
    op.create_table(
        "survey_waiting",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_survey_waiting_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "item_id", name=op.f("pk_survey_waiting")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO survey_waiting (cycle_id, item_id, since) "
        "SELECT DISTINCT t.cycle_id, t.item_id, date(coalesce(c.closed_at, c.opened_at)) "
        "FROM survey_text t JOIN cycle c ON c.id = t.cycle_id "
        "WHERE t.released AND t.outcome = '' AND coalesce(c.closed_at, c.opened_at) IS NOT NULL"
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("survey_waiting")
