"""Read and write what people say without a name.

This module knows no table that names anybody (an import rule holds that), and
nothing in it writes to the trail.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, literal, null, select, text, update

from audit_engine.storage import anonymous_models as models
from audit_engine.storage.bulk import insert_many
from audit_engine.storage.statements import insert_into, upsert

link, ticket, draft = models.survey_link, models.survey_ticket, models.survey_draft
reply, words = models.survey_reply, models.survey_text
turnout, count = models.survey_turnout, models.survey_count
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """A link or a ticket: a way into one survey; ``closed`` when the link was ended or the ticket used."""

    cycle: str
    organisation: str
    closed: bool
    is_ticket: bool = False


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An open link."""

    id: int
    cycle: str
    organisation: str
    token: str
    made_on: date
    ended: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it lies in the database; ``sealed`` is None once it was handed in."""

    cycle: str
    organisation: str
    sealed: bytes | None
    touched_on: date


@dataclass(frozen=True, slots=True)
class Reply:
    """What one person said, without who, when or in which order."""

    cycle: str
    organisation: str
    answered_on: date
    answers: Mapping[str, list[str] | None]
    coded: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """Words that wait for a reviewer or that one has read."""

    id: str
    item: str
    text: str
    outcome: str
    reason: str
    risk: str
    reviewer: str
    reviewed_on: date | None


def fresh_id() -> str:
    """Return an id that says nothing, drawn so that nobody can foresee it."""
    return secrets.token_hex(16)


# --- ways in -----------------------------------------------------------------


def add_links(connection: Connection, cycle_id: str, tokens: Mapping[str, str], today: date) -> None:
    """Add an open link for each organisation ('' for everybody)."""
    rows = [
        {"cycle_id": cycle_id, "organisation_id": o, "token": t, "made_on": today, "ended": False}
        for o, t in tokens.items()
    ]
    if rows:
        connection.execute(insert(link), rows)


def links(connection: Connection, cycle_id: str) -> tuple[LinkRow, ...]:
    """Return a survey's open links, ended ones too, in the order in which they were made."""
    rows = connection.execute(select(link).where(link.c.cycle_id == cycle_id).order_by(link.c.id))
    return tuple(LinkRow(r.id, r.cycle_id, r.organisation_id, r.token, r.made_on, r.ended) for r in rows)


def link_of(connection: Connection, link_id: int) -> LinkRow | None:
    """Return one open link, or None."""
    row = connection.execute(select(link).where(link.c.id == link_id)).one_or_none()
    return LinkRow(row.id, row.cycle_id, row.organisation_id, row.token, row.made_on, row.ended) if row else None


def end_links(connection: Connection, cycle_id: str, organisation_id: str) -> None:
    """End an organisation's open links."""
    connection.execute(
        update(link).where(link.c.cycle_id == cycle_id, link.c.organisation_id == organisation_id).values(ended=True)
    )


def add_tickets(connection: Connection, cycle_id: str, organisation_id: str, hashes: Iterable[str]) -> None:
    """Add tickets by their hashes, in an order that says nothing of whom they are for."""
    rows = [
        {"hash": h, "cycle_id": cycle_id, "organisation_id": organisation_id, "used": False} for h in sorted(hashes)
    ]
    if rows:
        connection.execute(insert(ticket), rows)


def way_in(connection: Connection, token: str, token_hash: str) -> Way | None:
    """Return the link with that token, or else the ticket with that hash."""
    row = connection.execute(select(link).where(link.c.token == token)).one_or_none()
    if row is not None:
        return Way(row.cycle_id, row.organisation_id, row.ended)
    row = connection.execute(select(ticket).where(ticket.c.hash == token_hash)).one_or_none()
    return Way(row.cycle_id, row.organisation_id, row.used, is_ticket=True) if row else None


def use_ticket(connection: Connection, token_hash: str) -> bool:
    """Mark a ticket as used; tell whether it was not before."""
    done = connection.execute(
        update(ticket).where(ticket.c.hash == token_hash, ticket.c.used.is_(False)).values(used=True)
    )
    return done.rowcount == 1


# --- drafts --------------------------------------------------------------------


def keep_draft(connection: Connection, code_hash: str, row: DraftRow) -> None:
    """Store a draft, or what has become of it."""
    values = {
        "code_hash": code_hash, "cycle_id": row.cycle, "organisation_id": row.organisation, "answers": row.sealed,
        "touched_on": row.touched_on,
    }  # fmt: skip
    upsert(connection, draft, [values], ["code_hash"])


