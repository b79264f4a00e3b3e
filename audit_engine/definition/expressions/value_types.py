"""What kind of value does a name or an expression have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "number", "yes-no", "texts", "date", "other"]

KIND_IN_WORDS: Mapping[Kind, str] = {
    "text": "text",
    "number": "a number",
    "yes-no": "yes or no",
    "texts": "several answers",
    "date": "a date",
    "other": "an answer that can only be asked for with answered()",
}


@dataclass(frozen=True, slots=True)
class ValueType:
    """The kind of a value, its options (id to label) where they are known, and what it is called.

    A yes-no value may carry the options ``yes`` and ``no``, whose labels are
    then whole phrases ("works directly with children").
    """

    kind: Kind
    options: Mapping[str, str] | None = field(default=None, hash=False)
    label: str = ""

    @property
    def words(self) -> str:
        """Return the kind as a sentence names it."""
        return KIND_IN_WORDS[self.kind]


TEXT = ValueType("text")
NUMBER = ValueType("number")
YES_NO = ValueType("yes-no")
TEXTS = ValueType("texts")
DATE = ValueType("date")
OTHER = ValueType("other")
