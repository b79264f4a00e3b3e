"""Do counts of replies become answers with the right bases?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.disclosure import Counts, release
from audit_engine.analysis.response_rates import aapor_response_rates, took_part_sentence
from audit_engine.analysis.survey import (
    DONT_KNOW,
    FAVOURABLE,
    QuestionResult,
    ScoreResult,
    asked_of,
    counts_of,
    reply_counts,
    score_counts,
)
from audit_engine.analysis.survey_codes import columns_of, packed, tallied, tallied_by
from audit_engine.analysis.survey_marks import Marks, counted, free_texts, key_day, marks_of, questions_of
from audit_engine.definition.applicability import resolved
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from tests.analysis.by_hand import vectors
from tests.conftest import ROOT
from tests.sound import sound_questionnaire

SURVEY = """
questionnaire: small
version: "1"
title: Small
standing: model content
kind: survey
respondent: person
sections:
  - id: all
    title: All
    items:
      - {id: s.0, type: information, text: Hello}
      - {id: s.1, type: single-choice, text: Did you know?,
         options: [{id: "yes", label: "Yes", favourable: true}, {id: "no", label: "No"},
                   {id: unsure, label: Not sure, dont_know: true}]}
      - {id: s.2, type: single-choice, text: Could you find it?, enable_when: s.1 == "yes",
         options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
      - {id: s.3, type: multiple-choice, text: What helped?, other: true,
         options: [{id: poster, label: Poster}, {id: team, label: Team}, {id: other, label: Other}]}
      - {id: s.4, type: grid, text: How sure are you with, rows: [{id: peer, label: a peer}, {id: boss, label: a boss}],
         options: [{id: low, label: Low}, {id: high, label: High, favourable: true}]}
      - {id: s.5, type: knowledge, text: It is allowed, key: [
          {answer: "true", from: 2026-03-01, to: 2026-05-31, ref: A, as_at: 2026-01-01},
          {answer: "false", from: 2026-06-10, ref: B, as_at: 2026-01-01}]}
      - {id: s.6, type: single-choice, text: I write it down,
         options: [{id: always, label: Always, favourable: true}, {id: never, label: Never},
                   {id: not-mine, label: Not my work, counts_as: not-applicable},
                   {id: prefer-not, label: Prefer not to say, prefer_not: true}]}
      - {id: s.7, type: long-text, text: Anything else}
      - {id: s.8, type: number, text: How many?}
"""
DAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def small() -> Questionnaire:
    return sound_questionnaire(SURVEY)


def marks(small: Questionnaire, day: date = DAY, **typed: Any) -> Marks:
    """Return the marks of a reply; ``s_1="yes"`` stands for item s.1 as a form gives it."""
    return marks_of(small, resolved(small, {}, values(small, typed)), day)


def values(small: Questionnaire, typed: Mapping[str, Any]) -> dict[str, object]:
    items = {name: small.items_by_id[name.replace("_", ".")] for name in typed}
    return {item.id: ITEM_TYPES[item.type].parse(typed[name], item) for name, item in items.items()}


def tally(replies: Sequence[Marks]) -> Counter[tuple[str, str]]:
    return Counter(one for reply in replies for one in counted(reply))


def counts(small: Questionnaire, question: str, replies: Sequence[Marks]) -> Counts:
    return counts_of(next(q for q in questions_of(small) if q.id == question), tally(replies))


def test_each_row_of_a_grid_is_a_question_and_information_is_none(small: Questionnaire) -> None:
    ids = [q.id for q in questions_of(small)]
    assert ids == ["s.1", "s.2", "s.3", "s.4:peer", "s.4:boss", "s.5", "s.6", "s.7", "s.8"]
    assert questions_of(small)[3].text == "How sure are you with a peer"


def test_who_was_not_asked_is_not_missing(small: Questionnaire) -> None:
    replies = [marks(small, s_1="yes", s_2="no"), marks(small, s_1="yes"), marks(small, s_1="no"), marks(small)]
    found = counts(small, "s.2", replies)
    assert (found.asked, found.answered, found.base) == (2, 1, 1)
    gate = counts(small, "s.1", replies)
    assert (gate.asked, gate.answered) == (4, 3), "who left the gate blank is missing there, and not asked after it"


def test_an_answer_given_before_the_way_was_barred_does_not_count(small: Questionnaire) -> None:
    assert "s.2" not in marks(small, s_1="no", s_2="yes")


def test_dont_know_stays_in_the_base_and_is_given_apart(small: Questionnaire) -> None:
    found = counts(small, "s.1", [marks(small, s_1=a) for a in ("yes", "yes", "no", "unsure")])
    assert (found.base, dict(found.cells)) == (4, {"yes": 2, "no": 1, "unsure": 1})
    assert {s.id: (s.count, s.base) for s in found.sums} == {FAVOURABLE: (2, 4), DONT_KNOW: (1, 4)}


def test_does_not_apply_and_prefer_not_to_say_leave_the_base(small: Questionnaire) -> None:
    replies = [marks(small, s_6=a) for a in ("always", "always", "never", "not-mine", "prefer-not")]
    found = counts(small, "s.6", replies)
    assert (found.answered, found.base, dict(found.cells)) == (5, 3, {"always": 2, "never": 1})
    assert dict(found.outside) == {"not-mine": 1, "prefer-not": 1}
    assert [(s.count, s.base) for s in found.sums] == [(2, 3)]


def test_several_answers_are_of_the_people_who_answered(small: Questionnaire) -> None:
    other = {"options": ["poster", "other"], "text": "A friend"}
    replies = [marks(small, s_3=["poster", "team"]), marks(small, s_3=other), marks(small)]
    found = counts(small, "s.3", replies)
    assert (found.asked, found.base, found.several) == (3, 2, True)
    assert dict(found.cells) == {"poster": 2, "team": 1, "other": 1}
    assert found.sums == ()


def test_a_row_of_a_grid_has_its_own_base(small: Questionnaire) -> None:
    replies = [marks(small, s_4={"peer": "low", "boss": "high"}), marks(small, s_4={"peer": "high"}), marks(small)]
    peer, boss = counts(small, "s.4:peer", replies), counts(small, "s.4:boss", replies)
    assert (peer.asked, peer.base, peer.sums[0].count) == (3, 2, 1)
    assert (boss.asked, boss.base, boss.sums[0].count) == (3, 1, 1)


@pytest.mark.parametrize(
    "day, answer, outcome",
    [
        (date(2026, 5, 31), "true", "=correct"), (date(2026, 5, 31), "false", "=misconception"),
        (date(2026, 5, 31), "dont-know", "=gap"), (date(2026, 6, 1), "true", "=not scored"),
        (date(2026, 6, 10), "false", "=correct"), (date(2026, 6, 10), "true", "=misconception"),
    ],
)  # fmt: skip
def test_knowledge_is_scored_with_the_key_of_the_day(
    small: Questionnaire, day: date, answer: str, outcome: str
) -> None:
    assert marks(small, day, s_5=answer)["s.5"] == [answer, outcome]


def test_days_without_a_key_are_outside_the_base_of_what_was_right(small: Questionnaire) -> None:
    replies = [marks(small, date(2026, 4, 1), s_5="true"), marks(small, date(2026, 6, 2), s_5="true")]
    found = counts(small, "s.5", replies)
    assert (found.base, {s.id: (s.count, s.base) for s in found.sums}["correct"]) == (2, (1, 1))


@pytest.mark.parametrize(
    "today, kept",
    [
        (date(2026, 4, 2), date(2026, 4, 2)), (date(2026, 5, 31), date(2026, 4, 2)),
        (date(2026, 6, 1), date(2026, 6, 1)), (date(2026, 6, 9), date(2026, 6, 1)),
        (date(2026, 8, 1), date(2026, 6, 10)),
    ],
)  # fmt: skip
def test_the_day_kept_is_the_last_turn_of_a_key_and_scores_alike(small: Questionnaire, today: date, kept: date) -> None:
    assert key_day(small, date(2026, 4, 2), today) == kept
    assert marks(small, kept, s_5="true") == marks(small, today, s_5="true")


def test_words_are_told_apart_from_marks(small: Questionnaire) -> None:
    typed = {"s_3": {"options": ["other"], "text": "A friend"}, "s_7": "All is\nwell", "s_1": "yes"}
    found = free_texts(small, resolved(small, {}, values(small, typed)))
    assert found == (("s.3", "A friend"), ("s.7", "All is\nwell"))
    kept = marks(small, **typed)
    assert (kept["s.3"], kept["s.7"]) == (["other"], ["#"])
    assert ("s.7", "#") not in tally([kept])


def test_a_number_is_kept_and_counted_as_answered_only(small: Questionnaire) -> None:
    reply = marks(small, s_8="12")
    assert reply["s.8"] == ['#"12"']
    assert [mark for item, mark in counted(reply) if item == "s.8"] == ["?", ""]


@pytest.mark.parametrize(
    "typed, completeness",
    [({}, "~broken-off"), ({"s_1": "no"}, "~broken-off"),
     ({"s_1": "no", "s_3": ["team"], "s_5": "true", "s_6": "never"}, "~partial"),
     ({"s_1": "no", "s_3": ["team"], "s_5": "true", "s_6": "never", "s_4": {"peer": "low"}, "s_7": "x"}, "~complete")],
)  # fmt: skip
def test_a_reply_is_complete_from_four_fifths_and_partial_from_half_of_what_was_asked(
    small: Questionnaire, typed: dict[str, Any], completeness: str
) -> None:
    assert marks(small, **typed)[""] == [completeness, f"={int('s_5' in typed)}"]


def test_the_score_is_how_many_statements_were_judged_rightly(small: Questionnaire) -> None:
    replies = [marks(small, s_5="true")] * 9 + [marks(small, s_5="false")] * 3
    found = ScoreResult(1, release(score_counts(small, tally(replies)), "panel"))
    assert found.mean == Fraction(3, 4)
    assert ScoreResult(1, release(score_counts(small, tally(replies[:10])), "panel")).mean is None


def test_a_question_that_many_skip_is_flagged(small: Questionnaire) -> None:
    question = questions_of(small)[0]
    for skipped, flagged in ((1, False), (2, True)):
        replies = [marks(small, s_1="yes")] * (17 - skipped) + [marks(small)] * skipped
        found = QuestionResult(question, "", release(counts_of(question, tally(replies)), "panel"))
        assert found.many_skipped is flagged


def test_who_was_asked_is_said_in_words(small: Questionnaire) -> None:
    said = {q.id: asked_of(q, small) for q in questions_of(small)}
    assert said["s.1"] == ""
    assert said["s.2"] == "“Did you know?” is Yes"


def reply_of(draw: st.DrawFn, small: Questionnaire) -> Marks:
    typed: dict[str, Any] = {}
    for item in small.items:
        if item.options and draw(st.booleans()):
            option = st.sampled_from([o.id for o in item.options])
            shapes = {"multiple-choice": st.lists(option, max_size=3),
                      "grid": st.dictionaries(st.sampled_from(["peer", "boss"]), option)}  # fmt: skip
            typed[item.id.replace(".", "_")] = draw(shapes.get(item.type, option))
    return marks(small, draw(st.sampled_from([DAY, date(2026, 6, 2), date(2026, 7, 1)])), **typed)


@given(st.data())
def test_packed_replies_count_as_the_replies_do(small: Questionnaire, data: st.DataObject) -> None:
    replies = data.draw(st.lists(st.composite(reply_of)(small), max_size=25))
    columns = columns_of(small)
    texts = [packed(columns, one) for one in replies]
    assert all(len(text) == len(columns) for text in texts)
    assert +Counter(tallied(columns, texts)) == tally(replies)
    assert +Counter(tallied(columns, ["".join(texts)])) == tally(replies), "many may stand in one text"
    by_answer = tallied_by(columns, texts, "s.1")
    for option in ("yes", "no", "unsure"):
        own = [one for one in replies if one.get("s.1") == [option]]
        assert +Counter(by_answer.get(option, {})) == tally(own)
    assert +Counter(by_answer[""]) == tally([one for one in replies if not one.get("s.1")])


def test_a_question_of_very_many_answers_can_be_packed() -> None:
    options = ", ".join(f"{{id: o{n}, label: O{n}}}" for n in range(300))
    head = SURVEY.split("      - {id: s.0")[0]
    source = f"{head}      - {{id: s.1, type: single-choice, text: Which?, options: [{options}]}}\n"
    wide = sound_questionnaire(source)
    columns = columns_of(wide)
    texts = [packed(columns, marks(wide, s_1=f"o{n}")) for n in (0, 299, 299)]
    assert tallied(columns, texts)["s.1", "o299"] == 2


@pytest.mark.parametrize("vector", vectors("aapor_response_rates"), ids=lambda v: v["name"])
def test_response_rates_give_the_vector(vector: dict[str, Any]) -> None:
    found = aapor_response_rates(**vector["input"])
    for name, rate in vector["expected"].items():
        assert getattr(found, name) == pytest.approx(rate, abs=vector["tolerance"]), name


@pytest.mark.parametrize(
    "invited, sentence",
    [
        (None, "196 people took part; the number invited is not known, so no response rate can be given."),
        (600, "196 people took part of 600 invited; the response rate (RR2, at least half of the questions answered) "
              "is 32%."),
        (100, "196 people took part, which is more than the 100 who were invited, so no response rate can be given. "
              "Check the number invited."),
    ],
)  # fmt: skip
def test_a_response_rate_is_given_only_where_the_number_invited_is_known(invited: int | None, sentence: str) -> None:
    replies = {("", ""): 196, ("", "~complete"): 180, ("", "~partial"): 13, ("", "~broken-off"): 3}
    assert took_part_sentence(release(reply_counts(replies), "panel"), invited) == sentence


def test_fewer_than_eleven_replies_are_not_counted_out() -> None:
    released = release(reply_counts({("", ""): 7, ("", "~complete"): 7}), "panel")
    assert took_part_sentence(released, 20) == "Fewer than 11 people took part, so nothing is shown."


def test_domain_b5_item_6_no_hides_what_follows_and_a_blank_gate_keeps_the_rest() -> None:
    es = Library(ROOT).load("escalation-awareness", "2023")
    no = marks_of(es, resolved(es, {}, {"es.5": "no", "es.12": "yes"}), DAY)
    blank = marks_of(es, resolved(es, {}, {"es.12": "yes"}), DAY)
    hidden = [f"es.{n}" for n in range(6, 12)]
    assert not set(hidden) & set(no)
    assert set(no) >= {"es.5", "es.12", "es.13", "es.18"}
    assert blank["es.5"] is None
    both = tally([no, blank])
    assert (both["es.5", "?"], both["es.5", ""], both["es.12", ""], both["es.6", "?"]) == (2, 1, 2, 0)
