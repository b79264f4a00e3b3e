"""Does reading plain rows in a quick way give what the parser gives, whatever stands in the sheet?"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from audit_engine.exchange import plain_rows
from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import FORMULAS, HIDDEN_ROWS, Remarks, Row, Unreadable
from audit_engine.exchange.sheet import SheetReader
from tests.exchange.exports import changed_part

SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[bytes], bytes]
Parsed = list[bytes]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parsed]:
    """What went to the parser, bit by bit."""
    found: Parsed = []
    begin = plain_rows.PlainRows.__init__

    def watched(self: plain_rows.PlainRows, reader: SheetReader, parse: Callable[[bytes], None]) -> None:
        def both(some: bytes) -> None:
            found.append(some)
            parse(some)

        begin(self, reader, both)

    monkeypatch.setattr(plain_rows.PlainRows, "__init__", watched)
    yield found


def parser_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Row], Remarks]:
    with monkeypatch.context() as only:
        only.setattr(plain_rows, "ROWS", b"there is no such mark")
        return read(path)


def read(path: Path) -> tuple[list[Row], Remarks]:
    found = Remarks()
    return list(open_table(path).rows(found)), found


def excel(path: Path, rows: bytes, before: bytes = b"", declared: bytes = b"UTF-8") -> Path:
    """Write a workbook whose sheet is, byte by byte, as Excel writes it, with these rows."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_column(0, 0, ["Yes", "No & no", "A café"])
    head = b'<?xml version="1.0" encoding="' + declared + b'" standalone="yes"?>\r\n' + before
    space = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    whole = head + space + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    return changed_part(path, SHEET, lambda _old: whole)


PLAIN = (b'<row r="%d" spans="1:4" x14ac:dyDescent="0.25"><c r="A%d" t="s"><v>0</v></c><c r="B%d"><v>%d</v></c>'
         b'<c r="D%d" s="1" t="s"><v>2</v></c></row>')  # fmt: skip


def plain(count: int, first: int = 1) -> bytes:
    return b"".join(PLAIN % (n, n, n, n * 7, n) for n in range(first, first + count))


def test_plain_rows_never_reach_the_parser(tmp_path: Path, parsed: Parsed) -> None:
    rows, _ = read(excel(tmp_path / "a.xlsx", plain(4_000)))
    assert len(rows) == 4_000
    assert rows[2] == Row(3, ["Yes", "21", "", "A café"])
    assert b"<c " not in b"".join(parsed)


