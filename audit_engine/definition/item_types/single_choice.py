"""What is an answer that is exactly one of the options?"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from audit_engine.definition.expressions.value_types import TEXT, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, chosen_option, single_text
from audit_engine.definition.questionnaire import Item


class SingleChoice(PlainType):
    """One option of a list; the value is the option's id."""

    id: ClassVar[str] = "single-choice"
    control: ClassVar[Control] = "radio"
    value_type: ClassVar[ValueType] = TEXT
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("scale", "options"),)

    def parse(self, raw: object, item: Item) -> str | None:
        """Return the id of the chosen option; its label is understood too."""
        given = single_text(raw)
        return chosen_option(given, item).id if given else None

    def points(self, value: object, item: Item) -> Decimal | None:
        """Return the points of the chosen option."""
        option = item.option(value)
        return option.points if option else None

    def text(self, value: object, item: Item) -> str:
        """Return the label of the chosen option."""
        option = item.option(value)
        return option.label if option else super().text(value, item)
