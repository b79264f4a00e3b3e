"""Does 0013 let what waited count and be read, and can it be taken back?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, insert, inspect, select

from audit_engine.storage import anonymous, schema
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.waiting import waiting_since
from tests.storage.rows import AT, DAY, ROWS, table
from tests.storage.stepping import go_back

CYCLE = "tiny-2026"
LEANS_ON = ("area", "sector", "organisation", "cycle_definition", "cycle")
MARKS = {"": ["~complete"], "t.A.1": ["met"], "t.A.2": None, "t.A.3": ["#"]}
REPLY = {"cycle_id": CYCLE, "answered_on": DAY, "answers": MARKS, "coded": "00"}
TEXT = {"cycle_id": CYCLE, "text": "More time", "reason": "", "risk": "", "outcome": "", "reviewer": ""}
COUNTED = {("", "?"): 1, ("", ""): 1, ("", "~complete"): 1, ("t.A.1", "?"): 1, ("t.A.1", ""): 1, ("t.A.1", "met"): 3,
           ("t.A.2", "?"): 1, ("t.A.3", "?"): 1, ("t.A.3", ""): 1}  # fmt: skip


def add(connection: Connection, name: str, *rows: dict[str, Any]) -> None:
    """Insert rows into a table as it is on this connection."""
    connection.execute(insert(Table(name, MetaData(), autoload_with=connection)), list(rows))


def before(connection: Connection) -> None:
    go_back(connection, "0012")
    for name in (n for n in ROWS if n in LEANS_ON):
        connection.execute(insert(table(name)).values(**ROWS[name]))
    add(connection, "survey_reply", {**REPLY, "id": "a" * 32, "organisation_id": "otters", "released": True},
        {**REPLY, "id": "b" * 32, "organisation_id": "otters", "released": False},
        {**REPLY, "id": "c" * 32, "organisation_id": "badgers", "released": False})  # fmt: skip
    count = {"cycle_id": CYCLE, "organisation_id": "otters", "item_id": "t.A.1", "option": "met", "n": 2}
    add(connection, "survey_count", count)
    add(connection, "survey_text", {**TEXT, "id": "a" * 32, "item_id": "t.A.3", "released": True, "outcome": "shown",
        "reviewer": "Ada", "reviewed_on": DAY}, {**TEXT, "id": "b" * 32, "item_id": "t.A.4", "released": False,
        "reviewed_on": None})  # fmt: skip


def test_0013_lets_what_waited_count_and_be_read_and_keeps_the_rest(engine: Engine) -> None:
    with writing(engine) as connection:
        before(connection)
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        tallies = anonymous.tallies_by_organisation(connection, CYCLE)
        assert tallies == {"otters": COUNTED, "badgers": {**COUNTED, ("t.A.1", "met"): 1}}
        assert sorted(r.id[0] for r in connection.execute(select(anonymous.reply))) == ["a", "b", "c"]
        assert [t.item for t in anonymous.texts(connection, CYCLE, [""])] == ["t.A.4"]
        assert [t.reviewer for t in anonymous.texts(connection, CYCLE, ["shown"])] == ["Ada"]
        assert waiting_since(connection, CYCLE) == {"t.A.4": AT.date()}


def test_0013_can_be_taken_back_and_takes_only_what_is_sealed(engine: Engine) -> None:
    with writing(engine) as connection:
        wanted = (*LEANS_ON, "survey_reply", "survey_text", "survey_sealed_reply", "survey_sealed_words")
        for name in (n for n in ROWS if n in wanted):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        go_back(connection, "0012")
        there = set(inspect(connection).get_table_names())
        kept = [connection.execute(select(table(n))).all() for n in ("survey_reply", "survey_text")]
    assert not {"survey_sealed_reply", "survey_sealed_words"} & there
    assert [len(rows) for rows in kept] == [1, 1]


def test_after_0013_replies_and_texts_lie_by_their_keys_alone(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as connection:
        made = dict(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all())
    for name in ("survey_reply", "survey_text", "survey_sealed_reply", "survey_sealed_words"):
        assert "WITHOUT ROWID" in made[name], name
