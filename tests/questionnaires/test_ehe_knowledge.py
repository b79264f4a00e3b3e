from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.knowledge import key_on, scored
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Questionnaire

LIBRARY = Library(Path(__file__).parents[2])
VERSIONS = ("2023", "2024", "2026")
# Domain notes, section A6, the column "Correct (2023 and 2024)".
CORRECT = {
    5: "false", 6: "false", 7: "false", 8: "false", 9: "true", 10: "true", 11: "false",
    12: "true", 13: "false", 14: "false", 15: "false", 16: "false", 17: "false", 18: "false",
}  # fmt: skip
OPENED = {"2023": date(2023, 7, 1), "2024": date(2024, 7, 1), "2026": date(2026, 11, 1)}
CHANGED_BY_THE_2026_ACT = (5, 6, 8, 9, 14, 15, 16, 18)


@cache
def survey(version: str) -> Questionnaire:
    return LIBRARY.load("ehe-knowledge", version)


def right_on(version: str, number: int, day: date) -> str:
    row = key_on(survey(version).items_by_id[f"ehe.{number}"], day)
    return row.answer if row else ""


@pytest.mark.parametrize(("version", "count"), [("2023", 20), ("2024", 21), ("2026", 22)])
def test_there_are_20_questions_then_one_more_and_one_more(version: str, count: int) -> None:
    assert {i.id for i in survey(version).items} == {f"ehe.{n}" for n in range(1, count + 1)}
    assert len(survey(version).items) == count


@pytest.mark.parametrize("version", VERSIONS)
def test_14_statements_make_the_score(version: str) -> None:
    knowledge = {i.id for i in survey(version).items if i.type == "knowledge"}
    assert knowledge == {f"ehe.{n}" for n in range(5, 19)}
    for item_id in knowledge:
        options = survey(version).items_by_id[item_id].options
        assert [o.id for o in options] == ["true", "false", "dont-know"]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_right_is_exactly_what_the_notes_say(version: str) -> None:
    found = {n: right_on(version, n, OPENED[version]) for n in CORRECT}
    assert found == CORRECT


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_belief_and_a_gap_are_told_apart(version: str) -> None:
    leave_is_needed = survey(version).items_by_id["ehe.5"]
    found = [scored(leave_is_needed, value, OPENED[version]) for value in ("false", "true", "dont-know", None)]
    assert found == ["correct", "misconception", "gap", "not scored"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_key_names_its_source_and_when_that_was_read(version: str) -> None:
    for number in CORRECT:
        for row in survey(version).items_by_id[f"ehe.{number}"].key:
            assert row.ref and row.as_at is not None and row.as_at <= OPENED[version], number


def test_the_regulations_on_the_roll_change_on_19_august_2024_and_the_answer_does_not() -> None:
    before, after = survey("2024").items_by_id["ehe.12"].key
    assert (before.until, after.since) == (date(2024, 8, 18), date(2024, 8, 19))
    assert "2006" in before.ref and "2024/208" in after.ref
    for day in (date(2024, 8, 18), date(2024, 8, 19)):
        assert right_on("2024", 12, day) == "true"


def test_no_date_is_invented_for_what_the_2026_act_will_change() -> None:
    for number in CHANGED_BY_THE_2026_ACT:
        rows = survey("2026").items_by_id[f"ehe.{number}"].key
        assert [(row.since, row.until) for row in rows] == [(None, None)], number
        assert "not in force in June 2026" in rows[0].ref, number
        assert "check before opening" in rows[0].ref, number


def test_what_the_act_leaves_alone_says_nothing_of_it() -> None:
    for number in set(CORRECT) - set(CHANGED_BY_THE_2026_ACT):
        assert all("June 2026" not in row.ref for row in survey("2026").items_by_id[f"ehe.{number}"].key)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("ticked", "points"),
    [
        (("advise-parents", "check-suitability"), 2),
        (("advise-parents",), 1),
        (("advise-parents", "check-suitability", "give-lessons"), 1),
        (("advise-parents", "check-suitability", "give-lessons", "protect-from-abuse"), 0),
    ],
)
def test_two_points_on_the_team_s_job_mean_that_all_four_ticks_are_right(
    version: str, ticked: tuple[str, ...], points: int
) -> None:
    item = survey(version).items_by_id["ehe.19"]
    assert ITEM_TYPES[item.type].points(ticked, item) == points


class TestLineage:
    @pytest.mark.parametrize(("old", "new", "added"), [("2023", "2024", "ehe.21"), ("2024", "2026", "ehe.22")])
    def test_everything_goes_on_the_same_and_one_question_is_new(self, old: str, new: str, added: str) -> None:
        link = lineage_between(survey(old), survey(new), criteria_only=False)
        assert {pair.new[0] for pair in link.related("same")} == {i.id for i in survey(old).items}
        assert [one.id for one in link.new] == [added]
        assert not (link.dropped or link.folded or link.moved or link.changed_scope)

    @pytest.mark.parametrize(("old", "new"), list(pairwise(VERSIONS)))
    def test_what_is_compared_is_frozen_in_words_and_answers(self, old: str, new: str) -> None:
        for number in range(5, 20):
            before, after = (survey(v).items_by_id[f"ehe.{number}"] for v in (old, new))
            assert before.trend and after.trend
            assert (before.text, before.options) == (after.text, after.options)


@pytest.mark.parametrize("version", ["2024", "2026"])
def test_reading_the_guidance_is_asked_of_those_who_saw_something(version: str) -> None:
    for answer, shown in (("yes", True), ("no", False), ("unsure", False), (None, False)):
        assert asked(survey(version), {}, {"ehe.20": answer})["ehe.21"].asked is shown


@pytest.mark.parametrize("version", VERSIONS)
def test_the_survey_is_anonymous_short_and_nobody_has_to_answer(version: str) -> None:
    questionnaire = survey(version)
    assert (questionnaire.respondent, questionnaire.anonymity) == ("person", "anonymous")
    assert questionnaire.standing == "model content"
    assert questionnaire.minutes is not None and questionnaire.minutes <= 5
    assert not [i.id for i in questionnaire.items if i.required]
    assert "not the place to report a child at risk" in questionnaire.introduction


@pytest.mark.parametrize("version", VERSIONS)
def test_every_statement_is_one_short_sentence(version: str) -> None:
    for number in CORRECT:
        text = survey(version).items_by_id[f"ehe.{number}"].text
        assert text.endswith(".") and text.count(".") == 1 and len(text) <= 125, number


@pytest.mark.parametrize("version", VERSIONS)
def test_true_and_false_are_both_right_often_enough_that_one_tick_for_all_fails(version: str) -> None:
    right = [right_on(version, n, OPENED[version]) for n in CORRECT]
    assert right.count("true") >= 3 and right.count("false") >= 3
