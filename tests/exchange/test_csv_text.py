"""Is a text file read whatever its encoding and its separators, and refused when it is none?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import MOST_COLUMNS, Remarks, Unreadable
from tests.exchange.exports import Rows, write_csv

ROWS: Rows = [["Wer führt?", "Café, or “tea”?"], ["Yes – of course", 'She said "no"\nand left'], ["", "£5"]]


def cells(path: Path) -> Rows:
    return [row.cells for row in open_table(path).rows(Remarks())]


@pytest.mark.parametrize(
    "encoding, said",
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
     ("cp1252", "Windows-1252")],
)  # fmt: skip
@pytest.mark.parametrize("delimiter, parted", [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "upright")])
def test_every_encoding_and_separator_gives_the_same_cells(
    encoding: str, said: str, delimiter: str, parted: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS, encoding, delimiter)
    assert cells(path) == ROWS
    assert said in open_table(path).how and parted in open_table(path).how


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    assert cells(write_csv(tmp_path / "answers.xlsx", ROWS)) == ROWS


def test_a_line_for_excel_alone_is_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=|\r\nA|B, C\r\n1|2\r\n", encoding="utf-8")
    assert [(row.number, row.cells) for row in open_table(path).rows(Remarks())] == [
        (2, ["A", "B, C"]),
        (3, ["1", "2"]),
    ]


def test_semicolons_inside_answers_do_not_part_columns(tmp_path: Path) -> None:
    rows = [["ID", "Who told you?"], *([str(n), "A poster;My manager;"] for n in range(60))]
    assert cells(write_csv(tmp_path / "a.csv", rows)) == rows


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"ID,Q\n1,\x00yes\n", "no text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text in UTF-8"),
        (b"ID,Q\n1,\x81\x8d\n", "no text in UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old kind (.xls) or one with a password"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\xef\xbb\xbf<html><table>", "web page or XML"),
        (b"{\\rtf1", "text document"),
        (b'ID,Q\n1,"never closed\n2,yes\n', "Row 2 breaks the rules"),
        (b"ID,Q\n1," + b"x" * 900_000 + b"\n", "characters"),
        (b"ID,Q\n" + b"," * 10_000_000, "A line of the file has more than"),
        (b"ID,Q\n" + b"," * 5_000 + b"\n", f"at most {MOST_COLUMNS:,} are read"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value)[:20],
)
def test_what_is_no_table_is_refused_in_a_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refusal:
        cells(path)
    assert sentence in str(refusal.value)
