"""Compare a cycle with an earlier one, from the stored answers to the finished comparison."""

from __future__ import annotations

from itertools import pairwise

from sqlalchemy import Connection

from audit_engine.analysis.chaining import ThreeCycles, three_cycles
from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.ratings import Basis, CycleRatings
from audit_engine.definition.lineage import LineageMap
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import local_text
from audit_engine.services.cycle_ratings import cycle_ratings, organisation_links
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused, cycle_named, refuse_other_questions
from audit_engine.storage import partnership


def compare_cycles(
    connection: Connection,
    definitions: Definitions,
    baseline_id: str,
    cycle_id: str,
    filters: Filters,
    basis: Basis = "final",
) -> Comparison:
    """Compare two cycles of one questionnaire; raise ``CycleRefused`` saying why they cannot be compared."""
    then, now = cycle_named(connection, baseline_id), cycle_named(connection, cycle_id)
    if then.id == now.id:
        raise CycleRefused(f"{now.title} cannot be compared with itself. Name an earlier audit first.")
    refuse_other_questions(then, now)
    if then.opens_at >= now.opens_at:
        raise CycleRefused(f"{then.title} opened on {local_text(then.opens_at)}, not before {now.title}. Swap them.")
    refuse_unknown(connection, definitions, now, filters)
    old, new = (definitions.opened(connection, cycle.id).questionnaire for cycle in (then, now))
    lineage = definitions.lineage(old, new)
    if lineage is None:
        raise CycleRefused(f"{now.title} ({new.name}) does not continue {old.name}, so there is nothing to compare.")
    return compared(connection, definitions, then, now, lineage, filters, basis)


def compared(
    connection: Connection,
    definitions: Definitions,
    then: CycleFacts,
    now: CycleFacts,
    lineage: LineageMap,
    filters: Filters,
    basis: Basis,
) -> Comparison:
    """Compare two cycles whose lineage is known; the plan's measures are judged on everybody, whatever the area."""

    def read(area: str | None) -> tuple[CycleRatings, CycleRatings]:
        before, after = (cycle_ratings(connection, definitions, c, basis=basis, area=area) for c in (then, now))
        return before, after

    before, after = read(filters.area)
    everybody = read(None) if filters.area is not None else None
    links = organisation_links(connection, then.opens_at, now.opens_at)
    return compare(before, after, lineage, links, filters, plan_ratings=everybody)


def linked_cycles(
    connection: Connection,
    definitions: Definitions,
    names: tuple[str, str, str],
    filters: Filters,
    basis: Basis = "final",
) -> ThreeCycles:
    """Compare three cycles link by link and directly, oldest first; raise ``CycleRefused`` saying why they cannot be.

    Each version must continue the one before, so that every link can be followed.
    """
    cycles = [cycle_named(connection, name) for name in names]
    versions = [definitions.opened(connection, cycle.id).questionnaire for cycle in cycles]
    for (then, old), (now, new) in pairwise(zip(cycles, versions, strict=True)):
        if then.opens_at >= now.opens_at:
            raise CycleRefused(
                f"{then.title} opened on {local_text(then.opens_at)}, not before {now.title}. Swap them."
            )
        if old.id != new.id or new.continues != old.version:
            raise CycleRefused(f"{now.title} ({new.name}) does not continue {old.name}, so the three cannot be linked.")
    refuse_unknown(connection, definitions, cycles[-1], filters)
    first, second, third = (cycle_ratings(connection, definitions, c, basis=basis, area=filters.area) for c in cycles)
    early, late = (organisation_links(connection, a.opens_at, b.opens_at) for a, b in pairwise(cycles))
    return three_cycles(first, second, third, early, filters, late_links=late)


def refuse_unknown(connection: Connection, definitions: Definitions, cycle: CycleFacts, filters: Filters) -> None:
    """Raise ``CycleRefused`` for a filter that names nothing; say what there is."""
    pinned = definitions.of_cycle(connection, cycle.id)
    if pinned is None:
        raise CycleRefused(f"{cycle.title} has not been opened yet, so it has no answers.")
    known = {
        "area": [a.id for a in partnership.areas(connection)],
        "sector": list(partnership.sectors(connection)),
        "standard": [s.id for s in pinned.questionnaire.sections],
        "tag": sorted({t for i in pinned.questionnaire.criteria for t in i.tags}),
    }
    for name, value in filters.as_json().items():
        if value is not None and value not in known[name]:
            raise CycleRefused(f"No {name} is called “{value}”. There are: {', '.join(known[name]) or 'none'}.")
