"""How is text written in WordprocessingML: runs, paragraphs, fields, bookmarks, lists?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit_engine.reports.blocks import BulletList, Heading, Paragraph, Run
from audit_engine.reports.references import Reference, heading_bookmark, reference
from audit_engine.reports.xml_text import escaped

LANGUAGE = "en-GB"
_PLAIN = f'<w:rPr><w:lang w:val="{LANGUAGE}"/></w:rPr>'
_BOLD = f'<w:rPr><w:b/><w:lang w:val="{LANGUAGE}"/></w:rPr>'

_ROOM_ABOVE = '<w:spacing w:before="240"/>'
_ROOM_BELOW = '<w:spacing w:after="200"/>'

HEADING_STYLES = {1: "heading 1", 2: "heading 2", 3: "heading 3"}
PARAGRAPH_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note", "quote": "Quote", "warning": "Warning"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document a block is written.

    ``styles`` maps style names to the ids of this document, ``number`` is the
    block's place among the blocks, ``breaks`` says that it starts a page,
    ``relation`` and ``height`` are those of a chart's part and ``list_number``
    is that of a list.  ``close`` says that a table without notes stands above,
    which has no room of its own below it; ``stays`` keeps a paragraph on the
    page of the table or chart that it introduces.
    """

    styles: Mapping[str, str]
    references: Mapping[str, Reference]
    number: int
    breaks: bool = False
    relation: str = ""
    height: int = 0
    list_number: int = 0
    close: bool = False
    stays: bool = False

    @property
    def inside(self) -> Place:
        """Return the place of what follows within the same block: no page break of its own."""
        return Place(self.styles, self.references, self.number)


def run_text(text: str) -> str:
    """Return the content of a run: its text, with line breaks where the text has them."""
    lines = escaped(text).replace("\t", " ").split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)


def plain_run(text: str, bold: bool = False) -> str:
    """Return a run of text in the document's language."""
    return f"<w:r>{_BOLD if bold else _PLAIN}{run_text(text)}</w:r>"


def field_runs(instruction: str, result: str, bold: bool = False) -> str:
    """Return a field with the result that is shown until Word works it out again; "" shows nothing."""
    look = _BOLD if bold else _PLAIN
    shown = plain_run(result, bold) if result else ""
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>{shown}'
        f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def run(value: Run, place: Place) -> str:
    """Return a run; a reference becomes a field that leads to its table or figure."""
    if value.ref:
        target = reference(place.references, value.ref)
        return field_runs(f"REF {target.bookmark} \\h", target.label, value.bold)
    if not value.quoted:
        return plain_run(value.text, value.bold)
    look = f'<w:rStyle w:val="{place.styles["Organisation Text"]}"/>{"<w:b/>" if value.bold else ""}'
    return f'<w:r><w:rPr>{look}<w:lang w:val="{LANGUAGE}"/></w:rPr>{run_text(value.text)}</w:r>'


def runs(values: Iterable[Run], place: Place) -> str:
    """Return runs one after the other."""
    return "".join(run(value, place) for value in values)


def styled(style: str, inner: str, place: Place, properties: str = "") -> str:
    """Return a paragraph of a style given by name.

    ``properties`` are further paragraph properties in the order of the schema,
    from ``w:keepNext`` to the tabs; page break and room above are added here.
    """
    breaks = "<w:pageBreakBefore/>" if place.breaks else ""
    if place.close and "<w:spacing" not in properties:
        properties += _ROOM_ABOVE
    if breaks and properties.startswith("<w:keepNext/>"):
        breaks, properties = f"<w:keepNext/>{breaks}", properties.removeprefix("<w:keepNext/>")
    return f'<w:p><w:pPr><w:pStyle w:val="{place.styles[style]}"/>{breaks}{properties}</w:pPr>{inner}</w:p>'


def bookmarked(number: int, name: str, inner: str) -> str:
    """Return the runs inside a bookmark; ``number`` is unique among the document's bookmarks."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'


def caption(target: Reference, words: str, place: Place, stays: bool = True) -> str:
    """Return a caption that counts by itself; ``stays`` keeps it on the page of what follows."""
    label = plain_run(f"{target.word} ") + field_runs(f"SEQ {target.word} \\* ARABIC", str(target.number))
    inner = bookmarked(place.number, target.bookmark, label) + plain_run(f": {words}")
    return styled("caption", inner, place, "<w:keepNext/>" if stays else "")


def heading(block: Heading, place: Place) -> str:
    """Return a heading with the bookmark that the contents list leads to."""
    inner = bookmarked(place.number, heading_bookmark(place.number), plain_run(block.text))
    return styled(HEADING_STYLES[block.level], inner, place)


def paragraph(block: Paragraph, place: Place) -> str:
    """Return a paragraph."""
    keep = "<w:keepNext/>" if place.stays else ""
    return styled(PARAGRAPH_STYLES[block.style], runs(block.runs, place), place, keep)


def bullet_list(block: BulletList, place: Place) -> str:
    """Return a real list; a numbered one starts at one."""
    style = "List Number" if block.numbered else "List Bullet"
    numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{place.list_number}"/></w:numPr>'
    last = len(block.items) - 1
    return "".join(
        styled(style, runs(item, place), place.inside if n else place, numbering + (_ROOM_BELOW if n == last else ""))
        for n, item in enumerate(block.items)
    )
