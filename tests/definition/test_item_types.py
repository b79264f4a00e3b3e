from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from audit_engine.definition import item_types
from audit_engine.definition.item_types import (
    ITEM_TYPES,
    FileReference,
    OtherChoice,
    Unparsable,
    number_types,
    other_words,
    value_type_of,
)
from audit_engine.definition.item_types.counts import Count, missing_rows, total
from audit_engine.definition.questionnaire import Item, Option

MET = (
    Option("met", "Met", Decimal(2), "met"),
    Option("partly-met", "Partially met", Decimal(1), "partly-met"),
    Option("not-met", "Not met", Decimal(0), "not-met"),
    Option("na", "Not applicable", None, "not-applicable", needs="reason"),
)
TICKS = (Option("a", "Apples", Decimal(1)), Option("b", "Pears", Decimal(2)), Option("none", "None", exclusive=True))
WITH_OTHER = (*TICKS, Option("other", "Something else"))
ROWS = (Option("front", "Front line"), Option("managers", "Managers"))


def item(type_id: str, **keys: object) -> Item:
    options = {"rating": MET, "single-choice": MET, "grid": MET, "multiple-choice": TICKS}.get(type_id, ())
    options = options or ITEM_TYPES[type_id].options
    plain = Item("t.1", type_id, "Question", options=options, rows=ROWS if type_id == "grid" else ())
    return replace(plain, **keys)  # type: ignore[arg-type]


def parse(type_id: str, raw: object, **keys: object) -> object:
    return ITEM_TYPES[type_id].parse(raw, item(type_id, **keys))


def refusal(type_id: str, raw: object, **keys: object) -> str:
    with pytest.raises(Unparsable) as caught:
        parse(type_id, raw, **keys)
    return caught.value.sentence


def problems(type_id: str, value: object, **keys: object) -> tuple[str, ...]:
    return ITEM_TYPES[type_id].problems(value, item(type_id, **keys))


def test_every_file_of_the_folder_is_in_the_table() -> None:
    folder = Path(item_types.__file__).parent
    files = {path.stem.replace("_", "-") for path in folder.glob("[!_]*.py")} - {"base"}
    assert files == set(ITEM_TYPES)


def test_the_types_are_those_of_the_design() -> None:
    named = (
        "rating single-choice multiple-choice text long-text number date grid file yes-no-unsure information "
        "calculated counts knowledge"
    )
    assert set(ITEM_TYPES) == set(named.split())
    assert all(key == item_type.id for key, item_type in ITEM_TYPES.items())


@pytest.mark.parametrize("type_id", ITEM_TYPES)
@pytest.mark.parametrize("raw", [None, "", "  ", [], ()])
def test_nothing_given_is_unanswered(type_id: str, raw: object) -> None:
    assert parse(type_id, raw) is None


@pytest.mark.parametrize("type_id", ITEM_TYPES)
def test_unanswered_has_no_text_no_points_no_problem_and_survives_json(type_id: str) -> None:
    item_type = ITEM_TYPES[type_id]
    assert item_type.text(None, item(type_id)) == ""
    assert item_type.points(None, item(type_id)) is None
    assert item_type.problems(None, item(type_id)) == ()
    assert item_type.from_json(item_type.to_json(None)) is None


