"""Lay the tables of themes, of their coding by two people, and of cards of promising practice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    _lay_code_book()
    _lay_coding()
    _lay_cards()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, Instant(timezone=True), nullable=nullable)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _by(table: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_{table}_{name}"), ondelete="SET NULL")


def _of_cycle(table: str, name: str = "cycle_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["cycle.id"], name=op.f(f"fk_{table}_{name}"))


def _lay_code_book() -> None:
    op.create_table(
        "theme",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        *(_words(name) for name in ("definition", "heard", "bears_on", "question", "priority", "action")),
        sa.Column("merged_into", NUMBER, nullable=True),
        _moment("made_at"),
        sa.Column("made_by", NUMBER, nullable=True),
        sa.CheckConstraint("label <> '' AND definition <> ''", name=op.f("ck_theme_a_theme_is_defined")),
        sa.CheckConstraint("merged_into <> id", name=op.f("ck_theme_nothing_merges_into_itself")),
        _of_cycle("theme"),
        sa.ForeignKeyConstraint(["merged_into"], ["theme.id"], name=op.f("fk_theme_merged_into")),
        _by("theme", "made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_index(op.f("ix_theme_cycle_id"), "theme", ["cycle_id"])
    op.create_table(
        "theme_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("theme_id", NUMBER, nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _moment("made_at"),
        sa.Column("made_by", NUMBER, nullable=True),
        sa.CheckConstraint("event IN ('added','changed','merged')", name=op.f("ck_theme_change_event_is_known")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_change_theme_id")),
        _by("theme_change", "made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_change")),
    )
    op.create_index(op.f("ix_theme_change_theme_id"), "theme_change", ["theme_id"])
    op.create_table(
        "theme_question",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        _moment("chosen_at"),
        sa.Column("chosen_by", NUMBER, nullable=True),
        _of_cycle("theme_question"),
        _of_cycle("theme_question", "source_id"),
        _by("theme_question", "chosen_by"),
        sa.PrimaryKeyConstraint("cycle_id", "source_id", "item_id", name=op.f("pk_theme_question")),
        sqlite_with_rowid=False,
    )


def _lay_coding() -> None:
    op.create_table(
        "theme_coder",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        _moment("started_at"),
        _moment("done_at", nullable=True),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_theme_coder_two_people_code")),
        _of_cycle("theme_coder"),
        _by("theme_coder", "person_id"),
        sa.PrimaryKeyConstraint("cycle_id", "place", name=op.f("pk_theme_coder")),
        sa.UniqueConstraint("cycle_id", "person_id", name=op.f("uq_theme_coder_cycle_id_person_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "theme_reading",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.String(length=32), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(length=60), nullable=False),
        sa.Column("final", sa.Boolean(), server_default=sa.false(), nullable=False),
        _moment("read_at"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "place"], ["theme_coder.cycle_id", "theme_coder.place"],
            name=op.f("fk_theme_reading_coder"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "place", "text_id", name=op.f("pk_theme_reading")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "theme_agreed",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("text_id", sa.String(length=32), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        _words("note"),
        _moment("agreed_at"),
        sa.Column("agreed_by", NUMBER, nullable=True),
        _of_cycle("theme_agreed"),
        _by("theme_agreed", "agreed_by"),
        sa.PrimaryKeyConstraint("cycle_id", "text_id", name=op.f("pk_theme_agreed")),
        sqlite_with_rowid=False,
    )


def _lay_cards() -> None:
    checks = {
        "state_is_known": "state IN ('draft','agreed')",
        "staff_is_known": "staff IN ('yes','partly','no','too-few','not-asked')",
        "consent_is_somebody_s_of_a_day": "(consent_on IS NULL) = (consent_by = '')",
        "a_name_needs_consent": "consent_on IS NOT NULL OR NOT consent_names",
        "what_is_agreed_met_the_bar": "state = 'draft' OR "
        "(consent_on IS NOT NULL AND evidence >= 2 AND against = '' AND agreed_at IS NOT NULL)",
    }
    op.create_table(
        "practice_card",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("organisation_id", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        *(_words(name) for name in ("what", "who_for", "problem", "outcome", "effort", "adapt", "contact")),
        sa.Column("state", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=True),
        sa.Column("staff", sa.String(length=20), server_default="not-asked", nullable=False),
        _words("against"),
        _moment("checked_at", nullable=True),
        sa.Column("consent_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_names", sa.Boolean(), server_default=sa.false(), nullable=False),
        _moment("made_at"),
        sa.Column("made_by", NUMBER, nullable=True),
        _moment("agreed_at", nullable=True),
        sa.Column("agreed_by", NUMBER, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_practice_card_{name}")) for name, rule in checks.items()),
        _of_cycle("practice_card"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_practice_card_organisation_id")
        ),
        _by("practice_card", "made_by"),
        _by("practice_card", "agreed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_card")),
    )
    op.create_index(op.f("ix_practice_card_cycle_id"), "practice_card", ["cycle_id"])


def downgrade() -> None:
    """Take it back."""
    for name in (
        "practice_card", "theme_agreed", "theme_reading", "theme_coder", "theme_question", "theme_change", "theme",
    ):  # fmt: skip
        op.drop_table(name)
