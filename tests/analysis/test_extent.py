"""Does a comparison say who is counted once, what panels saw and what merged, without touching its headline?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.change import Comparison
from audit_engine.analysis.change_wording import (
    change_sentences,
    comparison_register,
    group_verdict_words,
)
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.comparison_json import as_json
from audit_engine.analysis.ratings import OrganisationLink
from audit_engine.definition.lineage import lineage_between
from tests.analysis.by_hand import came_from, own_ratings, ratings, version

STANDARDS = {"one": ["X.1", "X.2"], "two": ["Y.1"]}
THEN, NOW = version("2024", STANDARDS), version("2026", STANDARDS)
LETTERS = st.lists(st.sampled_from(["M", "P", "N", "NA", "-"]), min_size=3, max_size=3)


def compared(then: Any, now: Any, *links: OrganisationLink, **more: Any) -> Comparison:
    before, after = (one if not isinstance(one, dict) else None for one in (then, now))
    first = before or ratings(THEN, then, **more)
    second = after or ratings(NOW, now, **more)
    return compare(first, second, lineage_between(first.questionnaire, second.questionnaire), links)


def said(found: Comparison) -> list[str]:
    return [sentence.text for sentence in change_sentences(found, comparison_register(found))]


def test_a_return_for_two_areas_is_counted_once_in_the_total_of_both() -> None:
    table = {"A": ["M", "M", "M"], "B": ["N", "M", "M"], "C": ["M", "N", "M"]}
    found = compared(table, table, areas={"A": ("kent", "medway"), "B": ("kent",), "C": ("medway",)})
    assert found.joint is not None
    assert found.joint.by_area == (("kent", 2), ("medway", 2))
    assert (found.joint.in_several, found.joint.organisations) == (1, 3)
    assert found.headline.pairs == 9
    assert "1 of the 3 matched organisations works in more than one area; each is counted once." in said(found)
    assert as_json(found)["joint_returns"] == {
        "organisations_by_area": {"kent": 2, "medway": 2},
        "in_several_areas": 1,
        "organisations_counted_once": 3,
    }


def test_the_parts_of_two_areas_less_those_in_both_make_the_total() -> None:
    table = {name: ["M", "P", "N"] for name in "ABCDE"}
    found = compared(table, table, areas={"A": ("kent", "medway"), "B": ("medway", "kent"), "C": ("medway",)})
    assert found.joint is not None
    assert sum(count for _, count in found.joint.by_area) - found.joint.in_several == found.joint.organisations


def test_where_nobody_works_in_several_areas_nothing_is_said_of_it() -> None:
    table = {"A": ["M", "M", "M"]}
    assert compared(table, table).joint is None
    assert as_json(compared(table, table))["joint_returns"] is None


def looked_at(cycle: Any, *cells: tuple[int, int]) -> Any:
    seen = np.zeros_like(cycle.moderated)
    for row, column in cells:
        seen[row, column] = True
    return replace(cycle, moderated=seen)


def test_where_panels_saw_more_of_one_audit_the_judgements_seen_both_times_stand_apart() -> None:
    then = looked_at(ratings(THEN, {"A": ["N", "N", "M"], "B": ["M", "M", "M"]}), (0, 0))
    now = looked_at(ratings(NOW, {"A": ["M", "M", "M"], "B": ["N", "M", "M"]}), (0, 0), (1, 0), (1, 1))
    found = compared(then, now)
    assert found.moderated is not None
    assert (found.moderated.pairs, found.moderated.then, found.moderated.now) == (6, 1, 3)
    assert (found.moderated.both.pairs, found.moderated.both.gained, found.moderated.both.lost) == (1, 1, 0)
    assert found.headline.net == 1
    assert (
        "Panels looked at 1 of the 6 judgements in 2024 and at 3 in 2026. On the 1 that panels looked at both times, 1 "
        "was met in 2026 compared with 0 in 2024." in said(found)
    )


def test_what_panels_never_saw_twice_carries_its_warning() -> None:
    then = looked_at(ratings(THEN, {"A": ["N", "N", "M"]}), (0, 0))
    now = looked_at(ratings(NOW, {"A": ["M", "M", "M"]}), (0, 1), (0, 2))
    assert any("none of them both times" in sentence for sentence in said(compared(then, now)))


def test_panels_that_saw_as_much_both_times_need_no_second_look() -> None:
    then = looked_at(ratings(THEN, {"A": ["N", "N", "M"]}), (0, 0))
    now = looked_at(ratings(NOW, {"A": ["M", "M", "M"]}), (0, 0))
    found = compared(then, now)
    assert found.moderated is not None
    assert not found.moderated.differs
    assert not [sentence for sentence in said(found) if "Panels" in sentence]


def test_own_ratings_have_no_panel() -> None:
    then = looked_at(ratings(THEN, {"A": ["N", "N", "M"]}), (0, 0))
    now = looked_at(ratings(NOW, {"A": ["M", "M", "M"]}), (0, 0))
    assert compared(own_ratings(then), own_ratings(now)).moderated is None
    assert compared(ratings(THEN, {"A": ["N", "N", "M"]}), ratings(NOW, {"A": ["M", "M", "M"]})).moderated is None


MERGED = (
    OrganisationLink("a", "c", "merged", "2025-04-01", "Two trusts became one."),
    OrganisationLink("b", "c", "merged", "2025-04-01", "Two trusts became one."),
)


def test_a_merged_organisation_is_read_beside_the_weakest_of_its_predecessors_and_stays_out_of_the_headline() -> None:
    then = {"a": ["M", "P", "M"], "b": ["M", "M", "N"], "d": ["M", "M", "M"]}
    found = compared(then, {"c": ["M", "M", "P"], "d": ["M", "M", "M"]}, *MERGED)
    (bridge,) = found.organisation_bridges
    assert (bridge.id, bridge.predecessors) == ("c", ("Organisation a", "Organisation b"))
    assert (bridge.weakest.met_then, bridge.weakest.met_now, bridge.weakest.net) == (1, 2, 1)
    assert (bridge.strongest.met_then, bridge.strongest.net) == (3, -1)
    assert not bridge.comparable
    assert found.headline.pairs == 3
    assert as_json(found)["organisations_merged"][0]["in_headline"] is False  # type: ignore[index]


def test_an_organisation_that_took_another_in_counts_among_its_own_predecessors() -> None:
    link = OrganisationLink("b", "a", "merged", "2025-04-01", "")
    found = compared({"a": ["M", "M", "M"], "b": ["N", "M", "M"]}, {"a": ["M", "M", "M"]}, link)
    (bridge,) = found.organisation_bridges
    assert set(bridge.predecessors) == {"Organisation a", "Organisation b"}
    assert bridge.weakest.net == 1


@pytest.mark.parametrize("silent", ["a", "b", "c"])
def test_without_every_return_a_merged_organisation_is_not_bridged(silent: str) -> None:
    then: dict[str, Any] = {"a": ["M", "P", "M"], "b": ["M", "M", "N"]}
    now: dict[str, Any] = {"c": ["M", "M", "P"]}
    then, now = ({o: None if o == silent else row for o, row in table.items()} for table in (then, now))
    assert compared(then, now, *MERGED).organisation_bridges == ()


def test_a_divided_organisation_has_a_closing_and_the_new_ones_an_opening_figure_and_no_bridge() -> None:
    links = [OrganisationLink("county", new, "split", "2026-04-01", "") for new in ("east", "west")]
    now = {"east": ["M", "M", "NA"], "west": ["N", "M", "M"], "d": ["M"] * 3, "e": ["M"] * 3, "f": ["M"] * 3}
    then = {"county": ["M", "P", "M"], "d": ["M"] * 3, "e": ["M"] * 3, "f": ["M"] * 3}
    found = compared(then, now, *links)
    assert found.organisation_bridges == ()
    figures = {
        one.id: (one.met_then, one.applicable_then, one.met_now, one.applicable_now) for one in found.organisations
    }
    assert figures == {
        "county": (2, 3, None, None),
        "east": (None, None, 2, 2),
        "west": (None, None, 2, 3),
    }
    assert any(sentence.startswith("Matched organisations: 3 of 5.") for sentence in said(found))


def test_under_the_floor_nothing_is_said_of_a_change_but_what_became_of_the_organisations() -> None:
    links = [OrganisationLink("county", new, "split", "2026-04-01", "") for new in ("east", "west")]
    found = compared(
        {"county": ["M"] * 3, "d": ["N"] * 3}, {"east": ["M"] * 3, "west": ["M"] * 3, "d": ["M"] * 3}, *links
    )
    assert found.verdict == "not-enough-matched"
    sentences = said(found)
    assert sentences[0].endswith("That is under 60%, so a change is not stated.")
    assert not [one for one in sentences if "gained" in one or "went up" in one]
    assert any(one.startswith("Matched organisations") for one in sentences)


def test_judgements_go_up_stay_or_go_down() -> None:
    found = compared({"A": ["N", "P", "M"], "B": ["M", "NA", "M"]}, {"A": ["M", "P", "P"], "B": ["M", "M", "-"]})
    assert found.grades_moved == (1, 2, 1)
    assert "Of the 4 judgements rated both times, 1 went up by a grade or two, 2 stayed and 1 went down." in said(found)


@given(st.dictionaries(st.sampled_from("ABCD"), st.tuples(LETTERS, LETTERS), min_size=1))
def test_the_transitions_of_the_standards_sum_to_those_of_the_whole(table: dict[str, Any]) -> None:
    found = compared({o: then for o, (then, _) in table.items()}, {o: now for o, (_, now) in table.items()})
    summed = np.sum([np.array(group.transitions) for group in found.by_standard], axis=0)
    assert summed.tolist() == [list(row) for row in found.transitions]
    assert sum(found.grades_moved) == found.headline.pairs


def test_each_standard_has_its_own_verdict_and_its_own_worst_case() -> None:
    then = {"A": ["N", "N", "M"], "B": ["N", "N", "M"], "C": ["N", "N", "N"]}
    now = {"A": ["M", "M", "N"], "B": ["M", "M", "M"], "C": None}
    found = compared(then, now)
    words = {
        group.id: group_verdict_words(found, group, "standard", comparison_register(found)).text
        for group in found.by_standard
    }
    assert words == {"one": "Rose by 4", "two": "Cannot be stated because 1 return is missing"}
    assert [(one.bounds.missing, one.bounds.low, one.bounds.high) for one in found.by_standard if one.bounds] == [
        (1, 4, 6), (1, -1, 0),
    ]  # fmt: skip
    assert [one["verdict"] for one in as_json(found)["by_standard"]] == list(words.values())  # type: ignore[union-attr]


def test_the_worst_cases_of_the_standards_sum_to_that_of_the_whole() -> None:
    found = compared({"A": ["N", "P", "M"], "B": ["N", "N", "M"]}, {"A": ["M", "M", "N"], "B": None})
    for end in ("low", "high"):
        assert sum(getattr(one.bounds, end) for one in found.by_standard) == getattr(found.bounds, end)


def test_a_criterion_says_why_it_is_not_compared() -> None:
    then = version("2024", {"one": ["X.1", "X.2", "X.3", "X.4", "X.5"]})
    now = version(
        "2026", {"one": ["X.1", "X.2", "X.6", "X.7"]},
        lineage={
            "X.2": came_from("widened", "X.2", reason="now covers volunteers"),
            "X.6": came_from("merged", "X.3", "X.4"),
            "X.7": came_from("new", reason="New duty."),
        },
    )  # fmt: skip
    before = ratings(then, {"A": ["NA", "M", "M", "N", "M"]})
    after = ratings(now, {"A": ["M", "M", "M", "M"]})
    found = as_json(compared(before, after))["why_not_comparable"]
    assert [(one["old"], one["new"], one["kind"], one["why"]) for one in found] == [  # type: ignore[union-attr]
        (["s11.X.2"], ["s11.X.2"], "changed meaning",
         "It now asks for more than before, so that a change in its rating may come from the question. Now covers "
         "volunteers."),
        (["s11.X.3", "s11.X.4"], ["s11.X.6"], "joined or divided",
         "Several criteria became one. By the weakest and by the strongest of the several, the change differs in sign: "
         "it cannot be compared."),
        ([], ["s11.X.7"], "no counterpart", "It is new. New duty."),
        (["s11.X.5"], [], "no counterpart", "It is no longer asked. No later question is compared with it."),
        (["s11.X.1"], ["s11.X.1"], "not rated both times",
         "No organisation that returned both audits rated it met, partly met or not met both times."),
    ]  # fmt: skip


@given(st.dictionaries(st.sampled_from("AB"), st.tuples(LETTERS, LETTERS), min_size=1))
def test_every_criterion_is_compared_or_says_why_not(table: dict[str, Any]) -> None:
    found = compared({o: then for o, (then, _) in table.items()}, {o: now for o, (_, now) in table.items()})
    named = {one["new"][0] for one in as_json(found)["why_not_comparable"]}  # type: ignore[union-attr]
    compared_ones = {one.new for one in found.by_criterion if one.movement.pairs}
    assert named | compared_ones == {item.id for item in NOW.criteria}
    assert not named & compared_ones
