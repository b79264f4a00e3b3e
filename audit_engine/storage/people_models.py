"""The tables of people and their sessions: all that a site needs until somebody has signed in."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Double, ForeignKey, Integer, String, Table

from audit_engine.storage.base import METADATA, Id, Instant, Name, given, key

# Somebody who can sign in (Flask-Security's user).
person = Table(
    "person",
    METADATA,
    key(),
    given("email", String(255), unique=True),
    given("name", Name),
    Column("password", String(255)),
    given("active", Boolean),
    given("fs_uniquifier", String(64), unique=True),
    Column("confirmed_at", Instant),
    Column("tf_primary_method", String(64)),
    Column("tf_totp_secret", String(255)),
    given("created_at", Instant),
)


# A role that a person holds, in one organisation, in one area, or everywhere.
grant = Table(
    "grant_of_role",
    METADATA,
    key(),
    given("person_id", ForeignKey("person.id", ondelete="CASCADE"), index=True),
    given("role", String(40)),
    # Their types are said here: the tables that they lead to may not be loaded yet.
    Column("organisation_id", Id, ForeignKey("organisation.id")),
    Column("area_id", Id, ForeignKey("area.id")),
    CheckConstraint(
        "(role IN ('organisation-lead','contributor','signatory','setting')) = (organisation_id IS NOT NULL)",
        name="own_roles_name_an_organisation",
    ),
)


# A signed-in browser; only the hash of its secret is kept, so that it can be listed and ended.
signed_in_session = Table(
    "signed_in_session",
    METADATA,
    Column("id", String(64), primary_key=True),
    given("person_id", ForeignKey("person.id", ondelete="CASCADE"), index=True),
    given("started_at", Instant),
    given("seen_at", Instant),
    Column("ended_at", Instant),
)


# A counter of attempts in a window.
throttle = Table(
    "throttle",
    METADATA,
    Column("key", String(255), primary_key=True),
    given("attempts", Integer),
    given("expires_at", Double),
)
