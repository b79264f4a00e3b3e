"""What is an item whose value is worked out from other answers?"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from audit_engine.definition.expressions.value_types import NUMBER, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Unparsable, is_blank
from audit_engine.definition.questionnaire import Item


class Calculated(PlainType):
    """A value that nobody types; its kind is that of its expression."""

    id: ClassVar[str] = "calculated"
    control: ClassVar[Control] = "none"
    value_type: ClassVar[ValueType] = NUMBER
    takes: ClassVar[frozenset[str]] = frozenset({"calculate", "unit", "whole"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("calculate",),)

    def parse(self, raw: object, item: Item) -> None:
        """Return None, or raise Unparsable where an answer came in."""
        if not is_blank(raw):
            raise Unparsable("This is worked out from other answers; it takes none of its own.")

    def text(self, value: object, item: Item) -> str:
        """Return yes, no, or the number (whole or to one decimal place, half away from zero) with its unit."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if not isinstance(value, (int, Decimal)):
            return str(value)
        number = Decimal(value)
        places = Decimal(1) if item.whole or number == int(number) else Decimal("0.1")
        return f"{number.quantize(places, ROUND_HALF_UP)} {item.unit}".strip()

    def to_json(self, value: object) -> object:
        """Return a number as text, so that nothing is rounded; the rest as it is."""
        return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
