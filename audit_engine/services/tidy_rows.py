"""What stands in each table of the folder for other programs, row by row?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from audit_engine.analysis.disclosure import Figure
from audit_engine.analysis.plan import AuditMeasure, SurveyQuestion, in_use
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.choose_audit import Audits, audits
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.follow_actions import actions_of
from audit_engine.services.follow_plan import follow_plan
from audit_engine.services.instance import Instance
from audit_engine.services.keep_plan import figures_of
from audit_engine.services.read_plan import read_plan
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.survey_results import ORGANISATION, SECTOR, survey_results
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.storage import cycles, partnership, returns
from audit_engine.storage import plan as stored_plan

if TYPE_CHECKING:
    from audit_engine.analysis.change import Comparison
    from audit_engine.analysis.ratings import CycleRatings
    from audit_engine.analysis.survey import QuestionResult, SurveyResults

Row = tuple[object, ...]
NOT_LIKE_FOR_LIKE = frozenset({"widened or narrowed", "merged or split", "merged organisation"})
_KINDS = {"cells": "answer", "outside": "outside the base", "sums": "share"}


@dataclass
class Source:
    """What the rows are read from: one state of the database; each audit's ratings and comparison are read once."""

    connection: Connection
    definitions: Definitions
    instance: Instance
    now: datetime
    _ratings: dict[str, CycleRatings] = field(default_factory=dict)

    @cached_property
    def every(self) -> tuple[CycleFacts, ...]:
        """Return every cycle, the newest first."""
        return cycles.cycles(self.connection)

    @cached_property
    def known(self) -> Audits:
        """Return the audits and surveys that were opened."""
        return audits(self.connection, self.definitions)

    def asked(self, cycle: CycleFacts) -> Questionnaire:
        """Return what a cycle that was opened asks."""
        return self.definitions.of(self.connection, cycle.content_hash or "")

    def ratings(self, cycle: CycleFacts) -> CycleRatings:
        """Return an audit's final ratings."""
        from audit_engine.services.cycle_ratings import cycle_ratings

        if cycle.id not in self._ratings:
            self._ratings[cycle.id] = cycle_ratings(self.connection, self.definitions, cycle)
        return self._ratings[cycle.id]

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Return every audit compared with its baseline, where the two can be compared."""
        return tuple(found for cycle in self.known.rated if (found := self._compared(cycle)) is not None)

    def _compared(self, cycle: CycleFacts) -> Comparison | None:
        from audit_engine.analysis.change import Filters
        from audit_engine.services.compare_cycles import compare_cycles

        if cycle.baseline is None:
            return None
        try:
            return compare_cycles(self.connection, self.definitions, cycle.baseline, cycle.id, Filters())
        except (CycleRefused, LookupError):
            return None


def _organisations(source: Source) -> Iterator[Row]:
    sectors = partnership.sectors(source.connection)
    for one in partnership.organisations(source.connection):
        yield one.id, one.name, one.sector, sectors.get(one.sector, ""), one.parent, one.opened, one.closed


def _organisation_areas(source: Source) -> Iterator[Row]:
    names = {area.id: area.name for area in partnership.areas(source.connection)}
    for one in partnership.organisations(source.connection):
        for area in one.areas:
            yield one.id, area, names.get(area, area)


def _cycles(source: Source) -> Iterator[Row]:
    for one in source.every:
        asked = source.asked(one) if one.content_hash else None
        days = (_day(moment) for moment in (one.opens_at, one.closes_at, one.opened_at, one.closed_at))
        yield (
            one.id, one.title, one.questionnaire, one.version, asked.kind if asked else "",
            asked.respondent if asked else "", one.state, *days, one.baseline, one.pilot,
        )  # fmt: skip


def _returns(source: Source) -> Iterator[Row]:
    for cycle in source.known.returned:
        for one in returns.returns_of_cycle(source.connection, cycle.id):
            days = (_day(moment) for moment in (one.started_at, one.saved_at))
            submitted = _day(one.submitted_at) if one.state == "submitted" else None
            late = one.late if one.state == "submitted" else None
            extended = one.extended_to is not None
            yield cycle.id, one.organisation, one.state, _day(one.closes_at), extended, *days, submitted, late


def _criteria(source: Source) -> Iterator[Row]:
    for cycle in source.known.rated:
        asked = source.asked(cycle)
        for place, item in enumerate(asked.criteria, 1):
            section = asked.sections_by_id[item.section]
            yield (
                cycle.id, item.id, item.short_id, section.id, section.title, item.text, item.critical,
                " ".join(item.tags), place,
            )  # fmt: skip


def _ratings(source: Source) -> Iterator[Row]:
    from audit_engine.response.codes import CODE_OF, Code

    words = {int(code): counts_as for counts_as, code in CODE_OF.items()} | {int(Code.UNANSWERED): "unanswered"}
    for cycle in source.known.rated:
        found = source.ratings(cycle)
        at_random = found.at_random
        for n, organisation in enumerate(found.organisations):
            if not found.returned[n]:
                continue
            for m, item in enumerate(found.items):
                code = int(found.codes[n, m])
                if code not in words:
                    continue
                yield (
                    cycle.id, organisation.id, item, words.get(int(found.self_codes[n, m]), ""), words[code],
                    bool(found.moderated[n, m]), bool(at_random[n, m]) if at_random is not None else None,
                    bool(found.confirmed[n, m]),
                )  # fmt: skip


def _standards(source: Source) -> Iterator[Row]:
    from audit_engine.analysis.gathering import cycle_findings

    for cycle in source.known.rated:
        found = source.ratings(cycle)
        for one in cycle_findings(found, found).standards:
            n = one.counts
            yield (
                cycle.id, one.id, one.title, n.applicable, n.met, n.partly_met, n.not_met, n.unanswered,
                n.not_applicable, n.confirmed, sum(c.counts.due > 0 for c in one.criteria), one.criteria_met_by_all,
            )  # fmt: skip


def _measures(source: Source) -> Iterator[Row]:
    for found in source.comparisons:
        for one in found.measures:
            moved = one.movement
            yield (
                found.current.cycle, found.baseline.cycle, one.id, one.title, one.direction, moved.pairs,
                moved.met_then, moved.met_now, moved.gained, moved.lost, moved.net, one.verdict, one.reason, one.source,
            )  # fmt: skip


def _comparison(source: Source) -> Iterator[Row]:
    from audit_engine.services.show_comparison import rows_of

    for found in source.comparisons:
        for table, *named, pairs, then, now, gained, lost, net in rows_of(found):
            yield (
                found.current.cycle, found.baseline.cycle, table, *named, table not in NOT_LIKE_FOR_LIKE,
                pairs, then, now, gained, lost, net,
            )  # fmt: skip


def _survey_results(source: Source) -> Iterator[Row]:
    """Yield what was released of each closed survey: of everybody, by sector and by organisation."""
    for cycle in source.known.surveys:
        if cycle.state != "closed":
            continue
        whole = survey_results(source.connection, source.definitions, cycle)
        for question in whole.questions:
            yield from _answers(cycle, ("everybody", "", "Everybody"), question)
        for by in (SECTOR, ORGANISATION):
            yield from _of_groups(cycle, by, _by(source, cycle, by))


def _by(source: Source, cycle: CycleFacts, by: str) -> SurveyResults | None:
    try:
        return survey_results(source.connection, source.definitions, cycle, by=by)
    except SurveyRefused:  # replies came by one link for everybody
        return None


def _of_groups(cycle: CycleFacts, by: str, found: SurveyResults | None) -> Iterator[Row]:
    for group in found.groups if found else ():
        for question in group.questions:
            yield from _answers(cycle, (by, group.id, group.label), question)


def _answers(cycle: CycleFacts, group: tuple[str, str, str], question: QuestionResult) -> Iterator[Row]:
    head = (cycle.id, *group, question.question.id, question.question.text, question.asked_of)
    for place, kind in _KINDS.items():
        for figure in getattr(question.released, place):
            yield *head, kind, figure.id, question.labels[figure.id], *_shown(figure)


def _shown(figure: Figure) -> Row:
    if figure.count is None or not figure.base:
        return None, None, None, None, None, figure.percent
    ends = figure.interval
    limits = (None, None) if ends is None else (round(ends.lower * 100, 1), round(ends.upper * 100, 1))
    return figure.count, figure.base, round(100 * figure.count / figure.base, 1), *limits, ""


def _triangulation(source: Source) -> Iterator[Row]:
    from audit_engine.analysis.triangulation_json import COLUMNS, rows_of
    from audit_engine.services.triangulate import triangulate

    wanted = (
        "cycle", "organisation", "criterion", "own_rating", "panel_rating", "evidence_grade", "survey", "question",
        "consistent", "answered", "class", "assurance",
    )  # fmt: skip
    places = [COLUMNS.index(name) for name in wanted]
    for cycle in source.known.rated:
        try:
            found = triangulate(source.connection, source.definitions, cycle, source.now)
        except CycleRefused:  # no staff survey beside it, or none that has closed
            continue
        for row in rows_of(found):
            yield tuple(row[place] for place in places)


def _actions(source: Source) -> Iterator[Row]:
    today = source.now.astimezone(LOCAL).date()
    for cycle in source.known.rated:
        for one in actions_of(source.connection, source.asked(cycle), cycle.id, None):
            yield (
                cycle.id, one.organisation, one.criterion, one.standard, one.area, one.origin, one.status, one.due,
                one.timing(today), one.what, one.who, one.how_known,
            )  # fmt: skip


def _plan_outcomes(source: Source) -> Iterator[Row]:
    plan = read_plan(source.instance)
    if plan is None:
        return
    followed = {one.outcome.id: one for one in follow_plan(source.connection, source.definitions, plan, source.known)}
    names = {AuditMeasure: "audit", SurveyQuestion: "survey"}
    for priority in plan.priorities:
        for outcome in priority.outcomes:
            one = followed[outcome.id]
            by = names.get(type(outcome.followed_by), "hand")
            yield (
                plan.id, priority.id, priority.title, outcome.id, outcome.text, by, one.measure, one.verdict.kind,
                one.verdict.sentence,
            )  # fmt: skip


def _plan_figures(source: Source) -> Iterator[Row]:
    plan = read_plan(source.instance)
    if plan is None:
        return
    every = figures_of(source.connection, plan.id)
    for outcome in plan.outcomes:
        for one in in_use([f for f in every if f.outcome == outcome.id]):
            percentage = float(one.percentage) if one.percentage else None
            yield plan.id, outcome.id, one.as_at, one.kind, one.number, one.base, percentage, one.source, one.note


def _events(source: Source) -> Iterator[Row]:
    for one in stored_plan.events(source.connection):
        yield one.questionnaire, one.happened_on, one.text


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(LOCAL).date() if moment else None


ROWS: Mapping[str, Callable[[Source], Iterator[Row]]] = {
    "organisations": _organisations,
    "organisation_areas": _organisation_areas,
    "cycles": _cycles,
    "returns": _returns,
    "criteria": _criteria,
    "ratings": _ratings,
    "standards": _standards,
    "measures": _measures,
    "comparison": _comparison,
    "survey_results": _survey_results,
    "triangulation": _triangulation,
    "actions": _actions,
    "plan_outcomes": _plan_outcomes,
    "plan_figures": _plan_figures,
    "events": _events,
}
