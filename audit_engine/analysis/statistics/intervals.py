"""How sure is a share of so many people, or what could it be for those who are missing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt
from statistics import NormalDist

#: Up to one in twenty of those eligible the finite population hardly matters, and no correction is made.
CORRECTED_FROM = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the limits of its interval, all between 0 and 1."""

    p: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class FiniteInterval(Interval):
    """A share of a known number of people; with ``census`` everybody answered, and no interval is printed.

    ``n_eff`` is the number of answers that would be as sure in an endless population.
    """

    n_eff: float | None
    census: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share of those that returned, and what it could be for all, whatever the missing said."""

    observed: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LeastBases:
    """For each floor, how many must all say yes for the lower limit to reach it."""

    min_n: tuple[int, ...]


class MoreThanEverybody(ValueError):
    """More people answered than there are."""

    def __init__(self, n: int, N: int) -> None:
        super().__init__(f"{n:,} answered, but only {N:,} could. Check the number of people eligible.")


@lru_cache(maxsize=32)
def normal_quantile(conf: float) -> float:
    """Return the z that leaves half of what ``conf`` leaves over on either side: 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + conf / 2)


def wilson(x: int, n: int, conf: float = 0.95) -> Interval | None:
    """Return the Wilson score interval of x of n, or None where n is 0 (Wilson 1927).

    The lower limit is exactly 0 when x is 0 and the upper exactly 1 when x is n.
    """
    return None if n == 0 else score_interval(x / n, n, conf)


def score_interval(p: float, n: float, conf: float = 0.95) -> Interval:
    """Return the Wilson score interval of a share of n, where n may be an effective number of answers above 0."""
    z = normal_quantile(conf)
    x = p * n
    spread = z * sqrt(z * z + 4 * x * (1 - p))
    scale = 2 * (n + z * z)
    lower = 0.0 if p == 0 else max(0.0, (2 * x + z * z - spread) / scale)
    upper = 1.0 if p == 1 else min(1.0, (2 * x + z * z + spread) / scale)
    return Interval(p, min(lower, p), max(upper, p))


def wilson_fpc(x: int, n: int, N: int, conf: float = 0.95) -> FiniteInterval | None:
    """Return the Wilson interval of x of n out of N people eligible (methods 4.2), or None where n is 0.

    The finite population correction (Cochran 1977) goes into an effective number of
    answers; up to a twentieth of N it is left out.  A census has no interval: its
    limits are the share itself.  The correction shrinks sampling error only, so print
    worst-case bounds beside it.  Raises MoreThanEverybody.
    """
    if n > N:
        raise MoreThanEverybody(n, N)
    if n == 0:
        return None
    p = x / n
    if n == N:
        return FiniteInterval(p, p, p, None, True)
    n_eff = n * (N - 1) / (N - n) if CORRECTED_FROM * n > N else float(n)
    found = score_interval(p, n_eff, conf)
    return FiniteInterval(p, found.lower, found.upper, n_eff, False)


def worst_case_bounds(met: int, not_met: int, N: int) -> Bounds:
    """Return the share met of those returned, and its limits for all N (methods 4.3).

    N must not be 0.  ``observed`` is None where nothing came back.
    """
    returned = met + not_met
    observed = met / returned if returned else None
    return Bounds(observed, met / N, (met + N - returned) / N)


def min_n_all_yes_wilson_lower(floor: Sequence[float], conf: float = 0.95) -> LeastBases:
    """Return, for each floor, the least base at which the lower Wilson limit of "all of them" reaches it.

    In closed form, since that limit is n / (n + z^2) (methods section 15).  Raises
    ValueError for a floor of 1 or more, which no number of answers reaches.
    """
    if any(one >= 1 for one in floor):
        raise ValueError("A floor of 100% is never reached by a lower limit. Give a floor below 1.")
    z = normal_quantile(conf)
    return LeastBases(tuple(max(1, ceil(one * z * z / (1 - one))) for one in floor))
