from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Questionnaire, StaffView

LIBRARY = Library(Path(__file__).parents[2])
VERSIONS = ("2022", "2024", "2026")
IN_2022 = tuple(f"ss.{n}" for n in (*range(1, 8), *range(9, 13), *range(15, 19), 21, 25))
GATES = {"ss.8": "ss.8a", "ss.12": "ss.12a", "ss.19": "ss.19a", "ss.19b": "ss.19"}
IN_OWN_WORDS = ("ss.10b", "ss.25b")


@cache
def survey(version: str) -> Questionnaire:
    return LIBRARY.load("section-11-staff", version)


def ids(version: str) -> list[str]:
    return [item.id for item in survey(version).items]


def is_asked(item_id: str, answers: Mapping[str, object], version: str = "2026") -> bool:
    return asked(survey(version), {}, answers)[item_id].asked


def views(version: str) -> list[tuple[str, StaffView]]:
    audit = LIBRARY.load("section-11", version)
    return [(item.id, view) for item in audit.items for view in item.staff_view]


def test_2022_asks_the_17_questions_of_the_notes() -> None:
    assert sorted(ids("2022")) == sorted(IN_2022)
    assert len(ids("2022")) == 17


@pytest.mark.parametrize("version", ["2024", "2026"])
def test_later_versions_ask_25_questions_with_gates_and_own_words(version: str) -> None:
    numbers = {f"ss.{n}" for n in range(1, 26)}
    assert set(ids(version)) == numbers | {"ss.8a", "ss.12a", "ss.19a", "ss.19b", *IN_OWN_WORDS}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_organisation_is_known_from_the_link_and_not_asked(version: str) -> None:
    assert survey(version).items_by_id["ss.1"].type == "information"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_survey_is_anonymous_short_and_model_content(version: str) -> None:
    questionnaire = survey(version)
    assert (questionnaire.respondent, questionnaire.anonymity) == ("person", "anonymous")
    assert questionnaire.standing == "model content"
    assert questionnaire.minutes is not None and questionnaire.minutes <= 5


@pytest.mark.parametrize("version", VERSIONS)
def test_nobody_has_to_answer_anything(version: str) -> None:
    assert not [i.id for i in survey(version).items if i.required and i.type != "information"]


class TestLineage:
    def test_16_of_17_go_on_to_2024_and_one_is_asked_of_fewer_people(self) -> None:
        link = lineage_between(survey("2022"), survey("2024"), criteria_only=False)
        assert sorted(id_ for pair in link.related("same") for id_ in pair.old) == sorted(set(IN_2022) - {"ss.12"})
        assert [pair.new for pair in link.changed_scope] == [("ss.12",)]
        assert len(link.new) == 31 - 17
        assert not (link.dropped or link.folded or link.moved)

    def test_2026_differs_from_2024_in_the_wording_of_ss_12_alone(self) -> None:
        link = lineage_between(survey("2024"), survey("2026"), criteria_only=False)
        assert [pair.new for pair in link.related("reworded")] == [("ss.12",)]
        assert len(link.related("same")) == 30
        assert not (link.new or link.dropped or link.changed_scope)

    @pytest.mark.parametrize(("old", "new"), [("2022", "2024"), ("2024", "2026")])
    def test_what_is_called_the_same_has_the_same_words_and_answers(self, old: str, new: str) -> None:
        for pair in lineage_between(survey(old), survey(new), criteria_only=False).related("same"):
            before, after = survey(old).items_by_id[pair.old[0]], survey(new).items_by_id[pair.new[0]]
            assert (before.text, before.options, before.trend) == (after.text, after.options, after.trend)


