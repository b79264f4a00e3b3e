"""Read and write settings, their people and links, their audits, and what they share; never an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, select, update

from audit_engine.response.settings import AuditFacts, Member, Request, SettingFacts, Share
from audit_engine.storage import models
from audit_engine.storage import settings_models as own

setting, member, audit = own.setting, own.setting_member, own.setting_audit
link, session = own.setting_link, own.setting_session
share, request, access = own.setting_share, own.setting_request, own.setting_access


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What a link that was just used proves, and where its reader wanted to go."""

    email: str
    questionnaire: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A browser in which a mailbox was proved, and what it reaches of what an address names; None where nothing."""

    email: str
    seen_at: datetime
    member: Member | None = None
    setting: SettingFacts | None = None
    audit: AuditFacts | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody who runs the server looked into a setting's answers."""

    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class TakeUp:
    """How many settings of a phase answered something in a cycle, and how many of them share their counts."""

    phase: str
    settings: int
    sharing: int


# --- links and sessions --------------------------------------------------------


def add_link(connection: Connection, link_hash: str, email: str, questionnaire: str, expires_at: datetime) -> None:
    """Write down a link that was sent."""
    connection.execute(
        insert(link).values(hash=link_hash, email=email, questionnaire=questionnaire, expires_at=expires_at)
    )


def use_link(connection: Connection, link_hash: str, now: datetime) -> LinkRow | None:
    """Use a link up; None when there is none, it was used or its time has passed."""
    used = (
        update(link)
        .where(link.c.hash == link_hash, link.c.used_at.is_(None), link.c.expires_at > now)
        .values(used_at=now)
        .returning(link.c.email, link.c.questionnaire)
    )
    row = connection.execute(used).one_or_none()
    return LinkRow(row.email, row.questionnaire) if row else None


def forget_links(connection: Connection, expired_before: datetime) -> None:
    """Delete links and sessions that open nothing any more."""
    connection.execute(delete(link).where(link.c.expires_at < expired_before))
    connection.execute(delete(session).where(session.c.seen_at < expired_before))


def start_session(connection: Connection, secret_hash: str, email: str, now: datetime) -> None:
    """Write down a browser in which a mailbox was proved."""
    connection.execute(insert(session).values(id=secret_hash, email=email, started_at=now, seen_at=now))


def reach(
    connection: Connection,
    secret_hash: str,
    alive: tuple[datetime, datetime],
    *,
    setting_id: int | None = None,
    audit_id: int | None = None,
) -> Reached | None:
    """Return whose mailbox a browser proved and what it reaches, in one statement; None when nobody is in.

    ``alive``: the session began, and was last heard from, after these moments.
    """
    named = setting.c.id == audit.c.setting_id if audit_id is not None else setting.c.id == setting_id
    mine = and_(member.c.setting_id == setting.c.id, member.c.email == session.c.email, member.c.left_at.is_(None))
    query = (
        select(session.c.email.label("mailbox"), session.c.seen_at, *_labelled(member, setting, audit, models.cycle))
        .select_from(session)
        .outerjoin(audit, audit.c.id == audit_id)
        .outerjoin(setting, named)
        .outerjoin(member, mine)
        .outerjoin(models.cycle, models.cycle.c.id == audit.c.cycle_id)
        .where(session.c.id == secret_hash, session.c.ended_at.is_(None))
        .where(session.c.started_at > alive[0], session.c.seen_at > alive[1])
    )
    row = connection.execute(query).one_or_none()
    return _reached(row) if row else None


def _labelled(*tables: Table) -> list[Any]:
    return [c.label(f"{t.name}__{c.name}") for t in tables for c in t.c]


