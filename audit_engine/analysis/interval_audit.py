"""How far apart are the least and the most that a hidden count can be, and what else must be hidden to part them?

The audit of methods section 10 rule 4.  Counts lie on the arcs of a net: at
every node as much comes in as goes out, because sums are published.  Whoever
knows the sums and the counts that are shown can move people only round circles
of hidden arcs, so the limits of a hidden count are a flow (exact, in whole
people; Cox 1980, Gusfield 1988) and no linear programme is needed in a page.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Node = Hashable
Key = TypeVar("Key", bound=Hashable)
#: What stands for no limit: more people than any survey has.
UNBOUNDED = 1 << 60


@dataclass(frozen=True, slots=True)
class Arc:
    """A count of people between two nodes of the net."""

    tail: Node
    head: Node
    count: int


@dataclass(frozen=True, slots=True)
class _Step(Generic[Key]):
    """One arc of a way through the net, taken along it (more people) or against it (fewer)."""

    key: Key
    along: bool


@dataclass(slots=True)
class _Flow(Generic[Key]):
    """How many people have been moved from one end of a count round to the other; ``most`` limits them."""

    key: Key
    start: Node
    end: Node
    most: int
    people: int = 0
    moved: dict[Key, int] = field(default_factory=dict)


class Net(Generic[Key]):
    """Counts, some of them hidden; hiding more never brings the limits of another closer together."""

    def __init__(self, arcs: Mapping[Key, Arc]) -> None:
        self.arcs = arcs
        self.hidden: set[Key] = set()
        self._at: dict[Node, list[Key]] = {}
        self._hidden_at: dict[Node, list[Key]] = {}
        for key, arc in arcs.items():
            for node in (arc.tail, arc.head):
                self._at.setdefault(node, []).append(key)
                self._hidden_at.setdefault(node, [])

    def hide(self, keys: Iterable[Key]) -> None:
        """Hide these counts too."""
        for key in keys:
            if key not in self.hidden:
                self.hidden.add(key)
                self._hidden_at[self.arcs[key].tail].append(key)
                self._hidden_at[self.arcs[key].head].append(key)

    def interval(self, key: Key, enough: int = UNBOUNDED) -> tuple[int, int]:
        """Return the least and the most that a count can be; no further apart than ``enough`` is looked for."""
        count = self.arcs[key].count
        if key not in self.hidden:
            return count, count
        more, fewer = self._pushed(key, enough)
        return count - fewer.people, count + more.people

    def cheapest(self, key: Key, apart: int, cost: Callable[[Key], int]) -> tuple[Key, ...]:
        """Return what is cheapest to hide as well, so that the limits of a hidden count are ``apart``.

        Where one way round cannot do it, what brings them as far apart as one can;
        empty where nothing helps, or nothing is needed.
        """
        pushed = self._pushed(key, apart)
        short = apart - sum(flow.people for flow in pushed)
        for people in range(short, 0, -1):
            ways = [self._cheapest(flow, people, cost) for flow in pushed if flow.people + people <= flow.most]
            found = [(price, len(way), [s.key for s in way]) for price, way in ways if way]
            if found:
                return tuple(k for k in min(found, key=lambda one: one[:2])[2] if k not in self.hidden)
        return ()

    def _pushed(self, key: Key, enough: int) -> tuple[_Flow[Key], _Flow[Key]]:
        """Return how a hidden count grows, and how it shrinks, by ``enough`` together if it can."""
        arc = self.arcs[key]
        more = _Flow(key, arc.head, arc.tail, UNBOUNDED)
        fewer = _Flow(key, arc.tail, arc.head, arc.count)
        self._push(more, enough)
        self._push(fewer, min(enough - more.people, arc.count))
        return more, fewer

    def _push(self, flow: _Flow[Key], enough: int) -> None:
        while flow.people < enough and (way := self._way(flow)):
            fit = min([enough - flow.people, *(self._count(s.key, flow) for s in way if not s.along)])
            for step in way:
                flow.moved[step.key] = flow.moved.get(step.key, 0) + (fit if step.along else -fit)
            flow.people += fit

    def _count(self, key: Key, flow: _Flow[Key]) -> int:
        return self.arcs[key].count + flow.moved.get(key, 0)

    def _way(self, flow: _Flow[Key]) -> list[_Step[Key]]:
        """Return the shortest way over hidden counts; [] for none."""
        came: dict[Node, tuple[Node, _Step[Key]] | None] = {flow.start: None}
        waiting = deque([flow.start])
        while waiting and flow.end not in came:
            node = waiting.popleft()
            for key in self._hidden_at[node]:
                along, other = self._beyond(key, node)
                if key != flow.key and other not in came and (along or self._count(key, flow) > 0):
                    came[other] = node, _Step(key, along)
                    waiting.append(other)
        return _steps(came, flow.end)

    def _beyond(self, key: Key, node: Node) -> tuple[bool, Node]:
        arc = self.arcs[key]
        return (True, arc.head) if arc.tail == node else (False, arc.tail)

    def _cheapest(self, flow: _Flow[Key], people: int, cost: Callable[[Key], int]) -> tuple[int, list[_Step[Key]]]:
        """Return the cheapest way on which so many people more can move, and its price; [] for none (Dijkstra 1959)."""
        prices: dict[Node, int] = {flow.start: 0}
        came: dict[Node, tuple[Node, _Step[Key]] | None] = {flow.start: None}
        waiting: list[tuple[int, int, Node]] = [(0, 0, flow.start)]
        number = 0
        while waiting:
            price, _, node = heapq.heappop(waiting)
            if node == flow.end:
                return price, _steps(came, node)
            for key in self._at[node] if price == prices[node] else ():
                along, other = self._beyond(key, node)
                dearer = price + (0 if key in self.hidden else cost(key))
                fits = key != flow.key and (along or self._count(key, flow) >= people)
                if fits and dearer < prices.get(other, UNBOUNDED):
                    prices[other], came[other] = dearer, (node, _Step(key, along))
                    number += 1
                    heapq.heappush(waiting, (dearer, number, other))
        return 0, []


def _steps(came: Mapping[Node, tuple[Node, _Step[Key]] | None], end: Node) -> list[_Step[Key]]:
    found: list[_Step[Key]] = []
    before = came.get(end)
    while before is not None:
        found.append(before[1])
        before = came[before[0]]
    return found


def part(
    net: Net[Key],
    targets: Iterable[Key],
    apart: Callable[[Key], int],
    cost: Callable[[Key], int],
    together: Callable[[Key], Iterable[Key]],
) -> tuple[Key, ...]:
    """Hide more counts, the cheapest first, until the limits of each target are as far apart as ``apart`` says.

    What comes to be hidden becomes a target too; ``together`` names what is
    hidden with a count (itself included).  Return the targets for which nothing
    helped.
    """
    waiting = deque(targets)
    seen: set[Key] = set()
    lost: list[Key] = []
    while waiting:
        key = waiting.popleft()
        if key in seen:
            continue
        seen.add(key)
        while not is_apart(net, key, apart(key)):
            # A list, not a set: what is hidden must never depend on the order in which a process keeps a set.
            more = [with_it for one in net.cheapest(key, apart(key), cost) for with_it in together(one)]
            if not more:
                lost.append(key)
                break
            net.hide(more)
            waiting.extend(more)
    return tuple(lost)


def is_apart(net: Net[Key], key: Key, apart: int) -> bool:
    """Tell whether the limits of a hidden count are so far apart."""
    least, most = net.interval(key, apart)
    return most - least >= apart
