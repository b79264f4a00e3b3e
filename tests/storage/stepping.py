"""Take a database back to an earlier schema, and read what every schema has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from audit_engine.storage import schema
from tests.storage.rows import table

LAID_LATER = {"answer": ("unfinished",)}  # columns that older schemas lack


def go_back(connection: Connection, revision: str) -> None:
    """Take the schema back to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def contents(connection: Connection, names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the rows of tables, in the columns that every schema has."""
    found = {}
    for name in names:
        columns = (c for c in table(name).c if c.name not in LAID_LATER.get(name, ()))
        found[name] = [tuple(r) for r in connection.execute(select(*columns))]
    return found
