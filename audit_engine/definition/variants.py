"""How is an item worded for this organisation?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from audit_engine.definition.facts import PREFIX
from audit_engine.definition.questionnaire import Item


def worded_for(item: Item, facts: Mapping[str, object]) -> Item:
    """Return the item with the text and guidance of its first variant that fits; ``facts`` by name as in facts.yaml."""
    if not item.variants:
        return item
    profile = {PREFIX + name: value for name, value in facts.items()}
    variant = next((v for v in item.variants if v.when.holds(profile)), None)
    if variant is None:
        return item
    return replace(item, text=variant.text or item.text, guidance=variant.guidance or item.guidance)
