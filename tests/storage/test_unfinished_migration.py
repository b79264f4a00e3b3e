"""Does 0017 keep every answer, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, insert, inspect, select, update

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, table
from tests.storage.stepping import contents, go_back
from tests.storage.test_second_readings_migration import LEANS_ON

KEPT = ("answer", "answer_change")


def columns(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return {c["name"] for c in inspect(connection).get_columns("answer")}


def test_0017_keeps_every_answer_and_none_has_anything_unfinished(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0016")
        for name in (n for n in ROWS if n in {*LEANS_ON, *KEPT}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, KEPT)
    assert before["answer"] and "unfinished" not in columns(engine)
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, KEPT) == before
        assert connection.execute(select(table("answer").c.unfinished)).scalars().all() == [None]


def test_0017_can_be_taken_back_and_keeps_the_answers(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, *KEPT}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        connection.execute(update(table("answer")).values(unfinished='[["", ["x", ""], "No."]]'))
        before = contents(connection, KEPT)
        go_back(connection, "0016")
        assert contents(connection, KEPT) == before
    assert "unfinished" not in columns(engine)
