"""Can a telling count be worked out from what is shown, even by somebody who knows every rule?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis import suppression
from audit_engine.analysis.suppression import HIDDEN, LEAST_BASE, SMALL, hidden_in_row, is_telling
from tests.analysis.by_hand import vectors

ROWS = st.lists(st.integers(0, 60), min_size=2, max_size=6).filter(sum)


@pytest.mark.parametrize("vector", vectors("suppress_row_with_total"), ids=lambda v: v["name"])
def test_a_row_is_published_as_in_the_vector(vector: dict[str, Any]) -> None:
    found = suppression.suppress_row_with_total(**vector["input"])
    assert list(found.published) == vector["expected"]["published"]


@pytest.mark.parametrize("vector", vectors("differencing_check"), ids=lambda v: v["name"])
def test_two_bases_are_held_apart_as_in_the_vector(vector: dict[str, Any]) -> None:
    found = suppression.differencing_check(**vector["input"])
    assert (found.difference, found.block) == (vector["expected"]["difference"], vector["expected"]["block"])


@pytest.mark.parametrize("vector", vectors("round_to_5"), ids=lambda v: v["name"])
def test_counts_are_rounded_as_in_the_vector(vector: dict[str, Any]) -> None:
    assert list(suppression.round_to_5(**vector["input"]).rounded) == vector["expected"]["rounded"]


def test_a_total_that_is_not_the_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="sum to 3, not to the total 4"):
        suppression.suppress_row_with_total([1, 2], 4, 5)


@given(ROWS)
def test_at_least_two_counts_are_hidden_together_and_stand_for_enough_people(counts: list[int]) -> None:
    published = suppression.suppress_row_with_total(counts, sum(counts), SMALL).published
    hidden = [n for n, shown in zip(counts, published, strict=True) if shown == HIDDEN]
    assert not hidden or len(hidden) >= 2 or not [n for n in counts if n and n not in hidden]
    assert not hidden or sum(hidden) >= SMALL or sum(hidden) == sum(counts)
    assert all(shown == n for n, shown in zip(counts, published, strict=True) if shown != HIDDEN)


@pytest.mark.parametrize(
    "count, base, telling",
    [(0, 49, True), (0, 50, False), (49, 49, True), (50, 50, False), (1, 200, True), (4, 200, True), (5, 200, False),
     (196, 200, True), (195, 200, False)],
)  # fmt: skip
def test_few_people_are_telling_and_so_are_nobody_and_everybody_of_a_small_base(
    count: int, base: int, telling: bool
) -> None:
    assert is_telling(count, base) is telling


def rows(total: int, places: int) -> Iterator[tuple[int, ...]]:
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in rows(total - first, places - 1):
            yield (first, *rest)


@pytest.mark.parametrize(
    "base, places",
    [(base, places) for base in (11, 12, 15, 19, 20, 24, 30, 49, 50, 54) for places in (2, 3)]
    + [(base, 4) for base in (11, 15, 19, 24)] + [(12, 5), (16, 5)],
)  # fmt: skip
def test_no_telling_count_can_be_worked_out_from_a_row_and_its_total(base: int, places: int) -> None:
    """Group all rows of a total by what is published of each: in no group is a telling count the same throughout."""
    groups: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for row in rows(base, places):
        hidden = hidden_in_row(row)
        groups[tuple(None if i in hidden else n for i, n in enumerate(row))].append(row)
    for published, possible in groups.items():
        for place in range(places):
            values = {row[place] for row in possible}
            assert len(values) > 1 or not is_telling(values.pop(), base), (published, possible[:3])


def test_the_smallest_base_is_eleven() -> None:
    assert LEAST_BASE == 11
