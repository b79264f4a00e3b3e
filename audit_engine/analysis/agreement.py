"""How often did two people who read the same thing apart from one another give it the same rating?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Given = TypeVar("Given", bound=Hashable)
LEAST_PAIRS = 30  # below that a kappa says more about luck than about the raters (methods section 4.12)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many pairs of ratings there are, and how many of them are the same.

    ``kappa`` is Cohen's (1960), unweighted; None where there are too few pairs,
    or where one of the two gave everything the same rating (0/0, or no
    information).
    """

    pairs: int
    same: int
    kappa: float | None = None


def agreement(pairs: Sequence[tuple[Given, Given]], least: int = LEAST_PAIRS) -> Agreement:
    """Count pairs (first's rating, second's rating) that are the same; kappa from ``least`` pairs on."""
    same = sum(first == second for first, second in pairs)
    return Agreement(len(pairs), same, cohens_kappa(pairs) if len(pairs) >= least else None)


def cohens_kappa(pairs: Sequence[tuple[Given, Given]]) -> float | None:
    """Return agreement beyond what the two raters' own habits would give by chance (Cohen, 1960).

    None without pairs, or where either gave one rating only.
    """
    firsts, seconds = Counter(f for f, _ in pairs), Counter(s for _, s in pairs)
    if len(firsts) < 2 or len(seconds) < 2:
        return None
    number = len(pairs)
    by_chance = sum(firsts[rating] * seconds[rating] for rating in firsts)
    same = sum(first == second for first, second in pairs) * number
    return (same - by_chance) / (number * number - by_chance)
