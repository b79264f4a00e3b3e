"""What did each row of an export answer, and what in it is no answer that the survey knows?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from audit_engine.definition.item_types import ITEM_TYPES, OtherChoice, Unparsable
from audit_engine.definition.item_types.base import OTHER_ID, with_words
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.exchange.headings import Column, plain
from audit_engine.exchange.mapping import LEFT_OUT, Use
from audit_engine.exchange.matching import OTHER_WORDS, Ancestors, options_of
from audit_engine.exchange.outside import Row

MOST_KEPT = 20_000
NO_SUCH_ANSWER = "the question has no such answer"
NOT_A_TICK = "this is neither a tick nor a blank"
TWO_ANSWERS = "there are words beside “Other”, and another answer too; the words are left out"
SPREADSHEET_ERROR = "this is an error of the spreadsheet, not an answer"
AN_ADDRESS = "this is nothing but an e-mail address, which says who answered"
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_TICKS = frozenset({"1", "yes", "y", "true", "x", "ticked", "selected", "checked", "on"})
_BLANKS = frozenset({"0", "no", "n", "false", "unticked", "not selected", "unselected", "unchecked", "off", "null"})
_SIGNS = frozenset("✓✔☑☒✗")
_ISO = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_LOCAL = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2}|[0-9]{4})(?:[ ,].*)?", re.ASCII | re.DOTALL)
_DAY_NUMBER = re.compile(r"([2-7][0-9]{4})(?:\.[0-9]+)?", re.ASCII)
_ADDRESS = re.compile(r"<?(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?", re.IGNORECASE)
_FIRST_DAY = date(1899, 12, 30)


class Odd(NamedTuple):
    """A cell that was not taken as an answer, and why."""

    position: int
    words: str
    why: str


class Reply(NamedTuple):
    """The answers of one row, as values by item, and what was odd in it."""

    values: dict[str, object]
    odd: list[Odd]


class _Taker(Protocol):
    """Reads the answer to one question out of a row; ``alone`` is the column that decides it, None for several."""

    alone: int | None

    def __call__(self, cells: Sequence[str], odd: list[Odd]) -> object | None:
        """Return the value, None for no answer; add what is odd."""


class Finder:
    """Finds an id by the words of a file: those that the mapping gives, else a label or the id itself."""

    def __init__(self, labels: Iterable[tuple[str, str]], words: Mapping[str, str]) -> None:
        self.known: dict[str, str] = {}
        pairs = list(labels)
        for id_, label in [*pairs, *((id_, id_) for id_, _ in pairs)]:
            self.known.setdefault(plain(label), id_)
        self.known |= {plain(word): id_ for word, id_ in words.items()}
        self.exact: dict[str, str] = dict(words)

    def __call__(self, words: str) -> str | None:
        """Return the id, LEFT_OUT where the mapping says so, None where the words are not known."""
        found = self.exact.get(words)
        if found is None:
            found = self.known.get(plain(words))
            if found is not None and len(self.exact) < MOST_KEPT:
                self.exact[words] = found
        return found


class Reader:
    """Reads rows as replies, by the columns that are taken."""

    def __init__(
        self,
        columns: Sequence[tuple[Column, Use]],
        questionnaire: Questionnaire,
        ancestors: Ancestors,
        *,
        month_first: bool = False,
    ) -> None:
        by_item: dict[str, list[tuple[int, Use]]] = {}
        for column, use in columns:
            if use.role != "organisation":
                by_item.setdefault(use.question, []).append((column.position, use))
        self.takers: list[tuple[str, _Taker, dict[str, object]]] = []
        for item in questionnaire.items:
            if item.id in by_item:
                make = _TAKERS[ITEM_TYPES[item.type].control]
                take = make(item, by_item[item.id], ancestors.get(item.id, ()), month_first)
                self.takers.append((item.id, take, {}))

    def __call__(self, row: Row) -> Reply:
        """Return what one row answers; its cells must reach to the last column."""
        cells = row.cells
        odd: list[Odd] = []
        values = {}
        for item_id, take, known in self.takers:
            value = known.get(cells[take.alone]) if take.alone is not None else None
            if value is None:
                before = len(odd)
                value = take(cells, odd)
                if value is None:
                    continue
                # What is odd is said every time; words of people's own are long, and no two are alike.
                is_plain = len(odd) == before and not isinstance(value, OtherChoice)
                if is_plain and take.alone is not None and len(known) < MOST_KEPT:
                    known[cells[take.alone]] = value
            values[item_id] = value
        return Reply(values, odd)


_Columns = Sequence[tuple[int, Use]]


class _OneOf:
    """The one choice of a question, and the words beside "Other"."""

    def __init__(self, item: Item, columns: _Columns, ancestors: Sequence[Item], _month_first: bool) -> None:
        self.item = item
        self.answers = [(n, _finder(item, use, ancestors), use.others) for n, use in columns if use.role == "answer"]
        self.beside = [n for n, use in columns if use.role == "other"]
        self.alone: int | None = self.answers[0][0] if len(self.answers) == len(columns) == 1 else None

    def __call__(self, cells: Sequence[str], odd: list[Odd]) -> object | None:
        """Return the option's id."""
        chosen: str | None = None
        for position, find, others in self.answers:
            words = cells[position]
            if words:
                found = find(words)
                if found is None and others and words not in _ERRORS:
                    return self._own(position, words, odd)
                if found is None:
                    odd.append(Odd(position, words, _no_answer(words)))
                chosen = found or None
        for position in self.beside:
            if cells[position] and chosen in (None, OTHER_ID):
                return self._own(position, cells[position], odd)
            if cells[position]:
                odd.append(Odd(position, cells[position], TWO_ANSWERS))
        return chosen

    def _own(self, position: int, words: str, odd: list[Odd]) -> object | None:
        """Return the choice of "Other" with these words."""
        if _told_who(position, words, odd):
            return OTHER_ID
        return _fitting(with_words(OTHER_ID, words), self.item, position, words, odd)


