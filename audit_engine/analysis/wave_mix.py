"""Did other kinds of people answer, and what would the shares be had the mix stayed the same?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_engine.analysis.disclosure import Figure
from audit_engine.analysis.statistics import (
    Interval,
    Stratum,
    Weighted,
    hybrid_limits,
    poststratified_proportion_wilson_neff,
)
from audit_engine.analysis.survey import SurveyResults
from audit_engine.analysis.wave_change import GroupShift, MixShift, Reweighted, Wave
from audit_engine.analysis.wave_pairs import Beside

WORKFORCE = "workforce"
#: Everybody in no group that is shown in both waves, and those who did not say.
REST = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """What both waves are weighted by: a question on which results are broken down, and head counts or None."""

    by: str
    workforce: Mapping[str, int] | None
    why_not: str


def mix_of(then: Wave, now: Wave, besides: Sequence[Beside], workforce: Mapping[str, int] | None) -> Mix | None:
    """Return what the second view is weighted by; None where the results were not broken down."""
    by = now.results.by
    if not by or by != then.results.by or not now.results.groups or not then.results.groups:
        return None
    beside = next((one for one in besides if one.now.result.question.id == by), None)
    if beside is None or not beside.describes_people:
        return Mix(by, workforce, "the groups do not come from a question that both waves asked")
    if beside.why:
        return Mix(by, workforce, "the question that the groups come from is not the same in both waves")
    if now.results.replies.audience == "open-data":
        return Mix(by, workforce, "open data are rounded")
    return Mix(by, workforce, "")


def shifts(beside: Beside) -> MixShift:
    """Return how each group's share of those who answered moved, without a sentence as yet."""
    groups = tuple(
        _shift(mark, option.label, beside.then.result.released.figure(mark), beside.now.result.released.figure(mark))
        for mark, option in beside.shared
    )
    known = [group for group in groups if group.shift is not None]
    largest = max(known, key=lambda group: abs(group.shift or 0), default=None)
    question = beside.now.result.question
    return MixShift(question.id, question.text, beside.why, groups, largest, None)


def reweighted(mix: Mix, then: Wave, now: Wave, beside: Beside, figure_id: str, conf: float) -> Reweighted:
    """Return the second view of one figure, without a sentence as yet.

    Groups that are hidden in either wave go together with those who did not say;
    what is left of the whole can be worked out from what is shown, so it gives nothing
    away.
    """
    target = WORKFORCE if mix.workforce is not None else then.label
    before = _strata(then.results, beside.then.result.question.id, figure_id)
    after = _strata(now.results, beside.now.result.question.id, figure_id)
    both = [group for group in after if group in before and group != REST]
    why_not = mix.why_not or _obstacle(mix, before, after, both)
    if why_not:
        return Reweighted(mix.by, target, why_not=why_not)
    first, second = _together(before, both), _together(after, both)
    sizes = _sizes(mix, first, both)
    weighted = [poststratified_proportion_wilson_neff(_sized(one, sizes), conf) for one in (first, second)]
    return _second_view(mix, target, weighted[0], weighted[1])


def _second_view(mix: Mix, target: str, then: Weighted | None, now: Weighted | None) -> Reweighted:
    if then is None or now is None or not (then.may_be_published and now.may_be_published):
        return Reweighted(mix.by, target, why_not="too few answers stand behind the weighted shares")
    lower, upper = hybrid_limits(_interval(then), _interval(now))
    return Reweighted(mix.by, target, then, now, now.p_weighted - then.p_weighted, lower, upper)


def _interval(weighted: Weighted) -> Interval:
    return Interval(weighted.p_weighted, weighted.lower, weighted.upper)


def _shift(mark: str, label: str, then: Figure, now: Figure) -> GroupShift:
    if then.count is None or now.count is None or not then.base or not now.base:
        return GroupShift(mark, label, then, now, None)
    return GroupShift(mark, label, then, now, now.count / now.base - then.count / then.base)


def _strata(results: SurveyResults, question_id: str, figure_id: str) -> dict[str, tuple[int, int]]:
    """Return (count, base) of every group that is shown, and of all others together; empty where the whole is not."""
    place = next((n for n, one in enumerate(results.questions) if one.question.id == question_id), None)
    if place is None:
        return {}
    whole = results.questions[place].released.figure(figure_id)
    if whole.count is None or whole.base is None:
        return {}
    found, count, base = {}, whole.count, whole.base
    for group in results.groups:
        figure = group.questions[place].released.figure(figure_id)
        if figure.count is not None and figure.base is not None:
            found[group.id] = (figure.count, figure.base)
            count, base = count - figure.count, base - figure.base
    return {**found, REST: (count, base)}


def _obstacle(
    mix: Mix, before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]], both: Sequence[str]
) -> str:
    if not before or not after:
        return "a figure of one wave may not be shown"
    if not both:
        return "no group is large enough to be shown in both waves"
    if mix.workforce is not None and any(not mix.workforce.get(group) for group in both):
        return "the head count of a group is not known"
    return ""


def _together(strata: Mapping[str, tuple[int, int]], both: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the strata of the groups shown in both waves, with all others as one."""
    others = [pair for group, pair in strata.items() if group not in both]
    rest = sum(count for count, _ in others), sum(base for _, base in others)
    return {**{group: strata[group] for group in both}, REST: rest}


def _sizes(mix: Mix, then: Mapping[str, tuple[int, int]], both: Sequence[str]) -> Mapping[str, int]:
    """Return what each group is weighted to: its head count, or its answers in the earlier wave."""
    if mix.workforce is None:
        return {group: base for group, (_, base) in then.items()}
    others = sum(people for group, people in mix.workforce.items() if group not in both)
    return {**{group: mix.workforce[group] for group in both}, REST: others}


def _sized(strata: Mapping[str, tuple[int, int]], sizes: Mapping[str, int]) -> list[Stratum]:
    return [Stratum(group, sizes[group], base, count) for group, (count, base) in strata.items()]
