"""Read and write areas, sectors, organisations and how organisations came from one another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from audit_engine.storage import models
from audit_engine.storage.statements import insert_into as insert_into
from audit_engine.storage.statements import upsert as upsert

area, sector, organisation = models.area, models.sector, models.organisation
organisation_area = models.organisation_area
lineage = models.organisation_lineage


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area, its local text (LADO, escalation, front door), and what there is to know of the list of its bodies."""

    id: str
    name: str
    local_text: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation with the areas it works in."""

    id: str
    name: str
    sector: str
    areas: tuple[str, ...]
    facts: Mapping[str, Any]
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    opened: date | None = None
    closed: date | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class LineageRow:
    """How one organisation became another; one side may be None."""

    predecessor: str | None
    successor: str | None
    relation: str
    effective: date
    note: str = ""


def areas(connection: Connection) -> tuple[AreaRow, ...]:
    """Return the areas in the partnership's order."""
    rows = connection.execute(select(area).order_by(area.c.position))
    return tuple(_area(r) for r in rows)


def _area(row: Row[Any]) -> AreaRow:
    # The note stands among the local texts, under a name that no local text may have.
    texts = {name: text for name, text in row.local_text.items() if name != _NOTE}
    return AreaRow(row.id, row.name, texts, row.local_text.get(_NOTE, ""))


_NOTE = ""


def sectors(connection: Connection) -> Mapping[str, str]:
    """Return sector labels by id, in order."""
    return {r.id: r.label for r in connection.execute(select(sector).order_by(sector.c.position))}


def organisations(connection: Connection) -> tuple[OrganisationRow, ...]:
    """Return every organisation, by name."""
    places: dict[str, list[str]] = {}
    for row in connection.execute(select(organisation_area).order_by(organisation_area.c.area_id)):
        places.setdefault(row.organisation_id, []).append(row.area_id)
    rows = connection.execute(select(organisation).order_by(organisation.c.name))
    return tuple(_organisation(r, tuple(places.get(r.id, ()))) for r in rows)


def _organisation(row: Row[Any], areas: tuple[str, ...]) -> OrganisationRow:
    return OrganisationRow(
        row.id, row.name, row.sector_id, areas, row.facts, row.parent_id,
        tuple(row.aliases), row.opened, row.closed, row.edited_at is not None,
    )  # fmt: skip


def organisation_of(connection: Connection, organisation_id: str) -> OrganisationRow | None:
    """Return one organisation, or None."""
    row = connection.execute(select(organisation).where(organisation.c.id == organisation_id)).one_or_none()
    if row is None:
        return None
    query = select(organisation_area.c.area_id).where(organisation_area.c.organisation_id == organisation_id)
    places = tuple(connection.execute(query.order_by(organisation_area.c.area_id)).scalars())
    return _organisation(row, places)


def areas_of(connection: Connection, organisations: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return, by organisation, the areas in which it works; one that works in none is left out."""
    query = select(organisation_area).where(organisation_area.c.organisation_id.in_(list(organisations)))
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(query.order_by(organisation_area.c.area_id)):
        found[row.organisation_id] = (*found.get(row.organisation_id, ()), row.area_id)
    return found


def organisation_lineage(connection: Connection) -> tuple[LineageRow, ...]:
    """Return how organisations became one another, by date."""
    rows = connection.execute(select(lineage).order_by(lineage.c.effective, lineage.c.id))
    return tuple(LineageRow(r.predecessor_id, r.successor_id, r.relation, r.effective, r.note) for r in rows)


def keep_areas(connection: Connection, rows: Sequence[AreaRow]) -> None:
    """Store areas by id, in the order given."""
    values = [
        {
            "id": a.id,
            "name": a.name,
            "local_text": {**a.local_text, **({_NOTE: a.note} if a.note else {})},
            "position": i,
        }
        for i, a in enumerate(rows)
    ]
    upsert(connection, area, values, ["id"])


def keep_sectors(connection: Connection, labels: Mapping[str, str]) -> None:
    """Store sectors by id, in the order given."""
    values = [{"id": k, "label": v, "position": i} for i, (k, v) in enumerate(labels.items())]
    upsert(connection, sector, values, ["id"])


def keep_organisations(connection: Connection, rows: Sequence[OrganisationRow]) -> None:
    """Store organisations by id, with their areas."""
    values = [
        {
            "id": o.id, "name": o.name, "sector_id": o.sector, "parent_id": o.parent, "aliases": list(o.aliases),
            "facts": dict(o.facts), "opened": o.opened, "closed": o.closed,
        }
        for o in rows
    ]  # fmt: skip
    for start in range(0, len(values), 500):
        upsert(connection, organisation, values[start : start + 500], ["id"])
    ids = [o.id for o in rows]
    for start in range(0, len(ids), 500):
        connection.execute(
            delete(organisation_area).where(organisation_area.c.organisation_id.in_(ids[start : start + 500]))
        )
    places = [{"organisation_id": o.id, "area_id": a} for o in rows for a in o.areas]
    if places:
        connection.execute(insert(organisation_area), places)


def keep_lineage(connection: Connection, rows: Sequence[LineageRow]) -> None:
    """Store lineage lines that are not there yet."""
    known = {(r.predecessor, r.successor, r.relation) for r in organisation_lineage(connection)}
    new = [r for r in rows if (r.predecessor, r.successor, r.relation) not in known]
    if new:
        connection.execute(
            insert(lineage),
            [
                {
                    "predecessor_id": r.predecessor, "successor_id": r.successor, "relation": r.relation,
                    "effective": r.effective, "note": r.note,
                }
                for r in new
            ],
        )  # fmt: skip
