"""Do the exports of every product give the answers that people gave?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit_engine.definition.item_types import other_words
from audit_engine.definition.item_types.base import OtherChoice
from audit_engine.definition.questionnaire import Lineage, Questionnaire
from audit_engine.exchange.headings import layout_of, rows_of_answers
from audit_engine.exchange.mapping import Mapping as ImportMapping
from audit_engine.exchange.mapping import UnfitMapping, Use, fitted
from audit_engine.exchange.matching import suggested
from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import Remarks
from audit_engine.exchange.replies import AN_ADDRESS, NO_SUCH_ANSWER, NOT_A_TICK, Odd, Reader
from tests.exchange.exports import PRODUCTS, REPLIES, Rows, microsoft_forms, survey_monkey, write

Found = tuple[list[Mapping[str, object]], list[Odd]]


def read(path: Path, pulse: Questionnaire, mapping: ImportMapping | None = None) -> Found:
    table = open_table(path)
    layout = layout_of(table, mapping.heading_rows if mapping else None)
    mapping = mapping or suggested(layout, pulse, {}).mapping
    reader = Reader(fitted(mapping, layout, pulse), pulse, {}, month_first=mapping.month_first)
    replies = [reader(row) for row in rows_of_answers(table, layout, Remarks()) if any(row.cells)]
    return [reply.values for reply in replies], [odd for reply in replies for odd in reply.odd]


def comparable(values: Mapping[str, Any]) -> dict[str, object]:
    return {item: (str(value), other_words(value)) for item, value in values.items()}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_every_product_gives_the_answers_that_people_gave(
    product: str, suffix: str, tmp_path: Path, pulse: Questionnaire
) -> None:
    path = write(tmp_path / f"export{suffix}", PRODUCTS[product]())
    assert layout_of(open_table(path)).product == product
    found, odd = read(path, pulse)
    assert odd == []
    assert [comparable(values) for values in found] == [comparable(reply) for reply in REPLIES]


@pytest.mark.parametrize("product, rows", [("Microsoft Forms", 1), ("SurveyMonkey", 2), ("SmartSurvey", 1)])
def test_headings_take_as_many_rows_as_the_product_writes(product: str, rows: int, tmp_path: Path) -> None:
    exported = PRODUCTS[product]()
    if product == "SmartSurvey":  # without questions that have choices it writes fewer rows of headings
        exported = [[row[0], row[1], row[8]] for row in (exported[0], *exported[3:])]
    assert layout_of(open_table(write(tmp_path / "a.csv", exported))).heading_rows == rows


@pytest.mark.parametrize("product", PRODUCTS)
def test_who_answered_when_and_where_is_never_taken(product: str, tmp_path: Path, pulse: Questionnaire) -> None:
    layout = layout_of(open_table(write(tmp_path / "a.csv", PRODUCTS[product]())))
    mapping = suggested(layout, pulse, {}).mapping
    left = {use.heading for use in mapping.uses if use.role == "not taken"}
    assert {"Email", "Email Address"} & left and len(left) >= 6
    forced = [replace(use, role="answer", question="p.7") if "mail" in use.heading else use for use in mapping.uses]
    with pytest.raises(UnfitMapping, match="is never taken: it may say who answered"):
        fitted(replace(mapping, uses=tuple(forced)), layout, pulse)


def one_question(tmp_path: Path, heading: str, *cells: str, under: str = "") -> Path:
    rows: Rows = [["Respondent ID", heading], *([["", under]] if under else [])]
    return write(tmp_path / "a.csv", [*rows, *([str(n), cell] for n, cell in enumerate(cells))])


@pytest.mark.parametrize(
    "heading",
    ["Who told you?", "who told you", "Q3. Who told you?", "3) Who told you ?", "<p>Who&nbsp;told you?</p>".replace(
        "&nbsp;", "\u00a0"), "p.3"],
)  # fmt: skip
def test_a_question_is_known_by_its_words_alone(heading: str, tmp_path: Path, pulse: Questionnaire) -> None:
    found, _ = read(one_question(tmp_path, heading, "A poster"), pulse)
    assert found == [{"p.3": ("poster",)}]


@pytest.mark.parametrize(
    "heading", ["Who told you? - A poster", "Who told you? [A poster]", "Who told you? (A poster)"]
)
@pytest.mark.parametrize("tick", ["1", "Yes", "TRUE", "x", "✓", "A poster", "checked"])
def test_a_choice_may_stand_in_the_heading_beside_its_question(
    heading: str, tick: str, tmp_path: Path, pulse: Questionnaire
) -> None:
    found, odd = read(one_question(tmp_path, heading, tick, "0", "No", "false", "", "perhaps"), pulse)
    assert (found[0], found[1:5]) == ({"p.3": ("poster",)}, [{}] * 4)
    assert [(one.words, one.why) for one in odd] == [("perhaps", NOT_A_TICK)]


def test_what_is_merely_alike_is_named_and_not_taken(tmp_path: Path, pulse: Questionnaire) -> None:
    layout = layout_of(open_table(one_question(tmp_path, "Do you know who is leading?", "Yes")))
    suggestion = suggested(layout, pulse, {})
    assert suggestion.perhaps == {layout.columns[1].key: "p.2"}
    assert [use.role for use in suggestion.mapping.uses] == ["not taken", "not taken"]


def test_two_columns_of_the_same_words_are_taken_only_once_somebody_says_which(
    tmp_path: Path, pulse: Questionnaire
) -> None:
    path = write(tmp_path / "a.csv", [["Who told you?", "Who told you?"], ["A poster", "My manager"]])
    layout = layout_of(open_table(path))
    mapping = suggested(layout, pulse, {}).mapping
    assert [use.role for use in mapping.uses] == ["not taken", "not taken"]
    second = Use("Who told you?", "answer", occurrence=2, question="p.3")
    assert read(path, pulse, ImportMapping(pulse.name, (second,)))[0] == [{"p.3": ("manager",)}]


def test_words_that_no_answer_has_are_listed_and_can_be_given_a_meaning(tmp_path: Path, pulse: Questionnaire) -> None:
    path = one_question(tmp_path, "Do you know who leads?", "Yes", "Aye", "#N/A")
    found, odd = read(path, pulse)
    assert found == [{"p.2": "yes"}, {}, {}]
    assert [(one.position, one.words) for one in odd] == [(1, "Aye"), (1, "#N/A")]
    meant = Use("Do you know who leads?", "answer", question="p.2", words={"aye!": "yes", "#N/A": ""})
    assert read(path, pulse, ImportMapping(pulse.name, (meant,))) == ([{"p.2": "yes"}, {"p.2": "yes"}, {}], [])


def test_answers_are_known_by_the_words_of_earlier_versions(tmp_path: Path, pulse: Questionnaire) -> None:
    item = pulse.items_by_id["p.2"]
    old = replace(
        item, text="Do you know your lead?", options=tuple(replace(o, label=f"Old {o.id}") for o in item.options),
        lineage=Lineage("same"),
    )  # fmt: skip
    table = open_table(one_question(tmp_path, "Do you know your lead?", "Old unsure"))
    layout = layout_of(table)
    mapping = suggested(layout, pulse, {"p.2": (old,)}).mapping
    reader = Reader(fitted(mapping, layout, pulse), pulse, {"p.2": (old,)})
    assert [reader(row).values for row in rows_of_answers(table, layout, Remarks())] == [{"p.2": "unsure"}]


def test_joined_answers_may_hold_the_separator_themselves(tmp_path: Path, pulse: Questionnaire) -> None:
    item = pulse.items_by_id["p.3"]
    odd_label = replace(item.options[0], label="My manager; or theirs")
    items = tuple(replace(i, options=(odd_label, *i.options[1:])) if i.id == "p.3" else i for i in pulse.items)
    section = replace(pulse.sections[0], items=items)
    changed = replace(pulse, sections=(section,))
    found, odd = read(
        one_question(tmp_path, "Who told you?", "My manager; or theirs;A poster;", "A poster;Nobody;"), changed
    )
    assert found == [{"p.3": ("manager", "poster")}, {"p.3": ("poster",)}]
    assert [(one.words, one.why) for one in odd] == [("Nobody", NO_SUCH_ANSWER)]


def test_what_is_odd_is_said_every_time_it_comes(tmp_path: Path, pulse: Questionnaire) -> None:
    found, odd = read(one_question(tmp_path, "Who told you?", *["A poster;Nobody;"] * 3), pulse)
    assert found == [{"p.3": ("poster",)}] * 3
    assert [one.words for one in odd] == ["Nobody"] * 3


def test_only_microsoft_forms_writes_own_words_in_place_of_other(tmp_path: Path, pulse: Questionnaire) -> None:
    forms, _ = read(write(tmp_path / "forms.csv", microsoft_forms()), pulse)
    assert other_words(forms[4]["p.3"]) == "my union"
    found, odd = read(one_question(tmp_path, "Who told you?", "my union"), pulse)
    assert (found, [one.words for one in odd]) == ([{}], ["my union"])


ADDRESSES = ("jane@school.example.org", "Jane.Doe@x.org", "mailto:j@y.co.uk")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_place_of_words_is_left_out_wherever_it_stands(
    address: str, tmp_path: Path, pulse: Questionnaire
) -> None:
    rows = microsoft_forms([{"p.2": "yes", "p.3": (OtherChoice(address), "poster"), "p.7": address},
                            {"p.2": "no", "p.7": f"Write to {address}"}])  # fmt: skip
    found, odd = read(write(tmp_path / "forms.csv", rows), pulse)
    assert found[0] == {"p.2": "yes", "p.3": ("poster",)}
    assert (found[1]["p.7"], len(found)) == (f"Write to {address}", 2), "a reviewer reads what people write"
    assert [(one.words, one.why) for one in odd] == [(address, AN_ADDRESS)] * 2
    beside, odd = read(write(tmp_path / "monkey.csv", survey_monkey([{"p.3": (OtherChoice(address),)}])), pulse)
    assert (beside, [one.why for one in odd]) == ([{}], [AN_ADDRESS])


def test_an_answer_that_typing_would_refuse_is_left_out(tmp_path: Path, pulse: Questionnaire) -> None:
    found, odd = read(one_question(tmp_path, "How many days did it take?", "12", "91", "twelve", "1,000"), pulse)
    assert found == [{"p.10": 12}, {}, {}, {}]
    assert ["90 or less" in one.why or "not a number" in one.why for one in odd] == [True] * 3


def test_a_row_with_more_cells_than_headings_is_not_shortened(tmp_path: Path, pulse: Questionnaire) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ID,Do you know who leads?\n1,Yes\n2,No,and then some\n3,No,\n", encoding="utf-8")
    table = open_table(path)
    layout = layout_of(table)
    assert [len(row.cells) for row in rows_of_answers(table, layout, Remarks())] == [2, 3, 2]


def test_two_columns_cannot_give_the_same_answer(tmp_path: Path, pulse: Questionnaire) -> None:
    layout = layout_of(open_table(write(tmp_path / "a.csv", survey_monkey())))
    uses = suggested(layout, pulse, {}).mapping.uses
    crowded = tuple(replace(u, role="answer", question="p.2") if u.question == "p.1" else u for u in uses)
    with pytest.raises(UnfitMapping, match=r"both give the same part of p\.2"):
        fitted(ImportMapping(pulse.name, crowded), layout, pulse)
