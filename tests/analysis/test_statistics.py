from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis import statistics
from audit_engine.analysis.rounding import half_up, percent
from tests.analysis.by_hand import vectors

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("vector", vectors("wilson"), ids=lambda v: v["name"])
def test_wilson_gives_the_vector(vector: dict[str, Any]) -> None:
    found = statistics.wilson(**vector["input"])
    if vector["expected"] is None:
        assert found is None
    else:
        assert found is not None
        assert asdict(found) == pytest.approx(vector["expected"], abs=vector["tolerance"])


@given(COUNTS)
def test_wilson_holds_the_share_and_is_the_mirror_of_its_opposite(counts: tuple[int, int]) -> None:
    x, n = counts
    found, other = statistics.wilson(x, n), statistics.wilson(n - x, n)
    assert found is not None
    assert other is not None
    assert 0 <= found.lower <= found.p <= found.upper <= 1
    assert (found.lower, found.upper) == pytest.approx((1 - other.upper, 1 - other.lower), abs=1e-12)
    assert (found.lower == 0, found.upper == 1) == (x == 0, x == n)


@pytest.mark.parametrize("vector", vectors("worst_case_bounds"), ids=lambda v: v["name"])
def test_worst_case_bounds_give_the_vector(vector: dict[str, Any]) -> None:
    found = statistics.worst_case_bounds(**vector["input"])
    assert asdict(found) == pytest.approx(vector["expected"], abs=vector["tolerance"])


def test_bounds_without_a_return_are_none_to_all() -> None:
    assert statistics.worst_case_bounds(0, 0, 5) == statistics.Bounds(None, 0.0, 1.0)


@pytest.mark.parametrize("vector", vectors("newcombe_independent"), ids=lambda v: v["name"])
def test_a_difference_of_two_samples_gives_the_vector(vector: dict[str, Any]) -> None:
    found = statistics.newcombe_independent(**vector["input"])
    assert found is not None
    for name, value in vector["expected"].items():
        assert getattr(found, name) == (None if value is None else pytest.approx(value, abs=1e-6)), name


def test_no_difference_is_given_without_a_base() -> None:
    assert statistics.newcombe_independent(0, 0, 3, 5) is None


@pytest.mark.parametrize("vector", vectors("grim"), ids=lambda v: v["name"])
def test_a_percentage_names_every_count_that_can_give_it(vector: dict[str, Any]) -> None:
    assert list(statistics.grim(**vector["input"])) == vector["expected"]["possible_counts"]


@pytest.mark.parametrize("vector", vectors("grim_search"), ids=lambda v: v["name"])
def test_a_percentage_names_every_base_that_can_give_it(vector: dict[str, Any]) -> None:
    found = statistics.grim_search(**vector["input"])
    assert {str(n): list(counts) for n, counts in found.items()} == vector["expected"]["bases"]


@pytest.mark.parametrize(
    ("pct", "n", "possible"),
    [
        ("98", 41, [40]), ("28", 68, [19]), ("88", 26, [23]), ("99", 457, [451, 452, 453, 454]),
    ],
)  # fmt: skip
def test_domain_b5_item_5_feasible_counts(pct: str, n: int, possible: list[int]) -> None:
    assert list(statistics.grim(pct, n, 0)) == possible


def test_domain_b5_item_5_the_nearest_base_that_gives_65_1_percent_is_195() -> None:
    assert statistics.grim("65.1", 196, 1) == ()
    bases = statistics.grim_search("65.1", 170, 220, 1)
    assert min(bases, key=lambda n: abs(n - 196)) == 195


@given(st.integers(1, 400), st.integers(0, 2), st.data())
def test_no_feasible_count_is_missed(n: int, dp: int, draw: st.DataObject) -> None:
    x = draw.draw(st.integers(0, n))
    shown = str(half_up(percent(x, n), dp))
    by_trying = [k for k in range(n + 1) if half_up(percent(k, n), dp) == Decimal(shown)]
    assert list(statistics.grim(shown, n, dp)) == by_trying


def test_nothing_is_feasible_without_a_base() -> None:
    assert statistics.grim("50", 0, 0) == ()


@given(COUNTS, COUNTS)
def test_the_exact_test_sums_the_tables_that_are_no_likelier(first: tuple[int, int], second: tuple[int, int]) -> None:
    (x1, n1), (x2, n2) = first, second
    found = statistics.newcombe_independent(x1, n1, x2, n2)
    assert found is not None
    yes = x1 + x2
    chances = {x: comb(n1, x) * comb(n2, yes - x) for x in range(yes + 1)}
    total = comb(n1 + n2, yes)
    assert found.fisher_p == pytest.approx(sum(c for c in chances.values() if c <= chances[x1]) / total)
