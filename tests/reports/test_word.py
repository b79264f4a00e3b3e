"""Is a Word file of ours whole, native and safe?"""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from audit_engine.reports.blocks import (
    BulletList,
    Cell,
    Chart,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Series,
    Table,
    paragraph,
    text,
)
from audit_engine.reports.references import RepeatedIdentifier, UnknownReference
from audit_engine.reports.structure import structure_faults
from audit_engine.reports.word_tables import MisshapenTable
from tests.examples import examples
from tests.reports.samples import KINDS, chart, document, everything, table, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ANY_TEXT = st.text(st.characters(blacklist_categories=()), max_size=80)


def part(made: bytes, name: str) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(made)).read(name))


def body(made: bytes) -> etree._Element:
    return part(made, "word/document.xml")


def words(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def styles_used(made: bytes) -> list[tuple[str, str]]:
    opened = docx.Document(io.BytesIO(made))
    return [(p.style.name, p.text) for p in opened.paragraphs]


def fields(element: etree._Element) -> list[str]:
    return [(i.text or "").strip() for i in element.iter(f"{W}instrText")]


def test_a_document_with_everything_in_it_has_no_fault_of_structure() -> None:
    assert structure_faults(written(document())) == ()


def test_headings_title_captions_and_lists_are_real_ones() -> None:
    used = styles_used(written(document()))
    assert ("Title", "Section 11 audit 2026") in used
    assert ("Heading 1", "Summary") in used
    assert ("Heading 2", "Of every kind") in used
    assert ("Heading 3", "Rounding") in used
    assert ("Caption", "Table 1: Ratings by standard") in used
    assert ("List Bullet", "One.") in used
    assert ("List Number", "First.") in used


def test_a_second_numbered_list_starts_at_one_again() -> None:
    made = written(document(*everything()))
    lists = [n.get(f"{W}val") for n in body(made).iter(f"{W}numId")]
    assert len(set(lists)) == 3
    restarts = part(made, "word/numbering.xml").iter(f"{W}startOverride")
    assert [one.get(f"{W}val") for one in restarts] == ["1", "1"]


def test_captions_count_by_themselves_and_references_follow_them() -> None:
    made = body(written(document()))
    asked = fields(made)
    assert "SEQ Table \\* ARABIC" in asked
    assert asked.count("SEQ Figure \\* ARABIC") == len(KINDS)
    assert "REF _RefTable1 \\h" in asked
    assert "Table 1 shows ratings; see Method" in words(made)


def test_the_contents_list_is_a_field_that_is_already_filled() -> None:
    made = body(written(document()))
    listed = [words(p) for p in made.iter(f"{W}p") if (s := p.find(f"{W}pPr/{W}pStyle")) is not None
              and s.get(f"{W}val") in ("TOC1", "TOC2")]  # fmt: skip
    assert listed == ["Summary", "Charts", "Of every kind", "Method"]
    assert any(instruction.startswith("TOC ") for instruction in fields(made))
    begins = [c for c in made.iter(f"{W}fldChar") if c.get(f"{W}fldCharType") == "begin"]
    ends = [c for c in made.iter(f"{W}fldChar") if c.get(f"{W}fldCharType") == "end"]
    assert len(begins) == len(ends)


def test_page_numbers_are_printed_only_where_they_were_measured() -> None:
    unmeasured = body(written(document()))
    measured = body(written(document(), pages={"_Toc000000": 3}))
    assert "PAGEREF _Toc000000 \\h" in fields(unmeasured)
    assert "Contents" + "Summary" + "Charts" in words(unmeasured)
    assert "Contents" + "Summary3" + "Charts" in words(measured)


def test_no_prompt_is_shown_when_the_file_is_opened() -> None:
    made = written(document())
    assert part(made, "word/settings.xml").find(f"{W}updateFields") is None
    assert not [c for c in body(made).iter(f"{W}fldChar") if c.get(f"{W}dirty")]


def test_a_table_repeats_its_header_keeps_its_rows_whole_and_is_described() -> None:
    made = body(written(document(Heading("A"), table(rows=40))))
    grid = list(made.iter(f"{W}tbl"))[-1]
    rows = grid.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * 40
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert grid.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") == "Ratings by standard"
    assert "40 rows" in grid.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val")


def test_numbers_stand_right_and_words_left() -> None:
    made = body(written(document(table(rows=1))))
    head, row = list(made.iter(f"{W}tbl"))[-1].findall(f"{W}tr")
    assert [p.find(f"{W}pPr/{W}jc") is not None for p in head.iter(f"{W}p")] == [False, True, True, True]
    assert [p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") for p in row.iter(f"{W}p")] == ["TableText"] + [
        "TableNumber"
    ] * 3


def test_a_chart_is_a_part_with_its_workbook_and_says_where_its_numbers_are() -> None:
    made = written(document(Heading("A"), table(), chart("stacked", table="ratings")))
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert "word/charts/chart1.xml" in names
    assert "word/embeddings/chart1.xlsx" in names
    described = next(body(made).iter("{*}docPr"))
    assert described.get("descr") == "Nothing is claimed. Data in Table 1."
    assert ("Note", "Base: invented judgements. Source: an invented audit. The numbers are in Table 1.") in styles_used(
        made
    )


def test_drawings_have_numbers_of_their_own() -> None:
    numbers = [d.get("id") for d in body(written(document())).iter("{*}docPr")]
    assert len(numbers) == len(set(numbers)) == len(KINDS)


def test_bookmarks_have_names_and_numbers_of_their_own() -> None:
    marks = list(body(written(document())).iter(f"{W}bookmarkStart"))
    assert len({m.get(f"{W}id") for m in marks}) == len({m.get(f"{W}name") for m in marks}) == len(marks)


def test_a_page_break_starts_the_page_of_the_next_block_without_an_empty_paragraph() -> None:
    made = body(written(document(Heading("A"), PageBreak(), table(), PageBreak(), BulletList((text("x"), text("y"))))))
    breaking = [words(p) for p in made.iter(f"{W}p") if p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert breaking == ["Contents", "A", "Table 1: Ratings by standard", "x"]
    assert all(words(p) for p in made.iter(f"{W}p"))


def test_every_page_carries_marking_draft_and_invented() -> None:
    made = written(document(draft=True))
    assert words(part(made, "word/header1.xml")) == "OFFICIAL - SENSITIVE  |  DRAFT  |  Invented data"
    foot = part(made, "word/footer1.xml")
    assert words(foot).startswith("Section 11 audit 2026, version 2026, cut-off 18 December 2026")
    assert fields(foot) == ["PAGE", "NUMPAGES"]
    plain = written(document(Heading("A"), invented=False))
    assert words(part(plain, "word/header1.xml")) == "OFFICIAL - SENSITIVE"
    assert "made up" not in words(body(plain))


def test_properties_say_title_author_subject_language_and_nothing_of_the_maker() -> None:
    made = written(document())
    properties = docx.Document(io.BytesIO(made)).core_properties
    assert properties.title == "Section 11 audit 2026: Analysis report"
    assert (properties.author, properties.last_modified_by) == ("Invented partnership", "Invented partnership")
    assert (properties.subject, properties.keywords, properties.language) == (
        "Analysis",
        "safeguarding; audit",
        "en-GB",
    )
    assert properties.comments == ""
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert not [n for n in names if "thumbnail" in n or "custom" in n or "comments" in n or "app.xml" in n]


def test_body_text_has_twelve_points_tables_eleven_and_no_style_is_smaller() -> None:
    sizes = [int(s.get(f"{W}val")) for s in part(written(document()), "word/styles.xml").iter(f"{W}sz")]
    assert min(sizes) == 22


def test_no_style_uses_italics_capitals_or_justified_lines() -> None:
    styles = part(written(document()), "word/styles.xml")
    assert not list(styles.iter(f"{W}i", f"{W}caps", f"{W}smallCaps"))
    assert {jc.get(f"{W}val") for jc in styles.iter(f"{W}jc")} == {"right"}


def test_what_organisations_typed_is_marked_as_theirs() -> None:
    made = body(written(document(Paragraph((Run("ours "), Run("theirs", quoted=True))))))
    marked = [words(r) for r in made.iter(f"{W}r") if r.find(f"{W}rPr/{W}rStyle") is not None]
    assert marked == ["theirs"]


def test_line_breaks_in_an_answer_stay_and_tabs_become_blanks() -> None:
    made = body(written(document(Paragraph((Run("one\r\ntwo\tthree", quoted=True),)))))
    run = next(r for r in made.iter(f"{W}r") if r.find(f"{W}rPr/{W}rStyle") is not None)
    assert [etree.QName(e).localname for e in run] == ["rPr", "t", "br", "t"]
    assert words(run) == "onetwo three"


def test_a_cell_without_a_printable_character_says_so() -> None:
    made = written(document(Heading("A"), Table("t", "T", ("A", "B"), ((Cell("x"), Cell("\x00\t", quoted=True)),))))
    assert "[blank]" in words(body(made))
    assert structure_faults(made) == ()


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_answer_yields_a_file_that_opens(first: str, second: str, third: str) -> None:
    series = (Series(first, (1.0,)), Series(second, (2.0,)))
    made = written(
        document(
            Heading(f"H{first}"),
            Paragraph((Run(first, quoted=True), Run(second, bold=True)), "quote"),
            Table("t", second, (first, second), ((Cell(second, quoted=True), Cell(third)),), notes=(third,)),
            Chart("c", third, "stacked", (first,), series, f"A{second}", first, second, third, "t"),
            BulletList(((Run(third),),)),
        )
    )
    assert docx.Document(io.BytesIO(made)).tables
    names = [n for n in zipfile.ZipFile(io.BytesIO(made)).namelist() if n.endswith((".xml", ".rels"))]
    assert "word/document.xml" in names
    for name in names:
        part(made, name)


@pytest.mark.parametrize(
    "answer",
    [
        "x" * 10_000,
        "]]><!--",
        "=HYPERLINK('a')",
        "\u202egnp.exe",
        "سلام",
        "👩‍👩‍👧‍👦" * 50,
        "\ud83d",
        "&#0;",
        "%s{}{0}",
        "\\h",
    ],
)
def test_hostile_answers_are_printed_as_text(answer: str) -> None:
    made = written(document(Heading("A"), Table("t", "T", ("A", "B"), ((Cell("x"), Cell(answer, quoted=True)),))))
    shown = docx.Document(io.BytesIO(made)).tables[-1].cell(1, 1).text
    assert shown == answer.replace("\u202e", "").replace("\ud83d", "\ufffd")


def test_a_reference_to_nothing_is_refused() -> None:
    with pytest.raises(UnknownReference, match='"absent"'):
        written(document(Paragraph((Run("see ", ref="absent"),))))


def test_two_tables_of_one_id_are_refused() -> None:
    with pytest.raises(RepeatedIdentifier, match='"ratings"'):
        written(document(table(), table()))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (Table("t", "T", (), ()), "no columns"),
        (Table("t", "T", ("A", "B"), ((Cell("x"),),)), "row 1: 1 cells for 2"),
        (Table("t", "T", ("A", "B"), (), widths=(1.0,)), "1 widths"),
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(wrong: Table, reason: str) -> None:
    with pytest.raises(MisshapenTable, match=reason):
        written(document(wrong))


def test_a_document_without_headings_has_no_contents_list() -> None:
    made = body(written(document(paragraph("Only this."))))
    assert "Contents" not in words(made)
    assert not [i for i in fields(made) if i.startswith("TOC")]


def test_relationship_ids_all_lead_somewhere() -> None:
    made = written(document())
    package = zipfile.ZipFile(io.BytesIO(made))
    known = set(re.findall(r'Id="(rId\d+)"', package.read("word/_rels/document.xml.rels").decode()))
    assert set(re.findall(r'r:id="(rId\d+)"', package.read("word/document.xml").decode())) <= known
    assert "TargetMode" not in package.read("word/_rels/document.xml.rels").decode()
