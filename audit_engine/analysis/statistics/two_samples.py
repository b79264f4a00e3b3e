"""How far apart are the shares of two separate groups of people, and how far apart would they have to be?"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, erfc, sqrt
from statistics import NormalDist

from audit_engine.analysis.statistics.intervals import Interval, wilson

#: From this expected count on in every cell, the normal approximation stands in for the exact test.
LEAST_EXPECTED = 5


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

    @property
    def p(self) -> float:
        """Return the p-value that counts where several questions are tested (methods 4.4).

        The pooled z when no expected count is under five, otherwise Fisher's exact
        test; 1 where nobody or everybody said yes, since there is nothing to test.
        """
        if self.p_pooled_z is None:
            return 1.0
        return self.p_pooled_z if self.expected_min >= LEAST_EXPECTED else self.fisher_p


@dataclass(frozen=True, slots=True)
class Detectable:
    """The least difference of two shares that surveys of this size would reliably find."""

    mde: float


def newcombe_independent(x1: int, n1: int, x2: int, n2: int, conf: float = 0.95) -> Difference | None:
    """Return p2 - p1 with Newcombe's hybrid score interval (Newcombe 1998, method 10), or None without a base.

    The tests are the pooled z (no continuity correction; None where nobody or
    everybody said yes) and Fisher's exact, two-sided.  Anonymous waves may hold some
    people twice; taking them as separate overstates the uncertainty.
    """
    first, second = wilson(x1, n1, conf), wilson(x2, n2, conf)
    if first is None or second is None:
        return None
    lower, upper = hybrid_limits(first, second)
    z = _pooled_z(x1, n1, x2, n2)
    p_value = None if z is None else erfc(abs(z) / sqrt(2))
    fisher, expected = _fisher(x1, n1, x2, n2), _expected_min(x1, n1, x2, n2)
    return Difference(second.p - first.p, lower, upper, fisher, z, p_value, expected)


def hybrid_limits(first: Interval, second: Interval) -> tuple[float, float]:
    """Return the limits of second less first from the limits of each (Newcombe 1998, method 10)."""
    diff = second.p - first.p
    lower = diff - sqrt((second.p - second.lower) ** 2 + (first.upper - first.p) ** 2)
    upper = diff + sqrt((second.upper - second.p) ** 2 + (first.p - first.lower) ** 2)
    return lower, upper


def minimum_detectable_difference(
    p: float, n1: int, n2: int, alpha: float = 0.05, power: float = 0.8
) -> Detectable | None:
    """Return the difference found with this power at this two-sided level (methods 4.5; Fleiss 1981), or None.

    ``p`` is the pooled share.  None without a base, and where p is 0 or 1: with
    nothing that varies the formula would call any difference detectable.
    """
    if not n1 or not n2 or not 0 < p < 1:
        return None
    normal = NormalDist()
    both = normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)
    return Detectable(both * sqrt(p * (1 - p) * (1 / n1 + 1 / n2)))


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
    least, most = max(0, yes - n2), min(n1, yes)
    way = comb(n1, least) * comb(n2, yes - least)
    ways = [way]
    for x in range(least, most):  # each count of ways follows from the one before, exactly
        way = way * (n1 - x) * (yes - x) // ((x + 1) * (n2 - yes + x + 1))
        ways.append(way)
    seen = ways[x1 - least]
    return sum(way for way in ways if way <= seen) / sum(ways)
