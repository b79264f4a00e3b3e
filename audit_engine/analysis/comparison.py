"""What changed between two audits whose questions and organisations changed too?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from audit_engine.analysis.alignment import align
from audit_engine.analysis.change import (
    Comparison,
    CountsRow,
    CountsScope,
    CycleName,
    Filters,
    Matched,
    MeasureResult,
    Reconciliation,
)
from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.criteria_changes import (
    bridged_changes,
    by_standard,
    by_tag,
    changed_scope,
    like_for_like,
    not_compared,
)
from audit_engine.analysis.extent import joint_returns, moderated, organisation_bridges
from audit_engine.analysis.measures import measure_results
from audit_engine.analysis.movement import movement, transition_matrix
from audit_engine.analysis.organisation_changes import concentration, organisation_changes, organisation_nets
from audit_engine.analysis.organisations import Break, match_organisations, narrowed
from audit_engine.analysis.ratings import Code, CycleRatings, OrganisationFacts, OrganisationLink
from audit_engine.analysis.reconciliation import Side, reconcile
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.success import success_measure
from audit_engine.analysis.tables import Indices, cells, tally_all
from audit_engine.analysis.verdicts import bounded_net, enough_matched, verdict_on
from audit_engine.analysis.view import View
from audit_engine.definition.lineage import LineageMap

EVERYTHING = Filters()
Places = tuple[Indices, Indices]


class MixedBases(ValueError):
    """Own ratings would be compared with final ones."""

    def __init__(self, baseline: CycleRatings, current: CycleRatings) -> None:
        super().__init__(
            f"{baseline.title} holds {baseline.basis} ratings and {current.title} holds {current.basis} ones. "
            "Compare self with self or final with final: a panel's ratings and an organisation's own differ in kind."
        )


class MixedAreas(ValueError):
    """The two tables, or the filter, speak of different areas."""

    def __init__(self, baseline: CycleRatings, current: CycleRatings, wanted: str | None) -> None:
        areas = [area or "every area" for area in (baseline.area, current.area, wanted)]
        super().__init__(
            f"{baseline.title} was read for {areas[0]} and {current.title} for {areas[1]}, but the comparison is "
            f"asked for {areas[2]}. Read both for the area that is wanted, since an organisation in two areas may "
            "rate itself differently in each."
        )


class MixedInstruments(ValueError):
    """Two different audits would be compared."""

    def __init__(self, baseline: CycleRatings, current: CycleRatings) -> None:
        super().__init__(
            f"{baseline.title} asked '{baseline.questionnaire.id}' and {current.title} asked "
            f"'{current.questionnaire.id}'. Only versions of one questionnaire can be compared."
        )


def compare(
    baseline: CycleRatings,
    current: CycleRatings,
    lineage: LineageMap,
    organisation_links: Sequence[OrganisationLink] = (),
    filters: Filters = EVERYTHING,
    settings: Settings | None = None,
    plan_ratings: tuple[CycleRatings, CycleRatings] | None = None,
) -> Comparison:
    """Compare two audits (methods section 5).

    ``baseline`` is the earlier.  With ``filters.area`` both tables must have been
    read for that area.  The plan's measures are judged on ``plan_ratings``, both
    audits read for every area, or else on everybody in the two tables; other
    filters don't touch them.  Raises MixedBases, MixedAreas, MixedInstruments,
    LineageMismatch, UnknownStandard, and LinesDoNotSum when the lineage is unsound.
    """
    _refuse_mixed(baseline, current, filters)
    settings = settings or Settings()
    everybody = match_organisations(baseline, current, organisation_links)
    whole = View(baseline, current, everybody, align(lineage, baseline, current, EVERYTHING))
    view = whole
    if filters != EVERYTHING:
        matching = narrowed(everybody, baseline, current, partial(_passes, filters))
        view = View(baseline, current, matching, align(lineage, baseline, current, filters))
    plan = _plan_view(whole, lineage, organisation_links, plan_ratings)
    return _compared(view, filters, settings, measure_results(plan, settings))


def _plan_view(
    whole: View,
    lineage: LineageMap,
    links: Sequence[OrganisationLink],
    plan_ratings: tuple[CycleRatings, CycleRatings] | None,
) -> View:
    """Return the view on which the plan's measures are judged."""
    if plan_ratings is None:
        return whole
    _refuse_mixed(*plan_ratings, EVERYTHING)
    everybody = match_organisations(*plan_ratings, links)
    return View(*plan_ratings, everybody, align(lineage, *plan_ratings, EVERYTHING))


def _refuse_mixed(baseline: CycleRatings, current: CycleRatings, filters: Filters) -> None:
    if baseline.basis != current.basis:
        raise MixedBases(baseline, current)
    if baseline.questionnaire.id != current.questionnaire.id:
        raise MixedInstruments(baseline, current)
    if not baseline.area == current.area == filters.area:
        raise MixedAreas(baseline, current, filters.area)


