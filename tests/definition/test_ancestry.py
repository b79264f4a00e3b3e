from __future__ import annotations

import pytest

from tests.definition.versions import Shelf, text

FIRST = text("1", {"v.1": "", "v.2": "", "v.3": "", "v.4": ""})
SAME = {"v.1": "relation: same", "v.2": "relation: same", "v.3": "relation: same", "v.4": "relation: same"}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(FIRST)


def second(changes: dict[str, str | None], retired: str = "") -> str:
    items = {key: line for key, line in (SAME | changes).items() if line is not None}
    return text("2", items, retired, continues="1")  # type: ignore[arg-type]


def test_a_version_that_carries_everything_is_sound(shelf: Shelf) -> None:
    assert shelf.faults(second({})) == []


@pytest.mark.parametrize(
    ("changes", "retired"),
    [
        ({"v.1": None, "v.2": None, "v.5": "relation: merged, from: [v.1, v.2]"}, ""),
        ({"v.1": None, "v.5": "relation: split, from: v.1", "v.6": "relation: split, from: v.1"}, ""),
        ({"v.1": "relation: narrowed", "v.5": "relation: split, from: v.1"}, ""),
        ({"v.1": None, "v.5": "relation: widened, from: v.1"}, ""),
        ({"v.1": None, "v.2": "relation: widened"}, "  - {id: v.1, relation: folded, into: v.2}\n"),
        ({"v.1": None}, "  - {id: v.1, relation: dropped, reason: Old}\n"),
        ({"v.1": None}, "  - {id: v.1, relation: moved, instrument: staff-survey}\n"),
        ({"v.1": None}, "  - {id: v.1, relation: moved, into: [ss.1], instrument: staff-survey}\n"),
        (
            {"v.1": None, "v.2": None, "v.5": "relation: merged, from: [v.1, v.2]"},
            "  - {id: v.1, relation: merged, into: v.5}\n",
        ),
        ({"v.5": "relation: new"}, ""),
    ],
)
def test_every_relation_is_accepted(shelf: Shelf, changes: dict[str, str | None], retired: str) -> None:
    assert shelf.faults(second(changes, retired)) == []


@pytest.mark.parametrize(
    ("changes", "retired", "expected"),
    [
        ({"v.1": None}, "", "“v.1” of version 1 is neither carried nor retired."),
        ({"v.1": ""}, "", "Say how the item comes from version 1"),
        ({"v.1": "relation: same, from: [v.9]"}, "", "There is no item “v.9” in version 1. Did you mean"),
        (
            {"v.1": None},
            "  - {id: v.9, relation: dropped, reason: Old}\n",
            "There is no item “v.9” in version 1 to retire",
        ),
        ({}, "  - {id: v.1, relation: dropped, reason: Old}\n", "retired here and yet carried by “v.1” (same)"),
        ({"v.1": None, "v.5": "relation: merged, from: [v.1]"}, "", "needs two or more sources"),
        ({"v.1": "relation: same, from: [v.1, v.2]"}, "", "“same” needs exactly one source; here are 2"),
        ({"v.5": "relation: split"}, "", "“split” needs exactly one source; here are 0"),
        ({"v.5": "relation: new, from: v.1"}, "", "A new item comes from none"),
        ({"v.5": "relation: reworded, from: v.1"}, "", "“v.1” is compared with more than one item (v.1 and v.5)"),
        ({"v.5": "relation: merged, from: [v.1, v.2]"}, "", "“v.1” is compared with more than one item"),
        (
            {
                "v.1": None,
                "v.2": None,
                "v.5": "relation: merged, from: [v.1, v.2]",
                "v.6": "relation: split, from: v.1",
            },
            "",
            "merged and split at once",
        ),
        ({"v.1": "relation: new"}, "", "Version 1 asked another “v.1”"),
        ({"v.1": None}, "  - {id: v.1, relation: dropped}\n", "Say why it is dropped"),
        ({"v.1": None}, "  - {id: v.1, relation: moved}\n", "Say where it moved"),
        ({"v.1": None}, "  - {id: v.1, relation: folded}\n", "Say which item it is folded into"),
        ({"v.1": None}, "  - {id: v.1, relation: folded, into: v.9}\n", "There is no item “v.9” in this version"),
        (
            {"v.1": None},
            "  - {id: v.1, relation: merged, into: v.2}\n",
            "“v.2” does not say that it is merged from “v.1”",
        ),
        ({"v.1": None}, "  - {id: v.1, relation: same}\n", "“same” is not known here"),
        ({"v.1": "relation: folded"}, "", "“folded” is not known here"),
        (
            {"v.1": None},
            "  - {id: v.1, relation: dropped, reason: A}\n  - {id: v.1, relation: dropped, reason: B}\n",
            "The id “v.1” stands twice",
        ),
    ],
)
def test_lineage_that_does_not_add_up_is_refused(
    shelf: Shelf, changes: dict[str, str | None], retired: str, expected: str
) -> None:
    found = shelf.faults(second(changes, retired))
    assert any(expected in told for told in found), found


