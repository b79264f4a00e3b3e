"""Does 0006 leave what was there alone, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, insert, inspect, select

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, fill, table
from tests.storage.stepping import go_back

BEFORE = ("area", "person", "cycle_definition", "cycle", "survey_turnout", "trail")


def test_0006_keeps_every_row_of_a_database_at_0005(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0005")
        for name in BEFORE:
            connection.execute(insert(table(name)).values(**ROWS[name]))
    assert schema.version_of(engine) == "0005"
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert all(len(connection.execute(select(table(name))).all()) == 1 for name in BEFORE)
        assert connection.execute(select(table("answer_import"))).all() == []


def test_0006_can_be_taken_back_and_takes_only_its_own_table(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        go_back(connection, "0005")
        there = set(inspect(connection).get_table_names())
        assert "answer_import" not in there
        assert all(len(connection.execute(select(table(name))).all()) == 1 for name in BEFORE)
