"""Let people of a setting in by a link to their mailbox, and let them say who works on its audits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from audit_engine.definition.facts import Facts
from audit_engine.definition.item_types import Unparsable
from audit_engine.response.settings import Member, Request, RequestKind, SettingFacts
from audit_engine.services.keep_people import EMAIL, LONGEST_EMAIL, LONGEST_NAME
from audit_engine.services.sealing import hash_of
from audit_engine.services.self_audit import SelfAuditRefused
from audit_engine.storage import anonymous, settings
from audit_engine.storage.engine import writing
from audit_engine.storage.settings import Reached

LINK_LASTS = timedelta(minutes=30)
IDLE_LIMIT = timedelta(minutes=60)
WHOLE_LIMIT = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
MOST_MEMBERS = 50
#: A kind of setting, and the fact that is asked of it alone: the words of a check depend on it.
CHILDMINDER, ALONE = "childminder", "childminder_alone"
#: Kinds of setting that facts.yaml does not list as phases of a school; conditions do not see them.
BESIDE_SCHOOLS: Mapping[str, str] = {
    "nursery": "Nursery or pre-school that is not a school",
    CHILDMINDER: "Childminder",
    "other": "Another kind of setting",
}


@dataclass(frozen=True, slots=True)
class SettingDraft:
    """What a form says about a setting; ``facts`` are yes-no facts by name, None where nothing was chosen."""

    name: str
    phase: str
    office_email: str
    trust: str = ""
    facts: Mapping[str, bool | None] | None = None


def phases(facts: Facts) -> Mapping[str, str]:
    """Return the kinds of setting by id, in the order in which they are offered."""
    fact = facts.by_name.get("phase")
    return {**{o.id: o.label for o in (fact.options if fact else ())}, **BESIDE_SCHOOLS}


def mailbox(text: str) -> str:
    """Return an e-mail address as it is kept; raise with a sentence when it is none."""
    email = text.strip().lower()
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        raise SelfAuditRefused("Enter an e-mail address in the correct format, like name@example.org")
    return email


# --- in and out --------------------------------------------------------------------


def make_link(engine: Engine, email: str, questionnaire: str, now: datetime) -> str:
    """Make a link for a mailbox and return its secret, of which only the hash is kept.

    Every address gets one, known or not: that is why asking tells nobody anything.
    """
    secret = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        settings.forget_links(connection, now - WHOLE_LIMIT)
        settings.add_link(connection, hash_of(secret), email, questionnaire, now + LINK_LASTS)
    return secret


def enter(engine: Engine, link_secret: str, now: datetime) -> tuple[str, str] | None:
    """Use a link up and return (secret of a session, questionnaire that was wanted); None when it opens nothing."""
    secret = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        used = settings.use_link(connection, hash_of(link_secret), now)
        if used is None:
            return None
        settings.start_session(connection, hash_of(secret), used.email, now)
    return secret, used.questionnaire


def who_is_in(
    connection: Connection, secret: str, now: datetime, *, setting_id: int | None = None, audit_id: int | None = None
) -> Reached | None:
    """Return whose mailbox a session's secret stands for, and what it reaches of what an address names."""
    alive = (now - WHOLE_LIMIT, now - IDLE_LIMIT)
    return settings.reach(connection, hash_of(secret), alive, setting_id=setting_id, audit_id=audit_id)


def see(engine: Engine, secret: str, now: datetime) -> None:
    """Note that a browser was heard from."""
    with writing(engine) as connection:
        settings.see_session(connection, hash_of(secret), now)


def leave(engine: Engine, secret: str, now: datetime) -> None:
    """End a session for good."""
    with writing(engine) as connection:
        settings.end_session(connection, hash_of(secret), now)


# --- a setting ------------------------------------------------------------------------


def add_setting(engine: Engine, known: Facts, email: str, your_name: str, said: SettingDraft, now: datetime) -> int:
    """Add a setting whose lead is the person who types it, and return its number."""
    office = office_address(said.office_email, email)
    with writing(engine) as connection:
        number = settings.add_setting(
            connection, name=_named(said.name, "your school or setting"), phase=_phase(said.phase, known),
            trust=said.trust.strip()[:LONGEST_NAME], office_email=office, facts=profile(known, said), made_at=now,
        )  # fmt: skip
        settings.add_member(connection, number, email, _named(your_name, "yourself"), lead=True, now=now)
    return number


def change_setting(engine: Engine, known: Facts, setting_id: int, said: SettingDraft) -> None:
    """Change what a setting says of itself; its office address changes by approval alone."""
    facts = profile(known, said)
    with writing(engine) as connection:
        settings.change_setting(
            connection, setting_id, name=_named(said.name, "your school or setting"),
            phase=_phase(said.phase, known), trust=said.trust.strip()[:LONGEST_NAME], facts=facts,
        )  # fmt: skip
        settings.change_facts_of_open_audits(connection, setting_id, facts)


def profile(known: Facts, said: SettingDraft) -> dict[str, object]:
    """Return a setting's profile as conditions see it."""
    told: dict[str, object] = {n: v for n, v in (said.facts or {}).items() if v is not None and n in known.by_name}
    fact = known.by_name.get("phase")
    if fact is not None and any(o.id == said.phase for o in fact.options):
        told["phase"] = said.phase
    if said.phase == CHILDMINDER and ALONE in known.by_name:
        told.setdefault(ALONE, True)
    elif told.get(ALONE):
        told[ALONE] = False
    try:
        return known.parse(told)
    except Unparsable as fault:
        raise SelfAuditRefused(fault.sentence) from None