def test_an_id_that_was_retired_long_ago_is_never_used_again() -> None:
    gone = "  - {id: v.4, relation: dropped, reason: Old}\n"
    shelf = Shelf(FIRST, second({"v.4": None}, gone))
    third = text("3", {**{k: v for k, v in SAME.items() if k != "v.4"}, "v.4": "relation: new"}, continues="2")
    assert any("was used in version 1 and retired since. An id is never used again." in t for t in shelf.faults(third))


def test_an_earlier_version_that_is_not_there_is_a_fault_at_continues(shelf: Shelf) -> None:
    found = shelf.faults(text("2", SAME, continues="0"))
    assert found == ["v.yaml:6:12 continues: There is no version 0."]


def test_a_version_cannot_continue_itself(shelf: Shelf) -> None:
    assert any("cannot continue itself" in told for told in shelf.faults(text("2", SAME, continues="2")))


def test_a_measure_needs_a_baseline_that_is_there(shelf: Shelf) -> None:
    measure = "measures: [{{id: m, title: M, tags: [t], baseline: '{}'}}]\n"
    tagged = second({}).replace("text: About v.1,", "text: About v.1, tags: [t],")
    assert shelf.faults(tagged + measure.format("1")) == []
    assert any("There is no version 0." in told for told in shelf.faults(tagged + measure.format("0")))
    assert any("compared with itself" in told for told in shelf.faults(tagged + measure.format("2")))


def test_without_the_earlier_version_at_hand_only_the_lines_themselves_are_checked() -> None:
    from audit_engine.definition.reader import read_questionnaire
    from tests.definition.small import FACTS

    assert read_questionnaire(second({"v.1": None}), "stored", FACTS).faults == ()


@pytest.mark.parametrize(
    ("wording", "relation", "expected"),
    [
        ("About v.1", "same", None),
        ("Otherwise put", "same", "but the wording differs from 1. Is it reworded?"),
        ("Otherwise put", "reworded", None),
        ("About  v.1", "reworded", "but the wording is that of 1"),
    ],
)
def test_wording_and_relation_that_disagree_are_a_warning(
    shelf: Shelf, wording: str, relation: str, expected: str | None
) -> None:
    changed = second({"v.1": f"relation: {relation}"}).replace("text: About v.1,", f"text: {wording},")
    found = shelf.warnings(changed)
    assert (any(expected in told for told in found)) if expected else found == []


def test_a_single_part_split_off_from_nothing_that_continues_is_a_warning(shelf: Shelf) -> None:
    changed = second({"v.1": None, "v.5": "relation: split, from: v.1"})
    assert any("Only this item is split from “v.1”" in told for told in shelf.warnings(changed))


QUESTION = "Do you know the policy?"


def trend(version: str, words: str, keys: str, label: str = "Yes") -> str:
    options = f"options: [{{id: a, label: {label}}}, {{id: b, label: No}}]"
    item = f"      - {{id: v.1, type: single-choice, text: {words}, {options}, {keys}}}\n"
    return text(version, {}, continues="1" if version == "2" else "") + item


@pytest.mark.parametrize(
    ("words", "keys", "label", "expected"),
    [
        (QUESTION, "trend: true, lineage: {relation: same}", "Yes", ""),
        ("Do  you know\n          the policy?", "trend: true, lineage: {relation: same}", "Yes", ""),
        ("Do you know it?", "trend: true, lineage: {relation: reworded}", "Yes", ""),
        ("Do you know it?", "lineage: {relation: same}", "Yes", ""),
        ("Do you know it?", "trend: true, lineage: {relation: same}", "Yes", "its words are not those of 1"),
        ("Do you know it?", "trend: true, lineage: {relation: widened}", "Yes", "its words are not those of 1"),
        (QUESTION, "trend: true, lineage: {relation: same}", "Yes I do", "its choices are not those of 1"),
    ],
)
def test_a_trend_question_keeps_its_words_and_choices(words: str, keys: str, label: str, expected: str) -> None:
    shelf = Shelf(trend("1", QUESTION, "trend: true"))
    found = shelf.faults(trend("2", words, keys, label))
    assert len(found) == bool(expected), found
    assert all(expected in told for told in found)
