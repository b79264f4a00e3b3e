"""Does the analysis report say only what its figures and tables hold?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from audit_engine.analysis.rounding import in_words, percent_text
from audit_engine.analysis.wording import BANNED
from audit_engine.reports import sections, wording
from audit_engine.reports.blocks import BulletList, Chart, Document, Heading, PageBreak, Paragraph, Run, Table
from audit_engine.reports.documents import analysis_report
from audit_engine.reports.palette import number_text
from audit_engine.reports.sections import ANALYSIS
from audit_engine.reports.structure import structure_faults
from tests.reports.invented import findings
from tests.reports.samples import written

MADE = datetime(2027, 1, 15, 14, 2)
CASES = [(24, 11, True), (24, 11, False), (1, 2, True), (7, 3, True), (45, 1, False)]


def report(organisations: int = 24, seed: int = 11, compared: bool = True) -> Document:
    found = findings(organisations, seed, compared)
    return analysis_report(found, organisation="Invented partnership", made_at=MADE, invented=True)


def runs(document: Document) -> Iterator[Run]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from block.runs
        elif isinstance(block, BulletList):
            yield from (run for item in block.items for run in item)


def tables(document: Document) -> dict[str, Table]:
    return {block.id: block for block in document.blocks if isinstance(block, Table)}


def charts(document: Document) -> list[Chart]:
    return [block for block in document.blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("case", CASES)
def test_the_report_has_no_fault_of_structure(case: tuple[int, int, bool]) -> None:
    assert structure_faults(written(report(*case))) == ()


@pytest.mark.parametrize("case", CASES)
def test_every_number_in_a_sentence_is_a_registered_figure(case: tuple[int, int, bool]) -> None:
    register = findings(*case).register
    for run in runs(report(*case)):
        if run.figure:
            figure = register[run.figure]
            printed = {figure.text, figure.text.removeprefix("+").removeprefix("−")}
            if isinstance(figure.value, int):
                printed.add(in_words(figure.value))
            assert run.text.lower() in {text.lower() for text in printed}
        elif not run.quoted:
            assert not re.search(r"\d", run.text), run.text


@pytest.mark.parametrize("case", CASES)
def test_a_number_in_a_sentence_stands_in_a_table_too(case: tuple[int, int, bool]) -> None:
    document, register = report(*case), findings(*case).register
    cells = {cell.text.lstrip("+−") for table in tables(document).values() for row in table.rows for cell in row}
    printed = (register[run.figure] for run in runs(document) if run.figure)
    counted = (figure for figure in printed if figure.kind in ("count", "change"))
    assert not [figure.id for figure in counted if figure.text.lstrip("+−") not in cells]


@pytest.mark.parametrize("case", CASES)
def test_a_charts_numbers_stand_in_the_column_of_its_table(case: tuple[int, int, bool]) -> None:
    document = report(*case)
    for chart in charts(document):
        table = tables(document)[chart.table]
        lines = {row[0].text: row for row in table.rows}
        for series in chart.series:
            drawn = [number_text(value) for value in series.values]
            columns = [n for n, heading in enumerate(table.columns) if series.name in heading]
            found = [[lines[category][n].text for category in chart.categories] for n in columns]
            assert drawn in found, (chart.id, series.name)


@pytest.mark.parametrize("case", CASES)
def test_every_table_and_chart_is_introduced_before_it_stands(case: tuple[int, int, bool]) -> None:
    named: set[str] = set()
    for block in report(*case).blocks:
        if isinstance(block, Paragraph):
            named |= {run.ref for run in block.runs if run.ref}
        elif isinstance(block, Table | Chart):
            assert block.id in named


@pytest.mark.parametrize("case", CASES)
def test_alternative_text_leaves_room_for_the_number_of_the_table(case: tuple[int, int, bool]) -> None:
    assert all(0 < len(chart.alt) <= 250 - len(" Data in Table 00.") for chart in charts(report(*case)))


def test_numbers_in_alternative_text_are_the_charts_own() -> None:
    document = report()
    for chart in charts(document):
        held = {number_text(value) for series in chart.series for value in series.values}
        held |= {str(len(chart.categories))} | set(re.findall(r"[\d.]+", " ".join(chart.categories)))
        held |= {name for series in chart.series for name in re.findall(r"\d+", series.name)}
        held |= {cell.text for row in tables(document)[chart.table].rows for cell in row}
        held |= {cell.text.lstrip("+−") for row in tables(document)[chart.table].rows for cell in row}
        said = re.findall(r"\d[\d,.%]*", re.sub(r"\b[A-Z]{2}\.\d+", "", chart.alt))
        loose = [number.rstrip(".,") for number in said if number.rstrip(".,") not in held]
        assert not [n for n in loose if not n.endswith("%") and not _from_counts(int(n.replace(",", "")), chart)]


def _from_counts(number: int, chart: Chart) -> bool:
    """Whether a number is a base (a line's sum without blanks) or how many lines have no shortfall."""
    sums = {sum(int(s.values[n] or 0) for s in part) for n in range(len(chart.categories))
            for part in (chart.series, chart.series[:3], chart.series[:2])}  # fmt: skip
    return number in sums or number <= len(chart.categories)


def test_the_report_has_the_sections_of_the_method_in_their_order() -> None:
    headings = [block.text for block in report().blocks if isinstance(block, Heading) and block.level == 1]
    assert headings == [
        "Summary",
        "About this audit",
        "Who took part",
        "Overall picture",
        "Findings by standard",
        "Change since last time",
        "Strategic plan measures",
        "What staff told us",
        "Panel review",
        "Method and limits",
        "Annex A: criteria in full",
        "Annex B: how criteria changed",
        "Annex C: stability checks",
    ]


def test_every_standard_has_a_part_with_its_table_and_chart() -> None:
    document, found = report(), findings()
    parts = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2]
    for standard in found.standards:
        assert standard.title in parts
        assert len(tables(document)[f"criteria-{standard.id}"].rows) == len(standard.criteria)
        assert f"criteria-chart-{standard.id}" in {chart.id for chart in charts(document)}


