"""Lay the tables of invitations and reminders by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    _lay_mailings()
    _lay_recipients()
    op.create_table(
        "mail_stop",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_mail_stop")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisation_contact",
        sa.Column("organisation_id", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_contact_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "address", name=op.f("pk_organisation_contact")),
        sqlite_with_rowid=False,
    )


def _lay_mailings() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("after_id", NUMBER, nullable=True),
        sa.Column("organisation_id", sa.String(length=100), server_default="", nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_by", NUMBER, nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=True),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('contacts','people')", name=op.f("ck_mailing_kind_is_known")),
        sa.CheckConstraint("purpose IN ('invitation','reminder')", name=op.f("ck_mailing_purpose_is_known")),
        sa.CheckConstraint("state IN ('draft','asked','downloaded')", name=op.f("ck_mailing_state_is_known")),
        sa.CheckConstraint("(state = 'draft') = (asked_at IS NULL)", name=op.f("ck_mailing_a_draft_was_not_asked_for")),
        sa.CheckConstraint(
            "(purpose = 'reminder') = (after_id IS NOT NULL)", name=op.f("ck_mailing_a_reminder_has_its_invitation")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_mailing_cycle_id")),
        sa.ForeignKeyConstraint(["after_id"], ["mailing.id"], name=op.f("fk_mailing_after_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_mailing_made_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index(op.f("ix_mailing_cycle_id"), "mailing", ["cycle_id"])


def _lay_recipients() -> None:
    op.create_table(
        "mail_recipient",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("mailing_id", NUMBER, nullable=False),
        sa.Column("organisation_id", sa.String(length=100), server_default="", nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("batch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting','sending','sent','refused','returned','unknown','held','stopped','failed')",
            name=op.f("ck_mail_recipient_state_is_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sending','sent') OR message_id <> ''",
            name=op.f("ck_mail_recipient_what_is_sent_has_an_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_mail_recipient_mailing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_recipient")),
        sa.UniqueConstraint(
            "mailing_id", "organisation_id", "address", name=op.f("uq_mail_recipient_mailing_id_organisation_id_address")
        ),
    )
    op.create_index(op.f("ix_mail_recipient_address"), "mail_recipient", ["address"])
    op.create_index(
        op.f("ix_mail_recipient_mailing_id_batch_state"), "mail_recipient", ["mailing_id", "batch", "state"]
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("organisation_contact", "mail_stop", "mail_recipient", "mailing"):
        op.drop_table(table)
