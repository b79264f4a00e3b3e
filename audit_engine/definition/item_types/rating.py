"""What is a rating: one option of a scale that may count as met, partly met or not met?"""

from __future__ import annotations

from typing import ClassVar

from audit_engine.definition.item_types.single_choice import SingleChoice


class Rating(SingleChoice):
    """A single choice that is graded."""

    id: ClassVar[str] = "rating"
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options", "rules"})
    is_graded: ClassVar[bool] = True
