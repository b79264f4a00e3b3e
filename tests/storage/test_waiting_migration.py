"""Does 0009 date what waits already, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, MetaData, Table, insert, inspect, select

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.waiting import waiting_since
from tests.storage.rows import AT, DAY, ROWS, table
from tests.storage.stepping import go_back

LEANS_ON = ("area", "sector", "organisation", "cycle_definition", "cycle")


def test_0009_lets_unread_texts_wait_since_their_survey_opened(engine: Engine) -> None:
    words = {"cycle_id": "tiny-2026", "item_id": "t.A.1", "text": "More time", "reason": "", "risk": ""}
    with writing(engine) as connection:
        go_back(connection, "0008")
        for name in (n for n in ROWS if n in LEANS_ON):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        rows = [
            {**words, "id": "a" * 32, "released": True, "outcome": "", "reviewer": "", "reviewed_on": None},
            {**words, "id": "b" * 32, "released": False, "outcome": "", "reviewer": "", "reviewed_on": None},
            {**words, "id": "c" * 32, "item_id": "t.A.2", "released": True, "outcome": "shown", "reviewer": "Ada",
             "reviewed_on": DAY},
        ]  # fmt: skip
        connection.execute(insert(Table("survey_text", MetaData(), autoload_with=connection)), rows)
        before = connection.execute(select(table("survey_text"))).all()
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert waiting_since(connection, "tiny-2026") == {"t.A.1": AT.date()}
        assert connection.execute(select(table("survey_text"))).all() == before


def test_0009_can_be_taken_back_and_takes_only_its_own_table(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, "survey_waiting"}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        go_back(connection, "0008")
        there = set(inspect(connection).get_table_names())
    assert "survey_waiting" not in there
    assert "survey_text" in there
