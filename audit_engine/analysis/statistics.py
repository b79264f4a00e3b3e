"""What can be said about a count, in closed form?

Functions are named after the methods of the test vectors and take their inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import comb, erfc, sqrt
from statistics import NormalDist

from audit_engine.analysis.rounding import half_up, percent


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the limits of its interval, all between 0 and 1."""

    p: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share of those that returned, and what it could be for all, whatever the missing said."""

    observed: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two shares (second less first) with limits and tests; shares, not points."""

    diff: float
    lower: float
    upper: float
    fisher_p: float
    z: float | None
    p_pooled_z: float | None
    expected_min: float


def wilson(x: int, n: int, conf: float = 0.95) -> Interval | None:
    """Return the Wilson score interval of x of n, or None where n is 0 (Wilson 1927).

    The lower limit is exactly 0 when x is 0 and the upper exactly 1 when x is n.
    """
    if n == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + conf / 2)
    p = x / n
    spread = z * sqrt(z * z + 4 * x * (1 - p))
    scale = 2 * (n + z * z)
    lower = 0.0 if x == 0 else max(0.0, (2 * x + z * z - spread) / scale)
    upper = 1.0 if x == n else min(1.0, (2 * x + z * z + spread) / scale)
    return Interval(p, lower, upper)


def worst_case_bounds(met: int, not_met: int, N: int) -> Bounds:
    """Return the share met of those returned, and its limits for all N (methods 4.3).

    N must not be 0.  ``observed`` is None where nothing came back.
    """
    returned = met + not_met
    observed = met / returned if returned else None
    return Bounds(observed, met / N, (met + N - returned) / N)


def newcombe_independent(x1: int, n1: int, x2: int, n2: int, conf: float = 0.95) -> Difference | None:
    """Return p2 - p1 with Newcombe's hybrid score interval (Newcombe 1998, method 10), or None without a base.

    The tests are the pooled z (no continuity correction; None where nobody or
    everybody said yes) and Fisher's exact, two-sided.
    """
    first, second = wilson(x1, n1, conf), wilson(x2, n2, conf)
    if first is None or second is None:
        return None
    diff = second.p - first.p
    lower = diff - sqrt((second.p - second.lower) ** 2 + (first.upper - first.p) ** 2)
    upper = diff + sqrt((second.upper - second.p) ** 2 + (first.p - first.lower) ** 2)
    z = _pooled_z(x1, n1, x2, n2)
    p_value = None if z is None else erfc(abs(z) / sqrt(2))
    return Difference(diff, lower, upper, _fisher(x1, n1, x2, n2), z, p_value, _expected_min(x1, n1, x2, n2))


def grim(pct: str, n: int, dp: int) -> tuple[int, ...]:
    """Return every count whose share of n prints as the percentage given; none means it can't be.

    The granularity check of Brown and Heathers (2016): ``pct`` is text, so that
    "65.10" with two places differs from "65.1" with one.
    """
    if n <= 0:
        return ()
    target = Decimal(pct)
    near = int(target * n / 100)
    candidates = range(max(0, near - 2 - n // 100), min(n, near + 2 + n // 100) + 1)
    return tuple(x for x in candidates if half_up(percent(x, n), dp) == target)


def grim_search(pct: str, n_from: int, n_to: int, dp: int) -> dict[int, tuple[int, ...]]:
    """Return the bases from ``n_from`` to ``n_to`` (both included) that can give the percentage, with the counts."""
    found = {n: grim(pct, n, dp) for n in range(n_from, n_to + 1)}
    return {n: counts for n, counts in found.items() if counts}


def _pooled_z(x1: int, n1: int, x2: int, n2: int) -> float | None:
    pooled = (x1 + x2) / (n1 + n2)
    if pooled in (0, 1):
        return None
    return (x2 / n2 - x1 / n1) / sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))


def _expected_min(x1: int, n1: int, x2: int, n2: int) -> float:
    yes, everybody = x1 + x2, n1 + n2
    return min(total * share / everybody for total in (n1, n2) for share in (yes, everybody - yes))


def _fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the two-sided exact p: all tables with the same margins that are no likelier than this one."""
    yes = x1 + x2
    ways = [comb(n1, x) * comb(n2, yes - x) for x in range(max(0, yes - n2), min(n1, yes) + 1)]
    seen = comb(n1, x1) * comb(n2, x2)
    return sum(way for way in ways if way <= seen) / sum(ways)
