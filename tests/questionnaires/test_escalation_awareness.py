from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import chain, lineage_between
from audit_engine.definition.questionnaire import Questionnaire

LIBRARY = Library(Path(__file__).parents[2])
VERSIONS = ("2021", "2022", "2023", "2026")


def _ids(numbers: Iterable[int]) -> set[str]:
    return {f"es.{n}" for n in numbers}


IN_ALL = _ids((1, 2, 5, 6, 8, 9, 12, 13, 14, 18))
FROM_2022 = _ids((3, 4, 7, 10, 15))
FROM_2023 = _ids((11, 16, 17))
WAVES = {
    "2021": IN_ALL,
    "2022": IN_ALL | FROM_2022,
    "2023": IN_ALL | FROM_2022 | FROM_2023,
    "2026": IN_ALL | FROM_2022 | FROM_2023 | {"es.19"},
}
ON_KNOWING = {"es.6", "es.7", "es.8", "es.19"}
ON_USING = {"es.9", "es.10", "es.11"}
OF_ALL = {"es.12", "es.15", "es.16", "es.17", "es.18"}


@cache
def survey(version: str) -> Questionnaire:
    return LIBRARY.load("escalation-awareness", version)


def asked_in(version: str, answers: Mapping[str, object]) -> set[str]:
    return {item_id for item_id, state in asked(survey(version), {}, answers).items() if state.asked}


@pytest.mark.parametrize(("version", "count"), [("2021", 10), ("2022", 15), ("2023", 18), ("2026", 19)])
def test_each_wave_asks_what_the_notes_say(version: str, count: int) -> None:
    found = [item.id for item in survey(version).items]
    assert set(found) == WAVES[version]
    assert len(found) == count


@pytest.mark.parametrize("version", VERSIONS)
def test_the_survey_is_anonymous_short_and_model_content(version: str) -> None:
    questionnaire = survey(version)
    assert (questionnaire.respondent, questionnaire.anonymity) == ("person", "anonymous")
    assert questionnaire.standing == "model content"
    assert questionnaire.minutes is not None and questionnaire.minutes <= 5


class TestTheTrend:
    def test_es_5_has_the_same_words_and_answers_in_every_wave(self) -> None:
        items = [survey(version).items_by_id["es.5"] for version in VERSIONS]
        assert {item.text for item in items} == {"Did you know there is a multi-agency escalation policy?"}
        assert {tuple((o.id, o.label) for o in item.options) for item in items} == {(("yes", "Yes"), ("no", "No"))}
        assert all(item.trend for item in items)

    def test_es_5_is_like_for_like_over_the_whole_chain(self) -> None:
        whole = chain([survey(version) for version in VERSIONS], criteria_only=False)
        pair = whole.pair_of("es.5")
        assert pair is not None and pair in whole.like_for_like and pair.old == ("es.5",)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_nothing_before_es_5_gives_the_policy_away(self, version: str) -> None:
        questionnaire = survey(version)
        before = questionnaire.items[: [i.id for i in questionnaire.items].index("es.5")]
        read = [questionnaire.title, questionnaire.introduction]
        read += [part for item in before for part in (item.text, item.guidance, *(o.label for o in item.options))]
        read += [section.title for section in questionnaire.sections if section.items[0].id in ("es.1", "es.5")]
        assert not [text for text in read if "policy" in text.lower() or "escalat" in text.lower()]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_the_headline_share_is_the_rest_of_the_favourable_one(self, version: str) -> None:
        options = survey(version).items_by_id["es.5"].options
        assert [o.id for o in options if not o.favourable] == ["no"]


class TestLineage:
    @pytest.mark.parametrize(("old", "new"), list(pairwise(VERSIONS)))
    def test_everything_goes_on_the_same_and_the_rest_is_new(self, old: str, new: str) -> None:
        link = lineage_between(survey(old), survey(new), criteria_only=False)
        assert {pair.new[0] for pair in link.related("same")} == WAVES[old]
        assert {one.id for one in link.new} == WAVES[new] - WAVES[old]
        assert all(one.reason for one in link.new)
        assert not (link.dropped or link.folded or link.moved or link.changed_scope)

    @pytest.mark.parametrize(("old", "new"), list(pairwise(VERSIONS)))
    def test_what_is_called_the_same_has_the_same_answers_and_the_same_base(self, old: str, new: str) -> None:
        for item_id in WAVES[old]:
            before, after = survey(old).items_by_id[item_id], survey(new).items_by_id[item_id]
            assert (before.text, before.options, before.rows) == (after.text, after.options, after.rows)
            conditions = [item.enable_when.source if item.enable_when else "" for item in (before, after)]
            assert conditions[0] == conditions[1]


