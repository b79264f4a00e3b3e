"""Does 0002 leave what was there alone, and can it be taken back?"""

from __future__ import annotations

import re

from sqlalchemy import Engine, insert, inspect, select

from audit_engine.storage import all_models, schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, fill, table
from tests.storage.stepping import contents, go_back

FIRST, SECOND = (
    re.findall(r'create_table\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
    for file in sorted((schema.MIGRATIONS / "versions").glob("000[12]*.py"))
)
NAMED = [name for name in ROWS if name in FIRST]
ANONYMOUS = [name for name in ROWS if name in SECOND]


def test_0002_keeps_every_row_of_a_database_at_0001(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0001")
        for name in NAMED:
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, NAMED)
    assert schema.version_of(engine) == "0001"
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, NAMED) == before
        for name in ANONYMOUS:
            assert connection.execute(select(table(name))).all() == []


def test_0002_can_be_taken_back_and_takes_only_its_own_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        before = contents(connection, NAMED)
        go_back(connection, "0001")
        there = set(inspect(connection).get_table_names())
        assert contents(connection, NAMED) == before
    assert there == {*NAMED, "alembic_version"}
    assert set(all_models.METADATA.tables) >= {*NAMED, *ANONYMOUS}


def test_no_table_of_a_reply_has_an_order_of_its_own(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as connection:
        made = dict(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all())
    for name in set(ANONYMOUS) - {"survey_link"}:
        assert "WITHOUT ROWID" in made[name], name
