"""Does a mealtime check put everything where it belongs, and compare only what is the same?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from audit_engine.analysis.mealtime import Change, KitchenPage, kitchen_page, matched_change, section_means
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import chain
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer, State

LIBRARY = Library(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def check() -> Questionnaire:
    return LIBRARY.load("eatsafe", "2025")


def said_by(values: Mapping[str, str]) -> dict[str, Answer]:
    return {f"eat.{k}": Answer(f"eat.{k}", State.ANSWERED, v) for k, v in values.items()}


def page_of(check: Questionnaire, **values: str) -> KitchenPage:
    answers = said_by(values)
    return kitchen_page(check, lambda item: answers.get(item) or Answer(item), set(answers))


def ids(items: tuple[object, ...]) -> list[str]:
    return [i.short_id for i in items]  # type: ignore[attr-defined]


def test_what_is_in_place_is_safe_and_what_is_not_is_fixed_starred_first(check: Questionnaire) -> None:
    found = page_of(check, A1="every-time", F1="not-seen", A3="sometimes", D4="mostly", E3="not-seen")
    assert ids(found.safe) == ["A1"]
    assert ids(found.today) == ["A3", "F1"]
    assert ids(found.this_week) == ["D4", "E3"]
    assert (found.parents, found.next_time) == ((), ())


def test_what_parents_can_tell_is_for_parents_and_a_starred_one_is_for_today_too(check: Questionnaire) -> None:
    found = page_of(check, B1="not-in-place", B3="sometimes", H3="every-time")
    assert (ids(found.today), ids(found.parents), ids(found.safe)) == (["B1"], ["B1", "B3"], ["H3"])
    assert found.this_week == ()


def test_what_did_not_come_up_is_for_next_time_and_what_cannot_arise_is_nowhere(check: Questionnaire) -> None:
    answers = said_by({"E2": "not-this-meal", "B4": "not-applicable"})
    found = kitchen_page(check, lambda item: answers.get(item) or Answer(item), {*answers, "eat.F2"})
    assert ids(found.next_time) == ["E2", "F2"]
    assert sum(len(part) for part in (found.safe, found.today, found.this_week, found.parents)) == 0


def test_a_section_is_averaged_over_what_applies(check: Questionnaire) -> None:
    answers = said_by({"A1": "every-time", "A3": "sometimes", "A2": "mostly", "A4": "not-applicable"})
    (leading,) = section_means(check, lambda item: answers.get(item) or Answer(item), set(answers))
    assert (leading.items, leading.points, leading.best) == (3, Decimal(6), Decimal(3))
    assert leading.mean == Decimal(2)
    assert (leading.starred, leading.full) == (2, 1)


def test_a_section_in_which_nothing_applies_has_no_mean(check: Questionnaire) -> None:
    answers = said_by({"A4": "not-applicable"})
    (leading,) = section_means(check, lambda item: answers.get(item) or Answer(item), set(answers))
    assert (leading.items, leading.mean) == (0, None)


def change(before: Mapping[str, str], now: Mapping[str, str]) -> Change:
    then, today = LIBRARY.load("eatsafe", "2024"), LIBRARY.load("eatsafe", "2025")
    answers = said_by(now)
    lineage = chain([then, today])
    return matched_change(
        then, today, lineage, said_by(before).values(), lambda item: answers.get(item) or Answer(item), set(answers)
    )


def test_only_questions_with_points_both_times_are_compared() -> None:
    found = change(
        {"A1": "mostly", "A3": "every-time", "E3": "not-this-meal", "D1": "sometimes", "B4": "not-applicable"},
        {"A1": "every-time", "A3": "sometimes", "E3": "seen", "D1": "sometimes", "A5": "every-time", "B4": "mostly"},
    )
    assert [p.item.short_id for p in found.pairs] == ["A1", "A3", "D1"]
    assert [len(found.going(d)) for d in (1, 0, -1)] == [1, 1, 1]
    assert found.direction == -1
    assert [p.item.short_id for p in found.starred] == ["A1", "A3", "D1"]


def test_a_section_has_its_own_direction() -> None:
    found = change({"A1": "mostly", "D1": "every-time"}, {"A1": "every-time", "D1": "mostly"})
    assert found.of_section("leadership").direction == 1
    assert found.of_section("preparation").direction == -1
    assert (found.direction, found.of_section("weaning").direction) == (0, 0)
