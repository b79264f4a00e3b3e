"""Is a difference between two groups of people as sure as it is said to be?"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from audit_engine.analysis.statistics import minimum_detectable_difference, newcombe_independent

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SMALL = st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS)
def test_the_interval_holds_the_difference_and_turns_over_when_the_waves_are_swapped(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    found, other = newcombe_independent(*first, *second), newcombe_independent(*second, *first)
    assert found is not None
    assert other is not None
    assert -1 <= found.lower <= found.diff <= found.upper <= 1
    assert (found.lower, found.upper) == pytest.approx((-other.upper, -other.lower), abs=1e-12)
    assert found.p == pytest.approx(other.p)


@given(COUNTS, COUNTS)
def test_it_agrees_with_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = newcombe_independent(*first, *second)
    assert found is not None
    limits = confint_proportions_2indep(*second, *first, method="newcomb", compare="diff")
    assert (found.lower, found.upper) == pytest.approx(limits, abs=1e-9)
    if found.z is not None:
        assert (found.z, found.p_pooled_z) == pytest.approx(
            proportions_ztest([second[0], first[0]], [second[1], first[1]]), abs=1e-9
        )


@given(COUNTS, COUNTS)
def test_one_more_yes_now_moves_both_limits_up(first: tuple[int, int], second: tuple[int, int]) -> None:
    (x1, n1), (x2, n2) = first, second
    found, more = newcombe_independent(x1, n1, x2, n2 + 1), newcombe_independent(x1, n1, x2 + 1, n2 + 1)
    assert found is not None
    assert more is not None
    assert more.lower > found.lower - 1e-12
    assert more.upper > found.upper - 1e-12


@given(COUNTS, COUNTS)
def test_the_exact_test_sums_the_tables_that_are_no_likelier(first: tuple[int, int], second: tuple[int, int]) -> None:
    (x1, n1), (x2, n2) = first, second
    found = newcombe_independent(x1, n1, x2, n2)
    assert found is not None
    yes = x1 + x2
    chances = {x: comb(n1, x) * comb(n2, yes - x) for x in range(yes + 1)}
    total = comb(n1 + n2, yes)
    assert found.fisher_p == pytest.approx(sum(c for c in chances.values() if c <= chances[x1]) / total)


@given(SMALL, SMALL)
def test_the_exact_test_is_what_counting_every_way_to_deal_the_answers_gives(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    (x1, n1), (x2, n2) = first, second
    found = newcombe_independent(x1, n1, x2, n2)
    assert found is not None
    dealt = [sum(hand[:n1]) for hand in product((0, 1), repeat=n1 + n2) if sum(hand) == x1 + x2]
    chance = {x: Fraction(dealt.count(x), len(dealt)) for x in set(dealt)}
    assert found.fisher_p == pytest.approx(float(sum(c for c in chance.values() if c <= chance[x1])))


def test_small_expected_counts_take_the_exact_test() -> None:
    exact, approximate = newcombe_independent(3, 10, 9, 10), newcombe_independent(20, 50, 35, 50)
    assert exact is not None
    assert approximate is not None
    assert exact.p == exact.fisher_p
    assert approximate.p == approximate.p_pooled_z


@pytest.mark.parametrize("counts", [(0, 10, 0, 12), (10, 10, 12, 12)])
def test_where_all_say_one_thing_there_is_nothing_to_test(counts: tuple[int, int, int, int]) -> None:
    found = newcombe_independent(*counts)
    assert found is not None
    assert (found.z, found.p) == (None, 1.0)


def test_no_difference_is_given_without_a_base() -> None:
    assert newcombe_independent(0, 0, 3, 5) is None
    assert newcombe_independent(3, 5, 0, 0) is None


@given(st.floats(0.05, 0.95), st.integers(20, 2000), st.integers(20, 2000), st.sampled_from([0.5, 0.8, 0.9]))
def test_a_difference_of_that_size_would_be_found_that_often(p: float, n1: int, n2: int, power: float) -> None:
    found = minimum_detectable_difference(p, n1, n2, 0.05, power)
    assert found is not None
    spread = (p * (1 - p) * (1 / n1 + 1 / n2)) ** 0.5
    assert 1 - NormalDist(found.mde, spread).cdf(spread * NormalDist().inv_cdf(0.975)) == pytest.approx(power)


@given(st.floats(0.05, 0.95), st.integers(20, 2000), st.integers(20, 2000))
def test_larger_surveys_detect_smaller_differences(p: float, n1: int, n2: int) -> None:
    found, larger = minimum_detectable_difference(p, n1, n2), minimum_detectable_difference(p, n1 + 1, n2)
    assert found is not None
    assert larger is not None
    assert larger.mde < found.mde


@pytest.mark.parametrize(("p", "n1", "n2"), [(0.0, 10, 10), (1.0, 10, 10), (0.5, 0, 10), (0.5, 10, 0)])
def test_nothing_can_be_said_of_what_could_be_detected_where_nothing_varies(p: float, n1: int, n2: int) -> None:
    assert minimum_detectable_difference(p, n1, n2) is None
