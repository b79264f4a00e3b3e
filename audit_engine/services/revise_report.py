"""Compare the figures of an audit with those of its last issued report, and say what came in since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from audit_engine.analysis.revisions import Came, Cause, Revised, revisions_between
from audit_engine.response.cycles import CycleFacts
from audit_engine.storage import revisions

if TYPE_CHECKING:
    from audit_engine.analysis.figures import Register

Areas = Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """The last report that was issued while its audit was closed; a draft is none."""

    issued_at: datetime
    figures: Mapping[str, Mapping[str, Any]]
    came: tuple[Came, ...]

    def against(self, figures: Register) -> Revised | None:
        """Return which of these figures stand otherwise now; None where none does."""
        found = tuple(revisions_between(self.figures, figures.as_json()))
        return Revised(self.issued_at, self.came, found) if found else None


def last_frozen(connection: Connection, cycle: CycleFacts, kind: str, area: str | None) -> Frozen | None:
    """Return the last report of this kind and area that was issued, with what came in since."""
    issued = [(n, at) for n, its_area, at, cut in _issued(connection, cycle, kind) if its_area == area]
    if not issued:
        return None
    number, at = issued[0]
    kept = revisions.figures(connection, [number])[number]
    return Frozen(at, kept, tuple(_came(connection, cycle.id, at, None, area)))


def revised_reports(connection: Connection, cycle: CycleFacts, kind: str, areas: Areas) -> Mapping[int, Revised]:
    """Return, by the number of the newest issued report of each area, what it revised of the one before it."""
    newest: dict[str | None, list[tuple[int, datetime]]] = {}
    for number, area, at, _ in _issued(connection, cycle, kind):
        if areas is None or area in areas:
            newest.setdefault(area, []).append((number, at))
    pairs = {area: found[:2] for area, found in newest.items() if len(found) > 1}
    kept = revisions.figures(connection, [n for pair in pairs.values() for n, _ in pair]) if pairs else {}
    return dict(_revised(connection, cycle, pairs, kept))


def _revised(
    connection: Connection, cycle: CycleFacts, pairs: Mapping[str | None, Sequence[tuple[int, datetime]]],
    kept: Mapping[int, Mapping[str, Mapping[str, Any]]],
) -> Iterator[tuple[int, Revised]]:  # fmt: skip
    for area, ((number, at), (before, then)) in pairs.items():
        found = tuple(revisions_between(kept[before], kept[number].values()))
        if found:
            yield number, Revised(then, tuple(_came(connection, cycle.id, then, at, area)), found)


def _issued(
    connection: Connection, cycle: CycleFacts, kind: str
) -> Sequence[tuple[int, str | None, datetime, datetime]]:
    """Return the reports that were made while the audit was closed, the newest first."""
    made = revisions.made(connection, kind, cycle.id)
    if not made:
        return ()
    turns = list(revisions.turns(connection, cycle.id))
    if not turns and cycle.closed_at is not None:
        turns = [(cycle.closed_at, True)]
    return [one for one in made if _was_closed(turns, one[3])]


def _was_closed(turns: Sequence[tuple[datetime, bool]], at: datetime) -> bool:
    before = [closed for turned_at, closed in turns if turned_at <= at]
    return bool(before) and before[-1]


def _came(
    connection: Connection, cycle_id: str, since: datetime, until: datetime | None, area: str | None
) -> Iterator[Came]:
    """Yield what came in, as far as it bears on this area."""
    submitted = revisions.submitted_since(connection, cycle_id, since)
    arrivals: tuple[tuple[Cause, Sequence[revisions.Arrival]], ...] = (
        ("late", [a for a in submitted if a.number == 1]),
        ("amended", [a for a in submitted if a.number > 1]),
        ("reopened", revisions.reopened_since(connection, cycle_id, since)),
        ("panel", revisions.rated_since(connection, cycle_id, since)),
    )
    for cause, found in arrivals:
        for one in found:
            if (area is None or area in one.areas) and (until is None or one.at <= until):
                yield Came(cause, one.organisation, one.at, one.number if cause == "panel" else 1)
