"""What did each organisation, standard, theme, sector and criterion score in one audit?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audit_engine.analysis.counts import Part, RatingCounts, Share, Why, total
from audit_engine.analysis.ratings import Code, CycleRatings, OrganisationFacts
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.tables import Indices, columns_of, returned_rows, tally, tally_all
from audit_engine.definition.grades import standard_grade
from audit_engine.definition.questionnaire import Questionnaire, Section

NO_COUNTS = RatingCounts()
_GRADED = ("met", "partly_met", "not_met", "not_applicable", "unanswered")


@dataclass(frozen=True, slots=True)
class CriteriaScore:
    """Shares between 0 and 1, each None where its base is 0.

    ``index`` counts partly met as half.  It sorts rows inside a table and is never
    a headline, since the steps between ratings are not known to be equal.
    """

    applicable: int
    pct_met: float | None
    pct_met_or_partial: float | None
    pct_met_strict: float | None
    index: float | None
    coverage: float | None
    na_share: float | None


@dataclass(frozen=True, slots=True)
class StandardScore:
    """One organisation's ratings in one standard, and the grade that the version's rule gives."""

    section: str
    title: str
    counts: RatingCounts
    critical_not_met: int
    grade: str

    @property
    def why(self) -> Why:
        """Return what the grade was worked out from."""
        counts = self.counts.why(self.title)
        critical = Part("Of these, critical and not met", self.critical_not_met)
        parts = (*counts.counted, critical)
        return Why(self.title, "The first grade rule that holds.", self.grade, parts, counts.left_out)


@dataclass(frozen=True, slots=True)
class OrganisationScore:
    """One organisation's ratings; zeros and no grades where it made no return."""

    organisation: OrganisationFacts
    returned: bool
    counts: RatingCounts
    grades: tuple[tuple[str, str], ...]  # (section id, grade), in the order of the sections


@dataclass(frozen=True)
class Scorecard:
    """One audit's ratings, counted every way; only organisations that returned count."""

    overall: RatingCounts
    by_item: Mapping[str, RatingCounts]
    by_standard: Mapping[str, RatingCounts]
    by_tag: Mapping[str, RatingCounts]
    by_sector: Mapping[str, RatingCounts]
    by_organisation: Mapping[str, RatingCounts]


@dataclass(frozen=True, slots=True)
class Headline:
    """The share to print: of those answered, and where too few are, also with blanks counted as not met."""

    share: Share
    with_blanks: Share | None


def criteria_score(met: int, partially: int, not_met: int, na: int, unanswered: int) -> CriteriaScore:
    """Score one set of ratings (methods section 3)."""
    counts = RatingCounts(met, partially, not_met, na, unanswered)
    applicable = counts.applicable
    return CriteriaScore(
        applicable,
        counts.share_met.value,
        Share(counts.met_or_partly, applicable).value,
        counts.share_met_strict.value,
        Share(2 * met + partially, 2 * applicable).value,
        counts.coverage.value,
        counts.share_not_applicable.value,
    )


def headline(counts: RatingCounts, settings: Settings) -> Headline:
    """Return the share met, with its strict reading where coverage is under the floor."""
    covered = counts.coverage.exact
    enough = covered is None or covered >= settings.coverage_floor
    return Headline(counts.share_met, None if enough else counts.share_met_strict)


def scorecard(ratings: CycleRatings) -> Scorecard:
    """Count one audit's ratings by everything that they can be counted by."""
    rows, items = returned_rows(ratings), ratings.questionnaire.items_by_id
    by_item = dict(zip(ratings.items, tally(ratings.codes[rows], ratings.confirmed[rows], axis=0), strict=True))
    by_row = tally(ratings.codes[rows], ratings.confirmed[rows], axis=1)
    organisations = [ratings.organisations[row] for row in rows.tolist()]
    return Scorecard(
        total(by_item.values()),
        by_item,
        _grouped((items[item].section, counts) for item, counts in by_item.items()),
        _grouped((tag, counts) for item, counts in by_item.items() for tag in items[item].tags),
        _grouped((one.sector, counts) for one, counts in zip(organisations, by_row, strict=True)),
        {one.id: counts for one, counts in zip(organisations, by_row, strict=True)},
    )


