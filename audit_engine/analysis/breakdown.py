"""Which groups may be shown beside the whole, so that taking one result from another isolates nobody?

Rule 5 of methods section 10: whatever can be worked out by subtraction must
itself be fit to be shown.  Which answers of a shown group may be seen is then
for ``two_way``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from audit_engine.analysis.disclosure import Audience, Counts, Released, Symbol, release
from audit_engine.analysis.suppression import LEAST_BASE, SMALL, is_telling
from audit_engine.analysis.two_way import Place, Row, hidden_answers

Within = Mapping[str, str]
#: Whether the counts of some people may be seen, or be worked out by taking others away.
Fit = Callable[[Counts], bool]
#: The groups, and the larger groups, that are shown.
Shown = tuple[frozenset[str], frozenset[str]]
NONE: Shown = (frozenset(), frozenset())
#: How groups and larger groups are told apart in a table, and the name of all that lies in neither.
KINDS = ("group", "larger group")
REST = "=rest"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One question for everybody and by group, as far as it may be seen."""

    whole: Released
    groups: Mapping[str, Released]


@dataclass(frozen=True, slots=True)
class Hidden:
    """The ids of the answers that each shown group, and each shown larger group, must hide."""

    small: Mapping[str, frozenset[str]] = field(default_factory=dict)
    large: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One question for everybody, by group and by larger group, all fit to be seen beside one another."""

    whole: Released
    groups: Mapping[str, Released]
    larger: Mapping[str, Released]
    shown: Shown

    @property
    def counted(self) -> Shown:
        """Return the groups, and the larger groups, of which a count is shown, and not their size alone."""
        every = [{n for n, r in some.items() if any(f.count is not None for f in r.cells)}
                 for some in (self.groups, self.larger)]  # fmt: skip
        return frozenset(every[0]), frozenset(every[1])


def release_table(
    whole: Counts,
    groups: Mapping[str, Counts],
    audience: Audience,
    within: Within | None = None,
    among: Shown | None = None,
) -> Table:
    """Return the whole, its groups and its larger groups, as far as this audience may see them.

    ``within`` names each group's larger group (an organisation's sector); None
    where there are none.  ``among`` are the only groups that may be shown at all,
    because of other questions.
    """
    shown = _shown(whole, groups, within, among, _enough)
    hidden, sums = _hidden(whole, groups, within, shown), _hidden_sums(whole, groups, within, shown)
    small, large = (
        {name: (ids.get(name, ()), own.get(name, ())) for name in names}
        for names, ids, own in zip(shown, (hidden.small, hidden.large), sums, strict=True)
    )
    allowed = among or NONE
    return Table(
        release(whole, audience),
        _released(groups, small, allowed[0], audience),
        _released(larger_groups(groups, within) if within is not None else {}, large, allowed[1], audience),
        shown,
    )


def withheld_table(
    whole: Counts, groups: Mapping[str, Counts], audience: Audience, within: Within | None = None, *, whole_too: bool
) -> Table:
    """Return a question without its groups, and ``whole_too`` without anything, because of what another hides.

    The symbol says nothing of how many people were asked.
    """
    larger = larger_groups(groups, within) if within is not None else {}
    held = [{n: release(c, audience, withheld="c") for n, c in every.items()} for every in (groups, larger)]
    return Table(release(whole, audience, withheld="c" if whole_too else ""), held[0], held[1], NONE)


def _shown(whole: Counts, groups: Mapping[str, Counts], within: Within | None, among: Shown | None, fit: Fit) -> Shown:
    if within is not None:
        return shown_within(whole, groups, within, among, fit)
    return shown_groups(whole, groups, None if among is None else among[0], fit), frozenset()


def _hidden(whole: Counts, groups: Mapping[str, Counts], within: Within | None, shown: Shown) -> Hidden:
    """Return the answers that shown groups hide."""
    if not whole.sensitive:
        return Hidden()
    if whole.several:
        return _hidden_ticks(whole, groups, within, shown)
    found = hidden_answers(whole, tuple(_rows(whole, groups, within or {}, shown)))
    return Hidden(*({name: found[kind, name] for name in names} for kind, names in zip(KINDS, shown, strict=True)))


def _hidden_ticks(whole: Counts, groups: Mapping[str, Counts], within: Within | None, shown: Shown) -> Hidden:
    """Return what groups hide of a question with several answers: a group shows all that the whole shows, or none.

    Ticks bound one another (some rule others out, somebody who answers ticks
    something), so that a single one would not stay hidden beside the others.
    """
    telling = {id_ for id_, n in whole.cells if is_telling(n, whole.base)}
    every = frozenset(id_ for id_, _ in whole.cells)
    few = {name: _only(g, every - telling) for name, g in groups.items()}
    seen = _shown(_only(whole, every - telling), few, within, shown, _is_safe)
    if any(_few_beside(rest) for rest in _unseen(whole, groups, within or {}, seen)):
        seen = NONE
    return Hidden(*(
        {name: frozenset(telling) if name in safe else every for name in names}
        for names, safe in zip(shown, seen, strict=True)
    ))  # fmt: skip


def _unseen(whole: Counts, groups: Mapping[str, Counts], within: Within, seen: Shown) -> Iterator[list[int]]:
    """Yield the sizes of the groups that what is seen leaves of the whole, then of larger ones."""
    above = {name: within.get(name) if within.get(name) in seen[1] else None for name in groups}
    in_no_group = whole.base - sum(g.base for g in groups.values())
    for larger in (None, *seen[1]):
        sizes = [g.base for name, g in groups.items() if name not in seen[0] and above[name] == larger]
        yield sizes if larger is not None else [*sizes, in_no_group]


def _few_beside(sizes: Sequence[int]) -> bool:
    """Tell whether a group is left with so few others that what is left is as good as its own."""
    return 0 < sum(sizes) - max(sizes, default=0) < SMALL


def _only(counts: Counts, ids: frozenset[str]) -> Counts:
    return replace(counts, cells=tuple(cell for cell in counts.cells if cell[0] in ids))


def _rows(whole: Counts, groups: Mapping[str, Counts], within: Within, shown: Shown) -> Iterator[Row]:
    """Yield what is shown, what that leaves of each shown larger group and of the whole, and who is in what is left."""
    small, large = KINDS
    above = {name: (large, within[name]) if within.get(name) in shown[1] else None for name in sorted(groups)}
    larger = larger_groups(groups, within) if within else {}
    for name in sorted(shown[1]):
        yield Row((large, name), larger[name])
    for name in sorted(shown[0]):
        yield Row((small, name), groups[name], above[name])
    known = [larger[name] for name in shown[1]] + [groups[name] for name in shown[0] if above[name] is None]
    left: dict[Place | None, Counts] = {None: taken_away(whole, known)}
    for name in shown[1]:
        left[large, name] = taken_away(larger[name], (groups[one] for one in shown[0] if above[one] == (large, name)))
    for place, rest in sorted(left.items(), key=lambda one: one[0] or ()):
        hidden = [name for name in above if name not in shown[0] and above[name] == place and groups[name].base]
        yield from _left(place, rest, {name: groups[name] for name in hidden})


def _left(place: Place | None, rest: Counts, hidden: Mapping[str, Counts]) -> Iterator[Row]:
    """Yield what is left of a row, the groups in it that are not shown, and those who are in no group."""
    if not rest.base:
        return
    itself = ("left of", place[1] if place else REST)
    yield Row(itself, rest, place, published=False)
    for name, counts in hidden.items():
        yield Row((KINDS[0], name), counts, itself, published=False)
    nobodys = taken_away(rest, hidden.values())
    if nobodys.base:
        yield Row(("in no group of", itself[1]), nobodys, itself, published=False)


def _released(
    groups: Mapping[str, Counts],
    shown: Mapping[str, tuple[Iterable[str], Iterable[str]]],
    seen_elsewhere: frozenset[str],
    audience: Audience,
) -> Mapping[str, Released]:
    """Release groups; ``shown`` has the cells and the sums that each of those that are shown must hide."""
    # One symbol for all that is hidden: two would tell the small groups from those hidden to protect them.  And where
    # it is known how many replied, "fewer than eleven answered" could say how many left the question out.
    hidden = {name for name in groups if name not in shown}
    tells = hidden & seen_elsewhere or {name for name in hidden if groups[name].base >= LEAST_BASE}
    symbol: Symbol = "c" if tells else "low"
    found = {}
    for name, counts in groups.items():
        if name in shown:
            cells, sums = map(frozenset, shown[name])
            found[name] = release(counts, audience, hidden=cells, hidden_sums=sums)
        else:
            found[name] = release(counts, audience, withheld=symbol)
    return found


def _hidden_sums(
    whole: Counts, groups: Mapping[str, Counts], within: Within | None, shown: Shown
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Return, by group and larger group, the sums whose own base, or what it leaves of the base, would be too few."""
    apart = [place for place, total in enumerate(whole.sums) if total.apart]
    if not apart:
        return {}, {}
    ids, place = tuple(whole.sums[place].id for place in apart), apart[0]
    split = {name: _in_and_out(g, place) for name, g in groups.items()}
    safe = _shown(_in_and_out(whole, place), split, within, shown, _each_enough)
    return dict.fromkeys(shown[0] - safe[0], ids), dict.fromkeys(shown[1] - safe[1], ids)