@pytest.mark.parametrize("version", VERSIONS)
class TestBases:
    def test_es_5_no_hides_what_rests_on_knowing_and_nothing_else(self, version: str) -> None:
        shown = asked_in(version, {"es.5": "no"})
        assert not shown & (ON_KNOWING | ON_USING)
        assert OF_ALL & WAVES[version] <= shown

    def test_es_5_blank_keeps_what_is_asked_of_all(self, version: str) -> None:
        shown = asked_in(version, {})
        assert OF_ALL & WAVES[version] <= shown
        assert not shown & (ON_KNOWING | ON_USING)

    def test_es_5_yes_opens_what_rests_on_knowing(self, version: str) -> None:
        shown = asked_in(version, {"es.5": "yes"})
        assert ON_KNOWING & WAVES[version] <= shown
        assert not shown & ON_USING

    def test_only_who_used_it_is_asked_how_it_went(self, version: str) -> None:
        assert ON_USING & WAVES[version] <= asked_in(version, {"es.5": "yes", "es.8": "yes"})
        assert not asked_in(version, {"es.5": "yes", "es.8": "no"}) & ON_USING

    def test_an_answer_under_a_gate_that_closed_again_opens_nothing(self, version: str) -> None:
        assert not asked_in(version, {"es.5": "no", "es.8": "yes"}) & ON_USING

    def test_only_who_disagreed_is_asked_what_they_did(self, version: str) -> None:
        assert "es.13" in asked_in(version, {"es.12": "yes"})
        assert "es.13" not in asked_in(version, {"es.12": "no"})

    @pytest.mark.parametrize("step", ["talked", "asked-advice", "wrote", "nothing"])
    def test_without_a_formal_step_the_reason_is_asked(self, version: str, step: str) -> None:
        assert "es.14" in asked_in(version, {"es.12": "yes", "es.13": (step,)})

    @pytest.mark.parametrize("step", ["managers", "policy", "partnership"])
    def test_a_formal_step_needs_no_reason(self, version: str, step: str) -> None:
        assert "es.14" not in asked_in(version, {"es.12": "yes", "es.13": ("talked", step)})

    def test_what_they_did_left_blank_asks_no_reason(self, version: str) -> None:
        assert "es.14" not in asked_in(version, {"es.12": "yes"})


@pytest.mark.parametrize("version", ["2023", "2026"])
def test_the_first_step_is_to_talk(version: str) -> None:
    item = survey(version).items_by_id["es.17"]
    assert item.type == "knowledge"
    assert [row.answer for row in item.key] == ["talk"]
    assert [o.id for o in item.options if o.dont_know] == ["dont-know"]


def test_the_key_of_2026_owns_that_it_was_not_checked_against_the_review() -> None:
    row = survey("2026").items_by_id["es.17"].key[0]
    assert "review due by April 2026" in row.ref
    assert row.as_at is not None and row.as_at < date(2026, 4, 1)


@pytest.mark.parametrize("version", VERSIONS)
def test_results_are_broken_down_by_sector_alone(version: str) -> None:
    assert [i.id for i in survey(version).items if i.breakdown] == ["es.1"]
    assert {i.id for i in survey(version).items if i.profile} == WAVES[version] & _ids((1, 2, 3, 4))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_question_on_the_subject_carries_its_tag(version: str) -> None:
    assert {i.id for i in survey(version).items if "escalation" in i.tags} == WAVES[version] - _ids((1, 2, 3, 4))


@pytest.mark.parametrize("version", VERSIONS)
def test_questions_are_short_and_page_one_says_where_a_child_at_risk_is_reported(version: str) -> None:
    questionnaire = survey(version)
    assert max(len(item.text) for item in questionnaire.items) <= 100
    assert "not the place to report a child at risk" in questionnaire.introduction
    assert not [i.id for i in questionnaire.items if i.required]
