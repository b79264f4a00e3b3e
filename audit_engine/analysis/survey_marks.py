"""What does one reply to a survey add to the counts?

A reply becomes marks: by item, the texts that are counted.  An item that was
asked and left blank has None, one that was not asked is not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from audit_engine.definition.applicability import Resolution
from audit_engine.definition.item_types import ITEM_TYPES, other_words
from audit_engine.definition.knowledge import scored
from audit_engine.definition.questionnaire import Item, Option, Questionnaire

Marks = Mapping[str, list[str] | None]
#: The item id under which the reply as a whole is counted.
REPLY = ""
#: Counted beside an item's own marks: that it was asked, that it was answered.
ASKED, ANSWERED = "?", ""
#: How an outcome, a completeness and a value that is kept but not counted begin; no option id does.
OUTCOME, COMPLETENESS, UNCOUNTED = "=", "~", "#"
COMPLETE, PARTIAL, BROKEN_OFF = "~complete", "~partial", "~broken-off"
OUTCOMES = ("=correct", "=misconception", "=gap", "=not scored")
FREE_TEXT = ("text", "textarea")


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted together: an item, or one row of a grid; ``marks`` are those of its options."""

    id: str
    item: Item
    row: Option | None = None
    several: bool = False

    @property
    def marks(self) -> tuple[tuple[str, Option], ...]:
        """Return the marks of the options, with the options."""
        before = f"{self.row.id}:" if self.row else ""
        return tuple((before + o.id, o) for o in self.item.options)

    @property
    def text(self) -> str:
        """Return what is asked, the row included."""
        return f"{self.item.text} {self.row.label}" if self.row else self.item.text


def _one(item: Item) -> tuple[Question, ...]:
    return (Question(item.id, item),)


def _any(item: Item) -> tuple[Question, ...]:
    return (Question(item.id, item, several=True),)


def _rows(item: Item) -> tuple[Question, ...]:
    return tuple(Question(f"{item.id}:{row.id}", item, row) for row in item.rows)


def _chosen(_item: Item, value: object) -> list[str]:
    return [str(value)] if isinstance(value, str) else []


def _ticked(_item: Item, value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, tuple) else []


def _by_row(_item: Item, value: object) -> list[str]:
    return [f"{row}:{option}" for row, option in value] if isinstance(value, tuple) else []


def _apart(_item: Item, _value: object) -> list[str]:
    return [UNCOUNTED]


def _kept(item: Item, value: object) -> list[str]:
    return [UNCOUNTED + json.dumps(ITEM_TYPES[item.type].to_json(value), ensure_ascii=False)]


_QUESTIONS: Mapping[str, Callable[[Item], tuple[Question, ...]]] = {"checkboxes": _any, "grid": _rows}
_MARKS: Mapping[str, Callable[[Item, object], list[str]]] = {
    "radio": _chosen, "checkboxes": _ticked, "grid": _by_row, "text": _apart, "textarea": _apart,
}  # fmt: skip


@lru_cache(maxsize=64)
def asked_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return the items that a survey counts: those with something to answer, asked once."""
    return tuple(
        i for i in questionnaire.items if ITEM_TYPES[i.type].control != "none" and i.id not in questionnaire.repeating
    )


@lru_cache(maxsize=64)
def questions_of(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Return what a survey counts, in order."""
    items = asked_items(questionnaire)
    return tuple(q for i in items for q in _QUESTIONS.get(ITEM_TYPES[i.type].control, _one)(i))


def marks_of(questionnaire: Questionnaire, resolution: Resolution, day: date) -> Marks:
    """Return the marks of one reply; knowledge is scored with the key of the day."""
    found: dict[str, list[str] | None] = {}
    for item in asked_items(questionnaire):
        if not resolution.asked[item.id].asked:
            continue
        value = resolution.values.get(item.id)
        found[item.id] = None if value is None else marks_of_answer(item, value, day)
    return {REPLY: marks_of_reply(found, knowledge=bool(knowledge_items(questionnaire))), **found}


def marks_of_answer(item: Item, value: object, day: date) -> list[str]:
    """Return the marks of an answer to one item; knowledge is scored with the key of the day."""
    marks = _MARKS.get(ITEM_TYPES[item.type].control, _kept)(item, value)
    return [*marks, OUTCOME + scored(item, value, day)] if item.key else marks


def marks_of_reply(marks: Marks, *, knowledge: bool) -> list[str]:
    """Return how complete a reply is (methods section 7), and how many knowledge items were right."""
    answered = sum(one is not None for one in marks.values())
    complete = COMPLETE if 10 * answered >= 8 * len(marks) else PARTIAL if 2 * answered >= len(marks) else BROKEN_OFF
    if not knowledge:
        return [complete]
    return [complete, f"{OUTCOME}{sum('=correct' in (one or ()) for one in marks.values())}"]


def knowledge_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return the items that have an answer key."""
    return tuple(i for i in asked_items(questionnaire) if i.key)


def counted(marks: Marks) -> Iterator[tuple[str, str]]:
    """Yield every (item, mark) to which a reply adds one."""
    for item, own in marks.items():
        yield item, ASKED
        if own is not None:
            yield item, ANSWERED
            yield from ((item, mark) for mark in own if not mark.startswith(UNCOUNTED))


@lru_cache(maxsize=64)
def worded_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return the items that are answered in one's own words, if only beside "Other"."""
    return tuple(i for i in asked_items(questionnaire) if i.other or ITEM_TYPES[i.type].control in FREE_TEXT)


def free_texts(questionnaire: Questionnaire, resolution: Resolution) -> tuple[tuple[str, str], ...]:
    """Return (item, words) for everything written in one's own words, where it was asked."""
    return texts_in(worded_items(questionnaire), resolution)


def texts_in(worded: Iterable[Item], resolution: Resolution) -> tuple[tuple[str, str], ...]:
    """Return (item, words) for everything written in one's own words in answer to some items, where it was asked."""
    return tuple(
        (item.id, words)
        for item in worded
        if (words := _words(item, resolution.values.get(item.id))) and resolution.asked[item.id].asked
    )


def _words(item: Item, value: object) -> str:
    return other_words(value) if item.options else str(value or "")


def key_day(questionnaire: Questionnaire, opened: date, today: date) -> date:
    """Return the last day, up to today, on which any answer key changed, but no day before the opening.

    Scored on that day a reply scores as it does today, and the day says nothing
    of when it was given.
    """
    return max([opened, *(d for d in _turns(questionnaire.items) if opened < d <= today)])


def _turns(items: Iterable[Item]) -> Iterator[date]:
    for row in (row for item in items for row in item.key):
        if row.since is not None:
            yield row.since
        if row.until is not None:
            yield row.until + timedelta(days=1)
