"""What could each hidden cell of a published table be, for somebody who knows all that is shown?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeasibleIntervals:
    """The least and the most that each hidden cell can be, by "row,column" counted from one."""

    intervals: Mapping[str, tuple[float, float]]


class NoSuchTable(ValueError):
    """The published totals and cells contradict one another."""

    def __init__(self) -> None:
        super().__init__(
            "No table of counts has these totals and cells. Check that each total is the sum of its row or column."
        )


def feasible_interval(
    row_totals: Sequence[int | None], col_totals: Sequence[int | None], known: Mapping[str, int]
) -> FeasibleIntervals:
    """Return what each cell that is not ``known`` can be, given the totals and that no count is below 0.

    The audit of methods section 10 rule 4, by linear programming (Willenborg and de Waal
    2001): a cell whose interval is narrower than the threshold is not protected.  A total
    is None where it is not published; a cell that no total bounds has no upper limit
    (infinity).  Raises NoSuchTable.  Needs scipy, so it is for the worker.
    """
    hidden = [key for key in _cells(len(row_totals), len(col_totals)) if key not in known]
    rows = list(_equations(row_totals, 0, known, hidden)) + list(_equations(col_totals, 1, known, hidden))
    return FeasibleIntervals({key: _range(place, len(hidden), rows) for place, key in enumerate(hidden)})


def _cells(rows: int, columns: int) -> Iterator[str]:
    return (f"{row},{column}" for row in range(1, rows + 1) for column in range(1, columns + 1))


def _equations(
    totals: Sequence[int | None], side: int, known: Mapping[str, int], hidden: Sequence[str]
) -> Iterator[tuple[list[float], float]]:
    """Yield, for each published total, which hidden cells it holds and what they must sum to."""
    for line, total in enumerate(totals, start=1):
        if total is not None:
            inside = [float(int(key.split(",")[side]) == line) for key in hidden]
            shown = sum(count for key, count in known.items() if int(key.split(",")[side]) == line)
            yield inside, float(total - shown)


def _range(place: int, cells: int, equations: Sequence[tuple[list[float], float]]) -> tuple[float, float]:
    return _extreme(place, cells, equations, 1), _extreme(place, cells, equations, -1)


def _extreme(place: int, cells: int, equations: Sequence[tuple[list[float], float]], way: int) -> float:
    """Return the least (way 1) or the most (way -1) that a cell can be."""
    from scipy.optimize import linprog

    wanted = [float(way * (cell == place)) for cell in range(cells)]
    sums = {"A_eq": [row for row, _ in equations], "b_eq": [total for _, total in equations]} if equations else {}
    found = linprog(wanted, bounds=(0, None), method="highs", **sums)
    if found.status == _UNBOUNDED:
        return float("inf")
    if found.status != 0:
        raise NoSuchTable
    return way * float(found.fun)


_UNBOUNDED = 3
