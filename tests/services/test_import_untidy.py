"""Does an import keep names out of an anonymous survey, and say of all that it leaves where it is and what to do?"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from audit_engine.services.import_answers import bring_in, expected, look_at, undo_import
from audit_engine.services.import_plan import Order
from audit_engine.services.import_preview import Preview
from audit_engine.services.import_text import as_text
from audit_engine.storage.base import METADATA
from audit_engine.storage.engine import reading
from tests.exchange.exports import PRODUCTS, Rows, write
from tests.services.pulse import Pulse, lay_pulse
from tests.services.test_import_answers import NOW, many, order

#: What the invented exports say of who answered, from which computer and when.
PEOPLE = ("@example.org", "Person 1", "Person 12", "192.0.2.7", "118000000", "9/14/26", "09/14/2026", "u-12")


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine)


def seen(pulse: Pulse, wanted: Order) -> Preview:
    return look_at(pulse.engine, pulse.world.definitions, wanted)[1]


def everything_stored(pulse: Pulse) -> str:
    """Every row of every table, as text."""
    with reading(pulse.engine) as connection:
        return "\n".join(str(row) for table in METADATA.sorted_tables for row in connection.execute(select(table)))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_nothing_of_who_answered_is_ever_stored(product: str, suffix: str, pulse: Pulse) -> None:
    rows = PRODUCTS[product](many(4))
    assert any(people in cell for people in PEOPLE for row in rows for cell in row), "there is something to leak"
    wanted = order(pulse, rows, f"answers{suffix}", organisation="otters")
    found = seen(pulse, wanted)
    bring_in(pulse.engine, pulse.world.definitions, wanted, expected(found), None, NOW)
    stored = everything_stored(pulse)
    assert "More time; and “fewer” forms" in stored, "what people wrote in answer is there"
    undo_import(pulse.engine, 1, "Looked at", None, NOW)
    for place in (stored, everything_stored(pulse), str(found.as_json()), "\n".join(as_text(found, {}))):
        assert [one for one in PEOPLE if one in place] == []


def small(*answers: tuple[str, ...]) -> Rows:
    return [["Organisation", "Do you know who leads?", "What is your role?"], *map(list, answers)]


def told(pulse: Pulse, rows: Rows, column: str = "Organisation") -> str:
    return "\n".join(as_text(seen(pulse, order(pulse, rows, organisation_column=column)), {}))


def test_what_is_left_out_has_its_row_its_column_and_what_to_do(pulse: Pulse) -> None:
    said = told(pulse, small(("Otter School", "Yes", "Boss"), ("Otter School", "No", "Boss")))
    assert "Left out: 2 cells that hold no answer that the survey knows:" in said
    assert "  C  What is your role?: “Boss” (first in row 2, 2 times): the question has no such answer" in said
    assert "print a mapping with --suggest-mapping" in said


def test_rows_that_are_refused_for_one_reason_stand_together_with_what_to_do(pulse: Pulse) -> None:
    rows = small(("Otter School", "Yes", ""), ("Weasels", "Yes", ""), ("Weasels", "No", ""), ("", "No", ""))
    said = told(pulse, [*rows, ["Otter School", "Yes", "", "and more"]])
    assert "1 reply in 5 rows (0 blank, 4 refused)." in said
    assert "Left out" not in said
    assert (
        "Organisations that are not known; their rows are refused:\n  A  Organisation: “Weasels” (first in row 3"
        in said
    )
    assert "  rows 3, 4: no organisation is called that: “Weasels” (column A)" in said
    assert "  row 5: it names no organisation (column A)" in said
    assert "  row 6: it has more cells than there are headings, from column D on" in said
    assert "Correct these rows in the file and look at it again, or go on without them." in said


def test_many_rows_and_many_words_are_counted_where_they_would_fill_the_screen(pulse: Pulse) -> None:
    rows = small(*[("Weasels", "Yes", "")] * 20, *[("Otter School", "Yes", f"Boss {n}") for n in range(20)])
    said = told(pulse, rows)
    assert "  rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 8 more: no organisation" in said
    assert "“Boss 7”" in said and "“Boss 8”" not in said
    assert "  C  and 12 others in this column" in said


def test_rows_that_are_blank_to_the_end_are_not_counted(pulse: Pulse) -> None:
    rows = small(("Otter School", "Yes", ""), ("", "", ""), ("Otter School", "No", ""))
    found = seen(pulse, order(pulse, [*rows, *[["", "", ""]] * 500], organisation_column="Organisation"))
    assert (found.rows, found.replies, found.blank_rows, found.refused_total) == (3, 2, 1, 0)


def test_a_title_that_is_passed_over_is_said(pulse: Pulse) -> None:
    rows = [["Our survey"], [""], *small(("Otter School", "Yes", ""))]
    found = seen(pulse, order(pulse, rows, organisation_column="Organisation"))
    assert found.remarks == ("1 row above the headings was not read.",)
    assert found.replies == 1


def test_a_column_that_may_name_the_organisation_is_pointed_out(pulse: Pulse) -> None:
    found = seen(pulse, order(pulse, small(("Otter School", "Yes", ""))))
    assert [left.why for left in found.not_taken] == ["it may name the organisation of each reply; nobody has said so"]
    assert "say --organisation-column with its heading" in "\n".join(as_text(found, {}))


def test_a_file_of_something_else_says_what_to_look_at(pulse: Pulse) -> None:
    path = write(pulse.world.instance.root / "a.csv", [["Car", "Price"], ["red", "7"]])
    said = "\n".join(as_text(seen(pulse, Order(path, "a.csv", "pulse")), {}))
    assert "Nothing could be taken in" in said and "Check that this is its file" in said