def _in_and_out(counts: Counts, place: int) -> Counts:
    """Return people as those whom a sum speaks of and those whom it does not."""
    inside = counts.sums[place].base
    return Counts(counts.base, counts.base, counts.base, (("in", inside), ("out", counts.base - inside)))


def release_groups(
    whole: Counts, groups: Mapping[str, Counts], audience: Audience, within: Within | None = None
) -> Breakdown:
    """Return the whole and its groups, as far as this audience may see them."""
    table = release_table(whole, groups, audience, within)
    return Breakdown(table.whole, table.groups)


def release_larger(whole: Counts, groups: Mapping[str, Counts], audience: Audience, within: Within) -> Breakdown:
    """Return the whole and its larger groups (sectors), where results by group (organisation) are published too."""
    table = release_table(whole, groups, audience, within)
    return Breakdown(table.whole, table.larger)


def _enough(counts: Counts) -> bool:
    return _is_enough(counts.base)


def _is_enough(people: int) -> bool:
    return people == 0 or people >= LEAST_BASE


def _each_enough(counts: Counts) -> bool:
    return all(_is_enough(n) for _, n in counts.cells)


def _is_safe(counts: Counts) -> bool:
    return _enough(counts) and not (counts.base and any(is_telling(n, counts.base) for _, n in counts.cells))