@pytest.mark.parametrize(
    ("type_id", "raw", "value"),
    [
        ("rating", "met", "met"),
        ("rating", ["partly-met"], "partly-met"),
        ("rating", "Partially MET", "partly-met"),
        ("single-choice", " na ", "na"),
        ("yes-no-unsure", "unsure", "unsure"),
        ("yes-no-unsure", "Not sure", "unsure"),
        ("multiple-choice", ["b", "a"], ("a", "b")),
        ("multiple-choice", "a", ("a",)),
        ("multiple-choice", ["a", "a", ""], ("a",)),
        ("text", "  one \n two ", "one two"),
        ("text", 3, "3"),
        ("text", "bell\x07 and \ud800 gone", "bell and gone"),
        ("long-text", " one\r\ntwo\rthree ", "one\ntwo\nthree"),
        ("number", "12", Decimal(12)),
        ("number", " 1,234.50 ", Decimal("1234.50")),
        ("number", "-3", Decimal(-3)),
        ("number", 7, Decimal(7)),
        ("date", "2026-09-14", date(2026, 9, 14)),
        ("date", "14/9/2026", date(2026, 9, 14)),
        ("date", "14 September 2026", date(2026, 9, 14)),
        ("date", "14 sept 2026", date(2026, 9, 14)),
        ("date", {"day": "14", "month": "9", "year": "2026"}, date(2026, 9, 14)),
        ("date", {"day": "14", "month": "Sep", "year": "2026"}, date(2026, 9, 14)),
        ("date", {"day": "", "month": "", "year": ""}, None),
        ("date", date(2026, 9, 14), date(2026, 9, 14)),
        ("date", datetime(2026, 9, 14, 9), date(2026, 9, 14)),
        ("grid", {"managers": "met", "front": "na"}, (("front", "na"), ("managers", "met"))),
        ("grid", {"managers": "met", "front": ""}, (("managers", "met"),)),
        ("grid", {}, None),
        ("file", {"reference": "r1", "name": "policy.pdf"}, FileReference("r1", "policy.pdf")),
        ("knowledge", "false", "false"),
        ("knowledge", "Don't know", "dont-know"),
        ("counts", {"headcount": "1,200", "completed": 9}, (Count("", 1200, 9),)),
        ("counts", {"headcount": "12", "completed": ""}, (Count("", 12, None),)),
        ("counts", {"headcount": " ", "completed": None}, None),
        ("counts", {}, None),
        ("single-choice", {"option": "met", "text": ""}, "met"),
        ("multiple-choice", {"options": ["b", "a"], "text": ""}, ("a", "b")),
    ],
)
def test_what_a_form_sends_becomes_a_value_that_survives_json(type_id: str, raw: object, value: object) -> None:
    item_type = ITEM_TYPES[type_id]
    parsed = parse(type_id, raw)
    assert parsed == value
    assert item_type.parse(parsed, item(type_id)) == parsed
    assert item_type.from_json(json.loads(json.dumps(item_type.to_json(parsed)))) == parsed


