"""Read and write cycles and the definitions that they pinned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from audit_engine.response.cycles import CycleFacts
from audit_engine.storage import models
from audit_engine.storage.statements import insert_into

cycle = models.cycle
definition = models.cycle_definition
response = models.response


def facts_of(row: Row[Any], prefix: str = "") -> CycleFacts:
    """Return a row of the cycle table as a value; ``prefix`` as the columns were labelled.

    Whom it invites is left out where that column was.
    """
    said = row._mapping
    invited = said.get(prefix + "invited")
    return CycleFacts(
        id=said[prefix + "id"],
        title=said[prefix + "title"],
        questionnaire=said[prefix + "questionnaire"],
        version=said[prefix + "version"],
        baseline=said[prefix + "baseline_id"],
        opens_at=said[prefix + "opens_at"],
        closes_at=said[prefix + "closes_at"],
        opened_at=said[prefix + "opened_at"],
        closed_at=said[prefix + "closed_at"],
        content_hash=said[prefix + "content_hash"],
        pilot=said[prefix + "pilot"],
        invited=None if invited is None else tuple(invited),
    )


def cycle_of(connection: Connection, cycle_id: str, *, hold: bool = False) -> CycleFacts | None:
    """Return the cycle, or None; with ``hold`` nobody changes it before the transaction ends."""
    query = select(cycle).where(cycle.c.id == cycle_id)
    row = connection.execute(query.with_for_update(read=True) if hold else query).one_or_none()
    return facts_of(row) if row else None


def cycles(connection: Connection) -> tuple[CycleFacts, ...]:
    """Return every cycle, the newest first."""
    return tuple(facts_of(r) for r in connection.execute(select(cycle).order_by(cycle.c.opens_at.desc())))


def counts_by_state(connection: Connection) -> dict[str, dict[str, int]]:
    """Return, by cycle, how many returns are in which state."""
    rows = connection.execute(
        select(response.c.cycle_id, response.c.state, func.count()).group_by(response.c.cycle_id, response.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for cycle_id, state, count in rows:
        found.setdefault(cycle_id, {})[state] = count
    return found


def areas_by_cycle(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return, by cycle, the areas in which its organisations work."""
    found: dict[str, set[str]] = {}
    for cycle_id, areas in connection.execute(select(response.c.cycle_id, response.c.areas).distinct()):
        found.setdefault(cycle_id, set()).update(areas)
    return {k: tuple(sorted(v)) for k, v in found.items()}


def keep_cycle(connection: Connection, facts: CycleFacts) -> None:
    """Store a cycle, or bring one that has not been opened up to date."""
    values = {
        "id": facts.id, "title": facts.title, "questionnaire": facts.questionnaire, "version": facts.version,
        "baseline_id": facts.baseline, "opens_at": facts.opens_at, "closes_at": facts.closes_at,
        "opened_at": facts.opened_at, "closed_at": facts.closed_at, "content_hash": facts.content_hash,
        "pilot": facts.pilot, "invited": None if facts.invited is None else list(facts.invited),
    }  # fmt: skip
    statement = insert_into(connection, cycle).values(values)
    changed = {k: statement.excluded[k] for k in values if k != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def change_cycle(connection: Connection, cycle_id: str, **values: Any) -> None:
    """Set columns of one cycle."""
    connection.execute(update(cycle).where(cycle.c.id == cycle_id).values(**values))


def definition_text(connection: Connection, content_hash: str) -> str | None:
    """Return the text of a definition that a cycle pinned."""
    return connection.execute(
        select(definition.c.source).where(definition.c.content_hash == content_hash)
    ).scalar_one_or_none()


def definition_texts(connection: Connection, content_hashes: Collection[str]) -> dict[str, str]:
    """Return the texts of definitions by content hash, in one statement."""
    query = select(definition.c.content_hash, definition.c.source).where(
        definition.c.content_hash.in_(sorted(content_hashes))
    )
    return {row.content_hash: row.source for row in connection.execute(query)} if content_hashes else {}


def keep_definition(
    connection: Connection, content_hash: str, questionnaire: str, version: str, source: str, now: datetime
) -> None:
    """Keep a definition's text, once."""
    statement = insert_into(connection, definition).values(
        content_hash=content_hash, questionnaire=questionnaire, version=version, source=source, kept_at=now
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["content_hash"]))


def add_returns(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add a return for each organisation taking part."""
    if rows:
        connection.execute(insert(response), rows)
