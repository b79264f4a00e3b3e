"""What does one audit show, ready to be laid out as a report or a page?

Values only; ``gathering.cycle_findings`` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from audit_engine.analysis.change import Comparison, MeasureResult
from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.figures import Register
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.stability import NOBODY_LOOKED, OwnAndPanel, StabilityChecks
from audit_engine.definition.questionnaire import Relation

if TYPE_CHECKING:  # pages lay these values out without numpy, which the ratings need
    from audit_engine.analysis.ratings import Basis
    from audit_engine.analysis.staff_findings import StaffFindings

ReturnState = Literal["on-time", "late", "not-returned"]


@dataclass(frozen=True, slots=True)
class OrganisationReturn:
    """A row of the table of returns; ``counts`` are zeros where nothing came back."""

    id: str
    name: str
    sector: str
    sector_label: str
    areas: tuple[str, ...]
    state: ReturnState
    counts: RatingCounts
    grades: tuple[tuple[str, str], ...]  # (section id, grade)


@dataclass(frozen=True, slots=True)
class SectorParticipation:
    """Returns of one sector; ``missing`` names those that did not return."""

    sector: str
    label: str
    in_scope: int
    on_time: int
    late: int
    not_returned: int
    missing: tuple[str, ...]

    @property
    def returned(self) -> int:
        """Return those on time and late together."""
        return self.on_time + self.late


@dataclass(frozen=True, slots=True)
class Participation:
    """Who took part; sectors and organisations in the order of the cycle."""

    in_scope: int
    on_time: int
    late: int
    not_returned: int
    missing: tuple[str, ...]
    late_names: tuple[str, ...]
    sectors: tuple[SectorParticipation, ...]
    organisations: tuple[OrganisationReturn, ...]
    sentences: tuple[Sentence, ...]

    @property
    def returned(self) -> int:
        """Return those on time and late together."""
        return self.on_time + self.late


@dataclass(frozen=True, slots=True)
class ModerationCounts:
    """Judgements that a panel looked at; the four kinds sum to ``looked_at``."""

    looked_at: int = 0
    agreed: int = 0
    raised: int = 0
    lowered: int = 0
    applicability_changed: int = 0


@dataclass(frozen=True, slots=True)
class CriterionFindings:
    """One criterion: ratings, what panels did, and whether a rule lists it."""

    id: str
    ref: str
    text: str
    section: str
    tags: tuple[str, ...]
    critical: bool
    universal: bool
    counts: RatingCounts
    moderation: ModerationCounts
    listed_as: Literal["strength", "gap", ""]
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many organisations a grade rule gave one grade."""

    grade: str
    label: str
    organisations: int


@dataclass(frozen=True, slots=True)
class StandardFindings:
    """One standard; ``strengths`` and ``gaps`` are criterion ids, the clearest first."""

    id: str
    title: str
    counts: RatingCounts
    criteria: tuple[CriterionFindings, ...]
    criteria_met_by_all: int
    grades: tuple[GradeCount, ...]
    moderation: ModerationCounts
    strengths: tuple[str, ...]
    gaps: tuple[str, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class LineageLine:
    """A line of the annex on criteria: which earlier ones became which, and why."""

    relation: Relation
    old: tuple[str, ...]  # short ids
    new: tuple[str, ...]
    text: str
    note: str
    compared_in: Literal["headline", "second table", "merged and split", "not compared"]


@dataclass(frozen=True, slots=True)
class MethodSetting:
    """A threshold or rule as it is printed: what it means and its value."""

    id: str
    meaning: str
    value: str


@dataclass(frozen=True)
class Findings:
    """Everything that the analysis report and the pages say about one audit.

    ``overall`` pools all judgements.  ``comparison`` is on the same basis as the
    findings; ``comparison_self`` compares organisations' own ratings.  ``change``
    and ``measure_sentences`` (one a measure, same order) are empty without one.
    ``checks`` and ``staff`` are worked out for a report alone, since they take long.
    """

    cycle: str
    title: str
    questionnaire: str
    version: str
    standing: str
    basis: Basis
    area: str | None
    cut_off: date | None
    participation: Participation
    overall: RatingCounts
    overall_self: RatingCounts
    standards: tuple[StandardFindings, ...]
    moderation: ModerationCounts
    strengths: tuple[str, ...]
    gaps: tuple[str, ...]
    comparison: Comparison | None
    comparison_self: Comparison | None
    measures: tuple[MeasureResult, ...]
    lineage: tuple[LineageLine, ...]
    settings: tuple[MethodSetting, ...]
    summary: tuple[Sentence, ...]
    change: tuple[Sentence, ...]
    measure_sentences: tuple[Sentence, ...]
    moderation_sentence: Sentence | None
    limits: Sentence
    register: Register
    own_and_panel: OwnAndPanel = NOBODY_LOOKED
    checks: StabilityChecks | None = None
    staff: StaffFindings | None = None

    def criterion(self, criterion_id: str) -> CriterionFindings:
        """Return one criterion's findings; raises KeyError."""
        for standard in self.standards:
            for criterion in standard.criteria:
                if criterion.id == criterion_id:
                    return criterion
        raise KeyError(criterion_id)
