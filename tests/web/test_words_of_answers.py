"""Can people read what they and others answered, where it could not be saved?"""

from __future__ import annotations

from datetime import date

import pytest

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.services.save_answers import Draft
from audit_engine.web.views.answering import said, texts_typed
from tests.sound import sound_questionnaire

FORM = """
questionnaire: kinds
version: "1"
title: Kinds
standing: model content
kind: audit
respondent: organisation
sections:
  - id: all
    title: All
    items:
      - {id: k.words, type: long-text, text: Words}
      - {id: k.how, type: multiple-choice, text: How, options: [
          {id: quiz, label: By a quiz}, {id: talk, label: By talking}]}
      - {id: k.many, type: number, text: How many, unit: people}
"""


@pytest.fixture(scope="module")
def kinds() -> Questionnaire:
    """A questionnaire with answers that are words, several choices and a number."""
    return sound_questionnaire(FORM)


def test_what_came_too_late_is_shown_also_where_the_words_are_the_answer(kinds: Questionnaire) -> None:
    drafts = [
        Draft("k.words", 0, "Late words"),
        Draft("k.how", 0, ("quiz",), commentary="Beside it"),
        Draft("k.many", 0, 0),
    ]
    assert texts_typed(kinds, drafts) == [
        ("words, Answer", "Late words"), ("how, Commentary", "Beside it"), ("many, Answer", "0 people"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "value", "words"),
    [("k.how", ("quiz", "talk"), "By a quiz; By talking"), ("k.many", 0, "0 people"), ("k.words", "None", "None")],
)
def test_two_answers_stand_beside_one_another_in_words(
    kinds: Questionnaire, item: str, value: object, words: str
) -> None:
    answer = Answer(item, State.ANSWERED, value, action_by=date(2027, 3, 31))
    assert said(kinds.items_by_id[item], answer) == [("Answer", words), ("By when", "31 March 2027")]


def test_an_emptied_answer_is_nothing(kinds: Questionnaire) -> None:
    assert said(kinds.items_by_id["k.many"], Answer("k.many")) == [("Answer", "Nothing")]
