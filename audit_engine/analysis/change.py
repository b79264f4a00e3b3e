"""What does a comparison of two audits hold?

Values only; ``comparison.py`` makes them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from audit_engine.analysis.change_extent import JointReturns, Moderated, OrganisationBridge
from audit_engine.analysis.counts import Part, RatingCounts, Share, Why
from audit_engine.definition.lineage import Pair
from audit_engine.definition.questionnaire import Item, Relation

if TYPE_CHECKING:  # pages lay these values out without numpy, which the ratings need
    from audit_engine.analysis.ratings import Basis

OrganisationKind = Literal[
    "renamed", "joined", "left", "merged", "split", "boundary-change",
    "not-returned-then", "not-returned-now", "not-returned-either",
]  # fmt: skip
CountsScope = Literal["all", "matched-criteria", "matched-organisations", "like-for-like"]
VerdictKind = Literal["rose", "fell", "same", "cannot-be-stated", "not-enough-matched", "nothing-to-compare"]
MeasureVerdict = Literal["achieved", "not-achieved", "cannot-be-judged"]
#: The first three grades of a transition matrix are rated; the fourth is not applicable.
_RATED = 3
MeasureReason = Literal[
    "other-baseline", "other-basis", "one-area", "no-pairs", "too-few-matched", "returns-missing",
    "share-moved-otherwise",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part is looked at; None is everything.

    ``standard`` is the id of a section of the current version and ``tag`` one of
    its tags: earlier criteria follow through their lineage.
    """

    area: str | None = None
    sector: str | None = None
    standard: str | None = None
    tag: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """Return the filters by name."""
        return {"area": self.area, "sector": self.sector, "standard": self.standard, "tag": self.tag}


@dataclass(frozen=True, slots=True)
class CycleName:
    """One of the two audits compared."""

    cycle: str
    title: str
    questionnaire: str
    version: str

    def as_json(self) -> dict[str, str]:
        """Return the names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Movement:
    """What happened to pairs: one organisation, one criterion, rated both times.

    ``excluded_*`` count organisation and criterion where one side (or both) was
    not applicable, else blank, else not asked; they are outside ``pairs``.
    """

    pairs: int = 0
    met_then: int = 0
    met_now: int = 0
    gained: int = 0
    lost: int = 0
    partly_then: int = 0
    partly_now: int = 0
    partly_gained: int = 0
    partly_lost: int = 0
    excluded_not_applicable: int = 0
    excluded_unanswered: int = 0
    excluded_not_asked: int = 0

    @property
    def net(self) -> int:
        """Return gained less lost."""
        return self.gained - self.lost

    @property
    def partly_net(self) -> int:
        """Return the same for "partly met"."""
        return self.partly_gained - self.partly_lost

    @property
    def share_then(self) -> Share:
        """Return met then of the pairs."""
        return Share(self.met_then, self.pairs)

    @property
    def share_now(self) -> Share:
        """Return met now of the pairs."""
        return Share(self.met_now, self.pairs)

    def why(self, title: str) -> Why:
        """Return what the net change is made of, and which pairs are not in it."""
        return Why(
            title,
            "Net = gained less lost, over organisations and criteria rated both times.",
            self.net,
            (Part("Gained: met now, not then", self.gained), Part("Lost: met then, not now", -self.lost)),
            (
                Part("Not applicable at least once", self.excluded_not_applicable),
                Part("Left blank at least once", self.excluded_unanswered),
                Part("Not asked at least once, because of the organisation's profile", self.excluded_not_asked),
            ),
        )

    def as_json(self) -> dict[str, object]:
        """Return the counts, the same for "partly met", and what was left out."""
        return {
            "pairs": self.pairs,
            "met_then": self.met_then,
            "met_now": self.met_now,
            "gained": self.gained,
            "lost": self.lost,
            "net": self.net,
            "share_then": self.share_then.value,
            "share_now": self.share_now.value,
            "partly": {
                "then": self.partly_then,
                "now": self.partly_now,
                "gained": self.partly_gained,
                "lost": self.partly_lost,
                "net": self.partly_net,
            },
            "excluded": {
                "not_applicable": self.excluded_not_applicable,
                "unanswered": self.excluded_unanswered,
                "not_asked": self.excluded_not_asked,
            },
        }


@dataclass(frozen=True, slots=True)
class ThreeCounts:
    """The three readings of "number of criteria met", on one table of ratings.

    ``criteria_met_by_all`` counts criteria met by every organisation to which
    they apply (a blank is not "met"), out of ``criteria`` that apply to anybody.
    """

    judgements_met: int
    applicable: int
    criteria_met_by_all: int
    criteria: int

    @property
    def share_met(self) -> float | None:
        """Return judgements met of those applicable, unrounded."""
        return Share(self.judgements_met, self.applicable).value

    def as_json(self) -> dict[str, int | float | None]:
        """Return the three counts and their bases."""
        return {
            "judgements_met": self.judgements_met,
            "applicable": self.applicable,
            "share_met": self.share_met,
            "criteria_met_by_all": self.criteria_met_by_all,
            "criteria": self.criteria,
        }


@dataclass(frozen=True, slots=True)
class CountsRow:
    """The three counts, then and now, on one set; only matched sets are comparable."""

    scope: CountsScope
    label: str
    comparable: bool
    then: ThreeCounts
    now: ThreeCounts


@dataclass(frozen=True, slots=True)
class GroupMovement:
    """The like-for-like movement of one standard or tag.

    ``transitions`` are laid out as those of the whole; ``nets`` are the net changes of
    the matched organisations that have one.
    """

    id: str
    title: str
    criteria: int
    organisations: int
    movement: Movement
    bounds: NetBounds | None = None
    transitions: tuple[tuple[int, ...], ...] = ()
    nets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion that one earlier criterion became, and how its ratings moved."""

    old: str
    new: str
    relation: Relation
    ref: str
    text: str
    section: str
    tags: tuple[str, ...]
    note: str
    movement: Movement


