"""Was a knowledge question answered rightly, given what was right on that day?"""

from __future__ import annotations

from datetime import date
from typing import Literal

from audit_engine.definition.questionnaire import Item, KeyRow

Score = Literal["correct", "misconception", "gap", "not scored"]


def key_on(item: Item, day: date) -> KeyRow | None:
    """Return the row of the key that holds on a day; None where the item is not scored on it."""
    return next((row for row in item.key if (row.since or date.min) <= day <= (row.until or date.max)), None)


def scored(item: Item, value: object, day: date) -> Score:
    """Tell a right answer, a confident wrong one (misconception) and "don't know" (gap) apart.

    Nothing answered, an answer that prefers not to say or does not apply, and
    a day on which no row of the key holds are not scored.
    """
    row = key_on(item, day)
    option = item.option(value)
    if row is None or option is None or option.prefer_not or option.counts_as == "not-applicable":
        return "not scored"
    if option.dont_know:
        return "gap"
    return "correct" if option.id == row.answer else "misconception"
