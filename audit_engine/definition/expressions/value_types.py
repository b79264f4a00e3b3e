"""What kind of value does a name or an expression have?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    then whole phrases ("works directly with children").  A value that is a
    part of another (``osf.4.completed``) names that one in ``part_of``, and
    ``read`` takes the part from it.
    """

    kind: Kind
    options: Mapping[str, str] | None = field(default=None, hash=False)
    label: str = ""
    part_of: str = ""
    read: Callable[[object], object] | None = field(default=None, compare=False)

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