@dataclass(frozen=True)
class CriterionRows:
    """The movements of many criteria, kept as plain rows and made into values when they are first looked at.

    ``counted`` has one row a pair, in the order of Movement's fields.
    """

    pairs: tuple[Pair, ...]
    items: tuple[Item, ...]
    counted: tuple[tuple[int, ...], ...]

    @cached_property
    def changes(self) -> tuple[CriterionChange, ...]:
        """Return each criterion's movement."""
        return tuple(
            CriterionChange(
                pair.old[0], pair.new[0], pair.relation, item.short_id, item.text, item.section, item.tags, pair.note,
                Movement(*counted),
            )
            for pair, item, counted in zip(self.pairs, self.items, self.counted, strict=True)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangedScope:
    """The second table: criteria whose meaning widened or narrowed, with their own totals."""

    total: Movement
    criteria: tuple[CriterionChange, ...]


@dataclass(frozen=True, slots=True)
class BridgedChange:
    """Merged or split criteria, by the weakest of the several and, beside it, the strongest.

    ``comparable`` is False where the two views differ in sign.
    """

    relation: Relation
    old: tuple[str, ...]
    new: tuple[str, ...]
    ref: str
    text: str
    note: str
    weakest: Movement
    strongest: Movement
    comparable: bool


@dataclass(frozen=True, slots=True)
class ListedCriterion:
    """A criterion outside every comparison, with the reason and its own year's counts."""

    id: str
    ref: str
    text: str
    relation: Relation
    reason: str
    into: tuple[str, ...] = ()
    instrument: str = ""
    counts: RatingCounts = field(default_factory=RatingCounts)


@dataclass(frozen=True, slots=True)
class NotCompared:
    """What has no counterpart in the other audit."""

    dropped: tuple[ListedCriterion, ...] = ()
    folded: tuple[ListedCriterion, ...] = ()
    moved: tuple[ListedCriterion, ...] = ()
    new: tuple[ListedCriterion, ...] = ()

    @property
    def count(self) -> int:
        """Return how many criteria are listed."""
        return len(self.dropped) + len(self.folded) + len(self.moved) + len(self.new)


@dataclass(frozen=True, slots=True)
class OrganisationChange:
    """An organisation outside the matched set, or renamed within it, named with its count met.

    ``met_then`` and ``met_now`` are None where there was no return or it was not
    in scope, and so are the judgements that they are of.  ``others`` names
    predecessors or successors.
    """

    id: str
    name: str
    kind: OrganisationKind
    met_then: int | None
    met_now: int | None
    others: tuple[str, ...] = ()
    note: str = ""
    applicable_then: int | None = None
    applicable_now: int | None = None


@dataclass(frozen=True, slots=True)
class OrganisationNet:
    """One matched organisation's like-for-like movement."""

    id: str
    name: str
    sector: str
    pairs: int
    met_then: int
    met_now: int
    gained: int
    lost: int

    @property
    def net(self) -> int:
        """Return gained less lost."""
        return self.gained - self.lost


@dataclass(frozen=True, slots=True)
class Concentration:
    """Organisations that each made more than the threshold's share of all gains."""

    organisations: tuple[str, ...]
    gained: int
    of_gained: int


@dataclass(frozen=True, slots=True)
class Matched:
    """How much of the two audits could be matched."""

    organisations: int
    in_scope_then: int
    in_scope_now: int
    returned_then: int
    returned_now: int
    criteria: int
    criteria_then: int
    criteria_now: int
    enough: bool

    @property
    def share_then(self) -> Share:
        """Return matched organisations of those in scope then."""
        return Share(self.organisations, self.in_scope_then)

    @property
    def share_now(self) -> Share:
        """Return matched organisations of those in scope now."""
        return Share(self.organisations, self.in_scope_now)


@dataclass(frozen=True, slots=True)
class NetBounds:
    """What the net could be, whatever the missing returns of continuing organisations would have said."""

    missing: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """One line between the raw count then and now; ``added`` and ``taken`` are both counts from 0 up."""

    id: str
    label: str
    added: int
    taken: int

    @property
    def net(self) -> int:
        """Return added less taken."""
        return self.added - self.taken


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How the raw count of one year becomes that of the other; the lines sum to the change."""

    met_then: int
    lines: tuple[ReconciliationLine, ...]
    met_now: int

    @property
    def change(self) -> int:
        """Return the change in the raw count."""
        return self.met_now - self.met_then


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A success measure of the plan, judged on the like-for-like set.

    ``movement`` is on pairs; ``then`` and ``now`` are the three counts of the same
    organisations and criteria, each on its own year's base, so that an
    organisation that became "applicable" moves the share but not the net.
    """

    id: str
    title: str
    definition: str
    source: str
    direction: Literal["increase", "decrease"]
    criteria: tuple[str, ...]
    organisations: int
    movement: Movement
    then: ThreeCounts
    now: ThreeCounts
    bounds: NetBounds
    verdict: MeasureVerdict
    reason: MeasureReason | None = None


@dataclass(frozen=True)
class Comparison:
    """Two audits compared.

    ``headline`` is the like-for-like movement (same and reworded criteria,
    organisations that returned both times).  ``transitions`` counts the like-for-like
    ratings of matched organisations, rows then and columns now, each in the order
    not met, partly met, met, not applicable.  ``crude_*`` are each year's own
    figures and are never comparable.
    """

    baseline: CycleName
    current: CycleName
    basis: Basis
    filters: Filters
    matched: Matched
    headline: Movement
    transitions: tuple[tuple[int, ...], ...]
    verdict: VerdictKind
    bounds: NetBounds
    by_standard: tuple[GroupMovement, ...]
    by_tag: tuple[GroupMovement, ...]
    like_for_like: CriterionRows
    widened_narrowed: ChangedScope
    bridged: tuple[BridgedChange, ...]
    not_compared: NotCompared
    organisations: tuple[OrganisationChange, ...]
    by_organisation: tuple[OrganisationNet, ...]
    concentration: Concentration | None
    counts: tuple[CountsRow, ...]
    crude_then: RatingCounts
    crude_now: RatingCounts
    reconciliation: Reconciliation
    measures: tuple[MeasureResult, ...]
    joint: JointReturns | None = None
    moderated: Moderated | None = None
    organisation_bridges: tuple[OrganisationBridge, ...] = ()

    @property
    def grades_moved(self) -> tuple[int, int, int]:
        """Return how many judgements moved up a grade or two, stayed, and moved down."""
        rated = [row[:_RATED] for row in self.transitions[:_RATED]]
        cells = [(now - then, count) for then, row in enumerate(rated) for now, count in enumerate(row)]
        up, down = (sum(count for step, count in cells if step * way > 0) for way in (1, -1))
        return up, sum(count for step, count in cells if step == 0), down

    @property
    def by_criterion(self) -> tuple[CriterionChange, ...]:
        """Return each like-for-like criterion's movement."""
        return self.like_for_like.changes

    @property
    def gained(self) -> int:
        """Return the like-for-like gains."""
        return self.headline.gained

    @property
    def lost(self) -> int:
        """Return the like-for-like losses."""
        return self.headline.lost

    @property
    def net(self) -> int:
        """Return gained less lost."""
        return self.headline.net
