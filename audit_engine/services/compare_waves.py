"""Compare a survey with an earlier wave of it, from the released counts to the finished comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection

from audit_engine.analysis.disclosure import Audience
from audit_engine.analysis.waves import Wave, WaveComparison, WaveSeries, compare_waves, wave_series
from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import local_text
from audit_engine.services.definitions import Definitions
from audit_engine.services.name_waves import Named, named, opening_of
from audit_engine.services.run_cycle import CycleRefused, cycle_named, refuse_other_questions
from audit_engine.services.survey_results import breakdowns, survey_results


@dataclass(frozen=True, slots=True)
class _Pinned:
    cycle: CycleFacts
    questionnaire: Questionnaire


def is_survey_of_people(connection: Connection, definitions: Definitions, cycle_id: str) -> bool:
    """Tell whether people answer the cycle, so that it is compared as a wave."""
    pinned = definitions.of_cycle(connection, cycle_id)
    return pinned is not None and pinned.questionnaire.respondent == "person"


def compare_surveys(
    connection: Connection,
    definitions: Definitions,
    earlier_id: str,
    cycle_id: str,
    *,
    by: str | None = None,
    audience: Audience = "panel",
) -> WaveComparison:
    """Compare two waves of one survey; raise CycleRefused or SurveyRefused saying why they cannot be compared.

    ``by`` is the question by whose answers the second view weights; None takes
    the first breakdown that both waves asked alike, '' gives no second view.
    """
    then, now = (_pinned(connection, definitions, name) for name in (earlier_id, cycle_id))
    lineage = _lineage(definitions, then, now)
    weighted_by = common_breakdown(then.questionnaire, now.questionnaire, lineage) if by is None else by
    first, second = _waves(connection, definitions, (then, now), weighted_by or None, audience)
    return compare_waves(first, second, lineage)


def series_of_waves(
    connection: Connection, definitions: Definitions, cycle_ids: Sequence[str], *, audience: Audience = "panel"
) -> WaveSeries:
    """Return three waves or more beside one another, oldest first."""
    every = [_pinned(connection, definitions, name) for name in cycle_ids]
    lineages = [_lineage(definitions, then, now) for then, now in pairwise(every)]
    return wave_series(_waves(connection, definitions, every, None, audience), lineages)


def common_breakdown(then: Questionnaire, now: Questionnaire, lineage: LineageMap) -> str:
    """Return the first question by which both waves may be broken down and that stayed the same; '' for none."""
    before = {q.id for q in breakdowns(then)}
    same = {(pair.old, pair.new) for pair in lineage.pairs if pair.relation == "same"}
    kept = (q.id for q in breakdowns(now) if q.id in before and ((q.id,), (q.id,)) in same)
    return next(kept, "")


def _pinned(connection: Connection, definitions: Definitions, cycle_id: str) -> _Pinned:
    cycle = cycle_named(connection, cycle_id)
    return _Pinned(cycle, definitions.opened(connection, cycle.id).questionnaire)


def _lineage(definitions: Definitions, then: _Pinned, now: _Pinned) -> LineageMap:
    if then.cycle.id == now.cycle.id:
        raise CycleRefused(f"{now.cycle.title} cannot be compared with itself. Name an earlier survey first.")
    refuse_other_questions(then.cycle, now.cycle)
    opened = opening_of(then.cycle)
    if opened == opening_of(now.cycle):
        raise CycleRefused(
            f"{then.cycle.title} and {now.cycle.title} opened at the same moment, {local_text(opened)}, so neither is "
            "the earlier one."
        )
    if opened > opening_of(now.cycle):
        raise CycleRefused(
            f"{then.cycle.title} opened on {local_text(opened)}, not before {now.cycle.title}. Swap them."
        )
    lineage = definitions.lineage(then.questionnaire, now.questionnaire, criteria_only=False)
    if lineage is None:
        raise CycleRefused(
            f"{now.cycle.title} ({now.questionnaire.name}) does not continue {then.questionnaire.name}, so there is "
            "nothing to compare."
        )
    return lineage


def _waves(
    connection: Connection, definitions: Definitions, every: Sequence[_Pinned], by: str | None, audience: Audience
) -> list[Wave]:
    """Return what was released of waves, named so that they can be told apart."""

    def wave(one: _Pinned, called: Named) -> Wave:
        results = survey_results(connection, definitions, one.cycle, by=by, audience=audience)
        return Wave(called.label, called.year, results)

    return [wave(*pair) for pair in zip(every, named([one.cycle for one in every]), strict=True)]
