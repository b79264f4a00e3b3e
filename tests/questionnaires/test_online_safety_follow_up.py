from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked, resolved
from audit_engine.definition.calculated import failed_checks
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire

LIBRARY = Library(Path(__file__).parents[2])
GROUPS = ["front-line", "supervisors", "managers", "foster-and-volunteers", "others"]
ON_THE_TRAINING = {f"osf.{n}" for n in (3, 4, 5, 7, 8, 9, 10, 12)}
OF_ALL = {"osf.1", "osf.11", "osf.13", "osf.14"}


@cache
def follow_up() -> Questionnaire:
    return LIBRARY.load("online-safety-follow-up", "2026")


def asked_with(provider: str) -> set[str]:
    states = asked(follow_up(), {}, {"osf.1": provider} if provider else {})
    return {item_id for item_id, state in states.items() if state.asked}


def test_there_are_14_questions_in_the_order_of_their_numbers() -> None:
    assert [item.id for item in follow_up().items] == [f"osf.{n}" for n in range(1, 15)]


def test_it_is_what_the_audit_opens_and_it_carries_the_organisation_s_name() -> None:
    gate = LIBRARY.load("section-11", "2026").items_by_id["s11.OS.6"]
    assert gate.opens == follow_up().id
    assert (follow_up().respondent, follow_up().anonymity) == ("organisation", "named")


def test_what_moved_here_from_the_audit_is_asked_here() -> None:
    moved = {r.id: r.instrument for r in LIBRARY.load("section-11", "2026").retired if r.relation == "moved"}
    assert moved == {"s11.OS.2": follow_up().id}


@pytest.mark.parametrize("provider", ["own", "bought", "partnership", "mixed"])
def test_training_that_exists_is_asked_about(provider: str) -> None:
    assert asked_with(provider) == OF_ALL | ON_THE_TRAINING


def test_no_training_asks_why_and_wants_a_plan() -> None:
    assert asked_with("none") == OF_ALL | {"osf.2"}
    assert follow_up().items_by_id["osf.1"].action.required_when == ("none",)


def test_the_day_of_the_count_is_asked_only_where_there_is_one() -> None:
    counts = ITEM_TYPES["counts"].parse(
        {"others": {"headcount": "3", "completed": "2"}}, follow_up().items_by_id["osf.4"]
    )
    assert asked(follow_up(), {}, {"osf.1": "own", "osf.4": counts})["osf.6"].asked
    assert not asked(follow_up(), {}, {"osf.1": "own"})["osf.6"].asked
    assert not asked(follow_up(), {}, {"osf.1": "none", "osf.4": counts})["osf.6"].asked


def test_an_organisation_that_cannot_count_may_still_send_its_answers() -> None:
    assert not follow_up().items_by_id["osf.4"].required


def test_the_first_question_left_blank_opens_neither() -> None:
    assert asked_with("") == OF_ALL


def test_numbers_and_duty_are_asked_for_the_same_groups() -> None:
    items = follow_up().items_by_id
    assert [row.id for row in items["osf.3"].rows] == GROUPS
    assert [row.id for row in items["osf.4"].rows] == GROUPS


def test_the_content_ticks_are_the_eleven_of_the_notes() -> None:
    item = follow_up().items_by_id["osf.9"]
    assert len([o for o in item.options if not o.exclusive and o.id != "other"]) == 11
    assert item.other


def share(counts: object) -> str:
    item = follow_up().items_by_id["osf.4"]
    answers = {"osf.1": "own", "osf.4": ITEM_TYPES["counts"].parse(counts, item)}
    values = resolved(follow_up(), {}, answers).values
    return ITEM_TYPES["calculated"].text(values.get("osf.5"), follow_up().items_by_id["osf.5"])


def test_completion_is_the_sum_of_those_done_over_the_sum_of_those_who_should() -> None:
    counts = {
        "front-line": {"headcount": "100", "completed": "90"},
        "managers": {"headcount": "10", "completed": "1"},
    }
    assert share(counts) == "82.7 %"


def test_a_group_without_numbers_leaves_both_sums_and_is_not_nought() -> None:
    assert share({"front-line": {"headcount": "20", "completed": "20"}, "managers": {}}) == "100 %"


def test_without_any_numbers_no_share_is_given() -> None:
    assert share({}) == ""


def test_more_people_cannot_have_done_it_than_should() -> None:
    item = follow_up().items_by_id["osf.4"]
    value = ITEM_TYPES["counts"].parse({"others": {"headcount": "4", "completed": "5"}}, item)
    assert len(ITEM_TYPES["counts"].problems(value, item)) == 1


@pytest.mark.parametrize(
    ("answers", "failed"),
    [
        ({"osf.6": "2024-12-31"}, ["day-of-count"]),
        ({"osf.6": "2026-10-01", "osf.10": "2026-11-01"}, []),
        ({"osf.6": "2027-10-01"}, ["day-of-count"]),
        ({"osf.10": "2062-01-01"}, ["day-of-review"]),
        ({}, []),
    ],
)
def test_a_day_that_cannot_be_right_is_caught(answers: dict[str, str], failed: list[str]) -> None:
    items = follow_up().items_by_id
    values = {id_: ITEM_TYPES["date"].parse(raw, items[id_]) for id_, raw in answers.items()}
    assert [check.id for check in failed_checks(follow_up(), values)] == failed


def test_every_question_is_tagged_so_that_the_audit_s_readers_find_it() -> None:
    assert all("online-safety" in item.tags for item in follow_up().items)


def test_page_one_says_who_it_is_for_how_long_and_where_a_child_at_risk_is_reported() -> None:
    introduction = follow_up().introduction
    assert "the person who looks after training" in introduction
    assert f"{follow_up().minutes} minutes" in introduction
    assert "not the place to report a child at risk" in introduction
