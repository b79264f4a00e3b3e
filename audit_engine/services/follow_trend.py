"""How did what people answer move over the waves of a survey, and what was done in between?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from audit_engine.analysis.disclosure import Figure
from audit_engine.analysis.survey import CORRECT, FAVOURABLE, SUM_LABELS, SurveyResults
from audit_engine.analysis.wave_change import QuestionChange, SeriesQuestion
from audit_engine.analysis.waves import WavesNotComparable
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.compare_waves import compare_surveys, series_of_waves
from audit_engine.services.definitions import Definitions
from audit_engine.services.name_waves import named, opening_of
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.survey_results import survey_results
from audit_engine.services.take_survey import SurveyRefused

ONE_WAVE = "There is one wave so far, so nothing can be compared."


@dataclass(frozen=True, slots=True)
class Family:
    """The closed waves of one survey, the oldest first."""

    questionnaire: str
    title: str
    waves: tuple[CycleFacts, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What one wave showed; ``figure`` None where it did not ask the same."""

    label: str
    title: str
    closed_on: date
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class TrendQuestion:
    """One question over all waves; ``notes`` say why waves are not comparable, or what was worded otherwise."""

    id: str
    text: str
    answer: str
    points: tuple[TrendPoint, ...]
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """Every question of a survey that has a figure to follow; ``why_not`` says why there is none."""

    family: Family
    questions: tuple[TrendQuestion, ...] = ()
    why_not: str = ""


def families(connection: Connection, definitions: Definitions, surveys: Sequence[CycleFacts]) -> tuple[Family, ...]:
    """Return the surveys that have a wave that closed, by title: that of the newest wave's questionnaire."""
    found: dict[str, list[CycleFacts]] = {}
    for cycle in sorted(surveys, key=opening_of):
        if cycle.state == "closed":
            found.setdefault(cycle.questionnaire, []).append(cycle)
    named = (Family(name, _title(connection, definitions, waves[-1]), tuple(waves)) for name, waves in found.items())
    return tuple(sorted(named, key=lambda family: family.title))


def _title(connection: Connection, definitions: Definitions, newest: CycleFacts) -> str:
    """Return what the survey is called, without the year of its newest wave."""
    asked = definitions.of(connection, newest.content_hash or "")
    return asked.title.removesuffix(f" {asked.version}")


def follow_trend(connection: Connection, definitions: Definitions, family: Family) -> Trend:
    """Return the questions of a survey over its waves; what may not be compared is not."""
    try:
        questions = _by_number(connection, definitions, family)
    except (CycleRefused, SurveyRefused, WavesNotComparable) as refusal:
        return Trend(family, why_not=str(refusal))
    return Trend(family, questions, "" if questions else "No question of this survey has one figure to follow.")


def _by_number(connection: Connection, definitions: Definitions, family: Family) -> tuple[TrendQuestion, ...]:
    if len(family.waves) == 1:
        return _one(survey_results(connection, definitions, family.waves[0]), family)
    if len(family.waves) == 2:
        return _two(connection, definitions, family)
    return _many(connection, definitions, family)


def _one(results: SurveyResults, family: Family) -> tuple[TrendQuestion, ...]:
    return tuple(
        TrendQuestion(q.question.id, q.question.text, SUM_LABELS[f.id], _points(family, [f]), notes=(ONE_WAVE,))
        for q in results.questions
        for f in q.released.sums
        if f.id in (FAVOURABLE, CORRECT) and not q.question.item.profile
    )


def _two(connection: Connection, definitions: Definitions, family: Family) -> tuple[TrendQuestion, ...]:
    first, last = family.waves
    found = compare_surveys(connection, definitions, first.id, last.id)
    return tuple(
        TrendQuestion(
            q.id, q.text_now, q.headline.label, _points(family, [q.headline.then, q.headline.now]),
            tuple(s.text for s in q.sentences), _notes(q.why, q.text_then, q.text_now),
        )
        for q in found.questions
        if q.headline is not None
    )  # fmt: skip


def _notes(why: Sequence[str], then: str, now: str) -> tuple[str, ...]:
    worded = (f"Asked then as: “{then}”",) if then != now else ()
    return (*why, *worded)


def _many(connection: Connection, definitions: Definitions, family: Family) -> tuple[TrendQuestion, ...]:
    series = series_of_waves(connection, definitions, [wave.id for wave in family.waves])
    latest = {q.id: q for q in series.links[-1].questions}
    return tuple(
        TrendQuestion(
            q.id, q.text, q.label, _points(family, q.points), tuple(_said(q, latest[q.id])),
            (*((q.why,) if q.why else ()), *_notes((), latest[q.id].text_then, latest[q.id].text_now)),
        )
        for q in series.questions
    )  # fmt: skip


def _said(question: SeriesQuestion, latest: QuestionChange) -> Iterator[str]:
    """Yield what is said of all waves; where they cannot be told together, what is said of the last two."""
    if question.sentence is not None:
        yield question.sentence.text
    elif latest.sentences:
        yield latest.sentences[0].text


def _points(family: Family, figures: Sequence[Figure | None]) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(called.label, wave.title, _day(wave), figure)
        for wave, called, figure in zip(family.waves, named(family.waves), figures, strict=True)
    )


def _day(wave: CycleFacts) -> date:
    return (wave.closed_at or wave.closes_at).astimezone(LOCAL).date()
