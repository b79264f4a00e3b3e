"""Lay the tables of anonymous surveys."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "ix_survey_link_cycle_id": ("survey_link", ["cycle_id"], {}),
    "ix_survey_ticket_cycle_id": ("survey_ticket", ["cycle_id"], {}),
    "ix_survey_draft_cycle_id": ("survey_draft", ["cycle_id"], {}),
    "ix_survey_reply_waiting": (
        "survey_reply",
        ["cycle_id", "organisation_id"],
        {"sqlite_where": sa.text("released IS 0"), "postgresql_where": sa.text("released IS FALSE")},
    ),
    "ix_survey_text_cycle_id_released": ("survey_text", ["cycle_id", "released"], {}),
}


def _cycle(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    column: sa.Column[str] = sa.Column("cycle_id", sa.String(length=100), nullable=False)
    return column, sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f(f"fk_{table}_cycle_id"))


def _organisation() -> sa.Column[str]:
    return sa.Column("organisation_id", sa.String(length=100), server_default="", nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "survey_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *_cycle("survey_link"),
        _organisation(),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        _flag("ended"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_link")),
        sa.UniqueConstraint("token", name=op.f("uq_survey_link_token")),
    )
    op.create_table(
        "survey_ticket",
        sa.Column("hash", sa.String(length=64), nullable=False),
        *_cycle("survey_ticket"),
        _organisation(),
        _flag("used"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_survey_ticket")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_draft",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        *_cycle("survey_draft"),
        _organisation(),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_survey_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_reply",
        sa.Column("id", sa.String(length=32), nullable=False),
        *_cycle("survey_reply"),
        _organisation(),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("coded", sa.Text(), nullable=False),
        _flag("released"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_reply")),
        sqlite_with_rowid=False,
    )
    _lay_counts()
    _lay_texts()
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(op.f(name), table, columns, **where)


def _lay_counts() -> None:
    op.create_table(
        "survey_turnout",
        *_cycle("survey_turnout"),
        sa.Column("organisation_id", sa.String(length=100), nullable=False),
        sa.Column("replies", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.CheckConstraint("replies >= 0", name=op.f("ck_survey_turnout_replies_count_from_nought")),
        sa.CheckConstraint("invited > 0", name=op.f("ck_survey_turnout_somebody_was_invited")),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", name=op.f("pk_survey_turnout")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_count",
        *_cycle("survey_count"),
        sa.Column("organisation_id", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("option", sa.String(length=210), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_survey_count_counts_from_nought")),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", "item_id", "option", name=op.f("pk_survey_count")),
        sqlite_with_rowid=False,
    )


def _lay_texts() -> None:
    op.create_table(
        "survey_text",
        sa.Column("id", sa.String(length=32), nullable=False),
        *_cycle("survey_text"),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _flag("released"),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reviewer", sa.String(length=200), server_default="", nullable=False),
        sa.Column("outcome", sa.String(length=20), server_default="", nullable=False),
        _words("reason"),
        _words("risk"),
        sa.CheckConstraint(
            "outcome IN ('','shown','redacted','hidden')", name=op.f("ck_survey_text_outcome_is_known")
        ),
        sa.CheckConstraint(
            "(outcome = '') = (reviewed_on IS NULL)", name=op.f("ck_survey_text_an_outcome_has_its_day")
        ),
        sa.CheckConstraint(
            "outcome = '' OR (released AND reviewer <> '')", name=op.f("ck_survey_text_a_reviewer_read_it")
        ),
        sa.CheckConstraint(
            "outcome IN ('','shown') OR reason <> ''", name=op.f("ck_survey_text_a_change_has_its_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_text")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it back."""
    for name, (table, _columns, _where) in INDEXES.items():
        op.drop_index(op.f(name), table_name=table)
    for table in ("text", "count", "turnout", "reply", "draft", "ticket", "link"):
        op.drop_table(f"survey_{table}")
