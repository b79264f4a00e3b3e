"""Which tables hold what schools and other settings ask of themselves in private?

A setting is a school, nursery or childminder.  Its people are known by a
mailbox that they proved, and hold no role of the partnership by it.  Deleting
a setting deletes every row that hangs on it.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)  # fmt: skip

from audit_engine.storage.base import METADATA, Id, Instant, Name, given, key, words

Email = String(255)


def of_setting() -> Column[int]:
    """Return the column that ties a row to its setting, and its life to the setting's."""
    return given("setting_id", ForeignKey("setting.id", ondelete="CASCADE"), index=True)


def by_member(name: str) -> Column[int]:
    """Return the column that says which member did it; NULL where nobody is known."""
    return Column(name, ForeignKey("setting_member.id", ondelete="SET NULL"))


# A setting as its people typed it; it is no organisation of the partnership until somebody matches the two.
setting = Table(
    "setting",
    METADATA,
    key(),
    given("name", Name),
    given("phase", String(40)),
    given("trust", Name, default="", server_default=""),
    given("office_email", Email, index=True),
    given("facts", JSON),
    Column("organisation_id", ForeignKey("organisation.id")),
    given("made_at", Instant),
)


# Somebody who works on a setting's audits; one who left stays as a name in the history.  all_models.py holds the rule
# that a setting has one lead.
setting_member = Table(
    "setting_member",
    METADATA,
    key(),
    of_setting(),
    given("email", Email, index=True),
    given("name", Name),
    given("lead", Boolean, default=False, server_default=false()),
    given("joined_at", Instant),
    Column("left_at", Instant),
    UniqueConstraint("setting_id", "email"),
    CheckConstraint("left_at IS NULL OR NOT lead", name="who_left_leads_nothing"),
)


# A link sent to a mailbox: good once and for a short time; only the hash is kept.
setting_link = Table(
    "setting_link",
    METADATA,
    Column("hash", String(64), primary_key=True),
    given("email", Email),
    given("questionnaire", Id, default="", server_default=""),
    given("expires_at", Instant),
    Column("used_at", Instant),
    sqlite_with_rowid=False,
)


# A browser in which a mailbox was proved; only the hash of its secret is kept.
setting_session = Table(
    "setting_session",
    METADATA,
    Column("id", String(64), primary_key=True),
    given("email", Email, index=True),
    given("started_at", Instant),
    given("seen_at", Instant),
    Column("ended_at", Instant),
    sqlite_with_rowid=False,
)


# One answering of one version by one setting; ``facts`` decide what it is asked.
setting_audit = Table(
    "setting_audit",
    METADATA,
    key(),
    of_setting(),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("content_hash", ForeignKey("cycle_definition.content_hash")),
    given("facts", JSON),
    given("started_at", Instant),
    by_member("started_by"),
    Column("saved_at", Instant),
    Column("finished_at", Instant),
)


# What a setting says to one question, and what it will do about it.
setting_answer = Table(
    "setting_answer",
    METADATA,
    Column("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("repeat", String(60), primary_key=True, default=""),
    given("state", String(20)),
    Column("value", Text),
    words("commentary"),
    words("evidence"),
    words("reason"),
    Column("confirmed_on", Date),
    words("action_what"),
    words("action_who"),
    Column("action_by", Date),
    words("action_how_known"),
    given("version", Integer),
    given("saved_at", Instant),
    by_member("saved_by"),
    CheckConstraint("version > 0", name="version_counts_from_one"),
    CheckConstraint("state IN ('answered','unanswered','not-applicable')", name="state_is_known"),
    CheckConstraint("(state = 'unanswered') = (value IS NULL)", name="an_answer_has_a_value"),
    sqlite_with_rowid=False,
)


# Every save of an answer: who, when and what.
setting_answer_change = Table(
    "setting_answer_change",
    METADATA,
    key(),
    given("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE")),
    given("item_id", Id),
    given("repeat", String(60), default=""),
    given("version", Integer),
    given("content", JSON),
    by_member("made_by"),
    given("made_at", Instant),
    UniqueConstraint("audit_id", "item_id", "repeat", "version"),
)


# What a setting writes about the whole or a section: strengths, priorities, further actions, half pages.
#
# ``place`` is a number, or the section's id.
setting_note = Table(
    "setting_note",
    METADATA,
    Column("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("place", Id, primary_key=True),
    words("text"),
    words("who"),
    Column("due", Date),
    Column("done_on", Date),
    given("version", Integer),
    given("saved_at", Instant),
    by_member("saved_by"),
    CheckConstraint("version > 0", name="version_counts_from_one"),
    CheckConstraint(
        "kind IN ('strength','priority','action','section-strength','section-gap','section-next')", name="kind_is_known"
    ),
    sqlite_with_rowid=False,
)


# Every save of a note: who, when and what.
setting_note_change = Table(
    "setting_note_change",
    METADATA,
    key(),
    given("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE")),
    given("kind", String(20)),
    given("place", Id),
    given("version", Integer),
    given("content", JSON),
    by_member("made_by"),
    given("made_at", Instant),
    UniqueConstraint("audit_id", "kind", "place", "version"),
)


# A leave to see the counts of one audit, given by the setting and taken back when it likes.
#
# ``trust_email`` is the mailbox that may see them, '' for the partnership's pooled counts.  ``counts`` are those of the
# moment of giving, {section: {option: number}}; a leave taken back keeps none.
setting_share = Table(
    "setting_share",
    METADATA,
    key(),
    of_setting(),
    given("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE"), index=True),
    given("trust_email", Email, default="", server_default="", index=True),
    given("counts", JSON),
    given("granted_at", Instant),
    by_member("granted_by"),
    Column("withdrawn_at", Instant),
)


# What the registered office address is asked to approve: the next lead, or another office address.
setting_request = Table(
    "setting_request",
    METADATA,
    key(),
    of_setting(),
    given("kind", String(20)),
    given("email", Email),
    given("name", Name, default="", server_default=""),
    given("asked_by", Email),
    given("asked_at", Instant),
    Column("decided_at", Instant),
    Column("approved", Boolean),
    CheckConstraint("kind IN ('lead','office')", name="kind_is_known"),
    CheckConstraint("(decided_at IS NULL) = (approved IS NULL)", name="a_decision_has_its_time"),
)


# Who of those that run the server looked into a setting's answers through this program, and why.
setting_access = Table(
    "setting_access",
    METADATA,
    key(),
    of_setting(),
    given("at", Instant),
    given("who", Name),
    words("why"),
    CheckConstraint("why <> ''", name="looking_has_a_reason"),
)
