"""How is a count, a share or a change printed, without claiming more than it holds?

Half away from zero in decimal arithmetic (methods section 11): floating-point
rounding would print 12.5 as 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TABLE_BASE = 100
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RoundedChange:
    """Two shares and their change in percentage points; the change is taken before rounding."""

    pct1: Decimal
    pct2: Decimal
    change_from_unrounded: Decimal
    change_from_rounded: Decimal


@dataclass(frozen=True, slots=True)
class RoundedShares:
    """Shares of one total: each rounded by itself, and shared out so that they sum to 100."""

    independent: tuple[int, ...]
    independent_sum: int
    largest_remainder: tuple[int, ...]


def percent(numerator: int, base: int) -> Decimal:
    """Return 100 x numerator / base to 40 digits; the base must not be 0."""
    with localcontext() as context:
        context.prec = 40
        return _HUNDRED * numerator / base


def half_up(value: Decimal, places: int) -> Decimal:
    """Return the value rounded half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def table_places(base: int) -> int:
    """Return the decimal places of a percentage in a table: one from a base of 100, otherwise none."""
    return 1 if base >= _TABLE_BASE else 0


def percent_text(numerator: int, base: int, places: int = 0) -> str:
    """Return "75%"; ">99%" and "<1%" where rounding would claim all or none; "-" where there is no base."""
    if base == 0:
        return "–"
    shown = half_up(percent(numerator, base), places)
    step = Decimal(1).scaleb(-places)
    if shown == _HUNDRED and numerator != base:
        return f">{_HUNDRED - step}%"
    if shown == 0 and numerator != 0:
        return f"<{step}%"
    return f"{shown}%"


def table_percent(numerator: int, base: int) -> str:
    """Return the percentage as a table prints it."""
    return percent_text(numerator, base, table_places(base))


def signed_text(change: int) -> str:
    """Return a change in a count with its sign: "+5", "-3", "0"."""
    if change == 0:
        return "0"
    return f"+{change:,}" if change > 0 else f"−{abs(change):,}"


def points_text(share: float, *, signed: bool = True) -> str:
    """Return a difference of two shares in percentage points: "−0.4", "+9.8", "0.0"; unsigned "0.4"."""
    shown = half_up(Decimal(share) * 100, 1)
    if shown == 0 or not signed:
        return str(abs(shown))
    return f"+{shown}" if shown > 0 else f"−{-shown}"


def coefficient_text(value: float) -> str:
    """Return a coefficient between -1 and 1 with two places."""
    return str(half_up(Decimal(value), 2)).replace("-", "−")


def p_text(p: float) -> str:
    """Return a p-value with three places; "<0.001" below that."""
    return f"{half_up(Decimal(p), 3)}" if p >= 0.001 else "<0.001"


def count_text(count: int) -> str:
    """Return a count with commas from 1,000."""
    return f"{count:,}"


def in_words(count: int) -> str:
    """Return a count below ten in words and others in figures."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else count_text(count)


def round_half_up_1dp_pct(x1: int, n1: int, x2: int, n2: int) -> RoundedChange:
    """Return two shares to one decimal, and their change taken before and after rounding.

    Print ``change_from_unrounded``; where the two differ a footnote says so.
    """
    first, second = percent(x1, n1), percent(x2, n2)
    shown1, shown2 = half_up(first, 1), half_up(second, 1)
    return RoundedChange(shown1, shown2, half_up(second - first, 1), shown2 - shown1)


def round_half_up_0dp_pct(x: Sequence[int], n: Sequence[int]) -> tuple[int, ...]:
    """Return each x of n as a whole percentage."""
    return tuple(int(half_up(percent(one, base), 0)) for one, base in zip(x, n, strict=True))


def percent_set_0dp(counts: Sequence[int]) -> RoundedShares:
    """Return the shares of one total as whole percentages.

    Tables print ``independent`` with "percentages may not sum to 100 because of
    rounding"; ``largest_remainder`` is for charts made of a hundred icons only.
    """
    total = sum(counts)
    independent = round_half_up_0dp_pct(counts, [total] * len(counts))
    exact = [percent(count, total) for count in counts]
    floors = [int(share.quantize(Decimal(1), ROUND_DOWN)) for share in exact]
    left = 100 - sum(floors)
    order = sorted(range(len(counts)), key=lambda i: (floors[i] - exact[i], i))
    shared = tuple(floor + (i in order[:left]) for i, floor in enumerate(floors))
    return RoundedShares(independent, sum(independent), shared)