def delete_setting(engine: Engine, setting_id: int) -> None:
    """Delete everything that a setting ever gave, history and links included; there is no way back."""
    with writing(engine) as connection:
        settings.delete_setting(connection, setting_id)
    anonymous.forget_traces(engine)


def _named(text: str, whom: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise SelfAuditRefused(f"Enter a name for {whom}")
    if len(name) > LONGEST_NAME:
        raise SelfAuditRefused(f"A name has at most {LONGEST_NAME} letters.")
    return name


def _phase(phase: str, known: Facts) -> str:
    if phase not in phases(known):
        raise SelfAuditRefused("Choose what kind of school or setting you are")
    return phase


def office_address(text: str, own: str) -> str:
    """Return the address of an office as it is kept; raise with a sentence when it cannot be one."""
    office = mailbox(text)
    if office == own:
        raise SelfAuditRefused(
            "The office address must be another than your own: it approves who follows when you leave."
        )
    return office


# --- who works on it ----------------------------------------------------------------------


def invite(engine: Engine, setting_id: int, email: str, name: str, now: datetime) -> Member:
    """Let a colleague's mailbox work on a setting's audits."""
    address = mailbox(email)
    with writing(engine) as connection:
        there = [m for m in settings.members(connection, setting_id) if m.left_at is None]
        if any(m.email == address for m in there):
            raise SelfAuditRefused(f"{address} works on this already.")
        if len(there) >= MOST_MEMBERS:
            raise SelfAuditRefused(f"At most {MOST_MEMBERS} people can work on it at once.")
        number = settings.add_member(connection, setting_id, address, _named(name, "them"), lead=False, now=now)
    return Member(number, setting_id, address, name, False, now)


def remove(engine: Engine, setting_id: int, member_id: int, now: datetime) -> None:
    """Take somebody off a setting's audits, from their next request on; the lead leaves by another way."""
    with writing(engine) as connection:
        there = {m.id: m for m in settings.members(connection, setting_id) if m.left_at is None}
        found = there.get(member_id)
        if found is None:
            raise SelfAuditRefused("That person does not work on this self-audit any more.")
        if found.lead:
            raise SelfAuditRefused("The lead cannot be removed. The office address has to approve the next lead first.")
        settings.change_member(connection, member_id, left_at=now)


def ask_for_next_lead(engine: Engine, setting_id: int, email: str, name: str, asked_by: str, now: datetime) -> Request:
    """Ask the registered office address to approve the next lead."""
    return _ask(engine, setting_id, "lead", mailbox(email), _named(name, "the next lead"), asked_by, now)


def ask_for_office(engine: Engine, setting_id: int, email: str, asked_by: str, now: datetime) -> Request:
    """Ask the registered office address to approve another in its place."""
    return _ask(engine, setting_id, "office", mailbox(email), "", asked_by, now)


def ask_to_follow(engine: Engine, office_email: str, email: str, name: str, now: datetime) -> tuple[Request, ...]:
    """Ask, as somebody new whose lead has gone, at every setting with that office address; () where there is none.

    The page must say the same either way.
    """
    office, named = mailbox(office_email), _named(name, "yourself")
    with writing(engine) as connection:
        found = settings.settings_with_office(connection, office)
    return tuple(_ask(engine, s.id, "lead", email, named, email, now) for s in found if s.office_email != email)


def _ask(
    engine: Engine, setting_id: int, kind: RequestKind, email: str, name: str, asked_by: str, now: datetime
) -> Request:
    with writing(engine) as connection:
        setting = settings.setting_of(connection, setting_id)
        if setting is None:
            raise SelfAuditRefused("This school or setting is no longer here.")
        if email == setting.office_email:
            raise SelfAuditRefused("That is the office address itself. Enter another address.")
        for open_one in settings.open_requests(connection, setting_id=setting_id):
            if (open_one.kind, open_one.email) == (kind, email):
                return open_one
        number = settings.add_request(
            connection, setting_id=setting_id, kind=kind, email=email, name=name, asked_by=asked_by, asked_at=now
        )
    return Request(number, setting_id, setting.name, setting.office_email, kind, email, name, asked_by, now)


def decide(engine: Engine, request_id: int, office: str, approved: bool, now: datetime) -> Request:
    """Carry out what the office address decides; only that address may, and only once."""
    with writing(engine) as connection:
        request = settings.request_of(connection, request_id)
        if (
            request is None
            or request.office_email != office
            or not settings.decide(connection, request_id, approved, now)
        ):
            raise SelfAuditRefused("This has been decided already, or is no longer asked of this address.")
        if approved:
            _carry_out(connection, request, now)
    return request


def _carry_out(connection: Connection, request: Request, now: datetime) -> None:
    if request.kind == "office":
        settings.change_setting(connection, request.setting, office_email=request.email)
        return
    for member in settings.members(connection, request.setting):
        if member.lead and member.email != request.email:
            settings.change_member(connection, member.id, lead=False, left_at=now)
    settings.add_member(connection, request.setting, request.email, request.name, lead=True, now=now)


def settings_of(connection: Connection, email: str) -> tuple[SettingFacts, ...]:
    """Return the settings on whose audits a mailbox works."""
    return settings.settings_of(connection, email)
