"""Which tables are there, and which rules does the database itself hold?

Times are UTC instants.  Every named constraint states one rule.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_engine.storage import anonymous_models as anonymous_models  # so that the metadata are whole
from audit_engine.storage.base import Base as Base
from audit_engine.storage.base import Facts, Id, Key, Moment, Name, Words
from audit_engine.storage.base import Instant as Instant
from audit_engine.storage.base import table as table

# --- the partnership ---------------------------------------------------------


class Area(Base):
    """A partnership's area, with its local text."""

    __tablename__ = "area"
    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    local_text: Mapped[Facts]
    position: Mapped[int]


class Sector(Base):
    """A kind of organisation."""

    __tablename__ = "sector"
    id: Mapped[Id] = mapped_column(primary_key=True)
    label: Mapped[Name]
    position: Mapped[int]


class Organisation(Base):
    """An organisation that returns audits; its id is permanent, its name is not."""

    __tablename__ = "organisation"
    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    sector_id: Mapped[str] = mapped_column(ForeignKey("sector.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    aliases: Mapped[list[str]] = mapped_column(JSON)
    facts: Mapped[Facts]
    opened: Mapped[date | None]
    closed: Mapped[date | None]
    #: Set when somebody edited the record on a page: a file then no longer changes it.
    edited_at: Mapped[datetime | None] = mapped_column(Instant)


class OrganisationArea(Base):
    """Where an organisation works."""

    __tablename__ = "organisation_area"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"), primary_key=True)


class OrganisationLineage(Base):
    """How one organisation became another."""

    __tablename__ = "organisation_lineage"
    id: Mapped[Key]
    predecessor_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    relation: Mapped[str] = mapped_column(String(20))
    effective: Mapped[date]
    note: Mapped[Words]
    __table_args__ = (
        CheckConstraint("predecessor_id IS NOT NULL OR successor_id IS NOT NULL", name="names_someone"),
        UniqueConstraint("predecessor_id", "successor_id", "relation"),
    )


# --- people ------------------------------------------------------------------


class Person(Base):
    """Somebody who can sign in (Flask-Security's user)."""

    __tablename__ = "person"
    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[Name]
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[Moment]


class Grant(Base):
    """A role that a person holds, in one organisation, in one area, or everywhere."""

    __tablename__ = "grant_of_role"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    area_id: Mapped[str | None] = mapped_column(ForeignKey("area.id"))
    __table_args__ = (
        CheckConstraint(
            "(role IN ('organisation-lead','contributor','signatory','setting')) = (organisation_id IS NOT NULL)",
            name="own_roles_name_an_organisation",
        ),
    )


class SignedInSession(Base):
    """A signed-in browser; only the hash of its secret is kept, so that it can be listed and ended."""

    __tablename__ = "signed_in_session"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Throttle(Base):
    """A counter of attempts in a window (the storage of the library limits)."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    attempts: Mapped[int]
    expires_at: Mapped[float]


# --- cycles ------------------------------------------------------------------


class Cycle(Base):
    """One issue of a questionnaire version to organisations."""

    __tablename__ = "cycle"
    id: Mapped[Id] = mapped_column(primary_key=True)
    title: Mapped[Name]
    questionnaire: Mapped[Id]
    version: Mapped[Id]
    baseline_id: Mapped[str | None] = mapped_column(ForeignKey("cycle.id"))
    opens_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    content_hash: Mapped[str | None] = mapped_column(ForeignKey("cycle_definition.content_hash"))
    pilot: Mapped[bool] = mapped_column(Boolean)
    #: Ids of the organisations to open to; NULL means everyone there is on the opening day.
    invited: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("opened_at IS NULL OR content_hash IS NOT NULL", name="open_pins_a_definition"),
    )


class CycleDefinition(Base):
    """A definition's text, kept for ever with the cycles that used it."""

    __tablename__ = "cycle_definition"
    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    questionnaire: Mapped[Id]
    version: Mapped[Id]
    source: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[Moment]


class Correction(Base):
    """A wording corrected in an open cycle: reason, both texts, who approved."""

    __tablename__ = "correction"
    id: Mapped[Key]
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), index=True)
    where_in_it: Mapped[str] = mapped_column(String(200))
    before: Mapped[Words]
    after: Mapped[Words]
    reason: Mapped[Words]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[Moment]


class Response(Base):
    """What one organisation returns in one cycle."""

    __tablename__ = "response"
    id: Mapped[Key]
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    content_hash: Mapped[str] = mapped_column(ForeignKey("cycle_definition.content_hash"))
    #: Facts about the organisation as they stood when the cycle opened; they decide what is asked.
    facts: Mapped[Facts]
    areas: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Number of the submission that stands; 0 before the first.
    submission_number: Mapped[int] = mapped_column(default=0, server_default="0")
    extended_to: Mapped[datetime | None] = mapped_column(Instant)
    extension_reason: Mapped[Words]
    __table_args__ = (
        UniqueConstraint("cycle_id", "organisation_id"),
        CheckConstraint("state IN ('not-started','started','submitted','reopened')", name="state_is_known"),
        CheckConstraint("(extended_to IS NULL) = (extension_reason = '')", name="extension_has_a_reason"),
    )


