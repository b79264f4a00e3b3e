from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked
from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire

LIBRARY = Library(Path(__file__).parents[2])
FOR_USERS = {f"ctr.{n}" for n in range(6, 12)}
FOR_OTHERS = {"ctr.12", "ctr.13"}
OF_ALL = {"ctr.1", "ctr.2", "ctr.3", "ctr.4", "ctr.5", "ctr.14"}


@cache
def survey() -> Questionnaire:
    return LIBRARY.load("child-on-child-tool-review", "2023")


def asked_with(answers: Mapping[str, object]) -> set[str]:
    return {item_id for item_id, state in asked(survey(), {}, answers).items() if state.asked}


def test_there_are_14_questions_in_the_order_of_their_numbers() -> None:
    assert [item.id for item in survey().items] == [f"ctr.{n}" for n in range(1, 15)]


def test_the_survey_is_anonymous_short_and_model_content() -> None:
    assert (survey().respondent, survey().anonymity, survey().standing) == ("person", "anonymous", "model content")
    assert survey().minutes == 4


@pytest.mark.parametrize("use", ["used", "using-now"])
def test_a_user_is_asked_about_the_tool_and_not_why_they_stay_away(use: str) -> None:
    assert asked_with({"ctr.5": use}) == OF_ALL | FOR_USERS


def test_who_has_not_used_it_is_asked_why_and_whether_they_will() -> None:
    assert asked_with({"ctr.5": "not-used"}) == OF_ALL | FOR_OTHERS


@pytest.mark.parametrize("answers", [{}, {"ctr.5": "unsure"}, {"ctr.4": "no"}])
def test_blank_or_unsure_belongs_to_neither_group(answers: Mapping[str, object]) -> None:
    assert asked_with(answers) == OF_ALL


def test_useful_means_very_fairly_or_a_little() -> None:
    options = survey().items_by_id["ctr.8"].options
    assert [o.id for o in options if o.favourable] == ["very", "fairly", "a-little"]
    assert [o.id for o in options if not o.favourable] == ["not-useful"]


def test_the_seven_sections_of_the_tool_can_be_kept_added_to_or_cut() -> None:
    item = survey().items_by_id["ctr.10"]
    assert len(item.rows) == 7
    assert [o.id for o in item.options if not o.dont_know] == ["keep", "add", "cut"]


def test_the_reasons_for_staying_away_are_those_of_the_notes_and_another_can_be_said() -> None:
    item = survey().items_by_id["ctr.12"]
    assert {"unaware", "no-time", "use-another", "not-relevant", "too-long"} <= {o.id for o in item.options}
    assert item.other


def test_pages_that_touch_sexual_harm_name_people_to_talk_to() -> None:
    assert [contact.name for contact in survey().support] == [
        "NSPCC helpline",
        "Report Abuse in Education helpline (NSPCC)",
        "Childline",
    ]
    assert "describe anything that happened to a child" in survey().introduction
    assert "not the place to report a child at risk" in survey().introduction


def test_nobody_has_to_answer_anything() -> None:
    assert not [i.id for i in survey().items if i.required]
