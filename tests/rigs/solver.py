"""What could an unknown number be, for somebody who knows every published sum?

Numbers of people: whole and not below nought.  A point that fits everything
known is a witness; two witnesses prove how wide a range is at least, and only
where witnesses do not prove enough is a range worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Linear = Mapping[object, int]
NEAR = 1e-6


class Contradiction(AssertionError):
    """What was published cannot all be true."""


@dataclass
class Knowledge:
    """Equations and limits over unknown numbers, each known by a key."""

    whole_numbers: bool = True
    rows: list[tuple[dict[int, int], float, float]] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)

    def learn(self, sum_of: Linear, least: float, most: float = float("inf")) -> None:
        """Learn that a sum lies between two numbers."""
        row: dict[int, int] = {}
        for key, times in sum_of.items():
            place = self.places.setdefault(key, len(self.places))
            row[place] = row.get(place, 0) + times
        self.rows.append((row, least, most))

    def equal(self, sum_of: Linear, number: float) -> None:
        """Learn what a sum is."""
        self.learn(sum_of, number, number)

    def widths(
        self, wanted: Sequence[Linear], enough: Sequence[int], truth: Sequence[int] = ()
    ) -> list[tuple[float, float]]:
        """Return the least and the most that each sum can be; a range as wide as its ``enough`` may be wider still.

        ``truth``, where it is given, is the first witness.
        """
        for sum_of in wanted:
            for key in sum_of:
                self.places.setdefault(key, len(self.places))
        targets = np.zeros((len(wanted), len(self.places)))
        for row, sum_of in enumerate(wanted):
            for key, times in sum_of.items():
                targets[row, self.places[key]] += times
        search = _Search(self._constraint(), targets, enough, self.whole_numbers)
        if truth:
            search.low, search.high = np.array(truth, float), np.array(truth, float)
        return search.ranges()

    def _constraint(self) -> LinearConstraint:
        at = [(n, place, times) for n, (row, _, _) in enumerate(self.rows) for place, times in row.items()]
        rows, places, times = zip(*at, strict=True)
        matrix = csr_matrix((times, (rows, places)), shape=(len(self.rows), len(self.places)))
        return LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])


class _Search:
    """Looks for witnesses that lie far apart."""

    def __init__(
        self, known: LinearConstraint, targets: np.ndarray, enough: Sequence[int], whole_numbers: bool
    ) -> None:
        self.known, self.targets, self.enough = known, targets, enough
        self.kinds = np.full(targets.shape[1], int(whole_numbers))
        self.low = np.full(len(targets), np.inf)
        self.high = np.full(len(targets), -np.inf)

    def ranges(self) -> list[tuple[float, float]]:
        """Return the least and the most of each target, wide ones perhaps narrower than they are."""
        self._together()
        for place in range(len(self.targets)):
            if not self._is_wide(place):
                self._alone(place)
        return list(zip(self.low.tolist(), self.high.tolist(), strict=True))

    def _is_wide(self, place: int) -> bool:
        return bool(self.high[place] - self.low[place] >= self.enough[place] - NEAR)

    def _together(self) -> None:
        """Push all targets that are not wide yet, now up and now down, as long as that helps."""
        left = len(self.targets) + 1
        while 0 < (now := len(self._narrow())) < left:
            left = now
            for sign in (1.0, -1.0):
                self._push(self._narrow(), sign)
                # Half up and half down: numbers that share a sum cannot all go one way.
                some = self._narrow()
                self._push(some[::2], sign, some[1::2])

    def _narrow(self) -> list[int]:
        return [place for place in range(len(self.targets)) if not self._is_wide(place)]

    def _push(self, some: Sequence[int], sign: float, others: Sequence[int] = ()) -> None:
        if some:
            away = self.targets[others].sum(axis=0) if others else 0
            self._witness(sign * (self.targets[some].sum(axis=0) - away))

    def _alone(self, place: int) -> None:
        for sign in (1.0, -1.0):
            self._witness(sign * self.targets[place])

    def _witness(self, wanted: np.ndarray) -> None:
        found = milp(wanted, constraints=self.known, integrality=self.kinds, bounds=Bounds(0, 10_000))
        if found.x is None:
            raise Contradiction(found.message)
        values = self.targets @ found.x
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)


def whole(ranges: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return ranges cut to whole numbers."""
    return [(ceil(low - NEAR), floor(high + NEAR)) for low, high in ranges]