def draft_of(connection: Connection, code_hash: str, *, lock: bool = False) -> DraftRow | None:
    """Return the draft with that code, or None; with ``lock`` nobody else can hand it in meanwhile."""
    query = select(draft).where(draft.c.code_hash == code_hash)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return DraftRow(row.cycle_id, row.organisation_id, row.answers, row.touched_on) if row else None


def forget_drafts(connection: Connection, *, touched_before: date | None = None, cycle: str | None = None) -> None:
    """Delete drafts that nobody has touched for long, or those of one survey."""
    if touched_before is not None:
        connection.execute(delete(draft).where(draft.c.touched_on < touched_before))
    if cycle is not None:
        connection.execute(delete(draft).where(draft.c.cycle_id == cycle))


# --- replies -------------------------------------------------------------------


def add_replies(connection: Connection, replies: Iterable[Reply]) -> None:
    """Add replies that count, under fresh ids, in the order of these, which is no order."""
    rows = [
        {
            "id": fresh_id(), "cycle_id": r.cycle, "organisation_id": r.organisation, "answered_on": r.answered_on,
            "answers": dict(r.answers), "coded": r.coded,
        }
        for r in replies
    ]  # fmt: skip
    insert_many(connection, reply, sorted(rows, key=lambda row: str(row["id"])))


