"""Which other questions decide whether a question is asked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from audit_engine.definition.questionnaire import Item, Questionnaire


@lru_cache(maxsize=64)
def rests_on(questionnaire: Questionnaire) -> Mapping[str, frozenset[str]]:
    """Return, by item, every item whose answer decides whether it is asked, through others too."""
    named = {item.id: frozenset(_named(questionnaire, item)) for item in questionnaire.items}
    return {item: _through(named, item) for item in named}


def _named(questionnaire: Questionnaire, item: Item) -> Iterator[str]:
    """Yield the items that an item's own condition names, or what it is worked out from."""
    for condition in (item.enable_when, item.calculate, *(rule.when for rule in item.rules)):
        if condition is not None:
            yield from (name for name in condition.names if name in questionnaire.items_by_id)


def _through(named: Mapping[str, frozenset[str]], item: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(named[item])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(named[name])
    return frozenset(found)
