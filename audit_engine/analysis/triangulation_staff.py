"""What did staff say that bears on a criterion, as far as it may be seen?

Only ``Released`` leaves this module: what a triangulation cannot show it cannot
judge either.  An organisation is shown here where the results of the survey
show it, so that no two pages together give a few people away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from audit_engine.analysis.breakdown import larger_groups, release_shown, shown_within, taken_away
from audit_engine.analysis.disclosure import Audience, Counts, Figure, Released, Sum
from audit_engine.analysis.survey import counts_of, reply_counts
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import Question, questions_of
from audit_engine.definition.questionnaire import Questionnaire, StaffView

#: The id of the sum of all answers that are consistent with "met".
CONSISTENT = "consistent"
#: What a sensitive question is put together to; no option's id begins like these.
FITS, OTHER, NOT_KNOWN = "=fits", "=other", "=not-known"
TOGETHER: Mapping[str, str] = {
    FITS: "An answer that fits", OTHER: "Any other answer", NOT_KNOWN: "Don't know",
}  # fmt: skip
#: A question about the respondent with this tag says in which team they work.
TEAM = "team"
Shown = tuple[frozenset[str], frozenset[str]]


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
        return {**{mark: option.label for mark, option in self.question.marks}, **TOGETHER}

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
    groups: Mapping[str, Counts] = {
        o: _with_sum(question, view, consistent, tally) for o, tally in survey.tallies.items()
    }
    whole = _with_sum(question, view, consistent, survey.whole)
    within = {o: survey.sectors.get(o, "") for o in groups}
    shown = shown_within(whole, groups, within)
    if question.item.sensitive and whole.is_safe:
        whole, groups, shown = _with_more(whole, groups, within, shown)
    fits = {organisation: _fits(counts) for organisation, counts in groups.items()}
    small = release_shown(whole, fits, shown[0], audience)
    large = release_shown(whole, larger_groups(fits, within), shown[1], audience)
    return StaffAnswers(question, consistent, small.whole, large.groups, small.groups)


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


def _with_sum(question: Question, view: StaffView, consistent: Sequence[str], tally: Tally) -> Counts:
    counts = counts_of(question, tally)
    numbers = dict(counts.cells)
    not_known = {mark for mark, option in question.marks if option.dont_know} if view.dont_know == "excluded" else set()
    base = counts.base - sum(numbers[mark] for mark in not_known if mark in numbers)
    total = Sum(CONSISTENT, sum(numbers[mark] for mark in consistent), base, tuple(consistent))
    return replace(counts, sums=(total,))


def _fits(counts: Counts) -> Counts:
    """Return counts without the answers one by one: of groups only the sum is shown, and only where all are safe."""
    return counts if counts.sensitive else replace(counts, cells=(), outside=())


def _with_more(
    whole: Counts, groups: Mapping[str, Counts], within: Mapping[str, str], shown: Shown
) -> tuple[Counts, Mapping[str, Counts], Shown]:
    """Return a sensitive question in two answers, fits or not, in which more organisations may be shown.

    ``shown`` is what the results of the survey show answer by answer; the others
    join, the largest first, as long as what is left stays safe beside that.
    """
    apart = any(counts.base != counts.sums[0].base for counts in groups.values())
    in_two, two = _in_two(whole, apart), {o: _in_two(counts, apart) for o, counts in groups.items()}
    found = _Growing(in_two, two, within, shown)
    for organisation in sorted(two, key=lambda o: (-two[o].base, o)):
        found.try_organisation(organisation)
    for sector in sorted(found.rests):
        found.try_sector(sector)
    return in_two, two, (frozenset(found.small), frozenset(found.large))


class _Growing:
    """Organisations and sectors that are shown, and what they leave of each sector and of the whole."""

    def __init__(self, whole: Counts, groups: Mapping[str, Counts], within: Mapping[str, str], shown: Shown) -> None:
        self.groups, self.within = groups, within
        self.small, self.large = set(shown[0]), set(shown[1])
        members: dict[str, list[Counts]] = {}
        for organisation in self.small:
            members.setdefault(within[organisation], []).append(groups[organisation])
        larger = larger_groups(groups, within)
        self.rests = {sector: taken_away(counts, members.get(sector, ())) for sector, counts in larger.items()}
        known = [larger[sector] for sector in self.large]
        known += [counts for sector, every in members.items() if sector not in self.large for counts in every]
        self.rest = taken_away(whole, known)

    def try_organisation(self, organisation: str) -> None:
        """Show an organisation too, if it is safe and so is what it leaves."""
        counts, sector = self.groups[organisation], self.within[organisation]
        if organisation in self.small or not counts.base or not counts.is_safe:
            return
        inside = taken_away(self.rests[sector], [counts])
        outside = self.rest if sector in self.large else taken_away(self.rest, [counts])
        if outside.is_safe and (sector not in self.large or inside.is_safe):
            self.small.add(organisation)
            self.rests[sector], self.rest = inside, outside

    def try_sector(self, sector: str) -> None:
        """Show a sector too, if what its organisations leave of it is safe and so is what it leaves."""
        outside = taken_away(self.rest, [self.rests[sector]])
        if sector not in self.large and self.rests[sector].is_safe and outside.is_safe:
            self.large.add(sector)
            self.rest = outside


def _in_two(counts: Counts, apart: bool) -> Counts:
    """Return the counts as fits and does not, with "don't know" ``apart`` where it is out of the base."""
    total = counts.sums[0]
    cells = ((FITS, total.count), (OTHER, total.base - total.count))
    not_known = ((NOT_KNOWN, counts.base - total.base),) if apart else ()
    return replace(counts, cells=(*cells, *not_known), sums=(replace(total, of=(FITS,)),))


def teams(survey: SurveyCounts, audience: Audience) -> Mapping[str, Spread]:
    """Return the organisations more than half of whose answers came from one team, as far as that may be seen.

    Empty where no question about the respondent carries the tag ``team``.
    """
    question = next((q for q in questions_of(survey.questionnaire) if _names_team(q)), None)
    if question is None:
        return {}
    groups = {o: counts_of(question, tally) for o, tally in survey.tallies.items()}
    whole = counts_of(question, survey.whole)
    within = {o: survey.sectors.get(o, "") for o in groups}
    released = release_shown(whole, groups, shown_within(whole, groups, within)[0], audience)
    labels = {mark: option.label for mark, option in question.marks}
    found: dict[str, Spread] = {}
    for organisation, seen in released.groups.items():
        for figure in seen.cells:
            if figure.count is not None and figure.base is not None and 2 * figure.count > figure.base:
                found[organisation] = Spread(labels[figure.id], figure)
    return found


def _names_team(question: Question) -> bool:
    return question.item.profile and TEAM in question.item.tags and not question.several


def replies(survey: SurveyCounts, audience: Audience) -> Mapping[str, Released]:
    """Return how many replied in each organisation, by how complete the reply is, as far as that may be seen."""
    groups = {o: reply_counts(tally) for o, tally in survey.tallies.items()}
    whole = reply_counts(survey.whole)
    within = {o: survey.sectors.get(o, "") for o in groups}
    return release_shown(whole, groups, shown_within(whole, groups, within)[0], audience).groups
