from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.library import Library
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Item, Questionnaire
from tests.questionnaires import section_11_map as notes

LIBRARY = Library(Path(__file__).parents[2])
VERSIONS = ("2022", "2024", "2026")
CONTINUING = ("same", "reworded", "widened", "narrowed")


@cache
def audit(version: str) -> Questionnaire:
    return LIBRARY.load("section-11", version)


def graded(version: str) -> tuple[str, ...]:
    return tuple(item.id for item in audit(version).criteria)


def by_relation(version: str, relation: str) -> dict[str, tuple[str, ...]]:
    """Return the sources of each item of that relation, by the item's id."""
    return {i.id: i.lineage.sources for i in audit(version).items if i.lineage and i.lineage.relation == relation}


def continuing_under_own_id(version: str) -> tuple[Item, ...]:
    items = (i for i in audit(version).items if i.lineage and i.lineage.relation in CONTINUING)
    return tuple(i for i in items if i.lineage and i.lineage.sources == (i.id,))


def retired(version: str, relation: str) -> set[str]:
    return {r.id for r in audit(version).retired if r.relation == relation}


@pytest.mark.parametrize(
    ("version", "expected"), [("2022", notes.GRADED_2022), ("2024", notes.GRADED_2024), ("2026", notes.GRADED_2026)]
)
def test_each_version_holds_exactly_the_criteria_of_the_notes(version: str, expected: tuple[str, ...]) -> None:
    assert Counter(graded(version)) == Counter(expected)


@pytest.mark.parametrize(("version", "count"), [("2022", 81), ("2024", 54), ("2026", 59)])
def test_the_versions_grade_81_54_and_59_criteria(version: str, count: int) -> None:
    assert len(graded(version)) == count


def test_2026_asks_three_ungraded_questions() -> None:
    ungraded = [i for i in audit("2026").items if not i.is_criterion]
    assert [i.id for i in ungraded] == list(notes.UNGRADED_2026)
    assert [i.type for i in ungraded] == ["long-text", "long-text", "yes-no-unsure"]
    assert audit("2026").items_by_id["s11.OS.6"].opens == "online-safety-follow-up"


@pytest.mark.parametrize(("version", "count"), [("2022", 12), ("2024", 10), ("2026", 10)])
def test_there_are_twelve_standards_and_then_ten(version: str, count: int) -> None:
    assert len(audit(version).sections) == count


def test_2024_and_2026_keep_the_same_standards_so_that_they_can_be_set_side_by_side() -> None:
    assert [(s.id, s.title) for s in audit("2024").sections] == [(s.id, s.title) for s in audit("2026").sections]


def test_35_ids_run_through_all_three_versions() -> None:
    assert len(set(graded("2022")) & set(graded("2024")) & set(graded("2026"))) == 35


def test_every_earlier_criterion_is_carried_or_retired_once() -> None:
    for earlier, later in (("2022", "2024"), ("2024", "2026")):
        carried = {s for i in audit(later).items if i.lineage for s in i.lineage.sources}
        left = [r.id for r in audit(later).retired]
        assert sorted(carried | set(left)) == sorted(graded(earlier))
        assert not carried & set(left) and len(left) == len(set(left))


class TestFrom2022To2024:
    def test_40_of_81_continue_under_their_own_id(self) -> None:
        assert len(continuing_under_own_id("2024")) == 40

    def test_22_merge_into_10_new_ids(self) -> None:
        merged = by_relation("2024", "merged")
        assert merged == notes.MERGED_2024
        assert len(merged) == 10 and sum(len(parents) for parents in merged.values()) == 22
        assert not set(merged) & set(graded("2022"))

    def test_ir_4_alone_is_widened_into_ir_11(self) -> None:
        widened = by_relation("2024", "widened")
        assert widened == {"s11.IR.11": ("s11.IR.4",), "s11.TS.1": ("s11.TS.1",)}

    def test_18_drop_or_move_each_with_a_reason(self) -> None:
        assert retired("2024", "dropped") == set(notes.DROPPED_2024)
        assert {r.id: r.instrument for r in audit("2024").retired if r.relation == "moved"} == notes.MOVED_2024
        assert len(audit("2024").retired) == 18
        assert all(r.reason for r in audit("2024").retired)

    def test_three_are_truly_new_and_the_parts_add_up_to_54(self) -> None:
        assert tuple(by_relation("2024", "new")) == notes.NEW_2024
        assert len(graded("2024")) == 40 + 10 + 1 + 3


