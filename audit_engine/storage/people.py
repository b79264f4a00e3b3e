"""Read and write people, the roles they hold and the browsers they are signed in on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from audit_engine.response.people import Held, PersonFacts
from audit_engine.storage import people_models as models
from audit_engine.storage.rows import named

person, grant = models.person, models.grant
session = models.signed_in_session

IDLE_LIMIT = timedelta(minutes=45)
WHOLE_LIMIT = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)  # how stale "last seen" may be, so that reading a page writes nothing


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's account."""

    facts: PersonFacts
    password: str | None
    active: bool
    fs_uniquifier: str
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None
    seen_at: datetime | None = None


_WITH_GRANTS = select(person, grant.c.role, grant.c.organisation_id, grant.c.area_id).outerjoin(
    grant, grant.c.person_id == person.c.id
)


def _one(rows: Sequence[Row[Any]]) -> PersonRow | None:
    if not rows:
        return None
    first = rows[0]
    held = tuple(Held(r.role, r.organisation_id, r.area_id) for r in rows if r.role)
    return PersonRow(
        PersonFacts(first.id, first.name, first.email, held),
        first.password,
        first.active,
        first.fs_uniquifier,
        first.tf_primary_method,
        first.tf_totp_secret,
        first._mapping.get("seen_at"),
    )


def person_by(connection: Connection, **column: Any) -> PersonRow | None:
    """Return the person whose column has that value, with roles, in one statement."""
    ((name, value),) = column.items()
    return _one(connection.execute(_WITH_GRANTS.where(person.c[name] == value)).all())


def people(connection: Connection) -> tuple[PersonRow, ...]:
    """Return everybody, by name."""
    rows = connection.execute(_WITH_GRANTS.order_by(person.c.name, person.c.id)).all()
    grouped: dict[int, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return tuple(found for g in grouped.values() if (found := _one(g)))


def leads(connection: Connection) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return, by organisation, the name and address of those who lead its audits and can sign in."""
    query = (
        select(grant.c.organisation_id, person.c.name, person.c.email)
        .join(person, person.c.id == grant.c.person_id)
        .where(grant.c.role == "organisation-lead", person.c.active)
        .order_by(person.c.name)
    )
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for organisation, name, email in connection.execute(query):
        found[organisation] = (*found.get(organisation, ()), (name, email))
    return found


def add_person(
    connection: Connection,
    email: str,
    name: str,
    password_hash: str | None,
    uniquifier: str,
    held: Iterable[Held],
    now: datetime,
) -> int:
    """Add a person with roles and return the number."""
    result = connection.execute(
        insert(person)
        .values(
            email=email, name=name, password=password_hash, active=True, fs_uniquifier=uniquifier,
            confirmed_at=now, created_at=now,
        )
        .returning(person.c.id)
    )  # fmt: skip
    number = int(result.scalar_one())
    set_held(connection, number, held)
    return number


def set_held(connection: Connection, number: int, held: Iterable[Held]) -> None:
    """Replace the roles that a person holds."""
    connection.execute(delete(grant).where(grant.c.person_id == number))
    rows = [{"person_id": number, "role": h.role, "organisation_id": h.organisation, "area_id": h.area} for h in held]
    if rows:
        connection.execute(insert(grant), rows)


def change_person(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of one person."""
    connection.execute(update(person).where(person.c.id == number).values(**values))


def secret_hash(secret: str) -> str:
    """Return what is kept of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def start_session(connection: Connection, secret: str, number: int, now: datetime) -> None:
    """Write down a browser that signed in."""
    connection.execute(insert(session).values(id=secret_hash(secret), person_id=number, started_at=now, seen_at=now))


# Every page runs it, so it is made once.
_IN_SESSION = (
    _WITH_GRANTS.add_columns(session.c.seen_at)
    .join(session, session.c.person_id == person.c.id)
    .where(
        session.c.id == bindparam("hash"),
        session.c.ended_at.is_(None),
        session.c.seen_at > bindparam("seen_after"),
        session.c.started_at > bindparam("started_after"),
        person.c.active,
    )
)


def person_in_session(connection: Connection, secret: str, now: datetime) -> PersonRow | None:
    """Return who is signed in with this secret, with roles, in one statement; None when idle, old or ended."""
    alive = {"hash": secret_hash(secret), "seen_after": now - IDLE_LIMIT, "started_after": now - WHOLE_LIMIT}
    return _one(connection.execute(_IN_SESSION, alive).all())


def see_session(connection: Connection, secret: str, now: datetime) -> None:
    """Note that a browser was heard from."""
    connection.execute(update(session).where(session.c.id == secret_hash(secret)).values(seen_at=now))


def end_session(connection: Connection, secret: str, now: datetime) -> None:
    """End one browser's session."""
    connection.execute(
        update(session).where(session.c.id == secret_hash(secret), session.c.ended_at.is_(None)).values(ended_at=now)
    )


def end_all_sessions(connection: Connection, number: int, now: datetime) -> None:
    """End every session of a person."""
    connection.execute(
        update(session).where(session.c.person_id == number, session.c.ended_at.is_(None)).values(ended_at=now)
    )


def sessions_of(connection: Connection, number: int) -> tuple[Mapping[str, Any], ...]:
    """Return a person's sessions, the newest first."""
    query = select(session).where(session.c.person_id == number).order_by(session.c.started_at.desc())
    return tuple(named(r) for r in connection.execute(query))


def last_seen(connection: Connection) -> Mapping[int, datetime]:
    """Return when each person was last heard from."""
    query = select(session.c.person_id, func.max(session.c.seen_at)).group_by(session.c.person_id)
    return {number: seen for number, seen in connection.execute(query)}
