"""Do the questions of a survey, one beside another, keep what each of them hides?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from audit_engine.analysis.breakdown import Table
from audit_engine.analysis.routing import rests_on
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import COMPLETE, REPLY, counted, questions_of
from audit_engine.analysis.survey_release import SurveyRelease
from audit_engine.definition.questionnaire import Questionnaire
from tests.sound import sound_questionnaire

SURVEY = """
questionnaire: linked
version: "1"
title: Linked
standing: model content
kind: survey
respondent: person
sections:
  - id: all
    title: All
    items:
      - {id: l.role, type: single-choice, text: Role, profile: true, breakdown: true,
         options: [{id: front, label: Front}, {id: manager, label: Manager}]}
      - {id: l.know, type: single-choice, text: Know, options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
      - {id: l.how, type: single-choice, text: How, enable_when: l.know == "yes",
         options: [{id: told, label: Told}, {id: read, label: Read}]}
      - {id: l.harm, type: single-choice, text: Harm, sensitive: true, breakdown: true,
         options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
      - {id: l.why, type: single-choice, text: Why, enable_when: l.harm == "no",
         options: [{id: luck, label: Luck}, {id: care, label: Care}]}
      - {id: l.more, type: single-choice, text: More, enable_when: l.why == "luck",
         options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
"""


@pytest.fixture(scope="module")
def linked() -> Questionnaire:
    """A survey in which some questions rest on others."""
    return sound_questionnaire(SURVEY)


def tally(*some: tuple[int, Mapping[str, str | None]]) -> Tally:
    """Return the counts of so many replies of each kind: by item without its prefix; what is missing was not asked."""
    found: Counter[tuple[str, str]] = Counter()
    for number, said in some:
        marks = {f"l.{item}": [value] if value else None for item, value in said.items()}
        for key in counted({REPLY: [COMPLETE], **marks}):
            found[key] += number
    return found


def added(tallies: Iterable[Tally]) -> Tally:
    return sum((Counter(one) for one in tallies), Counter[tuple[str, str]]())


def released(form: Questionnaire, groups: Mapping[str, Tally], **more: Any) -> SurveyRelease:
    return SurveyRelease(form, added(groups.values()), groups, "panel", **more)


def table(release: SurveyRelease, form: Questionnaire, item: str) -> Table:
    return release.question(next(q for q in questions_of(form) if q.id == item))


def test_a_question_rests_on_those_in_its_conditions_and_theirs(linked: Questionnaire) -> None:
    found = rests_on(linked)
    assert found["l.how"] == {"l.know"}
    assert found["l.more"] == {"l.why", "l.harm"}
    assert found["l.role"] == frozenset()


def test_a_group_that_is_hidden_in_one_question_is_hidden_in_those_that_rest_on_it(linked: Questionnaire) -> None:
    groups = {
        "a": tally((33, {"know": "yes", "how": "told"})),
        "b": tally((12, {"know": "yes", "how": "told"})),
        "c": tally((5, {"know": "no"}), (15, {"know": None})),
    }
    release = released(linked, groups)
    assert release.replies.shown[0] == {"a", "b", "c"}
    assert table(release, linked, "l.know").shown[0] == {"a"}
    assert table(release, linked, "l.how").shown[0] == {"a"}, "twelve of b asked how would say that nobody in c knew"


def test_what_rests_on_a_sensitive_question_is_shown_of_everybody_alone(linked: Questionnaire) -> None:
    groups = {name: tally((20, {"harm": "no", "why": "luck"}), (12, {"harm": "yes"})) for name in "ab"}
    found = table(released(linked, groups), linked, "l.why")
    assert found.whole.base == 40
    assert {one.symbol for one in found.groups.values()} == {"c"}


@pytest.mark.parametrize("item", ["l.why", "l.more"])
def test_what_rests_on_a_sensitive_question_is_hidden_with_it(linked: Questionnaire, item: str) -> None:
    kept = {"harm": "no", "why": "luck", "more": "yes"}
    groups = {"a": tally((20, kept), (1, {"harm": "yes"})), "b": tally((20, kept), (1, {"harm": "yes"}))}
    found = table(released(linked, groups), linked, item)
    assert found.whole.symbol == "c", "forty people asked would say how many of forty-two were not harmed"


def test_the_symbol_of_what_is_held_back_does_not_tell_how_many_were_asked(linked: Questionnaire) -> None:
    groups = {name: tally((9, {"harm": "no", "why": "luck"}), (6, {"harm": "yes"})) for name in "ab"}
    found = table(released(linked, groups), linked, "l.why")
    assert {one.symbol for one in found.groups.values()} == {"c"}, "[low] would say that ten at most were asked"


def test_people_are_told_apart_by_a_sensitive_question_only_where_all_its_answers_are_shown(
    linked: Questionnaire,
) -> None:
    groups = {"yes": tally((2, {"harm": "yes"})), "no": tally((40, {"harm": "no"}))}
    blank = tally((20, {"harm": None}))
    whole = added([*groups.values(), blank])
    release = SurveyRelease(linked, whole, groups, "panel", by="l.harm")
    assert release.replies.whole.base == 62
    assert {one.symbol for one in release.replies.groups.values()} == {"c"}
    assert {one.symbol for one in table(release, linked, "l.harm").groups.values()} == {"c"}
    enough = {"yes": tally((22, {"harm": "yes"})), "no": tally((40, {"harm": "no"}))}
    assert released(linked, enough, by="l.harm").replies.shown[0] == {"yes", "no"}


def test_larger_groups_stand_beside_groups(linked: Questionnaire) -> None:
    groups = {name: tally((30, {"know": "yes", "how": "told"}), (5, {"know": "no"})) for name in "abc"}
    release = released(linked, groups, within={"a": "x", "b": "x", "c": "y"})
    found = table(release, linked, "l.know")
    assert {name: one.base for name, one in found.larger.items()} == {"x": 70, "y": 35}
    assert release.question(questions_of(linked)[1]) is found, "worked out once"
