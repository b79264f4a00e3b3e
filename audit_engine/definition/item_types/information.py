"""What is an item that only says something?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.expressions.value_types import OTHER, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Unparsable, is_blank
from audit_engine.definition.questionnaire import Item


class Information(PlainType):
    """Words to read; there is no answer."""

    id: ClassVar[str] = "information"
    control: ClassVar[Control] = "none"
    value_type: ClassVar[ValueType] = OTHER

    def parse(self, raw: object, item: Item) -> None:
        """Return None, or raise Unparsable where an answer came in."""
        if not is_blank(raw):
            raise Unparsable("This is only there to be read; it takes no answer.")