def _passes(filters: Filters, organisation: OrganisationFacts) -> bool:
    in_area = filters.area is None or filters.area in organisation.areas
    return in_area and filters.sector in (None, organisation.sector)


def _compared(view: View, filters: Filters, settings: Settings, measures: tuple[MeasureResult, ...]) -> Comparison:
    headline, nets, matched = movement(view.like), organisation_nets(view), _matched(view, settings)
    neither = view.asked_of_neither([item.id for item in view.like_items])
    bounds = bounded_net(headline.net, view.like_only_then, view.like_only_now, neither)
    return Comparison(
        baseline=_name(view.baseline),
        current=_name(view.current),
        basis=view.current.basis,
        filters=filters,
        matched=matched,
        headline=headline,
        transitions=transition_matrix(view.like),
        verdict=verdict_on(headline, matched, bounds),
        bounds=bounds,
        by_standard=by_standard(view),
        by_tag=by_tag(view),
        like_for_like=like_for_like(view),
        widened_narrowed=changed_scope(view),
        bridged=bridged_changes(view),
        not_compared=not_compared(view),
        organisations=organisation_changes(view),
        by_organisation=nets,
        concentration=concentration(nets, settings),
        counts=_counts(view),
        crude_then=_crude(view.baseline, view.returns_then, view.alignment.then_columns),
        crude_now=_crude(view.current, view.returns_now, view.alignment.now_columns),
        reconciliation=_reconciliation(view),
        measures=measures,
        joint=joint_returns(view),
        moderated=moderated(view),
        organisation_bridges=organisation_bridges(view),
    )


def _name(ratings: CycleRatings) -> CycleName:
    version = ratings.questionnaire
    return CycleName(ratings.cycle, ratings.title, version.id, version.version)


def _matched(view: View, settings: Settings) -> Matched:
    organisations, columns = len(view.matched_now), view.alignment
    scope = view.in_scope_then, view.in_scope_now
    return Matched(
        organisations, *scope, len(view.returns_then), len(view.returns_now),
        len(columns.like.pairs), len(columns.then_columns), len(columns.now_columns),
        enough_matched(organisations, *scope, settings),
    )  # fmt: skip


def _crude(ratings: CycleRatings, rows: Indices, columns: Indices) -> RatingCounts:
    return tally_all(cells(ratings.codes, rows, columns), cells(ratings.confirmed, rows, columns))


def _counts(view: View) -> tuple[CountsRow, ...]:
    """Count in the three readings on everything, on what matches in one way, and on what matches in both."""
    columns, like = view.alignment, view.alignment.like
    sets: tuple[tuple[CountsScope, str, Places, Places], ...] = (
        ("all", "All organisations, all criteria",
         (view.returns_then, columns.then_columns), (view.returns_now, columns.now_columns)),
        ("matched-criteria", "All organisations, same criteria",
         (view.returns_then, like.then), (view.returns_now, like.now)),
        ("matched-organisations", "Same organisations, all criteria",
         (view.matched_then, columns.then_columns), (view.matched_now, columns.now_columns)),
    )  # fmt: skip
    rows = []
    for scope, label, then, now in sets:
        counted = success_measure(cells(view.then_codes, *then), cells(view.now_codes, *now))
        rows.append(CountsRow(scope, label, False, counted.t1, counted.t2))
    unpaired = np.int8(Code.NOT_ASKED)
    both = success_measure(
        np.where(view.paired, view.like_then, unpaired), np.where(view.paired, view.like_now, unpaired)
    )
    rated_twice = "Same organisations, same criteria, rated both times"
    return (*rows, CountsRow("like-for-like", rated_twice, True, both.t1, both.t2))


def _reconciliation(view: View) -> Reconciliation:
    columns = view.alignment
    then = Side(
        view.then_codes, view.matched_then, view.only_then,
        _broken(view.matching.left), _unexplained(view.matching.left),
        columns.then_columns, columns.bridged_then, columns.gone,
    )  # fmt: skip
    now = Side(
        view.now_codes, view.matched_now, view.only_now,
        _broken(view.matching.joined), _unexplained(view.matching.joined),
        columns.now_columns, columns.bridged_now, columns.new.columns,
    )  # fmt: skip
    return reconcile(then, now, view.like, view.changed)


def _broken(unmatched: Iterable[tuple[int, Break | None]]) -> Indices:
    return np.array([row for row, broken in unmatched if broken], dtype=np.intp)


def _unexplained(unmatched: Iterable[tuple[int, Break | None]]) -> Indices:
    return np.array([row for row, broken in unmatched if not broken], dtype=np.intp)
