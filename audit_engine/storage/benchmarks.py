"""Read and write who takes part in a comparison of settings, and its frozen figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from audit_engine.analysis.benchmark_values import Cohort, Place
from audit_engine.storage import settings_models as own
from audit_engine.storage.benchmarks_models import benchmark_cohort, benchmark_publication, setting_benchmark
from audit_engine.storage.models import person

setting, member, audit = own.setting, own.setting_member, own.setting_audit
entry, publication, cohort = setting_benchmark, benchmark_publication, benchmark_cohort
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit that takes part; ``placed`` None until figures were frozen."""

    counts: Counts
    joined_at: datetime
    placed: tuple[Place, ...] | None


@dataclass(frozen=True, slots=True)
class Published:
    """When figures of a round were frozen, and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Taking:
    """An audit that takes part, without whose it is: ``owners`` are hashes of a trust and of addresses."""

    audit: int
    kind: str
    owners: frozenset[str]
    counts: Counts


# --- for one setting -------------------------------------------------------------


def entry_of(connection: Connection, audit_id: int) -> Entry | None:
    """Return how an audit takes part, or None where it does not."""
    row = connection.execute(select(entry).where(entry.c.audit_id == audit_id)).one_or_none()
    if row is None:
        return None
    placed = None if row.placed is None else tuple(Place(**one) for one in row.placed)
    return Entry(row.counts, row.joined_at, placed)


def join(connection: Connection, audit_id: int, counts: Counts, by: int, now: datetime) -> None:
    """Let an audit take part with these counts, in place of any other of the same setting and round."""
    mine = select(audit.c.setting_id, audit.c.cycle_id).where(audit.c.id == audit_id).subquery()
    same = select(audit.c.id).join(
        mine, (audit.c.setting_id == mine.c.setting_id) & (audit.c.cycle_id == mine.c.cycle_id)
    )
    connection.execute(delete(entry).where(entry.c.audit_id.in_(same)))
    values = {"audit_id": audit_id, "counts": {k: dict(v) for k, v in counts.items()}, "joined_at": now}
    connection.execute(insert(entry).values(**values, joined_by=by))


def leave(connection: Connection, audit_id: int) -> bool:
    """Take an audit out, its counts and its place with it; tell whether it took part."""
    return connection.execute(delete(entry).where(entry.c.audit_id == audit_id)).rowcount == 1


def cohorts_of(connection: Connection, cycle_id: str, kind: str) -> Mapping[str, Cohort]:
    """Return the frozen figures of one kind of setting by section."""
    mine = select(cohort).where(cohort.c.cycle_id == cycle_id, cohort.c.kind == kind)
    return {
        r.section_id: Cohort(r.kind, r.section_id, r.n, r.shows, r.q1, r.median, r.q3) for r in connection.execute(mine)
    }


# --- for a publication, which sees no setting ------------------------------------


def published(connection: Connection, cycle_id: str) -> Published | None:
    """Return when figures were frozen, or None."""
    query = select(publication.c.published_at, person.c.name).outerjoin(
        person, person.c.id == publication.c.published_by
    )
    row = connection.execute(query.where(publication.c.cycle_id == cycle_id)).one_or_none()
    return Published(row.published_at, row.name or "") if row else None


def how_many(connection: Connection, cycle_id: str) -> int:
    """Return how many settings take part."""
    query = select(func.count()).select_from(entry).join(audit, audit.c.id == entry.c.audit_id)
    return int(connection.execute(query.where(audit.c.cycle_id == cycle_id)).scalar_one())


def taking_part(connection: Connection, cycle_id: str) -> tuple[Taking, ...]:
    """Return every audit that takes part in a round, in two statements."""
    query = (
        select(entry.c.audit_id, entry.c.counts, setting.c.id, setting.c.phase, setting.c.trust, setting.c.office_email)
        .join(audit, audit.c.id == entry.c.audit_id)
        .join(setting, setting.c.id == audit.c.setting_id)
        .where(audit.c.cycle_id == cycle_id)
        .order_by(entry.c.audit_id)
    )
    rows = connection.execute(query).all()
    mailboxes: dict[int, list[str]] = {}
    leads = select(member.c.setting_id, member.c.email).where(member.c.lead.is_(True))
    for number, email in connection.execute(leads.where(member.c.setting_id.in_([r.id for r in rows]))):
        mailboxes.setdefault(number, []).append(email)
    return tuple(
        Taking(r.audit_id, r.phase, frozenset(_marks(r.trust, [r.office_email, *mailboxes.get(r.id, ())])), r.counts)
        for r in rows
    )


def _marks(trust: str, addresses: Iterable[str]) -> Iterator[str]:
    """Yield hashes of what shows who owns a setting; two that share one have one owner."""
    named = " ".join(trust.casefold().split())
    for mark in ([f"trust:{named}"] if named else []) + [f"address:{a.strip().casefold()}" for a in addresses]:
        yield hashlib.sha256(mark.encode()).hexdigest()


def keep_publication(
    connection: Connection, cycle_id: str, cohorts: Iterable[Cohort], by: int | None, now: datetime
) -> None:
    """Write down that figures were frozen, and which."""
    connection.execute(insert(publication).values(cycle_id=cycle_id, published_at=now, published_by=by))
    rows = [
        {"cycle_id": cycle_id, "kind": c.kind, "section_id": c.section, "n": c.n, "shows": c.shows, "q1": c.q1,
         "median": c.median, "q3": c.q3}
        for c in cohorts
    ]  # fmt: skip
    if rows:
        connection.execute(insert(cohort), rows)


def keep_places(connection: Connection, places: Mapping[int, Iterable[Place]]) -> None:
    """Write beside each audit that takes part where it stood."""
    for audit_id, found in places.items():
        placed: list[dict[str, Any]] = [asdict(place) for place in found]
        connection.execute(update(entry).where(entry.c.audit_id == audit_id).values(placed=placed))
