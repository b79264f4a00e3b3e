"""How is a contents list written so that it is complete before Word has seen the file?

The list is a real TOC field that already holds its entries, each a link to its
heading, with its page number as a PAGEREF field.  Only laying the document out
tells page numbers, so they are written where that was done (``pagination.py``);
otherwise the field is empty and has no dots that would lead to nothing.  Either
way Word works them out when the document is printed, exported or its fields are
updated.  Word can be told to do so at opening, but then asks everybody whether
to trust fields that "may refer to other files", and LibreOffice never does so
inside a contents list; so neither is relied upon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_engine.reports.word_styles import TEXT_WIDTH
from audit_engine.reports.word_text import Place, field_runs, plain_run, styled

DEEPEST = 2
_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    f' TOC \\o "1-{DEEPEST}" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_NO_DOTS = f'<w:tabs><w:tab w:val="right" w:leader="none" w:pos="{TEXT_WIDTH}"/></w:tabs>'
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_GALLERY = (
    '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading as the contents list shows it."""

    text: str
    level: int
    bookmark: str


def contents(entries: Sequence[Entry], pages: Mapping[str, int] | None, place: Place) -> str:
    """Return the contents list; ``pages`` gives measured page numbers by bookmark."""
    listed = [entry for entry in entries if entry.level <= DEEPEST]
    title = styled("TOC Heading", plain_run("Contents"), place)
    if not listed:
        return ""
    last = len(listed) - 1
    lines = "".join(
        _line(entry, (pages or {}).get(entry.bookmark), place, _BEGIN if n == 0 else "", _END if n == last else "")
        for n, entry in enumerate(listed)
    )
    return f"<w:sdt>{_GALLERY}<w:sdtContent>{title}{lines}</w:sdtContent></w:sdt>"


def _line(entry: Entry, page: int | None, place: Place, begin: str, end: str) -> str:
    number = field_runs(f"PAGEREF {entry.bookmark} \\h", "" if page is None else str(page))
    dots = _NO_DOTS if page is None else ""
    link = (
        f'<w:hyperlink w:anchor="{entry.bookmark}" w:history="1">{plain_run(entry.text)}<w:r><w:tab/></w:r>{number}'
        "</w:hyperlink>"
    )
    return styled(f"toc {entry.level}", f"{begin}{link}{end}", place.inside, dots)
