"""In which order can things be worked out that rest on one another, and which go round in a circle?"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping

Needs = Mapping[str, Collection[str]]


def in_order(needs: Needs) -> tuple[str, ...]:
    """Return the names, each after those it needs; names in or behind a circle are left out."""
    open_needs = {name: {n for n in needed if n in needs} for name, needed in needs.items()}
    wanted_by: dict[str, list[str]] = {}
    for name, needed in open_needs.items():
        for one in needed:
            wanted_by.setdefault(one, []).append(name)
    ready = deque(name for name, needed in open_needs.items() if not needed)
    order: list[str] = []
    while ready:
        name = ready.popleft()
        order.append(name)
        for waiting in wanted_by.get(name, ()):
            open_needs[waiting].discard(name)
            if not open_needs[waiting]:
                ready.append(waiting)
    return tuple(order)


def circles(needs: Needs) -> tuple[tuple[str, ...], ...]:
    """Return each circle once, as the names along it, the first one not repeated at the end."""
    stuck = set(needs) - set(in_order(needs))
    found: dict[frozenset[str], tuple[str, ...]] = {}
    visited: set[str] = set()
    for start in (name for name in needs if name in stuck):
        trail: dict[str, int] = {}
        here = start
        while here not in trail and here not in visited:
            trail[here] = len(trail)
            here = next(name for name in needs[here] if name in stuck)
        if here in trail:
            circle = tuple(trail)[trail[here] :]
            found.setdefault(frozenset(circle), circle)
        visited.update(trail)
    return tuple(found.values())
