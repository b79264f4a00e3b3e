"""Is an action overdue only when its day is past, and counted once?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit_engine.analysis.actions import SOON, Action, counted

TODAY = date(2026, 11, 22)
ONE = Action(1, "otters", "Otter School", "education", "t.A.1", "A.1", "leading", "Write", "Sam", TODAY, "", "proposed")


@pytest.mark.parametrize(
    "due, status, timing",
    [
        (TODAY - timedelta(days=1), "proposed", "overdue"), (TODAY, "proposed", "soon"),
        (TODAY + SOON, "proposed", "soon"), (TODAY + SOON + timedelta(days=1), "proposed", "later"),
        (None, "proposed", "no-date"), (TODAY - timedelta(days=9), "done", "done"), (None, "signed-off", "done"),
    ],
)  # fmt: skip
def test_an_action_is_due_on_its_day_and_overdue_after_it(due: date | None, status: str, timing: str) -> None:
    assert replace(ONE, due=due, status=status).timing(TODAY) == timing


def test_every_action_is_counted_once_each_way() -> None:
    found = counted([ONE, replace(ONE, due=None), replace(ONE, status="done")], TODAY)
    assert found.by_timing == {"soon": 1, "no-date": 1, "done": 1}
    assert found.by_status == {"proposed": 2, "done": 1}
    assert (found.all, found.open) == (3, 2)
