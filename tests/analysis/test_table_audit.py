"""Is the range of a hidden cell what trying every table gives?"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.analysis.table_audit import NoSuchTable, feasible_interval
from tests.examples import examples

TABLES = st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=2)
HIDDEN = st.lists(st.booleans(), min_size=6, max_size=6)
PUBLISHED = st.tuples(*[st.booleans()] * 5)


@settings(max_examples=examples(60))
@given(TABLES, HIDDEN)
def test_the_range_is_what_trying_every_table_gives(table: list[list[int]], hidden: list[bool]) -> None:
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    cells = [f"{r},{c}" for r in (1, 2) for c in (1, 2, 3)]
    known = {
        cell: table[int(cell[0]) - 1][int(cell[2]) - 1] for cell, hide in zip(cells, hidden, strict=True) if not hide
    }
    possible = [
        dict(zip(cells, counts, strict=True))
        for counts in product(range(10), repeat=3)
        for counts in [(*counts, *(columns[k] - counts[k] for k in range(3)))]
        if sum(counts[:3]) == rows[0] and min(counts) >= 0 and sum(counts[3:]) == rows[1]
    ]
    fitting = [one for one in possible if all(one[cell] == count for cell, count in known.items())]
    for cell, (low, high) in feasible_interval(rows, columns, known).intervals.items():
        assert (low, high) == pytest.approx((min(o[cell] for o in fitting), max(o[cell] for o in fitting)), abs=1e-7)


def test_a_total_that_is_not_published_protects() -> None:
    known = {"1,1": 3, "2,1": 4, "2,2": 5}
    assert feasible_interval([10, 9], [7, 12], known).intervals["1,2"] == pytest.approx((7, 7))
    assert feasible_interval([None, 9], [7, None], known).intervals["1,2"] == (0, float("inf"))


def test_totals_that_contradict_the_cells_are_refused() -> None:
    with pytest.raises(NoSuchTable, match="No table of counts"):
        feasible_interval([2, 2], [2, 2], {"1,1": 3})


def test_a_table_that_is_wholly_shown_hides_nothing() -> None:
    assert feasible_interval([1], [1], {"1,1": 1}).intervals == {}