class TestRouting:
    @pytest.mark.parametrize(("item", "gate"), GATES.items())
    def test_a_linked_question_is_asked_behind_a_yes_alone(self, item: str, gate: str) -> None:
        opened = {"ss.19a": "yes"} if gate == "ss.19" else {}
        assert is_asked(item, {**opened, gate: "yes"})
        assert not is_asked(item, {**opened, gate: "no"})
        assert not is_asked(item, opened)

    @pytest.mark.parametrize("item", ["ss.20", "ss.22", "ss.23"])
    @pytest.mark.parametrize(("work", "shown"), [("children", True), ("both", True), ("adults", False)])
    def test_work_with_children_opens_the_questions_on_it(self, item: str, work: str, shown: bool) -> None:
        assert is_asked(item, {"ss.4": work}) is shown

    @pytest.mark.parametrize("work", ["children", "adults", "both"])
    def test_the_whole_family_is_asked_about_from_both_sides(self, work: str) -> None:
        assert is_asked("ss.24", {"ss.4": work})

    @pytest.mark.parametrize("item", ["ss.20", "ss.22", "ss.23", "ss.24"])
    def test_who_works_with_neither_is_asked_nothing_about_such_work(self, item: str) -> None:
        assert not is_asked(item, {"ss.4": "neither"})

    @pytest.mark.parametrize("version", VERSIONS)
    def test_training_that_never_was_is_not_asked_about(self, version: str) -> None:
        assert not is_asked("ss.10", {"ss.9": "never"}, version)
        assert is_asked("ss.10", {"ss.9": "over-3-years"}, version)

    def test_only_who_agrees_says_what_changed(self) -> None:
        trained = {"ss.9": "under-1-year"}
        assert is_asked("ss.10b", trained | {"ss.10": "agree"})
        assert not is_asked("ss.10b", trained | {"ss.10": "neither"})


class TestBesideTheAudit:
    @pytest.mark.parametrize("version", ["2024", "2026"])
    def test_every_question_and_answer_that_the_audit_names_is_there(self, version: str) -> None:
        for criterion, view in views(version):
            options = {option.id for option in survey(version).items_by_id[view.item].options}
            assert set(view.consistent) <= options, (criterion, view.item)

    @pytest.mark.parametrize("version", ["2024", "2026"])
    def test_the_answers_that_fit_met_are_the_favourable_ones(self, version: str) -> None:
        for criterion, view in views(version):
            item = survey(version).items_by_id[view.item]
            if item.type != "knowledge":
                favourable = tuple(option.id for option in item.options if option.favourable)
                assert set(view.consistent) == set(favourable), (criterion, view.item)

    @pytest.mark.parametrize("version", ["2024", "2026"])
    def test_every_question_on_practice_is_linked_to_a_criterion(self, version: str) -> None:
        linked = {view.item for _, view in views(version)}
        behind = {"ss.1", "ss.2", "ss.3", "ss.4", "ss.8a", "ss.12a", "ss.19a", *IN_OWN_WORDS}
        assert linked == set(ids(version)) - behind

    @pytest.mark.parametrize("version", VERSIONS)
    def test_sharing_without_consent_is_right_as_the_audit_has_it(self, version: str) -> None:
        item = survey(version).items_by_id["ss.16"]
        assert [row.answer for row in item.key] == ["true"]
        assert [option.id for option in item.options] == ["true", "false", "dont-know"]


@pytest.mark.parametrize("version", VERSIONS)
def test_awareness_of_the_escalation_policy_is_asked_in_the_words_of_the_yearly_survey(version: str) -> None:
    yearly = LIBRARY.load("escalation-awareness", "2026").items_by_id["es.5"]
    here = survey(version).items_by_id["ss.18"]
    assert here.text == yearly.text
    assert here.trend and yearly.trend


@pytest.mark.parametrize("version", VERSIONS)
def test_the_respondent_is_described_by_three_answers_and_shown_by_one(version: str) -> None:
    items = survey(version).items
    assert [i.id for i in items if i.profile] == ["ss.2", "ss.3", "ss.4"]
    assert [i.id for i in items if i.breakdown] == ["ss.2"]
    assert [i.id for i in items if i.sensitive] == ["ss.25"]


@pytest.mark.parametrize("version", VERSIONS)
def test_questions_are_short_and_page_one_says_where_a_child_at_risk_is_reported(version: str) -> None:
    questionnaire = survey(version)
    assert max(len(item.text) for item in questionnaire.items) <= 120
    assert "not the place to report a child at risk" in questionnaire.introduction
