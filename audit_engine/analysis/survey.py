"""What did people answer to each question of a survey, out of how many?

Bases follow from routing: who was not asked is not missing.  "Don't know" stays
in the base and is given apart; "does not apply to me" and "prefer not to say"
leave it (methods section 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from audit_engine.analysis.disclosure import Counts, Released, Sum
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import (
    ANSWERED,
    ASKED,
    BROKEN_OFF,
    COMPLETE,
    OUTCOME,
    PARTIAL,
    REPLY,
    Question,
    knowledge_items,
)
from audit_engine.definition.expressions import Expression
from audit_engine.definition.questionnaire import Option, Questionnaire

FAVOURABLE, DONT_KNOW = "favourable", "dont-know-share"
CORRECT, MISCONCEPTION, GAP = "correct", "misconception", "gap"
SUM_LABELS: Mapping[str, str] = {
    FAVOURABLE: "Favourable answers",
    DONT_KNOW: "Don't know",
    CORRECT: "Right",
    MISCONCEPTION: "Wrong and sure of it",
    GAP: "Did not know",
}
#: Below this share of those asked, a question is flagged as skipped by many (methods section 7).
ANSWERED_FLOOR = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What people answered to one question, as far as it may be seen; ``asked_of`` is '' where everybody was asked."""

    question: Question
    asked_of: str
    released: Released
    texts: tuple[str, ...] = ()

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the words for the figures, by their ids."""
        return {**{mark: option.label for mark, option in self.question.marks}, **SUM_LABELS}

    @property
    def many_skipped(self) -> bool:
        """Tell whether so many left the question blank that its answers may not speak for those asked."""
        asked, answered = self.released.asked, self.released.answered
        return bool(asked) and answered is not None and Fraction(answered, asked or 1) < ANSWERED_FLOOR


@dataclass(frozen=True, slots=True)
class GroupResults:
    """What one group answered; ``questions`` are in the order of the whole's."""

    id: str
    label: str
    replies: Released
    questions: tuple[QuestionResult, ...]


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """How many of the knowledge questions each person had right; ``mean`` is None where nothing may be shown."""

    items: int
    released: Released

    @property
    def mean(self) -> Fraction | None:
        """Return the mean number right of all who answered."""
        if not self.released.base or any(f.count is None for f in self.released.cells):
            return None
        right = sum(int(f.id.removeprefix(OUTCOME)) * (f.count or 0) for f in self.released.cells)
        return Fraction(right, self.released.base)


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """Everything that a survey says to one audience; ``by`` is '' for everybody together.

    ``took_part`` is the sentence on replies and response rate; ``texts_waiting``
    counts words that nobody has read yet.
    """

    title: str
    cycle: str
    questionnaire: Questionnaire
    organisation: str
    by: str
    replies: Released
    took_part: str
    questions: tuple[QuestionResult, ...]
    score: ScoreResult | None
    groups: tuple[GroupResults, ...]
    texts_waiting: int

    @property
    def symbols(self) -> tuple[str, ...]:
        """Return the symbols that stand somewhere in the results and need explaining, in order."""
        every = [self.replies, *(q.released for q in self.questions)]
        for group in self.groups:
            every += [group.replies, *(q.released for q in group.questions)]
        return tuple(sorted(frozenset().union(*(one.symbols for one in every))))


def counts_of(question: Question, tally: Tally) -> Counts:
    """Return the counts of one question."""
    item = question.item
    numbers = {mark: tally.get((item.id, mark), 0) for mark, _ in question.marks}
    answered = sum(numbers.values()) if question.row else tally.get((item.id, ANSWERED), 0)
    inside = [(mark, option) for mark, option in question.marks if not leaves_base(option)]
    outside = tuple((mark, numbers[mark]) for mark, option in question.marks if leaves_base(option))
    base = answered - sum(n for _, n in outside)
    return Counts(
        asked=tally.get((item.id, ASKED), 0),
        answered=answered,
        base=base,
        cells=tuple((mark, numbers[mark]) for mark, _ in inside),
        outside=outside,
        sums=() if question.several else (*_shares(inside, numbers, base), *_outcomes(question, inside, tally)),
        sensitive=item.sensitive,
        several=question.several,
        alone=tuple(mark for mark, option in inside if option.exclusive),
    )


def leaves_base(option: Option) -> bool:
    """Tell whether who answers so is not in the base: it does not apply to them, or they would rather not say."""
    return option.prefer_not or option.counts_as == "not-applicable"


def _shares(inside: Sequence[tuple[str, Option]], numbers: Mapping[str, int], base: int) -> tuple[Sum, ...]:
    kinds = {
        FAVOURABLE: tuple(mark for mark, option in inside if option.favourable),
        DONT_KNOW: tuple(mark for mark, option in inside if option.dont_know),
    }
    return tuple(Sum(kind, sum(numbers[m] for m in marks), base, marks) for kind, marks in kinds.items() if marks)


def _outcomes(question: Question, inside: Sequence[tuple[str, Option]], tally: Tally) -> tuple[Sum, ...]:
    """Return what a knowledge question came to; days on which no key held are outside its base."""
    if not question.item.key:
        return ()
    numbers = {kind: tally.get((question.item.id, OUTCOME + kind), 0) for kind in (CORRECT, MISCONCEPTION, GAP)}
    base, every = sum(numbers.values()), tuple(mark for mark, _ in inside)
    return tuple(Sum(kind, n, base, every, apart=True) for kind, n in numbers.items())


def reply_counts(tally: Tally) -> Counts:
    """Return how many replies there are, by how complete they are."""
    replies = tally.get((REPLY, ANSWERED), 0)
    cells = tuple((mark, tally.get((REPLY, mark), 0)) for mark in (COMPLETE, PARTIAL, BROKEN_OFF))
    return Counts(replies, replies, replies, cells)


def score_counts(questionnaire: Questionnaire, tally: Tally) -> Counts:
    """Return how many people had how many of the knowledge questions right."""
    marks = [f"{OUTCOME}{n}" for n in range(len(knowledge_items(questionnaire)) + 1)]
    cells = tuple((mark, tally.get((REPLY, mark), 0)) for mark in marks)
    replies = sum(n for _, n in cells)
    return Counts(replies, replies, replies, cells)


def asked_of(question: Question, questionnaire: Questionnaire) -> str:
    """Say in words who was asked a routed question; '' where everybody was."""
    item, section = question.item, questionnaire.sections_by_id.get(question.item.section)
    conditions = [c for c in (section.applies_when if section else None, item.applies_when, item.enable_when) if c]

    return "; ".join(_in_words(condition, questionnaire) for condition in conditions)


def _in_words(condition: Expression, questionnaire: Questionnaire) -> str:
    def name(named: str) -> str:
        other = questionnaire.items_by_id.get(named)
        return f"“{other.text}”" if other else condition.types[named].label

    return condition.in_words(name)
