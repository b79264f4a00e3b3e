"""Does 0016 keep the history of every answer, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, insert, inspect

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, table
from tests.storage.stepping import contents, go_back
from tests.storage.test_second_readings_migration import LEANS_ON

CHANGES = ("answer_change",)


def order_of_index(engine: Engine) -> list[str | None]:
    with reading(engine) as connection:
        (unique,) = inspect(connection).get_unique_constraints("answer_change")
    return list(unique["column_names"])


def test_0016_puts_what_one_save_changed_side_by_side_and_keeps_all_history(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0015")
        for name in (n for n in ROWS if n in {*LEANS_ON, *CHANGES}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, CHANGES)
    assert before["answer_change"] and order_of_index(engine)[1] == "item_id"
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, CHANGES) == before
    assert order_of_index(engine)[:2] == ["response_id", "version"]


def test_0016_can_be_taken_back(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, *CHANGES}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, CHANGES)
        go_back(connection, "0015")
        assert contents(connection, CHANGES) == before
    assert order_of_index(engine)[1] == "item_id"
