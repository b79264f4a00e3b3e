"""What was counted in each standard and on each criterion, and which criteria stand out?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from audit_engine.analysis.asking import would_be_asked
from audit_engine.analysis.counts import RatingCounts, total
from audit_engine.analysis.findings import GradeCount, ModerationCounts
from audit_engine.analysis.moderation import moderation_counts
from audit_engine.analysis.ratings import CycleRatings
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.tables import columns_of
from audit_engine.definition.grades import STANDARD
from audit_engine.definition.questionnaire import Item, Section

Listing = Literal["strength", "gap", ""]
NOT_GRADED = frozenset({"", "not-applicable"})


@dataclass(frozen=True)
class RatedCriterion:
    """A criterion with what was counted on it; ``missing`` are organisations it applies to that did not return."""

    item: Item
    counts: RatingCounts
    moderation: ModerationCounts
    missing: int
    listed_as: Listing

    @property
    def root(self) -> str:
        """Return what the ids of its figures begin with."""
        return f"criterion.{self.item.id}"


@dataclass(frozen=True)
class RatedStandard:
    """A standard with what was counted in it, before anything is said."""

    section: Section
    criteria: tuple[RatedCriterion, ...]
    grades: tuple[GradeCount, ...]
    moderation: ModerationCounts

    @property
    def root(self) -> str:
        """Return what the ids of its figures begin with."""
        return f"standard.{self.section.id}"

    @property
    def counts(self) -> RatingCounts:
        """Return the ratings of all its criteria."""
        return total(criterion.counts for criterion in self.criteria)

    @property
    def applying(self) -> int:
        """Return how many criteria apply to anybody who returned."""
        return sum(criterion.counts.due > 0 for criterion in self.criteria)

    @property
    def met_by_all(self) -> int:
        """Return how many of those were met by every organisation to which they apply."""
        return sum(0 < one.counts.due == one.counts.met for one in self.criteria)

    @property
    def graded(self) -> int:
        """Return how many organisations have a grade other than not applicable."""
        return sum(count.organisations for count in self.grades if count.grade not in NOT_GRADED)

    @property
    def graded_met(self) -> int:
        """Return how many organisations met the standard as a whole."""
        return sum(count.organisations for count in self.grades if count.grade == "met")

    def listed(self, kind: Listing) -> tuple[RatedCriterion, ...]:
        """Return the criteria that a rule lists, the clearest first."""
        return by_clearness(self.criteria, kind)


def rated_standards(
    ratings: CycleRatings,
    by_item: Mapping[str, RatingCounts],
    grades: Sequence[Mapping[str, str]],
    settings: Settings,
) -> tuple[RatedStandard, ...]:
    """Count every standard; ``grades`` are each returned organisation's grades by section."""
    missing = _missing(ratings)
    standards = []
    for section in ratings.questionnaire.sections:
        items = [item for item in section.items if item.is_criterion]
        criteria = tuple(_rated(ratings, item, by_item[item.id], missing[item.id], settings) for item in items)
        moderation = moderation_counts(ratings, columns_of(ratings, [item.id for item in items]))
        counted = _grade_counts(ratings, [given[section.id] for given in grades if section.id in given])
        if criteria:
            standards.append(RatedStandard(section, criteria, counted, moderation))
    return tuple(standards)


def by_clearness(criteria: Sequence[RatedCriterion], kind: Listing) -> tuple[RatedCriterion, ...]:
    """Return the criteria that a rule lists: gaps that are critical first, then the furthest from the rest."""
    direction = -1 if kind == "strength" else 1

    def order(criterion: RatedCriterion) -> tuple[bool, float, int]:
        counts = criterion.counts
        failing = kind == "gap" and criterion.item.critical and counts.not_met > 0
        return not failing, direction * (counts.share_met.value or 0.0), -counts.applicable

    return tuple(sorted((one for one in criteria if one.listed_as == kind), key=order))


def _rated(ratings: CycleRatings, item: Item, counts: RatingCounts, missing: int, settings: Settings) -> RatedCriterion:
    moderation = moderation_counts(ratings, columns_of(ratings, [item.id]))
    return RatedCriterion(item, counts, moderation, missing, _listed_as(item, counts, settings))


def _listed_as(item: Item, counts: RatingCounts, settings: Settings) -> Listing:
    """Return the rule that lists a criterion; a gap outranks a strength."""
    share = counts.share_met.exact
    if share is None:
        return ""
    if share < settings.gap or (item.critical and counts.not_met):
        return "gap"
    return "strength" if share >= settings.strength else ""


def _grade_counts(ratings: CycleRatings, grades: Sequence[str]) -> tuple[GradeCount, ...]:
    """Count the grades in the order of the version's grade rule."""
    counted = Counter(grades)
    names = dict.fromkeys(row.grade for row in ratings.questionnaire.grades.get(STANDARD, ()))
    return tuple(GradeCount(name, name.replace("-", " "), counted[name]) for name in names)


def _missing(ratings: CycleRatings) -> Mapping[str, int]:
    """Return, for each criterion, how many organisations that did not return would have been asked it."""
    silent = (row for row, returned in enumerate(ratings.returned.tolist()) if not returned)
    return Counter(item for asked in would_be_asked(ratings, silent) for item in asked)
