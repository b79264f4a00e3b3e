"""What is a table that comes from outside, and how much of one do we read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

MOST_COLUMNS = 2_000
MOST_ROWS = 1_000_000
MOST_IN_A_CELL = 100_000
#: What is met while rows are read and must be said: how often, by kind.
Remarks = Counter[str]
FORMULAS, HIDDEN_ROWS, HIDDEN_COLUMNS, MERGED = "formulas", "hidden rows", "hidden columns", "merged cells"


class Unreadable(ValueError):
    """A file that cannot be read, or not safely; the text says why and what to do."""


class Row(NamedTuple):
    """A row by its number in the file, from 1; cells are text, '' for none, and may be fewer than the columns."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells in a file.

    ``how`` says what it is read as ("CSV, UTF-8, parted by commas"); ``notes``
    are sentences about what is not read.  ``rows`` reads the file anew at every
    call, a little at a time, and adds to the remarks that it is given.
    """

    kind: Literal["CSV", "XLSX"]
    how: str
    rows: Callable[[Remarks], Iterator[Row]]
    notes: tuple[str, ...] = ()


def within_bounds(row: Row) -> Row:
    """Return the row, or refuse the file for a row that no export has."""
    if len(row.cells) > MOST_COLUMNS:
        raise Unreadable(
            f"Row {row.number} has {len(row.cells):,} columns; at most {MOST_COLUMNS:,} are read. "
            "Check that this is the file you mean, and that its columns are parted as they should be."
        )
    if row.number > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Divide it.")
    return row


def letter_of(position: int) -> str:
    """Return what a spreadsheet calls a column: A for 0, AA for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
