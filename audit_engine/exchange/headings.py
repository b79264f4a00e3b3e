"""What are the columns of an export called, and which product wrote it?

Microsoft Forms writes one row of headings; SurveyMonkey two (the question, then
the choice or "Response"), SmartSurvey up to three (question, row, choice), both
with blanks where a question goes on over several columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from audit_engine.exchange.outside import Remarks, Row, Table, Unreadable, letter_of

MOST_HEADINGS, MOST_LOOKED_AT = 3, 20
ELSEWHERE = "another program"


@dataclass(frozen=True, slots=True)
class Product:
    """A program that collects answers: the columns by which its exports are known, and how it joins several answers."""

    name: str
    known_by: frozenset[str]
    one_row: bool = False


PRODUCTS = (
    Product("Microsoft Forms", frozenset({"start time", "completion time"}), one_row=True),
    Product("SurveyMonkey", frozenset({"respondent id", "collector id"})),
    Product("SurveyMonkey", frozenset({"respondentid", "collectorid"})),
    Product("SmartSurvey", frozenset({"userid", "userno"})),
)

_PERSON, _MACHINE, _TIME, _NUMBER, _OWN = (
    "it may say who answered", "it says from which computer", "it says when somebody answered",
    "it numbers the replies", "the program wrote it for itself",
)  # fmt: skip
#: Columns that are never answers, by their heading in plain letters, and why they are not taken.
NEVER_TAKEN: Mapping[str, str] = {
    **dict.fromkeys(
        ("email", "e mail", "email address", "e mail address", "your email", "your email address", "name", "name1",
         "your name", "full name", "first name", "last name", "surname", "forename", "username", "user name",
         "respondent email", "respondent name", "contact email", "telephone", "telephone number", "phone",
         "phone number", "mobile", "mobile number", "contact number", "custom data", "custom data 1", "custom 1",
         "staff number", "employee number", "payroll number", "date of birth", "external reference", "recipient email",
         "recipient first name", "recipient last name"), _PERSON),
    **dict.fromkeys(
        ("ip address", "ipaddress", "ip", "user agent", "browser", "device", "os", "operating system", "latitude",
         "longitude", "location latitude", "location longitude", "referrer", "referer"), _MACHINE),
    **dict.fromkeys(
        ("start time", "completion time", "last modified time", "started", "ended", "start date", "end date",
         "date created", "date modified", "date completed", "timestamp", "time taken", "duration", "startdate",
         "enddate", "recorded date", "submitted", "submitted at", "date submitted"), _TIME),
    **dict.fromkeys(
        ("id", "respondent id", "respondentid", "userid", "user id", "userno", "user no", "unique id", "response id",
         "responseid", "response number"), _NUMBER),
    **dict.fromkeys(
        ("collector id", "collectorid", "collector", "total points", "quiz feedback", "grade posted time",
         "tracking link", "tracking id", "status", "response status", "progress", "page path"), _OWN),
}  # fmt: skip
_NEVER_BEGINS = (("points ", _OWN), ("feedback ", _OWN), ("custom data ", _PERSON))
#: What stands under a question that has one column, instead of a choice.
_WHOLE_ANSWER = frozenset({"response", "open ended response", "answer", "open text response", "open text"})

_TAG = re.compile(r"<[^<>]{1,200}>")
_NUMBERING = re.compile(r"(?:q(?:uestion)? ?)?[0-9]{1,3}(?:[ .][0-9]{1,3})*[a-z]? ", re.ASCII)
_NOT_PLAIN = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export.

    ``under`` is the choice or row in the headings beneath the question, '' where
    the column is the whole answer; ``occurrence`` counts columns of the same
    heading and under from 1.
    """

    position: int
    heading: str
    under: str = ""
    occurrence: int = 1

    @property
    def letter(self) -> str:
        """Return what a spreadsheet calls the column."""
        return letter_of(self.position)

    @property
    def key(self) -> tuple[str, str, int]:
        """Return by what a mapping names the column."""
        return plain(self.heading), plain(self.under), self.occurrence

    @property
    def name(self) -> str:
        """Return the headings in one line, for people."""
        return f"{self.heading} – {self.under}" if self.under else self.heading or f"(column {self.letter})"

    @property
    def never(self) -> str:
        """Return why the column is never taken, '' where it may be an answer."""
        heading = plain(self.heading)
        return NEVER_TAKEN.get(heading) or next((why for s, why in _NEVER_BEGINS if heading.startswith(s)), "")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, how many rows its headings take, the last of them, and what wrote it.

    ``above`` counts rows over the headings that are no headings, such as a title.
    """

    product: str
    heading_rows: int
    last_heading: int
    columns: tuple[Column, ...]
    above: int = 0


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return words to compare: small letters and figures alone, single blanks, no tags."""
    bare = _TAG.sub(" ", unicodedata.normalize("NFKC", text)).casefold().replace("'", "").replace("’", "")
    return _NOT_PLAIN.sub(" ", bare.replace("_", " ")).strip()


