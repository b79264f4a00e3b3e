"""Is movement of the same organisations judged against every way in which they could have moved?"""

from __future__ import annotations

from itertools import product
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from audit_engine.analysis.statistics import mcnemar, normal_quantile, paired_difference_ci, sign_flip_cluster

MOVERS = st.integers(0, 60)
CELLS = st.tuples(*[st.integers(0, 12)] * 4).filter(sum)


@given(st.integers(0, 10), st.integers(0, 10))
def test_mcnemar_is_what_counting_every_way_to_move_gives(lost: int, gained: int) -> None:
    movers = lost + gained
    if movers > 12:
        return
    found = mcnemar(lost, gained)
    ways = [sum(way) for way in product((0, 1), repeat=movers)]
    far = abs(gained - movers / 2)
    exact = sum(abs(up - movers / 2) >= far for up in ways) / len(ways)
    as_far = sum(abs(up - movers / 2) == far for up in ways) / len(ways)
    assert found.p_exact == pytest.approx(exact)
    # Half of the outcomes just as far count: the mid-p.
    assert found.p_midp == pytest.approx(exact - as_far / 2 if movers else 1.0)


@given(MOVERS, MOVERS)
def test_mcnemar_agrees_with_statsmodels(lost: int, gained: int) -> None:
    found = mcnemar(lost, gained)
    if lost + gained == 0:
        assert found == mcnemar(0, 0)
        return
    table = [[5, lost], [gained, 5]]
    assert found.p_exact == pytest.approx(min(1.0, float(statsmodels_mcnemar(table, exact=True).pvalue)))
    asymptotic = statsmodels_mcnemar(table, exact=False, correction=False).pvalue
    assert found.p_asymptotic == pytest.approx(float(asymptotic))


@given(MOVERS, MOVERS)
def test_mcnemar_does_not_care_which_way(lost: int, gained: int) -> None:
    found = mcnemar(lost, gained)
    assert found == mcnemar(gained, lost)
    assert 0 < found.p_midp <= found.p_exact <= 1
    if found.min_attainable_midp is not None:
        assert found.p_midp >= found.min_attainable_midp


def test_one_criterion_needs_five_movers_one_way_to_reach_five_per_cent() -> None:
    assert mcnemar(0, 4).p_midp > 0.05 >= mcnemar(0, 5).p_midp


def test_many_movers_do_not_overflow() -> None:
    assert mcnemar(3000, 3100).p_midp == pytest.approx(0.2, abs=0.01)


@given(st.lists(st.integers(-6, 6), max_size=10))
def test_the_sign_flip_is_what_trying_every_pattern_of_signs_gives(nets: list[int]) -> None:
    found = sign_flip_cluster(nets)
    sums = [sum(s * n for s, n in zip(signs, nets, strict=True)) for signs in product((1, -1), repeat=len(nets))]
    assert found.p_exact == pytest.approx(sum(abs(one) >= abs(sum(nets)) for one in sums) / len(sums))
    assert (found.z is None) == (not any(nets))


@given(st.lists(st.integers(-6, 6), max_size=20), st.integers(0, 5))
def test_organisations_without_a_net_change_drop_out(nets: list[int], idle: int) -> None:
    assert sign_flip_cluster([*nets, *[0] * idle]) == sign_flip_cluster(nets)
    assert sign_flip_cluster([-one for one in nets]).p_exact == pytest.approx(sign_flip_cluster(nets).p_exact)


def test_the_gains_of_one_organisation_are_no_shift_of_all() -> None:
    assert sign_flip_cluster([0, 9, 0, 0]).p_exact == 1


@given(CELLS)
def test_every_paired_interval_lies_in_range_and_turns_over_with_the_direction(cells: tuple[int, ...]) -> None:
    both, lost, gained, neither = cells
    found, other = paired_difference_ci(*cells), paired_difference_ci(both, gained, lost, neither)
    assert found is not None
    assert other is not None
    for name in ("tango", "agresti_min", "bonett_price", "newcombe_paired"):
        (lower, upper), (low, high) = getattr(found, name), getattr(other, name)
        assert -1 - 1e-9 <= lower <= upper <= 1 + 1e-9
        assert (lower, upper) == pytest.approx((-high, -low), abs=1e-8), name
    assert found.tango[0] - 1e-9 <= found.diff <= found.tango[1] + 1e-9


@given(CELLS)
def test_tangos_limits_are_where_the_score_test_just_rejects(cells: tuple[int, ...]) -> None:
    """The likeliest share lost under each limit is searched for, not solved for."""
    _, lost, gained, _ = cells
    found, n = paired_difference_ci(*cells), sum(cells)
    assert found is not None
    for limit in found.tango:
        if abs(limit) < 0.999:
            share = _likeliest(lost, gained, n, limit)
            spread = sqrt(n * (2 * share + limit * (1 - limit)))
            assert abs(gained - lost - n * limit) == pytest.approx(normal_quantile(0.95) * spread, abs=2e-3)


def _likeliest(lost: int, gained: int, n: int, delta: float) -> float:
    low, high = max(0.0, -delta), (1 - delta) / 2

    def likelihood(share: float) -> float:
        parts = ((lost, share), (gained, share + delta), (n - lost - gained, 1 - 2 * share - delta))
        return sum(count * log(max(chance, 1e-300)) for count, chance in parts if count)

    for _ in range(200):
        third = (high - low) / 3
        if likelihood(low + third) < likelihood(high - third):
            low += third
        else:
            high -= third
    return (low + high) / 2


def test_nobody_at_all_has_no_difference() -> None:
    assert paired_difference_ci(0, 0, 0, 0) is None


@pytest.mark.parametrize(("cells", "end"), [((0, 0, 7, 0), 1.0), ((0, 7, 0, 0), -1.0)])
def test_where_all_moved_one_way_the_interval_ends_there(cells: tuple[int, int, int, int], end: float) -> None:
    found = paired_difference_ci(*cells)
    assert found is not None
    assert end in found.tango
