"""Which table holds that a file of answers was brought in?

What somebody answered is not here: only which file, into which survey, how
many, when and by whom.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table

from audit_engine.storage.base import METADATA, Instant, Name, given, key, words

# A file of answers that was brought in.  ``rows`` says how far an import that was broken off had come;
# ``by_organisation`` counts its replies, ``own_words`` by question what people wrote in their own words;
# ``opened`` tells that it opened the survey.
answer_import = Table(
    "answer_import",
    METADATA,
    key(),
    given("cycle_id", ForeignKey("cycle.id"), index=True),
    given("file", Name),
    given("sha256", String(64)),
    given("mapping_sha256", String(64)),
    given("state", String(20)),
    given("rows", Integer),
    given("replies", Integer),
    given("by_organisation", JSON),
    given("own_words", JSON),
    given("opened", Boolean),
    Column("made_by", ForeignKey("person.id", ondelete="SET NULL")),
    given("made_at", Instant),
    Column("finished_at", Instant),
    Column("undone_by", ForeignKey("person.id", ondelete="SET NULL")),
    Column("undone_at", Instant),
    words("reason"),
    CheckConstraint("state IN ('running','done','undone')", name="state_is_known"),
    CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="an_undoing_has_its_moment"),
    CheckConstraint("state <> 'undone' OR reason <> ''", name="an_undoing_has_its_reason"),
)
