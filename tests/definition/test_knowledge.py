from __future__ import annotations

from datetime import date

import pytest

from audit_engine.definition.duties import duty_on
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.knowledge import key_on, scored
from audit_engine.definition.questionnaire import DutyFrom, Item, KeyRow, Option

BEFORE = KeyRow("false", None, date(2026, 8, 31), "Old Act")
AFTER = KeyRow("true", date(2026, 10, 1), None, "New Act")
EXTRA = (Option("rather-not", "No comment", prefer_not=True), Option("not-mine", "N/A", None, "not-applicable"))
ITEM = Item(
    "t.1", "knowledge", "Leave is needed", options=(*ITEM_TYPES["knowledge"].options, *EXTRA), key=(BEFORE, AFTER)
)


@pytest.mark.parametrize(
    ("day", "row"),
    [
        (date.min, BEFORE),
        (date(2026, 8, 31), BEFORE),
        (date(2026, 9, 1), None),
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), AFTER),
        (date.max, AFTER),
    ],
)
def test_both_days_of_a_key_row_belong_to_it(day: date, row: KeyRow | None) -> None:
    assert key_on(ITEM, day) == row


@pytest.mark.parametrize(
    ("value", "day", "score"),
    [
        ("false", date(2026, 8, 31), "correct"),
        ("true", date(2026, 8, 31), "misconception"),
        ("false", date(2026, 10, 1), "misconception"),
        ("true", date(2026, 10, 1), "correct"),
        ("dont-know", date(2026, 10, 1), "gap"),
        ("dont-know", date(2026, 9, 1), "not scored"),
        ("true", date(2026, 9, 1), "not scored"),
        ("rather-not", date(2026, 10, 1), "not scored"),
        ("not-mine", date(2026, 10, 1), "not scored"),
        (None, date(2026, 10, 1), "not scored"),
        ("gone", date(2026, 10, 1), "not scored"),
    ],
)
def test_a_wrong_answer_and_not_knowing_are_told_apart(value: object, day: date, score: str) -> None:
    assert scored(ITEM, value, day) == score


def test_a_duty_begins_on_its_day_and_without_one_it_is_good_practice() -> None:
    item = Item("t.1", "rating", "We sit with the children", duty_from=DutyFrom(date(2025, 9, 1), "EYFS"))
    assert [duty_on(item, date(2025, 8, 31)), duty_on(item, date(2025, 9, 1))] == [False, True]
    assert not duty_on(Item("t.1", "rating", "It is calm"), date.max)
