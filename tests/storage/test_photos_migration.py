"""Does 0008 leave a setting's answers alone, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, insert, inspect, select

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, table
from tests.storage.stepping import contents, go_back
from tests.storage.test_second_readings_migration import LEANS_ON

SETTINGS = ("setting", "setting_member", "setting_audit", "setting_answer")


def test_0008_keeps_every_answer_of_a_setting(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0007")
        for name in (n for n in ROWS if n in {*LEANS_ON, *SETTINGS}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, SETTINGS)
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, SETTINGS) == before
        assert connection.execute(select(table("setting_photo"))).all() == []


def test_0008_can_be_taken_back_and_takes_only_its_own_table(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, *SETTINGS, "setting_photo"}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, SETTINGS)
        go_back(connection, "0007")
        assert "setting_photo" not in inspect(connection).get_table_names()
        assert contents(connection, SETTINGS) == before


def test_a_deleted_setting_takes_its_photos_along(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, *SETTINGS, "setting_photo"}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        connection.execute(table("setting").delete())
        assert connection.execute(select(table("setting_photo"))).all() == []
