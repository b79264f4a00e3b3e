"""What does a comparison of two waves of a survey hold?

Values only; ``waves.py`` makes them.  Everything rests on what was released, so
a figure that is hidden in one wave has no change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from audit_engine.analysis.disclosure import Figure, Released
from audit_engine.analysis.figures import Register
from audit_engine.analysis.rounding import points_text
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.statistics import Trend, Weighted
from audit_engine.analysis.survey import SurveyResults
from audit_engine.definition.questionnaire import Relation

WaveVerdict = Literal[
    "rose", "fell", "may-have-risen", "may-have-fallen", "no-clear-evidence", "not-directly-comparable"
]
Polarity = Literal["higher", "lower", ""]
#: The permitted verdicts on answers of people (methods section 6), and no others.
WORDS: Mapping[WaveVerdict, str] = {
    "rose": "rose",
    "fell": "fell",
    "may-have-risen": "may have risen; not clear once the number of questions tested is allowed for",
    "may-have-fallen": "may have fallen; not clear once the number of questions tested is allowed for",
    "no-clear-evidence": "no clear evidence of change",
    "not-directly-comparable": "not directly comparable",
}


@dataclass(frozen=True, slots=True)
class WaveSettings:
    """Thresholds of a comparison of waves; ``confidence`` and ``alpha`` belong together."""

    confidence: Fraction = Fraction(95, 100)
    alpha: Fraction = Fraction(5, 100)
    power: Fraction = Fraction(80, 100)


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave: what it is called, its year, and its results as one audience may see them."""

    label: str
    year: float
    results: SurveyResults


@dataclass(frozen=True, slots=True)
class WaveName:
    """A wave without its results; ``took_part`` is the sentence on replies and response rate."""

    label: str
    cycle: str
    title: str
    version: str
    took_part: str
    replies: Released


@dataclass(frozen=True, slots=True)
class Change:
    """How a share moved; shares, not points.

    ``verdict`` is None for a figure that was not tested and is comparable; ``diff`` and
    its limits where no change may be given; ``p`` and ``p_adjusted`` where it was not
    tested; ``detectable`` where nobody or everybody said so both times.
    """

    verdict: WaveVerdict | None
    diff: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    detectable: float | None = None

    @property
    def points(self) -> str:
        """Return the difference in percentage points with its sign; '' where none is given."""
        return "" if self.diff is None else points_text(self.diff)

    @property
    def interval(self) -> str:
        """Return the limits in percentage points, such as "−10.4 to +9.8"; '' where none are given."""
        if self.lower is None or self.upper is None:
            return ""
        return f"{points_text(self.lower)} to {points_text(self.upper)}"

    @property
    def detectable_text(self) -> str:
        """Return what a survey of this size could detect, in percentage points; '' where that can't be said."""
        return "" if self.detectable is None else points_text(self.detectable, signed=False)

    @property
    def words(self) -> str:
        """Return the verdict as it is printed; '' without one."""
        return WORDS[self.verdict] if self.verdict else ""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One answer, or several together, in both waves.

    ``tested`` figures have a verdict; ``polarity`` says which way is better, '' where
    the questionnaire does not.
    """

    id: str
    label: str
    then: Figure
    now: Figure
    change: Change | None
    tested: bool
    polarity: Polarity
    sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Reweighted:
    """The second view: the shares as they would be with one mix of people in both waves.

    ``to`` names the wave whose mix it is, or "workforce".  ``why_not`` says why there
    is no second view; then all else is empty.  ``differs`` tells whether the two views
    disagree on whether there is clear evidence of change.
    """

    by: str
    to: str
    then: Weighted | None = None
    now: Weighted | None = None
    diff: float | None = None
    lower: float | None = None
    upper: float | None = None
    differs: bool = False
    why_not: str = ""
    sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question of the later wave beside the one that it comes from; ``why`` says why it is not comparable."""

    id: str
    old_id: str
    text_then: str
    text_now: str
    relation: Relation
    note: str
    asked_of_then: str
    asked_of_now: str
    why: tuple[str, ...]
    released_then: Released
    released_now: Released
    figures: tuple[FigureChange, ...]
    headline: FigureChange | None
    reweighted: Reweighted | None
    sentences: tuple[Sentence, ...]

    @property
    def comparable(self) -> bool:
        """Tell whether a verdict may be given."""
        return not self.why


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """A question that was asked in one wave only, and why."""

    id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class GroupShift:
    """The share that one group made of those who answered, then and now."""

    id: str
    label: str
    then: Figure
    now: Figure
    shift: float | None

    @property
    def points(self) -> str:
        """Return the shift in percentage points with its sign; '' where one of the two is hidden."""
        return "" if self.shift is None else points_text(self.shift)


@dataclass(frozen=True, slots=True)
class MixShift:
    """Who answered, by one question about themselves; ``why`` says why the groups are not quite the same."""

    id: str
    text: str
    why: tuple[str, ...]
    groups: tuple[GroupShift, ...]
    largest: GroupShift | None
    sentence: Sentence | None


@dataclass(frozen=True)
class WaveComparison:
    """Two waves compared; ``tested`` is how many figures stood in the family that was allowed for."""

    then: WaveName
    now: WaveName
    questions: tuple[QuestionChange, ...]
    new: tuple[ListedQuestion, ...]
    gone: tuple[ListedQuestion, ...]
    mixes: tuple[MixShift, ...]
    by: str
    by_text: str
    tested: int
    alpha: Fraction
    register: Register
    summary: tuple[Sentence, ...]
    limits: Sentence


@dataclass(frozen=True, slots=True)
class SeriesQuestion:
    """One figure over all waves, oldest first; None where a wave did not ask it in the same way.

    ``trend`` is the test over the waves that did, three or more; ``why`` says why there
    is none.
    """

    id: str
    text: str
    label: str
    points: tuple[Figure | None, ...]
    trend: Trend | None
    verdict: WaveVerdict
    p_adjusted: float | None
    why: str
    sentence: Sentence | None


@dataclass(frozen=True)
class WaveSeries:
    """Three waves or more, and each link between them."""

    labels: tuple[str, ...]
    questions: tuple[SeriesQuestion, ...]
    links: tuple[WaveComparison, ...]
    register: Register
