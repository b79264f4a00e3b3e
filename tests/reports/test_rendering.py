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


@pytest.fixture(scope="module")
def words_of_charts(tmp_path_factory: pytest.TempPathFactory, pdftotext: str) -> dict[str, str]:
    """Return the words on the page of each kind of chart; LibreOffice is started once for all."""
    folder = tmp_path_factory.mktemp("charts")
    for kind in KINDS:
        (folder / f"{kind}.docx").write_bytes(written(document(Heading("A"), chart(kind))))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    sources = [str(folder / f"{kind}.docx") for kind in KINDS]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {kind: words(pdftotext, folder / f"{kind}.pdf") for kind in KINDS}


def words(pdftotext: str, file: Path) -> str:
    """Return the words of a PDF."""
    command = [pdftotext, "-layout", str(file), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_whole_report_is_laid_out_and_its_contents_list_is_true() -> None:
    made = report()
    pages = measured_pages(made)
    assert pages is not None
    headings = [block for block in made.blocks if isinstance(block, Heading)]
    assert len(pages) == len(headings)
    assert list(pages.values()) == sorted(pages.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_native_chart_shows_its_names_and_numbers(kind: str, words_of_charts: dict[str, str]) -> None:
    of, shown = chart(kind), words_of_charts[kind]
    for name in (of.axis, of.categories[0].split()[0], of.series[0].name):
        assert name in shown
    largest = max(value for series in of.series for value in series.values if value is not None)
    assert f"{largest:g}" in shown
