"""How are thousands of replies to one survey turned into marks and packed texts, each distinct answer only once?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from audit_engine.analysis.survey_codes import BLANK, NOT_ASKED, Column, columns_of, packed
from audit_engine.analysis.survey_marks import (
    ANSWERED,
    ASKED,
    REPLY,
    UNCOUNTED,
    Marks,
    asked_items,
    knowledge_items,
    marks_of_answer,
    marks_of_reply,
)
from audit_engine.definition.applicability import Resolution
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Questionnaire

#: How many distinct answers to one question are remembered; several choices together make very many.
MOST_KEPT = 5_000
_FEW_ANSWERS = ("radio", "checkboxes", "grid")


@dataclass(frozen=True, slots=True)
class _Part:
    """One question: its columns, and the marks and characters of every answer met so far."""

    item: Item
    columns: Sequence[Column]
    known: dict[object, tuple[list[str], str]] = field(default_factory=dict)

    def coded(self, value: object, day: date) -> tuple[list[str], str]:
        """Return the marks of an answer, and its characters."""
        marks = marks_of_answer(self.item, value, day)
        found = marks, packed(self.columns, {self.item.id: marks})
        if ITEM_TYPES[self.item.type].control in _FEW_ANSWERS and len(self.known) < MOST_KEPT:
            self.known[value] = found
        return found


class Coder:
    """Turns replies into what ``marks_of`` and ``packed`` give, on one day; equal answers share their marks."""

    def __init__(self, questionnaire: Questionnaire, day: date) -> None:
        columns = columns_of(questionnaire)
        self.day = day
        self.of_reply = tuple(column for column in columns if column.item == REPLY)
        self.parts = tuple(
            _Part(item, tuple(column for column in columns if column.item == item.id))
            for item in asked_items(questionnaire)
        )
        self.knowledge = bool(knowledge_items(questionnaire))

    def __call__(self, resolution: Resolution) -> tuple[Marks, str]:
        """Return the marks of one reply, and the reply packed."""
        asked, values = resolution.asked, resolution.values
        found: dict[str, list[str] | None] = {}
        texts = []
        for part in self.parts:
            item_id = part.item.id
            if not asked[item_id].asked:
                texts.append(NOT_ASKED * len(part.columns))
                continue
            value = values.get(item_id)
            if value is None:
                found[item_id] = None
                texts.append(BLANK * len(part.columns))
                continue
            found[item_id], text = part.known.get(value) or part.coded(value, self.day)
            texts.append(text)
        whole = marks_of_reply(found, knowledge=self.knowledge)
        return {REPLY: whole, **found}, packed(self.of_reply, {REPLY: whole}) + "".join(texts)


def counted_together(replies: Iterable[Marks]) -> Counter[tuple[str, str]]:
    """Return what ``counted`` yields for many replies, added up."""
    alike: Counter[tuple[str, tuple[str, ...] | None]] = Counter(
        (item, None if own is None else tuple(own)) for marks in replies for item, own in marks.items()
    )
    found: Counter[tuple[str, str]] = Counter()
    for (item, own), n in alike.items():
        found[item, ASKED] += n
        if own is not None:
            found[item, ANSWERED] += n
            for mark in own:
                if not mark.startswith(UNCOUNTED):
                    found[item, mark] += n
    return found
