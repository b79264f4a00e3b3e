"""Is it certain, for every day, which answer of a knowledge item is right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.nearest import listed, suggestion


def check_key(manuscript: Manuscript, draft: ItemDraft) -> None:
    """Log key rows that end before they begin, hold on the same day, or call an answer right that cannot be."""
    rows = draft.keys.get("key")
    if rows is None or "key" not in draft.item_type.takes:
        return
    path = draft.path_of("key")
    if not rows:
        manuscript.fault(path, "At least one row is needed: {answer: ..., ref: ..., as_at: ...}.")
    for at, row in enumerate(rows):
        first, last = _days(row)
        if first > last:
            manuscript.fault((*path, at), f"The row ends on {last}, before it begins on {first}. Change one day.")
        if draft.has_sound_options and "answer" in row:
            _check_answer(manuscript, draft, at, row["answer"])
    _check_overlaps(manuscript, draft, rows)


def _check_overlaps(manuscript: Manuscript, draft: ItemDraft, rows: Sequence[Mapping[str, Any]]) -> None:
    ordered = sorted(enumerate(rows), key=lambda row: _days(row[1]))
    for (at, row), (other_at, other) in pairwise(ordered):
        shared = _days(other)[0]
        if shared <= _days(row)[1]:
            day = "the earliest days" if shared == date.min else f"{shared}"
            told = f"This row and row {at + 1} both hold on {day}. Let one end (to) before the other begins (from)."
            manuscript.fault((*draft.path_of("key"), other_at), told)


def _days(row: Mapping[str, Any]) -> tuple[date, date]:
    return row.get("since", date.min), row.get("until", date.max)


def _check_answer(manuscript: Manuscript, draft: ItemDraft, at: int, answer: str) -> None:
    path = (*draft.path_of("key"), at, "answer")
    option = next((o for o in draft.options if o.id == answer), None)
    if option is None:
        known = [o.id for o in draft.options]
        told = f"The item has no answer “{answer}”. It has {listed(known)}."
        manuscript.fault(path, told + suggestion(answer, known))
    elif option.dont_know or option.prefer_not:
        manuscript.fault(path, f"“{option.label}” cannot be the right answer. Name one of the others.")
