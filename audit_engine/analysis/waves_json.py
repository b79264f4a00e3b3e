"""How is a comparison of waves written as plain values, and as rows of a flat file?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.disclosure import SHOWN_AS, Figure, Released
from audit_engine.analysis.statistics import Weighted
from audit_engine.analysis.wave_change import (
    Change,
    FigureChange,
    MixShift,
    QuestionChange,
    Reweighted,
    SeriesQuestion,
    WaveComparison,
    WaveName,
    WaveSeries,
)

Json = dict[str, object]
WAVE_COLUMNS = (
    "table", "question", "answer", "label", "comparable", "count_then", "base_then", "count_now", "base_now",
    "change_points", "low_points", "high_points", "p", "p_adjusted", "detectable_points", "verdict", "why",
)  # fmt: skip


def waves_json(comparison: WaveComparison) -> Json:
    """Return the comparison as plain values; shares are unrounded, hidden counts are None with their symbol."""
    return {
        "then": _name(comparison.then),
        "now": _name(comparison.now),
        "tested": comparison.tested,
        "alpha": float(comparison.alpha),
        "adjusted_by": "Holm for the questions declared in advance, Benjamini and Hochberg for all others",
        "questions": [_question(one) for one in comparison.questions],
        "new": [{"id": one.id, "text": one.text, "reason": one.reason} for one in comparison.new],
        "gone": [{"id": one.id, "text": one.text, "reason": one.reason} for one in comparison.gone],
        "who_answered": [_mix(one) for one in comparison.mixes],
        "weighted_by": comparison.by,
        "sentences": [sentence.text for sentence in comparison.summary],
        "limits": comparison.limits.text,
        "figures": comparison.register.as_json(),
    }


def series_json(series: WaveSeries) -> Json:
    """Return a series as plain values, each link included."""
    return {
        "waves": list(series.labels),
        "questions": [_series_question(one) for one in series.questions],
        "links": [waves_json(link) for link in series.links],
        "figures": series.register.as_json(),
    }


def wave_rows(comparison: WaveComparison) -> Iterator[tuple[object, ...]]:
    """Yield every figure of both waves as a flat row in the order of WAVE_COLUMNS; hidden counts give their symbol."""
    for question in comparison.questions:
        why = " ".join(question.why)
        for one in question.figures:
            yield ("question", question.id, one.id, one.label, question.comparable, *_row(one), why)
    for mix in comparison.mixes:
        for group in mix.groups:
            counts = _counts(group.then, group.now)
            shift = (group.shift * 100 if group.shift is not None else "", "", "")
            yield ("who answered", mix.id, group.id, group.label, not mix.why, *counts, *shift, *[""] * 4, "")


def _row(one: FigureChange) -> tuple[object, ...]:
    change = one.change or Change(None)
    points = (change.diff, change.lower, change.upper)
    return (
        *_counts(one.then, one.now), *(_points(value) for value in points), _given(change.p),
        _given(change.p_adjusted), _points(change.detectable), change.words,
    )  # fmt: skip


def _counts(then: Figure, now: Figure) -> tuple[object, ...]:
    return tuple(
        shown
        for one in (then, now)
        for shown in (one.number if one.count is None else one.count, "" if one.base is None else one.base)
    )


def _points(share: float | None) -> float | str:
    return "" if share is None else share * 100


def _given(value: float | None) -> float | str:
    return "" if value is None else value


def _name(wave: WaveName) -> Json:
    return {
        "label": wave.label,
        "cycle": wave.cycle,
        "title": wave.title,
        "version": wave.version,
        "took_part": wave.took_part,
        "replies": wave.replies.base,
    }


def _question(one: QuestionChange) -> Json:
    return {
        "id": one.id,
        "old": one.old_id,
        "text_then": one.text_then,
        "text_now": one.text_now,
        "relation": one.relation,
        "note": one.note,
        "asked_of_then": one.asked_of_then,
        "asked_of_now": one.asked_of_now,
        "comparable": one.comparable,
        "why_not_comparable": list(one.why),
        "then": _released(one.released_then),
        "now": _released(one.released_now),
        "answers": [_figure_change(figure) for figure in one.figures],
        "headline": one.headline.id if one.headline else None,
        "second_view": _reweighted(one.reweighted) if one.reweighted else None,
        "sentences": [sentence.text for sentence in one.sentences],
    }


def _released(released: Released) -> Json:
    return {
        "asked": released.asked,
        "answered": released.answered,
        "base": released.base,
        "symbol": SHOWN_AS.get(released.symbol, ""),
        "answers": [_figure(one) | {"id": one.id} for one in (*released.cells, *released.outside, *released.sums)],
    }


def _figure(one: Figure) -> Json:
    limits = one.interval
    return {
        "count": one.count,
        "base": one.base,
        "symbol": SHOWN_AS.get(one.symbol, ""),
        "lower": limits.lower if limits else None,
        "upper": limits.upper if limits else None,
    }


def _figure_change(one: FigureChange) -> Json:
    change = one.change
    return {
        "id": one.id,
        "label": one.label,
        "tested": one.tested,
        "better": one.polarity or None,
        "then": _figure(one.then),
        "now": _figure(one.now),
        "change": _change(change) if change else None,
        "sentence": one.sentence.text if one.sentence else None,
    }


def _change(change: Change) -> Json:
    return {
        "difference": change.diff,
        "lower": change.lower,
        "upper": change.upper,
        "p": change.p,
        "p_adjusted": change.p_adjusted,
        "detectable": change.detectable,
        "verdict": change.verdict,
        "words": change.words,
    }


def _reweighted(view: Reweighted) -> Json:
    return {
        "by": view.by,
        "to": view.to,
        "then": _weighted(view.then),
        "now": _weighted(view.now),
        "difference": view.diff,
        "lower": view.lower,
        "upper": view.upper,
        "differs": view.differs,
        "why_not": view.why_not,
    }


def _weighted(share: Weighted | None) -> Json | None:
    if share is None:
        return None
    return {
        "share": share.p_weighted,
        "unweighted": share.p_unweighted,
        "lower": share.lower,
        "upper": share.upper,
        "base": share.n,
        "design_effect": share.kish_deff,
        "effective_base": share.n_eff,
        "weights_trimmed": share.trimmed,
    }


def _mix(mix: MixShift) -> Json:
    groups = [
        {"id": one.id, "label": one.label, "then": _figure(one.then), "now": _figure(one.now), "shift": one.shift}
        for one in mix.groups
    ]
    return {
        "id": mix.id,
        "text": mix.text,
        "why_not_comparable": list(mix.why),
        "groups": groups,
        "largest": mix.largest.id if mix.largest else None,
        "sentence": mix.sentence.text if mix.sentence else None,
    }


def _series_question(one: SeriesQuestion) -> Json:
    test = one.trend
    return {
        "id": one.id,
        "text": one.text,
        "label": one.label,
        "points": [_figure(point) if point else None for point in one.points],
        "chi2": test.chi2 if test else None,
        "p": test.p if test else None,
        "p_adjusted": one.p_adjusted,
        "slope": test.slope if test else None,
        "verdict": one.verdict,
        "why": one.why,
        "sentence": one.sentence.text if one.sentence else None,
    }