ODD_ROWS = {
    "a formula": b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>',
    "a letter by its name": b'<row r="3"><c r="A3" t="inlineStr"><is><t>a &amp; b&#10;c</t></is></c></row>',
    "a rich text": b'<row r="3"><c r="A3" t="inlineStr"><is><r><t>half </t></r><r><t>bold</t></r></is></c></row>',
    "a row that is hidden": b'<row r="3" hidden="1"><c r="A3"><v>1</v></c></row>',
    "a row with nothing": b'<row r="3" spans="1:4"/>',
    "cells without places": b"<row><c><v>1</v></c><c><v>2</v></c></row>",
    "cells in a strange order": b'<row r="3"><c r="C3"><v>1</v></c><c r="A3"><v>2</v></c></row>',
    "single quotation marks": b"<row r='3'><c r='A3' t='s'><v>1</v></c></row>",
    "a comment like a row": b'<!--<row r="9"><c r="A9"><v>9</v></c></row>--><row r="3"><c r="A3"><v>1</v></c></row>',
    "words that are not to be parsed": b'<row r="3"><c r="A3" t="str"><v><![CDATA[</v></c></row>]]></v></c></row>',
    "an instruction": b'<?x </row> ?><row r="3"><c r="A3"><v>1</v></c></row>',
    "lines of their own": b'\r\n  <row r="3">\r\n <c r="A3" t="str">\n<v>one\r\ntwo</v></c>\n</row>\n',
    "two lines in a cell": b'<row r="3"><c r="A3" t="str"><v>one\r\ntwo</v></c></row>',
    "an end with a blank": b'<row r="3"><c r="A3"><v>1</v></c></row ><row r="4"><c r="A4"><v>2</v></c></row>',
    "something unknown in a cell": b'<row r="3"><c r="A3"><v>1</v><extLst><ext>x</ext></extLst></c></row>',
    "kinds of cells": b'<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="e"><v>#N/A</v></c><c r="C3" t="str">'
    b'<v>a_x000D_b</v></c><c r="D3" t="s"/><c r="E3" s="1"></c><c r="F3" t="d"><v>2026-09-14</v></c>'
    b'<c r="G3"><v>4.5E-2</v></c><c r="H3"><v></v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("what", ODD_ROWS)
def test_odd_rows_among_plain_ones_are_read_as_the_parser_reads_them(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = excel(tmp_path / "a.xlsx", plain(2) + ODD_ROWS[what] + plain(900, 5))
    rows, remarks = read(path)
    assert (rows, remarks) == parser_alone(path, monkeypatch)
    assert len(rows) >= 903
    assert (remarks[FORMULAS], remarks[HIDDEN_ROWS]) == ("formula" in what, "hidden" in what)


def test_a_comment_before_the_rows_cannot_pass_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = excel(tmp_path / "a.xlsx", plain(2), before=b'<!--<sheetData><row r="9"><c r="A9"><v>9</v></c></row>-->')
    assert read(path) == parser_alone(path, monkeypatch)
    assert [row.number for row in read(path)[0]] == [1, 2]


def test_a_sheet_in_another_encoding_is_read_by_the_parser(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", b'<row r="1"><c r="A1" t="str"><v>caf\xe9</v></c></row>', declared=b"ISO-8859-1")
    assert read(path)[0] == [Row(1, ["café"])]


@pytest.mark.parametrize(
    "rows",
    [b'<row r="1"><c r="A1" t="str"><v>caf\xe9</v></c></row>', b'<row r="1"><c r="A1"><v>1</v></row>', plain(2)[:-20],
     b'<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>', b'<row r="1"><c r="A1" t="str"><v>&who;</v></c></row>',
     plain(1) + b"</sheetData><row>"],
    ids=["not UTF-8", "a cell that never ends", "cut off", "a sign that no text has", "a name unknown", "crossed"],
)  # fmt: skip
def test_what_no_parser_reads_is_refused(rows: bytes, tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", plain(50, 10) + rows)
    with pytest.raises(Unreadable, match="The workbook is damaged"):
        read(path)


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_it_does_not_matter_where_one_bit_ends_and_the_next_begins(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = excel(tmp_path / "a.xlsx", plain(3) + b"".join(ODD_ROWS.values()) + plain(3, 9))
    whole = read(path)
    monkeypatch.setattr("audit_engine.exchange.markup.AT_ONCE", at_once)
    assert read(path) == whole


def test_rows_that_two_other_programs_wrote_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        ["Name", "One & two", "ü", " kept ", "line\nbreak"],
        *[[str(n), "Answer", None, n, 0.5] for n in range(300)],
    ]
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    with xlsxwriter.Workbook(first, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
    other = openpyxl.Workbook()
    for row in cells:
        other.active.append(row)
    other.save(second)
    rows = read(first)[0]
    assert rows == parser_alone(first, monkeypatch)[0] == read(second)[0]
    assert rows[1].cells == ["0", "Answer", "", "0", "0.5"]


def test_a_row_without_an_end_does_not_fill_memory(tmp_path: Path, parsed: Parsed) -> None:
    path = excel(tmp_path / "a.xlsx", b'<row r="1">' + b'<c r="A1" s="1"/>' * 200_000 + b"</row>" + plain(1, 2))
    assert read(path)[0][1].number == 2
    assert max(map(len, parsed)) <= plain_rows.LONGEST + (1 << 16)


def test_a_workbook_is_the_same_packed_or_not(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", plain(30))
    rows = read(path)
    out = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(out.getvalue())
    assert read(path) == rows