def test_grades_go_from_good_to_bad_and_end_with_the_share_met() -> None:
    table = tables(report())["grades"]
    assert table.columns == (
        "Standard", "Graded", "Met", "Partly met", "Not met", "Not applicable", "Incomplete", "Share met",
    )  # fmt: skip
    for row in table.rows:
        graded, met, partly, failed, _, incomplete = (int(cell.text) for cell in row[1:7])
        assert graded == met + partly + failed + incomplete
        assert row[7].text == ("[z]" if not graded else percent_text(met, graded))


def test_returns_add_up_to_the_organisations_in_scope() -> None:
    rows = tables(report())["returns-by-sector"].rows
    columns = [[int(row[n].text) for row in rows] for n in range(1, 6)]
    assert all(sum(column[:-1]) == column[-1] for column in columns)
    assert columns[0][-1] == columns[1][-1] + columns[4][-1] == sum(column[-1] for column in columns[2:])


def test_the_reconciliation_adds_up_in_print() -> None:
    rows = tables(report())["reconciliation"].rows
    numbers = [int(row[3].text.replace(",", "").replace("−", "-").replace("+", "")) for row in rows]
    assert sum(numbers[:-1]) == numbers[-1]


def test_criteria_add_up_whichever_way_they_are_compared() -> None:
    *ways, whole, _ = tables(report())["ways-compared"].rows
    for column in (1, 2):
        assert sum(int(row[column].text) for row in ways) == int(whole[column].text)


def test_without_an_earlier_audit_the_report_says_so_and_compares_nothing() -> None:
    document = report(24, 11, False)
    assert "There is no earlier audit to compare this one with." in {run.text for run in runs(document)}
    assert not {"like-for-like", "reconciliation", "measure-results", "lineage"} & set(tables(document))


def test_the_cover_says_cut_off_basis_area_and_status() -> None:
    found = findings()
    named = analysis_report(found, organisation="P", made_at=MADE, draft=True, area_names={"estuary": "Estuary"})
    control = dict(named.control.rows)
    assert control["Data cut-off"] == "18 December 2026"
    assert control["Made"] == "15 January 2027, 14:02"
    assert control["Status"] == "Draft: the audit is still open"
    assert control["Area"] == "All areas"
    assert named.standing == found.standing
    assert named.footer == "Section 11 audit 2026, version 2026, cut-off 18 December 2026"


def test_names_and_criteria_are_marked_as_peoples_own_text() -> None:
    document = report()
    assert all(row[0].quoted for row in tables(document)["returns"].rows)
    assert all(row[1].quoted for row in tables(document)["criteria-information-sharing"].rows)


def test_no_sentence_of_ours_claims_more_than_counts_show() -> None:
    ours = " ".join(run.text for run in runs(report()) if not run.quoted).lower()
    assert not [word for word in BANNED if re.search(rf"\b{re.escape(word)}\b", ours)]


def test_no_figure_is_typed_into_the_words_of_a_section() -> None:
    folder = Path(sections.__file__).parent
    for path in (*folder.glob("*.py"), Path(wording.__file__)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"\d", node.value), f"{path.name}:{node.lineno}: {node.value}"


def test_every_section_is_in_the_table() -> None:
    files = {path.stem for path in Path(sections.__file__).parent.glob("[!_]*.py")}
    assert {section.__module__.rsplit(".", 1)[-1] for section in ANALYSIS} == files


def test_the_summary_is_short() -> None:
    blocks = report().blocks
    end = next(n for n, block in enumerate(blocks) if isinstance(block, PageBreak))
    words = [word for block in blocks[:end] for text in _texts(block) for word in text.split()]
    assert len(words) <= 350


def _texts(block: object) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Paragraph):
        yield "".join(run.text for run in block.runs)
    elif isinstance(block, BulletList):
        yield from ("".join(run.text for run in item) for item in block.items)
    elif isinstance(block, Table):
        yield from (cell.text for row in block.rows for cell in row)
