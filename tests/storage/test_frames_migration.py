"""Does 0014 write down the sectors of surveys that have closed, and can it be taken back?"""

from __future__ import annotations

from sqlalchemy import Engine, insert, inspect, update

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.frames import keep_sectors, sectors_then
from tests.storage.rows import LATER, ROWS, table
from tests.storage.stepping import go_back

LEANS_ON = ("area", "sector", "organisation", "cycle_definition", "cycle", "survey_turnout")


def test_0014_keeps_the_sectors_of_surveys_that_have_closed(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0013")
        for name in (n for n in ROWS if n in LEANS_ON):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        closed = {**ROWS["cycle"], "id": "closed-2026", "closed_at": LATER}
        connection.execute(insert(table("cycle")).values(**closed))
        for organisation in ("otters", ""):
            values = {"cycle_id": "closed-2026", "organisation_id": organisation, "replies": 3}
            connection.execute(insert(table("survey_turnout")).values(**values))
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        found = sectors_then(connection, ["closed-2026", "tiny-2026"])
    assert found == {"closed-2026": {"otters": "police"}, "tiny-2026": {}}


def test_0014_can_be_taken_back_and_takes_only_its_own_table(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0013")
        there = set(inspect(connection).get_table_names())
    assert "survey_sector" not in there
    assert "survey_turnout" in there


def test_a_sector_that_was_written_down_stays(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in LEANS_ON):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        keep_sectors(connection, "tiny-2026")
        connection.execute(insert(table("sector")).values(id="schools", label="Schools", position=1))
        connection.execute(update(table("organisation")).values(sector_id="schools"))
        keep_sectors(connection, "tiny-2026")
        assert sectors_then(connection, ["tiny-2026"]) == {"tiny-2026": {"otters": "police"}}
