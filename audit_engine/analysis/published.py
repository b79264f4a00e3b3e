"""Can a published figure be right, and what comes out when it is worked out again?

Every check says what it found in a sentence; one that does not fit says so
politely and offers what would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from audit_engine.analysis.rounding import count_text, half_up, percent, percent_text
from audit_engine.analysis.statistics import Interval, grim, grim_search, newcombe_independent, wilson
from audit_engine.definition.nearest import listed

#: How far from the base given another is looked for, in people and as a share of the base.
NEAR_PEOPLE, NEAR_SHARE = 20, 5
_PERCENT = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)
MOST_LISTED = 4


@dataclass(frozen=True, slots=True)
class Plausible:
    """Which counts a percentage of so many can stand for; ``elsewhere`` is (count, base) nearby where none can."""

    percent: str
    n: int
    counts: tuple[int, ...]
    elsewhere: tuple[int, int] | None = None

    @property
    def sentence(self) -> str:
        """Say which counts it can stand for, or that there is none and what would give it."""
        if self.n <= 0:
            return f"{self.percent}% needs the number of people that it is of."
        if self.counts:
            return f"{self.percent}% of {count_text(self.n)} is {_counts_in_words(self.counts)}."
        other = f" {self.elsewhere[0]:,} of {self.elsewhere[1]:,} would give it." if self.elsewhere else ""
        told = f"{self.percent}% cannot come from {count_text(self.n)} answers: {self._neighbours}.{other}"
        return f"{told} Perhaps not everybody answered this question."

    @property
    def _neighbours(self) -> str:
        places = _places(self.percent)
        below = min(int(Decimal(self.percent) * self.n / 100), self.n)
        shown = [x for x in (below, below + 1) if 0 <= x <= self.n]
        return " and ".join(f"{x:,} would be {half_up(percent(x, self.n), places)}%" for x in shown)


def plausible_counts(percent: str, n: int) -> Plausible:
    """Return which whole numbers out of n print as the percentage given (as text: its decimals matter).

    Where none does, the nearest base that can give it is looked for.  Raise
    ValueError, with a sentence, for what is no percentage.
    """
    given = percent_as_typed(percent)
    counts = grim(given, n, _places(given))
    return Plausible(given, n, counts, None if counts or n <= 0 else _nearest_base(given, n))


def percent_as_typed(text: str) -> str:
    """Return a percentage as figures, its decimals kept; raise ValueError, with a sentence, where it is none."""
    bare = text.strip().removesuffix("%").strip()
    if not _PERCENT.fullmatch(bare):
        raise ValueError(f"“{text[:40]}” is no percentage: write it like 65.1")
    return bare


def _nearest_base(given: str, n: int) -> tuple[int, int] | None:
    reach = max(NEAR_PEOPLE, n // NEAR_SHARE)
    found = grim_search(given, max(1, n - reach), n + reach, _places(given))
    # Of two bases as near, the smaller: people leave questions out.
    base = min(found, key=lambda other: (abs(other - n), other), default=None)
    return None if base is None else (found[base][0], base)


def _places(given: str) -> int:
    return len(given.partition(".")[2])


def _counts_in_words(counts: tuple[int, ...]) -> str:
    if len(counts) <= MOST_LISTED:
        return listed([count_text(x) for x in counts], "or")
    return f"any number from {counts[0]:,} to {counts[-1]:,}"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came out; ``fits`` is None where nothing could be held against the figure."""

    sentence: str
    fits: bool | None = None


