"""Read and write since when words wait for a reviewer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, delete, select

from audit_engine.storage.statements import insert_into
from audit_engine.storage.waiting_models import survey_waiting as waiting


def begin_waiting(connection: Connection, cycle_id: str, items: Collection[str], today: date) -> None:
    """Write down that texts of these questions wait from today; an earlier day stays."""
    if items:
        rows = [{"cycle_id": cycle_id, "item_id": item, "since": today} for item in sorted(items)]
        statement = insert_into(connection, waiting).on_conflict_do_nothing(index_elements=["cycle_id", "item_id"])
        connection.execute(statement, rows)


def end_waiting(connection: Connection, cycle_id: str, item_id: str) -> None:
    """Write down that no text of a question waits any more."""
    connection.execute(delete(waiting).where(waiting.c.cycle_id == cycle_id, waiting.c.item_id == item_id))


def waiting_since(connection: Connection, cycle_id: str) -> Mapping[str, date]:
    """Return, by question, since when its oldest unread texts have waited."""
    query = select(waiting.c.item_id, waiting.c.since).where(waiting.c.cycle_id == cycle_id)
    return {item: since for item, since in connection.execute(query)}
