from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.triangulation import (
    ASSURANCE,
    CLASSES,
    COMPARED,
    Assurance,
    ClassName,
    PanelView,
    assurance,
    class_of,
    false_flag_rate,
    staff_interval,
    triangulation,
    triangulation_oc,
    weakest,
)
from tests.analysis.by_hand import vectors

RULE = {"target": 0.75, "floor": 0.5, "n_min": 11}
COUNTS = st.integers(11, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("vector", vectors("triangulation"), ids=lambda v: v["name"])
def test_the_rule_gives_the_vector(vector: dict[str, Any]) -> None:
    found = asdict(triangulation(**vector["input"]))
    for name, value in vector["expected"].items():
        assert found[name] == (pytest.approx(value, abs=1e-6) if isinstance(value, float) else value), name


@pytest.mark.parametrize("vector", vectors("triangulation_oc"), ids=lambda v: v["name"])
def test_what_the_rule_does_by_chance_gives_the_vector(vector: dict[str, Any]) -> None:
    found = triangulation_oc(**vector["input"])
    for row, expected in zip(found.rows, vector["expected"]["rows"], strict=True):
        assert asdict(row) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("x", "n", "cls"),
    [(30, 60, "mixed picture"), (95, 100, "corroborated"), (12, 20, "mixed picture"), (9, 9, "insufficient responses")],
)
def test_domain_b5_item_4_by_the_thresholds_that_replaced_its_own(x: int, n: int, cls: ClassName) -> None:
    assert triangulation("met", x, n, **RULE).cls == cls  # type: ignore[arg-type]


@pytest.mark.parametrize("claim", ["met", "partially", "not_met"])
def test_ten_answers_are_never_compared_whatever_they_say(claim: Any) -> None:
    for x in range(11):
        assert triangulation(claim, x, 10, 0.75, 0.5, 11).cls == "insufficient responses"


def test_nobody_s_answer_is_too_few_even_without_a_least_number() -> None:
    assert triangulation("met", 0, 0, 0.75, 0.5, 0).cls == "insufficient responses"


def test_a_not_applicable_rating_is_not_compared_whatever_staff_say() -> None:
    assert triangulation("na", 50, 50, 0.75, 0.5, 11).cls == "not compared"


@given(COUNTS, st.sampled_from(["met", "partially", "not_met"]))
def test_one_more_consistent_answer_never_lowers_what_staff_see(counts: tuple[int, int], claim: Any) -> None:
    x, n = counts
    order = ["not seen", "partly seen", "seen"]
    now = triangulation(claim, x, n, 0.75, 0.5, 11).staff
    more = triangulation(claim, min(x + 1, n), n, 0.75, 0.5, 11).staff
    assert order.index(str(more)) >= order.index(str(now))


@given(COUNTS)
def test_the_class_follows_from_the_rating_and_the_level_alone(counts: tuple[int, int]) -> None:
    x, n = counts
    level = triangulation("met", x, n, 0.75, 0.5, 11).staff
    assert level is not None
    for claim in ("met", "partially", "not_met"):
        found = triangulation(claim, x, n, 0.75, 0.5, 11)
        assert found.cls == class_of(claim, level)
        assert found.cls in COMPARED


def test_a_whole_staff_that_answered_has_no_interval_and_is_judged_by_its_share() -> None:
    assert triangulation("met", 9, 12, 0.75, 0.5, 11, 12).cls == "corroborated"
    assert triangulation("met", 5, 12, 0.75, 0.5, 11, 12).cls == "claimed but not seen by staff"
    assert triangulation("met", 8, 12, 0.75, 0.5, 11, 12).cls == "mixed picture"


def test_a_number_of_staff_below_the_number_of_answers_is_wrong_and_not_used() -> None:
    assert staff_interval(9, 11, 10) == staff_interval(9, 11)


def test_a_twentieth_of_the_staff_or_less_is_a_sample_like_any_other() -> None:
    assert staff_interval(15, 20, 400) == staff_interval(15, 20)
    assert staff_interval(15, 20, 399) != staff_interval(15, 20)


def test_a_share_equal_to_the_target_counts_as_reached() -> None:
    assert triangulation("met", 75, 100, 0.75, 0.5, 11).cls == "corroborated"
    assert triangulation("met", 7, 10, 0.7, 0.4, 5, 10).cls == "corroborated"


def test_the_weakest_of_several_questions_is_taken_never_their_mean() -> None:
    assert weakest(["seen", "not seen", "partly seen"]) == "not seen"
    assert weakest(["seen", "partly seen"]) == "partly seen"
    assert weakest(["seen"]) == "seen"


SEEN, MIXED, FLAG = "corroborated", "mixed picture", "claimed but not seen by staff"
FEW = "insufficient responses"


@pytest.mark.parametrize(
    ("panel", "evidence", "cls", "expected"),
    [
        ("agrees", 3, SEEN, "strong"),
        ("agrees", 2, SEEN, "strong"),
        ("agrees", 1, SEEN, "supported"),
        ("agrees", None, SEEN, "supported"),
        ("agrees", 2, MIXED, "supported"),
        ("agrees", 2, FEW, "supported"),
        ("not looked at", 2, SEEN, "supported"),
        ("not looked at", None, SEEN, "self-reported only"),
        ("agrees", 1, MIXED, "self-reported only"),
        ("not looked at", None, "not compared", "self-reported only"),
        ("not looked at", 3, FEW, "self-reported only"),
        ("higher", 2, SEEN, "supported"),
        ("lower", 3, SEEN, "contested"),
        ("agrees", 3, FLAG, "contested"),
        ("agrees", 0, SEEN, "contested"),
        ("not applicable", 3, SEEN, None),
    ],
)
def test_four_sources_join_into_one_level(
    panel: PanelView, evidence: int | None, cls: ClassName, expected: Assurance | None
) -> None:
    assert assurance(panel, evidence, cls) == expected


def test_every_class_and_level_is_one_of_the_method_s() -> None:
    assert len(CLASSES) == 7
    assert len(ASSURANCE) == 4


def test_at_most_thirty_five_in_a_thousand_comparisons_are_flagged_by_chance() -> None:
    assert false_flag_rate(0.75, 0.5) == Fraction(35, 1000)


def test_the_rate_of_other_thresholds_is_their_own() -> None:
    rate = false_flag_rate(0.7, 0.4, 20)
    chances = []
    for n in range(20, 401):
        flagged = [x for x in range(n + 1) if triangulation("met", x, n, 0.7, 0.4, 11).cls == FLAG]
        chances.append(sum(comb(n, x) * 0.7**x * 0.3 ** (n - x) for x in flagged))
    assert max(chances) <= float(rate) <= max(chances) + 0.001
