"""Do intervals of one share hold what they should?"""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from audit_engine.analysis.statistics import (
    Bounds,
    MoreThanEverybody,
    min_n_all_yes_wilson_lower,
    normal_quantile,
    wilson,
    wilson_fpc,
    worst_case_bounds,
)

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_wilson_holds_the_share_and_is_the_mirror_of_its_opposite(counts: tuple[int, int]) -> None:
    x, n = counts
    found, other = wilson(x, n), wilson(n - x, n)
    assert found is not None
    assert other is not None
    assert 0 <= found.lower <= found.p <= found.upper <= 1
    assert (found.lower, found.upper) == pytest.approx((1 - other.upper, 1 - other.lower), abs=1e-12)
    assert (found.lower == 0, found.upper == 1) == (x == 0, x == n)


@given(COUNTS)
def test_the_limits_are_the_shares_from_which_the_count_is_just_so_far(counts: tuple[int, int]) -> None:
    x, n = counts
    found = wilson(x, n)
    assert found is not None
    for limit in (found.lower, found.upper):
        assert abs(x / n - limit) == pytest.approx(normal_quantile(0.95) * sqrt(limit * (1 - limit) / n), abs=1e-9)


@given(COUNTS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_agrees_with_statsmodels(counts: tuple[int, int], conf: float) -> None:
    found = wilson(*counts, conf)
    assert found is not None
    assert (found.lower, found.upper) == pytest.approx(proportion_confint(*counts, 1 - conf, "wilson"), abs=1e-12)


@given(COUNTS)
def test_one_more_yes_moves_both_limits_up(counts: tuple[int, int]) -> None:
    x, n = counts
    found, more = wilson(x, n + 1), wilson(x + 1, n + 1)
    assert found is not None
    assert more is not None
    assert more.lower > found.lower
    assert more.upper > found.upper


@given(COUNTS, st.integers(0, 3000))
def test_a_known_population_never_widens_the_interval(counts: tuple[int, int], others: int) -> None:
    x, n = counts
    plain, found = wilson(x, n), wilson_fpc(x, n, n + others)
    assert plain is not None
    assert found is not None
    assert found.census == (others == 0)
    assert plain.lower - 1e-12 <= found.lower <= found.p <= found.upper <= plain.upper + 1e-12


def test_the_correction_starts_above_a_twentieth_of_the_population() -> None:
    at, above = wilson_fpc(10, 20, 400), wilson_fpc(10, 20, 399)
    assert at is not None
    assert above is not None
    assert at.n_eff == 20
    assert above.n_eff == pytest.approx(20 * 398 / 379)


def test_nobody_of_many_has_no_interval_and_nobody_of_nobody_is_no_census() -> None:
    assert wilson(0, 0) is None
    assert wilson_fpc(0, 0, 0) is None


def test_more_answers_than_people_are_refused() -> None:
    with pytest.raises(MoreThanEverybody, match="41 answered, but only 40 could"):
        wilson_fpc(3, 41, 40)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_worst_cases_are_those_of_all_missing_saying_one_thing(met: int, not_met: int, missing: int) -> None:
    everybody = met + not_met + missing
    if everybody == 0:
        return
    found = worst_case_bounds(met, not_met, everybody)
    every = [(met + more) / everybody for more in range(missing + 1)]
    assert (found.low, found.high) == (min(every), max(every))


def test_bounds_without_a_return_are_none_to_all() -> None:
    assert worst_case_bounds(0, 0, 5) == Bounds(None, 0.0, 1.0)


@given(st.floats(0.01, 0.98))
def test_one_answer_fewer_than_the_least_base_does_not_reach_the_floor(floor: float) -> None:
    (least,) = min_n_all_yes_wilson_lower([floor]).min_n
    at, below = wilson(least, least), wilson(least - 1, least - 1)
    assert at is not None
    assert at.lower >= floor - 1e-12
    assert below is None or below.lower < floor + 1e-12


def test_all_is_a_floor_that_no_base_reaches() -> None:
    with pytest.raises(ValueError, match="never reached"):
        min_n_all_yes_wilson_lower([1.0])
