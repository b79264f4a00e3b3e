"""Do tests of three grades, and of two raters, agree with their formulas worked out by hand?"""

from __future__ import annotations

from math import erfc, exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.statistics import agreement_self_vs_panel, mcnemar, ordinal_change_3x3

ORDER = ("not_met", "partly_met", "met")
Table = list[list[int]]
FULL = st.lists(st.lists(st.integers(1, 20), min_size=3, max_size=3), min_size=3, max_size=3)
ANY = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=3, max_size=3)


def turned(table: Table) -> Table:
    return [list(column) for column in zip(*table, strict=True)]


@given(FULL)
def test_stuart_maxwell_and_bowker_are_their_formulas(table: Table) -> None:
    found = ordinal_change_3x3(ORDER, table)
    rows, columns = [sum(row) for row in table], [sum(column) for column in turned(table)]
    d = [rows[i] - columns[i] for i in (0, 1)]
    v = [[(rows[i] + columns[i] - 2 * table[i][i]) if i == j else -(table[i][j] + table[j][i]) for j in (0, 1)]
         for i in (0, 1)]  # fmt: skip
    determinant = v[0][0] * v[1][1] - v[0][1] * v[1][0]
    chi2 = (d[0] ** 2 * v[1][1] - 2 * d[0] * d[1] * v[0][1] + d[1] ** 2 * v[0][0]) / determinant
    assert found.stuart_maxwell_chi2 == pytest.approx(chi2, abs=1e-9)
    assert found.stuart_maxwell_p == pytest.approx(exp(-chi2 / 2))  # two degrees of freedom
    pairs = [(table[i][j], table[j][i]) for i in range(3) for j in range(i + 1, 3)]
    bowker = sum((a - b) ** 2 / (a + b) for a, b in pairs)
    assert found.bowker_chi2 == pytest.approx(bowker)
    tail = erfc(sqrt(bowker / 2)) + sqrt(2 * bowker / 3.141592653589793) * exp(-bowker / 2)
    assert found.bowker_p == pytest.approx(tail)  # three degrees of freedom


@given(FULL)
def test_wilcoxon_is_the_normal_approximation_corrected_for_ties(table: Table) -> None:
    found = ordinal_change_3x3(ORDER, table)
    steps = [j - i for i in range(3) for j in range(3) for _ in range(table[i][j]) if i != j]
    one, two = sum(abs(s) == 1 for s in steps), sum(abs(s) == 2 for s in steps)
    ranks = {1: (one + 1) / 2, 2: one + (two + 1) / 2}
    up = sum(ranks[abs(s)] for s in steps if s > 0)
    n = one + two
    variance = n * (n + 1) * (2 * n + 1) / 24 - sum(t**3 - t for t in (one, two)) / 48
    z = (up - n * (n + 1) / 4) / sqrt(variance)
    assert found.wilcoxon_p == pytest.approx(erfc(abs(z) / sqrt(2)))


@given(ANY)
def test_turning_time_round_swaps_improved_and_worsened_alone(table: Table) -> None:
    found, other = ordinal_change_3x3(ORDER, table), ordinal_change_3x3(ORDER, turned(table))
    assert (found.improved, found.worsened, found.unchanged) == (other.worsened, other.improved, other.unchanged)
    assert found.n == found.improved + found.worsened + found.unchanged == sum(map(sum, table))
    assert found.sign_midp == mcnemar(found.worsened, found.improved).p_midp == other.sign_midp
    for name in ("stuart_maxwell_p", "bowker_p", "wilcoxon_p"):
        value, opposite = getattr(found, name), getattr(other, name)
        assert (value is None) == (opposite is None), name
        assert value is None or (0 <= value <= 1 and value == pytest.approx(opposite, abs=1e-9)), name


def test_a_grade_that_nobody_has_takes_its_degree_of_freedom_with_it() -> None:
    found = ordinal_change_3x3(ORDER, [[0, 0, 0], [0, 5, 8], [0, 2, 10]])
    assert found.stuart_maxwell_df == 1
    assert found.stuart_maxwell_chi2 == pytest.approx(36 / 10)  # McNemar's
    assert found.stuart_maxwell_p == pytest.approx(mcnemar(2, 8).p_asymptotic)


