"""Does a share rise or fall steadily over three waves or more?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt


@dataclass(frozen=True, slots=True)
class Trend:
    """A chi-squared on one degree of freedom and its p-value; ``slope`` is the change of share per unit of score."""

    chi2: float
    p: float
    slope: float


def cochran_armitage_trend(x: Sequence[int], n: Sequence[int], score: Sequence[float]) -> Trend | None:
    """Return the test of a straight line through the shares x of n (Cochran 1954; Armitage 1955).

    The scores are the years, so that waves two years apart count as such.  None where
    nothing can be tested: nobody or everybody said yes, or all answers have one score.
    """
    everybody, yes = sum(n), sum(x)
    if yes in (0, everybody):
        return None
    share = yes / everybody
    middle = sum(size * at for size, at in zip(n, score, strict=True)) / everybody
    spread = sum(size * (at - middle) ** 2 for size, at in zip(n, score, strict=True))
    if spread == 0:
        return None
    moved = sum(count * (at - middle) for count, at in zip(x, score, strict=True))
    chi2 = moved**2 / (share * (1 - share) * spread)
    return Trend(chi2, erfc(sqrt(chi2 / 2)), moved / spread)
