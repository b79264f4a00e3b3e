"""What is an answer in one line of words?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.expressions.value_types import TEXT, ValueType
from audit_engine.definition.item_types.base import UNWRITABLE, Control, PlainType, single_text
from audit_engine.definition.questionnaire import Item


class Text(PlainType):
    """One line of words; line breaks become blanks, control characters go."""

    id: ClassVar[str] = "text"
    control: ClassVar[Control] = "text"
    value_type: ClassVar[ValueType] = TEXT
    takes: ClassVar[frozenset[str]] = frozenset({"maximum_length"})
    longest: ClassVar[int] = 500

    def parse(self, raw: object, item: Item) -> str | None:
        """Return the words; None where there are none."""
        return " ".join(UNWRITABLE.sub("", single_text(raw)).split()) or None

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Complain of a text that is too long."""
        limit = item.maximum_length or self.longest
        length = len(value) if isinstance(value, str) else 0
        if length <= limit:
            return ()
        return (f"This has {length:,} characters; at most {limit:,} fit. Shorten it by {length - limit:,}.",)
