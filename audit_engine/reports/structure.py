"""Can a Word document be read by somebody who does not see it?

Faults here are faults of structure, which stop an issue; how people write is
not judged (methods section 14).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from audit_engine.reports.word import LONGEST_ALT
from audit_engine.reports.word_contents import DEEPEST
from audit_engine.reports.word_styles import NAMESPACE
from audit_engine.reports.word_text import LANGUAGE

_W = f"{{{NAMESPACE}}}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CORE = "{http://purl.org/dc/elements/1.1/}"
_LARGEST = 200_000_000
_PARTS = ("word/document.xml", "word/styles.xml", "docProps/core.xml")
_HEADING = re.compile(r"heading ([1-9])$")
_POINTS_TO = re.compile(r"\b(?:PAGEREF|REF)\s+(\S+)")


@dataclass(frozen=True, slots=True)
class StructureFault:
    """What is wrong with a document's structure, where, and what to do."""

    where: str
    sentence: str

    def __str__(self) -> str:
        """Return place and sentence."""
        return f"{self.where}: {self.sentence}"


@dataclass(frozen=True)
class _Opened:
    """A document's parts, and the names of its styles by id, in small letters."""

    body: etree._Element
    styles: etree._Element
    core: etree._Element
    names: dict[str, str]

    def style(self, paragraph: etree._Element) -> str:
        """Return the name of a paragraph's style."""
        found = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self.names.get(_value(found), "normal")


def structure_faults(document: bytes) -> tuple[StructureFault, ...]:
    """Return every fault of structure in a .docx file; () when there is none."""
    try:
        opened = _opened(document)
    except (zipfile.BadZipFile, zlib.error, KeyError, etree.XMLSyntaxError, OSError, RuntimeError):
        return (StructureFault("Document", "It is damaged or not a Word document. Make it again."),)
    return tuple(fault for check in _CHECKS for fault in check(opened))


def _opened(document: bytes) -> _Opened:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        if sum(package.getinfo(name).file_size for name in _PARTS) > _LARGEST:
            raise zipfile.BadZipFile
        roots = [etree.fromstring(package.read(name), parser) for name in _PARTS]
    names = {str(s.get(f"{_W}styleId")): _value(s.find(f"{_W}name")).lower() for s in roots[1].iter(f"{_W}style")}
    return _Opened(roots[0], roots[1], roots[2], names)


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(f"{_W}val", ""))


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(t.text or "") for t in element.iter(f"{_W}t")).split())


def _headings(opened: _Opened) -> Iterator[tuple[int, str]]:
    for paragraph in opened.body.iter(f"{_W}p"):
        level = _HEADING.match(opened.style(paragraph))
        if level:
            yield int(level[1]), _text(paragraph)


def _title_faults(opened: _Opened) -> Iterator[StructureFault]:
    titles = [p for p in opened.body.iter(f"{_W}p") if opened.style(p) == "title" and _text(p)]
    if len(titles) != 1:
        yield StructureFault("Cover", f"There are {len(titles)} titles. Keep one paragraph in the style Title.")
    for name in ("title", "language"):
        found = opened.core.find(f"{_CORE}{name}")
        if found is None or not found.text:
            yield StructureFault("Properties", f"The document has no {name}. Fill it in under File, Info.")


def _heading_faults(opened: _Opened) -> Iterator[StructureFault]:
    before = 0
    for level, words in _headings(opened):
        if not words:
            yield StructureFault("Headings", f"A heading of level {level} is empty. Remove it or give it words.")
        if level > before + 1:
            yield StructureFault(
                f'Heading "{words}"', f"It has level {level} after level {before}. Use level {before + 1}."
            )
        before = level


def _drawing_faults(opened: _Opened) -> Iterator[StructureFault]:
    for drawing in opened.body.iter(f"{_W}drawing"):
        described = drawing.find(f".//{_DRAWING}docPr")
        name = "Drawing" if described is None else str(described.get("name") or "Drawing")
        alt = "" if described is None else str(described.get("descr") or "").strip()
        if not alt:
            yield StructureFault(name, "It has no alternative text. Say in one sentence what it shows.")
        if len(alt) > LONGEST_ALT:
            yield StructureFault(name, f"Its alternative text has {len(alt)} characters. Use {LONGEST_ALT} at most.")
        if drawing.find(f"{_DRAWING}inline") is None:
            yield StructureFault(name, "It floats over the page. Set it in line with the text.")


