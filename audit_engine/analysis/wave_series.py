"""Does an answer rise or fall over three waves or more?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from audit_engine.analysis.disclosure import Figure
from audit_engine.analysis.figures import register
from audit_engine.analysis.statistics import Trend, cochran_armitage_trend, holm_and_bh
from audit_engine.analysis.wave_change import (
    FigureChange,
    QuestionChange,
    SeriesQuestion,
    Wave,
    WaveComparison,
    WaveSeries,
    WaveSettings,
    WaveVerdict,
)
from audit_engine.analysis.wave_wording import series_sentence, what

_LEAST_WAVES = 3


@dataclass(frozen=True, slots=True)
class _Traced:
    """A figure followed back from the last wave, newest first, as far as it is comparable."""

    question: QuestionChange
    figure: FigureChange
    points: tuple[Figure, ...]
    why: str


def series_of(waves: Sequence[Wave], links: tuple[WaveComparison, ...], settings: WaveSettings) -> WaveSeries:
    """Put the links together: every wave shown, no smoothing, no base year picked (methods 4.6)."""
    traced = [_traced(question, links) for question in links[-1].questions if question.headline is not None]
    tests = [_trend(one, waves) for one in traced]
    levels = iter(holm_and_bh([test.p for test in tests if test], float(settings.alpha)).bh)
    labels, questions, figures = tuple(wave.label for wave in waves), [], []
    for one, test in zip(traced, tests, strict=True):
        question = _question(one, test, next(levels) if test else None, len(waves), settings)
        sentence, used = series_sentence(question, labels, what(one.figure))
        questions.append(replace(question, sentence=sentence))
        figures.extend(used)
    return WaveSeries(labels, tuple(questions), links, register(figures))


def _traced(question: QuestionChange, links: Sequence[WaveComparison]) -> _Traced:
    headline = question.headline
    if headline is None:
        raise ValueError("Only a question with a headline can be traced.")
    points, wanted, why = [headline.now], question.id, ""
    for link in reversed(links):
        found = next((one for one in link.questions if one.id == wanted), None)
        point = _point_then(found, headline.id)
        why = _why_not(found, point)
        if found is None or point is None or why:
            break
        points.append(point)
        wanted = found.old_id
    return _Traced(question, headline, tuple(points), why)


def _point_then(question: QuestionChange | None, figure_id: str) -> Figure | None:
    figures = question.figures if question else ()
    return next((one.then for one in figures if one.id == figure_id), None)


def _why_not(question: QuestionChange | None, point: Figure | None) -> str:
    if question is None:
        return "It was not asked in every wave."
    if question.why:
        return " ".join(question.why)
    return "" if point is not None and point.count is not None else "A figure of one wave may not be shown."


def _trend(one: _Traced, waves: Sequence[Wave]) -> Trend | None:
    shown = list(_counts(one))
    if len(shown) < _LEAST_WAVES:
        return None
    years = [wave.year for wave in reversed(waves)][: len(shown)]
    counts, bases = zip(*shown, strict=True)
    return cochran_armitage_trend(counts, bases, years)


def _counts(one: _Traced) -> Iterator[tuple[int, int]]:
    for point in one.points:
        if point.count is None or point.base is None:
            return
        yield min(point.count, point.base), point.base


def _question(
    one: _Traced, test: Trend | None, adjusted: float | None, waves: int, settings: WaveSettings
) -> SeriesQuestion:
    points = (*(None for _ in range(waves - len(one.points))), *reversed(one.points))
    why = one.why if test or one.why else "Nobody or everybody said so in every wave."
    verdict = _verdict(test, adjusted, settings)
    return SeriesQuestion(
        one.question.id, one.question.text_now, one.figure.label, points, test, verdict, adjusted, why, None
    )


def _verdict(test: Trend | None, adjusted: float | None, settings: WaveSettings) -> WaveVerdict:
    """Return the permitted verdict; the test's own level stands for an interval clear of nothing."""
    if test is None or adjusted is None:
        return "not-directly-comparable"
    level = float(settings.alpha)
    if test.p > level:
        return "no-clear-evidence"
    rising = test.slope > 0
    if adjusted <= level:
        return "rose" if rising else "fell"
    return "may-have-risen" if rising else "may-have-fallen"