class _AnyOf:
    """Any number of choices: joined in a cell, spread over columns, or both."""

    def __init__(self, item: Item, columns: _Columns, ancestors: Sequence[Item], _month_first: bool) -> None:
        self.item = item
        self.joined = [
            (n, _Splitter(_finder(item, use, ancestors), use.separator), use.others)
            for n, use in columns
            if use.role == "answer"
        ]
        self.ticks = [(n, use.choice, _Tick(item, use, ancestors)) for n, use in columns if use.role == "choice"]
        self.beside = [n for n, use in columns if use.role == "other"]
        self.sound: dict[tuple[str, ...], bool] = {}
        self.alone: int | None = next((n for n, _, others in self.joined if len(columns) == 1 and not others), None)

    def __call__(self, cells: Sequence[str], odd: list[Odd]) -> object | None:
        """Return the ids of the options, in the order of the question."""
        chosen: set[str] = set()
        own_words: list[str] = []
        for position, split, others in self.joined:
            if cells[position]:
                found, strange = split(cells[position])
                chosen.update(found)
                own_words += [words for words in strange if others and not _told_who(position, words, odd)]
                odd += [] if others else [Odd(position, words, _no_answer(words)) for words in strange]
        for position, option, is_ticked in self.ticks:
            if cells[position]:
                ticked = is_ticked(cells[position])
                if ticked is None:
                    odd.append(Odd(position, cells[position], NOT_A_TICK))
                elif ticked:
                    chosen.add(option)
        written = [(position, cells[position]) for position in self.beside if cells[position]]
        own_words += [words for position, words in written if not _told_who(position, words, odd)]
        return self._value(chosen, "; ".join(own_words), odd)

    def _value(self, chosen: set[str], own_words: str, odd: list[Odd]) -> object | None:
        if own_words:
            chosen.add(OTHER_ID)
        if not chosen:
            return None
        value = tuple(with_words(o.id, own_words) for o in self.item.options if o.id in chosen)
        if own_words or value not in self.sound:
            position = next((n for n, *_ in (*self.joined, *self.ticks)), 0)
            sound = _fitting(value, self.item, position, "; ".join(value), odd) is not None
            if not own_words and sound:
                self.sound[value] = sound
            return value if sound else None
        return value


class _Splitter:
    """Parts a cell that joins several answers; an answer may hold the separator itself."""

    def __init__(self, find: Finder, separator: str) -> None:
        self.find, self.separator = find, separator
        self.seen: dict[str, tuple[list[str], list[str]]] = {}

    def __call__(self, words: str) -> tuple[list[str], list[str]]:
        """Return the ids found and the words that are no answer."""
        known = self.seen.get(words)
        if known is None:
            known = self._split(words)
            if not known[1] and len(self.seen) < MOST_KEPT:
                self.seen[words] = known
        return known

    def _split(self, words: str) -> tuple[list[str], list[str]]:
        pieces = [piece.strip() for piece in words.split(self.separator)]
        found: list[str] = []
        strange: list[str] = []
        at = 0
        while at < len(pieces):
            taken, id_ = self._longest(pieces, at)
            if id_ is None and pieces[at]:
                strange.append(pieces[at])
            elif id_:
                found.append(id_)
            at += taken
        return found, strange

    def _longest(self, pieces: Sequence[str], at: int) -> tuple[int, str | None]:
        """Return how many pieces together are an answer, and which; 1 and None for none."""
        for end in range(min(len(pieces), at + 6), at, -1):
            words = f"{self.separator} ".join(pieces[at:end]).strip()
            id_ = self.find(words) if words else None
            if id_ is not None:
                return end - at, id_
        return 1, None


