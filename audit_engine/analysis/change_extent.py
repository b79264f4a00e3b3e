"""What does a comparison say of its own reach: who is counted once, what panels saw, which organisations merged?

Values only; ``extent.py`` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from audit_engine.definition.questionnaire import Relation

if TYPE_CHECKING:
    from audit_engine.analysis.change import Movement

WhyKind = Literal["changed meaning", "joined or divided", "no counterpart", "not rated both times"]


@dataclass(frozen=True, slots=True)
class JointReturns:
    """How many matched organisations work in each area, and in several; each return is counted once in the total."""

    by_area: tuple[tuple[str, int], ...]
    in_several: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Moderated:
    """How many like-for-like judgements panels looked at, of those rated both times, and how those seen twice moved."""

    pairs: int
    then: int
    now: int
    both: Movement

    @property
    def differs(self) -> bool:
        """Tell whether final ratings rest on panels to a different extent in the two audits."""
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class OrganisationBridge:
    """A merged organisation beside its predecessors read as one: a flagged extra, never in the headline.

    Each criterion counts by the predecessors' weakest rating, beside it the strongest;
    ``comparable`` is False where the two views differ in sign.
    """

    id: str
    name: str
    predecessors: tuple[str, ...]
    weakest: Movement
    strongest: Movement
    comparable: bool


@dataclass(frozen=True, slots=True)
class WhyNotComparable:
    """Why a criterion is not in the like-for-like figures; ``old`` and ``new`` are ids, empty on a side without one."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    text: str
    relation: Relation
    kind: WhyKind
    why: str
