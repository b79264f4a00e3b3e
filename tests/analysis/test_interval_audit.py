"""Are the limits of hidden counts those of linear programming, and does hiding more part them at the least cost?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.analysis.interval_audit import Arc, Net, part
from audit_engine.analysis.table_audit import feasible_interval
from tests.analysis.by_hand import vectors
from tests.examples import examples

Cell = tuple[int, int]
TABLES = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=4), min_size=2, max_size=4).filter(
    lambda rows: len({len(row) for row in rows}) == 1
)


def net_of(table: list[list[int]]) -> Net[Cell]:
    """Return a table whose totals are published, nothing hidden yet."""
    return Net({(r, c): Arc(f"column {c}", f"row {r}", n) for r, row in enumerate(table) for c, n in enumerate(row)})


def parted(net: Net[Cell], cell: Cell) -> tuple[Cell, ...]:
    return part(net, [cell], lambda _: 5, lambda one: net.arcs[one].count, lambda one: [one])


@settings(max_examples=examples(40), deadline=None)
@given(TABLES, st.data())
def test_the_limits_are_those_of_linear_programming(table: list[list[int]], draw: st.DataObject) -> None:
    net = net_of(table)
    net.hide([cell for cell in net.arcs if draw.draw(st.booleans())])
    totals = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    known = {f"{r + 1},{c + 1}": net.arcs[r, c].count for r, c in net.arcs if (r, c) not in net.hidden}
    found = {f"{r + 1},{c + 1}": net.interval((r, c)) for r, c in net.hidden}
    wanted = feasible_interval(*totals, known).intervals
    assert found == {cell: (round(low), round(high)) for cell, (low, high) in wanted.items()}


@pytest.mark.parametrize("vector", vectors("feasible_interval"), ids=lambda v: v["name"])
def test_a_table_is_audited_as_in_the_vector(vector: dict[str, Any]) -> None:
    given, wanted = vector["input"], vector["expected"]["intervals"]
    rows, columns = range(1, len(given["row_totals"]) + 1), range(1, len(given["col_totals"]) + 1)
    hidden = sorted({f"{r},{c}" for r in rows for c in columns} - set(given["known"]))
    known = dict(given["known"])
    for cell in hidden:  # any table that fits has the same limits: this one begins with the least of each
        limits = feasible_interval(given["row_totals"], given["col_totals"], known).intervals[cell]
        known[cell] = round(limits[0])
    net = net_of([[known[f"{r},{c}"] for c in columns] for r in rows])
    net.hide((int(cell[0]) - 1, int(cell[2]) - 1) for cell in hidden)
    assert {cell: net.interval((int(cell[0]) - 1, int(cell[2]) - 1)) for cell in wanted} == {
        cell: tuple(limits) for cell, limits in wanted.items()
    }


def test_a_count_that_is_shown_has_one_value() -> None:
    assert net_of([[3, 4], [5, 6]]).interval((0, 1)) == (4, 4)


def test_the_cheapest_circle_is_hidden() -> None:
    net = net_of([[2, 30, 8], [40, 9, 7], [20, 12, 50]])
    net.hide([(0, 0)])
    assert parted(net, (0, 0)) == ()
    assert net.hidden == {(0, 0), (0, 2), (1, 0), (1, 2)}, "8, 40 and 7: no other circle hides fewer people"
    assert net.interval((0, 0)) == (0, 10)


def test_two_circles_are_hidden_where_one_is_too_narrow() -> None:
    net = net_of([[2, 3, 2], [3, 3, 2], [2, 2, 3]])
    net.hide([(0, 0)])
    assert parted(net, (0, 0)) == ()
    least, most = net.interval((0, 0))
    assert most - least >= 5
    assert all(net.interval(cell)[1] - net.interval(cell)[0] >= 5 for cell in net.hidden)


def test_what_nothing_parts_is_told() -> None:
    net = net_of([[2, 1], [1, 0]])
    net.hide([(0, 0)])
    assert (0, 0) in parted(net, (0, 0))


@settings(max_examples=examples(40), deadline=None)
@given(TABLES)
def test_hiding_more_never_brings_limits_closer(table: list[list[int]]) -> None:
    net = net_of(table)
    cells = sorted(net.arcs)
    before: dict[Cell, tuple[int, int]] = {}
    for cell in cells:
        net.hide([cell])
        now = {one: net.interval(one) for one in cells}
        assert all(now[one][0] <= low and high <= now[one][1] for one, (low, high) in before.items())
        before = now