@pytest.mark.parametrize("table", [[[0, 0, 0], [0, 0, 0], [0, 0, 9]], [[3, 0, 0], [0, 4, 0], [0, 0, 5]], [[0] * 3] * 3])
def test_where_nobody_moved_there_is_nothing_to_test(table: Table) -> None:
    found = ordinal_change_3x3(ORDER, table)
    assert found.stuart_maxwell_p is None
    assert found.wilcoxon_p is None
    assert (found.sign_midp, found.bowker_p) == (1.0, 1.0)


def kappa_by_hand(table: Table, power: int) -> float:
    """Return weighted kappa from disagreement: 1 less what was seen over what chance gives."""
    n = sum(map(sum, table))
    rows, columns = [sum(row) for row in table], [sum(column) for column in turned(table)]
    cells = [(i, j, abs(i - j) ** power if power else float(i != j)) for i in range(3) for j in range(3)]
    seen = sum(w * table[i][j] for i, j, w in cells) / n
    return 1 - seen / (sum(w * rows[i] * columns[j] for i, j, w in cells) / n**2)


@given(FULL)
def test_kappa_is_its_formula(table: Table) -> None:
    found = agreement_self_vs_panel(ORDER, table)
    assert found is not None
    assert found.kappa == pytest.approx(kappa_by_hand(table, 0))
    assert found.kappa_linear == pytest.approx(kappa_by_hand(table, 1))
    assert found.kappa_quadratic == pytest.approx(kappa_by_hand(table, 2))
    assert found.kappa_linear_ci is not None
    assert found.kappa_linear_ci[0] <= found.kappa_linear <= found.kappa_linear_ci[1]


@given(FULL)
def test_gwets_ac2_is_its_formula(table: Table) -> None:
    found, n = agreement_self_vs_panel(ORDER, table), sum(map(sum, table))
    assert found is not None
    weights = [[1 - abs(i - j) / 2 for j in range(3)] for i in range(3)]
    seen = sum(weights[i][j] * table[i][j] for i in range(3) for j in range(3)) / n
    share = [(sum(table[k]) + sum(turned(table)[k])) / (2 * n) for k in range(3)]
    chance = sum(map(sum, weights)) / 6 * sum(pi * (1 - pi) for pi in share)
    assert found.ac2_linear == pytest.approx((seen - chance) / (1 - chance))
    assert found.weighted_agreement_linear == pytest.approx(seen)


@given(ANY.filter(lambda table: any(map(any, table))))
def test_swapping_the_raters_swaps_higher_and_lower_alone(table: Table) -> None:
    found, other = agreement_self_vs_panel(ORDER, table), agreement_self_vs_panel(ORDER, turned(table))
    assert found is not None
    assert other is not None
    assert (found.panel_higher, found.panel_lower) == (other.panel_lower, other.panel_higher)
    assert found.ac2_linear == pytest.approx(other.ac2_linear)
    assert found.ac2_linear <= 1
    for name in ("kappa", "kappa_linear", "kappa_quadratic"):
        value, opposite = getattr(found, name), getattr(other, name)
        assert (value is None) == (opposite is None)
        assert value is None or value == pytest.approx(opposite, abs=1e-9)


def test_kappa_is_printed_from_thirty_judgements_of_more_than_one_grade() -> None:
    few = agreement_self_vs_panel(ORDER, [[4, 0, 0], [0, 5, 5], [0, 0, 15]])
    enough = agreement_self_vs_panel(ORDER, [[4, 0, 0], [0, 5, 5], [0, 0, 16]])
    one_grade = agreement_self_vs_panel(ORDER, [[0, 0, 0], [0, 0, 0], [0, 5, 40]])
    assert few is not None
    assert enough is not None
    assert one_grade is not None
    assert [one.kappa_is_printed for one in (few, enough, one_grade)] == [False, True, False]


def test_no_judgements_give_no_agreement() -> None:
    assert agreement_self_vs_panel(ORDER, [[0] * 3] * 3) is None