def packed_replies(connection: Connection, cycle_id: str, organisations: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the replies that count, packed, many at a time one after another: of these organisations, or (None) all."""
    query = select(func.aggregate_strings(reply.c.coded, "")).where(reply.c.cycle_id == cycle_id)
    if organisations is not None:
        query = query.where(reply.c.organisation_id.in_(organisations))
    # Ids are random hexadecimal figures, so the first two part the replies into 256 lots.
    yield from connection.execute(query.group_by(func.substr(reply.c.id, 1, 2))).scalars()


# --- counts ----------------------------------------------------------------------


def add_to_turnout(connection: Connection, cycle_id: str, organisation_id: str, replies: int) -> None:
    """Count replies that came in; on PostgreSQL this also makes others of the same organisation wait their turn."""
    statement = insert_into(connection, turnout).values(
        cycle_id=cycle_id, organisation_id=organisation_id, replies=replies
    )
    more = {"replies": turnout.c.replies + statement.excluded.replies}
    connection.execute(statement.on_conflict_do_update(index_elements=["cycle_id", "organisation_id"], set_=more))


def set_invited(connection: Connection, cycle_id: str, organisation_id: str, invited: int | None) -> None:
    """Write down how many people were invited (None: nobody knows)."""
    statement = insert_into(connection, turnout).values(
        cycle_id=cycle_id, organisation_id=organisation_id, replies=0, invited=invited
    )
    changed = {"invited": statement.excluded.invited}
    connection.execute(statement.on_conflict_do_update(index_elements=["cycle_id", "organisation_id"], set_=changed))


def turnouts(connection: Connection, cycle_id: str) -> Mapping[str, tuple[int, int | None]]:
    """Return, by organisation, how many replied and how many were invited."""
    rows = connection.execute(select(turnout).where(turnout.c.cycle_id == cycle_id))
    return {r.organisation_id: (r.replies, r.invited) for r in rows}


def invited_numbers(connection: Connection, cycle_id: str) -> Mapping[str, int | None]:
    """Return, by organisation with an open link or replies, how many were invited (None: nobody knows)."""
    numbers = select(turnout.c.organisation_id, turnout.c.invited).where(turnout.c.cycle_id == cycle_id)
    linked = select(link.c.organisation_id, null()).where(link.c.cycle_id == cycle_id, link.c.ended.is_(False))
    found: dict[str, int | None] = {}
    for organisation, invited in connection.execute(numbers.union_all(linked)):
        found[organisation] = found.get(organisation) if invited is None else invited
    return found


def replies_by_cycle(connection: Connection) -> Mapping[str, int]:
    """Return how many have replied to each survey that has links, or replies collected elsewhere."""
    linked = select(link.c.cycle_id, literal(0).label("n"))
    both = linked.union_all(select(turnout.c.cycle_id, turnout.c.replies)).subquery()
    query = select(both.c.cycle_id, func.sum(both.c.n)).group_by(both.c.cycle_id)
    return {cycle: int(n) for cycle, n in connection.execute(query)}


def add_to_counts(connection: Connection, cycle_id: str, organisation_id: str, more: Mapping[Key, int]) -> None:
    """Add to the counts of replies, by (item, mark)."""
    if not more:
        return
    statement = insert_into(connection, count)
    summed = {"n": count.c.n + statement.excluded.n}
    keys = ["cycle_id", "organisation_id", "item_id", "option"]
    rows = [
        {"cycle_id": cycle_id, "organisation_id": organisation_id, "item_id": item, "option": mark, "n": n}
        for (item, mark), n in sorted(more.items())
    ]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=summed), rows)


def tally(connection: Connection, cycle_id: str) -> Mapping[Key, int]:
    """Return the counts of all replies, by (item, mark)."""
    query = select(count.c.item_id, count.c.option, func.sum(count.c.n)).where(count.c.cycle_id == cycle_id)
    rows = connection.execute(query.group_by(count.c.item_id, count.c.option))
    return {(item, mark): int(n) for item, mark, n in rows}


def tallies_by_organisation(connection: Connection, cycle_id: str) -> Mapping[str, Mapping[Key, int]]:
    """Return the counts of replies by organisation."""
    found: dict[str, dict[Key, int]] = {}
    query = select(count.c.organisation_id, count.c.item_id, count.c.option, count.c.n)
    for organisation, item, mark, n in connection.execute(query.where(count.c.cycle_id == cycle_id)):
        found.setdefault(organisation, {})[item, mark] = n
    return found


# --- words -----------------------------------------------------------------------


def add_texts(connection: Connection, cycle_id: str, texts: Iterable[Key]) -> None:
    """Add (item, words) for a reviewer under fresh ids, in the order of these."""
    rows = [{"id": fresh_id(), "cycle_id": cycle_id, "item_id": item, "text": said} for item, said in texts]
    if rows:
        connection.execute(insert(words), sorted(rows, key=lambda row: str(row["id"])))


def texts(connection: Connection, cycle_id: str, outcomes: Sequence[str]) -> tuple[TextRow, ...]:
    """Return the texts with these outcomes ('': not read yet), by item."""
    query = select(words).where(words.c.cycle_id == cycle_id, words.c.outcome.in_(outcomes))
    return tuple(
        TextRow(r.id, r.item_id, r.text, r.outcome, r.reason, r.risk, r.reviewer, r.reviewed_on)
        for r in connection.execute(query.order_by(words.c.item_id, words.c.id))
    )


def unread_texts(connection: Connection, cycle_id: str) -> int:
    """Return how many texts no reviewer has read."""
    query = select(func.count()).select_from(words).where(words.c.cycle_id == cycle_id, words.c.outcome == "")
    return int(connection.execute(query).scalar_one())


def review_text(connection: Connection, cycle_id: str, text_id: str, values: Mapping[str, Any]) -> bool:
    """Write down what a reviewer decided; tell whether the survey had such a text to read."""
    mine = (words.c.id == text_id, words.c.cycle_id == cycle_id)
    return connection.execute(update(words).where(*mine).values(**dict(values))).rowcount == 1


# --- leaving no order behind --------------------------------------------------------


def shuffle(connection: Connection, cycle_id: str) -> None:
    """Write a survey's replies and texts anew under fresh ids, so that no batch can be told from another."""
    for one in (reply, words):
        _SHUFFLES[connection.dialect.name](connection, one, cycle_id)


def _shuffle_sqlite(connection: Connection, one: Table, cycle_id: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.create_function("fresh_id", 0, fresh_id)
    connection.execute(update(one).where(one.c.cycle_id == cycle_id).values(id=text("fresh_id()")))


def _shuffle_postgresql(connection: Connection, one: Table, cycle_id: str) -> None:
    # gen_random_uuid() draws from the same strong source as keys do; rows land in the order of the new ids.
    rest = ", ".join(c.name for c in one.c if c.name != "id")
    statement = (
        f"WITH gone AS (DELETE FROM {one.name} WHERE cycle_id = :cycle RETURNING {rest}) "  # noqa: S608 (our own names)
        f"INSERT INTO {one.name} (id, {rest}) "
        f"SELECT replace(gen_random_uuid()::text, '-', ''), {rest} FROM gone ORDER BY 1"
    )
    connection.execute(text(statement), {"cycle": cycle_id})


_SHUFFLES = {"sqlite": _shuffle_sqlite, "postgresql": _shuffle_postgresql}
_TRACES = {
    "sqlite": "PRAGMA wal_checkpoint(TRUNCATE)",
    "postgresql": "VACUUM survey_reply, survey_sealed_reply, survey_sealed_words, survey_text, survey_draft",
}


def forget_traces(engine: Engine) -> None:
    """Drop what the database keeps of earlier states: the journal on SQLite, dead rows on PostgreSQL."""
    raw = engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        if engine.dialect.name == "postgresql":
            driver.autocommit = True
        driver.execute(_TRACES[engine.dialect.name])
    finally:
        raw.invalidate()