@pytest.mark.parametrize(
    ("type_id", "raw", "words"),
    [
        ("rating", "excellent", "Choose Met, Partially met, Not met or Not applicable"),
        ("rating", ["met", "not-met"], "one answer"),
        ("rating", {"a": 1}, "not an answer"),
        ("multiple-choice", ["a", "z"], "“z” is not one of the choices"),
        ("multiple-choice", {"a": 1}, "not a list of choices"),
        ("multiple-choice", [1], "not a list of choices"),
        ("number", "twelve", "not a number"),
        ("number", "1e5", "not a number"),
        ("number", "nan", "not a number"),
        ("number", "12,34", "not a number"),
        ("number", "9" * 16, "not a number"),
        ("number", "١٢", "not a number"),
        ("date", "31/2/2026", "no such day as 31 2 2026"),
        ("date", "2026-13-01", "no such day"),
        ("date", "tomorrow", "not a date"),
        ("date", "14/9/26", "not a date"),
        ("date", "14 9 1066", "1066 cannot be right"),
        ("date", {"day": "14", "month": "", "year": "2026"}, "must include a month"),
        ("date", {"day": "xiv", "month": "9", "year": "2026"}, "not a date"),
        ("grid", "met", "each row"),
        ("grid", ("front",), "each row"),
        ("grid", {"cleaners": "met"}, "no row “cleaners”"),
        ("grid", {"front": "great"}, "not one of the choices"),
        ("file", "policy.pdf", "Choose a file"),
        ("file", {"name": "policy.pdf"}, "Choose it again"),
        ("information", "yes", "takes no answer"),
        ("calculated", "5", "worked out"),
        ("knowledge", "perhaps", "Choose True, False or Don't know"),
        ("counts", "12", "two numbers"),
        ("counts", ("12",), "two numbers"),
        ("counts", {"heads": "12"}, "two numbers"),
        ("counts", {"headcount": {}, "completed": []}, "not an answer"),
        ("counts", {"headcount": "-1", "completed": "0"}, "People in scope: “-1” is not a whole number."),
        ("counts", {"headcount": "2.5", "completed": "0"}, "not a whole number"),
        ("counts", {"headcount": "12", "completed": "1234567890"}, "Completed: “1234567890” is not a whole number."),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_a_sentence(type_id: str, raw: object, words: str) -> None:
    assert words in refusal(type_id, raw)


@pytest.mark.parametrize(
    ("type_id", "value", "keys", "words"),
    [
        ("multiple-choice", ("a", "none"), {}, "“None” cannot be chosen together"),
        ("multiple-choice", ("a",), {"minimum": Decimal(2)}, "at least 2"),
        ("multiple-choice", ("a", "b"), {"maximum": Decimal(1)}, "at most 1"),
        ("text", "x" * 501, {}, "501 characters; at most 500 fit. Shorten it by 1."),
        ("text", "abc", {"maximum_length": 2}, "at most 2"),
        ("long-text", "x" * 10_001, {}, "10,001 characters"),
        ("number", Decimal("2.5"), {"whole": True}, "whole number"),
        ("number", Decimal(1), {"minimum": Decimal(2)}, "2 or more"),
        ("number", Decimal(3), {"maximum": Decimal(2)}, "2 or less"),
        ("grid", (("front", "met"),), {}, "“Managers”"),
        ("counts", (Count("", 4, 5),), {}, "“Completed” (5) cannot be more than “People in scope” (4)."),
        ("counts", (Count("", None, 5),), {}, "“People in scope” is missing"),
        (
            "counts",
            (Count("front", 4, None),),
            {"rows": ROWS},
            "Front line: Write both numbers, or neither; “Completed”",
        ),
        ("counts", (Count("", 4, 0),), {"minimum": Decimal(5)}, "“People in scope” must be 5 or more."),
        ("counts", (Count("", 4, 0),), {"maximum": Decimal(3)}, "“People in scope” must be 3 or less."),
        ("single-choice", OtherChoice("x" * 501), {}, "“Other” has 501 characters; at most 500 fit."),
        ("multiple-choice", ("a", OtherChoice("x" * 501)), {}, "at most 500 fit"),
    ],
)
def test_a_value_that_breaks_a_rule_of_the_item_gets_one_sentence(
    type_id: str, value: object, keys: dict[str, object], words: str
) -> None:
    found = problems(type_id, value, **keys)
    assert len(found) == 1
    assert words in found[0]


def test_a_value_within_the_rules_has_no_problem() -> None:
    assert problems("multiple-choice", ("none",)) == ()
    assert problems("number", Decimal(2), minimum=Decimal(2), maximum=Decimal(2), whole=True) == ()
    assert problems("text", "x" * 500) == ()
    assert problems("grid", (("front", "met"),), required=False) == ()
    assert problems("grid", (("front", "met"), ("managers", "na"))) == ()
    assert problems("counts", (Count("", 4, 4),), minimum=Decimal(4), maximum=Decimal(4)) == ()
    assert problems("counts", (Count("managers", 0, 0),), rows=ROWS) == ()


@pytest.mark.parametrize(
    ("type_id", "value", "points"),
    [
        ("rating", "met", Decimal(2)),
        ("rating", "not-met", Decimal(0)),
        ("rating", "na", None),
        ("multiple-choice", ("a", "b"), Decimal(3)),
        ("multiple-choice", ("none",), None),
        ("grid", (("front", "met"), ("managers", "partly-met")), Decimal(3)),
        ("grid", (("front", "na"),), None),
        ("number", Decimal(5), None),
        ("counts", (Count("", 4, 4),), None),
        ("knowledge", "true", None),
    ],
)
def test_points_come_from_the_chosen_options_alone(type_id: str, value: object, points: Decimal | None) -> None:
    assert ITEM_TYPES[type_id].points(value, item(type_id)) == points


@pytest.mark.parametrize(
    ("type_id", "value", "keys", "text"),
    [
        ("rating", "partly-met", {}, "Partially met"),
        ("rating", "gone", {}, "gone"),
        ("multiple-choice", ("a", "b"), {}, "Apples; Pears"),
        ("number", Decimal("12.50"), {"unit": "hours"}, "12.50 hours"),
        ("date", date(2026, 9, 4), {}, "4 September 2026"),
        ("grid", (("front", "met"), ("managers", "na")), {}, "Front line: Met; Managers: Not applicable"),
        ("file", FileReference("r", "policy.pdf"), {}, "policy.pdf"),
        ("calculated", True, {}, "Yes"),
        ("calculated", False, {}, "No"),
        ("calculated", Decimal("66.666"), {"unit": "%"}, "66.7 %"),
        ("calculated", Decimal("2.5"), {"whole": True}, "3"),
        ("calculated", Decimal("-2.5"), {"whole": True}, "-3"),
        ("calculated", Decimal("4.0"), {}, "4"),
        ("calculated", "met", {}, "met"),
        ("counts", (Count("", 1200, 9),), {}, "9 of 1200"),
        ("counts", (Count("", None, 9),), {}, "9 of ?"),
        (
            "counts",
            (Count("front", 4, 3), Count("managers", 2, 2)),
            {"rows": ROWS},
            "Front line: 3 of 4; Managers: 2 of 2",
        ),
        ("knowledge", "dont-know", {}, "Don't know"),
        ("single-choice", OtherChoice("I cook"), {"options": WITH_OTHER}, "Something else: I cook"),
        ("multiple-choice", ("a", OtherChoice("I cook")), {"options": WITH_OTHER}, "Apples; Something else: I cook"),
        ("multiple-choice", ("a", "other"), {"options": WITH_OTHER}, "Apples; Something else"),
    ],
)
def test_values_read_as_a_person_would_write_them(
    type_id: str, value: object, keys: dict[str, object], text: str
) -> None:
    assert ITEM_TYPES[type_id].text(value, item(type_id, **keys)) == text


def test_a_unit_that_is_typed_is_understood() -> None:
    assert parse("number", "12 hours", unit="hours") == Decimal(12)
    assert parse("number", "£12", unit="pounds") == Decimal(12)
    assert "not a number" in refusal("number", "12 hours")


def test_choices_are_typed_with_their_labels() -> None:
    assert value_type_of(item("rating")).options == {o.id: o.label for o in MET}
    assert value_type_of(item("multiple-choice")).kind == "texts"
    assert value_type_of(item("grid")).kind == "other"
    assert value_type_of(item("text")).options is None


@pytest.mark.parametrize(
    ("type_id", "raw", "value"),
    [
        ("single-choice", {"option": "other", "text": " I\n cook\x07 "}, "other"),
        ("multiple-choice", {"options": ["other", "a"], "text": "I cook"}, ("a", "other")),
        ("multiple-choice", ["a", {"option": "other", "text": "I cook"}], ("a", "other")),
    ],
)
def test_words_beside_other_are_kept_and_the_answer_is_other_for_all_else(
    type_id: str, raw: object, value: object
) -> None:
    item_type, asked = ITEM_TYPES[type_id], item(type_id, options=WITH_OTHER)
    parsed = item_type.parse(raw, asked)
    assert parsed == value
    assert other_words(parsed) == "I cook"
    stored = json.loads(json.dumps(item_type.to_json(parsed)))
    for again in (item_type.from_json(stored), item_type.parse(parsed, asked), pickle.loads(pickle.dumps(parsed))):
        assert again == value
        assert other_words(again) == "I cook"


def test_words_beside_another_option_are_left_out() -> None:
    parsed = ITEM_TYPES["single-choice"].parse({"option": "a", "text": "I cook"}, item("single-choice", options=TICKS))
    assert (parsed, other_words(parsed)) == ("a", "")
    assert other_words(None) == ""


def test_counts_with_rows_are_given_by_row_and_stand_in_their_order() -> None:
    raw = {"managers": {"headcount": "2", "completed": "1"}, "front": {"headcount": 4, "completed": 3}}
    parsed = parse("counts", raw, rows=ROWS)
    assert parsed == (Count("front", 4, 3), Count("managers", 2, 1))
    assert ITEM_TYPES["counts"].parse(parsed, item("counts", rows=ROWS)) == parsed
    assert ITEM_TYPES["counts"].from_json(json.loads(json.dumps(ITEM_TYPES["counts"].to_json(parsed)))) == parsed
    assert "no row “cleaners”" in refusal("counts", {"cleaners": {"headcount": 1, "completed": 1}}, rows=ROWS)
    assert "Front line, Completed: “x”" in refusal("counts", {"front": {"headcount": 1, "completed": "x"}}, rows=ROWS)


def test_counts_are_summed_over_the_rows_that_are_whole() -> None:
    value = (Count("front", 4, 3), Count("managers", 2, None), Count("others", 10, 10))
    assert total(value) == Count("", 14, 13)
    assert total((Count("front", 4, None),)) == Count("", None, None)
    assert total(None) == Count("", None, None)
    assert missing_rows(value, item("counts", rows=ROWS)) == ("managers",)
    assert missing_rows(None, item("counts")) == ("",)


def test_the_numbers_of_counts_have_names_in_expressions() -> None:
    types = number_types("t.1", ITEM_TYPES["counts"])
    assert {name: (kind.kind, kind.part_of) for name, kind in types.items()} == {
        "t.1.headcount": ("number", "t.1"),
        "t.1.completed": ("number", "t.1"),
    }
    assert number_types("t.1", ITEM_TYPES["number"]) == {}
