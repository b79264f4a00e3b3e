"""How is a row inserted that may be there already, on either database?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Any) -> Any:
    """Return an ``insert`` that knows ``on_conflict_do_update`` on this database."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def upsert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Insert rows, or bring those with the same keys up to date, as one executed statement.

    The statement names columns, not rows, so that it is compiled once whatever their number.
    """
    if not rows:
        return
    statement = insert_into(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    wanted = (
        statement.on_conflict_do_update(index_elements=list(keys), set_=changed)
        if changed
        else statement.on_conflict_do_nothing(index_elements=list(keys))
    )
    connection.execute(wanted, [dict(row) for row in rows])
