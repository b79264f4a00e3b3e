from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.ratings import Code
from audit_engine.analysis.scoring import (
    criteria_score,
    headline,
    organisation_scores,
    scorecard,
    standard_scores,
)
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.success import success_measure, three_counts
from tests.analysis.by_hand import codes, own_ratings, ratings, vectors, version

SIX = version("2026", {"safer-recruitment": ["SR.1", "SR.2", "SR.3", "AL.1", "AL.2", "AL.3"]}, critical=["SR.3"])
TWO = version(
    "2026",
    {"information-sharing": ["IS.1", "IS.3"], "online-safety": ["OS.1"]},
    tags={"IS.1": ["information-sharing"], "IS.3": ["information-sharing", "records"], "OS.1": ["records"]},
)
COUNTS = st.builds(RatingCounts, *[st.integers(0, 50)] * 6)


@pytest.mark.parametrize("vector", vectors("criteria_score"), ids=lambda v: v["name"])
def test_criteria_score_gives_the_vector(vector: dict[str, Any]) -> None:
    assert asdict(criteria_score(**vector["input"])) == pytest.approx(vector["expected"], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", vectors("success_measure"), ids=lambda v: v["name"])
def test_success_measure_gives_the_vector(vector: dict[str, Any]) -> None:
    found = success_measure(*(codes(vector["input"][name]) for name in ("t1", "t2")))
    for name, expected in vector["expected"].items():
        counted = getattr(found, name)
        # DESIGN calls the third count criteria_met_by_all; the vector spells it out.
        assert counted.judgements_met == expected["judgements_met"]
        assert counted.applicable == expected["applicable"]
        assert counted.share_met == pytest.approx(expected["share_met"], abs=vector["tolerance"])
        assert counted.criteria_met_by_all == expected["criteria_met_by_every_applicable_agency"]


def test_a_not_applicable_item_leaves_the_denominator() -> None:
    counts = RatingCounts(met=3, partly_met=1, not_applicable=2)
    assert (counts.share_met.numerator, counts.share_met.base) == (3, 4)


def test_a_blank_leaves_the_denominator_but_lowers_coverage_and_the_strict_share() -> None:
    counts = RatingCounts(met=3, not_met=1, unanswered=1)
    assert counts.share_met.value == 0.75
    assert counts.share_met_strict.value == 0.6
    assert counts.coverage.value == 0.8


def test_domain_b5_item_6_what_was_not_asked_is_not_missing() -> None:
    counts = RatingCounts(met=3, not_met=1, not_asked=5)
    assert counts.coverage.value == 1.0
    assert counts.share_met_strict == counts.share_met


def test_a_share_without_a_base_is_nothing_and_not_zero() -> None:
    assert RatingCounts(not_applicable=4).share_met.value is None


@pytest.mark.parametrize(("unanswered", "pair"), [(10, False), (11, True)])
def test_under_ninety_percent_coverage_the_headline_is_a_pair(unanswered: int, pair: bool) -> None:
    found = headline(RatingCounts(met=60, not_met=30, unanswered=unanswered), Settings())
    assert (found.with_blanks is not None) == pair
    if found.with_blanks:
        assert (found.with_blanks.numerator, found.with_blanks.base) == (60, 101)


def test_with_nothing_to_cover_no_pair_is_printed() -> None:
    assert headline(RatingCounts(not_applicable=3), Settings()).with_blanks is None


def test_the_coverage_floor_is_a_setting() -> None:
    assert headline(RatingCounts(met=1, unanswered=1), Settings(coverage_floor=Fraction(1, 2))).with_blanks is None


@given(COUNTS)
def test_the_parts_of_a_share_add_up_to_its_base_and_the_exclusions_to_the_rest(counts: RatingCounts) -> None:
    why = counts.why("A standard")
    assert sum(part.count for part in why.counted) == counts.share_met.base
    everything = counts.applicable + counts.not_applicable + counts.unanswered + counts.not_asked
    assert sum(part.count for part in why.left_out) == everything - counts.applicable
    assert why.as_json()["value"] == counts.share_met.value


@pytest.mark.parametrize(
    ("row", "grade"),
    [
        (["M", "M", "N", "M", "M", "M"], "not-met"),  # the critical one
        (["N", "N", "M", "N", "M", "M"], "not-met"),  # half
        (["P", "P", "M", "M", "M", "M"], "partly-met"),
        (["NA"] * 6, "not-applicable"),
        (["M", "M", "M", "M", "NA", "M"], "met"),
        (["M", "M", "M", "M", "-", "M"], "incomplete"),
        (["."] * 6, "not-applicable"),
    ],
)
def test_domain_b5_item_3_the_grade_of_a_standard(row: list[str], grade: str) -> None:
    cycle = ratings(SIX, {"A": row})
    assert organisation_scores(cycle)[0].grades == (("safer-recruitment", grade),)
    assert standard_scores(cycle, "A")[0].grade == grade


def test_a_grade_says_what_it_was_worked_out_from() -> None:
    score = standard_scores(ratings(SIX, {"A": ["M", "M", "N", "M", "NA", "M"]}), "A")[0]
    parts = {part.label: part.count for part in score.why.counted + score.why.left_out}
    assert score.why.value == "not-met"
    assert parts["Of these, critical and not met"] == 1
    assert (parts["Met"], parts["Not met"], parts["Not applicable, with a reason"]) == (4, 1, 1)


def test_ratings_are_counted_by_item_standard_tag_sector_and_organisation() -> None:
    cycle = ratings(
        TWO, {"A": ["M", "P", "M"], "B": ["M", "N", "NA"], "C": ["-", "M", "."]}, sectors={"C": "nhs-provider"}
    )
    score = scorecard(cycle)
    assert score.overall == RatingCounts(met=4, partly_met=1, not_met=1, not_applicable=1, unanswered=1, not_asked=1)
    assert score.by_item["s11.IS.3"] == RatingCounts(met=1, partly_met=1, not_met=1)
    assert score.by_standard["online-safety"] == RatingCounts(met=1, not_applicable=1, not_asked=1)
    assert score.by_tag["records"] == RatingCounts(met=2, partly_met=1, not_met=1, not_applicable=1, not_asked=1)
    assert score.by_sector["nhs-provider"] == RatingCounts(met=1, unanswered=1, not_asked=1)
    assert score.by_organisation["B"] == RatingCounts(met=1, not_met=1, not_applicable=1)


def test_what_an_organisation_drafted_but_did_not_return_is_in_no_count() -> None:
    cycle = ratings(TWO, {"A": ["M", "M", "M"], "B": ["M", "M", "M"]})
    cycle.returned[1] = False
    assert scorecard(cycle).overall.met == 3
    assert organisation_scores(cycle)[1].counts == RatingCounts()
    assert organisation_scores(cycle)[1].grades == ()
    assert standard_scores(cycle, "B") == ()


def test_confirmed_ratings_are_counted_apart_and_stay_in_the_others() -> None:
    cycle = ratings(TWO, {"A": ["M", "P", "M"]}, confirmed=[("A", "IS.1"), ("A", "IS.3")])
    assert scorecard(cycle).overall == RatingCounts(met=2, partly_met=1, confirmed=2)


def test_own_ratings_are_those_before_the_panel() -> None:
    cycle = ratings(TWO, {"A": ["N", "P", "M"]}, own={"A": ["M", "M", "M"]})
    assert scorecard(cycle).overall.met == 1
    own = own_ratings(cycle)
    assert own.basis == "self"
    assert scorecard(own).overall.met == 3


def test_a_criterion_that_somebody_left_blank_is_not_met_by_all() -> None:
    assert three_counts(codes([["M"], ["-"]])).criteria_met_by_all == 0
    assert three_counts(codes([["M"], ["NA"], ["."]])).criteria_met_by_all == 1


def test_a_criterion_that_applies_to_nobody_is_not_met_by_all() -> None:
    assert three_counts(codes([["NA"], ["."]])).criteria_met_by_all == 0


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_counting_by_item_or_by_organisation_gives_the_same_total(n: int, m: int, draw: st.DataObject) -> None:
    questionnaire = version("2026", {"one": [f"A.{k}" for k in range(m)]})
    row = st.lists(st.sampled_from(["M", "P", "N", "NA", "-", "."]), min_size=m, max_size=m)
    cycle = ratings(questionnaire, {f"o{k}": draw.draw(st.none() | row) for k in range(n)})
    score = scorecard(cycle)
    for name, code in (("met", Code.MET), ("unanswered", Code.UNANSWERED), ("not_asked", Code.NOT_ASKED)):
        by_looking = int(np.count_nonzero(cycle.codes[cycle.returned] == code))
        assert getattr(score.overall, name) == by_looking
        assert sum(getattr(counts, name) for counts in score.by_organisation.values()) == by_looking
        assert sum(getattr(counts, name) for counts in score.by_standard.values()) == by_looking
