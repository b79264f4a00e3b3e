"""Which groups may be shown beside the whole, so that taking one result from another isolates nobody?

Rule 5 of methods section 10: whatever can be worked out by subtraction must
itself be fit to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from audit_engine.analysis.disclosure import Audience, Counts, Released, Symbol, release
from audit_engine.analysis.suppression import LEAST_BASE

Within = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One question for everybody and by group, as far as it may be seen."""

    whole: Released
    groups: Mapping[str, Released]


def release_groups(
    whole: Counts, groups: Mapping[str, Counts], audience: Audience, within: Within | None = None
) -> Breakdown:
    """Return the whole and its groups, as far as this audience may see them.

    ``within`` names each group's larger group (an organisation's sector) where
    results by larger group are published too.
    """
    shown = shown_groups(whole, groups) if within is None else shown_within(whole, groups, within)[0]
    return release_shown(whole, groups, shown, audience)


def release_larger(whole: Counts, groups: Mapping[str, Counts], audience: Audience, within: Within) -> Breakdown:
    """Return the whole and its larger groups (sectors), where results by group (organisation) are published too."""
    return release_shown(whole, larger_groups(groups, within), shown_within(whole, groups, within)[1], audience)


def release_shown(
    whole: Counts, groups: Mapping[str, Counts], shown: frozenset[str], audience: Audience
) -> Breakdown:
    """Return the whole and those of its groups that were found fit to be shown; the others carry one symbol."""
    # One symbol for all that is hidden: two would tell the small groups from those hidden to protect them.
    others_too = any(g.base >= LEAST_BASE for name, g in groups.items() if name not in shown)
    symbol: Symbol = "c" if others_too and whole.base >= LEAST_BASE else "low"
    return Breakdown(
        release(whole, audience),
        {name: release(g, audience, withheld="" if name in shown else symbol) for name, g in groups.items()},
    )


def shown_groups(whole: Counts, groups: Mapping[str, Counts]) -> frozenset[str]:
    """Return the groups that may be shown: each safe, and safe together what is left of the whole."""
    if not _may_be_split(whole):
        return frozenset()
    shown = sorted((name for name, g in groups.items() if _may_be_split(g)), key=lambda name: groups[name].base)
    rest = taken_away(whole, (groups[name] for name in shown))
    while shown and not rest.is_safe:
        rest = added(rest, groups[shown.pop(0)])
    return frozenset(shown)


def shown_within(whole: Counts, groups: Mapping[str, Counts], within: Within) -> tuple[frozenset[str], frozenset[str]]:
    """Return which groups and which larger groups may be shown beside one another.

    In each larger group that is shown, what its shown groups leave is safe; so
    is what all that is shown leaves of the whole.
    """
    if not _may_be_split(whole):
        return frozenset(), frozenset()
    nested = _Nested(whole, groups, within, larger_groups(groups, within))
    small = frozenset(name for name, g in groups.items() if _may_be_split(g))
    given_up: frozenset[str] = frozenset()
    while True:
        large = nested.larger_beside(small) - given_up
        if not (small or large) or nested.rest(small, large).is_safe:
            return small, large
        partly_hidden = [name for name in large if nested.rest_in(name, small).base]
        if partly_hidden or not small:
            given_up |= {min(partly_hidden or large, key=lambda name: nested.larger[name].base)}
        else:
            small -= {min(small, key=lambda name: groups[name].base)}


@dataclass(frozen=True, slots=True)
class _Nested:
    """Groups inside larger groups, and what is left when some of either are shown."""

    whole: Counts
    groups: Mapping[str, Counts]
    within: Within
    larger: Mapping[str, Counts]

    def rest_in(self, larger: str, small: frozenset[str]) -> Counts:
        """Return what the shown groups leave of a larger one."""
        own = (self.groups[name] for name in small if self.within[name] == larger)
        return taken_away(self.larger[larger], own)

    def larger_beside(self, small: frozenset[str]) -> frozenset[str]:
        """Return the larger groups that may stand beside these groups."""
        return frozenset(
            name for name, total in self.larger.items() if _may_be_split(total) and self.rest_in(name, small).is_safe
        )

    def rest(self, small: frozenset[str], large: frozenset[str]) -> Counts:
        """Return what lies in nothing that is shown."""
        known = [self.larger[name] for name in large]
        known += [self.groups[name] for name in small if self.within[name] not in large]
        return taken_away(self.whole, known)


def _may_be_split(counts: Counts) -> bool:
    # What is not safe as a whole cannot be shown in part: the parts would sum to what is hidden.
    return counts.base >= LEAST_BASE and counts.is_safe


def larger_groups(groups: Mapping[str, Counts], within: Within) -> dict[str, Counts]:
    """Return the larger groups' counts, each the sum of its groups'."""
    found: dict[str, Counts] = {}
    for name, counts in groups.items():
        larger = within[name]
        found[larger] = added(found[larger], counts) if larger in found else counts
    return found


def added(one: Counts, other: Counts) -> Counts:
    """Return the counts of two groups of people together; both answered the same question."""
    return replace(
        one,
        asked=one.asked + other.asked,
        answered=one.answered + other.answered,
        base=one.base + other.base,
        cells=_summed(one.cells, other.cells, 1),
        outside=_summed(one.outside, other.outside, 1),
        sums=tuple(
            replace(a, count=a.count + b.count, base=a.base + b.base) for a, b in zip(one.sums, other.sums, strict=True)
        ),
    )


def taken_away(whole: Counts, parts: Iterable[Counts]) -> Counts:
    """Return the base and the cells that groups of people leave of the whole."""
    return reduce(
        lambda left, part: replace(left, base=left.base - part.base, cells=_summed(left.cells, part.cells, -1)),
        parts,
        whole,
    )


def _summed(
    one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...], sign: int
) -> tuple[tuple[str, int], ...]:
    return tuple((id_, a + sign * b) for (id_, a), (_, b) in zip(one, other, strict=True))
