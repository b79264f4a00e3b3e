"""What is an answer that is exactly one of the options?"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from audit_engine.definition.expressions.value_types import TEXT, ValueType
from audit_engine.definition.item_types.base import (
    Control,
    PlainType,
    apart,
    choice_from_json,
    choice_to_json,
    chosen_option,
    complaints_of_words,
    shown_choice,
    single_text,
    with_words,
)
from audit_engine.definition.questionnaire import Item


class SingleChoice(PlainType):
    """One option of a list; the value is the option's id."""

    id: ClassVar[str] = "single-choice"
    control: ClassVar[Control] = "radio"
    value_type: ClassVar[ValueType] = TEXT
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options", "other"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("scale", "options"),)

    def parse(self, raw: object, item: Item) -> str | None:
        """Return the id of the chosen option; its label is understood too.

        Words beside ``other`` come as {"option": "other", "text": "..."}.
        """
        chosen, words = apart(raw, "option")
        given = single_text(chosen)
        return with_words(chosen_option(given, item).id, words) if given else None

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Complain of words beside ``other`` that are too long."""
        return complaints_of_words(value)

    def points(self, value: object, item: Item) -> Decimal | None:
        """Return the points of the chosen option."""
        option = item.option(value)
        return option.points if option else None

    def text(self, value: object, item: Item) -> str:
        """Return the label of the chosen option."""
        return shown_choice(value, item) if isinstance(value, str) else super().text(value, item)

    def to_json(self, value: object) -> object:
        """Return the option's id, or {"option": "other", "text": "..."}."""
        return choice_to_json(value)

    def from_json(self, raw: object) -> object:
        """Return the option's id."""
        return choice_from_json(raw)
