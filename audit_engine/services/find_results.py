"""Gather everything that pages and reports say about one cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.findings import Findings
from audit_engine.analysis.gathering import cycle_findings
from audit_engine.analysis.ratings import Basis
from audit_engine.definition.lineage import LineageMap
from audit_engine.reports.edition import Edition
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.compare_cycles import compared, refuse_unknown
from audit_engine.services.cycle_ratings import cycle_ratings
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
    change = _Compared()
    if before is not None and before.opened_at is not None:
        change = _compared(connection, definitions, before, cycle, filters)
    return cycle_findings(
        now, now_self, comparison=change.final, comparison_self=change.own, lineage=change.lineage,
        sector_labels=partnership.sectors(connection), cut_off=cut_off.astimezone(LOCAL).date(),
    )  # fmt: skip


def _compared(
    connection: Connection, definitions: Definitions, before: CycleFacts, cycle: CycleFacts, filters: Filters
) -> _Compared:
    old, new = (definitions.opened(connection, c.id).questionnaire for c in (before, cycle))
    lineage = definitions.lineage(old, new)
    if lineage is None:
        return _Compared()

    def on(basis: Basis) -> Comparison:
        return compared(connection, definitions, before, cycle, lineage, filters, basis)

    return _Compared(on("final"), on("self"), lineage)


def edition_of(connection: Connection, instance: Instance, findings: Findings, now: datetime) -> Edition:
    """Return findings as a document or a page of this partnership, made now."""
    names = {a.id: a.name for a in partnership.areas(connection)}
    return Edition(findings, instance.name, now.astimezone(LOCAL), invented=instance.invented, area_names=names)
