"""Compare a cycle with an earlier one, from the stored answers to the finished comparison."""

from __future__ import annotations

from sqlalchemy import Connection

from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.ratings import Basis
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import local_text
from audit_engine.services.cycle_ratings import cycle_ratings, organisation_links
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused, cycle_named
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
    if then.opens_at >= now.opens_at:
        raise CycleRefused(f"{then.title} opened on {local_text(then.opens_at)}, not before {now.title}. Swap them.")
    refuse_unknown(connection, definitions, now, filters)
    before = cycle_ratings(connection, definitions, then, basis=basis, area=filters.area)
    after = cycle_ratings(connection, definitions, now, basis=basis, area=filters.area)
    lineage = definitions.lineage(before.questionnaire, after.questionnaire)
    if lineage is None:
        raise CycleRefused(
            f"{now.title} ({after.questionnaire.name}) does not continue {before.questionnaire.name}, "
            "so there is nothing to compare."
        )
    links = organisation_links(connection, then.opens_at, now.opens_at)
    return compare(before, after, lineage, links, filters)


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
