"""Lay the table of sectors as they were when a survey closed; those that have closed keep the sectors of today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "survey_sector",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("organisation_id", sa.String(length=100), nullable=False),
        sa.Column("sector_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_survey_sector_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", name=op.f("pk_survey_sector")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO survey_sector (cycle_id, organisation_id, sector_id) "
        "SELECT t.cycle_id, o.id, o.sector_id FROM survey_turnout t "
        "JOIN organisation o ON o.id = t.organisation_id JOIN cycle c ON c.id = t.cycle_id "
        "WHERE c.closed_at IS NOT NULL"
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("survey_sector")
