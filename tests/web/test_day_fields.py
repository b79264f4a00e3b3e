"""Is a day or a moment read from its boxes, shown again as it was typed, and is the wrong box named?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from audit_engine.web.controls import DATE_PARTS
from audit_engine.web.day_fields import MOMENT_PARTS, DayField, MomentField, href_of, time_of
from audit_engine.web.views.plan import FigureForm
from audit_engine.web.views.practice import CardForm
from audit_engine.web.views.text_review import DecisionForm
from audit_engine.web.views.trends import EventForm

REAL = "Then must be a real date, for example 31 3 2027."


def filled(field: UnboundField, parts: tuple[str, ...], written: tuple[str, ...]) -> DayField:
    """Return the field after a form was sent with these boxes."""
    form = BaseForm({"then": field})
    form.process(MultiDict({f"then-{part}": text for part, text in zip(parts, written, strict=True)}))
    form.validate()
    found = form["then"]
    assert isinstance(found, DayField)
    return found


def day_of(*written: str) -> DayField:
    return filled(UnboundField(DayField, "When?", named="Then"), DATE_PARTS, written)


def moment_of(*written: str) -> DayField:
    return filled(UnboundField(MomentField, "Then", usual="17:00", missing="Say when"), MOMENT_PARTS, written)


FORMS_OF_WHAT_HAS_HAPPENED = [
    (FigureForm, "as_at", "The day that it stands for"), (CardForm, "consent_on", "The day of the consent"),
    (EventForm, "happened_on", "The day"), (DecisionForm, "told_at", "When you passed it on"),
]  # fmt: skip


@pytest.mark.parametrize("form, name, named", FORMS_OF_WHAT_HAS_HAPPENED)
def test_the_example_of_a_day_that_has_been_is_a_past_one_in_hint_and_message(
    changing_app: Flask, form: type[FlaskForm], name: str, named: str
) -> None:
    boxes = {f"{name}-day": "31", f"{name}-month": "2", f"{name}-year": "2026", f"{name}-time": "9:00"}
    with changing_app.test_request_context(method="POST", data=boxes):
        field = form()[name]
    assert isinstance(field, DayField)
    assert list(field.process_errors) == [f"{named} must be a real date, for example 31 3 2026."]
    assert "31 3 2026" in field.description


def test_a_day_is_read_from_its_three_boxes() -> None:
    assert day_of(" 31 ", "3", "2027").data == date(2027, 3, 31)
    assert day_of("", "", "").data is None
    assert not day_of("", "", "").errors


@pytest.mark.parametrize(
    "written, sentence, wrong",
    [
        (("31", "2", "2027"), REAL, ("day",)),
        (("32", "13", "27"), REAL, ("day", "month", "year")),
        (("1", "May", "2027"), REAL, ("month",)),
        (("1", "1", "9" * 5000), REAL, ("year",)),
        (("9" * 30, "1", "2027"), REAL, ("day",)),
        (("", "1", "2027"), "Then must include a day.", ("day",)),
        (("1", "", ""), "Then must include a month and year.", ("month", "year")),
    ],
)
def test_what_is_no_day_is_shown_again_with_a_sentence_at_its_box(
    written: tuple[str, ...], sentence: str, wrong: tuple[str, ...]
) -> None:
    field = day_of(*written)
    assert (field.typed, list(field.errors), field.data) == (written, [sentence], None)
    assert tuple(part for part, box in zip(DATE_PARTS, field.boxes, strict=True) if box.is_wrong) == wrong
    assert href_of(field) == ("#then" if wrong[0] == "day" else f"#then-{wrong[0]}")


def test_a_refusal_from_elsewhere_marks_every_box() -> None:
    field = day_of("1", "1", "2027")
    field.errors = ["It must be in the past"]
    assert [box.is_wrong for box in field.boxes] == [True, True, True]
    assert href_of(field) == "#then"


@pytest.mark.parametrize("written, hour", [("17:00", 16), ("5pm", 16), ("5.30 PM", 16), ("12am", 23), ("9:05", 8)])
def test_a_moment_is_the_instant_that_clocks_in_the_united_kingdom_show(written: str, hour: int) -> None:
    found = moment_of("15", "7", "2027", written).data
    assert isinstance(found, datetime)
    assert (found.hour, found.tzinfo) == (hour, UTC)


@pytest.mark.parametrize(
    "written, sentence, wrong",
    [
        (("28", "3", "2027", "01:30"), "does not exist", "#then-time"),
        (("31", "10", "2027", "01:30"), "comes twice", "#then-time"),
        (("1", "1", "2027", "soon"), "Then must include a time of day, for example 17:00.", "#then-time"),
        (("", "", "", "18:00"), "Then must include a day, month and year.", "#then"),
        (("", "", "", "17:00"), "Say when", "#then"),
        (("", "", "", ""), "Say when", "#then"),
    ],
)
def test_what_is_no_moment_is_told_at_its_box(written: tuple[str, ...], sentence: str, wrong: str) -> None:
    field = moment_of(*written)
    assert (field.typed, field.data, href_of(field)) == (written, None, wrong)
    assert sentence in str(field.errors[0])


def test_a_stored_instant_is_shown_as_clocks_here_show_it() -> None:
    form = BaseForm({"then": UnboundField(MomentField, "Then")})
    form.process(data={"then": datetime(2027, 7, 15, 16, tzinfo=UTC)})
    assert [box.text for box in form["then"].boxes] == ["15", "7", "2027", "17:00"]


@pytest.mark.parametrize(
    "written, found",
    [("00:00", time(0)), ("12pm", time(12)), ("23.59", time(23, 59)), ("24:00", None), ("13pm", None), ("0am", None),
     ("5", None), ("17:0", None), ("5:75pm", None), ("٥pm", None), ("", None)],
)  # fmt: skip
def test_only_a_time_of_day_is_one(written: str, found: time | None) -> None:
    assert time_of(written) == found
