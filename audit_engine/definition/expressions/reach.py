"""Can a condition ever hold, and does it always?

Each name gets a few values that stand for all it can take: its options, the
constants that it is compared with, a value on each side of them, and
unanswered.  Where the combinations are too many, or a calculation mixes
names, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod
from typing import Literal

from audit_engine.definition.expressions.compiler import Run
from audit_engine.definition.expressions.value_types import ValueType

MOST_COMBINATIONS = 3000
MOST_MEMBERS = 6
Reach = Literal["never", "always", "sometimes", "unknown"]


def reach(
    literals: Sequence[object] | None, run: Run, names: frozenset[str], types: Mapping[str, ValueType]
) -> tuple[Reach, int]:
    """Tell whether a condition holds never, always or sometimes, or "unknown"; and how many trials that took.

    ``literals`` are the constants of the condition, None where it calculates.
    """
    if literals is None:
        return "unknown", 0
    ordered = sorted(names)
    domains = [_domain(types[name], literals) for name in ordered]
    trials = prod(len(domain) for domain in domains)
    if trials > MOST_COMBINATIONS:
        return "unknown", 0
    seen: set[bool] = set()
    for tried, values in enumerate(_combinations(domains), 1):
        seen.add(bool(run(dict(zip(ordered, values, strict=True)))))
        if len(seen) == 2:
            return "sometimes", tried
    return "always" if True in seen else "never", trials


def _combinations(domains: list[list[object]]) -> Iterator[tuple[object, ...]]:
    """Yield every combination, those first in which all names step together: they soon hold for usual conditions."""
    longest = max((len(domain) for domain in domains), default=0)
    yield from (tuple(domain[at % len(domain)] for domain in domains) for at in range(longest))
    yield from product(*domains)


def _domain(value_type: ValueType, literals: Sequence[object]) -> list[object]:
    return [None, *_DOMAINS[value_type.kind](value_type, literals)]


def _text_domain(value_type: ValueType, literals: Sequence[object]) -> Iterator[object]:
    if value_type.options is not None:
        yield from value_type.options
        return
    yield from {text for text in literals if isinstance(text, str)}
    yield "\x00"


def _texts_domain(value_type: ValueType, literals: Sequence[object]) -> Iterator[object]:
    mentioned = sorted({text for text in literals if isinstance(text, str)})
    if value_type.options is not None:
        mentioned = [text for text in mentioned if text in value_type.options]
    if len(mentioned) > MOST_MEMBERS:
        yield from range(MOST_COMBINATIONS)
        return
    for size in range(len(mentioned) + 1):
        for chosen in combinations(mentioned, size):
            yield (*chosen, "\x00")


def _number_domain(value_type: ValueType, literals: Sequence[object]) -> Iterator[object]:
    points = sorted({Decimal(n) for n in literals if isinstance(n, (int, Decimal))} | {Decimal(0)})
    signed = sorted({*points, *(-point for point in points)})
    yield signed[0] - 1
    for here, following in zip(signed, [*signed[1:], signed[-1] + 2], strict=True):
        yield here
        yield (here + following) / 2


def _date_domain(value_type: ValueType, literals: Sequence[object]) -> Iterator[object]:
    days = [day for text in literals if isinstance(text, str) and (day := _day(text))]
    for day in days or [date(2000, 1, 1)]:
        yield from (day + timedelta(days=step) for step in (-1, 0, 1) if date.min < day < date.max)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _yes_no_domain(value_type: ValueType, literals: Sequence[object]) -> Iterator[object]:
    yield from (True, False)


def _other_domain(value_type: ValueType, literals: Sequence[object]) -> Iterator[object]:
    yield "answered"


_DOMAINS = {
    "text": _text_domain,
    "texts": _texts_domain,
    "number": _number_domain,
    "date": _date_domain,
    "yes-no": _yes_no_domain,
    "other": _other_domain,
}
