"""Is a workbook read as its author saw it, and can a hostile one do no harm?"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from audit_engine.exchange import workbook as workbooks
from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import FORMULAS, HIDDEN_COLUMNS, HIDDEN_ROWS, MERGED, Remarks, Unreadable
from tests.exchange.exports import changed_part, write_xlsx

SHEET, WORDS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def cells(path: Path, sheet: str = "") -> list[list[str]]:
    return [row.cells for row in open_table(path, sheet).rows(Remarks())]


def made(path: Path, fill: Callable[[xlsxwriter.Workbook], object], **options: object) -> Path:
    with xlsxwriter.Workbook(path, options) as book:
        fill(book)
    return path


def test_days_hours_numbers_and_words_come_as_they_are_shown(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        day, hour = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        red = book.add_format({"num_format": '[Red]0.00 "days"'})
        sheet.write_datetime(0, 0, datetime(2026, 9, 14), day)
        sheet.write_datetime(0, 1, datetime(2026, 9, 14, 10, 30), hour)
        sheet.write_row(0, 2, [3, 2.5, 0.1, "014", True, 1e15])
        sheet.write_number(0, 9, 7, red)
        sheet.write_rich_string(1, 0, "half ", book.add_format({"bold": True}), "bold")
        sheet.write_string(1, 2, "a_x000D_b")

    path = made(tmp_path / "a.xlsx", fill)
    assert cells(path)[0] == ["2026-09-14", "2026-09-14 10:30:00", "3", "2.5", "0.1", "014", "TRUE",
                              "1000000000000000", "", "7"]  # fmt: skip
    assert cells(path)[1] == ["half bold", "", "a_x000D_b"]


def test_days_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().write_datetime(0, 0, datetime(2026, 9, 14), book.add_format({"num_format": 14}))

    path = made(tmp_path / "a.xlsx", fill, date_1904=True)
    assert cells(path) == [["2026-09-14"]]


def test_a_formula_gives_the_value_saved_with_it_and_is_said(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '=HYPERLINK("http://example.org","Yes")', value="Yes")
        sheet.write_formula(0, 1, "=1+1", value=2)
        sheet.write_string(0, 2, "=cmd|' /C calc'!A0")

    found = Remarks()
    table = open_table(made(tmp_path / "a.xlsx", fill))
    assert [row.cells for row in table.rows(found)] == [["Yes", "2", "=cmd|' /C calc'!A0"]]
    assert found[FORMULAS] == 2


def test_what_is_hidden_or_merged_is_said(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Answers")
        sheet.merge_range("A1:B1", "Who told you?")
        sheet.merge_range("A5:A6", "Yes")
        sheet.set_row(6, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        sheet.write_string(6, 0, "No")
        book.add_worksheet("Names").hide()
        book.add_worksheet("Notes").write_string(0, 0, "Note")

    path = made(tmp_path / "a.xlsx", fill)
    table, found = open_table(path), Remarks()
    rows = list(table.rows(found))
    assert (rows[0].cells, rows[-1]) == (["Who told you?"], (7, ["No"]))
    assert (found[HIDDEN_ROWS], found[HIDDEN_COLUMNS], found[MERGED]) == (1, 1, 1)
    assert table.notes == ("The hidden sheet “Names” was not read.", "The sheet “Notes” was not read.")
    assert cells(path, "notes") == [["Note"]]
    with pytest.raises(Unreadable, match=r"no sheet called “Other”\. It has “Answers”"):
        open_table(path, "Other")


def test_the_first_sheet_that_is_not_hidden_is_read(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Secret").write_string(0, 0, "secret")
        book.add_worksheet("Open").write_string(0, 0, "open")
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()
        book.worksheets()[0].hide()

    assert cells(made(tmp_path / "a.xlsx", fill)) == [["open"]]


def test_elements_with_a_prefix_are_understood(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["A", "1"], ["B", "2"]])
    tags = (b"worksheet", b"sheetData", b"row", b"c", b"v")

    def prefixed(xml: bytes) -> bytes:
        for tag in tags:
            for end in (b" ", b">"):
                xml = xml.replace(b"<" + tag + end, b"<x:" + tag + end).replace(b"</" + tag + end, b"</x:" + tag + end)
        return xml.replace(b' xmlns="', b' xmlns:x="')

    assert cells(changed_part(path, SHEET, prefixed)) == [["A", "1"], ["B", "2"]]


DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
OUTSIDE = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def after_declaration(extra: bytes) -> Callable[[bytes], bytes]:
    return lambda xml: xml.replace(b"?>", b"?>" + extra, 1)


@pytest.mark.parametrize("part", [SHEET, WORDS, "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"])
@pytest.mark.parametrize("extra", [DOCTYPE, OUTSIDE, LAUGHS], ids=["an entity", "a file of the server", "laughs"])
def test_a_document_type_is_refused_in_every_part(part: str, extra: bytes, tmp_path: Path) -> None:
    path = changed_part(write_xlsx(tmp_path / "a.xlsx", [["A", "1"]]), part, after_declaration(extra))
    with pytest.raises(Unreadable, match="document type or entities"):
        cells(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["A"]])
    changed_part(path, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(Unreadable, match="packed to less than 1/200"):
        open_table(path)


def test_a_part_that_goes_on_and_on_is_refused_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SHEET", 200_000)
    path = write_xlsx(tmp_path / "a.xlsx", [[f"{n}", f"{n * 7}"] for n in range(20_000)])
    monkeypatch.setattr(workbooks, "_refuse_bombs", lambda _archive: None)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        cells(path)


@pytest.mark.parametrize(
    "change, sentence",
    [
        (lambda xml: xml[: len(xml) // 2], "The workbook is damaged"),
        (lambda xml: xml.replace(b'r="A1"', b'r="XFD1"'), "There is a cell at XFD1"),
        (lambda xml: xml.replace(b"<v>0</v>", b"<v>9999</v>"), "points to words that are not there"),
        (lambda xml: xml.replace(b"<v>0</v>", b"<v>" + b"9" * 900_000 + b"</v>"), "characters"),
        (lambda xml: xml.replace(b'<row r="1"', b'<row r="9999999"'), "more than 1,000,000 rows"),
    ],
)
def test_a_damaged_sheet_is_refused_in_a_sentence(
    change: Callable[[bytes], bytes], sentence: str, tmp_path: Path
) -> None:
    path = changed_part(write_xlsx(tmp_path / "a.xlsx", [["A", "B"]]), SHEET, change)
    with pytest.raises(Unreadable) as refusal:
        cells(path)
    assert sentence in str(refusal.value)


def test_other_packed_files_are_named(tmp_path: Path) -> None:
    for name, inside, said in [("a.ods", "content.xml", "OpenDocument"), ("a.zip", "readme.txt", "another kind")]:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inside, "x")
        with pytest.raises(Unreadable, match=said):
            open_table(tmp_path / name)
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    with pytest.raises(Unreadable, match="damaged"):
        open_table(tmp_path / "cut.xlsx")


def test_no_name_inside_a_workbook_leads_out_of_it(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["A"]])
    outside = b'Target="../../../../etc/passwd"'
    relations = "xl/_rels/workbook.xml.rels"
    changed_part(path, relations, lambda xml: xml.replace(b'Target="worksheets/sheet1.xml"', outside))
    with pytest.raises(Unreadable, match="no sheet with cells"):
        open_table(path)
