"""Do the three EatSafe files hold what the domain notes (section A7) say, starred, seen and legal duties included?"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked
from audit_engine.definition.duties import duty_on
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import chain
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.definition.variants import worded_for
from audit_engine.definition.worked_examples import run_example

LIBRARY = Library(Path(__file__).parents[2])
VERSIONS = ("2024", "2025", "2026")


def _ids(text: str) -> set[str]:
    return {f"eat.{word}" for word in text.split()}


IN_2024 = _ids(
    """
    A1 A2 A3 A4 B1 B2 B3 B4 B5 C1 C2 C3 C4 C5 D1 D2 D3 D4 D5 D6 D7 D8 D9 E1 E2 E3 E4 F1 F2 F3 F4 F5 F6 G1 G2 G3 G4
    H1 H2 H3 H4
    """
)
IN = {"2024": IN_2024, "2025": IN_2024 | _ids("A5"), "2026": IN_2024 | _ids("A5 I1 I2 I3 I4")}
STARRED = _ids("A1 A3 B1 B2 C1 D1 D2 D3 D8 E1 E2 F1 F2 F3 F5 G1 G3 H1 I1 I2")
OBSERVED = _ids("E1 E2 E3 E4 F1 F2 F3 F5 F6 G1")
DUTY = _ids("B1 B2 C1 F1 F5 G1 H1 I1")
TEAM = _ids("A2 A4 A5 F3 F4 G2 G4 H4")
MEAL = [f"eat.{word}" for word in ["G1", "E2", "E1", "E3", "E4", "F5", "F1", "F2", "F3", "F6"]]
EVERYTHING = {
    "under_1s": True, "under_2s": True, "cooks_on_site": True, "outside_caterer": True, "food_from_home": True,
    "childminder_alone": False,
}  # fmt: skip


@cache
def check(version: str) -> Questionnaire:
    return LIBRARY.load("eatsafe", version)


def those(version: str, **wanted: object) -> set[str]:
    return {i.id for i in check(version).items if all(getattr(i, k) == v for k, v in wanted.items())}


def left_out(version: str, **facts: bool) -> set[str]:
    states = asked(check(version), EVERYTHING | facts, {})
    return {item_id for item_id, state in states.items() if not state.asked}


def item(version: str, short_id: str) -> Item:
    return check(version).items_by_id[f"eat.{short_id}"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_has_neither_faults_nor_warnings(version: str) -> None:
    reading = LIBRARY.reading(LIBRARY.path_of("eatsafe", version))
    assert [str(told) for told in (*reading.faults, *reading.warnings)] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_worked_examples_come_to_what_they_say(version: str) -> None:
    found = {e.title: run_example(check(version), e) for e in check(version).examples}
    assert found and not any(found.values()), found


@pytest.mark.parametrize(("version", "count"), [("2024", 41), ("2025", 42), ("2026", 46)])
def test_the_baseline_has_41_the_repeat_42_and_with_allergies_46(version: str, count: int) -> None:
    assert len(check(version).items) == count
    assert {i.id for i in check(version).items} == IN[version]
    assert {i.type for i in check(version).items} == {"rating"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_section_holds_one_letter_so_that_sections_can_be_compared(version: str) -> None:
    letters = [{i.short_id[0] for i in section.items} for section in check(version).sections]
    assert letters == [set(letter) for letter in ("ABCDGEFHI" if version == "2026" else "ABCDGEFH")]


@pytest.mark.parametrize("version", VERSIONS)
def test_starred_items_are_those_of_the_notes_and_say_what_to_do_today(version: str) -> None:
    assert those(version, critical=True) == STARRED & IN[version]
    assert {i.id for i in check(version).items if i.do_today} == STARRED & IN[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_action_is_asked_for_under_2_on_starred_items_and_on_no_others(version: str) -> None:
    for one in check(version).items:
        unfavourable = tuple(o.id for o in one.options if o.points is not None and o.points < 2)
        assert set(one.action.required_when) == (set(unfavourable) if one.critical else set()), one.id


@pytest.mark.parametrize("version", VERSIONS)
def test_observed_items_are_those_of_the_notes_with_a_scale_of_their_own(version: str) -> None:
    assert those(version, observed=True) == those(version, scale="seen") == OBSERVED
    assert {o.id: o.points for o in item(version, "E1").options} == {"seen": 3, "not-seen": 0, "not-this-meal": None}
    assert {o.points for o in item(version, "A1").options} == {3, 2, 1, 0, None}


@pytest.mark.parametrize("version", VERSIONS)
def test_observed_items_stand_in_the_order_of_a_meal(version: str) -> None:
    assert [i.id for i in check(version).items if i.observed] == MEAL


@pytest.mark.parametrize("version", VERSIONS)
def test_duties_are_those_of_the_notes(version: str) -> None:
    assert {i.id for i in check(version).items if i.duty_from} == DUTY & IN[version]
    assert all(i.duty_from.ref for i in check(version).items if i.duty_from)


@pytest.mark.parametrize("version", VERSIONS)
def test_only_sight_and_hearing_was_a_duty_before_september_2025(version: str) -> None:
    def duties(day: date) -> set[str]:
        return {i.id for i in check(version).items if duty_on(i, day)}

    assert duties(date(2023, 9, 3)) == set()
    assert duties(date(2023, 9, 4)) == duties(date(2025, 8, 31)) == {"eat.F1"}
    assert duties(date(2025, 9, 1)) == DUTY & IN[version]


class TestWhoIsAskedWhat:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_nursery_that_does_everything_is_asked_everything(self, version: str) -> None:
        assert left_out(version) == set()

    @pytest.mark.parametrize(
        ("facts", "without"),
        [
            ({"under_1s": False}, "C1 C3 C4"),
            ({"under_1s": False, "under_2s": False}, "C1 C2 C3 C4 C5 E2"),
            ({"cooks_on_site": False}, "D6"),
            ({"outside_caterer": False}, "D7"),
            ({"cooks_on_site": False, "outside_caterer": False}, "D6 D7 D9"),
            ({"food_from_home": False}, "D8"),
        ],
    )
    def test_what_does_not_happen_is_not_asked(self, facts: dict[str, bool], without: str) -> None:
        assert left_out("2026", **facts) == _ids(without)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_childminder_alone_is_not_asked_about_a_team(self, version: str) -> None:
        assert left_out(version, childminder_alone=True) == TEAM & IN[version]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_childminder_reads_i_where_others_read_we_or_staff(self, version: str) -> None:
        for one in check(version).items:
            words = set(worded_for(one, {"childminder_alone": True}).text.replace(",", " ").split())
            assert one.id in TEAM or not words & {"We", "we", "Staff", "staff", "team", "Somebody"}, one.id

    def test_a_nursery_never_reads_a_childminder_s_wording(self) -> None:
        worded = [one for one in check("2026").items if one.variants]
        assert len(worded) == 19
        assert all(worded_for(one, {"childminder_alone": False}) == one for one in worded)


class TestLineage:
    def test_the_repeat_asks_the_baseline_again_and_a5(self) -> None:
        assert {i.id for i in check("2025").items if i.lineage and i.lineage.relation == "new"} == _ids("A5")
        assert not check("2025").retired and not check("2026").retired

    def test_only_allergies_are_new_in_2026(self) -> None:
        assert {i.id for i in check("2026").items if i.lineage and i.lineage.relation == "new"} == _ids("I1 I2 I3 I4")

    def test_all_41_of_the_baseline_are_like_for_like_to_2026(self) -> None:
        whole = chain([check(v) for v in VERSIONS])
        assert {pair.new[0] for pair in whole.like_for_like} == IN_2024
        assert {u.id for u in whole.new} == _ids("A5 I1 I2 I3 I4")
        assert not whole.changed_scope and not whole.dropped

    @pytest.mark.parametrize("version", ["2025", "2026"])
    def test_the_words_of_what_goes_on_are_the_same_for_childminders_too(self, version: str) -> None:
        before = check(str(int(version) - 1)).items_by_id
        for one in check(version).items:
            if one.id in before:
                old = before[one.id]
                assert (one.text, one.guidance, [v.text for v in one.variants]) == (
                    old.text, old.guidance, [v.text for v in old.variants]
                )  # fmt: skip


class TestOnThePage:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_it_is_confidential_model_content_that_says_so(self, version: str) -> None:
        found = check(version)
        assert (found.kind, found.anonymity, found.standing) == ("audit", "confidential", "model content")
        introduction = " ".join(found.introduction.split())
        assert f"{len(found.items)} short questions" in introduction
        assert "This is not the place to report a child at risk" in introduction
        assert "without children" in introduction

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_photo_is_optional_and_without_children(self, version: str) -> None:
        assert all("without children" in i.evidence.prompt for i in check(version).items)
        assert not any(i.evidence.required_when for i in check(version).items)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_texts_are_short_and_every_item_says_what_to_look_for(self, version: str) -> None:
        for one in check(version).items:
            assert len(one.text) <= 140 and one.text.endswith("."), one.id
            assert 0 < len(one.guidance) <= 240 and len(one.do_today) <= 240, one.id
        assert len({i.guidance for i in check(version).items}) == len(check(version).items)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_items_to_talk_to_parents_about_are_tagged(self, version: str) -> None:
        wanted = _ids("B1 B3 B4 C1 C3 D8 H1 H3 I1 I2") & IN[version]
        assert {i.id for i in check(version).items if "talk-to-parents" in i.tags} == wanted
        assert {i.id for i in check(version).items if "send" in i.tags} == _ids("B4")
