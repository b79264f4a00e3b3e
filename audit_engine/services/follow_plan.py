"""How far has the strategic plan come: for each promise its measure, figures, verdict and source?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from audit_engine.analysis.change import Comparison, Filters, MeasureResult
from audit_engine.analysis.change_wording import measure_sentences
from audit_engine.analysis.comparison_figures import comparison_register
from audit_engine.analysis.plan import (
    AuditMeasure,
    Outcome,
    OutcomeVerdict,
    Plan,
    SurveyQuestion,
    TypedFigure,
    VerdictKind,
    in_use,
    survey_verdict,
    typed_verdict,
)
from audit_engine.analysis.wave_change import WaveComparison
from audit_engine.analysis.waves import WavesNotComparable
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.choose_audit import Audits
from audit_engine.services.compare_cycles import compare_cycles
from audit_engine.services.compare_waves import compare_surveys
from audit_engine.services.definitions import Definitions
from audit_engine.services.keep_plan import figures_of
from audit_engine.services.name_waves import opening_of
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.take_survey import SurveyRefused

_AUDIT_VERDICTS: dict[str, VerdictKind] = {
    "achieved": "as-wanted", "not-achieved": "otherwise", "cannot-be-judged": "cannot-be-judged",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of an outcome: when it is of, how it is printed, and where it comes from."""

    when: str
    text: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """One outcome with its figures, the earliest first, and its verdict; ``measure`` says what is measured."""

    outcome: Outcome
    measure: str
    points: tuple[Point, ...]
    verdict: OutcomeVerdict
    compared: tuple[str, str] | None = None  # the two cycles, for a link

    @property
    def is_typed(self) -> bool:
        """Tell whether its figures are typed in by hand."""
        return self.outcome.followed_by is None


def follow_plan(connection: Connection, definitions: Definitions, plan: Plan, known: Audits) -> tuple[Followed, ...]:
    """Return every outcome of the plan with what is known of it."""
    reader = _Reader(connection, definitions, known, figures_of(connection, plan.id))
    return tuple(reader.followed(outcome) for outcome in plan.outcomes)


class _Reader:
    """Reads each audit's and each survey's comparison once, whatever the number of outcomes."""

    def __init__(
        self, connection: Connection, definitions: Definitions, known: Audits, typed: Sequence[TypedFigure]
    ) -> None:
        self.connection, self.definitions, self.known, self.typed = connection, definitions, known, typed
        self._audits: dict[str, Comparison | str] = {}
        self._surveys: dict[str, WaveComparison | str] = {}

    @cached_property
    def _rated(self) -> dict[str, CycleFacts]:
        """Return the newest audit of each questionnaire."""
        return {cycle.questionnaire: cycle for cycle in reversed(self.known.rated)}

    def followed(self, outcome: Outcome) -> Followed:
        by = outcome.followed_by
        if isinstance(by, AuditMeasure):
            return self._by_audit(outcome, by)
        if isinstance(by, SurveyQuestion):
            return self._by_survey(outcome, by)
        figures = in_use([f for f in self.typed if f.outcome == outcome.id])
        points = tuple(Point(f"{f.as_at.day} {f.as_at:%B %Y}", f.text, f.source, _said(f)) for f in figures)
        return Followed(outcome, outcome.unit, points, typed_verdict(outcome, figures))

    def _by_audit(self, outcome: Outcome, by: AuditMeasure) -> Followed:
        found = self._comparison(by.questionnaire)
        if isinstance(found, str):
            return Followed(outcome, "", (), OutcomeVerdict("no-figure", found))
        place = next((n for n, m in enumerate(found.measures) if m.id == by.measure), None)
        if place is None:
            told = f"The audit {found.current.title} has no measure called “{by.measure}”. Put plan.yaml right."
            return Followed(outcome, "", (), OutcomeVerdict("no-figure", told))
        measure = found.measures[place]
        told = measure_sentences(found, comparison_register(found))[place].text
        sentence = told.removeprefix(f"Measure: {measure.title}. ")
        verdict = OutcomeVerdict(_AUDIT_VERDICTS[measure.verdict], sentence)
        return Followed(
            outcome, f"{measure.definition}.", _points(found, measure), verdict,
            (found.baseline.cycle, found.current.cycle),
        )  # fmt: skip

    def _comparison(self, questionnaire: str) -> Comparison | str:
        if questionnaire not in self._audits:
            self._audits[questionnaire] = self._compared(questionnaire)
        return self._audits[questionnaire]

    def _compared(self, questionnaire: str) -> Comparison | str:
        cycle = self._rated.get(questionnaire)
        if cycle is None:
            return "The audit that follows this has not been opened yet."
        if cycle.baseline is None:
            return f"{cycle.title} is the first of its kind, so there is nothing to compare it with."
        try:
            return compare_cycles(self.connection, self.definitions, cycle.baseline, cycle.id, Filters())
        except (CycleRefused, LookupError) as refusal:
            return str(refusal)

    def _by_survey(self, outcome: Outcome, by: SurveyQuestion) -> Followed:
        found = self._waves(by.questionnaire)
        if isinstance(found, str):
            return Followed(outcome, "", (), OutcomeVerdict("no-figure", found))
        question = next((q for q in found.questions if q.id == by.question), None)
        if question is None or question.headline is None:
            told = f"{found.now.title} has no question “{by.question}” that both waves asked with one answer to follow."
            return Followed(outcome, "", (), OutcomeVerdict("cannot-be-judged", told))
        one = question.headline
        points = tuple(
            Point(wave.label, _share(figure.percent, figure.count, figure.base), wave.title)
            for wave, figure in ((found.then, one.then), (found.now, one.now))
        )
        change = one.change
        said = question.sentences[0].text if question.sentences else " ".join(question.why)
        verdict = survey_verdict(outcome.wants, (change.verdict if change else None) or "not-directly-comparable", said)
        measure = f"{one.label} to “{question.text_now}”."
        return Followed(outcome, measure, points, verdict, (found.then.cycle, found.now.cycle))

    def _waves(self, questionnaire: str) -> WaveComparison | str:
        if questionnaire not in self._surveys:
            self._surveys[questionnaire] = self._last_two(questionnaire)
        return self._surveys[questionnaire]

    def _last_two(self, questionnaire: str) -> WaveComparison | str:
        waves = [c for c in self.known.surveys if c.questionnaire == questionnaire and c.state == "closed"]
        if len(waves) < 2:
            return "The survey has not closed twice yet, so there is nothing to compare."
        now, then = sorted(waves, key=opening_of, reverse=True)[:2]
        try:
            return compare_surveys(self.connection, self.definitions, then.id, now.id, by="")
        except (CycleRefused, SurveyRefused, WavesNotComparable) as refusal:
            return str(refusal)


def _points(found: Comparison, measure: MeasureResult) -> tuple[Point, ...]:
    """Return the two figures of an audit's measure: judgements met of those rated both times."""
    movement = measure.movement
    return tuple(
        Point(side.version, f"{met:,} of {movement.pairs:,} judgements met", side.title)
        for side, met in ((found.baseline, movement.met_then), (found.current, movement.met_now))
    )


def _share(percent: str, count: int | None, base: int | None) -> str:
    return percent if count is None or base is None else f"{count:,} of {base:,} ({percent})"


def _said(figure: TypedFigure) -> str:
    """Return what a reader must know of a typed figure: its note, and that no whole number gives a percentage."""
    kept = f"Kept although no whole number gives it: {figure.kept_because}" if figure.kept_because else ""
    return " ".join(words for words in (figure.note, kept) if words)
