"""Add people, give them roles, switch their accounts off."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from audit_engine.response.people import OWN_ROLES, ROLES, Held
from audit_engine.storage import partnership, people, trail
from audit_engine.storage.engine import writing

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SHORTEST_PASSWORD = 12
LONGEST_EMAIL, LONGEST_NAME = 255, 200  # what the columns of the database hold


class PersonRefused(ValueError):
    """Something about a person that cannot be; the text is for whoever typed it."""


def password_hash(password: str) -> str:
    """Return the argon2 hash of a password; raise when it is too short."""
    from argon2 import PasswordHasher

    if len(password) < SHORTEST_PASSWORD:
        raise PersonRefused(f"The password must be at least {SHORTEST_PASSWORD} characters long.")
    return PasswordHasher().hash(password)


def add_person(
    engine: Engine, email: str, name: str, password: str, held: Sequence[Held], by: int | None, now: datetime
) -> int:
    """Add a person who can sign in at once and return the number."""
    email = email.strip().lower()
    if not EMAIL.fullmatch(email):
        raise PersonRefused(f"“{email}” is not an e-mail address. It should look like name@example.org.")
    if not name.strip():
        raise PersonRefused("Give the person's name.")
    if len(email) > LONGEST_EMAIL or len(name) > LONGEST_NAME:
        raise PersonRefused(f"A name has at most {LONGEST_NAME} letters, an e-mail address at most {LONGEST_EMAIL}.")
    hashed = password_hash(password)
    with writing(engine) as connection:
        if people.person_by(connection, email=email):
            raise PersonRefused(f"{email} has an account already.")
        organisations = {o.id for o in partnership.organisations(connection)}
        areas = {a.id for a in partnership.areas(connection)}
        for one in held:
            _refuse_unfit(one, organisations, areas)
        number = people.add_person(connection, email, name.strip(), hashed, secrets.token_hex(16), held, now)
        trail.note(
            connection, "person added", f"person:{number}", by, now,
            roles=[[h.role, h.organisation, h.area] for h in held],
        )  # fmt: skip
    return number


def _refuse_unfit(held: Held, organisations: set[str], areas: set[str]) -> None:
    if held.role not in ROLES:
        raise PersonRefused(f"There is no role called “{held.role}”. Roles: {', '.join(ROLES)}.")
    if (held.role in OWN_ROLES) != (held.organisation is not None):
        needs = "needs an organisation" if held.role in OWN_ROLES else "is not held in one organisation"
        raise PersonRefused(f"The role {ROLES[held.role].lower()} {needs}.")
    if held.organisation is not None and held.organisation not in organisations:
        raise PersonRefused(f"No organisation is called “{held.organisation}”.")
    if held.area is not None and held.area not in areas:
        raise PersonRefused(f"No area is called “{held.area}”. Areas: {', '.join(sorted(areas))}.")


def switch_person(engine: Engine, number: int, active: bool, by: int | None, now: datetime) -> None:
    """Switch an account on or off; off ends every session at once."""
    if number == by and not active:
        raise PersonRefused("You cannot switch your own account off. Ask another administrator.")
    with writing(engine) as connection:
        if people.person_by(connection, id=number) is None:
            raise PersonRefused("There is no such person.")
        people.change_person(connection, number, active=active)
        if not active:
            people.end_all_sessions(connection, number, now)
        trail.note(connection, "person switched " + ("on" if active else "off"), f"person:{number}", by, now)


def reset_person(engine: Engine, email: str, password: str, by: int | None, now: datetime) -> None:
    """Give a person a new password and forget their second factor; every session ends."""
    hashed = password_hash(password)
    with writing(engine) as connection:
        person = people.person_by(connection, email=email.strip().lower())
        if person is None:
            raise PersonRefused(f"Nobody has the e-mail address {email}.")
        people.change_person(connection, person.facts.id, password=hashed, tf_primary_method=None, tf_totp_secret=None)
        people.end_all_sessions(connection, person.facts.id, now)
        trail.note(connection, "person reset", f"person:{person.facts.id}", by, now)
