"""Do the trend, weights, quantiles and tails agree with counting person by person?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.rounding import half_up, p_text, percent, points_text
from audit_engine.analysis.statistics import (
    Stratum,
    binomial_cdf,
    cochran_armitage_trend,
    grim,
    grim_search,
    merged_small,
    newcombe_independent,
    poststratified_proportion_wilson_neff,
    quartiles_type7_and_midrank,
    wilson,
)

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
WAVES = st.lists(COUNTS, min_size=3, max_size=5).filter(lambda w: 0 < sum(x for x, _ in w) < sum(n for _, n in w))
GROUPS = st.lists(st.tuples(st.integers(1, 500), COUNTS), min_size=1, max_size=6)


@given(WAVES)
def test_the_trend_is_n_times_the_squared_correlation_of_person_and_year(waves: list[tuple[int, int]]) -> None:
    years = list(range(2020, 2020 + len(waves)))
    found = cochran_armitage_trend([x for x, _ in waves], [n for _, n in waves], years)
    assert found is not None
    said = np.concatenate([[1] * x + [0] * (n - x) for x, n in waves])
    when = np.repeat(years, [n for _, n in waves])
    assert found.chi2 == pytest.approx(len(said) * np.corrcoef(said, when)[0, 1] ** 2, abs=1e-8)
    assert found.slope == pytest.approx(np.polyfit(when - 2020, said, 1)[0], abs=1e-9)


@given(COUNTS, COUNTS)
def test_over_two_waves_the_trend_is_the_pooled_test(first: tuple[int, int], second: tuple[int, int]) -> None:
    (x1, n1), (x2, n2) = first, second
    found, pooled = cochran_armitage_trend([x1, x2], [n1, n2], [1, 2]), newcombe_independent(x1, n1, x2, n2)
    assert pooled is not None
    if pooled.z is None:
        assert found is None
    else:
        assert found is not None
        assert (found.chi2, found.p) == pytest.approx((pooled.z**2, pooled.p_pooled_z), abs=1e-9)


@given(WAVES, st.integers(-3000, 3000), st.integers(1, 9))
def test_only_the_distances_between_years_matter(waves: list[tuple[int, int]], start: int, step: int) -> None:
    x, n = zip(*waves, strict=True)
    plain = cochran_armitage_trend(x, n, range(len(waves)))
    moved = cochran_armitage_trend(x, n, [start + step * place for place in range(len(waves))])
    assert plain is not None
    assert moved is not None
    assert plain.p == pytest.approx(moved.p, abs=1e-6)


def test_waves_of_one_year_have_no_trend() -> None:
    assert cochran_armitage_trend([3, 4], [9, 9], [2021, 2021]) is None


@given(GROUPS)
def test_a_weighted_share_is_that_of_everybody_had_each_group_answered_alike(
    groups: list[tuple[int, tuple[int, int]]],
) -> None:
    strata = [Stratum(str(place), size, n, x) for place, (size, (x, n)) in enumerate(groups)]
    found, ready = poststratified_proportion_wilson_neff(strata), merged_small(strata)
    assert found is not None
    assert found.n == sum(n for _, (_, n) in groups)
    assert found.kish_deff >= 1 - 1e-12
    assert 0 <= found.lower <= found.p_weighted <= found.upper <= 1
    if not found.trimmed:
        expected = sum(Fraction(one.N * one.x, one.n) for one in ready) / sum(one.N for one in ready)
        assert found.p_weighted == pytest.approx(float(expected), abs=1e-9)


@given(GROUPS, st.integers(1, 7))
def test_groups_that_answered_in_proportion_need_no_weights(
    groups: list[tuple[int, tuple[int, int]]], times: int
) -> None:
    strata = [Stratum(str(place), times * n, n, x) for place, (_, (x, n)) in enumerate(groups)]
    found, plain = (
        poststratified_proportion_wilson_neff(strata),
        wilson(sum(s.x for s in strata), sum(s.n for s in strata)),
    )
    assert found is not None
    assert plain is not None
    assert found.kish_deff == pytest.approx(1)
    assert (found.p_weighted, found.lower, found.upper) == pytest.approx((plain.p, plain.lower, plain.upper), abs=1e-9)


@given(GROUPS)
def test_merging_loses_nobody_and_leaves_no_group_small(groups: list[tuple[int, tuple[int, int]]]) -> None:
    strata = [Stratum(str(place), size, n, x) for place, (size, (x, n)) in enumerate(groups)]
    merged = merged_small(strata)
    for name in ("N", "n", "x"):
        assert sum(getattr(one, name) for one in merged) == sum(getattr(one, name) for one in strata)
    assert len(merged) == 1 or all(one.n >= 5 for one in merged)


def test_a_weight_is_cut_at_five_times_the_median() -> None:
    found = poststratified_proportion_wilson_neff([Stratum("a", 900, 10, 10), Stratum("b", 100, 90, 0)])
    assert found is not None
    assert found.trimmed
    assert found.p_weighted == pytest.approx(5 * 10 / (5 * 10 + 90))


def test_nobody_who_answered_or_no_people_give_no_weighted_share() -> None:
    assert poststratified_proportion_wilson_neff([]) is None
    assert poststratified_proportion_wilson_neff([Stratum("a", 5, 0, 0)]) is None
    assert poststratified_proportion_wilson_neff([Stratum("a", 0, 9, 3)]) is None


def test_under_eleven_effective_answers_nothing_weighted_is_published() -> None:
    few, enough = (poststratified_proportion_wilson_neff([Stratum("a", 50, n, 3)]) for n in (10, 11))
    assert few is not None
    assert enough is not None
    assert (few.may_be_published, enough.may_be_published) == (False, True)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40), st.integers(0, 100))
def test_quartiles_agree_with_numpy_and_the_percentile_with_counting(values: list[int], own: int) -> None:
    found = quartiles_type7_and_midrank(values, own)
    assert found is not None
    assert (found.q1, found.median, found.q3) == pytest.approx(tuple(np.percentile(values, [25, 50, 75])))
    assert found.mid_percentile == pytest.approx(
        100 * sum(1.0 if v < own else 0.5 if v == own else 0.0 for v in values) / len(values)
    )


def test_a_cohort_of_nobody_has_no_quartiles() -> None:
    assert quartiles_type7_and_midrank([], 3) is None


@given(st.integers(0, 40), st.integers(0, 100), st.integers(-1, 41))
def test_the_binomial_tail_is_the_exact_sum(n: int, hundredths: int, k: int) -> None:
    p = Fraction(hundredths, 100)
    exact = sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(0, min(k, n) + 1)), Fraction(0))
    assert binomial_cdf(k, n, hundredths / 100) == pytest.approx(float(exact), abs=1e-10)


def test_the_binomial_tail_does_not_overflow() -> None:
    assert binomial_cdf(10_000, 20_000, 0.5) == pytest.approx(0.5028, abs=1e-4)


@pytest.mark.parametrize(
    ("pct", "n", "possible"),
    [
        ("98", 41, [40]), ("28", 68, [19]), ("88", 26, [23]), ("99", 457, [451, 452, 453, 454]),
    ],
)  # fmt: skip
def test_domain_b5_item_5_feasible_counts(pct: str, n: int, possible: list[int]) -> None:
    assert list(grim(pct, n, 0)) == possible


def test_domain_b5_item_5_the_nearest_base_that_gives_65_1_percent_is_195() -> None:
    assert grim("65.1", 196, 1) == ()
    bases = grim_search("65.1", 170, 220, 1)
    assert min(bases, key=lambda n: abs(n - 196)) == 195


@given(st.integers(1, 400), st.integers(0, 2), st.data())
def test_no_feasible_count_is_missed(n: int, dp: int, draw: st.DataObject) -> None:
    x = draw.draw(st.integers(0, n))
    shown = str(half_up(percent(x, n), dp))
    by_trying = [k for k in range(n + 1) if half_up(percent(k, n), dp) == Decimal(shown)]
    assert list(grim(shown, n, dp)) == by_trying


def test_nothing_is_feasible_without_a_base() -> None:
    assert grim("50", 0, 0) == ()


@pytest.mark.parametrize(
    ("share", "text"), [(-0.0044730221, "−0.4"), (0.0975272722, "+9.8"), (0.0, "0.0"), (-0.0001, "0.0"), (1, "+100.0")]
)
def test_points_carry_their_sign_and_one_decimal(share: float, text: str) -> None:
    assert points_text(share) == text


def test_points_may_stand_without_their_sign() -> None:
    assert points_text(-0.1460841599, signed=False) == "14.6"


@pytest.mark.parametrize(("p", "text"), [(0.0131527413, "0.013"), (1.0, "1.000"), (0.0009, "<0.001"), (0.001, "0.001")])
def test_a_p_value_has_three_places(p: float, text: str) -> None:
    assert p_text(p) == text
