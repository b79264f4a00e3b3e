"""On which page does each heading of a Word document stand?

LibreOffice lays the document out; its PDF has an outline that names the page of
every heading.  Where it is not installed, nobody knows.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from audit_engine.reports.blocks import Document
from audit_engine.reports.word import entries, write_document
from audit_engine.reports.word_contents import Entry

_PROGRAM = "soffice"
_SECONDS = 120
_WITH_OUTLINE = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'
_PAGES = re.compile(rb"/Type/Pages\b.*?/Kids\[([^\]]*)\]", re.DOTALL)
_HEADING = re.compile(rb"/Title<([0-9A-F]+)>\s*/Dest\[(\d+) 0 R")


def measured_pages(document: Document, reference: bytes | None = None) -> Mapping[str, int] | None:
    """Return the page of each heading by bookmark, as LibreOffice breaks pages; None where it cannot be asked.

    The numbers take no room of their own, so they hold for the same document
    written with them.  Word may break a page elsewhere; it corrects the numbers
    when the document is printed.
    """
    if shutil.which(_PROGRAM) is None:
        return None
    unnumbered = io.BytesIO()
    write_document(document, unnumbered, reference)
    laid_out = _laid_out(unnumbered.getvalue())
    return None if laid_out is None else outline_pages(laid_out, entries(document.blocks))


def outline_pages(pdf: bytes, headings: Sequence[Entry]) -> Mapping[str, int] | None:
    """Return the pages that the outline of LibreOffice's PDF names; None unless it has exactly these headings."""
    kids = _PAGES.search(pdf)
    if kids is None:
        return None
    order = [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])]
    found = [(_title(title), int(page)) for title, page in _HEADING.findall(pdf)]
    if [title for title, _ in found] != [heading.text for heading in headings]:
        return None
    return {heading.bookmark: order.index(page) + 1 for heading, (_, page) in zip(headings, found, strict=True)}


def _title(hexadecimal: bytes) -> str:
    return " ".join(bytes.fromhex(hexadecimal.decode()).decode("utf-16").split())


def _laid_out(docx: bytes) -> bytes | None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(docx)
        profile = (Path(folder) / "profile").as_uri()
        command = [_PROGRAM, f"-env:UserInstallation={profile}", "--headless", "--convert-to", _WITH_OUTLINE]
        try:
            subprocess.run(  # noqa: S603 - a fixed program on a file of ours
                [*command, "--outdir", folder, str(source)], check=True, timeout=_SECONDS, capture_output=True
            )
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError):
            return None