class TestFrom2024To2026:
    def test_47_of_54_continue_42_of_them_the_same(self) -> None:
        assert len(continuing_under_own_id("2026")) == 47
        assert len(by_relation("2026", "same")) == 42
        assert set(by_relation("2026", "widened")) == set(notes.WIDENED_2026)
        assert by_relation("2026", "narrowed") == {"s11.IS.4": ("s11.IS.4",)}

    def test_4_merge_into_2(self) -> None:
        assert by_relation("2026", "merged") == notes.MERGED_2026

    def test_1_splits_into_2_and_is_9_is_split_off_is_4_which_goes_on(self) -> None:
        assert by_relation("2026", "split") == {
            "s11.VC.11": ("s11.VC.9",),
            "s11.VC.12": ("s11.VC.9",),
            "s11.IS.9": ("s11.IS.4",),
        }

    def test_is_4_is_compared_and_is_9_counts_as_new(self) -> None:
        compared = lineage_between(audit("2024"), audit("2026"))
        assert [pair.new for pair in compared.pairs if pair.old == ("s11.IS.4",)] == [("s11.IS.4",)]
        assert {new.id for new in compared.new} == {*notes.NEW_2026, "s11.IS.9"}

    def test_1_folds_in_and_1_moves(self) -> None:
        assert {r.id: (r.relation, r.into, r.instrument) for r in audit("2026").retired} == {
            "s11.LG.2": ("folded", ("s11.LG.1",), ""),
            "s11.OS.2": ("moved", (), notes.MOVED_2026["s11.OS.2"]),
        }

    def test_7_criteria_are_new_and_the_parts_add_up_to_59(self) -> None:
        new = by_relation("2026", "new")
        assert set(new) == set(notes.NEW_2026) | set(notes.UNGRADED_2026)
        assert len(graded("2026")) == 47 + 2 + 2 + 1 + 7


@pytest.mark.parametrize("version", ["2024", "2026"])
def test_a_criterion_called_the_same_has_the_same_words(version: str) -> None:
    before = audit(str(int(version) - 2)).items_by_id
    for new, (old,) in by_relation(version, "same").items():
        assert audit(version).items_by_id[new].text == before[old].text


@pytest.mark.parametrize("version", ["2024", "2026"])
def test_every_change_says_why(version: str) -> None:
    changed = [i.lineage for i in audit(version).items if i.lineage and i.lineage.relation != "same"]
    assert all(lineage.reason for lineage in changed)


@pytest.mark.parametrize("version", VERSIONS)
def test_tags_are_those_of_the_notes(version: str) -> None:
    expected = {item.id: {tag for tag, ids in notes.TAGGED.items() if item.id in ids} for item in audit(version).items}
    assert {item.id: set(item.tags) for item in audit(version).items} == expected


@pytest.mark.parametrize(
    ("version", "tags", "count"),
    [
        ("2024", ("information-sharing",), 5),
        ("2026", ("information-sharing",), 8),
        ("2024", ("safer-recruitment", "lado"), 10),
        ("2026", ("safer-recruitment", "lado"), 11),
    ],
)
def test_the_plan_s_tag_sets_grow_by_design(version: str, tags: tuple[str, ...], count: int) -> None:
    assert len(list(audit(version).tagged(*tags))) == count


def test_the_plan_s_two_measures_compare_with_2024_on_final_ratings() -> None:
    measures = {m.id: m for m in audit("2026").measures}
    assert {k: m.tags for k, m in measures.items()} == {
        "information-sharing": ("information-sharing",),
        "safer-recruitment-and-lado": ("safer-recruitment", "lado"),
    }
    for measure in measures.values():
        assert (measure.baseline, measure.direction, measure.basis) == ("2024", "increase", "final")
        assert measure.population is not None
        assert measure.population.holds({"organisation.in_plan": True})
        assert not measure.population.holds({"organisation.in_plan": False})


