"""Which tables hold what people write down beside the figures: the plan's own, events, doubts that were set aside?"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from audit_engine.storage.base import METADATA, Id, Instant, Name, given, key, words

# A figure of the strategic plan that somebody typed in.  A correction is a new row that names the one it replaces, so
# that the history is whole; ``withdrawn_at`` takes a row out of use and keeps it.
plan_figure = Table(
    "plan_figure",
    METADATA,
    key(),
    given("plan_id", Id),
    given("outcome_id", Id),
    given("as_at", Date),
    # "count": a number; "share": so many of all; "sample": so many of those who were asked or looked at.
    given("kind", String(20)),
    Column("number", Integer),
    Column("base", Integer),
    # As it was typed, so that its decimals can be checked; '' where a number was typed.
    given("percentage", String(20), default="", server_default=""),
    given("source", Name),
    words("note"),
    # Why it was kept although no whole number of people gives the percentage.
    words("kept_because"),
    Column("replaces_id", ForeignKey("plan_figure.id"), unique=True),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", ForeignKey("person.id", ondelete="SET NULL")),
    words("withdrawn_because"),
    CheckConstraint("kind IN ('count','share','sample')", name="kind_is_known"),
    CheckConstraint("(number IS NULL) = (percentage <> '')", name="a_number_or_a_percentage"),
    CheckConstraint("kind = 'count' OR base IS NOT NULL", name="a_share_has_a_base"),
    CheckConstraint("base IS NULL OR base > 0", name="a_base_is_not_empty"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because = '')", name="a_withdrawal_has_a_reason"),
    Index("ix_plan_figure_plan_id_outcome_id", "plan_id", "outcome_id"),
)


# What was done between two waves of a survey or two audits of one questionnaire: a campaign, a new name.
annotation = Table(
    "annotation",
    METADATA,
    key(),
    given("questionnaire", Id, index=True),
    given("happened_on", Date),
    given("text", String(300)),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
)


# A report that was issued although its figures raise doubts: which ones, and why.
report_doubt = Table(
    "report_doubt",
    METADATA,
    Column("report_id", ForeignKey("report.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    given("doubts", JSON),
    words("reason"),
    Column("decided_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("decided_at", Instant),
    CheckConstraint("reason <> ''", name="it_has_a_reason"),
)