def shown_groups(
    whole: Counts, groups: Mapping[str, Counts], among: frozenset[str] | None = None, fit: Fit = _enough
) -> frozenset[str]:
    """Return the groups that may be shown: each fit, of enough people, and what is left of the whole fit too."""
    if whole.base < LEAST_BASE or not fit(whole):
        return frozenset()
    # In an order that no process changes: which of two equal groups goes must be the same on every page.
    shown = sorted(_candidates(groups, among, fit), key=lambda name: (groups[name].base, name))
    rest = taken_away(whole, (groups[name] for name in shown))
    while shown and not fit(rest):
        rest = added(rest, groups[shown.pop(0)])
    return frozenset(shown)


def _candidates(groups: Mapping[str, Counts], among: frozenset[str] | None, fit: Fit) -> frozenset[str]:
    return frozenset(
        name for name, g in groups.items() if g.base >= LEAST_BASE and fit(g) and (among is None or name in among)
    )


def shown_within(
    whole: Counts, groups: Mapping[str, Counts], within: Within, among: Shown | None = None, fit: Fit = _enough
) -> Shown:
    """Return which groups and which larger groups may be shown beside one another.

    In each larger group that is shown, what its shown groups leave is fit; so is
    what all that is shown leaves of the whole.
    """
    if whole.base < LEAST_BASE or not fit(whole):
        return NONE
    nested = _Nested(whole, groups, within, larger_groups(groups, within), fit)
    small = _candidates(groups, None if among is None else among[0], fit)
    allowed = _candidates(nested.larger, None if among is None else among[1], fit)
    given_up: frozenset[str] = frozenset()
    while True:
        large = nested.larger_beside(small, allowed - given_up)
        if not (small or large) or fit(nested.rest(small, large)):
            return small, large
        partly_hidden = [name for name in large if nested.rest_in(name, small).base]
        if partly_hidden or not small:
            given_up |= {min(partly_hidden or large, key=lambda name: (nested.larger[name].base, name))}
        else:
            small -= {min(small, key=lambda name: (groups[name].base, name))}


@dataclass(frozen=True, slots=True)
class _Nested:
    """Groups inside larger groups, and what is left when some of either are shown."""

    whole: Counts
    groups: Mapping[str, Counts]
    within: Within
    larger: Mapping[str, Counts]
    fit: Fit

    def rest_in(self, larger: str, small: frozenset[str]) -> Counts:
        """Return what the shown groups leave of a larger one."""
        own = (self.groups[name] for name in small if self.within[name] == larger)
        return taken_away(self.larger[larger], own)

    def larger_beside(self, small: frozenset[str], allowed: frozenset[str]) -> frozenset[str]:
        """Return the larger groups that may stand beside these groups."""
        return frozenset(name for name in allowed if self.fit(self.rest_in(name, small)))

    def rest(self, small: frozenset[str], large: frozenset[str]) -> Counts:
        """Return what lies in nothing that is shown."""
        known = [self.larger[name] for name in large]
        known += [self.groups[name] for name in small if self.within[name] not in large]
        return taken_away(self.whole, known)


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