def _reached(row: Row[Any]) -> Reached:
    said = row._mapping
    if said["setting_member__id"] is None:
        return Reached(row.mailbox, row.seen_at)
    mine = Member(*(said[f"setting_member__{n}"] for n in _MEMBER_FIELDS))
    here = SettingFacts(*(said[f"setting__{n}"] for n in _SETTING_FIELDS))
    if said["setting_audit__id"] is None:
        return Reached(row.mailbox, row.seen_at, mine, here)
    facts = AuditFacts(
        said["setting_audit__id"], here.id, here.name, said["cycle__id"], said["cycle__title"],
        said["cycle__questionnaire"], said["cycle__version"],
        *(said[f"setting_audit__{n}"] for n in ("content_hash", "facts", "started_at", "saved_at", "finished_at")),
    )  # fmt: skip
    return Reached(row.mailbox, row.seen_at, mine, here, facts)


_MEMBER_FIELDS = ("id", "setting_id", "email", "name", "lead", "joined_at")
_SETTING_FIELDS = ("id", "name", "phase", "trust", "office_email", "facts", "made_at")


def see_session(connection: Connection, secret_hash: str, now: datetime) -> None:
    """Note that a browser was heard from."""
    connection.execute(update(session).where(session.c.id == secret_hash).values(seen_at=now))


def end_session(connection: Connection, secret_hash: str, now: datetime) -> None:
    """End one browser's session."""
    connection.execute(
        update(session).where(session.c.id == secret_hash, session.c.ended_at.is_(None)).values(ended_at=now)
    )


# --- settings and their people ---------------------------------------------------


def _setting(row: Row[Any]) -> SettingFacts:
    return SettingFacts(row.id, row.name, row.phase, row.trust, row.office_email, row.facts, row.made_at)


def _member(row: Row[Any]) -> Member:
    return Member(row.id, row.setting_id, row.email, row.name, row.lead, row.joined_at, row.left_at)


def add_setting(connection: Connection, **values: Any) -> int:
    """Add a setting and return its number."""
    return int(connection.execute(insert(setting).values(**values).returning(setting.c.id)).scalar_one())


def change_setting(connection: Connection, setting_id: int, **values: Any) -> None:
    """Set columns of one setting."""
    connection.execute(update(setting).where(setting.c.id == setting_id).values(**values))


def delete_setting(connection: Connection, setting_id: int) -> None:
    """Delete a setting and, with it, every row that hangs on it."""
    connection.execute(delete(setting).where(setting.c.id == setting_id))


