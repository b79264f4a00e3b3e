"""Are rows that come in at once the same as those that come in one by one, on either database?"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from audit_engine.storage.bulk import insert_many
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, table

LEANS_ON = ("area", "sector", "organisation", "person", "cycle_definition", "cycle", "response")


def test_rows_of_every_kind_of_column_come_back_as_they_went_in(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in LEANS_ON):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        for name in ("answer", "answer_change", "trail"):
            insert_many(connection, table(name), [ROWS[name]])
    with reading(engine) as connection:
        for name in ("answer", "answer_change", "trail"):
            (stored,) = connection.execute(select(table(name))).mappings()
            assert {key: stored[key] for key in ROWS[name]} == dict(ROWS[name])


def test_a_column_that_the_table_lacks_is_refused(engine: Engine) -> None:
    with writing(engine) as connection, pytest.raises(KeyError, match="nothing"):
        insert_many(connection, table("area"), [{"id": "a", "nothing": 1}])


def test_many_rows_are_inserted_and_none_is_no_statement(engine: Engine) -> None:
    rows = [{"id": f"a-{n}", "name": f"Area {n}", "local_text": {"lado": "north"}, "position": n} for n in range(500)]
    with writing(engine) as connection:
        insert_many(connection, table("area"), rows)
        insert_many(connection, table("area"), [])
    with reading(engine) as connection:
        found = connection.execute(select(table("area"))).all()
    assert len(found) == 500
