"""Which items of one version come from which of an earlier one, and how?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audit_engine.definition.questionnaire import Item, Questionnaire, Relation, Retired

LIKE_FOR_LIKE: tuple[Relation, ...] = ("same", "reworded")
CHANGED_SCOPE: tuple[Relation, ...] = ("widened", "narrowed")
CONTINUING: tuple[Relation, ...] = (*LIKE_FOR_LIKE, *CHANGED_SCOPE)


@dataclass(frozen=True, slots=True)
class Pair:
    """Items that are compared: one with one, several with one (merged), or one with several (split)."""

    relation: Relation
    old: tuple[str, ...]
    new: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unpaired:
    """An item that is compared with nothing, and why; ``into`` is what became of an old one."""

    id: str
    reason: str = ""
    into: tuple[str, ...] = ()
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class LineageMap:
    """How the items of ``current`` come from those of ``baseline`` (version labels).

    Every old item stands once, in a pair or under dropped, folded or moved;
    every new one once, in a pair or under new.
    """

    baseline: str
    current: str
    pairs: tuple[Pair, ...] = ()
    new: tuple[Unpaired, ...] = ()
    dropped: tuple[Unpaired, ...] = ()
    folded: tuple[Unpaired, ...] = ()
    moved: tuple[Unpaired, ...] = ()

    def related(self, *relations: Relation) -> tuple[Pair, ...]:
        """Return the pairs of these relations, in order."""
        return tuple(pair for pair in self.pairs if pair.relation in relations)

    @property
    def like_for_like(self) -> tuple[Pair, ...]:
        """Return the pairs of the headline: same and reworded."""
        return self.related(*LIKE_FOR_LIKE)

    @property
    def changed_scope(self) -> tuple[Pair, ...]:
        """Return the pairs of the second table: widened and narrowed."""
        return self.related(*CHANGED_SCOPE)

    def pair_of(self, item_id: str) -> Pair | None:
        """Return the pair that a new item is in, or None."""
        return next((pair for pair in self.pairs if item_id in pair.new), None)


def lineage_between(baseline: Questionnaire, current: Questionnaire, *, criteria_only: bool = True) -> LineageMap:
    """Return the map of one link: ``current`` continues ``baseline``.

    With ``criteria_only`` items that are not graded on "met" are left out on both sides.
    """
    old_items = baseline.criteria if criteria_only else baseline.items
    new_items = current.criteria if criteria_only else current.items
    old = tuple(i.id for i in old_items)
    pairs = _pairs(new_items, frozenset(old))
    paired = {new for pair in pairs for new in pair.new}
    new = tuple(Unpaired(i.id, _why_new(i, baseline.version)) for i in new_items if i.id not in paired)
    gone = _gone(old, pairs, current)
    return LineageMap(baseline.version, current.version, pairs, new, *gone)


def _pairs(items: Sequence[Item], old: Collection[str]) -> tuple[Pair, ...]:
    """Return the pairs, in the order of the new items; a continuing id outranks a merge and a split."""
    taken = {i.lineage.sources[0] for i in items if i.lineage and i.lineage.relation in CONTINUING}
    merged = {s for i in items if i.lineage and i.lineage.relation == "merged" for s in i.lineage.sources} - taken
    pairs: dict[tuple[str, ...], Pair] = {}
    for item in items:
        lineage = item.lineage
        if lineage is None or not lineage.sources or not set(lineage.sources) <= set(old):
            continue
        key = lineage.sources
        if lineage.relation in CONTINUING:
            pairs[(item.id, *key)] = Pair(lineage.relation, key, (item.id,), lineage.reason)
        elif lineage.relation == "merged" and not taken & set(key):
            pairs[(item.id, *key)] = Pair("merged", key, (item.id,), lineage.reason)
        elif lineage.relation == "split" and not (taken | merged) & set(key):
            earlier = pairs.get(key, Pair("split", key, (), lineage.reason))
            pairs[key] = Pair("split", key, (*earlier.new, item.id), earlier.note)
    return tuple(pairs.values())


def _why_new(item: Item, version: str) -> str:
    lineage = item.lineage
    if lineage is None or lineage.relation == "new" or not lineage.sources:
        return (lineage.reason if lineage else "") or f"Not asked in {version}."
    done = "Split off from" if lineage.relation == "split" else "Made from"
    return lineage.reason or f"{done} {', '.join(lineage.sources)}, which is compared elsewhere or was not graded."


def _gone(
    old: Sequence[str], pairs: Sequence[Pair], current: Questionnaire
) -> tuple[tuple[Unpaired, ...], tuple[Unpaired, ...], tuple[Unpaired, ...]]:
    paired = {source for pair in pairs for source in pair.old}
    retired = {r.id: r for r in current.retired}
    sorted_out: dict[str, list[Unpaired]] = {"dropped": [], "folded": [], "moved": []}
    for item_id in old:
        if item_id not in paired:
            entry = retired.get(item_id) or Retired(item_id, "dropped", reason="No later question is compared with it.")
            kind = entry.relation if entry.relation in sorted_out else "dropped"
            sorted_out[kind].append(Unpaired(item_id, entry.reason, entry.into, entry.instrument))
    return tuple(sorted_out["dropped"]), tuple(sorted_out["folded"]), tuple(sorted_out["moved"])


def chain(versions: Sequence[Questionnaire], *, criteria_only: bool = True) -> LineageMap:
    """Return the map from the first version to the last, followed link by link.

    Only what was same or reworded in every link stays like-for-like.  What is
    merged twice is merged of all; what cannot be said in one relation (merged
    and then split, or changed in scope and then merged) is not compared.
    """
    if not versions:
        raise ValueError("A chain needs at least one version.")
    if len(versions) == 1:
        return _unchanged(versions[0], criteria_only)
    links = [lineage_between(old, new, criteria_only=criteria_only) for old, new in pairwise(versions)]
    whole = links[0]
    for link in links[1:]:
        whole = _joined(whole, link)
    return _as_in(whole, versions[0], versions[-1])


def _as_in(whole: LineageMap, first: Questionnaire, last: Questionnaire) -> LineageMap:
    """Return the map with its entries in the order in which the two versions have them."""
    old = {item.id: at for at, item in enumerate(first.items)}
    new = {item.id: at for at, item in enumerate(last.items)}
    dropped, folded, moved = (
        tuple(sorted(entries, key=lambda entry: old[entry.id]))
        for entries in (whole.dropped, whole.folded, whole.moved)
    )
    return replace(
        whole,
        pairs=tuple(sorted(whole.pairs, key=lambda pair: new[pair.new[0]])),
        new=tuple(sorted(whole.new, key=lambda entry: new[entry.id])),
        dropped=dropped,
        folded=folded,
        moved=moved,
    )


def _unchanged(version: Questionnaire, criteria_only: bool) -> LineageMap:
    items = version.criteria if criteria_only else version.items
    pairs = tuple(Pair("same", (i.id,), (i.id,)) for i in items)
    return LineageMap(version.version, version.version, pairs)


@dataclass(frozen=True, slots=True)
class _Knot:
    """Pairs of two links that hang together through the items of the version between them."""

    firsts: tuple[Pair, ...]
    seconds: tuple[Pair, ...]

    @property
    def old(self) -> tuple[str, ...]:
        """Return the items of the first version."""
        return tuple(dict.fromkeys(source for pair in self.firsts for source in pair.old))

    @property
    def new(self) -> tuple[str, ...]:
        """Return the items of the last version."""
        return tuple(dict.fromkeys(item for pair in self.seconds for item in pair.new))

    @property
    def note(self) -> str:
        """Return what the versions say, each sentence once."""
        return " ".join(dict.fromkeys(p.note for p in (*self.firsts, *self.seconds) if p.note))

    @property
    def is_whole(self) -> bool:
        """Tell whether both sides use the same items of the version between."""
        return {m for p in self.firsts for m in p.new} == {m for p in self.seconds for m in p.old}


def _joined(first: LineageMap, second: LineageMap) -> LineageMap:
    pairs: list[Pair] = []
    new = list(second.new)
    for knot in _knots(first, second):
        relation = _relation_over(knot)
        if relation is not None:
            pairs.append(Pair(relation, knot.old, knot.new, knot.note))
        elif knot.seconds:
            why = knot.note if not knot.firsts else _why_not_compared(knot, second.baseline)
            new += [Unpaired(item_id, why or f"Not asked in {first.baseline}.") for item_id in knot.new]
    return LineageMap(first.baseline, second.current, tuple(pairs), tuple(new), *_gone_over(first, second, pairs))


def _knots(first: LineageMap, second: LineageMap) -> list[_Knot]:
    """Return the groups of pairs that share items of the version between, each pair in one group."""
    made = {item: (0, at) for at, pair in enumerate(first.pairs) for item in pair.new}
    used = {item: (1, at) for at, pair in enumerate(second.pairs) for item in pair.old}
    beside: dict[tuple[int, int], set[tuple[int, int]]] = {node: set() for node in (*made.values(), *used.values())}
    for item in made.keys() & used.keys():
        beside[made[item]].add(used[item])
        beside[used[item]].add(made[item])
    knots = []
    while beside:
        reached, edge = set(), {next(iter(beside))}
        while edge:
            reached |= edge
            edge = {other for node in edge for other in beside.pop(node)} - reached
        firsts = tuple(first.pairs[at] for side, at in sorted(reached) if side == 0)
        knots.append(_Knot(firsts, tuple(second.pairs[at] for side, at in sorted(reached) if side == 1)))
    return knots


def _relation_over(knot: _Knot) -> Relation | None:
    """Return the one relation that holds over both links, or None where nothing can be compared."""
    if not (knot.firsts and knot.seconds and knot.is_whole):
        return None
    before = {pair.relation for pair in knot.firsts}
    after = {pair.relation for pair in knot.seconds}
    if after <= set(LIKE_FOR_LIKE) and len(knot.firsts) == 1:
        relation = knot.firsts[0].relation
        return max((relation, *after), key=CONTINUING.index) if relation in CONTINUING else relation
    if before <= set(LIKE_FOR_LIKE) and len(knot.seconds) == 1:
        return knot.seconds[0].relation
    if (before | after) <= set(CONTINUING):
        return max(before | after, key=CONTINUING.index)
    return "merged" if before <= {*LIKE_FOR_LIKE, "merged"} and after == {"merged"} else None


def _why_not_compared(knot: _Knot, between: str) -> str:
    before = " and ".join(sorted({pair.relation for pair in knot.firsts}))
    after = " and ".join(sorted({pair.relation for pair in knot.seconds}))
    ids = ", ".join(dict.fromkeys(item for pair in knot.firsts for item in pair.new))
    if not knot.is_whole:
        return f"Only part of what became {ids} in {between} can be followed, so nothing is compared."
    return f"{before.capitalize()} into {ids} in {between}, then {after}: the two ends cannot be compared."


def _gone_over(
    first: LineageMap, second: LineageMap, pairs: Sequence[Pair]
) -> tuple[tuple[Unpaired, ...], tuple[Unpaired, ...], tuple[Unpaired, ...]]:
    paired = {source for pair in pairs for source in pair.old}
    gone = {"dropped": list(first.dropped), "folded": list(first.folded), "moved": list(first.moved)}
    later = {u.id: (kind, u) for kind in gone for u in getattr(second, kind)}
    reasons = {pair: knot for knot in _knots(first, second) for pair in knot.firsts}
    for pair in first.pairs:
        fates = {later[item][0] for item in pair.new if item in later}
        kind = fates.pop() if len(fates) == 1 and all(item in later for item in pair.new) else "dropped"
        told = [later[item][1] for item in pair.new if item in later]
        why = " ".join(u.reason for u in told) or _why_not_compared(reasons[pair], second.baseline)
        into = tuple(dict.fromkeys(i for u in told for i in u.into)) if told else pair.new
        instrument = told[0].instrument if told else ""
        gone[kind] += [Unpaired(source, why, into, instrument) for source in pair.old if source not in paired]
    return tuple(gone["dropped"]), tuple(gone["folded"]), tuple(gone["moved"])
