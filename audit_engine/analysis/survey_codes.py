"""How is a reply packed into one short text, and how are a hundred thousand of them counted at once?

One character a column, in the order of the questionnaire; a column is a choice
of which at most one mark holds.  The counts that are kept while replies come
in are proved by counting these texts again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from audit_engine.analysis.survey_marks import (
    ANSWERED,
    ASKED,
    BROKEN_OFF,
    COMPLETE,
    OUTCOME,
    OUTCOMES,
    PARTIAL,
    REPLY,
    Marks,
    asked_items,
    knowledge_items,
    questions_of,
)
from audit_engine.definition.questionnaire import Questionnaire

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.uint8] | NDArray[np.uint16]

Tally = Mapping[tuple[str, str], int]
#: Not asked; asked and left blank; answered, but by none of the column's marks.  Marks follow from "0" on.
NOT_ASKED, BLANK, NEITHER, FIRST = ".", "-", ",", ord("0")
AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class Column:
    """One character of a packed reply: which item it is about, and the marks that it can hold."""

    item: str
    marks: tuple[str, ...]


@lru_cache(maxsize=64)
def columns_of(questionnaire: Questionnaire) -> tuple[Column, ...]:
    """Return the columns of a questionnaire's packed replies."""
    found = [Column(REPLY, (COMPLETE, PARTIAL, BROKEN_OFF))]
    known = knowledge_items(questionnaire)
    if known:
        found.append(Column(REPLY, tuple(f"{OUTCOME}{n}" for n in range(len(known) + 1))))
    by_item: dict[str, list[Column]] = {item.id: [] for item in asked_items(questionnaire)}
    for question in questions_of(questionnaire):
        marks = tuple(mark for mark, _ in question.marks)
        alone = [(mark,) for mark in marks] if question.several else [marks]
        by_item[question.item.id] += [Column(question.item.id, one) for one in alone]
    for item in known:
        by_item[item.id].append(Column(item.id, OUTCOMES))
    return (*found, *(column for columns in by_item.values() for column in columns))


def packed(columns: Sequence[Column], marks: Marks) -> str:
    """Return a reply as one character a column."""
    return "".join(_character(column, marks) for column in columns)


def _character(column: Column, marks: Marks) -> str:
    if column.item not in marks:
        return NOT_ASKED
    own = marks[column.item]
    if own is None:
        return BLANK
    for mark in own:
        if mark in column.marks:
            return chr(FIRST + column.marks.index(mark))
    return NEITHER


def meanings(columns: Sequence[Column]) -> tuple[Mapping[str, str], ...]:
    """Return, for each column, what its characters stand for; "not asked" and blank are not in it."""
    return tuple({chr(FIRST + n): mark for n, mark in enumerate(c.marks)} for c in columns)


def tallied(columns: Sequence[Column], replies: Iterable[str]) -> Tally:
    """Count packed replies; a text may hold several, one after another."""
    return tallied_by(columns, replies, None)[""]


def tallied_by(columns: Sequence[Column], replies: Iterable[str], by: str | None) -> Mapping[str, Tally]:
    """Count packed replies by the mark that each has for an item, '' being those without one; None: all as ''.

    Memory does not grow with their number.
    """
    groups: dict[str, Counter[tuple[str, str]]] = {"": Counter()}
    split = next((place for place, c in enumerate(columns) if c.item == by), None)
    for matrix in _matrices(len(columns), replies):
        for name, rows in _split(matrix, columns, split):
            _count(rows, columns, groups.setdefault(name, Counter()))
    return groups


def _matrices(width: int, replies: Iterable[str]) -> Iterator[Matrix]:
    import numpy as np

    for lot in _lots(replies, width * AT_ONCE):
        if lot.isascii():
            yield np.frombuffer(lot.encode("ascii"), np.uint8).reshape(-1, width)
        else:
            yield np.frombuffer(lot.encode("utf-16-le"), np.uint16).reshape(-1, width)


def _lots(replies: Iterable[str], length: int) -> Iterator[str]:
    """Yield the texts put together into ones of about this length."""
    some: list[str] = []
    so_far = 0
    for text in replies:
        some.append(text)
        so_far += len(text)
        if so_far >= length:
            yield "".join(some)
            some, so_far = [], 0
    if some:
        yield "".join(some)


def _split(matrix: Matrix, columns: Sequence[Column], split: int | None) -> Iterator[tuple[str, Matrix]]:
    if split is None:
        yield "", matrix
        return
    marks = columns[split].marks
    place = matrix[:, split].astype(int) - FIRST
    for number, mark in enumerate(marks):
        yield mark, matrix[place == number]
    yield "", matrix[(place < 0) | (place >= len(marks))]


def _count(matrix: Matrix, columns: Sequence[Column], into: Counter[tuple[str, str]]) -> None:
    import numpy as np

    before = None
    for place, column in enumerate(columns):
        found = np.bincount(matrix[:, place], minlength=FIRST + len(column.marks))
        if column.item != before:
            asked = len(matrix) - int(found[ord(NOT_ASKED)])
            into[column.item, ASKED] += asked
            into[column.item, ANSWERED] += asked - int(found[ord(BLANK)])
        for number, mark in enumerate(column.marks):
            into[column.item, mark] += int(found[FIRST + number])
        before = column.item
