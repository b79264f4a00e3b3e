"""What did staff say that bears on a criterion, as far as it may be seen?

Only ``Released`` leaves this module: what a triangulation cannot show it cannot
judge either.  It is the same table that the results of the survey show, and the
answers that fit are added up only where that follows from what is shown there,
so that no two pages together give a few people away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from audit_engine.analysis.disclosure import Audience, Counts, Figure, Released, Sum
from audit_engine.analysis.survey import counts_of
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import Question, questions_of
from audit_engine.analysis.survey_release import SurveyRelease
from audit_engine.definition.questionnaire import Questionnaire, StaffView

#: The id of the sum of all answers that are consistent with "met".
CONSISTENT = "consistent"
#: A question about the respondent with this tag says in which team they work.
TEAM = "team"


@dataclass(frozen=True)
class SurveyCounts:
    """A survey that has closed, counted by organisation: raw, so never shown.

    ``sectors`` gives each organisation's sector and ``invited`` how many people
    it asked, where that is known.
    """

    cycle: str
    title: str
    questionnaire: Questionnaire
    tallies: Mapping[str, Tally]
    sectors: Mapping[str, str]
    invited: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Tally:
        """Return the counts of everybody."""
        found: dict[tuple[str, str], int] = {}
        for tally in self.tallies.values():
            for key, n in tally.items():
                found[key] = found.get(key, 0) + n
        return found

    def released(self, audience: Audience) -> SurveyRelease:
        """Return what may be seen of the survey, worked out once for each audience."""
        if audience not in self._released:
            within = {o: self.sectors.get(o, "") for o in self.tallies}
            self._released[audience] = SurveyRelease(
                self.questionnaire, self.whole, self.tallies, audience, within=within
            )
        return self._released[audience]

    @cached_property
    def _released(self) -> dict[Audience, SurveyRelease]:
        return {}

    def question(self, item: str) -> Question | None:
        """Return what a question counts as one, or None where it was not asked or has rows."""
        return next((q for q in questions_of(self.questionnaire) if q.id == item), None)


@dataclass(frozen=True, slots=True)
class StaffAnswers:
    """One mapped question: how everybody, each sector and each organisation answered, as far as it may be seen."""

    question: Question
    consistent: tuple[str, ...]
    whole: Released
    sectors: Mapping[str, Released]
    organisations: Mapping[str, Released]

    @property
    def wording(self) -> tuple[str, ...]:
        """Return the consistent answers as respondents read them."""
        return tuple(option.label for mark, option in self.question.marks if mark in self.consistent)

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the words for the answers that are counted apart, by their ids."""
        return {mark: option.label for mark, option in self.question.marks}

    def of(self, organisation: str) -> Figure | None:
        """Return the consistent answers of one organisation's staff; None where nobody answered."""
        released = self.organisations.get(organisation)
        return released.figure(CONSISTENT) if released is not None else None

    def of_sector(self, sector: str) -> Figure | None:
        """Return the consistent answers of a whole sector's staff, None where they cannot be shown."""
        released = self.sectors.get(sector)
        found = released.figure(CONSISTENT) if released is not None else None
        return found if found is not None and found.count is not None else None


@dataclass(frozen=True, slots=True)
class Spread:
    """The team that gave more than half of an organisation's answers."""

    team: str
    figure: Figure


class UncountableView(ValueError):
    """A mapping that names what the survey cannot count; the sentence says what."""


def staff_answers(survey: SurveyCounts, view: StaffView, audience: Audience) -> StaffAnswers:
    """Return what may be seen of a mapped question; raise UncountableView where it was not asked like that."""
    question = _mapped(survey, view)
    consistent = tuple(mark for mark, _ in question.marks if mark in view.consistent)
    table = survey.released(audience).question(question, partial(_with_sum, view, consistent))
    return StaffAnswers(question, consistent, table.whole, table.larger, table.groups)


def _mapped(survey: SurveyCounts, view: StaffView) -> Question:
    question = survey.question(view.item)
    if question is None:
        raise UncountableView(f"The question was not asked in {survey.title}.")
    leaves = {mark for mark, option in question.marks if option.prefer_not or option.counts_as == "not-applicable"}
    offered = {mark for mark, _ in question.marks} - leaves
    if not set(view.consistent) <= offered:
        raise UncountableView(f"The question had other answers in {survey.title} than those that fit the criterion.")
    if question.several and len(view.consistent) > 1:
        raise UncountableView("Several answers could be ticked, so that those that fit cannot be added up.")
    return question


def _with_sum(view: StaffView, consistent: Sequence[str], question: Question, tally: Tally) -> Counts:
    counts = counts_of(question, tally)
    numbers = dict(counts.cells)
    not_known = {mark for mark, option in question.marks if option.dont_know} if view.dont_know == "excluded" else set()
    left_out = tuple(mark for mark in numbers if mark in not_known)
    base = counts.base - sum(numbers[mark] for mark in left_out)
    total = Sum(CONSISTENT, sum(numbers[mark] for mark in consistent), base, tuple(consistent), left_out)
    return replace(counts, sums=(total,))


def teams(survey: SurveyCounts, audience: Audience) -> Mapping[str, Spread]:
    """Return the organisations more than half of whose answers came from one team, as far as that may be seen.

    Empty where no question about the respondent carries the tag ``team``.
    """
    question = next((q for q in questions_of(survey.questionnaire) if _names_team(q)), None)
    if question is None:
        return {}
    labels = {mark: option.label for mark, option in question.marks}
    found: dict[str, Spread] = {}
    for organisation, seen in survey.released(audience).question(question).groups.items():
        for figure in seen.cells:
            if figure.count is not None and figure.base is not None and 2 * figure.count > figure.base:
                found[organisation] = Spread(labels[figure.id], figure)
    return found


def _names_team(question: Question) -> bool:
    return question.item.profile and TEAM in question.item.tags and not question.several


def replies(survey: SurveyCounts, audience: Audience) -> Mapping[str, Released]:
    """Return how many replied in each organisation, by how complete the reply is, as far as that may be seen."""
    return survey.released(audience).replies.groups
