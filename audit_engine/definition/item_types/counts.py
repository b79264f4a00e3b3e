"""What is an answer that counts heads: how many people, and how many of them have done it?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, NamedTuple

from audit_engine.definition.expressions.value_types import OTHER, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Reader, Unparsable, is_blank, single_text
from audit_engine.definition.questionnaire import Item

HEADCOUNT, COMPLETED = "headcount", "completed"
PARTS = (HEADCOUNT, COMPLETED)
_WHOLE = re.compile(r"[0-9]{1,3}(,[0-9]{3}){0,2}|[0-9]{1,9}", re.ASCII)


class Count(NamedTuple):
    """The two numbers of one row; ``row`` is '' where the item has none, None is a number left out."""

    row: str
    headcount: int | None
    completed: int | None

    @property
    def pair(self) -> tuple[int, int] | None:
        """Return both numbers, or None where one is missing."""
        return None if self.headcount is None or self.completed is None else (self.headcount, self.completed)


class Counts(PlainType):
    """Pairs of whole numbers; the value is a tuple of Count in the order of the rows, those left empty left out."""

    id: ClassVar[str] = "counts"
    control: ClassVar[Control] = "counts"
    value_type: ClassVar[ValueType] = OTHER
    takes: ClassVar[frozenset[str]] = frozenset({"rows", "parts", "minimum", "maximum"})
    numbers: ClassVar[Mapping[str, Reader]] = {
        HEADCOUNT: lambda value: total(value).headcount,
        COMPLETED: lambda value: total(value).completed,
    }

    def parse(self, raw: object, item: Item) -> tuple[Count, ...] | None:
        """Return the counts, from {"headcount": "12", "completed": "9"} or, with rows, {row: {...}}."""
        if is_blank(raw):
            return None
        given = _pairs(raw) if raw == counts_in(raw) else raw
        if not isinstance(given, Mapping):
            raise Unparsable("Write two numbers: how many people, and how many of them have done it.")
        if not item.rows:
            given = {"": given.get("", given)}
        rows = {row.id: row.label for row in item.rows} or {"": ""}
        strange = [str(row)[:40] for row in given if row not in rows]
        if strange:
            raise Unparsable(f"There is no row “{strange[0]}” in this question.")
        found = (_count(row, label, given[row], item) for row, label in rows.items() if row in given)
        return tuple(count for count in found if count is not None) or None

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Complain of half a pair, of more completed than there are, and of a headcount out of bounds."""
        labels = {row.id: row.label for row in item.rows}
        found = []
        for count in counts_in(value):
            told = _complaint(count, item)
            if told:
                label = labels.get(count.row, "")
                found.append(f"{label}: {told}" if label else told)
        return tuple(found)

    def text(self, value: object, item: Item) -> str:
        """Return ``9 of 12``, or ``Managers: 9 of 12; Others: 3 of 4``; a question mark for a number left out."""
        labels = {row.id: row.label for row in item.rows}
        return "; ".join(
            f"{labels.get(count.row, count.row)}: {_in_words(count)}" if count.row else _in_words(count)
            for count in counts_in(value)
        )

    def to_json(self, value: object) -> object:
        """Return an object with both numbers, or one of row id to such an object."""
        pairs = _pairs(value)
        return pairs.get("", pairs) or None

    def from_json(self, raw: object) -> object:
        """Return the tuple of counts."""
        if not isinstance(raw, Mapping) or not raw:
            return None
        rows = {"": raw} if PARTS[0] in raw else raw
        return tuple(Count(str(row), pair[HEADCOUNT], pair[COMPLETED]) for row, pair in rows.items())


def counts_in(value: object) -> tuple[Count, ...]:
    """Return the counts of a value; none for anything else."""
    return tuple(c for c in value if isinstance(c, Count)) if isinstance(value, tuple) else ()


def total(value: object) -> Count:
    """Return the sums over the rows in which both numbers are there; None where there is no such row."""
    pairs = [pair for count in counts_in(value) if (pair := count.pair) is not None]
    return Count("", sum(h for h, _ in pairs), sum(c for _, c in pairs)) if pairs else Count("", None, None)


def missing_rows(value: object, item: Item) -> tuple[str, ...]:
    """Return the ids of the rows in which a number is missing; ('',) where the item has no rows and says nothing."""
    given = {count.row for count in counts_in(value) if count.pair is not None}
    return tuple(row for row in ([r.id for r in item.rows] or [""]) if row not in given)


def _pairs(value: object) -> dict[str, dict[str, int | None]]:
    return {c.row: {HEADCOUNT: c.headcount, COMPLETED: c.completed} for c in counts_in(value)}


def _count(row: str, label: str, raw: object, item: Item) -> Count | None:
    if is_blank(raw):
        return None
    if not isinstance(raw, Mapping) or any(part not in PARTS for part in raw):
        raise Unparsable("Write two numbers: how many people, and how many of them have done it.")
    names = {HEADCOUNT: item.parts.headcount, COMPLETED: item.parts.completed}
    numbers = [_number(f"{label}, {names[part]}" if label else names[part], raw.get(part)) for part in PARTS]
    return None if numbers == [None, None] else Count(row, *numbers)


def _number(name: str, raw: object) -> int | None:
    given = single_text(raw)
    if not given:
        return None
    if not _WHOLE.fullmatch(given):
        raise Unparsable(f"{name}: “{given[:40]}” is not a whole number. Write figures only, such as 12.")
    return int(given.replace(",", ""))


def _complaint(count: Count, item: Item) -> str:
    """Return what is wrong with one pair; '' where nothing is."""
    if count.pair is None:
        missing = item.parts.headcount if count.headcount is None else item.parts.completed
        return f"Write both numbers, or neither; “{missing}” is missing."
    headcount, completed = count.pair
    if completed > headcount:
        return f"“{item.parts.completed}” ({completed}) cannot be more than “{item.parts.headcount}” ({headcount})."
    return _out_of_bounds(Decimal(headcount), item)


def _out_of_bounds(headcount: Decimal, item: Item) -> str:
    if item.minimum is not None and headcount < item.minimum:
        return f"“{item.parts.headcount}” must be {item.minimum} or more."
    if item.maximum is not None and headcount > item.maximum:
        return f"“{item.parts.headcount}” must be {item.maximum} or less."
    return ""


def _in_words(count: Count) -> str:
    completed, headcount = ("?" if number is None else str(number) for number in (count.completed, count.headcount))
    return f"{completed} of {headcount}"