@pytest.mark.parametrize("version", VERSIONS)
def test_critical_criteria_are_those_of_the_notes_and_ask_for_evidence_of_met(version: str) -> None:
    critical = [i for i in audit(version).criteria if i.critical]
    assert tuple(i.id for i in critical) == notes.CRITICAL
    best = audit(version).criteria[0].options[0].id
    assert all(i.evidence.required_when == (best,) for i in critical)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_applies_to_some_depends_on_the_fact_that_the_notes_name(version: str) -> None:
    conditions = {i.id: i.applies_when.names for i in audit(version).items if i.applies_when}
    expected = {id_: frozenset({f"organisation.{fact}"}) for fact, ids in notes.DEPENDS_ON.items() for id_ in ids}
    asked = set(audit(version).items_by_id)
    assert conditions == {id_: names for id_, names in expected.items() if id_ in asked}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_universal_criterion_applies_to_all(version: str) -> None:
    universal = [i for i in audit(version).criteria if i.universal]
    assert {"s11.LG.1", "s11.LG.7", "s11.CU.1", "s11.IR.2", "s11.AL.1", "s11.SR.3"} <= {i.id for i in universal}
    assert all(i.applies_when is None for i in universal)


@pytest.mark.parametrize("version", ["2024", "2026"])
def test_staff_questions_are_set_beside_the_criteria_of_the_notes(version: str) -> None:
    found = {(v.item, i.id) for i in audit(version).criteria for v in i.staff_view}
    asked = set(graded(version))
    assert found == {(q, id_) for q, ids in notes.IN_STAFF_SURVEY.items() for id_ in ids if id_ in asked}
    views = [v for i in audit(version).criteria for v in i.staff_view]
    assert all(v.consistent and v.survey == "section-11-staff" and v.dont_know == "in-base" for v in views)
    assert {(str(v.target), str(v.floor), v.minimum) for v in views} == {("0.75", "0.50", 11)}


def test_2022_has_four_points_that_read_as_three() -> None:
    assert {o.id: o.counts_as for o in audit("2022").criteria[0].options} == {
        "fully-met": "met",
        "mostly-met": "partly-met",
        "partially-met": "partly-met",
        "not-met": "not-met",
        "not-applicable": "not-applicable",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_not_applicable_needs_a_reason_and_every_point_says_what_it_means(version: str) -> None:
    for item in audit(version).criteria:
        assert all(o.descriptor for o in item.options)
        assert [o.id for o in item.options if o.needs == "reason"] == ["not-applicable"]


@pytest.mark.parametrize("version", ["2022", "2024"])
def test_earlier_audits_always_ask_for_commentary(version: str) -> None:
    assert {i.commentary.required_when for i in audit(version).criteria} == {("always",)}


def test_2026_asks_for_commentary_only_where_there_is_something_to_say() -> None:
    assert {i.commentary.required_when for i in audit("2026").criteria} == {
        ("partly-met", "not-met", "changed", "new", "critical")
    }
    assert {i.action.required_when for i in audit("2026").criteria} == {("partly-met", "not-met")}


def test_every_2026_criterion_has_guidance_and_good_evidence_of_its_own() -> None:
    criteria = audit("2026").criteria
    assert all(i.guidance and i.good_evidence for i in criteria)
    assert len({i.good_evidence for i in criteria}) == len({i.guidance for i in criteria}) == 59


@pytest.mark.parametrize("version", VERSIONS)
def test_criteria_are_sentences_short_enough_to_read_once(version: str) -> None:
    for item in audit(version).items:
        assert item.text[0].isupper() and item.text[-1] in ".?)", item.id
        assert len(item.text) <= 240, item.id
        assert len(item.guidance) <= 240 and len(item.good_evidence) <= 240, item.id


@pytest.mark.parametrize(("version", "year"), [("2022", 2022), ("2024", 2024), ("2026", 2026)])
def test_law_is_dated_within_the_audit_s_year(version: str, year: int) -> None:
    references = [law for i in audit(version).items for law in i.law]
    assert references and {law.as_at.year for law in references} == {year}


def test_the_duty_to_share_is_cited_only_from_2026_on() -> None:
    def citing(version: str) -> list[str]:
        return [i.id for i in audit(version).items if any("16LA" in law.ref for law in i.law)]

    assert [citing(v) for v in VERSIONS] == [[], [], ["s11.IS.1", "s11.IS.11"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_text_says_that_it_is_model_content(version: str) -> None:
    questionnaire = audit(version)
    assert questionnaire.standing == "model content"
    assert questionnaire.introduction and questionnaire.declaration
    assert "standard" in questionnaire.grades
