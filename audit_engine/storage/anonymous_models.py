"""Which tables hold what people say without a name?

Nothing here points to a person, an address, an hour or an order of arrival.
``organisation_id`` is '' where a link serves everybody.  Tables that a row of
one reply stands in have random keys and are stored by them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    text,
)  # fmt: skip

from audit_engine.storage.base import METADATA, Id, given, key, words

BY_KEY_ALONE: dict[str, Any] = {"sqlite_with_rowid": False}


# An open link to a survey; readable, so that its poster can be printed again.
survey_link = Table(
    "survey_link",
    METADATA,
    key(),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("organisation_id", String(100), default="", server_default=""),
    given("token", String(64), unique=True),
    given("made_on", Date),
    given("ended", Boolean, default=False, server_default=false()),
)


# A link that serves once; only the hash is kept, and who was sent which is kept nowhere.
survey_ticket = Table(
    "survey_ticket",
    METADATA,
    Column("hash", String(64), primary_key=True),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("organisation_id", String(100), default="", server_default=""),
    given("used", Boolean, default=False, server_default=false()),
    **BY_KEY_ALONE,
)


# What somebody has typed so far, sealed with a code that only they hold; NULL once it was handed in.
survey_draft = Table(
    "survey_draft",
    METADATA,
    Column("code_hash", String(64), primary_key=True),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("organisation_id", String(100), default="", server_default=""),
    Column("answers", LargeBinary),
    given("touched_on", Date),
    **BY_KEY_ALONE,
)


# One reply while its survey is open, sealed with a key that is not here; ``key`` is the key's name.
survey_sealed_reply = Table(
    "survey_sealed_reply",
    METADATA,
    Column("id", String(32), primary_key=True),
    given("cycle_id", ForeignKey("cycle.id")),
    given("organisation_id", String(100), default="", server_default=""),
    given("key", String(16)),
    given("content", LargeBinary),
    Index("ix_survey_sealed_reply_cycle_id_organisation_id", "cycle_id", "organisation_id"),
    **BY_KEY_ALONE,
)


# All words of a survey that no reviewer may read yet, sealed together, anew at every reply.
survey_sealed_words = Table(
    "survey_sealed_words",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("key", String(16), primary_key=True),
    Column("content", LargeBinary),
    **BY_KEY_ALONE,
)


# One reply of a survey that has closed, or that came with others: marks by item, and the same packed.
#
# ``answered_on`` is the day on which the answer key last changed, or else the
# opening day, the same for nearly everybody.
survey_reply = Table(
    "survey_reply",
    METADATA,
    Column("id", String(32), primary_key=True),
    given("cycle_id", ForeignKey("cycle.id")),
    given("organisation_id", String(100), default="", server_default=""),
    given("answered_on", Date),
    given("answers", JSON),
    given("coded", Text),
    **BY_KEY_ALONE,
)


# How many have replied, and how many were invited (NULL: nobody knows).
survey_turnout = Table(
    "survey_turnout",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("organisation_id", String(100), primary_key=True, default=""),
    given("replies", Integer, default=0, server_default=text("0")),
    Column("invited", Integer),
    CheckConstraint("replies >= 0", name="replies_count_from_nought"),
    CheckConstraint("invited > 0", name="somebody_was_invited"),
    **BY_KEY_ALONE,
)


# How many of those replies have a mark for an item; item '' is the reply as a whole.
survey_count = Table(
    "survey_count",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("organisation_id", String(100), primary_key=True, default=""),
    Column("item_id", Id, primary_key=True),
    Column("option", String(210), primary_key=True),
    given("n", Integer),
    CheckConstraint("n >= 0", name="counts_from_nought"),
    **BY_KEY_ALONE,
)


# Somebody's own words that a reviewer may read, apart from the rest of the reply.
survey_text = Table(
    "survey_text",
    METADATA,
    Column("id", String(32), primary_key=True),
    given("cycle_id", ForeignKey("cycle.id")),
    given("item_id", Id),
    given("text", Text),
    Column("reviewed_on", Date),
    given("reviewer", String(200), default="", server_default=""),
    given("outcome", String(20), default="", server_default=""),
    words("reason"),
    # Where a text that suggests a risk was passed on to; '' where it suggests none.
    words("risk"),
    Index("ix_survey_text_cycle_id", "cycle_id"),
    CheckConstraint("outcome IN ('','shown','redacted','hidden')", name="outcome_is_known"),
    CheckConstraint("(outcome = '') = (reviewed_on IS NULL)", name="an_outcome_has_its_day"),
    CheckConstraint("outcome = '' OR reviewer <> ''", name="a_reviewer_read_it"),
    CheckConstraint("outcome IN ('','shown') OR reason <> ''", name="a_change_has_its_reason"),
    **BY_KEY_ALONE,
)