def organisation_scores(ratings: CycleRatings) -> tuple[OrganisationScore, ...]:
    """Return every organisation of the cycle with its counts and its grade in each standard."""
    counts = tally(ratings.codes, ratings.confirmed, axis=1)
    sections = [section.id for section in _graded_sections(ratings.questionnaire)]
    grades = [_grades(ratings, section) for section in sections]
    return tuple(
        OrganisationScore(
            organisation, came, counted if came else NO_COUNTS,
            tuple((section, column[row]) for section, column in zip(sections, grades, strict=True)) if came else (),
        )
        for row, (organisation, came, counted) in enumerate(
            zip(ratings.organisations, ratings.returned.tolist(), counts, strict=True)
        )
    )  # fmt: skip


def standard_scores(ratings: CycleRatings, organisation_id: str) -> tuple[StandardScore, ...]:
    """Return one organisation's score in every standard; () where it made no return; raises KeyError."""
    rows = {organisation.id: row for row, organisation in enumerate(ratings.organisations)}
    row = rows[organisation_id]
    if not ratings.returned[row]:
        return ()
    return tuple(_standard_score(ratings, section, row) for section in _graded_sections(ratings.questionnaire))


def _standard_score(ratings: CycleRatings, section: Section, row: int) -> StandardScore:
    columns, critical = _columns(ratings, section.id)
    codes = ratings.codes[row, columns]
    counts = tally_all(codes, ratings.confirmed[row, columns])
    critical_not_met = int(np.count_nonzero(ratings.codes[row, critical] == Code.NOT_MET))
    grade = _grade(ratings.questionnaire, [getattr(counts, name) for name in _GRADED], critical_not_met)
    return StandardScore(section.id, section.title, counts, critical_not_met, grade)


def _grades(ratings: CycleRatings, section_id: str) -> list[str]:
    """Return each row's grade; every combination of counts is graded once."""
    columns, critical = _columns(ratings, section_id)
    codes = ratings.codes[:, columns]
    kinds = (Code.MET, Code.PARTLY_MET, Code.NOT_MET, Code.NOT_APPLICABLE, Code.UNANSWERED)
    counted = [np.count_nonzero(codes == kind, axis=1) for kind in kinds]
    counted.append(np.count_nonzero(ratings.codes[:, critical] == Code.NOT_MET, axis=1))
    combinations, places = np.unique(np.stack(counted, axis=1), axis=0, return_inverse=True)
    grades = [_grade(ratings.questionnaire, row[:-1], row[-1]) for row in combinations.tolist()]
    return [grades[place] for place in places.ravel().tolist()]


def _grade(questionnaire: Questionnaire, counts: Sequence[int], critical_not_met: int) -> str:
    named = dict(zip(_GRADED, counts, strict=True))
    return standard_grade(questionnaire, {**named, "critical_not_met": critical_not_met})


def _columns(ratings: CycleRatings, section_id: str) -> tuple[Indices, Indices]:
    """Return the columns of a section's criteria, and of those that are critical."""
    criteria = [item for item in ratings.questionnaire.criteria if item.section == section_id]
    critical = [item.id for item in criteria if item.critical]
    return columns_of(ratings, [item.id for item in criteria]), columns_of(ratings, critical)


def _graded_sections(questionnaire: Questionnaire) -> list[Section]:
    return [section for section in questionnaire.sections if any(item.is_criterion for item in section.items)]


def _grouped(counted: Iterable[tuple[str, RatingCounts]]) -> dict[str, RatingCounts]:
    groups: dict[str, list[RatingCounts]] = defaultdict(list)
    for group, counts in counted:
        groups[group].append(counts)
    return {group: total(found) for group, found in groups.items()}
