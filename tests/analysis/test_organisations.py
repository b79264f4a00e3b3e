from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pytest

from audit_engine.analysis.change import Comparison
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.ratings import OrganisationLink
from audit_engine.definition.lineage import lineage_between
from tests.analysis.by_hand import ratings, version

THEN, NOW = (version(label, {"one": ["X.1", "X.2"]}) for label in ("2024", "2026"))
LINEAGE = lineage_between(THEN, NOW)
Relation = Literal["same", "renamed", "merged", "split", "boundary-change", "joined", "left"]


def link(relation: Relation, predecessor: str | None, successor: str | None, effective: str = "2025-04-01") -> Any:
    return OrganisationLink(predecessor, successor, relation, effective, f"{relation} in 2025")


def between(
    then: Sequence[str], now: Sequence[str], *links: OrganisationLink, silent: Sequence[str] = ()
) -> Comparison:
    """Compare organisations that all met everything; those in ``silent`` ("A then") did not return."""
    tables = (
        {o: None if f"{o} {when}" in silent else ["M", "M"] for o in organisations}
        for organisations, when in ((then, "then"), (now, "now"))
    )
    before, after = tables
    return compare(ratings(THEN, before), ratings(NOW, after), LINEAGE, links)


def matched(found: Comparison) -> list[str]:
    return [one.id for one in found.by_organisation]


def outside(found: Comparison) -> dict[str, tuple[str, int | None, int | None]]:
    return {f"{one.id} {one.kind}": (one.kind, one.met_then, one.met_now) for one in found.organisations}


def test_a_renamed_organisation_is_the_same() -> None:
    found = between(["old", "B"], ["new", "B"], link("renamed", "old", "new"))
    assert matched(found) == ["new", "B"]
    assert [(one.id, one.kind, one.others) for one in found.organisations] == [
        ("new", "renamed", ("Organisation old",))
    ]


def test_an_organisation_renamed_twice_is_followed() -> None:
    links = link("renamed", "a", "b", "2025-01-01"), link("renamed", "b", "c", "2026-01-01")
    assert matched(between(["a"], ["c"], *links)) == ["c"]
    assert matched(between(["a"], ["b"], *links)) == ["b"]  # the second renaming is yet to come


def test_names_that_go_round_in_a_circle_end() -> None:
    assert matched(between(["a"], ["x"], link("renamed", "a", "b"), link("renamed", "b", "a"))) == []


def test_an_id_that_did_not_change_outranks_a_renamed_one() -> None:
    found = between(["old", "B"], ["B"], link("renamed", "old", "B"))
    assert matched(found) == ["B"]
    assert outside(found) == {"old left": ("left", 2, None)}


def test_when_organisations_merge_predecessors_leave_and_the_successor_joins() -> None:
    found = between(["A", "B", "C"], ["AB", "C"], link("merged", "A", "AB"), link("merged", "B", "AB"))
    assert matched(found) == ["C"]
    assert [(one.id, one.kind, one.others, one.met_then, one.met_now) for one in found.organisations] == [
        ("A", "merged", ("Organisation AB",), 2, None),
        ("B", "merged", ("Organisation AB",), 2, None),
        ("AB", "merged", ("Organisation A", "Organisation B"), None, 2),
    ]
    assert {line.id: line.net for line in found.reconciliation.lines if line.net} == {"reorganised": -2}


def test_an_organisation_that_absorbed_another_is_not_what_it_was() -> None:
    found = between(["A", "B"], ["B"], link("merged", "A", "B"))
    assert matched(found) == []
    assert {(one.id, one.kind, one.met_then) for one in found.organisations} == {
        ("A", "merged", 2), ("B", "merged", 2), ("B", "merged", None),
    }  # fmt: skip


def test_a_predecessor_that_was_renamed_before_the_merger_is_found() -> None:
    found = between(["a", "B"], ["AB"], link("renamed", "a", "A"), link("merged", "A", "AB"), link("merged", "B", "AB"))
    assert [(one.id, one.kind) for one in found.organisations] == [("a", "merged"), ("B", "merged"), ("AB", "merged")]


def test_a_successor_that_was_renamed_after_the_merger_is_found() -> None:
    links = link("merged", "A", "AB"), link("merged", "B", "AB"), link("renamed", "AB", "new")
    found = between(["A", "B"], ["new"], *links)
    assert [(one.id, one.kind) for one in found.organisations] == [("A", "merged"), ("B", "merged"), ("new", "merged")]


def test_a_merger_of_another_time_changes_nothing() -> None:
    before, after = link("merged", "gone", "B", "2020-04-01"), link("merged", "A", "B", "2030-04-01")
    assert matched(between(["A", "B"], ["A", "B"], before, after)) == ["A", "B"]


def test_a_split_is_not_bridged() -> None:
    links = link("split", "county", "north"), link("split", "county", "south")
    found = between(["county", "C"], ["north", "south", "C"], *links)
    assert matched(found) == ["C"]
    assert {(one.id, one.kind) for one in found.organisations} == {
        ("county", "split"), ("north", "split"), ("south", "split"),
    }  # fmt: skip


def test_an_organisation_from_which_another_was_split_is_not_what_it_was() -> None:
    found = between(["P"], ["P", "S"], link("split", "P", "P"), link("split", "P", "S"))
    assert matched(found) == []
    assert {line.id: (line.added, line.taken) for line in found.reconciliation.lines if line.added or line.taken} == {
        "reorganised": (4, 2)
    }


def test_organisations_that_changed_boundaries_are_not_matched() -> None:
    assert matched(between(["A", "B"], ["A", "B"], link("boundary-change", "A", "A"))) == ["B"]


def test_those_who_left_and_joined_are_named_with_what_they_met() -> None:
    found = between(["A", "L"], ["A", "J"], link("left", "L", None), link("joined", None, "J"))
    assert outside(found) == {"L left": ("left", 2, None), "J joined": ("joined", None, 2)}


def test_missing_returns_are_told_apart_from_leaving() -> None:
    found = between(["A", "B", "C", "D"], ["A", "B", "C", "D"], silent=["A then", "B now", "C then", "C now"])
    assert matched(found) == ["D"]
    assert outside(found) == {
        "A not-returned-then": ("not-returned-then", None, 2),
        "B not-returned-now": ("not-returned-now", 2, None),
        "C not-returned-either": ("not-returned-either", None, None),
    }


@pytest.mark.parametrize(("count", "enough"), [(3, True), (2, False)])
def test_under_sixty_percent_matched_no_change_is_stated(count: int, enough: bool) -> None:
    everybody = ["A", "B", "C", "D", "E"]
    found = between(everybody, everybody, silent=[f"{o} now" for o in everybody[count:]])
    assert (found.matched.organisations, found.matched.in_scope_now) == (count, 5)
    assert found.matched.enough == enough
    assert (found.verdict == "not-enough-matched") == (not enough)


def test_the_floor_looks_at_both_years() -> None:
    assert not between(["A", "B", "C", "D", "E"], ["A", "B"]).matched.enough
    assert not between(["A", "B"], ["A", "B", "C", "D", "E"]).matched.enough
