"""How are many rows written at once?

Each value still passes through its column's type; what is left out is the work
that SQLAlchemy does for every row of a statement with many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Date, Dialect, Table, insert

from audit_engine.storage.base import Instant
from audit_engine.storage.statements import upserting

Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement, the columns in the order in which it takes them, and what makes some of their values ready.

    ``defaults`` are the values of columns that no row names.
    """

    sql: str
    columns: tuple[str, ...]
    processes: tuple[tuple[int, Process], ...]
    defaults: Mapping[str, Any]

    def values(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Any]]:
        """Yield the values of each row."""
        of_row = itemgetter(*self.columns)
        for row in rows:
            found = list(of_row({**self.defaults, **row} if self.defaults else row))
            for place, process in self.processes:
                found[place] = process(found[place])
            yield found


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement for many rows with the values as the database's driver takes them."""

    sql: str
    values: Sequence[Any]

    def run(self, connection: Connection) -> int:
        """Write the rows; return how many were written."""
        return connection.exec_driver_sql(self.sql, self.values).rowcount if self.values else 0


def ready(
    dialect: Dialect, table: Table, rows: Sequence[Mapping[str, Any]], keys: Sequence[str] = (), counted: str = ""
) -> Ready:
    """Make rows of two columns or more ready, all with those of the first, before the database is asked for anything.

    With ``keys`` a row that is there already is brought up to date; with
    ``counted``, only where this column of it is lower by one than the new row's.
    """
    if not rows:
        return Ready("", ())
    plan = _plan(dialect, table, tuple(rows[0]), tuple(keys), counted)
    if dialect.positional:
        return Ready(plan.sql, list(map(tuple, plan.values(rows))))
    return Ready(plan.sql, [dict(zip(plan.columns, one, strict=True)) for one in plan.values(rows)])


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of two columns or more, all with those of the first."""
    ready(connection.dialect, table, rows).run(connection)


@lru_cache(maxsize=64)
def _plan(dialect: Dialect, table: Table, columns: tuple[str, ...], keys: tuple[str, ...], counted: str) -> _Plan:
    # By the columns themselves: a name that the table lacks would otherwise be left out in silence.
    named = [table.c[name].key for name in columns]
    statement = upserting(dialect.name, table, columns, keys, counted) if keys else insert(table)
    compiled = statement.inline().compile(dialect=dialect, column_keys=named)
    order = tuple(compiled.positiontup or compiled.params)
    processes = ((place, _process(dialect, table.c[name])) for place, name in enumerate(order))
    defaults = {name: table.c[name].default.arg for name in order if name not in columns}
    needed = tuple((place, process) for place, process in processes if process is not None)
    return _Plan(str(compiled), order, needed, defaults)


def _process(dialect: Dialect, column: Column[Any]) -> Process | None:
    """Return what makes a column's values ready, None where they are; a moment serves many rows and is made once."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    is_moment = isinstance(column.type, (Instant, Date))
    return lru_cache(maxsize=1024)(process) if process is not None and is_moment else process
