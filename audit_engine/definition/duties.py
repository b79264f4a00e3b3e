"""Is what an item asks for a legal duty on that day, or good practice?"""

from __future__ import annotations

from datetime import date

from audit_engine.definition.questionnaire import Item


def duty_on(item: Item, day: date) -> bool:
    """Tell whether the item is a legal duty on a day; without ``duty_from`` it is good practice."""
    return item.duty_from is not None and item.duty_from.date <= day
