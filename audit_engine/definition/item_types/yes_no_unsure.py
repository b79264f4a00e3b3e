"""What is a yes, a no or an unsure?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.item_types.single_choice import SingleChoice
from audit_engine.definition.questionnaire import Option


class YesNoUnsure(SingleChoice):
    """A single choice whose options need not be written."""

    id: ClassVar[str] = "yes-no-unsure"
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()
    options: ClassVar[tuple[Option, ...]] = (
        Option("yes", "Yes"),
        Option("no", "No"),
        Option("unsure", "Not sure"),
    )
