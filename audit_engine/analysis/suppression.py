"""Which counts in a row would tell what a few people said, and which others must go with them?

The three public functions are named after the methods of the test vectors
(methods section 10, rules 4 to 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: No result rests on fewer people, for any audience, and no setting lowers it.
LEAST_BASE = 11
#: In sensitive questions fewer people than this, but not nobody, are too few to be shown.
SMALL = 5
#: In sensitive questions answered by fewer people than this, nobody and everybody are not shown either.
TELLING_BASE = 50
HIDDEN: Literal["*"] = "*"
_Places = frozenset[int]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A row of counts as it may be published; ``*`` stands for one that is hidden."""

    published: tuple[int | Literal["*"], ...]


@dataclass(frozen=True, slots=True)
class Differencing:
    """How many people are in one base but not in the other, and whether that blocks publishing both."""

    difference: int
    block: bool


@dataclass(frozen=True, slots=True)
class RoundedCounts:
    """Counts rounded to five."""

    rounded: tuple[int, ...]


def suppress_row_with_total(counts: Sequence[int], total: int, threshold: int) -> PublishedRow:
    """Hide counts from 1 to below the threshold, and others until the total does not give those away.

    At least two are hidden and sum to the threshold or more: the smallest count
    left goes next, a zero never.  Raise ValueError when the total is not the sum.
    """
    if sum(counts) != total:
        raise ValueError(f"The counts sum to {sum(counts)}, not to the total {total}.")
    hidden = _with_complement(counts, {i for i, n in enumerate(counts) if 0 < n < threshold}, threshold)
    return PublishedRow(tuple(HIDDEN if i in hidden else n for i, n in enumerate(counts)))


def differencing_check(n_all: int, n_filter: int, threshold: int) -> Differencing:
    """Tell whether two bases, one inside the other, would together give away a group of too few."""
    difference = n_all - n_filter
    return Differencing(difference, 0 < difference < threshold)


def round_to_5(counts: Sequence[int]) -> RoundedCounts:
    """Round each count to the nearest five, halves upwards."""
    return RoundedCounts(tuple(nearest_five(n) for n in counts))


def nearest_five(count: int) -> int:
    """Return a count rounded to the nearest five, halves upwards."""
    return (2 * count + 5) // 10 * 5


def is_telling(count: int, base: int) -> bool:
    """Tell whether a count of a sensitive question says too much of those who answered."""
    if base < TELLING_BASE and count in (0, base):
        return True
    return 0 < count < SMALL or 0 < base - count < SMALL


def hidden_in_row(counts: Sequence[int]) -> _Places:
    """Return the places that a sensitive question hides, where every person is in one place and the sum is shown.

    Somebody who knows these rules must not be able to work a telling count out:
    where no other row could have come out the same, the whole row is hidden.
    """
    hidden = _hidden_at_first(counts)
    if not hidden or len(hidden) == len(counts):
        return hidden
    base = sum(counts)
    telling = [i for i in hidden if is_telling(counts[i], base)]
    if all(_could_be_other(counts, hidden, place) for place in telling):
        return hidden
    return frozenset(range(len(counts)))


def _hidden_at_first(counts: Sequence[int]) -> _Places:
    base = sum(counts)
    return _with_complement(counts, {i for i, n in enumerate(counts) if is_telling(n, base)}, SMALL)


def _with_complement(counts: Sequence[int], primary: set[int], threshold: int) -> _Places:
    hidden = set(primary)
    while hidden and (len(hidden) < 2 or sum(counts[i] for i in hidden) < threshold):
        left = [i for i, n in enumerate(counts) if n and i not in hidden]
        if not left:
            break
        hidden.add(min(left, key=lambda i: counts[i]))
    return frozenset(hidden)


def _could_be_other(counts: Sequence[int], hidden: _Places, place: int) -> bool:
    """Tell whether moving a few people between this place and another hidden one would be published the same."""
    for other in hidden - {place}:
        for moved in range(1 - SMALL, SMALL):
            row = list(counts)
            row[place] += moved
            row[other] -= moved
            if moved and row[place] >= 0 and row[other] >= 0 and _shown(row) == _shown(counts):
                return True
    return False


def _shown(counts: Sequence[int]) -> tuple[int | None, ...]:
    hidden = _hidden_at_first(counts)
    return tuple(None if i in hidden else n for i, n in enumerate(counts))
