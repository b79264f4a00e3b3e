"""Are page numbers taken from a layout, and from nothing else?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.reports.pagination import measured_pages, outline_pages
from audit_engine.reports.word_contents import Entry
from tests.reports.samples import document

HEADINGS = (Entry("Summary", 1, "_Toc000000"), Entry("Café", 2, "_Toc000001"))


def outline(*titles: tuple[str, int]) -> bytes:
    """The parts of LibreOffice's PDF that matter here; its pages are the objects 4, 7 and 1."""
    items = "".join(
        f"<</Count 0/Title<{title.encode('utf-16').hex().upper()}>\n/Dest[{page} 0 R/XYZ 56.7 700 0]>>\n"
        for title, page in titles
    )
    return f"%PDF-1.7\n{items}<</Type/Pages\n/Kids[ 4 0 R 7 0 R 1 0 R ]>>\n/Title<FEFF0041>\n".encode()


def test_the_page_of_a_heading_is_the_place_of_its_page_in_the_file() -> None:
    assert outline_pages(outline(("Summary", 7), ("Café", 1)), HEADINGS) == {"_Toc000000": 2, "_Toc000001": 3}


@pytest.mark.parametrize("pdf", [b"", outline(("Summary", 7)), outline(("Summary", 7), ("Other", 1))])
def test_an_outline_of_other_headings_gives_no_numbers_at_all(pdf: bytes) -> None:
    assert outline_pages(pdf, HEADINGS) is None


def test_without_libreoffice_nobody_knows_the_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert measured_pages(document()) is None


@pytest.mark.word
@pytest.mark.usefixtures("libreoffice")
def test_libreoffice_tells_the_page_of_every_heading() -> None:
    pages = measured_pages(document())
    assert pages is not None
    assert list(pages.values()) == sorted(pages.values())
    assert min(pages.values()) == 3  # cover and contents come before