def setting_of(connection: Connection, setting_id: int, *, lock: bool = False) -> SettingFacts | None:
    """Return one setting, or None; with ``lock`` other writers of it wait until this transaction ends."""
    query = select(setting).where(setting.c.id == setting_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _setting(row) if row else None


def settings_with_office(connection: Connection, email: str) -> tuple[SettingFacts, ...]:
    """Return the settings whose registered office address that is."""
    rows = connection.execute(select(setting).where(setting.c.office_email == email).order_by(setting.c.name))
    return tuple(map(_setting, rows))


def settings_of(connection: Connection, email: str) -> tuple[SettingFacts, ...]:
    """Return the settings on whose audits a mailbox works, by name."""
    rows = connection.execute(
        select(setting)
        .join(member, member.c.setting_id == setting.c.id)
        .where(member.c.email == email, member.c.left_at.is_(None))
        .order_by(setting.c.name, setting.c.id)
    )
    return tuple(map(_setting, rows))


def members(connection: Connection, setting_id: int) -> tuple[Member, ...]:
    """Return everybody who works or worked on a setting's audits, the lead first."""
    rows = connection.execute(
        select(member).where(member.c.setting_id == setting_id).order_by(member.c.lead.desc(), member.c.id)
    )
    return tuple(map(_member, rows))


def add_member(connection: Connection, setting_id: int, email: str, name: str, *, lead: bool, now: datetime) -> int:
    """Let a mailbox work on a setting's audits, somebody who had left too, and return the member's number."""
    there = connection.execute(
        select(member.c.id).where(member.c.setting_id == setting_id, member.c.email == email)
    ).scalar()
    values = {"name": name, "lead": lead, "joined_at": now, "left_at": None}
    if there is not None:
        change_member(connection, there, **values)
        return int(there)
    added = insert(member).values(setting_id=setting_id, email=email, **values).returning(member.c.id)
    return int(connection.execute(added).scalar_one())


def change_member(connection: Connection, member_id: int, **values: Any) -> None:
    """Set columns of one member."""
    connection.execute(update(member).where(member.c.id == member_id).values(**values))


# --- audits ---------------------------------------------------------------------


def _audits() -> Any:
    cycle = models.cycle
    return (
        select(
            audit, setting.c.name.label("setting_name"), cycle.c.title, cycle.c.questionnaire, cycle.c.version
        )
        .join(setting, setting.c.id == audit.c.setting_id)
        .join(cycle, cycle.c.id == audit.c.cycle_id)
    )  # fmt: skip


def _audit(row: Row[Any]) -> AuditFacts:
    return AuditFacts(
        row.id, row.setting_id, row.setting_name, row.cycle_id, row.title, row.questionnaire, row.version,
        row.content_hash, row.facts, row.started_at, row.saved_at, row.finished_at,
    )  # fmt: skip


def add_audit(connection: Connection, **values: Any) -> int:
    """Add an audit and return its number."""
    return int(connection.execute(insert(audit).values(**values).returning(audit.c.id)).scalar_one())


def change_audit(connection: Connection, audit_id: int, **values: Any) -> None:
    """Set columns of one audit."""
    connection.execute(update(audit).where(audit.c.id == audit_id).values(**values))


def change_facts_of_open_audits(connection: Connection, setting_id: int, facts: Mapping[str, object]) -> None:
    """Let what is not finished be asked by another profile."""
    connection.execute(
        update(audit).where(audit.c.setting_id == setting_id, audit.c.finished_at.is_(None)).values(facts=dict(facts))
    )


def audit_of(connection: Connection, audit_id: int, *, lock: bool = False) -> AuditFacts | None:
    """Return one audit, or None; with ``lock`` other writers of it wait until this transaction ends."""
    query = _audits().where(audit.c.id == audit_id)
    locked = query.with_for_update(of=audit) if lock and connection.dialect.name == "postgresql" else query
    row = connection.execute(locked).one_or_none()
    return _audit(row) if row else None


def audits_of(connection: Connection, setting_id: int) -> tuple[AuditFacts, ...]:
    """Return a setting's audits, the newest first."""
    rows = connection.execute(
        _audits().where(audit.c.setting_id == setting_id).order_by(audit.c.started_at.desc(), audit.c.id.desc())
    )
    return tuple(map(_audit, rows))


# --- sharing --------------------------------------------------------------------


def _share(row: Row[Any]) -> Share:
    return Share(
        row.id, row.audit_id, row.setting_id, row.trust_email, row.counts, row.granted_at, row.withdrawn_at
    )  # fmt: skip


def add_share(connection: Connection, **values: Any) -> None:
    """Write down a leave to see counts."""
    connection.execute(insert(share).values(**values))


def withdraw_shares(connection: Connection, audit_id: int, trust_email: str, now: datetime) -> None:
    """Take a leave back; the counts go with it."""
    connection.execute(
        update(share)
        .where(share.c.audit_id == audit_id, share.c.trust_email == trust_email, share.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, counts={})
    )


def shares_of(connection: Connection, audit_id: int) -> tuple[Share, ...]:
    """Return the leaves that stand for one audit."""
    query = select(share).where(share.c.audit_id == audit_id, share.c.withdrawn_at.is_(None)).order_by(share.c.id)
    return tuple(map(_share, connection.execute(query)))


def shared_with(connection: Connection, trust_email: str) -> tuple[tuple[Share, AuditFacts], ...]:
    """Return what settings let a trust's mailbox see, by the setting's name."""
    shares = {
        s.audit: s
        for s in map(
            _share,
            connection.execute(
                select(share).where(share.c.trust_email == trust_email, share.c.withdrawn_at.is_(None))
            ),
        )
    }  # fmt: skip
    if not trust_email or not shares:
        return ()
    rows = connection.execute(_audits().where(audit.c.id.in_(sorted(shares))).order_by(setting.c.name, audit.c.id))
    return tuple((shares[row.id], _audit(row)) for row in rows)


def shared_counts(connection: Connection, cycle_id: str) -> tuple[Mapping[str, Mapping[str, int]], ...]:
    """Return what settings share with the partnership in a cycle, without whose it is."""
    query = (
        select(share.c.counts)
        .join(audit, audit.c.id == share.c.audit_id)
        .where(audit.c.cycle_id == cycle_id, share.c.trust_email == "", share.c.withdrawn_at.is_(None))
    )
    return tuple(connection.execute(query).scalars())


def take_up(connection: Connection, cycle_id: str) -> tuple[TakeUp, ...]:
    """Return, by phase, how many settings answered something in a cycle; a setting counts once."""
    leave = and_(share.c.audit_id == audit.c.id, share.c.trust_email == "", share.c.withdrawn_at.is_(None))
    query = (
        select(
            setting.c.phase,
            func.count(setting.c.id.distinct()).label("settings"),
            func.count(share.c.setting_id.distinct()).label("sharing"),
        )
        .join(audit, audit.c.setting_id == setting.c.id)
        .outerjoin(share, leave)
        .where(audit.c.cycle_id == cycle_id, audit.c.saved_at.is_not(None))
        .group_by(setting.c.phase)
        .order_by(setting.c.phase)
    )
    return tuple(TakeUp(row.phase, row.settings, row.sharing) for row in connection.execute(query))


# --- what the office address decides, and who looked ---------------------------------


def _requests() -> Any:
    return select(request, setting.c.name.label("setting_name"), setting.c.office_email).join(
        setting, setting.c.id == request.c.setting_id
    )


def _request(row: Row[Any]) -> Request:
    return Request(
        row.id, row.setting_id, row.setting_name, row.office_email, row.kind, row.email, row.name, row.asked_by,
        row.asked_at, row.approved,
    )  # fmt: skip


def add_request(connection: Connection, **values: Any) -> int:
    """Write down what an office address is asked, and return its number."""
    return int(connection.execute(insert(request).values(**values).returning(request.c.id)).scalar_one())


def request_of(connection: Connection, request_id: int) -> Request | None:
    """Return one request, or None."""
    row = connection.execute(_requests().where(request.c.id == request_id)).one_or_none()
    return _request(row) if row else None


def open_requests(connection: Connection, *, setting_id: int | None = None, office: str = "") -> tuple[Request, ...]:
    """Return what is not decided yet, of one setting or for one office address."""
    query = _requests().where(request.c.decided_at.is_(None)).order_by(request.c.id)
    of = request.c.setting_id == setting_id if setting_id is not None else setting.c.office_email == office
    return tuple(map(_request, connection.execute(query.where(of))))


def decide(connection: Connection, request_id: int, approved: bool, now: datetime) -> bool:
    """Write a decision down; tell whether there was none before."""
    done = connection.execute(
        update(request)
        .where(request.c.id == request_id, request.c.decided_at.is_(None))
        .values(approved=approved, decided_at=now)
    )
    return done.rowcount == 1


def note_access(connection: Connection, setting_id: int, who: str, why: str, now: datetime) -> None:
    """Write down that somebody who runs the server looked."""
    connection.execute(insert(access).values(setting_id=setting_id, who=who, why=why, at=now))


def accesses(connection: Connection, setting_id: int) -> tuple[Access, ...]:
    """Return who looked, the latest first."""
    rows = connection.execute(select(access).where(access.c.setting_id == setting_id).order_by(access.c.id.desc()))
    return tuple(Access(row.at, row.who, row.why) for row in rows)
