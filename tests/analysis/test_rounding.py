from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis import rounding
from tests.analysis.by_hand import vectors

COUNTS = st.integers(0, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("vector", vectors("round_half_up_1dp_pct"), ids=lambda v: v["name"])
def test_a_change_is_taken_before_rounding(vector: dict[str, Any]) -> None:
    found = rounding.round_half_up_1dp_pct(**vector["input"])
    assert {name: float(getattr(found, name)) for name in vector["expected"]} == vector["expected"]


@pytest.mark.parametrize("vector", vectors("round_half_up_0dp_pct"), ids=lambda v: v["name"])
def test_half_is_rounded_away_from_zero(vector: dict[str, Any]) -> None:
    assert list(rounding.round_half_up_0dp_pct(**vector["input"])) == vector["expected"]["pct"]


@pytest.mark.parametrize("vector", vectors("percent_set_0dp"), ids=lambda v: v["name"])
def test_shares_of_one_total_are_rounded_one_by_one_and_shared_out_only_for_icons(vector: dict[str, Any]) -> None:
    found = rounding.percent_set_0dp(**vector["input"])
    assert list(found.independent) == vector["expected"]["independent"]
    assert found.independent_sum == vector["expected"]["independent_sum"]
    assert list(found.largest_remainder) == vector["expected"]["largest_remainder"]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8).filter(any))
def test_shares_that_are_shared_out_sum_to_a_hundred(counts: list[int]) -> None:
    assert sum(rounding.percent_set_0dp(counts).largest_remainder) == 100


@pytest.mark.parametrize(
    ("numerator", "base", "shown"),
    [(399, 400, ">99%"), (1, 400, "<1%"), (400, 400, "100%"), (0, 400, "0%"), (3, 4, "75%"), (0, 0, "–")],
)
def test_a_sentence_never_claims_all_or_none_by_rounding(numerator: int, base: int, shown: str) -> None:
    assert rounding.percent_text(numerator, base) == shown


@pytest.mark.parametrize(
    ("numerator", "base", "shown"),
    [(96, 146, "65.8%"), (66, 99, "67%"), (1, 3000, "<0.1%"), (2999, 3000, ">99.9%"), (50, 100, "50.0%")],
)
def test_a_table_shows_a_decimal_from_a_base_of_one_hundred(numerator: int, base: int, shown: str) -> None:
    assert rounding.table_percent(numerator, base) == shown


@given(COUNTS)
def test_only_none_prints_as_none_and_only_all_as_all(counts: tuple[int, int]) -> None:
    x, n = counts
    for places in (0, 1):
        shown = rounding.percent_text(x, n, places)
        assert (Decimal(shown.strip("%<>–") or 0) == 0 and shown[0] != "<") == (x == 0)
        assert shown.startswith("100") == (n > 0 and x == n)


@given(COUNTS, COUNTS)
def test_a_change_turned_round_changes_only_its_sign(first: tuple[int, int], second: tuple[int, int]) -> None:
    if first[1] and second[1]:
        there = rounding.round_half_up_1dp_pct(*first, *second).change_from_unrounded
        back = rounding.round_half_up_1dp_pct(*second, *first).change_from_unrounded
        assert there == -back


def test_a_signed_count_of_nothing_has_no_sign() -> None:
    assert [rounding.signed_text(n) for n in (3, 0, -1200)] == ["+3", "0", "−1,200"]


def test_counts_below_ten_have_words() -> None:
    assert [rounding.in_words(n) for n in (0, 1, 9, 10, 1500)] == ["no", "one", "nine", "10", "1,500"]
