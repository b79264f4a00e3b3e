"""How is a row inserted that may be there already, on either database?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, literal_column
from sqlalchemy.dialects import sqlite


def insert_into(connection: Connection, table: Any) -> Any:
    """Return an ``insert`` that knows ``on_conflict_do_update`` on this database."""
    return _insert(connection.dialect.name, table)


def _insert(dialect: str, table: Any) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # heavy, and of no use to the many sites on SQLite

        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Insert rows, or bring those with the same keys up to date, as one executed statement.

    All rows must have the columns of the first.
    """
    if rows:
        statement = upserting(connection.dialect.name, table, tuple(rows[0]), tuple(keys))
        connection.execute(statement, [dict(row) for row in rows])


@lru_cache(maxsize=64)
def upserting(dialect: str, table: Any, columns: tuple[str, ...], keys: tuple[str, ...], counted: str = "") -> Any:
    """Return the statement; it names columns, not rows, and is made and compiled once.

    With ``counted``, a row that is there is changed only where this column of
    it is lower by one than the new row's.
    """
    statement = _insert(dialect, table)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    next_to_it = table.c[counted] == statement.excluded[counted] - literal_column("1") if counted else None
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed, where=next_to_it)
