"""Which tables hold themes in people's words, who coded what apart from whom, and cards of promising practice?

No words of a return or a survey are copied here: a reading names a text by an
id and says in which state it was read.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)  # fmt: skip

from audit_engine.storage.base import METADATA, Id, Instant, Name, given, key, words


def by_person(name: str) -> Column[int]:
    """Return the column that says which person did it; NULL where nobody is known."""
    return Column(name, ForeignKey("person.id", ondelete="SET NULL"))


def of_cycle(**settings: bool) -> Column[str]:
    """Return the column that ties a row to the audit or survey whose words are coded."""
    return given("cycle_id", ForeignKey("cycle.id"), **settings)


# A theme of the code book; one that was merged into another stays, so that what was coded with it can be followed.
theme = Table(
    "theme",
    METADATA,
    key(),
    of_cycle(index=True),
    given("label", Name),
    words("definition"),
    # What was heard, in the team's own words; never anybody's.
    words("heard"),
    words("bears_on"),
    words("question"),
    words("priority"),
    words("action"),
    Column("merged_into", ForeignKey("theme.id")),
    given("made_at", Instant),
    by_person("made_by"),
    CheckConstraint("label <> '' AND definition <> ''", name="a_theme_is_defined"),
    CheckConstraint("merged_into <> id", name="nothing_merges_into_itself"),
)


# Everything that was done to a theme; append-only.
theme_change = Table(
    "theme_change",
    METADATA,
    key(),
    given("theme_id", ForeignKey("theme.id"), index=True),
    given("event", String(20)),
    given("content", JSON),
    given("made_at", Instant),
    by_person("made_by"),
    CheckConstraint("event IN ('added','changed','merged')", name="event_is_known"),
)


# A question, of the audit or of a survey beside it, whose words are coded.
theme_question = Table(
    "theme_question",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("source_id", ForeignKey("cycle.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    given("chosen_at", Instant),
    by_person("chosen_by"),
    sqlite_with_rowid=False,
)


# One of the two people who code apart from each other.
theme_coder = Table(
    "theme_coder",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    by_person("person_id"),
    given("started_at", Instant),
    Column("done_at", Instant),
    UniqueConstraint("cycle_id", "person_id"),
    CheckConstraint("place IN (1, 2)", name="two_people_code"),
    sqlite_with_rowid=False,
)


# Which themes a coder found in a text; ``mark`` is the state in which it was read.
#
# ``final`` once both had finished: from then on it no longer changes.
theme_reading = Table(
    "theme_reading",
    METADATA,
    Column("cycle_id", Id, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("text_id", String(32), primary_key=True),
    given("themes", JSON),
    given("mark", String(60)),
    given("final", Boolean, default=False, server_default=false()),
    given("read_at", Instant),
    ForeignKeyConstraint(
        ["cycle_id", "place"], ["theme_coder.cycle_id", "theme_coder.place"], ondelete="CASCADE",
        name="fk_theme_reading_coder",
    ),
    sqlite_with_rowid=False,
)  # fmt: skip


# What two coders who differed agreed on; both their readings stay as they were.
theme_agreed = Table(
    "theme_agreed",
    METADATA,
    Column("cycle_id", ForeignKey("cycle.id"), primary_key=True),
    Column("text_id", String(32), primary_key=True),
    given("themes", JSON),
    words("note"),
    given("agreed_at", Instant),
    by_person("agreed_by"),
    sqlite_with_rowid=False,
)


# A card of promising practice at one organisation.
#
# ``evidence`` and ``staff`` are those of the day of checking; ``against`` says what speaks against it.
practice_card = Table(
    "practice_card",
    METADATA,
    key(),
    of_cycle(index=True),
    given("organisation_id", ForeignKey("organisation.id")),
    given("item_id", Id),
    given("title", Name),
    words("what"),
    words("who_for"),
    words("problem"),
    words("outcome"),
    words("effort"),
    words("adapt"),
    words("contact"),
    given("state", String(20), default="draft", server_default="draft"),
    Column("evidence", Integer),
    given("staff", String(20), default="not-asked", server_default="not-asked"),
    words("against"),
    Column("checked_at", Instant),
    given("consent_by", Name, default="", server_default=""),
    Column("consent_on", Date),
    given("consent_names", Boolean, default=False, server_default=false()),
    given("made_at", Instant),
    by_person("made_by"),
    Column("agreed_at", Instant),
    by_person("agreed_by"),
    CheckConstraint("state IN ('draft','agreed')", name="state_is_known"),
    CheckConstraint("staff IN ('yes','partly','no','too-few','not-asked')", name="staff_is_known"),
    CheckConstraint("(consent_on IS NULL) = (consent_by = '')", name="consent_is_somebody_s_of_a_day"),
    CheckConstraint("consent_on IS NOT NULL OR NOT consent_names", name="a_name_needs_consent"),
    CheckConstraint(
        "state = 'draft' OR (consent_on IS NOT NULL AND evidence >= 2 AND against = '' AND agreed_at IS NOT NULL)",
        name="what_is_agreed_met_the_bar",
    ),
)
