"""Does 0007 leave what was there alone, and are surveys and packs kept as they were named?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from audit_engine.storage import beside, schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import AT, ROWS, fill, table
from tests.storage.stepping import contents, go_back

OURS = ("cycle_survey", "panel_pack")
OLDER = [name for name in ROWS if name not in OURS]


def test_0007_keeps_every_row_and_can_be_taken_back_with_its_own_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        before = contents(connection, table_names(connection))
        go_back(connection, "0006")
        there = set(inspect(connection).get_table_names())
        assert not there & set(OURS)
        kept = [name for name in before if name in there]
        assert contents(connection, kept) == {n: before[n] for n in kept}
    assert schema.version_of(engine) == "0006"
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, kept) == {n: before[n] for n in kept}
        assert [connection.execute(select(table(name))).all() for name in OURS] == [[], []]


def table_names(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name in ROWS]


def with_two_surveys(connection: Connection) -> None:
    fill(connection)
    beside.keep_surveys(connection, "tiny-2026", ())
    for number, name in enumerate(("staff", "escalation")):
        row = ROWS["cycle"] | {"id": name, "title": name, "opens_at": AT - timedelta(days=1 + number)}
        connection.execute(insert(table("cycle")).values(**row))


def test_surveys_beside_an_audit_are_those_last_named_the_newest_first(engine: Engine) -> None:
    with writing(engine) as connection:
        with_two_surveys(connection)
        beside.keep_surveys(connection, "tiny-2026", ("escalation",))
        beside.keep_surveys(connection, "tiny-2026", ("escalation", "staff"))
        assert [c.id for c in beside.surveys_beside(connection, "tiny-2026")] == ["staff", "escalation"]
        assert beside.survey_ids(connection) == {"tiny-2026": ("escalation", "staff")}
        beside.keep_surveys(connection, "tiny-2026", ())
        assert beside.surveys_beside(connection, "tiny-2026") == ()


def test_a_pack_is_given_to_the_panel_first(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(table("panel_pack").delete())
        assert beside.pack_of(connection, 1) is None
        beside.release_pack(connection, 1, 1, AT)
        assert beside.pack_of(connection, 1) == beside.PackRow(AT)
        beside.share_pack(connection, 1, 1, AT + timedelta(days=3))
        assert beside.pack_of(connection, 1) == beside.PackRow(AT, AT + timedelta(days=3))
    with pytest.raises(IntegrityError, match="nobody_has_it_before_the_panel"), writing(engine) as connection:
        beside.share_pack(connection, 1, 1, AT - timedelta(days=1))


def test_evidence_is_read_of_returns_that_stand(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        grades = [("", "2"), ("north", "3"), ("south", "1")]
        rows = [
            {**ROWS["rating"], "id": 10 + n, "kind": "evidence", "area": area, "value": value, "reason": ""}
            for n, (area, value) in enumerate(grades)
        ]
        connection.execute(insert(table("rating")), rows)
        assert beside.evidence_rows(connection, "tiny-2026", None) == [], "the return has not been submitted"
        connection.execute(table("response").update().values(state="submitted"))
        found = beside.evidence_rows(connection, "tiny-2026", None)
        assert [tuple(row) for row in found] == [("otters", "t.A.1", "2", AT)]
        assert [row.value for row in beside.evidence_rows(connection, "tiny-2026", "north")] == ["2", "3"]