class Answer(Base):
    """An answer is a row; area '' speaks for the whole organisation."""

    __tablename__ = "answer"
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    item_id: Mapped[Id] = mapped_column(primary_key=True)
    repeat: Mapped[str] = mapped_column(String(60), primary_key=True, default="")
    area: Mapped[str] = mapped_column(String(100), primary_key=True, default="")
    state: Mapped[str] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(Text)
    commentary: Mapped[Words]
    evidence: Mapped[Words]
    reason: Mapped[Words]
    confirmed_on: Mapped[date | None]
    version: Mapped[int]
    saved_at: Mapped[Moment]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (
        CheckConstraint("version > 0", name="version_counts_from_one"),
        CheckConstraint("state IN ('answered','unanswered','not-applicable')", name="state_is_known"),
        CheckConstraint("(state = 'unanswered') = (value IS NULL)", name="an_answer_has_a_value"),
        {"sqlite_with_rowid": False},
    )


class AnswerChange(Base):
    """Every save of an answer, for ever: its history and its entry in the trail."""

    __tablename__ = "answer_change"
    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    item_id: Mapped[Id]
    repeat: Mapped[str] = mapped_column(String(60), default="")
    area: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int]
    content: Mapped[Facts]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[Moment]
    __table_args__ = (UniqueConstraint("response_id", "item_id", "repeat", "area", "version"),)


class KeptDraft(Base):
    """What somebody typed that could not be saved as an answer, say because it came after closing."""

    __tablename__ = "kept_draft"
    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    content: Mapped[Facts]
    why: Mapped[Words]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[Moment]


class Rating(Base):
    """Somebody else's rating of an answer: a panel member's, the panel's, or an evidence grade.

    The organisation's own rating is its answer.
    """

    __tablename__ = "rating"
    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    item_id: Mapped[Id]
    repeat: Mapped[str] = mapped_column(String(60), default="")
    area: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(20))
    rater: Mapped[str] = mapped_column(String(100), default="")
    value: Mapped[str] = mapped_column(String(100))
    reason: Mapped[Words]
    chosen_at_random: Mapped[bool] = mapped_column(Boolean, default=False)
    rated_at: Mapped[Moment]
    __table_args__ = (
        UniqueConstraint("response_id", "item_id", "repeat", "area", "kind", "rater"),
        CheckConstraint("kind IN ('member','panel','evidence')", name="kind_is_known"),
        CheckConstraint("kind <> 'panel' OR reason <> ''", name="a_panel_gives_its_reason"),
    )


class Submission(Base):
    """What was submitted, when and by whom; a second submission after reopening is a second row."""

    __tablename__ = "submission"
    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    receipt: Mapped[str] = mapped_column(String(40), unique=True)
    declared_name: Mapped[Name]
    declared_role: Mapped[Name]
    answers_hash: Mapped[str] = mapped_column(String(64))
    answers: Mapped[str] = mapped_column(Text)
    #: The ratings alone as digits, small enough to read a whole cycle's at once: {area: {codes, confirmed}}.
    ratings: Mapped[Facts]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[Moment]
    __table_args__ = (UniqueConstraint("response_id", "number"),)


class Action(Base):
    """What will be done, by whom, by when and how it will be known."""

    __tablename__ = "action"
    id: Mapped[Key]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    item_id: Mapped[str] = mapped_column(String(100), default="")
    repeat: Mapped[str] = mapped_column(String(60), default="")
    area: Mapped[str] = mapped_column(String(100), default="")
    origin: Mapped[str] = mapped_column(String(20))
    what: Mapped[Words]
    who: Mapped[Words]
    due: Mapped[date | None]
    how_known: Mapped[Words]
    status: Mapped[str] = mapped_column(String(30))
    __table_args__ = (
        UniqueConstraint("response_id", "item_id", "repeat", "area", "origin"),
        CheckConstraint("origin IN ('return','panel','report','review')", name="origin_is_known"),
    )


class Assignment(Base):
    """Which person answers which part of a return, by when."""

    __tablename__ = "assignment"
    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    section_id: Mapped[str] = mapped_column(String(100), default="")
    item_id: Mapped[str] = mapped_column(String(100), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    due: Mapped[date | None]
    note: Mapped[Words]
    made_at: Mapped[Moment]


class Evidence(Base):
    """A piece of evidence: a file, a link or a statement; the file lies outside the web root under ``stored_as``."""

    __tablename__ = "evidence"
    id: Mapped[Key]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[Name]
    content: Mapped[Words]
    stored_as: Mapped[str | None] = mapped_column(String(64), unique=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    dated: Mapped[date | None]
    expires: Mapped[date | None]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    added_at: Mapped[Moment]


class EvidenceLink(Base):
    """Which evidence serves which answer; one piece may serve many."""

    __tablename__ = "evidence_link"
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    item_id: Mapped[Id] = mapped_column(primary_key=True)
    repeat: Mapped[str] = mapped_column(String(60), primary_key=True, default="")


# --- work, trail, reports -----------------------------------------------------


class Outbox(Base):
    """Work to be done after commit, written in the transaction that causes it."""

    __tablename__ = "outbox"
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[Facts]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[Moment]
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int]
    progress: Mapped[int]
    fault: Mapped[Words]
    result: Mapped[Facts]
    __table_args__ = (Index("ix_outbox_waiting", "done_at", "claimed_at"),)


class Report(Base):
    """A document that was made: what of, from which state of the answers, and where it lies."""

    __tablename__ = "report"
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycle.id"), index=True)
    area_id: Mapped[str | None] = mapped_column(ForeignKey("area.id"))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    file: Mapped[Name]
    sha256: Mapped[str] = mapped_column(String(64))
    cut_off: Mapped[Moment]
    made_at: Mapped[Moment]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class FigureRow(Base):
    """Every figure of a report, with its parts and source."""

    __tablename__ = "figure"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    figure_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[Facts]


class Trail(Base):
    """Who did what to what, other than saving an answer; append-only."""

    __tablename__ = "trail"
    id: Mapped[Key]
    at: Mapped[Moment]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    event: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    content: Mapped[Facts]
