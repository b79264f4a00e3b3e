"""Does 0003 leave what was there alone, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, func, insert, inspect, select

from audit_engine.storage import schema, settings_models
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, fill, table
from tests.storage.stepping import contents, go_back
from tests.storage.test_anonymous_migration import ANONYMOUS, NAMED

SETTINGS = (
    "setting", "setting_member", "setting_link", "setting_session", "setting_audit", "setting_answer",
    "setting_answer_change", "setting_note", "setting_note_change", "setting_share", "setting_request",
    "setting_access",
)  # fmt: skip


def test_0003_keeps_every_row_of_a_database_at_0002(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0002")
        for name in (*NAMED, *ANONYMOUS):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, NAMED)
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, NAMED) == before
        for name in SETTINGS:
            assert connection.execute(select(table(name))).all() == []


def test_0003_can_be_taken_back_and_takes_only_its_own_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        before = contents(connection, NAMED)
        go_back(connection, "0002")
        there = set(inspect(connection).get_table_names())
        assert contents(connection, NAMED) == before
    assert there == {*NAMED, *ANONYMOUS, "alembic_version"}


def test_deleting_a_setting_deletes_every_row_that_hangs_on_it(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(settings_models.setting.delete())
        apart = ("setting_link", "setting_session")  # they belong to a mailbox, not to a setting
        left = {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in SETTINGS
            if name not in apart
        }
    assert set(left.values()) == {0}, left
