from __future__ import annotations

from typing import Any

import pytest

from audit_engine.analysis.change import Filters, MeasureResult
from audit_engine.analysis.change_wording import comparison_register, measure_sentences
from audit_engine.analysis.comparison import compare
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Measure
from tests.analysis.by_hand import came_from, measure, ratings, version

TAGS = {item: ["information-sharing"] for item in ("IS.3", "IS.6", "IS.9")} | {"EC.1": ["escalation"]}
THEN = version("2024", {"one": ["IS.3", "IS.6", "EC.1"]}, tags=TAGS)


def result(
    then: dict[str, Any], now: dict[str, Any], given: Measure | None = None, **more: Any
) -> tuple[MeasureResult, str]:
    """Judge a measure; each row holds IS.3, IS.6 and EC.1, and now IS.9 too."""
    current = version(
        "2026", {"one": ["IS.3", "IS.6", "EC.1", "IS.9"]}, tags=TAGS,
        lineage={"IS.9": came_from("new")}, measures=[given or measure("information-sharing")],
    )  # fmt: skip
    options = {name: more.pop(name) for name in ("areas", "basis", "area") if name in more}
    before, after = ratings(THEN, then, **options), ratings(current, now, **options)
    found = compare(before, after, lineage_between(THEN, current), **more)
    return found.measures[0], measure_sentences(found, comparison_register(found))[0].text


def test_a_measure_counts_the_like_for_like_criteria_with_its_tags_only() -> None:
    found, sentence = result({"A": ["N", "N", "N"]}, {"A": ["M", "N", "M", "M"]})
    assert found.criteria == ("s11.IS.3", "s11.IS.6")
    assert (found.movement.met_then, found.movement.met_now, found.movement.pairs) == (0, 1, 2)
    assert found.verdict == "achieved"
    assert sentence == "Measure: Criteria met. On the like-for-like set the number rose: 0 to 1 of 2. Achieved."


def test_a_measure_that_stood_still_or_fell_is_not_achieved() -> None:
    still, sentence = result({"A": ["M", "N", "N"]}, {"A": ["N", "M", "M", "M"]})
    assert (still.verdict, still.reason) == ("not-achieved", None)
    assert sentence.endswith("On the like-for-like set the number was the same: 1 and 1 of 2. Not achieved.")
    assert result({"A": ["M", "M", "N"]}, {"A": ["M", "N", "M", "M"]})[0].verdict == "not-achieved"


def test_a_measure_that_should_go_down_is_achieved_by_going_down() -> None:
    down = measure("information-sharing", direction="decrease")
    assert result({"A": ["M", "M", "N"]}, {"A": ["M", "N", "M", "M"]}, down)[0].verdict == "achieved"


def test_judgements_alone_do_not_achieve_a_measure_when_the_share_moved_the_other_way() -> None:
    then = {"A": ["N", "M", "N"], "B": ["NA", "NA", "N"], "C": ["M", "M", "N"]}
    now = {"A": ["M", "M", "N", "M"], "B": ["N", "N", "N", "M"], "C": ["M", "M", "N", "M"]}
    found, sentence = result(then, now)
    assert found.movement.net == 1
    assert (found.then.judgements_met, found.then.applicable) == (3, 4)
    assert (found.now.judgements_met, found.now.applicable) == (4, 6)
    assert (found.verdict, found.reason) == ("not-achieved", "share-moved-otherwise")
    assert sentence.endswith("Not achieved: the share met did not move the same way (3 of 4, then 4 of 6).")


def test_a_measure_covers_only_its_population() -> None:
    kent = measure("information-sharing", population='"kent" in organisation.areas')
    then = {"A": ["N", "N", "N"], "B": ["M", "M", "N"], "C": ["N", "N", "N"]}
    now = {"A": ["M", "M", "M", "M"], "B": ["N", "N", "M", "M"], "C": ["M", "M", "M", "M"]}
    areas = {"B": ("medway",), "C": ("kent", "medway")}
    found, _ = result(then, now, kent, areas=areas)
    assert (found.organisations, found.movement.net) == (2, 4)
    assert "kent" in found.definition


def test_the_filters_of_a_page_do_not_touch_the_plans_measures() -> None:
    then, now = {"A": ["N", "N", "N"]}, {"A": ["M", "M", "M", "M"]}
    found, _ = result(then, now, filters=Filters(tag="escalation", sector="justice"))
    assert (found.movement.net, found.verdict) == (2, "achieved")


