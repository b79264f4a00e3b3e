"""Which tables does every part of the program need, and which rules does the database itself hold?

Times are UTC instants.  Every named constraint states one rule.  What only one
part needs stands in a module of its own, which is loaded with that part;
``all_models.py`` knows them all.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)  # fmt: skip

from audit_engine.storage.base import METADATA, Id, Name, given, key, words
from audit_engine.storage.base import Instant as Instant
from audit_engine.storage.people_models import grant as grant
from audit_engine.storage.people_models import person as person
from audit_engine.storage.people_models import signed_in_session as signed_in_session
from audit_engine.storage.people_models import throttle as throttle

# --- the partnership ---------------------------------------------------------


# A partnership's area, with its local text.
area = Table(
    "area",
    METADATA,
    Column("id", Id, primary_key=True),
    given("name", Name),
    given("local_text", JSON),
    given("position", Integer),
)


# A kind of organisation.
sector = Table(
    "sector",
    METADATA,
    Column("id", Id, primary_key=True),
    given("label", Name),
    given("position", Integer),
)


# An organisation that returns audits; its id is permanent, its name is not.
organisation = Table(
    "organisation",
    METADATA,
    Column("id", Id, primary_key=True),
    given("name", Name),
    given("sector_id", ForeignKey("sector.id")),
    Column("parent_id", ForeignKey("organisation.id")),
    given("aliases", JSON),
    given("facts", JSON),
    Column("opened", Date),
    Column("closed", Date),
    # Set when somebody edited the record on a page: a file then no longer changes it.
    Column("edited_at", Instant),
)


# Where an organisation works.
organisation_area = Table(
    "organisation_area",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("area_id", ForeignKey("area.id"), primary_key=True),
)


# How one organisation became another.
organisation_lineage = Table(
    "organisation_lineage",
    METADATA,
    key(),
    Column("predecessor_id", ForeignKey("organisation.id")),
    Column("successor_id", ForeignKey("organisation.id")),
    given("relation", String(20)),
    given("effective", Date),
    words("note"),
    CheckConstraint("predecessor_id IS NOT NULL OR successor_id IS NOT NULL", name="names_someone"),
    UniqueConstraint("predecessor_id", "successor_id", "relation"),
)


# --- cycles ------------------------------------------------------------------


# One issue of a questionnaire version to organisations.
cycle = Table(
    "cycle",
    METADATA,
    Column("id", Id, primary_key=True),
    given("title", Name),
    given("questionnaire", Id),
    given("version", Id),
    Column("baseline_id", ForeignKey("cycle.id")),
    given("opens_at", Instant),
    given("closes_at", Instant),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("content_hash", ForeignKey("cycle_definition.content_hash")),
    given("pilot", Boolean),
    # Ids of the organisations to open to; NULL means everyone there is on the opening day.
    Column("invited", JSON(none_as_null=True)),
    Column("edited_at", Instant),
    CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
    CheckConstraint("opened_at IS NULL OR content_hash IS NOT NULL", name="open_pins_a_definition"),
)


# A definition's text, kept for ever with the cycles that used it.
cycle_definition = Table(
    "cycle_definition",
    METADATA,
    Column("content_hash", String(64), primary_key=True),
    given("questionnaire", Id),
    given("version", Id),
    given("source", Text),
    given("kept_at", Instant),
)


# A wording corrected in an open cycle: reason, both texts, who approved.
correction = Table(
    "correction",
    METADATA,
    key(),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("where_in_it", String(200)),
    words("before"),
    words("after"),
    words("reason"),
    Column("approved_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
)


# What one organisation returns in one cycle.
response = Table(
    "response",
    METADATA,
    key(),
    given("cycle_id", ForeignKey("cycle.id")),
    given("organisation_id", ForeignKey("organisation.id"), index=True),
    given("content_hash", ForeignKey("cycle_definition.content_hash")),
    # Facts about the organisation as they stood when the cycle opened; they decide what is asked.
    given("facts", JSON),
    given("areas", JSON),
    given("state", String(20)),
    Column("started_at", Instant),
    Column("saved_at", Instant),
    # Number of the submission that stands; 0 before the first.
    given("submission_number", Integer, default=0, server_default="0"),
    Column("extended_to", Instant),
    words("extension_reason"),
    UniqueConstraint("cycle_id", "organisation_id"),
    CheckConstraint("state IN ('not-started','started','submitted','reopened')", name="state_is_known"),
    CheckConstraint("(extended_to IS NULL) = (extension_reason = '')", name="extension_has_a_reason"),
)


# An answer is a row; area '' speaks for the whole organisation.
answer = Table(
    "answer",
    METADATA,
    Column("response_id", ForeignKey("response.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("repeat", String(60), primary_key=True, default=""),
    Column("area", String(100), primary_key=True, default=""),
    given("state", String(20)),
    Column("value", Text),
    words("commentary"),
    words("evidence"),
    words("reason"),
    Column("confirmed_on", Date),
    given("version", Integer),
    given("saved_at", Instant),
    Column("saved_by", ForeignKey("person.id", ondelete="SET NULL")),
    Column("unfinished", Text),  # what was typed and is no answer yet, with what is wrong
    CheckConstraint("version > 0", name="version_counts_from_one"),
    CheckConstraint("state IN ('answered','unanswered','not-applicable')", name="state_is_known"),
    CheckConstraint("(state = 'unanswered') = (value IS NULL)", name="an_answer_has_a_value"),
    sqlite_with_rowid=False,
)


# Every save of an answer, for ever: its history and its entry in the trail.
answer_change = Table(
    "answer_change",
    METADATA,
    key(),
    given("response_id", ForeignKey("response.id")),
    given("item_id", Id),
    given("repeat", String(60), default=""),
    given("area", String(100), default=""),
    given("version", Integer),
    given("content", JSON),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
    # What one save changed stands side by side in the index: a save writes one page of it, not one for each question.
    UniqueConstraint("response_id", "version", "item_id", "repeat", "area"),
)


# What somebody typed that could not be saved as an answer, say because it came after closing.
kept_draft = Table(
    "kept_draft",
    METADATA,
    key(),
    given("response_id", ForeignKey("response.id"), index=True),
    given("content", JSON),
    words("why"),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
)


# Somebody else's rating of an answer: a panel member's, the panel's, or an evidence grade.
#
# The organisation's own rating is its answer.
rating = Table(
    "rating",
    METADATA,
    key(),
    given("response_id", ForeignKey("response.id")),
    given("item_id", Id),
    given("repeat", String(60), default=""),
    given("area", String(100), default=""),
    given("kind", String(20)),
    given("rater", String(100), default=""),
    given("value", String(100)),
    words("reason"),
    given("chosen_at_random", Boolean, default=False),
    given("rated_at", Instant),
    UniqueConstraint("response_id", "item_id", "repeat", "area", "kind", "rater"),
    CheckConstraint("kind IN ('member','panel','evidence')", name="kind_is_known"),
    CheckConstraint("kind <> 'panel' OR reason <> ''", name="a_panel_gives_its_reason"),
)


# What was submitted, when and by whom; a second submission after reopening is a second row.
submission = Table(
    "submission",
    METADATA,
    key(),
    given("response_id", ForeignKey("response.id")),
    given("number", Integer),
    given("receipt", String(40), unique=True),
    given("declared_name", Name),
    given("declared_role", Name),
    given("answers_hash", String(64)),
    given("answers", Text),
    # The ratings alone as digits, small enough to read a whole cycle's at once: {area: {codes, confirmed}}.
    given("ratings", JSON),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
    UniqueConstraint("response_id", "number"),
)


# What will be done, by whom, by when and how it will be known.
action = Table(
    "action",
    METADATA,
    key(),
    given("organisation_id", ForeignKey("organisation.id"), index=True),
    Column("response_id", ForeignKey("response.id")),
    given("item_id", String(100), default=""),
    given("repeat", String(60), default=""),
    given("area", String(100), default=""),
    given("origin", String(20)),
    words("what"),
    words("who"),
    Column("due", Date),
    words("how_known"),
    given("status", String(30)),
    UniqueConstraint("response_id", "item_id", "repeat", "area", "origin"),
    CheckConstraint("origin IN ('return','panel','report','review')", name="origin_is_known"),
)


# Which person answers which part of a return, by when.
assignment = Table(
    "assignment",
    METADATA,
    key(),
    given("response_id", ForeignKey("response.id"), index=True),
    given("section_id", String(100), default=""),
    given("item_id", String(100), default=""),
    given("person_id", ForeignKey("person.id", ondelete="CASCADE")),
    Column("due", Date),
    words("note"),
    given("made_at", Instant),
)


# A piece of evidence: a file, a link or a statement; the file lies outside the web root under ``stored_as``.
evidence = Table(
    "evidence",
    METADATA,
    key(),
    given("organisation_id", ForeignKey("organisation.id"), index=True),
    given("kind", String(20)),
    given("title", Name),
    words("content"),
    Column("stored_as", String(64), unique=True),
    Column("sha256", String(64)),
    Column("dated", Date),
    Column("expires", Date),
    Column("added_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("added_at", Instant),
)


# Which evidence serves which answer; one piece may serve many.
evidence_link = Table(
    "evidence_link",
    METADATA,
    Column("evidence_id", ForeignKey("evidence.id"), primary_key=True),
    Column("response_id", ForeignKey("response.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("repeat", String(60), primary_key=True, default=""),
)


# --- work, trail, reports -----------------------------------------------------


# Work to be done after commit, written in the transaction that causes it.
outbox = Table(
    "outbox",
    METADATA,
    key(),
    given("kind", String(40)),
    given("key", String(200), unique=True),
    given("payload", JSON),
    Column("asked_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("asked_at", Instant),
    Column("claimed_at", Instant),
    Column("done_at", Instant),
    given("attempts", Integer),
    given("progress", Integer),
    words("fault"),
    given("result", JSON),
    Index("ix_outbox_waiting", "done_at", "claimed_at"),
)


# A document that was made: what of, from which state of the answers, and where it lies.
report = Table(
    "report",
    METADATA,
    key(),
    given("kind", String(40)),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    Column("area_id", ForeignKey("area.id")),
    Column("outbox_id", ForeignKey("outbox.id", ondelete="SET NULL")),
    given("file", Name),
    given("sha256", String(64)),
    given("cut_off", Instant),
    given("made_at", Instant),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
)


# Every figure of a report, with its parts and source.
figure = Table(
    "figure",
    METADATA,
    Column("report_id", ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("figure_id", String(200), primary_key=True),
    given("content", JSON),
)


# Who did what to what, other than saving an answer; append-only.
trail = Table(
    "trail",
    METADATA,
    key(),
    given("at", Instant),
    Column("person_id", ForeignKey("person.id", ondelete="SET NULL")),
    given("event", String(60)),
    given("subject", String(200), index=True),
    given("content", JSON),
)
