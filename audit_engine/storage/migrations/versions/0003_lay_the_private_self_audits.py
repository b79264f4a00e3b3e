"""Lay the tables of private self-audits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit_engine.storage import models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "setting_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("questionnaire", sa.String(length=100), server_default="", nullable=False),
        sa.Column("expires_at", models.Instant(timezone=True), nullable=False),
        sa.Column("used_at", models.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_setting_link")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("started_at", models.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", models.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", models.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_session")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_setting_session_email"), "setting_session", ["email"], unique=False)
    op.create_table(
        "setting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("trust", sa.String(length=200), server_default="", nullable=False),
        sa.Column("office_email", sa.String(length=255), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.String(length=100), nullable=True),
        sa.Column("made_at", models.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_setting_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    op.create_index(op.f("ix_setting_office_email"), "setting", ["office_email"], unique=False)
    op.create_table(
        "setting_access",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", models.Instant(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("why <> ''", name=op.f("ck_setting_access_looking_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name=op.f("fk_setting_access_setting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_access")),
    )
    op.create_index(op.f("ix_setting_access_setting_id"), "setting_access", ["setting_id"], unique=False)
    op.create_table(
        "setting_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lead", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("joined_at", models.Instant(timezone=True), nullable=False),
        sa.Column("left_at", models.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("left_at IS NULL OR NOT lead", name=op.f("ck_setting_member_who_left_leads_nothing")),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name=op.f("fk_setting_member_setting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_member")),
        sa.UniqueConstraint("setting_id", "email", name=op.f("uq_setting_member_setting_id_email")),
    )
    op.create_index(op.f("ix_setting_member_email"), "setting_member", ["email"], unique=False)
    op.create_index(op.f("ix_setting_member_setting_id"), "setting_member", ["setting_id"], unique=False)
    op.create_index(
        "uq_setting_member_lead",
        "setting_member",
        ["setting_id"],
        unique=True,
        sqlite_where=sa.text("lead IS 1"),
        postgresql_where=sa.text("lead IS TRUE"),
    )
    op.create_table(
        "setting_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("asked_by", sa.String(length=255), nullable=False),
        sa.Column("asked_at", models.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", models.Instant(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.CheckConstraint("kind IN ('lead','office')", name=op.f("ck_setting_request_kind_is_known")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (approved IS NULL)", name=op.f("ck_setting_request_a_decision_has_its_time")
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name=op.f("fk_setting_request_setting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_request")),
    )
    op.create_index(op.f("ix_setting_request_setting_id"), "setting_request", ["setting_id"], unique=False)
    op.create_table(
        "setting_audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("started_at", models.Instant(timezone=True), nullable=False),
        sa.Column("started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("saved_at", models.Instant(timezone=True), nullable=True),
        sa.Column("finished_at", models.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["content_hash"], ["cycle_definition.content_hash"], name=op.f("fk_setting_audit_content_hash")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_setting_audit_cycle_id")),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name=op.f("fk_setting_audit_setting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["setting_member.id"], name=op.f("fk_setting_audit_started_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_audit")),
    )
    op.create_index(op.f("ix_setting_audit_cycle_id"), "setting_audit", ["cycle_id"], unique=False)
    op.create_index(op.f("ix_setting_audit_setting_id"), "setting_audit", ["setting_id"], unique=False)
    op.create_table(
        "setting_answer",
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("repeat", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("commentary", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("action_what", sa.Text(), server_default="", nullable=False),
        sa.Column("action_who", sa.Text(), server_default="", nullable=False),
        sa.Column("action_by", sa.Date(), nullable=True),
        sa.Column("action_how_known", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", models.Instant(timezone=True), nullable=False),
        sa.Column("saved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(state = 'unanswered') = (value IS NULL)", name=op.f("ck_setting_answer_an_answer_has_a_value")
        ),
        sa.CheckConstraint(
            "state IN ('answered','unanswered','not-applicable')", name=op.f("ck_setting_answer_state_is_known")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_setting_answer_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_answer_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["setting_member.id"], name=op.f("fk_setting_answer_saved_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("audit_id", "item_id", "repeat", name=op.f("pk_setting_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting_answer_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("repeat", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", models.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_answer_change_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["setting_member.id"], name=op.f("fk_setting_answer_change_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_answer_change")),
        sa.UniqueConstraint(
            "audit_id",
            "item_id",
            "repeat",
            "version",
            name=op.f("uq_setting_answer_change_audit_id_item_id_repeat_version"),
        ),
    )
    op.create_table(
        "setting_note",
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", models.Instant(timezone=True), nullable=False),
        sa.Column("saved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('strength','priority','action','section-strength','section-gap','section-next')",
            name=op.f("ck_setting_note_kind_is_known"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_setting_note_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_note_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["setting_member.id"], name=op.f("fk_setting_note_saved_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("audit_id", "kind", "place", name=op.f("pk_setting_note")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting_note_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", models.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_note_change_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["setting_member.id"], name=op.f("fk_setting_note_change_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_note_change")),
        sa.UniqueConstraint(
            "audit_id", "kind", "place", "version", name=op.f("uq_setting_note_change_audit_id_kind_place_version")
        ),
    )
    op.create_table(
        "setting_share",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("setting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trust_email", sa.String(length=255), server_default="", nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("granted_at", models.Instant(timezone=True), nullable=False),
        sa.Column("granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", models.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["setting_audit.id"], name=op.f("fk_setting_share_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["setting_member.id"], name=op.f("fk_setting_share_granted_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name=op.f("fk_setting_share_setting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_share")),
    )
    op.create_index(op.f("ix_setting_share_audit_id"), "setting_share", ["audit_id"], unique=False)
    op.create_index(op.f("ix_setting_share_setting_id"), "setting_share", ["setting_id"], unique=False)
    op.create_index(op.f("ix_setting_share_trust_email"), "setting_share", ["trust_email"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_setting_share_trust_email"), table_name="setting_share")
    op.drop_index(op.f("ix_setting_share_setting_id"), table_name="setting_share")
    op.drop_index(op.f("ix_setting_share_audit_id"), table_name="setting_share")
    op.drop_table("setting_share")
    op.drop_table("setting_note_change")
    op.drop_table("setting_note")
    op.drop_table("setting_answer_change")
    op.drop_table("setting_answer")
    op.drop_index(op.f("ix_setting_audit_setting_id"), table_name="setting_audit")
    op.drop_index(op.f("ix_setting_audit_cycle_id"), table_name="setting_audit")
    op.drop_table("setting_audit")
    op.drop_index(op.f("ix_setting_request_setting_id"), table_name="setting_request")
    op.drop_table("setting_request")
    op.drop_index(
        "uq_setting_member_lead",
        table_name="setting_member",
        sqlite_where=sa.text("lead IS 1"),
        postgresql_where=sa.text("lead IS TRUE"),
    )
    op.drop_index(op.f("ix_setting_member_setting_id"), table_name="setting_member")
    op.drop_index(op.f("ix_setting_member_email"), table_name="setting_member")
    op.drop_table("setting_member")
    op.drop_index(op.f("ix_setting_access_setting_id"), table_name="setting_access")
    op.drop_table("setting_access")
    op.drop_index(op.f("ix_setting_office_email"), table_name="setting")
    op.drop_table("setting")
    op.drop_index(op.f("ix_setting_session_email"), table_name="setting_session")
    op.drop_table("setting_session")
    op.drop_table("setting_link")
