"""What does one cell of a table of ratings hold, and how is a return's row of cells written down?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from audit_engine.definition.questionnaire import Item
from audit_engine.response.answers import Answer, State


class Code(IntEnum):
    """What a cell holds; ``MET`` is the best, so weakest-of is ``min``."""

    NOT_ASKED = 0  # ruled out by the profile or by another answer, or the organisation made no return
    UNANSWERED = 1
    NOT_APPLICABLE = 2
    NOT_MET = 3
    PARTLY_MET = 4
    MET = 5


CODE_OF: Mapping[str, Code] = {
    "met": Code.MET,
    "partly-met": Code.PARTLY_MET,
    "not-met": Code.NOT_MET,
    "not-applicable": Code.NOT_APPLICABLE,
}


def code_of(item: Item, answer: Answer, *, asked: bool) -> Code:
    """Return the code of one criterion's answer."""
    if not asked:
        return Code.NOT_ASKED
    if answer.state is State.UNANSWERED:
        return Code.UNANSWERED
    return CODE_OF[item.counts_as(answer.value) or "not-applicable"]
