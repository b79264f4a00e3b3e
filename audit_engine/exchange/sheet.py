"""What do the elements of a sheet say: which row, which cells, what is hidden or merged in it?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from audit_engine.exchange.markup import DAMAGED
from audit_engine.exchange.outside import (
    FORMULAS,
    HIDDEN_COLUMNS,
    HIDDEN_ROWS,
    MERGED,
    MOST_COLUMNS,
    MOST_IN_A_CELL,
    MOST_ROWS,
    Remarks,
    Row,
    Unreadable,
    letter_of,
    within_bounds,
)

HEADINGS = 3  # merged cells further up are headings over several columns, which is usual
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Styles:
    """The numbers of the styles that show a number as something else: as a day or an hour, as a percentage."""

    days: frozenset[str] = frozenset()
    percents: frozenset[str] = frozenset()


class SheetReader:
    """Hears the elements of a sheet and makes rows of them."""

    def __init__(self, words: Sequence[str], styles: Styles, epoch: datetime, found: Remarks) -> None:
        self.words, self.styles, self.epoch, self.found = words, styles, epoch, found
        self.prefix = ""
        self.places: dict[str, int] = {}
        self.ready: list[Row] = []
        self.number = 0
        self.cells: list[str] = []
        self.position = 0
        self.kind = self.style = ""
        self.pieces: list[str] = []
        self.length = 0
        self.wanted = self.aside = False

    def take(self) -> list[Row]:
        """Return the rows that are whole, once."""
        ready, self.ready = self.ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear an element begin."""
        if self.prefix:
            tag = tag.removeprefix(self.prefix)
        if tag == "c":
            place = attributes.get("r")
            if place:
                letters = place.rstrip("0123456789")
                self.position = self.places[letters] if letters in self.places else self.place(letters)
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.pieces, self.length = [], 0
        elif tag == "v" or tag == "t":
            self.wanted = not self.aside
        else:
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.start_row(attributes)
        elif tag == "f":
            self.found[FORMULAS] += 1
        elif tag.endswith(":worksheet"):
            self.prefix = tag.removesuffix("worksheet")
        elif tag == "rPh":
            self.aside = True
        elif tag == "mergeCell":
            last = _REFERENCE.search(attributes.get("ref", "").rpartition(":")[2])
            self.found[MERGED] += bool(last and int(last[2]) > HEADINGS)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.found[HIDDEN_COLUMNS] += 1

    def start_row(self, attributes: Mapping[str, str]) -> None:
        """Begin a row."""
        given = attributes.get("r", "")
        self.number = int(given) if given.isdigit() and len(given) < 9 else self.number + 1
        self.cells, self.position = [], 0
        if attributes.get("hidden") in ("1", "true"):
            self.found[HIDDEN_ROWS] += 1

    def place(self, letters: str) -> int:
        """Return the position of a column by its letters, from 0; of strange ones one that is not read."""
        position = 0
        for letter in letters if letters.isascii() and letters.isupper() and len(letters) <= 3 else "":
            position = position * 26 + ord(letter) - 64
        if not position:
            return MOST_COLUMNS
        self.places[letters] = position - 1
        return position - 1

    def text(self, text: str) -> None:
        """Hear characters."""
        if self.wanted:
            self.pieces.append(text)
            self.length += len(text)
            if self.length > MOST_IN_A_CELL:
                raise Unreadable(
                    f"A cell in row {self.number} has more than {MOST_IN_A_CELL:,} characters. Shorten it."
                )

    def end(self, tag: str) -> None:
        """Hear an element end."""
        if self.prefix:
            tag = tag.removeprefix(self.prefix)
        if tag == "v" or tag == "t":
            self.wanted = False
        elif tag == "c":
            pieces = self.pieces
            self.put(self.value(self.kind, self.style, pieces[0] if len(pieces) == 1 else "".join(pieces)))
        elif tag == "row":
            self.end_row()
        elif tag == "rPh":
            self.aside = False

    def put(self, value: str) -> None:
        """Add a cell at the position that was reached; a blank one far outside was only ever coloured in."""
        if self.position >= MOST_COLUMNS:
            self._refuse_outside(value)
            return
        missing = self.position - len(self.cells)
        if missing > 0:
            self.cells.extend([""] * missing)
        if missing >= 0:
            self.cells.append(value)
        self.position += 1

    def _refuse_outside(self, value: str) -> None:
        if value:
            raise Unreadable(
                f"There is a cell at {letter_of(self.position)}{self.number}; at most {MOST_COLUMNS:,} columns are "
                "read. Delete what lies outside the answers, or copy the answers to a new workbook."
            )

    def end_row(self) -> None:
        """End a row; one far below everything, with nothing in it, was only ever coloured in."""
        if self.number <= MOST_ROWS or any(self.cells):
            self.ready.append(within_bounds(Row(self.number, self.cells)))

    def value(self, kind: str, style: str, raw: str) -> str:
        """Return what a cell of this kind and style shows."""
        if not raw:
            return ""
        if kind == "s":
            try:
                return self.words[int(raw)]
            except (IndexError, ValueError):
                raise Unreadable(DAMAGED.format(why=f"row {self.number} points to words that are not there")) from None
        if kind == "n":
            return self._number(style, raw)
        if kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return unescaped(raw)

    def _number(self, style: str, raw: str) -> str:
        is_day, is_percent = style in self.styles.days, style in self.styles.percents
        if not is_day and not is_percent and _WHOLE.fullmatch(raw):
            return raw
        try:
            number = float(raw)
        except ValueError:
            return raw
        if is_percent:
            return f"{_plain(round(number * 100, 10))}%"
        return _day(number, self.epoch) if is_day else _plain(number)


def _plain(number: float) -> str:
    text = f"{number:.15g}"
    return f"{Decimal(text):f}" if "e" in text and abs(number) < 1e20 else text


def _day(number: float, epoch: datetime) -> str:
    """Return a day number as 2026-09-14, with the hour where it has one."""
    try:
        moment = epoch + timedelta(seconds=round(number * 86_400))
    except (OverflowError, ValueError):
        return _plain(number)
    if 0 <= number < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M:%S}"


def unescaped(text: str) -> str:
    """Return words in which characters are written as _x000D_, as they are meant."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
