"""How is a text file read as a table, whatever its encoding and whatever parts its columns?"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

from audit_engine.exchange.outside import MOST_IN_A_CELL, Remarks, Row, Table, Unreadable, within_bounds

SAMPLE = 65_536
LONGEST_LINE = 1_000_000
SAMPLE_ROWS = 50
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
ENCODINGS = {
    "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252",
}  # fmt: skip
_MARKS = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
#: What stands in no text: its presence shows a file of another kind, or one that was cut.
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_SAYS_ITS_OWN = re.compile(r"sep=(.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Dialect:
    encoding: str
    delimiter: str
    says_so: bool  # in a first line “sep=;”, which Excel reads and nobody sees


def open_csv(path: Path) -> Table:
    """Return the table in a text file; raise Unreadable."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(SAMPLE)
    if not sample.strip():
        raise Unreadable("The file is empty.")
    own = _SAYS_ITS_OWN.fullmatch(sample.splitlines()[0].strip('"'))
    dialect = _Dialect(encoding, own[1] if own else _delimiter(sample), own is not None)
    how = f"CSV, {ENCODINGS[encoding]}, parted by {DELIMITERS.get(dialect.delimiter, f'“{dialect.delimiter}”')}"
    return Table("CSV", how, lambda _remarks: _rows(path, dialect, _remarks))


def _encoding(path: Path) -> str:
    """Return the first encoding in which the whole file is text."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    for encoding in [marked] if marked else [*_unmarked_utf16(start), "utf-8-sig", "cp1252"]:
        if _is_text(path, encoding):
            return encoding
    raise Unreadable(
        "The file is no text in UTF-8, UTF-16 or Windows-1252, so it is no CSV file, or it is damaged. "
        "Export it again, as CSV or as an Excel workbook (.xlsx)."
    )


def _unmarked_utf16(start: bytes) -> list[str]:
    """Return in which order the two bytes of a letter come, where every other byte is nought."""
    half = max(1, len(start) // 2)
    ends = {"utf-16-le": start[1::2].count(0), "utf-16-be": start[0::2].count(0)}
    return [encoding for encoding, noughts in ends.items() if noughts > 0.7 * half]


def _is_text(path: Path, encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        while True:
            some = file.read(1 << 20)
            try:
                text = decoder.decode(some, final=not some)
            except UnicodeDecodeError:
                return False
            if _NOT_TEXT.search(text):
                return False
            if not some:
                return True


def _delimiter(sample: str) -> str:
    """Return what parts the most columns, and the same number of them row after row."""
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    return max(scores, key=lambda delimiter: scores[delimiter])


def _score(sample: str, delimiter: str) -> float:
    widths: list[int] = []
    try:
        for cells in csv.reader(StringIO(sample, newline=""), delimiter=delimiter, strict=True):
            widths.append(len(cells))
            if len(widths) == SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # the sample ends inside a quoted text, or this is not what parts the columns
    # The headings decide: answers may hold what parts the columns of other files.
    return widths[0] * widths.count(widths[0]) / len(widths) if widths and widths[0] > 1 else 0.0


def _rows(path: Path, dialect: _Dialect, _remarks: Remarks) -> Iterator[Row]:
    with path.open(encoding=dialect.encoding, newline="") as stream:
        if dialect.says_so:
            stream.readline()
        reader = csv.reader(_lines(stream), delimiter=dialect.delimiter, strict=True)
        number = int(dialect.says_so)
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                raise Unreadable(_sentence(problem, number)) from None
            yield within_bounds(Row(number, cells))


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Unreadable(
                f"A line of the file has more than {LONGEST_LINE:,} characters. No export of answers has such a line: "
                "check that this is the file you mean."
            )
        yield line


def _sentence(problem: csv.Error, number: int) -> str:
    if "field larger" in str(problem):
        return (
            f"A cell in row {number} has more than {MOST_IN_A_CELL:,} characters. A quotation mark is perhaps never "
            "closed there: export the file again."
        )
    return f"Row {number} breaks the rules of CSV ({problem}). Is a quotation mark never closed? Export it again."