class Check(Protocol):
    """One thing to work out again about a published figure."""

    def recomputed(self) -> Recomputed:
        """Return what came out."""


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage of so many people or things; with ``interval``, how sure it is if they are a sample."""

    percent: str
    of: int
    interval: bool = False

    def recomputed(self) -> Recomputed:
        """Return the counts that it can stand for."""
        found = plausible_counts(self.percent, self.of)
        limits = wilson(found.counts[0], self.of) if self.interval and len(found.counts) == 1 else None
        told = f" As a sample: 95% interval {_range(limits)}." if limits else ""
        return Recomputed(found.sentence + told, bool(found.counts))


@dataclass(frozen=True, slots=True)
class Split:
    """A whole that is published with its parts."""

    whole: int
    parts: tuple[int, ...]

    def recomputed(self) -> Recomputed:
        """Return whether the parts add up to the whole."""
        total = sum(self.parts)
        shown = f"{' + '.join(count_text(p) for p in self.parts)} = {count_text(total)}"
        if total == self.whole:
            return Recomputed(f"{shown}: the parts add up.", True)
        left = abs(self.whole - total)
        if total < self.whole:
            return Recomputed(f"{shown}, so {left:,} of the {self.whole:,} are in none of the parts.", False)
        return Recomputed(
            f"{shown}, which is {left:,} more than {self.whole:,}. Perhaps some are counted twice.", False
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A change in per cent to a number, from another where that is published too."""

    percent: str
    to: int
    before: int | None = None

    def recomputed(self) -> Recomputed:
        """Return the change from the numbers, or the earlier number that the change means."""
        places = _places(self.percent)
        if self.before is None:
            half_step = Decimal(5).scaleb(-places - 1)
            most, least = (self.to / (1 + (Decimal(self.percent) + step) / 100) for step in (-half_step, half_step))
            about = half_up(self.to / (1 + Decimal(self.percent) / 100), 0)
            told = f"means that it was about {about:,} before (between {half_up(least, 0):,} and {half_up(most, 0):,})"
            return Recomputed(f"{_signed(self.percent)}% to {self.to:,} {told}.")
        exact = half_up(percent(self.to - self.before, self.before), places)
        fits = exact == Decimal(self.percent)
        told = "which is what was published" if fits else f"where {_signed(self.percent)}% was published"
        return Recomputed(f"From {self.before:,} to {self.to:,} is {_signed(str(exact))}%, {told}.", fits)


@dataclass(frozen=True, slots=True)
class Twice:
    """Two numbers published for the same thing."""

    values: tuple[int, ...]

    def recomputed(self) -> Recomputed:
        """Return whether they agree."""
        if len(set(self.values)) == 1:
            return Recomputed("Both places give the same number.", True)
        gap = max(self.values) - min(self.values)
        both = listed([count_text(v) for v in self.values])
        return Recomputed(f"{both} stand for the same thing and differ by {gap:,}.", False)


@dataclass(frozen=True, slots=True)
class Waves:
    """Two surveys that asked the same, each as (count, base)."""

    first: tuple[int, int]
    second: tuple[int, int]

    def recomputed(self) -> Recomputed:
        """Return the change in percentage points with its interval (Newcombe 1998)."""
        found = newcombe_independent(*self.first, *self.second)
        if found is None:
            return Recomputed("There is no base, so nothing can be compared.")
        points, lower, upper = (_points(value) for value in (found.diff, found.lower, found.upper))
        clear = found.lower > 0 or found.upper < 0
        verdict = "a clear change" if clear else "no clear evidence of change"
        shares = " to ".join(f"{x} of {n} ({percent_text(x, n, 1)})" for x, n in (self.first, self.second))
        return Recomputed(f"{shares}: {points} points, 95% interval {lower} to {upper}: {verdict}.")


@dataclass(frozen=True, slots=True)
class Said:
    """A figure that stands alone; ``sentence`` says why nothing can be held against it."""

    sentence: str

    def recomputed(self) -> Recomputed:
        """Return the sentence."""
        return Recomputed(self.sentence)


def _range(limits: Interval) -> str:
    lower, upper = (half_up(Decimal(limit) * 100, 0) for limit in (limits.lower, limits.upper))
    return f"{lower}% to {upper}%"


def _points(share: float) -> str:
    return _signed(str(half_up(Decimal(share) * 100, 1)))


def _signed(number: str) -> str:
    value = Decimal(number)
    return f"+{value}" if value > 0 else f"−{-value}" if value < 0 else "0"
