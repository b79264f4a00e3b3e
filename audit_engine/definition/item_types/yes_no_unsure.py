"""What is a yes, a no or an unsure?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.item_types.single_choice import SingleChoice
from audit_engine.definition.questionnaire import Option
from audit_engine.definition.translated import Translated


class YesNoUnsure(SingleChoice):
    """A single choice whose options need not be written."""

    id: ClassVar[str] = "yes-no-unsure"
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()
    options: ClassVar[tuple[Option, ...]] = (
        Option("yes", Translated("Yes", {"cy": "Ie"})),
        Option("no", Translated("No", {"cy": "Na"})),
        Option("unsure", Translated("Not sure", {"cy": "Ddim yn siŵr"}), dont_know=True),
    )