def _table_faults(opened: _Opened) -> Iterator[StructureFault]:
    for number, table in enumerate(opened.body.iter(f"{_W}tbl"), 1):
        name = _value(table.find(f"{_W}tblPr/{_W}tblCaption"))
        where = f'Table "{name}"' if name else f"Table number {number} of the document"
        if not name:
            yield StructureFault(where, "It has no alternative title. Give it one under Table Properties.")
        rows = table.findall(f"{_W}tr")
        if not rows or rows[0].find(f"{_W}trPr/{_W}tblHeader") is None:
            yield StructureFault(where, "Its first row is no header row. Repeat it as header row.")
        if any(row.find(f"{_W}trPr/{_W}cantSplit") is None for row in rows):
            yield StructureFault(where, "A row may break across pages. Forbid it under Table Properties, Row.")
        if next(table.iter(f"{_W}gridSpan", f"{_W}vMerge", f"{_W}hMerge"), None) is not None:
            yield StructureFault(where, "It has merged cells. Split them and repeat the words.")
        if next(table.iterdescendants(f"{_W}tbl"), None) is not None:
            yield StructureFault(where, "It has a table inside a cell. Take it out.")
        yield from _cell_faults(where, rows)


def _cell_faults(where: str, rows: list[etree._Element]) -> Iterator[StructureFault]:
    widths = {len(row.findall(f"{_W}tc")) for row in rows}
    if len(widths) > 1:
        yield StructureFault(where, "Its rows have different numbers of cells. Give each row the same.")
    for number, row in enumerate(rows, 1):
        blank = [n for n, cell in enumerate(row.findall(f"{_W}tc"), 1) if not _text(cell)]
        if blank:
            yield StructureFault(f"{where}, row {number}", f"Cell {blank[0]} is blank. Write 0, [z] or [x].")


def _language_faults(opened: _Opened) -> Iterator[StructureFault]:
    default = opened.styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang")
    if _value(default) != LANGUAGE:
        yield StructureFault("Styles", f"The language of the document's text is not {LANGUAGE}. Set it for all styles.")
    other = {_value(lang) for lang in opened.body.iter(f"{_W}lang")} - {LANGUAGE}
    if other:
        yield StructureFault("Text", f"Some text is marked as {', '.join(sorted(other))}. Mark it as {LANGUAGE}.")
    for run in opened.body.iter(f"{_W}r"):
        if run.find(f"{_W}t") is not None and run.find(f"{_W}rPr/{_W}lang") is None:
            yield StructureFault(f'Text "{_text(run)[:40]}"', f"It has no language. Mark it as {LANGUAGE}.")


def _contents_faults(opened: _Opened) -> Iterator[StructureFault]:
    wanted = [words for level, words in _headings(opened) if level <= DEEPEST]
    listed = []
    for paragraph in opened.body.iter(f"{_W}p"):
        if opened.style(paragraph).startswith("toc ") and opened.style(paragraph) != "toc heading":
            link = paragraph.find(f"{_W}hyperlink/{_W}r/{_W}t")
            listed.append(" ".join(str(link.text or "").split()) if link is not None else _text(paragraph))
    if wanted != listed:
        missing = next((words for words in wanted if words not in listed), "the order of the headings")
        yield StructureFault("Contents list", f'It does not show "{missing}". Update the list.')


def _link_faults(opened: _Opened) -> Iterator[StructureFault]:
    marked = {str(mark.get(f"{_W}name")) for mark in opened.body.iter(f"{_W}bookmarkStart")}
    aimed = {str(link.get(f"{_W}anchor")) for link in opened.body.iter(f"{_W}hyperlink") if link.get(f"{_W}anchor")}
    for instruction in opened.body.iter(f"{_W}instrText"):
        aimed.update(_POINTS_TO.findall(instruction.text or ""))
    for name in sorted(aimed - marked):
        yield StructureFault("Links", f'A reference leads to "{name}", which is not there. Remove the reference.')


_CHECKS: tuple[Callable[[_Opened], Iterator[StructureFault]], ...] = (
    _title_faults,
    _heading_faults,
    _drawing_faults,
    _table_faults,
    _language_faults,
    _contents_faults,
    _link_faults,
)
