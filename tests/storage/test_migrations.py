"""Do the migrations make exactly the tables that the program means, and keep what is in them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, select

from audit_engine.storage import all_models, schema
from audit_engine.storage import engine as storage_engine
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import AT, ROWS, fill, table

TABLES = all_models.METADATA.tables


def described(engine: Engine) -> dict[str, dict[str, list[str]]]:
    """Return everything that the database says of every table."""
    found = {}
    with reading(engine) as connection:
        seen = inspect(connection)
        for name in seen.get_table_names():
            if name == "alembic_version":
                continue
            found[name] = {
                "columns": sorted(_column(c) for c in seen.get_columns(name)),
                "key": seen.get_pk_constraint(name)["constrained_columns"],
                "foreign": sorted(_without_schema(f) for f in seen.get_foreign_keys(name)),
                "unique": sorted(f"{u['name']} {u['column_names']}" for u in seen.get_unique_constraints(name)),
                "checks": sorted(f"{c['name']} {_bare(c['sqltext'])}" for c in seen.get_check_constraints(name)),
                "indexes": sorted(f"{i['name']} {i['column_names']} {i['unique']}" for i in seen.get_indexes(name)),
            }
    return found


def _column(column: Any) -> str:
    return f"{column['name']} {column['type']!r} {column['nullable']} {column['default']}"


def _without_schema(foreign: Any) -> str:
    return f"{foreign['name']} {foreign['constrained_columns']} {foreign['referred_table']} {foreign['options']}"


def _bare(sql: str) -> str:
    return re.sub(r"[\s()]", "", sql)


@contextmanager
def emptied(engine: Engine) -> Iterator[Engine]:
    """Take every table away."""
    with writing(engine) as connection:
        all_models.METADATA.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    yield engine


def test_the_migrations_make_exactly_what_the_models_say(engine: Engine) -> None:
    migrated = described(engine)
    with emptied(engine), writing(engine) as connection:
        all_models.METADATA.create_all(connection)
    assert migrated == described(engine)
    assert set(migrated) == set(TABLES)


def test_alembic_finds_nothing_left_to_migrate(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with reading(engine) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, all_models.METADATA) == []


def test_every_constraint_has_a_name_that_states_its_rule(engine: Engine) -> None:
    found = described(engine)
    named = [line.split(" ")[0] for t in found.values() for kind in ("unique", "checks", "foreign") for line in t[kind]]
    assert named
    assert not [name for name in named if not re.match(r"(ck|uq|fk)_[a-z_]+$", name)]


def test_an_empty_database_is_brought_up_once_and_then_left_alone(engine: Engine) -> None:
    with emptied(engine):
        assert schema.version_of(engine) is None
        assert schema.upgrade(engine) is True
    assert schema.version_of(engine) == schema.newest()
    assert schema.upgrade(engine) is False


def test_a_database_of_a_later_program_is_refused_with_a_sentence(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.SchemaTooNew, match=r"9999.*Install the newer program again"):
        schema.upgrade(engine)


def test_a_migration_that_breaks_off_leaves_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import command

    whole = command.upgrade

    def broken(*arguments: Any) -> None:
        whole(*arguments)
        raise KeyboardInterrupt

    with emptied(engine):
        monkeypatch.setattr(command, "upgrade", broken)
        with pytest.raises(KeyboardInterrupt):
            schema.upgrade(engine)
        with reading(engine) as connection:
            assert inspect(connection).get_table_names() == []
        monkeypatch.undo()
        assert schema.upgrade(engine)


def contents(connection: Connection) -> dict[str, list[Any]]:
    return {name: [tuple(r) for r in connection.execute(select(t)).all()] for name, t in TABLES.items()}


def test_0001_every_table_keeps_its_row_through_closing_and_upgrading_again(engine: Engine, database_url: str) -> None:
    assert set(ROWS) == set(TABLES)
    with writing(engine) as connection:
        fill(connection)
        before = contents(connection)
    engine.dispose()
    again = storage_engine.create(database_url)
    schema.upgrade(again)
    with reading(again) as connection:
        assert contents(connection) == before
        for name, row in ROWS.items():
            (stored,) = connection.execute(select(table(name))).mappings()
            assert {k: stored[k] for k in row} == dict(row), name
    again.dispose()


def test_0001_what_is_left_out_gets_its_default(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        (returned,) = connection.execute(select(table("response"))).mappings()
        (answer,) = connection.execute(select(table("answer"))).mappings()
    assert (returned["submission_number"], returned["extension_reason"], returned["extended_to"]) == (0, "", None)
    assert (answer["commentary"], answer["evidence"], answer["reason"], answer["saved_at"]) == ("", "", "", AT)


def test_0001_can_be_taken_back(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert schema.upgrade(engine)


def test_answers_are_stored_by_their_key_alone(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as connection, pytest.raises(Exception, match="no such column: rowid"):
        connection.exec_driver_sql("SELECT rowid FROM answer")


def test_migrations_are_numbered_without_gaps() -> None:
    names = sorted(p.name for p in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [n[:4] for n in names] == [f"{i:04}" for i in range(1, len(names) + 1)]
