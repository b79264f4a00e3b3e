"""What would the share be if every group had answered in proportion to its size?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from audit_engine.analysis.statistics.intervals import score_interval

#: A group with fewer answers than this is merged before it is weighted.
LEAST_IN_GROUP = 5
#: A weight above this many times the median weight is cut down to it.
TRIMMED_AT = 5
#: Under this effective number of answers a weighted result is not published.
LEAST_EFFECTIVE = 11


@dataclass(frozen=True, slots=True)
class Stratum:
    """One group: its people (or any number in proportion), how many of them answered, and how many said yes."""

    group: str
    N: int
    n: int
    x: int


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted share with its interval on the effective number of answers; ``n`` is the plain base.

    ``trimmed`` tells whether a weight was cut, so that the groups are not wholly evened out.
    """

    p_unweighted: float
    p_weighted: float
    kish_deff: float
    n_eff: float
    lower: float
    upper: float
    n: int
    trimmed: bool

    @property
    def may_be_published(self) -> bool:
        """Tell whether so many answers stand behind it that it may be printed."""
        return self.n_eff >= LEAST_EFFECTIVE


def poststratified_proportion_wilson_neff(groups: Sequence[Stratum], conf: float = 0.95) -> Weighted | None:
    """Return a share weighted to the groups' sizes, with a Wilson interval on n / deff (methods 4.11).

    Kish's design effect (1965): deff = n sum(w^2) / sum(w)^2.  Groups with fewer than five
    answers are merged first, and weights cut at five times their median.  None where
    nobody answered or no group has people.  Disclosure rules look at the plain base.
    """
    ready = merged_small(groups)
    answers = sum(one.n for one in ready)
    if not answers or not any(one.N for one in ready):
        return None
    plain = [(one.N / one.n, one.n) for one in ready]
    weights = _trimmed(plain)
    total = sum(w * one.n for w, one in zip(weights, ready, strict=True))
    share = sum(w * one.x for w, one in zip(weights, ready, strict=True)) / total
    deff = answers * sum(w * w * one.n for w, one in zip(weights, ready, strict=True)) / total**2
    found = score_interval(min(1.0, share), answers / deff, conf)
    yes = sum(one.x for one in ready)
    return Weighted(
        yes / answers,
        found.p,
        deff,
        answers / deff,
        found.lower,
        found.upper,
        answers,
        weights != [w for w, _ in plain],
    )


def merged_small(groups: Sequence[Stratum]) -> tuple[Stratum, ...]:
    """Return the groups with the small ones as one, which takes in the next smallest while it is small itself.

    A group without people and without answers is none.
    """
    large = [one for one in groups if one.n >= LEAST_IN_GROUP]
    small = [one for one in groups if one.n < LEAST_IN_GROUP and (one.N or one.n)]
    if not small:
        return tuple(large)
    together = _together(small)
    while together.n < LEAST_IN_GROUP and large:
        nearest = min(large, key=lambda one: one.n)
        large.remove(nearest)
        together = _together([together, nearest])
    return (*large, together)


def _together(groups: Sequence[Stratum]) -> Stratum:
    names = " and ".join(one.group for one in groups)
    return Stratum(names, sum(g.N for g in groups), sum(g.n for g in groups), sum(g.x for g in groups))


def _trimmed(weights: Sequence[tuple[float, int]]) -> list[float]:
    """Return the weights, none above five times the median over those who answered."""
    limit = TRIMMED_AT * _median(weights)
    return [min(weight, limit) if limit else weight for weight, _ in weights]


def _median(weights: Sequence[tuple[float, int]]) -> float:
    """Return the median of weights that so many people each have."""
    ordered = sorted(weights, key=itemgetter(0))
    total, places = sum(n for _, n in ordered), []
    for place in ((total - 1) // 2, total // 2):
        passed = 0
        for weight, n in ordered:
            passed += n
            if place < passed:
                places.append(weight)
                break
    return sum(places) / 2
