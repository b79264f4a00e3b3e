"""What is an answer that is any number of the options?"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar

from audit_engine.definition.expressions.value_types import TEXTS, ValueType
from audit_engine.definition.item_types.base import (
    Control,
    PlainType,
    Unparsable,
    apart,
    choice_from_json,
    choice_to_json,
    chosen_option,
    complaints_of_words,
    other_words,
    shown_choice,
    with_words,
)
from audit_engine.definition.questionnaire import Item


class MultipleChoice(PlainType):
    """Any number of options; the value is a tuple of their ids in the order of the item."""

    id: ClassVar[str] = "multiple-choice"
    control: ClassVar[Control] = "checkboxes"
    value_type: ClassVar[ValueType] = TEXTS
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options", "other", "minimum", "maximum"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("scale", "options"),)

    def parse(self, raw: object, item: Item) -> tuple[str, ...] | None:
        """Return the ids of the chosen options; None where nothing is ticked.

        Words beside ``other`` come as {"options": [...], "text": "..."}, or as
        JSON has them.
        """
        ticked, words = apart(raw, "options")
        given = _given(ticked)
        words = words or other_words(given)
        chosen = {chosen_option(text.strip(), item).id for text in given if text.strip()}
        return tuple(with_words(o.id, words) for o in item.options if o.id in chosen) or None

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Complain of an exclusive option beside others, and of too few or too many."""
        chosen = _ids(value)
        if not chosen:
            return ()
        alone = [o.label for o in item.options if o.exclusive and o.id in chosen]
        found = []
        if alone and len(chosen) > 1:
            found.append(f"“{alone[0]}” cannot be chosen together with other answers. Choose one or the other.")
        if item.minimum is not None and len(chosen) < item.minimum:
            found.append(f"Choose at least {item.minimum}.")
        if item.maximum is not None and len(chosen) > item.maximum:
            found.append(f"Choose at most {item.maximum}.")
        return (*found, *complaints_of_words(chosen))

    def points(self, value: object, item: Item) -> Decimal | None:
        """Return the sum of the points of the chosen options, None where none has points."""
        chosen = _ids(value)
        points = [o.points for o in item.options if o.id in chosen and o.points is not None]
        return sum(points, Decimal(0)) if points else None

    def text(self, value: object, item: Item) -> str:
        """Return the labels of the chosen options, parted by semicolons."""
        return "; ".join(shown_choice(id_, item) for id_ in _ids(value))

    def to_json(self, value: object) -> object:
        """Return a list of option ids, {"option": "other", "text": "..."} among them."""
        return None if value is None else [choice_to_json(id_) for id_ in _ids(value)]

    def from_json(self, raw: object) -> object:
        """Return a tuple of option ids."""
        return _ids([choice_from_json(choice) for choice in raw]) if isinstance(raw, (list, tuple)) else None


def _given(raw: object) -> list[str]:
    if raw is None:
        return []
    if isinstance(raw, str):
        return [raw]
    if isinstance(raw, (list, tuple, set, frozenset)):
        texts = [choice_from_json(choice) for choice in raw]
        if all(isinstance(text, str) for text in texts):
            return [text for text in texts if isinstance(text, str)]
    raise Unparsable("This is not a list of choices.")


def _ids(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Collection):
        return ()
    return tuple(id_ for id_ in value if isinstance(id_, str))
