"""Do the three child-on-child tools hold what the domain notes (section A4) say, and does nothing get lost between?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.applicability import asked
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import chain, lineage_between
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.definition.variants import worded_for
from audit_engine.definition.worked_examples import run_example

LIBRARY = Library(Path(__file__).parents[2])
VERSIONS = ("2021", "2023", "2026")
SECTIONS_2023 = {"A": 9, "B": 9, "C": 9, "D": 8, "E": 9, "F": 11, "G": 9}
NEW_2023 = {"coc.B9", "coc.E9", "coc.G9"}
NEW_2026 = {"coc.C10", "coc.F12"}
OLDER_ONLY = {"coc.B8", "coc.C3", "coc.F7"}
SOMETIMES = OLDER_ONLY | {"coc.C2", "coc.F10", "coc.F11"}
EVERY_PHASE = (
    "early-years", "primary", "middle", "secondary", "all-through", "special", "pupil-referral-unit",
    "sixth-form-or-college",
)  # fmt: skip
TAGGED = {
    "online-safety": {"coc.B9", "coc.C9", "coc.E9"},
    "send": {"coc.B5", "coc.C4", "coc.D4"},
    "identity": {"coc.B5", "coc.C4", "coc.D4"},
    "information-sharing": {"coc.G6"},
    "escalation": {"coc.G8"},
}


@cache
def tool(version: str) -> Questionnaire:
    return LIBRARY.load("child-on-child-abuse", version)


def statements(version: str) -> tuple[Item, ...]:
    return tuple(i for i in tool(version).items if i.type == "rating")


def ids(version: str, letter: str = "") -> list[str]:
    return [i.id for i in statements(version) if i.short_id.startswith(letter)]


def by_relation(version: str, relation: str) -> set[str]:
    return {i.id for i in statements(version) if i.lineage and i.lineage.relation == relation}


def left_out(version: str, **facts: object) -> set[str]:
    states = asked(tool(version), facts, {})
    return {i.id for i in statements(version) if not states[i.id].asked}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_has_neither_faults_nor_warnings(version: str) -> None:
    reading = LIBRARY.reading(LIBRARY.path_of("child-on-child-abuse", version))
    assert [str(told) for told in (*reading.faults, *reading.warnings)] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_worked_examples_come_to_what_they_say(version: str) -> None:
    found = {e.title: run_example(tool(version), e) for e in tool(version).examples}
    assert found and not any(found.values()), found


@pytest.mark.parametrize(("version", "count"), [("2021", 61), ("2023", 64), ("2026", 66)])
def test_there_are_61_then_64_and_then_66_statements(version: str, count: int) -> None:
    assert len(statements(version)) == count


@pytest.mark.parametrize("version", VERSIONS)
def test_seven_sections_run_from_a_to_g(version: str) -> None:
    letters = [{i.short_id[0] for i in section.items} for section in tool(version).sections]
    assert letters == [{letter} for letter in SECTIONS_2023]


def test_2023_has_as_many_statements_a_section_as_the_notes() -> None:
    assert {letter: len(ids("2023", letter)) for letter in SECTIONS_2023} == SECTIONS_2023
    assert ids("2023") == [f"coc.{s}{n}" for s, count in SECTIONS_2023.items() for n in range(1, count + 1)]


class TestLineage:
    def test_all_61_go_on_in_2023_and_three_are_new(self) -> None:
        assert by_relation("2023", "new") == NEW_2023
        assert by_relation("2023", "same") | by_relation("2023", "reworded") == set(ids("2021"))
        assert not tool("2023").retired

    def test_what_is_reworded_in_2023_differs_only_in_the_name_of_the_abuse(self) -> None:
        before = tool("2021").items_by_id
        reworded = by_relation("2023", "reworded")
        assert reworded == {i.id for i in statements("2021") if "peer-on-peer" in i.text}
        for item in statements("2023"):
            if item.id not in NEW_2023:
                assert item.text == before[item.id].text.replace("peer-on-peer", "child-on-child"), item.id

    def test_nobody_says_peer_on_peer_any_more_nor_child_on_child_before_its_time(self) -> None:
        assert "child-on-child" not in " ".join(i.text + i.guidance for i in tool("2021").items)
        later = [i.text + i.guidance for version in ("2023", "2026") for i in tool(version).items]
        assert "peer-on-peer" not in " ".join(later)

    def test_all_64_go_on_in_2026_one_of_them_widened_and_two_are_new(self) -> None:
        assert by_relation("2026", "new") == NEW_2026
        assert by_relation("2026", "widened") == {"coc.E7"}
        assert by_relation("2026", "same") == set(ids("2023")) - {"coc.E7"}
        assert not tool("2026").retired

    def test_like_for_like_over_all_three_versions_are_60_statements(self) -> None:
        whole = chain([tool(v) for v in VERSIONS], criteria_only=False)
        compared = {pair.new[0] for pair in whole.like_for_like}
        assert compared & set(ids("2021")) == set(ids("2021")) - {"coc.E7"}
        assert {u.id for u in whole.new} & set(ids("2026")) == NEW_2023 | NEW_2026
        assert [pair.new for pair in whole.changed_scope] == [("coc.E7",)]

    @pytest.mark.parametrize("version", ["2023", "2026"])
    def test_every_change_says_why(self, version: str) -> None:
        changed = [i.lineage for i in tool(version).items if i.lineage and i.lineage.relation != "same"]
        assert changed and all(lineage.reason for lineage in changed)


class TestWhoIsAskedWhat:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_primary_school_is_not_asked_what_is_for_older_pupils(self, version: str) -> None:
        found = left_out(version, phase="primary", residential=False, off_site_provision=False)
        assert found == OLDER_ONLY | {"coc.F10", "coc.F11"}

    @pytest.mark.parametrize("version", VERSIONS)
    @pytest.mark.parametrize("phase", ["secondary", "sixth-form-or-college"])
    def test_a_secondary_school_or_college_is_not_asked_what_is_for_the_youngest(
        self, version: str, phase: str
    ) -> None:
        assert left_out(version, phase=phase, residential=True, off_site_provision=True) == {"coc.C2"}

    @pytest.mark.parametrize("phase", ["middle", "all-through", "special", "pupil-referral-unit"])
    def test_a_school_with_younger_and_older_pupils_is_asked_both(self, phase: str) -> None:
        assert left_out("2026", phase=phase, residential=True, off_site_provision=True) == set()

    @pytest.mark.parametrize("version", VERSIONS)
    def test_whatever_the_phase_everything_else_is_for_everybody(self, version: str) -> None:
        for phase in EVERY_PHASE:
            assert left_out(version, phase=phase, residential=False, off_site_provision=False) <= SOMETIMES
        assert {i.id for i in statements(version) if i.applies_when} == SOMETIMES

    def test_the_profile_knows_every_phase(self) -> None:
        assert tuple(o.id for o in LIBRARY.facts.by_name["phase"].options) == EVERY_PHASE

    def test_from_2026_older_students_have_guidance_of_their_own(self) -> None:
        lessons = tool("2026").items_by_id["coc.C3"]
        for facts in ({"phase": "secondary", "sixth_form": True}, {"phase": "sixth-form-or-college"}):
            assert "From Year 12 on" in worded_for(lessons, facts).guidance
            assert worded_for(lessons, facts).text == lessons.text
        assert worded_for(lessons, {"phase": "secondary", "sixth_form": False}) == lessons


class TestPrivateAndWithoutATotal:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_it_is_a_private_self_audit_with_three_strengths_and_three_priorities(self, version: str) -> None:
        found = tool(version)
        assert (found.kind, found.anonymity, found.standing) == ("self-audit", "private", "model content")
        assert found.reflections is not None
        assert (found.reflections.strengths, found.reflections.priorities) == (3, 3)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_grades_have_points_from_3_to_0_and_nothing_counts_as_met(self, version: str) -> None:
        points = {"embedded": 3, "in-place": 2, "developing": 1, "not-yet": 0, "not-applicable": None}
        for item in statements(version):
            assert {o.id: o.points for o in item.options} == points
            assert {o.counts_as for o in item.options} == {None, "not-applicable"}
        assert not tool(version).criteria and not tool(version).grades and not tool(version).measures

    @pytest.mark.parametrize("version", VERSIONS)
    def test_finishing_is_never_required_nor_a_text_nor_an_action(self, version: str) -> None:
        for item in statements(version):
            assert not item.required
            assert item.commentary.prompt.startswith("How we know.") and not item.commentary.required_when
            assert item.action.prompt and not item.action.required_when
            assert not item.evidence.prompt


class TestForALeadWithNoTime:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_each_section_ends_with_questions_for_pupils_and_for_governors(self, version: str) -> None:
        for section in tool(version).sections:
            pupils, governors = section.items[-2:]
            assert (pupils.type, pupils.tags) == ("information", ("pupil-voice",))
            assert (governors.type, governors.tags) == ("information", ("governors-questions",))
            lines = [*pupils.guidance.splitlines(), *governors.guidance.splitlines()]
            assert len(lines) >= 5 and all("?" in line for line in lines)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_statements_are_short_and_each_has_guidance_and_ways_to_know_of_its_own(self, version: str) -> None:
        found = statements(version)
        assert all(i.text.endswith(".") and "?" not in i.text for i in found)
        assert all(max(len(i.text), len(i.guidance), len(i.good_evidence)) <= 240 for i in found)
        assert len({i.guidance for i in found}) == len({i.good_evidence for i in found}) == len(found)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_support_is_named_for_children_and_for_adults(self, version: str) -> None:
        contacts = " ".join(f"{s.name} {s.contact}" for s in tool(version).support)
        assert all(number in contacts for number in ("999", "0800 1111", "0808 800 5000", "0800 136 663"))
        assert all(s.when for s in tool(version).support)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_the_first_page_says_who_sees_it_and_that_it_is_no_place_to_report(self, version: str) -> None:
        introduction = " ".join(tool(version).introduction.split())
        assert f"There are {len(statements(version))} statements in seven sections" in introduction
        assert "This is not the place to report a child at risk" in introduction
        assert "Nobody in the partnership sees your answers" in introduction
        assert "could reach the database; that is logged" in introduction
        assert tool(version).minutes and tool(version).closing


@pytest.mark.parametrize("version", ["2021", "2023"])
def test_tags_are_those_of_the_notes(version: str) -> None:
    known = set(ids(version))
    expected = {tag: wanted & known for tag, wanted in TAGGED.items()}
    expected |= {"child-on-child": set(ids(version, "A")), "culture": set(ids(version, "A"))}
    expected |= {"voice": set(ids(version, "D")), "csa": set(ids(version, "F"))}
    found: dict[str, set[str]] = {}
    for item in statements(version):
        for tag in item.tags:
            found.setdefault(tag, set()).add(item.id)
    assert found == {tag: wanted for tag, wanted in expected.items() if wanted}


@pytest.mark.parametrize(("version", "year"), [("2021", 2021), ("2023", 2023), ("2026", 2026)])
def test_national_guidance_is_that_of_the_version_s_year(version: str, year: int) -> None:
    references = [law for i in statements(version) for law in i.law]
    assert references and {law.as_at.year for law in references} == {year}
    if version != "2026":
        named = [law.ref for law in references if law.ref.startswith("Keeping children safe in education")]
        assert named and all(f"education {year}," in ref for ref in named)


def test_in_2026_what_rests_on_a_draft_says_so_and_the_rest_asks_to_be_checked() -> None:
    drafts = {i.id for i in statements("2026") if any("draft for consultation" in law.ref for law in i.law)}
    assert drafts == {"coc.C10", "coc.E7", "coc.F12"}
    named = [law.ref for i in statements("2026") for law in i.law if law.ref.startswith("Keeping children safe")]
    assert all("check against" in ref for ref in named)


def test_ai_made_images_and_weapons_come_only_with_2026() -> None:
    def naming(version: str, word: str) -> set[str]:
        return {i.id for i in statements(version) if word in i.text}

    assert [naming(v, " AI") for v in VERSIONS] == [set(), set(), {"coc.C10", "coc.E7"}]
    assert [naming(v, "weapon") for v in VERSIONS] == [set(), set(), {"coc.F12"}]


def test_one_link_alone_compares_every_statement_of_2021() -> None:
    link = lineage_between(tool("2021"), tool("2023"), criteria_only=False)
    assert {pair.new[0] for pair in link.like_for_like} >= set(ids("2021"))
    assert not link.dropped and not link.folded and not link.moved
