"""What is an answer in several lines of words?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.item_types.base import UNWRITABLE, Control, single_text
from audit_engine.definition.item_types.text import Text
from audit_engine.definition.questionnaire import Item


class LongText(Text):
    """Several lines of words; line breaks are kept as single line feeds."""

    id: ClassVar[str] = "long-text"
    control: ClassVar[Control] = "textarea"
    longest: ClassVar[int] = 10_000

    def parse(self, raw: object, item: Item) -> str | None:
        """Return the words; None where there are none."""
        given = single_text(raw).replace("\r\n", "\n").replace("\r", "\n")
        return UNWRITABLE.sub("", given).strip() or None
