"""Is the strategic plan reaching what it promised, as far as the figures of each promise can tell?

A promise ("how we will know") is followed by an audit's measure, by a question
of a survey, or by figures that somebody types in with their base, day and source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from audit_engine.analysis.published import plausible_counts
from audit_engine.analysis.rounding import count_text, percent_text, points_text
from audit_engine.analysis.statistics import newcombe_independent

Wants = Literal["increase", "decrease", "keep", "all", "majority", "done", ""]
FigureKind = Literal["count", "share", "sample"]
VerdictKind = Literal[
    "as-wanted",
    "otherwise",
    "not-reached",
    "same",
    "not-clear",
    "one-figure",
    "no-figure",
    "cannot-be-judged",
    "not-judged",
]
WANTS: dict[Wants, str] = {
    "increase": "It rises",
    "decrease": "It falls",
    "keep": "It goes on",
    "all": "It reaches all",
    "majority": "It reaches more than half",
    "done": "It is done",
    "": "Nothing is said about the direction",
}
KINDS: dict[FigureKind, str] = {
    "count": "A number, such as people or visits",
    "share": "So many of all of them",
    "sample": "So many of those who were asked or looked at",
}
VERDICTS: dict[VerdictKind, str] = {
    "as-wanted": "As the plan wants",
    "otherwise": "Not as the plan wants",
    "not-reached": "Not reached yet",
    "same": "The same as before",
    "not-clear": "No clear evidence of change",
    "one-figure": "One figure so far",
    "no-figure": "No figure yet",
    "cannot-be-judged": "Cannot be judged",
    "not-judged": "Figures only",
}


@dataclass(frozen=True, slots=True)
class AuditMeasure:
    """A measure that an audit's questionnaire declares."""

    questionnaire: str
    measure: str


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """A question of a survey of people."""

    questionnaire: str
    question: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One "how we will know"; followed by hand where neither an audit nor a survey follows it.

    ``unit`` says what is counted; ``note`` what a reader should know.
    """

    id: str
    text: str
    wants: Wants = ""
    followed_by: AuditMeasure | SurveyQuestion | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority of the plan with its outcomes."""

    id: str
    title: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A strategic plan; ``source`` is where its words come from."""

    id: str
    title: str
    source: str
    priorities: tuple[Priority, ...]
    invented: bool = False

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return every outcome, in order."""
        return tuple(outcome for priority in self.priorities for outcome in priority.outcomes)


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure that somebody typed: a number, or a percentage as it was published; ``base`` is what it is of.

    ``kept_because`` says why it was kept although no whole number gives the percentage.
    """

    id: int
    outcome: str
    as_at: date
    kind: FigureKind
    number: int | None
    base: int | None
    percentage: str
    source: str
    note: str = ""
    kept_because: str = ""
    replaces: int | None = None
    made_by: str = ""
    made_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_because: str = ""

    @property
    def count(self) -> int | None:
        """Return the number; of a percentage the one whole number that gives it, None for several or none."""
        if self.number is not None or not self.base:
            return self.number
        possible = plausible_counts(self.percentage, self.base).counts
        return possible[0] if len(possible) == 1 else None

    @property
    def value(self) -> Fraction:
        """Return what is compared: a count, or a share between 0 and 1."""
        if self.kind == "count":
            return Fraction(self.number or 0)
        if self.number is not None:
            return Fraction(self.number, self.base or 1)
        return Fraction(self.percentage) / 100

    @property
    def text(self) -> str:
        """Return the figure as it is printed, with its base."""
        if self.number is None:
            return f"{self.percentage}% of {count_text(self.base or 0)}"
        if self.base is None:
            return count_text(self.number)
        return f"{count_text(self.number)} of {count_text(self.base)} ({percent_text(self.number, self.base)})"


@dataclass(frozen=True, slots=True)
class OutcomeVerdict:
    """What the figures say of an outcome: a verdict and the sentence that gives its reason."""

    kind: VerdictKind
    sentence: str

    @property
    def words(self) -> str:
        """Return the verdict in a few words."""
        return VERDICTS[self.kind]


def in_use(figures: Sequence[TypedFigure]) -> tuple[TypedFigure, ...]:
    """Return the figures that count, the earliest first: not withdrawn, and not replaced by a correction."""
    replaced = {figure.replaces for figure in figures}
    found = (f for f in figures if f.withdrawn_at is None and f.id not in replaced)
    return tuple(sorted(found, key=lambda f: (f.as_at, f.id)))


def typed_verdict(outcome: Outcome, figures: Sequence[TypedFigure]) -> OutcomeVerdict:
    """Judge an outcome by its typed figures in use: the last against what is wanted, or against the first."""
    if not figures:
        return OutcomeVerdict("no-figure", "Nobody has typed in a figure yet.")
    last = figures[-1]
    if outcome.wants in _TARGETS:
        return _TARGETS[outcome.wants](last)
    if not outcome.wants:
        return OutcomeVerdict("not-judged", "The plan does not say which way it should go.")
    first = figures[0]
    if first.id == last.id:
        return OutcomeVerdict("one-figure", f"{last.text} on {_day(last.as_at)}. A second figure is needed to compare.")
    return _moved(outcome.wants, first, last)


def _moved(wants: Wants, first: TypedFigure, last: TypedFigure) -> OutcomeVerdict:
    if (first.kind == "count") != (last.kind == "count"):
        return OutcomeVerdict("cannot-be-judged", "The first figure is a number and the last a share, or the reverse.")
    both = f"from {first.text} on {_day(first.as_at)} to {last.text} on {_day(last.as_at)}"
    if "sample" in (first.kind, last.kind):
        return _of_samples(wants, first, last, both)
    if first.value == last.value:
        return OutcomeVerdict("same", f"It was the same on both days, {both}.")
    return OutcomeVerdict(_way(wants, last.value > first.value), f"It {_verb(last.value > first.value)} {both}.")


def _of_samples(wants: Wants, first: TypedFigure, last: TypedFigure, both: str) -> OutcomeVerdict:
    """Judge two shares of people who were asked: only a change clear of chance is one (methods sections 4.4 and 6)."""
    x1, x2 = first.count, last.count
    if x1 is None or x2 is None or not first.base or not last.base:
        return OutcomeVerdict("cannot-be-judged", f"The numbers behind a percentage are not known, {both}.")
    found = newcombe_independent(x1, first.base, x2, last.base)
    if found is None:
        return OutcomeVerdict("cannot-be-judged", f"There is no base, {both}.")
    points = f"{points_text(found.diff)} points, 95% interval {points_text(found.lower)} to {points_text(found.upper)}"
    if found.lower <= 0 <= found.upper:
        return OutcomeVerdict("not-clear", f"There is no clear evidence of change {both}: {points}.")
    return OutcomeVerdict(_way(wants, found.diff > 0), f"It {_verb(found.diff > 0)} {both}: {points}.")


def _way(wants: Wants, rose: bool) -> VerdictKind:
    return "as-wanted" if rose == (wants == "increase") else "otherwise"


def _verb(rose: bool) -> str:
    return "rose" if rose else "fell"


def _goes_on(last: TypedFigure) -> OutcomeVerdict:
    told = f"{last.text} on {_day(last.as_at)}."
    return OutcomeVerdict("as-wanted" if last.value > 0 else "otherwise", told)


def _reaches_all(last: TypedFigure) -> OutcomeVerdict:
    if last.kind == "count":
        return OutcomeVerdict("cannot-be-judged", f"{last.text} on {_day(last.as_at)}: it is not known of how many.")
    reached = last.value == 1
    return OutcomeVerdict("as-wanted" if reached else "not-reached", f"{last.text} on {_day(last.as_at)}.")


def _reaches_half(last: TypedFigure) -> OutcomeVerdict:
    if last.kind == "count":
        return OutcomeVerdict("cannot-be-judged", f"{last.text} on {_day(last.as_at)}: it is not known of how many.")
    reached = last.value > Fraction(1, 2)
    return OutcomeVerdict("as-wanted" if reached else "not-reached", f"{last.text} on {_day(last.as_at)}.")


_TARGETS = {"keep": _goes_on, "all": _reaches_all, "majority": _reaches_half, "done": _reaches_all}


def survey_verdict(wants: Wants, verdict: str, sentence: str) -> OutcomeVerdict:
    """Judge an outcome by the verdict on a survey question (methods section 6): "rose", "fell" and the unclear ones."""
    if verdict in ("rose", "fell") and wants in ("increase", "decrease"):
        return OutcomeVerdict(_way(wants, verdict == "rose"), sentence)
    if verdict == "not-directly-comparable":
        return OutcomeVerdict("cannot-be-judged", sentence)
    return OutcomeVerdict("not-judged" if verdict in ("rose", "fell") else "not-clear", sentence)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
