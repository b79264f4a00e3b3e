"""Which of an audit's ratings do staff, the panel and the evidence bear out?

Ratings, released staff answers, panel ratings and evidence grades are joined
here, cell by cell, and rolled up by organisation and by criterion.  There is no
score and no ranking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.disclosure import Audience
from audit_engine.analysis.ratings import Code, CycleRatings, OrganisationFacts
from audit_engine.analysis.response_rates import took_part_sentence
from audit_engine.analysis.tables import tally as rating_tally
from audit_engine.analysis.triangulation import (
    ASSURANCE,
    CLASSES,
    COMPARED,
    Claim,
    ClassName,
    PanelView,
    StaffLevel,
    assurance,
    class_of,
    false_flag_rate,
    staff_interval,
    staff_level,
    weakest,
)
from audit_engine.analysis.triangulation_staff import (
    Spread,
    StaffAnswers,
    SurveyCounts,
    UncountableView,
    replies,
    staff_answers,
    teams,
)
from audit_engine.analysis.triangulation_values import (
    Cell,
    Claimed,
    MappedCriterion,
    MappedView,
    Organisation,
    Seen,
    SurveyRead,
    Tally,
    Triangulation,
)
from audit_engine.definition.questionnaire import Item, StaffView

#: A grade of evidence counts for so many years (methods section 8).
EVIDENCE_LASTS_YEARS = 2
_CLAIMED: Mapping[int, Claimed] = {
    Code.MET: "met", Code.PARTLY_MET: "partly-met", Code.NOT_MET: "not-met", Code.NOT_APPLICABLE: "not-applicable",
}  # fmt: skip
_CLAIM: Mapping[int, Claim] = {Code.MET: "met", Code.PARTLY_MET: "partially", Code.NOT_MET: "not_met"}
_WHY_NOT: Mapping[int, str] = {
    Code.NOT_APPLICABLE: "The organisation says that it does not apply.",
    Code.UNANSWERED: "The organisation did not rate it.",
    Code.NOT_ASKED: "It was not asked of this organisation.",
}
MIXED: ClassName = "mixed picture"
NOBODY = "Nobody took part."
NOT_MAPPED = "Staff were not asked about it."


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade that a reviewer gave the evidence for a criterion, and when."""

    grade: int
    on: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What an audit's ratings are set beside.

    ``surveys`` has, by questionnaire, the survey that has closed, and ``waiting``
    a sentence for one that cannot be read yet.  ``evidence`` has grades by
    organisation and criterion; ``as_at`` is the day on which they must still hold.
    """

    surveys: Mapping[str, SurveyCounts]
    waiting: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[tuple[str, str], Graded] = field(default_factory=dict)
    as_at: date = date.max
    sectors: Mapping[str, str] = field(default_factory=dict)


def triangulated(
    ratings: CycleRatings,
    beside: Beside,
    *,
    sector: str | None = None,
    standard: str | None = None,
    audience: Audience = "panel",
) -> Triangulation:
    """Set the ratings of one audit (final, with the organisations' own) beside what staff said.

    ``sector`` and ``standard`` narrow what is listed; what may be seen of staff
    answers is always decided on the whole survey.
    """
    return _Grid(ratings, beside, sector, standard, audience).build()


@dataclass(frozen=True, slots=True)
class _View:
    """A mapped question with the survey that asked it."""

    mapped: MappedView
    survey: SurveyCounts | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a cell comes to."""

    cls: ClassName
    level: StaffLevel | None = None
    capped: bool = False
    why: str = ""


class _Grid:
    """Fills the grid of organisations that returned and criteria that are mapped."""

    def __init__(
        self, ratings: CycleRatings, beside: Beside, sector: str | None, standard: str | None, audience: Audience
    ) -> None:
        self.ratings, self.beside, self.audience = ratings, beside, audience
        everyone = [n for n, o in enumerate(ratings.organisations) if sector in (None, o.sector)]
        self.rows = [n for n in everyone if ratings.returned[n]]
        self.not_returned = len(everyone) - len(self.rows)
        items = ratings.questionnaire.items_by_id
        self.columns = [n for n, i in enumerate(ratings.items) if standard in (None, items[i].section)]
        self.column = {item: n for n, item in enumerate(ratings.items)}
        self.seen: dict[tuple[str, str, tuple[str, ...], str], StaffAnswers | str] = {}
        wanted = [items[ratings.items[n]] for n in self.columns]
        self.views = {item.id: tuple(self._view(view) for view in item.staff_view) for item in wanted}
        self.criteria = tuple(_criterion(item, self.views[item.id]) for item in wanted)
        self.spread = {key: teams(survey, audience) for key, survey in beside.surveys.items()}
        self.replies = {key: replies(survey, audience) for key, survey in beside.surveys.items()}

    def build(self) -> Triangulation:
        """Return the finished triangulation."""
        organisations = tuple(self._organisation(self.ratings.organisations[n]) for n in self.rows)
        cells = {
            (organisation.id, criterion.id): self._cell(row, organisation, criterion)
            for row, organisation in zip(self.rows, organisations, strict=True)
            for criterion in self.criteria
        }
        met = self.ratings.self_codes == Code.MET
        return Triangulation(
            cycle=self.ratings.cycle,
            title=self.ratings.title,
            area=self.ratings.area,
            locked=self.ratings.questionnaire.content_hash,
            surveys=tuple(self._survey(key) for key in self._read()),
            organisations=organisations,
            not_returned=self.not_returned,
            criteria=self.criteria,
            cells=cells,
            by_organisation={
                o.id: _tally((cells[o.id, c.id] for c in self.criteria), int(met[row, self.columns].sum()))
                for row, o in zip(self.rows, organisations, strict=True)
            },
            by_criterion={
                c.id: _tally((cells[o.id, c.id] for o in organisations), int(met[self.rows, self.column[c.id]].sum()))
                for c in self.criteria
            },
            overall=_tally(cells.values(), int(met[self.rows][:, self.columns].sum())),
            ratings=self._rating_counts(),
            comparisons=sum(1 for _ in self._comparisons(cells)),
            false_flags=sum(self._comparisons(cells), Fraction(0)),
            sectors=self.beside.sectors,
        )

    def _read(self) -> Iterator[str]:
        used = {view.mapped.view.survey for views in self.views.values() for view in views}
        return (key for key in self.beside.surveys if key in used)

    def _survey(self, key: str) -> SurveyRead:
        survey = self.beside.surveys[key]
        return SurveyRead(survey.cycle, survey.title, survey.questionnaire.id, survey.questionnaire.version)

    def _view(self, view: StaffView) -> _View:
        survey = self.beside.surveys.get(view.survey)
        if survey is None:
            why = self.beside.waiting.get(view.survey, "No staff survey that asks about it stands beside this audit.")
            return _View(MappedView(view, None, why), None)
        key = (view.survey, view.item, view.consistent, view.dont_know)
        if key not in self.seen:  # several criteria may lean on one question
            try:
                self.seen[key] = staff_answers(survey, view, self.audience)
            except UncountableView as problem:
                self.seen[key] = str(problem)
        found = self.seen[key]
        if isinstance(found, str):
            return _View(MappedView(view, None, found), None)
        return _View(MappedView(view, found), survey)

    def _organisation(self, facts: OrganisationFacts) -> Organisation:
        took_part = []
        for key in self._read():
            survey, released = self.beside.surveys[key], self.replies[key].get(facts.id)
            said = took_part_sentence(released, survey.invited.get(facts.id)) if released else NOBODY
            took_part.append(f"{survey.title}: {said}")
        return Organisation(
            facts.id, facts.name, facts.sector, self.beside.sectors.get(facts.sector, facts.sector), facts.areas,
            tuple(took_part), self._spread_of(facts.id),
        )  # fmt: skip

    def _spread_of(self, organisation: str) -> Mapping[str, Spread]:
        return {key: found[organisation] for key, found in self.spread.items() if organisation in found}

    def _cell(self, row: int, organisation: Organisation, criterion: MappedCriterion) -> Cell:
        column = self.column[criterion.id]
        own, final = int(self.ratings.self_codes[row, column]), int(self.ratings.codes[row, column])
        moderated = bool(self.ratings.moderated[row, column])
        panel = _panel(own, final) if moderated else "not looked at"
        grade, expired = self._grade(organisation.id, criterion.id)
        seen = tuple(self._seen(view, organisation) for view in self.views[criterion.id])
        judged = _judged(own, organisation, criterion, seen)
        return Cell(
            organisation.id, criterion.id, _CLAIMED.get(own, ""), panel, _CLAIMED.get(final, "") if moderated else "",
            grade, expired, seen, judged.cls, judged.level, judged.capped,
            assurance(panel, grade, judged.cls) if own == Code.MET else None, judged.why,
        )  # fmt: skip

    def _grade(self, organisation: str, criterion: str) -> tuple[int | None, bool]:
        """Return the grade of the evidence that still counts, and whether there is one that is out of date."""
        graded = self.beside.evidence.get((organisation, criterion))
        if graded is None:
            return None, False
        expired = _years_after(graded.on, EVIDENCE_LASTS_YEARS) < self.beside.as_at
        return (None if expired else graded.grade), expired

    def _seen(self, view: _View, organisation: Organisation) -> Seen:
        answers, survey, said = view.mapped.answers, view.survey, view.mapped.view
        if answers is None or survey is None:
            return Seen(None)
        figure = answers.of(organisation.id)
        if figure is None or figure.count is None or figure.base is None or figure.base < said.minimum:
            return Seen(figure, sector=answers.of_sector(organisation.sector))
        interval = staff_interval(figure.count, figure.base, survey.invited.get(organisation.id))
        level = staff_level(interval, float(said.target), float(said.floor))
        return Seen(figure, level, interval.lower, interval.upper)

    def _comparisons(self, cells: Mapping[tuple[str, str], Cell]) -> Iterator[Fraction]:
        """Yield, for every comparison of a rating with a question, the chance that it is flagged wrongly."""
        deciding = {c.id: [c.views[n].view for n in c.deciding] for c in self.criteria}
        for (_, criterion), cell in cells.items():
            if cell.cls in COMPARED:
                for view in deciding[criterion]:
                    yield false_flag_rate(float(view.target), float(view.floor), view.minimum)

    def _rating_counts(self) -> Mapping[str, RatingCounts]:
        codes, confirmed = self.ratings.self_codes[self.rows], self.ratings.confirmed[self.rows]
        counted = rating_tally(codes, confirmed, axis=0)
        return {c.id: counted[self.column[c.id]] for c in self.criteria}


def _judged(own: int, organisation: Organisation, criterion: MappedCriterion, views: Sequence[Seen]) -> _Judged:
    """Return the class: from the question that decides, or the weakest of all that are needed."""
    if not criterion.views:
        return _Judged("not compared", why=NOT_MAPPED)
    if own not in _CLAIM:
        return _Judged("not compared", why=_WHY_NOT[own])
    deciding = [(criterion.views[n], views[n]) for n in criterion.deciding]
    why = next((view.why for view, _ in deciding if view.answers is None), "")
    if why:
        return _Judged("not compared", why=why)
    levels = [seen.level for _, seen in deciding if seen.level is not None]
    if len(levels) < len(deciding):
        return _Judged("insufficient responses")
    level = weakest(levels)
    capped = any(view.view.survey in organisation.spread for view, _ in deciding)
    return _Judged(MIXED if capped else class_of(_CLAIM[own], level), level, capped)


def _criterion(item: Item, views: Sequence[_View]) -> MappedCriterion:
    return MappedCriterion(item, tuple(view.mapped for view in views), deciding_places(item.staff_view))


def deciding_places(views: Sequence[StaffView]) -> tuple[int, ...]:
    """Return which of a criterion's questions decide: all that are needed, otherwise the first primary one."""
    needed = tuple(n for n, view in enumerate(views) if view.role == "all-needed")
    primary = tuple(n for n, view in enumerate(views) if view.role == "primary")
    return needed or primary[:1] or tuple(range(len(views)))[:1]


def _panel(own: int, final: int) -> PanelView:
    if final == own:
        return "agrees"
    if final == Code.NOT_APPLICABLE:
        return "not applicable"
    return "higher" if final > own else "lower"


def _tally(cells: Iterable[Cell], met: int) -> Tally:
    every = list(cells)
    classes, levels = Counter(c.cls for c in every if c.views), Counter(c.assurance for c in every)
    claimed = Counter(c.cls for c in every if c.claim == "met")
    return Tally(
        {name: classes[name] for name in CLASSES}, met, sum(claimed[name] for name in COMPARED),
        claimed["corroborated"], claimed["claimed but not seen by staff"], {name: levels[name] for name in ASSURANCE},
    )  # fmt: skip


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
