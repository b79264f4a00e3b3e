"""Does a chart say the same in a page, in Word, in its workbook and in its table?"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace

import openpyxl
import pytest
from lxml import etree

from audit_engine.reports.blocks import Chart, Series
from audit_engine.reports.charts import chart_table, svg
from audit_engine.reports.palette import COLOURS, number_text
from audit_engine.reports.word_charts import chart_part
from tests.reports.samples import KINDS, NAMES, chart

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
Numbers = list[list[str]]


def wanted(of: Chart) -> Numbers:
    """The numbers of a chart, a list for each series, as they are printed."""
    return [[number_text(value) for value in series.values] for series in of.series]


def in_svg(of: Chart) -> Numbers:
    root = etree.fromstring(svg(of))
    name = "chart-label" if of.kind == "bar" else "chart-numbers"
    shown = [t.text or "" for t in root.iter("{*}text") if t.get("class") == name]
    if of.kind == "bar":
        rows = [shown[n : n + len(of.series)] for n in range(0, len(shown), len(of.series))]
    else:
        rows = [line.split("   ") for line in shown]
    plain = [[re.sub(r" \(.*\)$", "", cell).split(" ")[-1] for cell in row] for row in rows]
    return [list(column) for column in zip(*plain, strict=True)]


def in_word(of: Chart) -> Numbers:
    root = etree.fromstring(chart_part(of).xml("rId1"))
    tag = "xVal" if of.kind in ("dumbbell", "interval") else "val"
    found = []
    for series in root.findall(f".//{C}ser")[: len(of.series)]:
        points = {int(pt.get("idx")): float(pt.findtext(f"{C}v")) for pt in series.find(f"{C}{tag}").iter(f"{C}pt")}
        found.append([number_text(abs(points[n]) if n in points else None) for n in range(len(of.categories))])
    return found


def in_workbook(of: Chart) -> Numbers:
    sheet = openpyxl.load_workbook(io.BytesIO(chart_part(of).workbook)).active
    rows = list(
        sheet.iter_rows(min_row=2, max_row=1 + len(of.categories), max_col=1 + len(of.series), values_only=True)
    )
    assert [row[0] for row in rows] == list(of.categories)
    return [[number_text(None if r[c] is None else abs(r[c])) for r in rows] for c in range(1, 1 + len(of.series))]


def in_table(of: Chart) -> Numbers:
    made = chart_table(of)
    columns = [made.columns.index(series.name) for series in of.series]
    return [[row[column].text for row in made.rows] for column in columns]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gaps", [False, True])
def test_page_word_workbook_and_table_hold_the_same_numbers(kind: str, seed: int, gaps: bool) -> None:
    of = chart(kind, seed, gaps=gaps)
    assert in_svg(of) == in_word(of) == in_workbook(of) == in_table(of) == wanted(of)


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawn_copy_of_a_native_chart_and_its_workbook_are_the_same(kind: str) -> None:
    part = chart_part(chart(kind, 3, gaps=True))
    sheet = openpyxl.load_workbook(io.BytesIO(part.workbook)).active
    for reference in etree.fromstring(part.xml("rId1")).iter(f"{C}numRef", f"{C}strRef"):
        first, _, last = reference.findtext(f"{C}f").removeprefix("Sheet1!").replace("$", "").partition(":")
        cells = [cell[0].value for cell in sheet[f"{first}:{last or first}"]]
        drawn = {int(pt.get("idx")): pt.findtext(f"{C}v") for pt in reference.iter(f"{C}pt")}
        assert drawn == {n: str(v) for n, v in enumerate(cells) if v is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_series_of_a_native_chart_are_all_of_one_length_so_that_libreoffice_keeps_them(kind: str) -> None:
    root = etree.fromstring(chart_part(chart(kind)).xml("rId1"))
    assert len({count.get("val") for count in root.findall(f".//{C}numCache/{C}ptCount")}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_has_a_role_a_name_a_description_and_no_inline_style(kind: str) -> None:
    of = chart(kind)
    root = etree.fromstring(svg(of))
    named, described = root.get("aria-labelledby"), root.get("aria-describedby")
    assert root.get("role") == "img"
    assert root.find("{*}title").get("id") == named
    assert root.findtext("{*}title") == of.caption
    assert root.find("{*}desc").get("id") == described
    assert root.findtext("{*}desc") == of.alt
    assert not [e for e in root.iter() if e.get("style") or etree.QName(e).localname in ("style", "script")]


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_a_drawing_never_shrinks_with_the_page(kind: str) -> None:
    root = etree.fromstring(svg(chart(kind)))
    assert root.get("viewBox") is None
    assert root.get("width") == "100%"
    sizes = [int(e.get("font-size")) for e in root.iter() if e.get("font-size")]
    assert min(sizes) >= 14


def test_every_wide_segment_carries_its_letter() -> None:
    of = Chart("a", "A", "stacked", ("X",), (Series("Met", (8.0,)), Series("Not met", (2.0,))), "alt")
    letters = [t.text for t in etree.fromstring(svg(of)).iter("{*}text") if t.get("class") == "chart-mark"]
    assert letters == ["M", "N"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_chart_can_become_markup_or_a_formula(kind: str) -> None:
    nasty = '<script>alert("x")</script>\x00\ud800]]>=1+1'
    plain = chart(kind)
    series = tuple(Series(f"{nasty}{n}", s.values, s.lower, s.upper) for n, s in enumerate(plain.series))
    of = Chart(nasty, nasty, plain.kind, (nasty, "=cmd()", *NAMES[2:]), series, nasty, axis=nasty)
    assert not list(etree.fromstring(svg(of)).iter("{*}script"))
    part = chart_part(of)
    etree.fromstring(part.xml("rId1"))
    sheet = openpyxl.load_workbook(io.BytesIO(part.workbook)).active
    assert sheet["A3"].value == "=cmd()"
    assert sheet["A3"].data_type == "s"


def test_losses_are_drawn_to_the_left_and_printed_without_a_sign() -> None:
    root = etree.fromstring(chart_part(chart("diverging")).xml("rId1"))
    lost, gained = ([float(v.text) for v in s.findall(f"{C}val//{C}v")] for s in root.iter(f"{C}ser"))
    assert max(lost) <= 0 <= min(gained)
    for code in root.iter(f"{C}numFmt", f"{C}formatCode"):
        positive, *negative = (code.get("formatCode") or code.text or "").split(";")
        assert positive == "General" or negative[0] == positive


def test_native_charts_use_the_palette_and_no_other_colour_for_series() -> None:
    root = etree.fromstring(chart_part(chart("stacked-percent")).xml("rId1"))
    fills = [s.find(f"{C}spPr").find(".//{*}srgbClr").get("val") for s in root.iter(f"{C}ser")]
    assert [f"#{fill}" for fill in fills] == list(COLOURS)


def test_a_gap_in_a_chart_is_explained_under_its_table() -> None:
    made = chart_table(Chart("a", "A", "bar", ("X",), (Series("Then", (None,)),), "alt"))
    assert made.rows[0][1].text == "[x]"
    assert made.notes == ("[x]: no figure.",)


def test_drawing_for_a_page_loads_no_document_library() -> None:
    script = "import sys, audit_engine.reports.charts as c; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"docx", "lxml", "matplotlib", "numpy", "xlsxwriter"} & set(loaded)


def test_words_of_an_axis_that_would_run_into_its_ends_stand_on_lines_of_their_own() -> None:
    of = chart("bar")
    short, long = (
        replace(of, axis="Criteria"),
        replace(of, axis="Share of staff who gave an answer that fits the rating"),
    )
    assert 'text-anchor="middle" font-size="14">Criteria<' in svg(short)
    drawn = svg(long)
    assert 'text-anchor="middle" font-size="14">Share' not in drawn
    assert re.search(r'y="37"[^>]*font-size="14">Share', drawn)
    tall = [int(re.search(r'height="(\d+)"', one)[1]) for one in (svg(short), drawn)]  # type: ignore[index]
    assert tall[1] > tall[0]
