"""Does LibreOffice lay out the report, its charts included?"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from audit_engine.reports.blocks import Heading
from audit_engine.reports.pagination import measured_pages
from tests.reports.samples import KINDS, chart, document, written
from tests.reports.test_documents import report

pytestmark = [pytest.mark.word, pytest.mark.usefixtures("libreoffice")]


def laid_out(made: bytes, folder: Path) -> bytes:
    source = folder / "made.docx"
    source.write_bytes(made)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(".pdf").read_bytes()


def test_the_whole_report_is_laid_out_and_its_contents_list_is_true() -> None:
    made = report()
    pages = measured_pages(made)
    assert pages is not None
    headings = [block for block in made.blocks if isinstance(block, Heading)]
    assert len(pages) == len(headings)
    assert list(pages.values()) == sorted(pages.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_native_chart_shows_its_names_and_numbers(kind: str, tmp_path: Path, pdftotext: str) -> None:
    of = chart(kind)
    (tmp_path / "chart.pdf").write_bytes(laid_out(written(document(Heading("A"), of)), tmp_path))
    shown = subprocess.run(
        [pdftotext, "-layout", str(tmp_path / "chart.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    for words in (of.axis, of.categories[0].split()[0], of.series[0].name):
        assert words in shown
    largest = max(value for series in of.series for value in series.values if value is not None)
    assert f"{largest:g}" in shown
