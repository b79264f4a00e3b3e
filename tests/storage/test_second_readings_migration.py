"""Does 0004 leave what was there alone, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, insert, inspect, select

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, table
from tests.storage.stepping import contents, go_back

OLDER = ("organisation", "person", "cycle", "response", "answer", "answer_change", "rating", "setting")
LEANS_ON = ("area", "sector", "organisation", "person", "cycle_definition", "cycle", "response")


def test_0004_keeps_every_row_of_a_database_at_0003(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0003")
        for name in (n for n in ROWS if n in {*LEANS_ON, *OLDER}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, OLDER)
    assert schema.version_of(engine) == "0003"
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, OLDER) == before
        assert connection.execute(select(table("second_reading"))).all() == []


def test_0004_can_be_taken_back_and_takes_only_its_own_table(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, "answer", "rating", "second_reading"}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, ("answer", "rating"))
        go_back(connection, "0003")
        assert "second_reading" not in inspect(connection).get_table_names()
        assert contents(connection, ("answer", "rating")) == before
