"""Are many tests held to what one test would be?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from audit_engine.analysis.statistics import holm_and_bh, mcnemar, tarone

P = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(P)
def test_adjusting_never_makes_a_p_value_smaller_and_holm_is_the_stricter(p: list[float]) -> None:
    found = holm_and_bh(p)
    for raw, bh, holm in zip(p, found.bh, found.holm, strict=True):
        assert raw - 1e-15 <= bh <= holm + 1e-12
        assert holm <= 1
    assert found.n_raw >= found.n_bh >= found.n_holm


@settings(max_examples=20)
@given(P)
def test_both_agree_with_statsmodels(p: list[float]) -> None:
    found = holm_and_bh(p)
    assert list(found.holm) == pytest.approx(list(multipletests(p, method="holm")[1]), abs=1e-12)
    assert list(found.bh) == pytest.approx(list(multipletests(p, method="fdr_bh")[1]), abs=1e-12)


@given(P)
def test_the_formulas_of_the_methods_word_for_word(p: list[float]) -> None:
    m, ordered = len(p), sorted(p)
    found = holm_and_bh(p)
    for value, holm, bh in zip(p, found.holm, found.bh, strict=True):
        i = ordered.index(value) + 1
        last = m - ordered[::-1].index(value)
        assert holm == pytest.approx(min(1, max((m - j + 1) * ordered[j - 1] for j in range(1, i + 1))), abs=1e-12)
        assert bh == pytest.approx(min(1, min(m * ordered[j - 1] / j for j in range(last, m + 1))), abs=1e-12)


@given(P)
def test_the_order_in_which_tests_are_given_does_not_matter(p: list[float]) -> None:
    first, second = holm_and_bh(p), holm_and_bh(sorted(p))
    assert sorted(first.holm) == pytest.approx(list(second.holm))
    assert sorted(first.bh) == pytest.approx(list(second.bh))


def test_one_test_is_not_adjusted_and_none_gives_none() -> None:
    assert holm_and_bh([0.03]).holm == holm_and_bh([0.03]).bh == (0.03,)
    assert holm_and_bh([]).holm == ()


def test_under_holm_over_fifty_criteria_ten_movers_one_way_are_needed() -> None:
    def adjusted(movers: int) -> float:
        return holm_and_bh([mcnemar(0, movers).p_midp, *[1.0] * 49]).holm[0]

    assert adjusted(9) > 0.05 >= adjusted(10)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=20))
def test_tarones_number_is_the_smallest_that_is_not_exceeded(pairs: list[tuple[float, float]]) -> None:
    least = [min(pair) for pair in pairs]
    found = tarone([max(pair) for pair in pairs], least)
    able = [sum(one <= 0.05 / k for one in least) for k in range(1, len(pairs) + 2)]
    assert able[found.K - 1] <= found.K
    assert all(able[k - 1] > k for k in range(1, found.K))
    assert all(max(pairs[place]) <= found.threshold for place in found.rejected)


def test_tests_that_could_never_pass_cost_the_others_nothing() -> None:
    assert tarone([0.03, 0.6, 0.7], [0.001, 0.5, 0.5]).rejected == (0,)
    assert tarone([], []).rejected == ()
