"""Lay the tables of surveys beside audits and of packs for panels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _cycle(name: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    column: sa.Column[str] = sa.Column(name, sa.String(length=100), nullable=False)
    return column, sa.ForeignKeyConstraint([name], ["cycle.id"], name=op.f(f"fk_cycle_survey_{name}"))


def _person(name: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    column: sa.Column[int] = sa.Column(name, NUMBER, nullable=True)
    key = sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_panel_pack_{name}"), ondelete="SET NULL")
    return column, key


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "cycle_survey",
        *_cycle("cycle_id"),
        *_cycle("survey_id"),
        sa.PrimaryKeyConstraint("cycle_id", "survey_id", name=op.f("pk_cycle_survey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "panel_pack",
        sa.Column("response_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("released_at", Instant(timezone=True), nullable=False),
        *_person("released_by"),
        sa.Column("shared_at", Instant(timezone=True), nullable=True),
        *_person("shared_by"),
        sa.CheckConstraint("shared_at >= released_at", name=op.f("ck_panel_pack_nobody_has_it_before_the_panel")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_panel_pack_response_id")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_panel_pack")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("panel_pack")
    op.drop_table("cycle_survey")
