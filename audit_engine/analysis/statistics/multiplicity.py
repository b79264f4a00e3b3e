"""Which of many tests still stand when their number is allowed for?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted p-values in the order given, and how many are at or under the level: raw, by Holm, by BH."""

    holm: tuple[float, ...]
    bh: tuple[float, ...]
    n_raw: int
    n_holm: int
    n_bh: int


@dataclass(frozen=True, slots=True)
class Tarone:
    """How many tests the level is divided by, the level for each, and the places of those that pass."""

    K: int
    threshold: float
    rejected: tuple[int, ...]


def holm_and_bh(p: Sequence[float], alpha: float = 0.05) -> Adjusted:
    """Adjust p-values by Holm (1979) and by Benjamini and Hochberg (1995).

    Holm is for the few measures declared in advance, BH for a screen of many
    questions (methods 4.13).  No p-values give nothing to adjust.
    """
    order = sorted(range(len(p)), key=lambda place: p[place])
    tests = len(p)
    stepped_down = accumulate(((tests - rank) * p[place] for rank, place in enumerate(order)), max)
    stepped_up = accumulate(
        (tests * p[place] / rank for rank, place in zip(range(tests, 0, -1), reversed(order), strict=True)), min
    )
    holm = _in_place(order, list(stepped_down))
    bh = _in_place(order, list(stepped_up)[::-1])
    return Adjusted(holm, bh, _passing(p, alpha), _passing(holm, alpha), _passing(bh, alpha))


def tarone(p: Sequence[float], p_min: Sequence[float], alpha: float = 0.05) -> Tarone:
    """Return Bonferroni's test without the tests that could never pass (Tarone 1990).

    ``p_min`` is the least p that each discrete test can reach.  K is the smallest
    number with no more than K tests able to reach ``alpha`` / K.
    """
    K = next(k for k in range(1, len(p) + 2) if sum(least <= alpha / k for least in p_min) <= k)
    level = alpha / K
    passing = (i for i, (value, least) in enumerate(zip(p, p_min, strict=True)) if least <= level and value <= level)
    return Tarone(K, level, tuple(passing))


def _in_place(order: Sequence[int], adjusted: Sequence[float]) -> tuple[float, ...]:
    found = dict(zip(order, adjusted, strict=True))
    return tuple(min(1.0, found[place]) for place in range(len(order)))


def _passing(p: Sequence[float], alpha: float) -> int:
    return sum(value <= alpha for value in p)
