"""How is a sheet of an Excel workbook read as a table, row by row?

Values only: a formula gives the value that was worked out when the file was
saved.  Days come as 2026-09-14.  Nothing is unpacked to disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from audit_engine.exchange.markup import DAMAGED, Part, elements, local, too_large
from audit_engine.exchange.outside import (
    FORMULAS,
    HIDDEN_COLUMNS,
    HIDDEN_ROWS,
    MERGED,
    MOST_COLUMNS,
    MOST_IN_A_CELL,
    Remarks,
    Row,
    Table,
    Unreadable,
    within_bounds,
)

MOST_PARTS = 5_000
MOST_SMALL_PART, MOST_WORDS, MOST_SHEET = 20_000_000, 60_000_000, 400_000_000
#: How much smaller than itself a part may be packed, where it is large; sheets of answers reach thirty times.
MOST_PACKED, LARGE = 200, 10_000_000
HEADINGS = 3  # merged cells further up are headings over several columns, which is usual
_DAY_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Book:
    """What every sheet of a workbook shares."""

    sheets: tuple[_Sheet, ...]
    words: Sequence[str]
    day_styles: frozenset[int]
    epoch: datetime


def open_workbook(path: Path, sheet: str = "") -> Table:
    """Return the table in a sheet (''; the first that is not hidden); raise Unreadable."""
    with _opened(path) as archive:
        book = _book(archive)
    chosen = _chosen(book.sheets, sheet)
    notes = tuple(_not_read(other) for other in book.sheets if other is not chosen)
    return Table("XLSX", f"Excel, sheet “{chosen.name}”", lambda found: _rows(path, book, chosen, found), notes)


def _not_read(sheet: _Sheet) -> str:
    return f"The {'hidden ' if sheet.hidden else ''}sheet “{sheet.name}” was not read."


def _opened(path: Path) -> ZipFile:
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError, ValueError) as problem:
        raise Unreadable(DAMAGED.format(why=problem)) from None
    try:
        _refuse_bombs(archive)
    except Unreadable:
        archive.close()
        raise
    return archive


def _refuse_bombs(archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Unreadable(f"The workbook has {len(parts):,} parts inside; none of answers has more than {MOST_PARTS:,}.")
    for part in parts:
        if part.file_size > MOST_SHEET:
            raise Unreadable(too_large(part.filename, MOST_SHEET))
        if part.file_size > LARGE and part.file_size > MOST_PACKED * max(1, part.compress_size):
            raise Unreadable(
                f"The workbook's part “{part.filename[:60]}” is packed to less than 1/{MOST_PACKED} of its size, as "
                "only files made to do harm are. If it is yours, save it as CSV UTF-8 and bring in that file."
            )


def _book(archive: ZipFile) -> _Book:
    where = _target(archive, "_rels/.rels", "", "officeDocument") or "xl/workbook.xml"
    names = set(archive.namelist())
    if where not in names:
        kind = "an OpenDocument file" if "content.xml" in names else "a packed file of another kind"
        raise Unreadable(f"This is {kind}. Save it as an Excel workbook (.xlsx) or as CSV UTF-8.")
    found = elements(archive, where, MOST_SMALL_PART)
    links = _relations(archive, where)
    sheets = tuple(
        _Sheet(a.get("name", "")[:100], links[a["id"]], a.get("state", "visible") != "visible")
        for tag, a in found
        if tag == "sheet" and a.get("id") in links and links[a["id"]] in names
    )
    properties: dict[str, str] = next((a for tag, a in found if tag == "workbookPr"), {})
    folder = PurePosixPath(where).parent
    strings, styles = str(folder / "sharedStrings.xml"), str(folder / "styles.xml")
    return _Book(
        sheets,
        _shared_words(archive, strings) if strings in names else (),
        _day_styles(elements(archive, styles, MOST_SMALL_PART)) if styles in names else frozenset(),
        _EPOCHS[properties.get("date1904", "0") in ("1", "true")],
    )


def _target(archive: ZipFile, relations: str, folder: str, kind: str) -> str:
    if relations not in archive.namelist():
        return ""
    found = elements(archive, relations, MOST_SMALL_PART)
    return next((_joined(folder, a.get("Target", "")) for _, a in found if a.get("Type", "").endswith(f"/{kind}")), "")


def _relations(archive: ZipFile, part: str) -> dict[str, str]:
    """Return the parts that a part names by relation; those outside the file are left out."""
    path = PurePosixPath(part)
    relations = str(path.parent / "_rels" / f"{path.name}.rels")
    found = elements(archive, relations, MOST_SMALL_PART) if relations in archive.namelist() else []
    inside = (a for tag, a in found if tag == "Relationship" and a.get("TargetMode") != "External")
    return {a.get("Id", ""): _joined(str(path.parent), a.get("Target", "")) for a in inside}


def _joined(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath(folder) / target)


def _chosen(sheets: Sequence[_Sheet], wanted: str) -> _Sheet:
    if not sheets:
        raise Unreadable("The workbook has no sheet with cells.")
    if not wanted:
        return next((s for s in sheets if not s.hidden), sheets[0])
    found = next((s for s in sheets if s.name.casefold() == wanted.strip().casefold()), None)
    if found is None:
        there = ", ".join(f"“{s.name}”" for s in sheets[:20])
        raise Unreadable(f"The workbook has no sheet called “{wanted[:60]}”. It has {there}.")
    return found


def _day_styles(found: list[tuple[str, dict[str, str]]]) -> frozenset[int]:
    """Return the numbers of the styles that show a number as a day or an hour."""
    codes = {int(a.get("numFmtId", 0)): a.get("formatCode", "") for tag, a in found if tag == "numFmt"}
    days = _DAY_FORMATS - set(codes) | {n for n, code in codes.items() if re.search("[dmyhs]", _NOT_CODE.sub("", code))}
    tags = [tag for tag, _ in found]
    start = tags.index("cellXfs") + 1 if "cellXfs" in tags else len(tags)
    end = next((n for n in range(start, len(tags)) if tags[n] in ("cellStyles", "dxfs")), len(tags))
    styles = [a for tag, a in found[start:end] if tag == "xf"]
    return frozenset(n for n, a in enumerate(styles) if int(a.get("numFmtId", 0)) in days)


def _shared_words(archive: ZipFile, name: str) -> list[str]:
    """Return the words that cells point to; readings in phonetic script are left out."""
    words: list[str] = []
    pieces: list[str] = []
    aside = False
    wanted = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal aside, wanted
        tag = local(tag)
        aside = aside or tag == "rPh"
        wanted = tag == "t" and not aside

    def end(tag: str) -> None:
        nonlocal aside, wanted
        tag, wanted = local(tag), False
        if tag == "rPh":
            aside = False
        elif tag == "si":
            words.append(_unescaped("".join(pieces)))
            pieces.clear()

    part = Part(archive, name, MOST_WORDS)
    part.parser.StartElementHandler, part.parser.EndElementHandler = start, end
    part.parser.CharacterDataHandler = lambda text: pieces.append(text) if wanted else None
    for _ in part.feed():
        pass
    return words


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _rows(path: Path, book: _Book, sheet: _Sheet, found: Remarks) -> Iterator[Row]:
    with _opened(path) as archive:
        reader = _SheetReader(book, found)
        part = Part(archive, sheet.part, MOST_SHEET)
        part.parser.StartElementHandler, part.parser.EndElementHandler = reader.start, reader.end
        part.parser.CharacterDataHandler = reader.text
        for _ in part.feed():
            yield from reader.take()


class _SheetReader:
    """Hears the elements of a sheet and makes rows of them."""

    def __init__(self, book: _Book, found: Remarks) -> None:
        self.words, self.day_styles, self.epoch, self.found = book.words, book.day_styles, book.epoch, found
        self.prefix = ""
        self.places: dict[str, int] = {}
        self.ready: list[Row] = []
        self.number = 0
        self.cells: list[str] = []
        self.position = 0
        self.kind = self.style = ""
        self.pieces: list[str] = []
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
                position = self.places.get(letters)
                self.position = self._place(letters, place) if position is None else position
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.pieces = []
        elif tag == "v" or tag == "t":
            self.wanted = not self.aside
        else:
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._start_row(attributes)
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

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        self.number = int(given) if given.isdigit() and len(given) < 9 else self.number + 1
        self.cells, self.position = [], 0
        if attributes.get("hidden") in ("1", "true"):
            self.found[HIDDEN_ROWS] += 1

    def _place(self, letters: str, place: str) -> int:
        """Return the column of C5, from 0."""
        position = 0
        for letter in letters if letters.isascii() and letters.isupper() and len(letters) <= 3 else "":
            position = position * 26 + ord(letter) - 64
        if not 0 < position <= MOST_COLUMNS:
            raise Unreadable(
                f"There is a cell at {place[:12]}; at most {MOST_COLUMNS:,} columns are read. Delete what lies outside "
                "the answers, or copy the answers to a new workbook."
            )
        self.places[letters] = position - 1
        return position - 1

    def text(self, text: str) -> None:
        """Hear characters."""
        if self.wanted:
            self.pieces.append(text)  # expat hands over no more than 8,192 characters at once
            if len(self.pieces) > MOST_IN_A_CELL // 8_192:
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
            cells, pieces = self.cells, self.pieces
            value = self._value(pieces[0] if len(pieces) == 1 else "".join(pieces)) if pieces else ""
            missing = self.position - len(cells)
            if missing > 0:
                cells.extend([""] * missing)
            if missing >= 0:
                cells.append(value)
            self.position += 1
        elif tag == "row":
            self.ready.append(within_bounds(Row(self.number, self.cells)))
        elif tag == "rPh":
            self.aside = False

    def _value(self, raw: str) -> str:
        if self.kind == "s":
            try:
                return self.words[int(raw)]
            except (IndexError, ValueError):
                raise Unreadable(DAMAGED.format(why=f"row {self.number} points to words that are not there")) from None
        if self.kind == "n":
            return self._number(raw)
        if self.kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return _unescaped(raw)

    def _number(self, raw: str) -> str:
        is_day = self.style.isdigit() and int(self.style) in self.day_styles
        if not is_day and _WHOLE.fullmatch(raw):
            return raw
        try:
            number = float(raw)
        except ValueError:
            return raw
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
