"""Does 0010 leave what was there alone, can it be taken back, and do its tables keep their rules?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import AT, ROWS, fill, table
from tests.storage.stepping import contents, go_back

OWN = ("report_doubt", "plan_figure", "annotation")
OLDER = ("organisation", "person", "cycle", "report", "figure", "trail")
NEW: dict[str, dict[str, Any]] = {name: {k: v for k, v in ROWS[name].items() if k != "id"} for name in OWN}


def test_0010_keeps_every_report_and_its_figures(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0009")
        there = set(inspect(connection).get_table_names())
        for name in (n for n in ROWS if n in there):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, OLDER)
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, OLDER) == before
        assert not any(contents(connection, OWN).values())


def test_0010_can_be_taken_back_and_takes_only_its_own_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        before = contents(connection, OLDER)
        go_back(connection, "0009")
        assert not set(OWN) & set(inspect(connection).get_table_names())
        assert contents(connection, OLDER) == before


@pytest.mark.parametrize(
    "name, change",
    [
        ("plan_figure", {"kind": "guess"}), ("plan_figure", {"percentage": "34"}),
        ("plan_figure", {"number": None}), ("plan_figure", {"base": None}), ("plan_figure", {"base": 0}),
        ("plan_figure", {"withdrawn_at": AT}), ("plan_figure", {"withdrawn_because": "Wrong"}),
        ("report_doubt", {"reason": ""}),
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_rule_is_refused(engine: Engine, name: str, change: dict[str, Any]) -> None:
    with writing(engine) as connection:
        for other in (n for n in ROWS if n not in OWN):
            connection.execute(insert(table(other)).values(**ROWS[other]))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(table(name)).values(**{**NEW[name], **change}))


def test_a_figure_is_replaced_once(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(insert(table("plan_figure")).values(**NEW["plan_figure"], id=2, replaces_id=1))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(table("plan_figure")).values(**NEW["plan_figure"], id=3, replaces_id=1))


def test_a_report_takes_its_doubts_along(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(table("report").delete())
        assert connection.execute(select(table("report_doubt"))).all() == []
