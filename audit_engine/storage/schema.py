"""Bring a database's tables up to what this version of the program needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from audit_engine.storage.engine import reading, writing

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNew(RuntimeError):
    """The database was made by a later version of the program."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The database is at version {found}, which this program does not know. Install the newer program again."
        )


def newest() -> str:
    """Return the newest migration's number; file names start with it, so nothing heavy is imported to know."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def version_of(engine: Engine) -> str | None:
    """Return the database's migration number, or None for an empty database."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def upgrade(engine: Engine) -> bool:
    """Run the migrations that are missing; return whether there were any."""
    found = version_of(engine)
    if found == newest():
        return False
    if found is not None and found > newest():
        raise SchemaTooNew(found)
    with writing(engine) as connection:
        _run(connection)
    return True


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
