"""Which workbook stands behind a chart in Word, so that its numbers can be edited?"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from audit_engine.reports.xml_text import clean

SHEET = "Sheet1"
Value = str | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its heading and its values, None for an empty cell."""

    heading: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The one sheet of a chart's workbook; ``columns`` start at A, headings in row 1."""

    columns: tuple[Column, ...]

    @property
    def length(self) -> int:
        """Return the number of rows below the headings."""
        return max(len(column.values) for column in self.columns)

    def heading_range(self, column: int) -> str:
        """Return the address of a heading, ``Sheet1!$B$1``."""
        return f"{SHEET}!${_letters(column)}$1"

    def values_range(self, column: int) -> str:
        """Return the address of a column's values over the whole length."""
        letter = _letters(column)
        return f"{SHEET}!${letter}$2:${letter}${self.length + 1}"


def workbook(sheet: Sheet, number_format: str) -> bytes:
    """Return the sheet as an .xlsx file; text is written as text, never as a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(SHEET)
    numbers = book.add_format({"num_format": number_format})
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, clean(column.heading))
        for row, value in enumerate(column.values, 1):
            if isinstance(value, str):
                page.write_string(row, place, clean(value))
            elif value is not None:
                page.write_number(row, place, value, numbers)
    page.set_column(0, 0, _widest(sheet.columns[0].values))
    book.close()
    return out.getvalue()


def _letters(column: int) -> str:
    """Return the letters of a column counted from 0: A to Z, then AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _widest(values: Sequence[Value]) -> int:
    return min(60, max((len(value) for value in values if isinstance(value, str)), default=10) + 2)