class _Tick:
    """Tells whether a column that stands for one answer is ticked."""

    def __init__(self, item: Item, use: Use, ancestors: Sequence[Item]) -> None:
        labels = [label for option, label in options_of(item, ancestors) if option == use.choice]
        ticks = {*map(plain, (*labels, use.choice, use.under, use.heading)), *_TICKS} - {""}
        self.known = dict.fromkeys(_BLANKS, False) | dict.fromkeys(ticks, True)
        self.known |= {plain(word): option != LEFT_OUT for word, option in use.words.items()}

    def __call__(self, words: str) -> bool | None:
        """Return None where the words are neither."""
        return True if words in _SIGNS else self.known.get(plain(words))


class _Rows:
    """A choice for each row of a grid."""

    def __init__(self, item: Item, columns: _Columns, ancestors: Sequence[Item], _month_first: bool) -> None:
        order = [row.id for row in item.rows]
        wanted = sorted(columns, key=lambda column: order.index(column[1].row))
        self.rows = [(n, use.row, _finder(item, use, ancestors)) for n, use in wanted]
        self.alone: int | None = None

    def __call__(self, cells: Sequence[str], odd: list[Odd]) -> object | None:
        """Return the pairs of row and option."""
        found = []
        for position, row, find in self.rows:
            words = cells[position]
            if words:
                option = find(words)
                if option:
                    found.append((row, option))
                elif option is None:
                    odd.append(Odd(position, words, _no_answer(words)))
        return tuple(found) or None


class _Typed:
    """What somebody typed: words, a number, a day."""

    def __init__(self, item: Item, columns: _Columns, _ancestors: Sequence[Item], month_first: bool) -> None:
        self.item = item
        self.position = columns[0][0]
        self.words = columns[0][1].words
        self.is_day = ITEM_TYPES[item.type].control == "date"
        self.month_first = month_first
        self.alone: int | None = None

    def __call__(self, cells: Sequence[str], odd: list[Odd]) -> object | None:
        """Return the value."""
        words = cells[self.position]
        if not words or (words in self.words and self.words[words] == LEFT_OUT):
            return None
        if words in _ERRORS:
            odd.append(Odd(self.position, words, SPREADSHEET_ERROR))
            return None
        if _told_who(self.position, words, odd):
            return None
        try:
            given = day_text(words, month_first=self.month_first) if self.is_day else words
            value = ITEM_TYPES[self.item.type].parse(given, self.item)
        except Unparsable as problem:
            odd.append(Odd(self.position, words, problem.sentence))
            return None
        return None if value is None else _fitting(value, self.item, self.position, words, odd)


_TAKERS: Mapping[str, Callable[[Item, _Columns, Sequence[Item], bool], _Taker]] = {
    "radio": _OneOf, "checkboxes": _AnyOf, "grid": _Rows,
    "number": _Typed, "text": _Typed, "textarea": _Typed, "date": _Typed,
}  # fmt: skip


def _finder(item: Item, use: Use, ancestors: Sequence[Item]) -> Finder:
    labels = [*options_of(item, ancestors), *((OTHER_ID, words) for words in OTHER_WORDS if item.other)]
    return Finder(labels, use.words)


def _told_who(position: int, words: str, odd: list[Odd]) -> bool:
    """Tell, and say it is odd, whether words are somebody's address alone, as a column of contacts holds."""
    if not _ADDRESS.fullmatch(words):
        return False
    odd.append(Odd(position, words, AN_ADDRESS))
    return True


def _no_answer(words: str) -> str:
    return SPREADSHEET_ERROR if words in _ERRORS else NO_SUCH_ANSWER


def _fitting(value: object, item: Item, position: int, words: str, odd: list[Odd]) -> object | None:
    """Return the value, or None where it breaks a rule of the question, which typing it would have told."""
    problems = ITEM_TYPES[item.type].problems(value, item)
    odd += [Odd(position, words, problem) for problem in problems[:1]]
    return None if problems else value


def own_words_in(values: Mapping[str, object]) -> int:
    """Return how many answers are words beside "Other"."""
    return sum(
        any(isinstance(choice, OtherChoice) for choice in (value if isinstance(value, tuple) else (value,)))
        for value in values.values()
    )


def day_text(words: str, *, month_first: bool) -> str:
    """Return a day as ISO has it where it is written in figures: local, with an hour behind, or as a day number."""
    if iso := _ISO.fullmatch(words):
        return iso[1]
    if local := _LOCAL.fullmatch(words):
        day, month = (local[2], local[1]) if month_first else (local[1], local[2])
        year = local[3] if len(local[3]) == 4 else f"20{local[3]}"
        return f"{day}/{month}/{year}"
    if number := _DAY_NUMBER.fullmatch(words):
        return (_FIRST_DAY + timedelta(days=int(number[1]))).isoformat()
    return words
