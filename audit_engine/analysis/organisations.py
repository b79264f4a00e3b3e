"""Which organisation of one audit is which organisation of the other?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit_engine.analysis.change import OrganisationKind
from audit_engine.analysis.ratings import CycleRatings, OrganisationFacts, OrganisationLink

_SAME = frozenset({"same", "renamed"})
_BREAKING: Mapping[str, OrganisationKind] = {
    "merged": "merged",
    "split": "split",
    "boundary-change": "boundary-change",
}


@dataclass(frozen=True, slots=True)
class Break:
    """Why an organisation isn't matched: what happened, and the other organisations' names.

    ``rows`` are those of its predecessors in the earlier table, itself included where it
    took others in; empty for an organisation that left.
    """

    kind: OrganisationKind
    others: tuple[str, ...]
    note: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matching:
    """The rows of both tables, sorted out.

    ``continuing`` pairs (row then, row now) of organisations in scope both times,
    returned or not.  ``left`` and ``joined`` are rows without a counterpart, each
    with the break that explains it, or None.
    """

    continuing: tuple[tuple[int, int], ...]
    left: tuple[tuple[int, Break | None], ...]
    joined: tuple[tuple[int, Break | None], ...]


@dataclass(frozen=True)
class _Scope:
    """Ids of both audits; ``chains`` gives, for each id that a baseline organisation ever had, its id then."""

    then: Mapping[str, int]
    now: Mapping[str, int]
    next_id: Mapping[str, str]
    chains: Mapping[str, str]

    def today(self, organisation: str) -> str:
        """Return the id under which an organisation would be found in the current audit."""
        return _chain(organisation, self.now, self.next_id)[-1]


def match_organisations(baseline: CycleRatings, current: CycleRatings, links: Sequence[OrganisationLink]) -> Matching:
    """Match the organisations of two audits.

    Renamed organisations are the same.  Where organisations merged, split or
    changed their boundaries, predecessors leave and successors join, even if one
    keeps its id.  Mergers and splits count only where the tables show that they
    took effect between the audits; boundary changes always count, so pass only
    those of the period.
    """
    scope = _scope(baseline, current, links)
    broken_then, broken_now = _breaks(baseline, current, links, scope)
    partners = {old: new for old, new in _partners(scope).items() if old not in broken_then and new not in broken_now}
    return Matching(
        tuple((scope.then[old], scope.now[new]) for old, new in partners.items()),
        tuple(_unmatched(scope.then, partners, broken_then)),
        tuple(_unmatched(scope.now, frozenset(partners.values()), broken_now)),
    )


def narrowed(
    matching: Matching, baseline: CycleRatings, current: CycleRatings, kept: Callable[[OrganisationFacts], bool]
) -> Matching:
    """Return the matching with only some organisations; those in scope both times are judged by their facts now."""
    return Matching(
        tuple((then, now) for then, now in matching.continuing if kept(current.organisations[now])),
        tuple((row, why) for row, why in matching.left if kept(baseline.organisations[row])),
        tuple((row, why) for row, why in matching.joined if kept(current.organisations[row])),
    )


def _unmatched(
    places: Mapping[str, int], matched: Container[str], broken: Mapping[str, Break]
) -> Iterator[tuple[int, Break | None]]:
    for organisation, row in places.items():
        if organisation not in matched:
            yield row, broken.get(organisation)


def _scope(baseline: CycleRatings, current: CycleRatings, links: Sequence[OrganisationLink]) -> _Scope:
    then = {organisation.id: row for row, organisation in enumerate(baseline.organisations)}
    now = {organisation.id: row for row, organisation in enumerate(current.organisations)}
    next_id = {
        link.predecessor: link.successor
        for link in links
        if link.relation in _SAME and link.predecessor and link.successor
    }
    chains = {name: first for first in then for name in _chain(first, now, next_id)}
    chains.update({name: name for name in then})  # an id that did not change outranks a renamed one
    return _Scope(then, now, next_id, chains)


def _chain(first: str, now: Mapping[str, int], next_id: Mapping[str, str]) -> list[str]:
    """Return the ids an organisation had, from the given one to the one that the current audit knows."""
    chain = [first]
    while chain[-1] not in now and next_id.get(chain[-1], first) not in chain:
        chain.append(next_id[chain[-1]])
    return chain


def _partners(scope: _Scope) -> dict[str, str]:
    """Return each baseline organisation's id now; an id that did not change outranks a renamed one."""
    partners = {old: old for old in scope.then if old in scope.now}
    taken = set(partners)
    for old in scope.then:
        today = scope.today(old)
        if old not in partners and today in scope.now and today not in taken:
            partners[old] = today
            taken.add(today)
    return partners


def _breaks(
    baseline: CycleRatings, current: CycleRatings, links: Sequence[OrganisationLink], scope: _Scope
) -> tuple[dict[str, Break], dict[str, Break]]:
    """Return what broke organisations then, and now, by their ids."""
    events_then: dict[str, list[tuple[OrganisationLink, str]]] = defaultdict(list)
    events_now: dict[str, list[tuple[OrganisationLink, str]]] = defaultdict(list)
    rows: dict[str, list[int]] = defaultdict(list)
    for link, old, new in _in_effect(links, scope):
        old_name = baseline.organisations[scope.then[old]].name
        new_name = current.organisations[scope.now[new]].name
        events_then[old].append((link, new_name))
        events_now[new].append((link, old_name))
        rows[new].append(scope.then[old])
        if new in scope.chains:  # an absorbing organisation is not what it was
            events_then[scope.chains[new]].append((link, new_name))
            rows[new].append(scope.then[scope.chains[new]])
        if scope.today(old) in scope.now:  # nor is one that another was split from
            events_now[scope.today(old)].append((link, old_name))
    return (
        {organisation: _break(events) for organisation, events in events_then.items()},
        {organisation: _break(events, rows[organisation]) for organisation, events in events_now.items()},
    )


def _in_effect(links: Sequence[OrganisationLink], scope: _Scope) -> Iterator[tuple[OrganisationLink, str, str]]:
    """Yield (link, id then, id now) of the mergers, splits and boundary changes between the audits."""
    for link in links:
        old = scope.chains.get(link.predecessor or "")
        new = scope.today(link.successor or "")
        if link.relation not in _BREAKING or old is None or new not in scope.now:
            continue
        both_stand = scope.today(old) in scope.now and new in scope.chains
        if link.relation == "boundary-change" or not both_stand:
            yield link, old, new


def _break(events: Sequence[tuple[OrganisationLink, str]], rows: Sequence[int] = ()) -> Break:
    others = tuple(dict.fromkeys(name for _, name in events))
    first, _ = events[0]
    return Break(_BREAKING[first.relation], others, first.note, tuple(dict.fromkeys(rows)))
