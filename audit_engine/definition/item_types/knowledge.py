"""What is an answer to a statement that is true or false, and may be so only for a time?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.item_types.single_choice import SingleChoice
from audit_engine.definition.questionnaire import Option
from audit_engine.definition.translated import Translated


class Knowledge(SingleChoice):
    """A single choice with a dated key; it has no points, since only ``knowledge.scored`` knows the day."""

    id: ClassVar[str] = "knowledge"
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options", "key"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("key",),)
    options: ClassVar[tuple[Option, ...]] = (
        Option("true", Translated("True", {"cy": "Gwir"})),
        Option("false", Translated("False", {"cy": "Anwir"})),
        Option("dont-know", Translated("Don't know", {"cy": "Ddim yn gwybod"}), dont_know=True),
    )
