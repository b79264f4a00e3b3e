"""Do files as people and their programs leave them give the same answers as tidy ones?

The layouts are invented after public descriptions of what each product writes;
no file of a real survey is here.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.exchange.headings import layout_of
from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import FORMULAS, MOST_COLUMNS, Remarks, Unreadable
from tests.exchange.exports import PRODUCTS, REPLIES, Rows, changed_part, write, write_csv
from tests.exchange.test_products import comparable, read
from tests.sound import sound_questionnaire

FIGURES = """
questionnaire: figures
version: "1"
title: Figures
standing: model content
kind: survey
respondent: person
sections:
  - id: all
    title: All
    items:
      - {id: f.1, type: date, text: When were you trained?, required: false}
      - {id: f.2, type: single-choice, text: How many of you were trained?, required: false,
         options: [{id: half, label: 50%}, {id: most, label: 87.5%}, {id: everyone, label: 100%}]}
      - {id: f.3, type: number, text: How many days did it take?, required: false}
      - {id: f.4, type: number, text: What share was spent?, required: false, unit: "%"}
"""
HEADS = [
    "When were you trained?",
    "How many of you were trained?",
    "How many days did it take?",
    "What share was spent?",
]


@pytest.fixture(scope="module")
def figures() -> Questionnaire:
    return sound_questionnaire(FIGURES)


def untidy(path: Path, rows: Rows) -> Path:
    """Write a workbook with all that gathers in one: sheets, formulas, line breaks, colours far outside."""
    with xlsxwriter.Workbook(path) as book:
        people = book.add_worksheet("People")
        people.write_column(0, 0, ["Jane Invented", "jane@example.org"])
        people.hide()
        sheet, notes = book.add_worksheet("Answers"), book.add_worksheet("Notes")
        notes.write_string(0, 0, "What is your role?")
        sheet.activate()
        sheet.set_first_sheet()
        grey = book.add_format({"bg_color": "#eeeeee"})
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell in ("Yes", "No"):
                    sheet.write_formula(number, column, f'=IF(TRUE,"{cell}","")', None, cell)
                elif cell:
                    sheet.write_string(number, column, cell.replace(" you ", " you\r\n") if not number else cell)
        for number in range(len(rows) + 1_000):
            sheet.write_blank(number, len(rows[0]) + 40, None, grey)
        sheet.write_blank(0, 16_383, None, grey)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
        sheet.conditional_format(0, 0, 9, 9, {"type": "no_blanks", "format": grey})
    last = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    return changed_part(path, "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b"</sheetData>", last))


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_untidy_workbook_gives_the_answers_that_people_gave(
    product: str, tmp_path: Path, pulse: Questionnaire
) -> None:
    path = untidy(tmp_path / "a.xlsx", PRODUCTS[product]())
    table, found = open_table(path), Remarks()
    assert len(layout_of(table).columns) == len(PRODUCTS[product]()[0])
    assert len(list(table.rows(found))) > 1_000
    assert found[FORMULAS] > 5
    assert table.notes == ("The hidden sheet “People” was not read.", "The sheet “Notes” was not read.")
    replies, odd = read(path, pulse)
    assert odd == []
    assert [comparable(one) for one in replies] == [comparable(one) for one in REPLIES]


@pytest.mark.parametrize(
    "encoding, delimiter", [("utf-16", "\t"), ("utf-16-le", ";"), ("cp1252", ";"), ("utf-8", ";"), ("utf-8-sig", ",")]
)
@pytest.mark.parametrize("product", PRODUCTS)
def test_a_text_file_as_excel_saves_it_again_gives_the_same(
    product: str, encoding: str, delimiter: str, tmp_path: Path, pulse: Questionnaire
) -> None:
    rows = [[*row, "", "", ""] for row in PRODUCTS[product]()]
    rows += [[""] * len(rows[0])] * 2_000
    path = write_csv(tmp_path / "a.csv", rows, encoding, delimiter)
    assert layout_of(open_table(path)).product == product
    replies, odd = read(path, pulse)
    assert odd == []
    assert [comparable(one) for one in replies] == [comparable(one) for one in REPLIES]


def test_days_and_percentages_come_as_a_spreadsheet_shows_them(tmp_path: Path, figures: Questionnaire) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day, percent = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "0%"})
        finer = book.add_format({"num_format": "0.0%;[Red]-0.0%"})
        sheet.write_row(0, 0, HEADS)
        sheet.write_datetime(1, 0, datetime(2026, 9, 14), day)
        sheet.write_number(1, 1, 0.5, percent)
        sheet.write_number(1, 3, 0.29, percent)
        sheet.write_number(2, 0, 46279)  # the same day, as its number
        sheet.write_number(2, 1, 0.875, finer)
        sheet.write_number(2, 2, 3)
        sheet.write_number(3, 1, 1, percent)
        sheet.write_number(3, 2, 0.5, percent)
    assert [row.cells for row in open_table(path).rows(Remarks())][1:] == [
        ["2026-09-14", "50%", "", "29%"], ["46279", "87.5%", "3"], ["", "100%", "50%"],
    ]  # fmt: skip
    replies, odd = read(path, figures)
    assert [(r.get("f.1"), r.get("f.2"), r.get("f.3"), r.get("f.4")) for r in replies] == [
        (replies[0]["f.1"], "half", None, 29), (replies[0]["f.1"], "most", 3, None), (None, "everyone", None, None),
    ]  # fmt: skip
    assert str(replies[0]["f.1"]) == "2026-09-14"
    assert [(one.position, one.words) for one in odd] == [(2, "50%")], "half a day and 50% of one are not the same"


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path, pulse: Questionnaire) -> None:
    heads = ["Do you know who leads?", "What is your role?", "Paper"]
    below: Rows = [heads, ["Yes", "Manager", "1"], ["No", "", "2"]]
    for name, above in {"apart": [["Our survey"], ["typed in by hand"], [""]], "none": []}.items():
        for suffix in (".csv", ".xlsx"):
            path = write(tmp_path / f"{name}{suffix}", [*above, *below])
            layout = layout_of(open_table(path))
            assert (layout.above, layout.last_heading) == (2 if above else 0, 4 if above else 1)
            assert read(path, pulse)[0] == [{"p.2": "yes", "p.1": "manager"}, {"p.2": "no"}]


def test_one_column_of_answers_has_no_title(tmp_path: Path, pulse: Questionnaire) -> None:
    path = write(tmp_path / "a.csv", [["Who told you?"], ["A poster"], [""], ["My manager", "a note"]])
    assert layout_of(open_table(path)).above == 0


def test_words_far_outside_are_refused_and_colours_are_not(tmp_path: Path) -> None:
    for value, refused in (("", False), ("x", True)):
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Who told you?"])
            sheet.write(0, MOST_COLUMNS, value, book.add_format({"bold": True}))
        if refused:
            with pytest.raises(Unreadable, match=r"There is a cell at BXY1; .* Delete what lies outside the answers"):
                list(open_table(path).rows(Remarks()))
        else:
            assert [row.cells for row in open_table(path).rows(Remarks())] == [["Who told you?"]]
