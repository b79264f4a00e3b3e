"""How is a sheet of an Excel workbook read as a table, row by row?

Values only: a formula gives the value that was worked out when the file was
saved.  Days come as 2026-09-14.  Nothing is unpacked to disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from audit_engine.exchange.markup import DAMAGED, Part, elements, local, too_large
from audit_engine.exchange.outside import Remarks, Row, Table, Unreadable
from audit_engine.exchange.plain_rows import PlainRows
from audit_engine.exchange.sheet import SheetReader, Styles, unescaped

MOST_PARTS = 5_000
MOST_SMALL_PART, MOST_WORDS, MOST_SHEET = 20_000_000, 60_000_000, 400_000_000
#: How much smaller than itself a part may be packed, where it is large; sheets of answers reach thirty times.
MOST_PACKED, LARGE = 200, 10_000_000
_DAY_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_FORMATS = frozenset({9, 10})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
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
    styles: Styles
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
        _styles(elements(archive, styles, MOST_SMALL_PART)) if styles in names else Styles(),
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


def _styles(found: list[tuple[str, dict[str, str]]]) -> Styles:
    """Return which styles show a number as a day or an hour, and which as a percentage."""
    codes = {int(a.get("numFmtId", 0)): _NOT_CODE.sub("", a.get("formatCode", "")) for t, a in found if t == "numFmt"}
    percents = _PERCENT_FORMATS - set(codes) | {n for n, code in codes.items() if "%" in code}
    days = _DAY_FORMATS - set(codes) | {n for n, code in codes.items() if re.search("[dmyhs]", code)}
    tags = [tag for tag, _ in found]
    start = tags.index("cellXfs") + 1 if "cellXfs" in tags else len(tags)
    end = next((n for n in range(start, len(tags)) if tags[n] in ("cellStyles", "dxfs")), len(tags))
    formats = [int(a.get("numFmtId", 0)) for tag, a in found[start:end] if tag == "xf"]
    return Styles(
        frozenset(str(n) for n, one in enumerate(formats) if one in days),
        frozenset(str(n) for n, one in enumerate(formats) if one in percents - days),
    )


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
            words.append(unescaped("".join(pieces)))
            pieces.clear()

    part = Part(archive, name, MOST_WORDS)
    part.parser.StartElementHandler, part.parser.EndElementHandler = start, end
    part.parser.CharacterDataHandler = lambda text: pieces.append(text) if wanted else None
    for _ in part.feed():
        pass
    return words


def _rows(path: Path, book: _Book, sheet: _Sheet, found: Remarks) -> Iterator[Row]:
    with _opened(path) as archive:
        reader = SheetReader(book.words, book.styles, book.epoch, found)
        part = Part(archive, sheet.part, MOST_SHEET)
        part.parser.StartElementHandler, part.parser.EndElementHandler = reader.start, reader.end
        part.parser.CharacterDataHandler = reader.text
        for _ in part.feed(PlainRows(reader, part.parse)):
            yield from reader.take()
