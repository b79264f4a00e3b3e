"""What is an answer in figures?"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import ClassVar

from audit_engine.definition.expressions.value_types import NUMBER, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Unparsable, single_text
from audit_engine.definition.questionnaire import Item

_NUMBER = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,9})?", re.ASCII)


class Number(PlainType):
    """A number, exact; the value is a Decimal."""

    id: ClassVar[str] = "number"
    control: ClassVar[Control] = "number"
    value_type: ClassVar[ValueType] = NUMBER
    takes: ClassVar[frozenset[str]] = frozenset({"minimum", "maximum", "whole", "unit"})

    def parse(self, raw: object, item: Item) -> Decimal | None:
        """Return the number; commas between thousands and the item's unit may be written."""
        given = single_text(raw)
        bare = given.removeprefix("£").removesuffix(item.unit).strip() if item.unit else given
        if not bare:
            return None
        if not _NUMBER.fullmatch(bare):
            raise Unparsable(f"“{given[:40]}” is not a number. Write figures only, such as 12 or 3.5.")
        return Decimal(bare.replace(",", ""))

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Complain of a number that is too small, too large, or not whole."""
        if not isinstance(value, (int, Decimal)):
            return ()
        found = []
        if item.whole and value != int(value):
            found.append("Write a whole number, without a decimal point.")
        if item.minimum is not None and value < item.minimum:
            found.append(f"The number must be {item.minimum} or more.")
        if item.maximum is not None and value > item.maximum:
            found.append(f"The number must be {item.maximum} or less.")
        return tuple(found)

    def text(self, value: object, item: Item) -> str:
        """Return the number with its unit."""
        return f"{value} {item.unit}".strip() if value is not None else ""

    def to_json(self, value: object) -> object:
        """Return the number as text, so that nothing is rounded."""
        return None if value is None else str(value)

    def from_json(self, raw: object) -> object:
        """Return the number."""
        return None if raw is None else Decimal(str(raw))
