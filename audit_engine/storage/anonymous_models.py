"""Which tables hold what people say without a name?

Nothing here points to a person, an address, an hour or an order of arrival.
``organisation_id`` is '' where a link serves everybody.  Tables that a row of
one reply stands in have random keys and are stored by them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from audit_engine.storage.base import Base, Id, Key, Words

BY_KEY_ALONE = {"sqlite_with_rowid": False}


def where_waiting() -> dict[str, Any]:
    """Return what makes an index hold only rows that are not released yet."""
    return {"sqlite_where": text("released IS 0"), "postgresql_where": text("released IS FALSE")}


class SurveyLink(Base):
    """An open link to a survey; readable, so that its poster can be printed again."""

    __tablename__ = "survey_link"
    id: Mapped[Key]
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(100), default="", server_default="")
    token: Mapped[str] = mapped_column(String(64), unique=True)
    made_on: Mapped[date]
    ended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class SurveyTicket(Base):
    """A link that serves once; only the hash is kept, and who was sent which is kept nowhere."""

    __tablename__ = "survey_ticket"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(100), default="", server_default="")
    used: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    __table_args__ = (BY_KEY_ALONE,)


class SurveyDraft(Base):
    """What somebody has typed so far, sealed with a code that only they hold; NULL once it was handed in."""

    __tablename__ = "survey_draft"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(100), default="", server_default="")
    answers: Mapped[bytes | None] = mapped_column(LargeBinary)
    touched_on: Mapped[date]
    __table_args__ = (BY_KEY_ALONE,)


class SurveyReply(Base):
    """One reply: marks by item, and the same packed; ``released`` once it counts.

    ``answered_on`` is the day on which the answer key last changed, or else the
    opening day, the same for nearly everybody.
    """

    __tablename__ = "survey_reply"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"))
    organisation_id: Mapped[str] = mapped_column(String(100), default="", server_default="")
    answered_on: Mapped[date]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    coded: Mapped[str] = mapped_column(Text)
    released: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    __table_args__ = (
        # Only what waits is looked for by organisation; whoever counts a survey again reads it whole.
        Index("ix_survey_reply_waiting", "cycle_id", "organisation_id", **where_waiting()),
        BY_KEY_ALONE,
    )


class SurveyTurnout(Base):
    """How many have replied, and how many were invited (NULL: nobody knows)."""

    __tablename__ = "survey_turnout"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(100), primary_key=True, default="")
    replies: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    invited: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("replies >= 0", name="replies_count_from_nought"),
        CheckConstraint("invited > 0", name="somebody_was_invited"),
        BY_KEY_ALONE,
    )


class SurveyCount(Base):
    """How many released replies have a mark for an item; item '' is the reply as a whole."""

    __tablename__ = "survey_count"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(100), primary_key=True, default="")
    item_id: Mapped[Id] = mapped_column(primary_key=True)
    option: Mapped[str] = mapped_column(String(210), primary_key=True)
    n: Mapped[int]
    __table_args__ = (CheckConstraint("n >= 0", name="counts_from_nought"), BY_KEY_ALONE)


class SurveyText(Base):
    """Somebody's own words, apart from the rest of the reply; ``released`` once a reviewer may read them."""

    __tablename__ = "survey_text"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"))
    item_id: Mapped[Id]
    text: Mapped[str] = mapped_column(Text)
    released: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    reviewed_on: Mapped[date | None]
    reviewer: Mapped[str] = mapped_column(String(200), default="", server_default="")
    outcome: Mapped[str] = mapped_column(String(20), default="", server_default="")
    reason: Mapped[Words]
    #: Where a text that suggests a risk was passed on to; '' where it suggests none.
    risk: Mapped[Words]
    __table_args__ = (
        Index("ix_survey_text_cycle_id_released", "cycle_id", "released"),
        CheckConstraint("outcome IN ('','shown','redacted','hidden')", name="outcome_is_known"),
        CheckConstraint("(outcome = '') = (reviewed_on IS NULL)", name="an_outcome_has_its_day"),
        CheckConstraint("outcome = '' OR (released AND reviewer <> '')", name="a_reviewer_read_it"),
        CheckConstraint("outcome IN ('','shown') OR reason <> ''", name="a_change_has_its_reason"),
        BY_KEY_ALONE,
    )
