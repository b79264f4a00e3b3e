"""Read and write mailings, whom each was sent to, and who asked for no more.

This module knows no one-use link (an import rule holds that).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from audit_engine.storage import models
from audit_engine.storage.mail_models import mail_recipient as recipient
from audit_engine.storage.mail_models import mail_stop as stop
from audit_engine.storage.mail_models import mailing, organisation_contact
from audit_engine.storage.rows import named
from audit_engine.storage.statements import insert_into

WORK = "mailing"
AT_ONCE = 500
#: An address is still to be written to, or may be being written to.
UNFINISHED = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class MailingRow:
    """A mailing; ``organisation`` is '' for people of nobody in particular and for contacts."""

    id: int
    cycle: str
    kind: str
    purpose: str
    after: int | None
    organisation: str
    areas: tuple[str, ...]
    subject: str
    words: str
    state: str
    round: int
    made_at: datetime
    asked_at: datetime | None
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One address of a mailing."""

    id: int
    organisation: str
    address: str
    state: str
    reason: str
    message_id: str


def _mailing(row: Row[Any]) -> MailingRow:
    return MailingRow(
        row.id, row.cycle_id, row.kind, row.purpose, row.after_id, row.organisation_id, tuple(row.areas), row.subject,
        row.words, row.state, row.round, row.made_at, row.asked_at, row.counted,
    )  # fmt: skip


# --- mailings ----------------------------------------------------------------


def add_mailing(connection: Connection, values: Mapping[str, Any], to: Sequence[tuple[str, str]]) -> int:
    """Add a mailing to (organisation, address) as a draft and return its number."""
    statement = insert(mailing).values(state="draft", counted={}, **values).returning(mailing.c.id)
    number = int(connection.execute(statement).scalar_one())
    rows = [{"mailing_id": number, "organisation_id": o, "address": a, "state": "waiting"} for o, a in to]
    if rows:
        connection.execute(insert(recipient), rows)
    return number


def mailing_of(connection: Connection, number: int, *, lock: bool = False) -> MailingRow | None:
    """Return a mailing, or None."""
    query = select(mailing).where(mailing.c.id == number)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _mailing(row) if row else None


def mailings_of(connection: Connection, cycle_id: str) -> tuple[MailingRow, ...]:
    """Return a survey's mailings, the newest first."""
    rows = connection.execute(select(mailing).where(mailing.c.cycle_id == cycle_id).order_by(mailing.c.id.desc()))
    return tuple(map(_mailing, rows))


