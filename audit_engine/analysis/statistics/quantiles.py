"""Where does one value lie among others?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor


@dataclass(frozen=True, slots=True)
class Position:
    """The quartiles of a cohort, and the mid-rank percentile of one value in it."""

    n: int
    q1: float
    median: float
    q3: float
    mid_percentile: float


def quartiles_type7_and_midrank(values: Sequence[float], own: float) -> Position | None:
    """Return quartiles by linear interpolation (Hyndman and Fan 1996, type 7) and the percentile of ``own``, or None.

    The mid-rank percentile is 100 (below + half of those equal) / n.  ``values`` are of
    the whole cohort, the setting itself included.  Arithmetic only: which of these may be
    shown depends on n (methods section 9).
    """
    if not values:
        return None
    ordered = sorted(values)
    below, equal = sum(one < own for one in ordered), sum(one == own for one in ordered)
    q1, median, q3 = (quantile(ordered, part / 4) for part in (1, 2, 3))
    return Position(len(ordered), q1, median, q3, 100 * (below + equal / 2) / len(ordered))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile of values in ascending order, by linear interpolation; there must be a value."""
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
