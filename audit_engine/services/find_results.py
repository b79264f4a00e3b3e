"""Gather everything that pages and reports say about one cycle."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from audit_engine.analysis.change import Filters
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.findings import Findings
from audit_engine.analysis.gathering import cycle_findings
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.cycle_ratings import cycle_ratings, organisation_links
from audit_engine.services.definitions import Definitions
from audit_engine.storage import cycles, partnership


def find_results(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, area: str | None, cut_off: datetime
) -> Findings:
    """Return the findings of a cycle, compared with its baseline where it has one, for one area or all."""
    now = cycle_ratings(connection, definitions, cycle, area=area)
    now_self = cycle_ratings(connection, definitions, cycle, basis="self", area=area)
    change = change_self = lineage = None
    before = cycles.cycle_of(connection, cycle.baseline) if cycle.baseline else None
    if before is not None and before.opened_at is not None:
        then = cycle_ratings(connection, definitions, before, area=area)
        then_self = cycle_ratings(connection, definitions, before, basis="self", area=area)
        lineage = definitions.lineage(then.questionnaire, now.questionnaire)
        if lineage is not None:
            links = organisation_links(connection, before.opens_at, cycle.opens_at)
            change = compare(then, now, lineage, links, Filters(area=area))
            change_self = compare(then_self, now_self, lineage, links, Filters(area=area))
    return cycle_findings(
        now, now_self, comparison=change, comparison_self=change_self, lineage=lineage,
        sector_labels=partnership.sectors(connection), cut_off=cut_off.date(),
    )  # fmt: skip
