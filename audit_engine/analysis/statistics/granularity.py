"""Can a percentage come from so many people at all?"""

from __future__ import annotations

from decimal import Decimal

from audit_engine.analysis.rounding import half_up, percent


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