def change_mailing(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of a mailing."""
    connection.execute(update(mailing).where(mailing.c.id == number).values(**values))


def drop_mailing(connection: Connection, number: int) -> None:
    """Delete a mailing with its addresses."""
    drop_recipients(connection, number)
    connection.execute(delete(mailing).where(mailing.c.id == number))


def drop_recipients(connection: Connection, number: int) -> None:
    """Delete a mailing's addresses."""
    connection.execute(delete(recipient).where(recipient.c.mailing_id == number))


def forget_addresses(connection: Connection, cycle_id: str) -> None:
    """Delete every address of a survey's mailings and keep how many there were; drafts go altogether."""
    counted = counts(connection, cycle_id)
    for row in mailings_of(connection, cycle_id):
        if row.state == "draft":
            drop_mailing(connection, row.id)
        elif counted.get(row.id):
            change_mailing(connection, row.id, counted=dict(counted[row.id]))
            drop_recipients(connection, row.id)


# --- addresses ---------------------------------------------------------------


def counts(connection: Connection, cycle_id: str) -> Mapping[int, Mapping[str, int]]:
    """Return, by mailing of a survey, how many addresses are in which state."""
    query = (
        select(recipient.c.mailing_id, recipient.c.state, func.count())
        .join(mailing, mailing.c.id == recipient.c.mailing_id)
        .where(mailing.c.cycle_id == cycle_id)
        .group_by(recipient.c.mailing_id, recipient.c.state)
    )
    found: dict[int, dict[str, int]] = {}
    for number, state, count in connection.execute(query):
        found.setdefault(number, {})[state] = count
    return found


def recipients(
    connection: Connection,
    number: int,
    states: Sequence[str] = (),
    batch: int | None = None,
    limit: int | None = None,
) -> tuple[RecipientRow, ...]:
    """Return a mailing's addresses by alphabet: those in these states (() any), of a batch, at most so many."""
    query = select(recipient).where(recipient.c.mailing_id == number)
    if states:
        query = query.where(recipient.c.state.in_(states))
    if batch is not None:
        query = query.where(recipient.c.batch == batch)
    rows = connection.execute(query.order_by(recipient.c.address, recipient.c.organisation_id).limit(limit))
    return tuple(RecipientRow(r.id, r.organisation_id, r.address, r.state, r.reason, r.message_id) for r in rows)


def put_in_batches(connection: Connection, batches: Mapping[int, Sequence[int]]) -> None:
    """Say which addresses are sent together, by the batch's number."""
    for batch, ids in batches.items():
        connection.execute(update(recipient).where(recipient.c.id.in_(ids)).values(batch=batch))


def last_batch(connection: Connection, number: int) -> int:
    """Return the highest number of a batch so far; 0 where there is none."""
    query = select(func.coalesce(func.max(recipient.c.batch), 0)).where(recipient.c.mailing_id == number)
    return int(connection.execute(query).scalar_one())


def start(connection: Connection, recipient_id: int, message_id: str) -> bool:
    """Write down that a message is about to be handed over; tell whether it was still waiting for that."""
    mine = (recipient.c.id == recipient_id, recipient.c.state == "waiting")
    values = {"state": "sending", "message_id": message_id}
    return connection.execute(update(recipient).where(*mine).values(**values)).rowcount == 1


def finish(connection: Connection, recipient_id: int, state: str, reason: str) -> None:
    """Write down what became of a message."""
    connection.execute(update(recipient).where(recipient.c.id == recipient_id).values(state=state, reason=reason))


def settle(
    connection: Connection, number: int, before: Sequence[str], after: str, reason: str = "", batch: int | None = None
) -> int:
    """Bring a mailing's addresses from some states into another and return how many; '' keeps the reason."""
    mine = [recipient.c.mailing_id == number, recipient.c.state.in_(before)]
    if batch is not None:
        mine.append(recipient.c.batch == batch)
    values = {"state": after} | ({"reason": reason} if reason else {})
    return connection.execute(update(recipient).where(*mine).values(**values)).rowcount


def mark_returned(connection: Connection, address: str, reason: str, message_id: str) -> int:
    """Mark an address to which a message came back; '' for an id that the report does not name."""
    mine = [recipient.c.address == address, recipient.c.state.in_(("sent", "unknown"))]
    if message_id:
        mine.append(recipient.c.message_id == message_id)
    return connection.execute(update(recipient).where(*mine).values(state="returned", reason=reason)).rowcount


# --- who asked for no more -----------------------------------------------------


def stopped(connection: Connection, hashes: Iterable[str]) -> frozenset[str]:
    """Return which of these addresses, by hash, asked for no more."""
    asked = list(hashes)
    found: set[str] = set()
    for at in range(0, len(asked), AT_ONCE):
        some = select(stop.c.address_hash).where(stop.c.address_hash.in_(asked[at : at + AT_ONCE]))
        found.update(connection.execute(some).scalars())
    return frozenset(found)


def add_stop(connection: Connection, address_hash: str, today: date) -> None:
    """Write down that somebody wants no more, once."""
    statement = insert_into(connection, stop).values(address_hash=address_hash, asked_on=today)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["address_hash"]))


# --- contacts ----------------------------------------------------------------


def contacts(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """Return who passes links on, by organisation: those written down, else its leads who can sign in."""
    person, grant = models.person, models.grant
    leads = (
        select(grant.c.organisation_id, person.c.email)
        .join(person, person.c.id == grant.c.person_id)
        .where(grant.c.role == "organisation-lead", person.c.active)
        .order_by(person.c.email)
    )
    written = select(organisation_contact).order_by(organisation_contact.c.address)
    found = [_grouped(connection.execute(query).all()) for query in (leads, written)]
    return {**found[0], **found[1]}


def _grouped(rows: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for organisation, address in rows:
        found[organisation] = (*found.get(organisation, ()), address)
    return found


def keep_contacts(connection: Connection, addresses: Mapping[str, Sequence[str]]) -> None:
    """Write down who passes links on in these organisations, in place of those before."""
    chosen = list(addresses)
    for at in range(0, len(chosen), AT_ONCE):
        some = organisation_contact.c.organisation_id.in_(chosen[at : at + AT_ONCE])
        connection.execute(delete(organisation_contact).where(some))
    rows = [{"organisation_id": o, "address": a} for o, every in addresses.items() for a in dict.fromkeys(every)]
    if rows:
        connection.execute(insert(organisation_contact), rows)


# --- work ------------------------------------------------------------------------


def works_of(connection: Connection, number: int) -> tuple[Mapping[str, Any], ...]:
    """Return the work in the background that a mailing asked for, the newest first."""
    outbox = models.outbox
    mine = (outbox.c.kind == WORK, outbox.c.key.like(f"{WORK}:{number}:%"))
    return tuple(named(r) for r in connection.execute(select(outbox).where(*mine).order_by(outbox.c.id.desc())))
