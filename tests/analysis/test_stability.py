"""Do the technical checks count organisations, and leave out what could never be clear?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit_engine.analysis.comparison import compare
from audit_engine.analysis.gathering import cycle_findings
from audit_engine.analysis.stability import OwnAndPanel, StabilityChecks, stability_checks
from audit_engine.analysis.statistics import mcnemar, sign_flip_cluster
from audit_engine.definition.lineage import lineage_between
from tests.analysis.by_hand import ratings, version

STANDARDS = {"one": ["X.1", "X.2"], "two": ["Y.1"]}
THEN, NOW = version("2024", STANDARDS), version("2026", STANDARDS)
LINEAGE = lineage_between(THEN, NOW)
#: Six gain X.1, one of them loses Y.1 too; two change nothing.
BEFORE = {**{f"o{n}": ["N", "M", "M"] for n in range(6)}, "p": ["M", "P", "M"], "q": ["M", "P", "N"]}
AFTER = {**{f"o{n}": ["M", "M", "M" if n else "P"] for n in range(6)}, "p": ["M", "P", "M"], "q": ["M", "P", "N"]}


def checks() -> StabilityChecks:
    found = stability_checks(compare(ratings(THEN, BEFORE), ratings(NOW, AFTER), LINEAGE))
    assert found is not None
    return found


def test_the_organisation_is_the_unit_and_its_net_change_turns_as_a_whole() -> None:
    found = checks()
    assert (found.whole.movers, found.whole.net) == (5, 5)
    assert found.whole.p == sign_flip_cluster([0, 1, 1, 1, 1, 1, 0, 0]).p_exact
    assert [(one.title, one.movers, one.net, one.p) for one in found.standards] == [
        ("One", 6, 6, 2 / 64), ("Two", 1, -1, 1.0),
    ]  # fmt: skip


def test_only_criteria_where_five_or_more_moved_are_listed_and_all_are_allowed_for() -> None:
    found = checks()
    (one,) = found.criteria
    assert (one.ref, one.gained, one.lost) == ("X.1", 6, 0)
    assert one.p == mcnemar(0, 6).p_midp
    assert one.p_adjusted == pytest.approx(3 * one.p)  # three criteria were compared
    assert one.difference.diff == pytest.approx(6 / 8)
    assert found.others == 2
    assert found.tarone_passing == ("X.1",)


def test_without_a_comparison_of_the_whole_there_are_no_checks() -> None:
    assert stability_checks(None) is None
    short = compare(ratings(THEN, {"a": ["M"] * 3, "b": ["M"] * 3}), ratings(NOW, {"c": ["M"] * 3}), LINEAGE)
    assert stability_checks(short) is None


def looked_at(random: bool) -> OwnAndPanel:
    cycle = ratings(
        NOW, {"a": ["M", "P", "NA"], "b": ["M", "M", "N"], "c": None}, own={"a": ["M", "M", "M"], "b": ["M", "NA", "P"]}
    )
    return cycle_findings(replace(cycle, at_random=cycle.moderated), cycle).own_and_panel if random else (
        cycle_findings(cycle, cycle).own_and_panel
    )  # fmt: skip


def test_own_and_panel_ratings_are_counted_where_both_rated() -> None:
    seen = ((0, 0, 0), (1, 0, 0), (0, 1, 2))
    assert (looked_at(True).at_random, looked_at(False).chosen) == (seen, seen)
    assert looked_at(True).chosen == looked_at(False).at_random == ((0, 0, 0),) * 3


def test_judgements_picked_at_random_stand_apart_from_those_chosen() -> None:
    made = stability_checks(compare(ratings(THEN, BEFORE), ratings(NOW, AFTER), LINEAGE), looked_at(True))
    assert made is not None
    assert made.at_random is not None
    assert (made.at_random.n, made.at_random.panel_lower, made.at_random.panel_higher) == (4, 2, 0)
    assert made.chosen is None
