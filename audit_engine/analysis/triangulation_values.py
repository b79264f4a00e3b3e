"""What does a triangulation of an audit with its staff surveys hold?

Values only; ``triangulation_grid.triangulated`` makes them.  Every figure about
people in them is one that may be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.disclosure import Figure
from audit_engine.analysis.triangulation import (
    COMPARED,
    Assurance,
    ClassName,
    PanelView,
    StaffLevel,
)
from audit_engine.analysis.triangulation_staff import Spread, StaffAnswers
from audit_engine.definition.questionnaire import CountsAs, Item, StaffView

Claimed = CountsAs | Literal[""]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that returned; ``took_part`` says how many of its staff replied to each survey."""

    id: str
    name: str
    sector: str
    sector_label: str
    areas: tuple[str, ...]
    took_part: tuple[str, ...] = ()
    spread: Mapping[str, Spread] = field(default_factory=dict)  # by survey


@dataclass(frozen=True, slots=True)
class MappedView:
    """A staff question that bears on a criterion; ``answers`` is None where ``why`` says it could not be counted."""

    view: StaffView
    answers: StaffAnswers | None
    why: str = ""

    @property
    def text(self) -> str:
        """Return what staff were asked."""
        return self.answers.question.text if self.answers else ""


@dataclass(frozen=True, slots=True)
class MappedCriterion:
    """A criterion with the questions that its questionnaire sets beside it; () where staff don't see it.

    ``deciding`` are the places in ``views`` from which the class follows: the
    primary question, or all that are needed.
    """

    item: Item
    views: tuple[MappedView, ...]
    deciding: tuple[int, ...]

    @property
    def id(self) -> str:
        """Return the criterion's id."""
        return self.item.id

    @property
    def ref(self) -> str:
        """Return the criterion's short id."""
        return self.item.short_id


@dataclass(frozen=True, slots=True)
class Seen:
    """How one organisation's staff answered one mapped question.

    ``level`` is None where too few answers may be seen; ``sector`` is then what
    all staff of its sector said, which is not this organisation.
    """

    figure: Figure | None
    level: StaffLevel | None = None
    lower: float | None = None
    upper: float | None = None
    sector: Figure | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion of one organisation, each source by itself and then joined.

    ``why`` says why nothing was compared.  ``evidence`` is the grade that still
    counts; ``evidence_expired`` tells that one is out of date.  ``assurance`` is
    None unless the organisation rated the criterion met.
    """

    organisation: str
    criterion: str
    claim: Claimed
    panel: PanelView
    panel_rating: Claimed
    evidence: int | None
    evidence_expired: bool
    views: tuple[Seen, ...]
    cls: ClassName
    level: StaffLevel | None = None
    capped: bool = False
    assurance: Assurance | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Cells by class, those of criteria that staff were asked about.

    ``met`` counts all criteria rated met, asked about or not; ``tested`` those of
    them with enough replies.  ``assurance`` counts all criteria rated met.
    """

    classes: Mapping[ClassName, int]
    met: int
    tested: int
    corroborated: int
    claimed_not_seen: int
    assurance: Mapping[Assurance, int]

    @property
    def compared(self) -> int:
        """Return how many comparisons were made."""
        return sum(self.classes[name] for name in COMPARED)


@dataclass(frozen=True, slots=True)
class SurveyRead:
    """A survey that was read beside the audit."""

    cycle: str
    title: str
    questionnaire: str
    version: str


@dataclass(frozen=True, slots=True)
class Lens:
    """What people said to one question, in one survey: everybody, and by sector where that may be seen.

    ``is_mapped`` tells whether the questionnaire of the audit names the
    question; another survey may ask the same in the same words.
    """

    title: str
    answers: StaffAnswers
    is_mapped: bool = True

    @property
    def text(self) -> str:
        """Return what was asked."""
        return self.answers.question.text


@dataclass(frozen=True)
class Triangulation:
    """An audit set beside its surveys, for the organisations and criteria that were asked for.

    ``comparisons`` counts ratings set beside a question that decides, and
    ``false_flags`` is how many of them chance alone would make "not seen", at
    most, if the target share of all staff would agree.  ``locked`` is the hash of the definition
    that holds the mapping and thresholds.
    """

    cycle: str
    title: str
    area: str | None
    locked: str
    surveys: tuple[SurveyRead, ...]
    organisations: tuple[Organisation, ...]
    not_returned: int
    criteria: tuple[MappedCriterion, ...]
    cells: Mapping[tuple[str, str], Cell]
    by_organisation: Mapping[str, Tally]
    by_criterion: Mapping[str, Tally]
    overall: Tally
    ratings: Mapping[str, RatingCounts]  # own ratings by criterion, of the organisations here
    comparisons: int
    false_flags: Fraction
    sectors: Mapping[str, str]

    @property
    def mapped(self) -> tuple[MappedCriterion, ...]:
        """Return the criteria that staff were asked about."""
        return tuple(c for c in self.criteria if c.views)

    def rows(self, cls: ClassName | None = None) -> Iterator[tuple[Organisation, MappedCriterion, Cell]]:
        """Yield the cells by organisation and criterion, those of one class where it is given."""
        for organisation in self.organisations:
            for criterion in self.criteria:
                cell = self.cells[organisation.id, criterion.id]
                if cls is None or cell.cls == cls:
                    yield organisation, criterion, cell

    def organisation(self, organisation_id: str) -> Organisation | None:
        """Return one organisation, or None."""
        return next((o for o in self.organisations if o.id == organisation_id), None)

    def criterion(self, criterion_id: str) -> MappedCriterion | None:
        """Return one criterion, or None."""
        return next((c for c in self.criteria if c.id == criterion_id), None)
