"""Which tables hold who was written to?

Nothing here points to a one-use link, and no row of one is as old as a row of
the other: whom a message was sent to is known, which link it carried is not.
There is no hour of sending either.
"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from audit_engine.storage.base import METADATA, Id, Instant, Name, given, key, words

Address = String(254)

# One message to many: an invitation or a reminder, to organisations' contacts or to people one by one.
mailing = Table(
    "mailing",
    METADATA,
    key(),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("kind", String(20)),
    given("purpose", String(20)),
    # The invitation that this reminds of.
    Column("after_id", ForeignKey("mailing.id")),
    # Whose people these are: '' for those of nobody in particular, and for contacts of many organisations.
    given("organisation_id", Id, default="", server_default=""),
    # Areas in which all the organisations work; whoever runs one of them sees the whole.
    given("areas", JSON),
    given("subject", Name),
    words("words"),
    given("state", String(20)),
    given("round", Integer, default=0, server_default="0"),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
    Column("asked_at", Instant),
    # How many there were of each state, once the addresses are deleted; {} before.
    given("counted", JSON),
    CheckConstraint("kind IN ('contacts','people')", name="kind_is_known"),
    CheckConstraint("purpose IN ('invitation','reminder')", name="purpose_is_known"),
    CheckConstraint("state IN ('draft','asked','downloaded')", name="state_is_known"),
    CheckConstraint("(state = 'draft') = (asked_at IS NULL)", name="a_draft_was_not_asked_for"),
    CheckConstraint("(purpose = 'reminder') = (after_id IS NOT NULL)", name="a_reminder_has_its_invitation"),
)


# One address of a mailing; deleted when the survey closes.
mail_recipient = Table(
    "mail_recipient",
    METADATA,
    key(),
    given("mailing_id", ForeignKey("mailing.id", ondelete="CASCADE")),
    given("organisation_id", Id, default="", server_default=""),
    given("address", Address, index=True),
    given("batch", Integer, default=0, server_default="0"),
    given("state", String(20)),
    words("reason"),
    # Drawn at random when sending begins; a report of failed delivery names it.
    given("message_id", Name, default="", server_default=""),
    UniqueConstraint("mailing_id", "organisation_id", "address"),
    CheckConstraint(
        "state IN ('waiting','sending','sent','refused','returned','unknown','held','stopped','failed')",
        name="state_is_known",
    ),
    CheckConstraint("state NOT IN ('sending','sent') OR message_id <> ''", name="what_is_sent_has_an_id"),
    Index("ix_mail_recipient_mailing_id_batch_state", "mailing_id", "batch", "state"),
)


# Who asked for no more messages, by the hash of the address alone.
mail_stop = Table(
    "mail_stop",
    METADATA,
    Column("address_hash", String(64), primary_key=True),
    given("asked_on", Date),
    sqlite_with_rowid=False,
)


# Who passes a survey's link on in an organisation.
organisation_contact = Table(
    "organisation_contact",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("address", Address, primary_key=True),
    sqlite_with_rowid=False,
)
