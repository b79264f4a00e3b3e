"""Would movement this lopsided arise if organisations moved up and down at random?

That is all that these checks ask (methods section 4.14).  The organisations are
no sample, so nothing here is called significant, and none of it stands in a
summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit_engine.analysis.statistics import (
    Agreement,
    PairedDifference,
    agreement_self_vs_panel,
    holm_and_bh,
    mcnemar,
    paired_difference_ci,
    sign_flip_cluster,
    tarone,
)

if TYPE_CHECKING:
    from audit_engine.analysis.change import Comparison, CriterionChange, GroupMovement, Movement

GRADES = ("not met", "partly met", "met")
#: With fewer organisations that moved, no criterion can reach the level at all (methods section 4.13).
LEAST_MOVERS = 5
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class GroupCheck:
    """A sign-flip check with the organisation as the unit; ``movers`` have a net change."""

    title: str
    movers: int
    net: int
    p: float


@dataclass(frozen=True, slots=True)
class CriterionCheck:
    """McNemar's mid-p of one criterion, raw and adjusted by Benjamini and Hochberg, with Tango's interval."""

    ref: str
    text: str
    lost: int
    gained: int
    p: float
    p_adjusted: float
    difference: PairedDifference


@dataclass(frozen=True, slots=True)
class OwnAndPanel:
    """Judgements that panels looked at, rows own rating and columns the panel's: not met, partly met, met.

    Those picked at random stand apart from those chosen for a reason (methods section 4.12).
    """

    at_random: tuple[tuple[int, ...], ...] = ()
    chosen: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class StabilityChecks:
    """The checks of one comparison, and how far own and panel ratings agree.

    ``criteria`` are those where five organisations or more moved; of the ``others`` none
    could have reached the level.  ``tarone_passing`` are the refs that pass Tarone's test.
    """

    whole: GroupCheck
    standards: tuple[GroupCheck, ...]
    criteria: tuple[CriterionCheck, ...]
    others: int
    tarone_passing: tuple[str, ...]
    at_random: Agreement | None
    chosen: Agreement | None


NOBODY_LOOKED = OwnAndPanel()


def stability_checks(
    comparison: Comparison | None, own_and_panel: OwnAndPanel = NOBODY_LOOKED
) -> StabilityChecks | None:
    """Return the checks of a comparison; None without one, or where it may not be spoken of as a whole.

    Needs scipy and statsmodels, so it is for the worker.
    """
    if comparison is None or not comparison.matched.enough:
        return None
    nets = [one.net for one in comparison.by_organisation if one.net]
    criteria = comparison.by_criterion
    moved = [one for one in criteria if one.movement.gained + one.movement.lost]
    return StabilityChecks(
        _group("All standards", nets),
        tuple(_standard(group) for group in comparison.by_standard if group.movement.pairs),
        tuple(_criteria(criteria)),
        sum(_movers(one.movement) < LEAST_MOVERS for one in criteria),
        _tarone(moved),
        *(_agreement(table) for table in (own_and_panel.at_random, own_and_panel.chosen)),
    )


def _agreement(table: Sequence[Sequence[int]]) -> Agreement | None:
    return agreement_self_vs_panel(GRADES, table) if table else None


def _standard(group: GroupMovement) -> GroupCheck:
    return _group(group.title, group.nets)


def _group(title: str, nets: Sequence[int]) -> GroupCheck:
    found = sign_flip_cluster(nets)
    return GroupCheck(title, sum(net != 0 for net in nets), found.net, found.p_exact)


def _criteria(criteria: Iterable[CriterionChange]) -> Iterator[CriterionCheck]:
    """Yield the criteria that could reach the level; the family is every criterion compared."""
    every = [one for one in criteria if one.movement.pairs]
    raw = [mcnemar(one.movement.lost, one.movement.gained).p_midp for one in every]
    adjusted = holm_and_bh(raw, LEVEL).bh
    for one, p, level in zip(every, raw, adjusted, strict=True):
        difference = _difference(one.movement) if _movers(one.movement) >= LEAST_MOVERS else None
        if difference is not None:
            yield CriterionCheck(one.ref, one.text, one.movement.lost, one.movement.gained, p, level, difference)


def _difference(moved: Movement) -> PairedDifference | None:
    both = moved.met_then - moved.lost
    neither = moved.pairs - both - moved.lost - moved.gained
    return paired_difference_ci(both, moved.lost, moved.gained, neither)


def _tarone(moved: Sequence[CriterionChange]) -> tuple[str, ...]:
    tests = [mcnemar(one.movement.lost, one.movement.gained) for one in moved]
    passing = tarone([one.p_midp for one in tests], [one.min_attainable_midp or 1.0 for one in tests], LEVEL).rejected
    return tuple(moved[place].ref for place in passing)


def _movers(moved: Movement) -> int:
    return moved.gained + moved.lost