@pytest.mark.parametrize(
    ("given", "more", "reason"),
    [
        (measure("information-sharing", baseline="2022"), {}, "other-baseline"),
        (measure("information-sharing"), {"basis": "self"}, "other-basis"),
        (measure("information-sharing"), {"area": "kent", "filters": Filters(area="kent")}, "one-area"),
        (measure("nothing-has-this-tag"), {}, "no-pairs"),
    ],
)
def test_a_measure_that_cannot_be_judged_says_why(given: Measure, more: dict[str, Any], reason: str) -> None:
    found, sentence = result({"A": ["N", "N", "N"]}, {"A": ["M", "M", "M", "M"]}, given, **more)
    assert (found.verdict, found.reason) == ("cannot-be-judged", reason)
    assert "It cannot be judged, because" in sentence


def test_a_measure_about_an_area_is_judged_on_that_areas_ratings() -> None:
    kent = measure("information-sharing", population='"kent" in organisation.areas')
    options: dict[str, Any] = {"areas": {"A": ("kent", "medway")}}
    then, now = {"A": ["N", "N", "N"]}, {"A": ["M", "M", "M", "M"]}
    here, _ = result(then, now, kent, area="kent", filters=Filters(area="kent"), **options)
    assert here.verdict == "achieved"
    there, _ = result(then, now, kent, area="medway", filters=Filters(area="medway"), **options)
    assert there.reason == "one-area"  # Kent's other organisations are not in Medway's ratings


def test_ratings_read_for_every_area_can_be_given_for_the_plans_measures() -> None:
    current = version("2026", {"one": ["IS.3"]}, tags=TAGS, measures=[measure("information-sharing")])
    then = version("2024", {"one": ["IS.3"]}, tags=TAGS)
    everywhere = ratings(then, {"A": ["N"], "B": ["N"]}), ratings(current, {"A": ["M"], "B": ["M"]})
    kent = ratings(then, {"A": ["N"]}, area="kent"), ratings(current, {"A": ["N"]}, area="kent")
    found = compare(*kent, lineage_between(then, current), (), Filters(area="kent"), plan_ratings=everywhere)
    assert found.net == 0
    assert (found.measures[0].movement.net, found.measures[0].verdict) == (2, "achieved")


def test_too_few_matched_in_the_population_forbid_a_verdict() -> None:
    then = {"A": ["N", "N", "N"], "B": ["N", "N", "N"], "C": ["N", "N", "N"]}
    found, sentence = result(then, {"A": ["M", "M", "M", "M"], "B": None, "D": ["M", "M", "M", "M"]})
    assert found.reason == "too-few-matched"
    assert "under 60% of the organisations could be matched" in sentence


def test_missing_returns_that_could_turn_the_result_forbid_a_verdict() -> None:
    then = {"A": ["N", "M", "N"], "B": ["M", "M", "N"], "C": ["M", "M", "N"]}
    found, sentence = result(then, {"A": ["M", "M", "M", "M"], "B": ["M", "M", "M", "M"], "C": None})
    assert (found.verdict, found.reason) == ("cannot-be-judged", "returns-missing")
    assert (found.bounds.missing, found.bounds.low, found.bounds.high) == (1, -1, 1)
    assert sentence.endswith(
        "On the like-for-like set the number rose: 3 to 4 of 4. It cannot be judged, because 1 return is missing: "
        "the net change could lie between −1 and +1."
    )


def test_missing_returns_that_cannot_turn_the_result_leave_the_verdict() -> None:
    then = {"A": ["N", "N", "N"], "B": ["N", "M", "N"], "C": ["P", "M", "N"]}
    found, _ = result(then, {"A": ["M", "M", "M", "M"], "B": ["M", "M", "M", "M"], "C": None})
    assert (found.verdict, found.bounds.missing) == ("achieved", 1)


def test_a_measure_gives_the_three_counts() -> None:
    found, _ = result(
        {"A": ["M", "N", "N"], "B": ["M", "M", "M"]}, {"A": ["M", "M", "M", "M"], "B": ["M", "M", "M", "M"]}
    )
    assert (found.then.judgements_met, found.then.share_met, found.then.criteria_met_by_all) == (3, 0.75, 1)
    assert (found.now.judgements_met, found.now.share_met, found.now.criteria_met_by_all) == (4, 1.0, 2)
