"""Gather everything that pages and reports say about one cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.findings import Findings
from audit_engine.analysis.gathering import cycle_findings
from audit_engine.analysis.ratings import Basis
from audit_engine.definition.lineage import LineageMap
from audit_engine.reports.edition import Edition
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.compare_cycles import refuse_unknown
from audit_engine.services.cycle_ratings import cycle_ratings, organisation_links
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage import cycles, partnership


@dataclass(frozen=True, slots=True)
class _Compared:
    """A cycle's comparisons with an earlier one, and the lineage that they followed."""

    final: Comparison | None = None
    own: Comparison | None = None
    lineage: LineageMap | None = None


def find_results(
    connection: Connection,
    definitions: Definitions,
    cycle: CycleFacts,
    filters: Filters,
    cut_off: datetime,
    baseline: str | None = None,
) -> Findings:
    """Return the findings of a cycle, compared with a baseline (None: the one that the cycle names).

    ``filters`` narrow the comparison; of them only the area narrows the rest.
    Raise ``CycleRefused`` for a filter that names nothing.
    """
    refuse_unknown(connection, definitions, cycle, filters)
    now = cycle_ratings(connection, definitions, cycle, area=filters.area)
    now_self = cycle_ratings(connection, definitions, cycle, basis="self", area=filters.area)
    before = cycles.cycle_of(connection, baseline or cycle.baseline or "")
    compared = _Compared()
    if before is not None and before.opened_at is not None:
        compared = _compared(connection, definitions, before, cycle, filters)
    return cycle_findings(
        now, now_self, comparison=compared.final, comparison_self=compared.own, lineage=compared.lineage,
        sector_labels=partnership.sectors(connection), cut_off=cut_off.astimezone(LOCAL).date(),
    )  # fmt: skip


def _compared(
    connection: Connection, definitions: Definitions, before: CycleFacts, cycle: CycleFacts, filters: Filters
) -> _Compared:
    links = organisation_links(connection, before.opens_at, cycle.opens_at)
    pinned = [definitions.of_cycle(connection, c.id) for c in (before, cycle)]
    if pinned[0] is None or pinned[1] is None:
        return _Compared()
    lineage = definitions.lineage(pinned[0].questionnaire, pinned[1].questionnaire)
    if lineage is None:
        return _Compared()

    def on(basis: Basis) -> Comparison:
        then, now = (cycle_ratings(connection, definitions, c, basis=basis, area=filters.area) for c in (before, cycle))
        return compare(then, now, lineage, links, filters)

    return _Compared(on("final"), on("self"), lineage)


def edition_of(connection: Connection, instance: Instance, findings: Findings, now: datetime) -> Edition:
    """Return findings as a document or a page of this partnership, made now."""
    names = {a.id: a.name for a in partnership.areas(connection)}
    return Edition(findings, instance.name, now.astimezone(LOCAL), invented=instance.invented, area_names=names)
