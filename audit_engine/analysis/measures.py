"""Did the partnership's plan reach what it promised?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from audit_engine.analysis.change import MeasureReason, MeasureResult, MeasureVerdict, Movement, NetBounds
from audit_engine.analysis.movement import matched_pairs_comparison
from audit_engine.analysis.organisations import narrowed
from audit_engine.analysis.ratings import OrganisationFacts
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.success import SuccessMeasure, success_measure
from audit_engine.analysis.verdicts import bounded_net, enough_matched, sign, sign_holds
from audit_engine.analysis.view import View
from audit_engine.definition.applicability import PREFIX
from audit_engine.definition.questionnaire import Measure

Covers = Callable[[OrganisationFacts], bool]


def measure_results(view: View, settings: Settings) -> tuple[MeasureResult, ...]:
    """Judge every measure that the current version declares.

    The view must not be filtered by sector, standard or tag: a measure's own
    definition says whom and what it covers.
    """
    return tuple(_result(measure, view, settings) for measure in view.current.questionnaire.measures)


def judged(movement: Movement, counts: SuccessMeasure, direction: str) -> tuple[MeasureVerdict, MeasureReason | None]:
    """Return the verdict where nothing stands in the way of one.

    Achieved only if the judgements met moved as the plan wants and the share met
    moved the same way (methods section 3).
    """
    wanted = 1 if direction == "increase" else -1
    if sign(movement.net) != wanted:
        return "not-achieved", None
    if _share_moved(counts) != wanted:
        return "not-achieved", "share-moved-otherwise"
    return "achieved", None


def _result(measure: Measure, view: View, settings: Settings) -> MeasureResult:
    covers = _population(measure)
    covered = replace(view, matching=narrowed(view.matching, view.baseline, view.current, covers))
    columns = _columns(measure, view)
    in_then, in_now = view.alignment.like.then[columns], view.alignment.like.now[columns]
    then, now = covered.then_codes.take(in_then, axis=1), covered.now_codes.take(in_now, axis=1)
    matched_then, matched_now = then[covered.matched_then], now[covered.matched_now]
    movement, counts = matched_pairs_comparison(matched_then, matched_now), success_measure(matched_then, matched_now)
    criteria = tuple(view.like_items[column].id for column in columns)
    neither = covered.asked_of_neither(criteria)
    bounds = bounded_net(movement.net, then[covered.only_then], now[covered.only_now], neither)
    obstacle = _obstacle(measure, covered, movement, bounds, settings)
    verdict, reason = ("cannot-be-judged", obstacle) if obstacle else judged(movement, counts, measure.direction)
    return MeasureResult(
        measure.id, measure.title, _definition(measure, view), measure.source, measure.direction,
        criteria, len(matched_then), movement, counts.t1, counts.t2, bounds, verdict, reason,
    )  # fmt: skip


def _columns(measure: Measure, view: View) -> list[int]:
    """Return the like-for-like columns whose criterion now carries one of the measure's tags."""
    wanted = set(measure.tags)
    return [column for column, item in enumerate(view.like_items) if not wanted.isdisjoint(item.tags)]


def _obstacle(
    measure: Measure, covered: View, movement: Movement, bounds: NetBounds, settings: Settings
) -> MeasureReason | None:
    """Return the first thing that forbids a verdict, or None."""
    scope = covered.in_scope_then, covered.in_scope_now
    checks: tuple[tuple[MeasureReason, bool], ...] = (
        ("other-baseline", measure.baseline != covered.baseline.questionnaire.version),
        ("other-basis", measure.basis != covered.current.basis),
        ("one-area", _reaches_beyond_area(measure, covered)),
        ("no-pairs", movement.pairs == 0),
        ("too-few-matched", not enough_matched(len(covered.matched_then), *scope, settings)),
        ("returns-missing", not sign_holds(bounds)),
    )
    return next((reason for reason, stands in checks if stands), None)


def _population(measure: Measure) -> Covers:
    """Return the test of whether the measure covers an organisation; each combination of facts is worked out once."""
    population = measure.population
    if population is None:
        return lambda organisation: True
    names = [name.removeprefix(PREFIX) for name in sorted(population.names)]
    known: dict[tuple[object, ...], bool] = {}

    def covers(organisation: OrganisationFacts) -> bool:
        values = tuple(_fact(organisation, name) for name in names)
        if values not in known:
            known[values] = population.holds({PREFIX + name: value for name, value in zip(names, values, strict=True)})
        return known[values]

    return covers


def _fact(organisation: OrganisationFacts, name: str) -> object:
    if name in ("sector", "areas"):
        return getattr(organisation, name)
    value = organisation.facts.get(name)
    return tuple(value) if isinstance(value, list) else value


def _reaches_beyond_area(measure: Measure, covered: View) -> bool:
    """Tell whether a measure covers organisations for other reasons than being in the one area that was read.

    Where it would still cover an organisation that wasn't in the area, one area's
    ratings don't hold all that the measure is about.
    """
    area, covers = covered.current.area, _population(measure)
    if area is None:
        return False
    elsewhere = (
        replace(organisation, areas=tuple(a for a in organisation.areas if a != area))
        for organisation in covered.current.organisations
    )
    return any(covers(organisation) for organisation in elsewhere)


def _share_moved(counts: SuccessMeasure) -> int:
    then, now = counts.t1, counts.t2
    return sign(now.judgements_met * then.applicable - then.judgements_met * now.applicable)


def _definition(measure: Measure, view: View) -> str:
    """Return the measure in words."""
    tags = " or ".join(tag.replace("-", " ") for tag in measure.tags)
    whom = ""
    if measure.population is not None:
        label = measure.population.in_words(lambda name: name.removeprefix(PREFIX).replace("_", " "))
        whom = f", of organisations where this holds: {label}"
    rated = "final ratings (the panel's where there is one)" if measure.basis == "final" else "own ratings"
    return f"Ratings of met on the same or reworded criteria about {tags}{whom}; {rated}; against {measure.baseline}"