def without_number(text: str) -> str:
    """Return plain words without the number of a question before them."""
    bare = plain(text)
    found = _NUMBERING.match(bare)
    return bare[found.end() :] if found and found.end() < len(bare) else bare


def layout_of(table: Table, heading_rows: int | None = None) -> Layout:
    """Return the columns of a table; ``heading_rows`` None finds out how many rows the headings take."""
    said = [row for row in islice(table.rows(Remarks()), MOST_LOOKED_AT) if any(cell.strip() for cell in row.cells)]
    if not said:
        raise Unreadable("The file holds no headings and no answers.")
    above = _titles(said)
    first = said[above:]
    product = _product(first[0].cells)
    count = heading_rows or _heading_rows(product, first)
    if count > len(first):
        raise Unreadable(f"The file has {len(first)} rows; {count} of them cannot be headings.")
    name = product.name if product else ELSEWHERE
    width = max(_width(row) for row in first)  # what lies beyond was only ever coloured in
    heads = [Row(row.number, row.cells[:width]) for row in first[:count]]
    return Layout(name, count, first[count - 1].number, _columns(heads), above)


def _titles(rows: Sequence[Row]) -> int:
    """Return how many rows stand above the headings: a title, as people write one, with a blank row beneath it."""
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    heads = next((n for n, count in enumerate(filled) if count > 1), 0)
    is_apart = 0 < heads <= MOST_HEADINGS and rows[heads].number > rows[heads - 1].number + 1
    return heads if is_apart and filled[heads] > 2 else 0


def _width(row: Row) -> int:
    """Return up to which column a row says something."""
    return next((n for n in range(len(row.cells), 0, -1) if row.cells[n - 1].strip()), 0)


def _product(cells: Sequence[str]) -> Product | None:
    there = {plain(cell) for cell in cells}
    return next((p for p in PRODUCTS if p.known_by <= there), None)


def _heading_rows(product: Product | None, first: Sequence[Row]) -> int:
    if product is not None and product.one_row:
        return 1
    top = first[0].cells
    known = [n for n, cell in enumerate(top) if plain(cell) in NEVER_TAKEN]
    count = 1
    for row in first[1:MOST_HEADINGS]:
        goes_on = _has_nothing_in(row, known) if known else count == 1 and _fills_gaps(top, row.cells)
        if not goes_on:
            break
        count += 1
    return min(count, len(first))


def _has_nothing_in(row: Row, positions: Sequence[int]) -> bool:
    """Tell whether a row says nothing where every reply has its number and its hour."""
    return not any(row.cells[n].strip() for n in positions if n < len(row.cells))


def _fills_gaps(top: Sequence[str], beneath: Sequence[str]) -> bool:
    """Tell whether the first row has gaps, as merged headings leave them, and the second has words there."""
    wide = [*top, *[""] * (len(beneath) - len(top))]
    gaps = [n for n in range(1, len(beneath)) if not wide[n].strip() and beneath[n].strip()]
    words = [cell for cell in beneath if cell.strip()]
    return bool(gaps) and len(set(words)) > 0.5 * len(words)


def _columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    width = max(len(row.cells) for row in rows)
    levels = [[" ".join(c.split()) for c in row.cells] + [""] * (width - len(row.cells)) for row in rows]
    if len(levels) > 1:
        _fill(levels)
    seen: Counter[tuple[str, str]] = Counter()
    return tuple(_numbered(levels, position, seen) for position in range(width))


def _fill(levels: list[list[str]]) -> None:
    """Put a heading over the columns to its right that have none of their own and say something beneath."""
    for depth, level in enumerate(levels[:-1]):
        for position in range(1, len(level)):
            above = all(levels[d][position] == levels[d][position - 1] for d in range(depth))
            beneath = any(deeper[position] for deeper in levels[depth + 1 :])
            if not level[position] and above and beneath:
                level[position] = level[position - 1]


def _numbered(levels: Sequence[Sequence[str]], position: int, seen: Counter[tuple[str, str]]) -> Column:
    heading = levels[0][position]
    beneath = dict.fromkeys(level[position] for level in levels[1:] if plain(level[position]) not in _WHOLE_ANSWER)
    under = " – ".join(text for text in beneath if text and text != heading)
    seen[plain(heading), plain(under)] += 1
    return Column(position, heading, under, seen[plain(heading), plain(under)])


def rows_of_answers(table: Table, layout: Layout, remarks: Remarks) -> Iterator[Row]:
    """Yield the rows beneath the headings, each cell without blanks around it.

    There are as many cells as columns; more only where a row says something
    beyond the headings.
    """
    width = len(layout.columns)
    for number, cells in table.rows(remarks):
        if number > layout.last_heading:
            tidy = [cell.strip() for cell in cells]
            missing = width - len(tidy)
            if missing > 0:
                tidy.extend([""] * missing)
            elif missing < 0 and not any(tidy[width:]):
                del tidy[width:]
            yield Row(number, tidy)
