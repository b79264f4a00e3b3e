"""How does a document of blocks become a Word file?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from textwrap import shorten
from typing import Any, BinaryIO

from lxml import etree

from audit_engine.reports.blocks import Block, BulletList, Chart, Document, Heading, PageBreak, Paragraph, Table
from audit_engine.reports.references import heading_bookmark, numbered, reference
from audit_engine.reports.word_charts import WIDTH, chart_part
from audit_engine.reports.word_contents import Entry, contents
from audit_engine.reports.word_cover import cover, footer, header
from audit_engine.reports.word_package import WordPackage
from audit_engine.reports.word_reference import Look, look_of, own_look
from audit_engine.reports.word_styles import BULLETS, NAMESPACE, numbering_xml, settings_xml
from audit_engine.reports.word_tables import table
from audit_engine.reports.word_text import Place, bullet_list, caption, heading, paragraph, plain_run, styled
from audit_engine.reports.xml_text import clean, escaped, one_line

LONGEST_ALT = 250
_A = "http://schemas.openxmlformats.org/drawingml/2006"
_NAMESPACES = (
    f'xmlns:w="{NAMESPACE}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    f' xmlns:wp="{_A}/wordprocessingDrawing" xmlns:a="{_A}/main" xmlns:c="{_A}/chart"'
)
_PAGE = (  # A4, margins of 2 cm, in twentieths of a point
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1134" w:bottom="1134" w:left="1134"'
    ' w:header="567" w:footer="510" w:gutter="0"/>'
)


def write_document(
    document: Document,
    out: BinaryIO,
    reference: bytes | None = None,
    pages: Mapping[str, int] | None = None,
) -> None:
    """Write the document as .docx.

    ``reference`` is a .docx whose styles are used; raises UnusableReference.
    ``pages`` gives the page numbers of the contents list by bookmark, as
    ``pagination.measured_pages`` finds them.  Raises UnknownReference,
    RepeatedIdentifier, MisshapenTable or UndrawableChart where the blocks do not
    fit together.
    """
    look = own_look() if reference is None else look_of(reference)
    package = WordPackage()
    places = tuple(_places(document.blocks, look, package))
    start = Place(look.ids, {}, 0)
    front = contents(entries(document.blocks), pages, replace(start, breaks=True))
    body = "".join(_WRITERS[type(block)](block, place) for block, place in places)
    _add_looks(package, look, [place.list_number for _, place in places if place.list_number > BULLETS])
    package.set_document(
        _checked(
            f"<w:document {_NAMESPACES}><w:body>{cover(document, start)}{front}{body}"
            f"<w:sectPr>{_edges(document, package, start)}{_PAGE}</w:sectPr></w:body></w:document>"
        )
    )
    package.set_properties(document, datetime.now(UTC))
    package.save(out)


def entries(blocks: Sequence[Block]) -> tuple[Entry, ...]:
    """Return the headings with their bookmarks, in order."""
    return tuple(
        Entry(one_line(block.text), block.level, heading_bookmark(place))
        for place, block in enumerate(blocks)
        if isinstance(block, Heading)
    )


def _places(blocks: Sequence[Block], look: Look, package: WordPackage) -> Iterator[tuple[Block, Place]]:
    """Yield the blocks that are written with their places; the first starts a page, after the contents list."""
    references, breaks, lists, close = numbered(blocks), True, BULLETS, False
    for number, block in enumerate(blocks):
        if isinstance(block, PageBreak):
            breaks = True
            continue
        place = Place(
            look.ids, references, number, breaks,
            close=close and isinstance(block, Paragraph | BulletList),
            stays=_leads(block, next(iter(blocks[number + 1 : number + 2]), None)),
        )  # fmt: skip
        if isinstance(block, Chart):
            part = chart_part(block)
            place = replace(place, relation=package.add_chart(part), height=part.height)
        elif isinstance(block, BulletList):
            lists += block.numbered
            place = replace(place, list_number=lists if block.numbered else BULLETS)
        yield block, place
        breaks, close = False, isinstance(block, Table) and not block.notes


def _leads(block: Block, following: Block | None) -> bool:
    """Tell whether a block makes no sense without what follows: before a table, a chart, or after a colon a list."""
    if isinstance(following, BulletList):
        return isinstance(block, Paragraph) and "".join(run.text for run in block.runs).rstrip().endswith(":")
    return isinstance(following, Table | Chart)


def chart(block: Chart, place: Place) -> str:
    """Return the drawing, its caption below and what was counted."""
    target = reference(place.references, block.id)
    twin = reference(place.references, block.table).label if block.table else ""
    data = f" Data in {twin}." if twin else ""
    alt = escaped(f"{shorten(clean(block.alt), LONGEST_ALT - len(data), placeholder='...')}{data}")
    drawing = (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{WIDTH}"'
        f' cy="{place.height}"/><wp:docPr id="{place.number + 1}" name="{target.label}" descr="{alt}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_A}/chart"><c:chart r:id="{place.relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    below = (
        f"Base: {block.base.rstrip('.')}." if block.base else "",
        f"Source: {block.source.rstrip('.')}." if block.source else "",
        f"The numbers are in {twin}." if twin else "",
    )
    note = " ".join(words for words in below if words)
    return (
        styled("Chart", drawing, place, "<w:keepNext/>")
        + caption(target, block.caption, place.inside, stays=bool(note))
        + (styled("Note", plain_run(note), place.inside) if note else "")
    )


_WRITERS: Mapping[type, Callable[[Any, Place], str]] = {
    Heading: heading,
    Paragraph: paragraph,
    BulletList: bullet_list,
    Table: table,
    Chart: chart,
}


def _checked(xml: str) -> str:
    """Return the XML; raises XMLSyntaxError rather than let a file out that does not open."""
    etree.fromstring(xml)
    return xml


def _edges(document: Document, package: WordPackage, place: Place) -> str:
    """Add header and footer; return what the page properties say of them."""
    head = package.add_text("header1", "header", f"<w:hdr {_NAMESPACES}>{header(document, place)}</w:hdr>")
    foot = package.add_text("footer1", "footer", f"<w:ftr {_NAMESPACES}>{footer(document, place)}</w:ftr>")
    return f'<w:headerReference w:type="default" r:id="{head}"/><w:footerReference w:type="default" r:id="{foot}"/>'


def _add_looks(package: WordPackage, look: Look, numbered_lists: Sequence[int]) -> None:
    package.add_text("styles", "styles", etree.tostring(look.styles, encoding="unicode"))
    package.add_text("numbering", "numbering", numbering_xml(numbered_lists))
    package.add_text("settings", "settings", settings_xml())
    if look.theme is not None:
        package.add_theme(look.theme)
