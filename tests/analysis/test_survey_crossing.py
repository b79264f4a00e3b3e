"""Is a breakdown left out where it and the results by organisation would tell together what a few people ticked?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from audit_engine.analysis.breakdown import Table
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import COMPLETE, REPLY, counted, questions_of
from audit_engine.analysis.survey_release import SurveyRelease
from audit_engine.definition.questionnaire import Questionnaire
from tests.sound import sound_questionnaire

SURVEY = """
questionnaire: crossed
version: "1"
title: Crossed
standing: model content
kind: survey
respondent: person
sections:
  - id: all
    title: All
    items:
      - {id: c.age, type: single-choice, text: Age, profile: true, breakdown: true, sensitive: true,
         options: [{id: young, label: Young}, {id: old, label: Old}, {id: unsaid, label: No, prefer_not: true}]}
      - {id: c.what, type: multiple-choice, text: What, sensitive: true,
         options: [{id: words, label: Words}, {id: deeds, label: Deeds},
                   {id: nothing, label: Nothing, exclusive: true}]}
"""
WORDS, DEEDS, BOTH, NOTHING = ["words"], ["deeds"], ["words", "deeds"], ["nothing"]
#: So many people of an organisation and an age, and what they ticked.
Replies = list[tuple[str, str, int, list[str]]]
#: Who answered in both surveys; they differ in who of the old there ticked both.
EVERYWHERE: Replies = [
    ("here", "old", 13, NOTHING), ("here", "old", 2, WORDS), ("here", "old", 3, DEEDS), ("here", "old", 1, BOTH),
    ("here", "young", 7, NOTHING), ("here", "young", 2, WORDS), ("here", "young", 2, DEEDS),
    ("there", "young", 28, NOTHING), ("there", "young", 2, WORDS), ("there", "young", 2, DEEDS),
    ("there", "young", 1, BOTH), ("there", "unsaid", 4, NOTHING), ("there", "unsaid", 1, DEEDS),
]  # fmt: skip
ONE_TICKED_BOTH: Replies = [("there", "old", 29, NOTHING), ("there", "old", 2, WORDS), ("there", "old", 1, BOTH)]
NONE_TICKED_BOTH: Replies = [("there", "old", 28, NOTHING), ("there", "old", 3, WORDS), ("there", "old", 1, DEEDS)]


@pytest.fixture(scope="module")
def crossed() -> Questionnaire:
    """A survey with a sensitive question of several ticks, broken down by age."""
    return sound_questionnaire(SURVEY)


def tally(replies: Iterable[tuple[str, str, int, list[str]]]) -> Tally:
    found: Counter[tuple[str, str]] = Counter()
    for _, age, number, ticks in replies:
        for key in counted({REPLY: [COMPLETE], "c.age": [age], "c.what": ticks}):
            found[key] += number
    return found


def by_age(form: Questionnaire, replies: Replies) -> Table:
    """Return what may be seen by age where results by organisation are there too."""
    organisations, ages = (
        {name: tally(r for r in replies if r[place] == name) for name in sorted({r[place] for r in replies})}
        for place in (0, 1)
    )
    beside = SurveyRelease(form, tally(replies), organisations, "panel", by="organisation")
    question = next(q for q in questions_of(form) if q.id == "c.what")
    assert beside.question(question).counted[0] == {"here", "there"}
    return SurveyRelease(form, tally(replies), ages, "panel", by="c.age", beside=beside).question(question)


def test_ticks_are_not_broken_down_where_organisations_limit_what_a_few_ticked(crossed: Questionnaire) -> None:
    found = by_age(crossed, EVERYWHERE + ONE_TICKED_BOTH)
    assert found.counted == (frozenset(), frozenset()), "the five who would not say their age: four deeds at most"
    assert found.whole.figure("deeds").count == 11


def test_ticks_are_broken_down_where_the_few_may_have_ticked_anything(crossed: Questionnaire) -> None:
    found = by_age(crossed, EVERYWHERE + NONE_TICKED_BOTH)
    assert found.counted == (frozenset({"old"}), frozenset())
    assert found.groups["old"].figure("deeds").count == 5
