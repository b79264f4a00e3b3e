"""Read and write what an audit is set beside: its surveys, grades of evidence, and packs for panels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from audit_engine.response.cycles import CycleFacts
from audit_engine.storage.beside_models import cycle_survey, panel_pack
from audit_engine.storage.cycles import cycle, facts_of, response
from audit_engine.storage.partnership import organisation
from audit_engine.storage.returns import rating


@dataclass(frozen=True, slots=True)
class PackRow:
    """When a pack was given to the panel, and to the organisation (None: not yet)."""

    released_at: datetime
    shared_at: datetime | None = None


def surveys_beside(connection: Connection, cycle_id: str) -> tuple[CycleFacts, ...]:
    """Return the surveys that are read beside an audit, the newest first."""
    query = select(cycle).join(cycle_survey, cycle_survey.c.survey_id == cycle.c.id)
    rows = connection.execute(query.where(cycle_survey.c.cycle_id == cycle_id).order_by(cycle.c.opens_at.desc()))
    return tuple(facts_of(row) for row in rows)


def survey_ids(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """Return the surveys of every audit by id."""
    found: dict[str, tuple[str, ...]] = {}
    for audit, survey in connection.execute(select(cycle_survey).order_by(*cycle_survey.c)):
        found[audit] = (*found.get(audit, ()), survey)
    return found


def keep_surveys(connection: Connection, cycle_id: str, surveys: Sequence[str]) -> None:
    """Name the surveys that are read beside an audit, in place of those named before."""
    connection.execute(delete(cycle_survey).where(cycle_survey.c.cycle_id == cycle_id))
    if surveys:
        connection.execute(insert(cycle_survey), [{"cycle_id": cycle_id, "survey_id": one} for one in surveys])


def sectors_of_organisations(connection: Connection) -> Mapping[str, str]:
    """Return every organisation's sector by its id."""
    return {o: sector for o, sector in connection.execute(select(organisation.c.id, organisation.c.sector_id))}


def return_ids(connection: Connection, cycle_id: str) -> Mapping[str, int]:
    """Return the number of each organisation's return in a cycle."""
    query = select(response.c.organisation_id, response.c.id).where(response.c.cycle_id == cycle_id)
    return {organisation_id: number for organisation_id, number in connection.execute(query)}


def evidence_rows(connection: Connection, cycle_id: str, area: str | None) -> Sequence[Any]:
    """Return (organisation, item, grade, moment) of graded evidence, an area's own after the general ones."""
    query = (
        select(response.c.organisation_id, rating.c.item_id, rating.c.value, rating.c.rated_at)
        .join(response, response.c.id == rating.c.response_id)
        .where(response.c.cycle_id == cycle_id, response.c.state == "submitted", rating.c.kind == "evidence")
        .where(rating.c.area.in_([""] if area is None else ["", area]))
        .order_by(rating.c.area, rating.c.rated_at)
    )
    return connection.execute(query).all()


def pack_of(connection: Connection, return_id: int) -> PackRow | None:
    """Return when the pack on a return was given out, or None where it was not."""
    row = connection.execute(select(panel_pack).where(panel_pack.c.response_id == return_id)).one_or_none()
    return PackRow(row.released_at, row.shared_at) if row else None


def packs_of(connection: Connection, return_ids: Collection[int]) -> Mapping[int, PackRow]:
    """Return when the packs on these returns were given out, by return; those that were not are left out."""
    rows = connection.execute(select(panel_pack).where(panel_pack.c.response_id.in_(list(return_ids))))
    return {row.response_id: PackRow(row.released_at, row.shared_at) for row in rows}


def kept_back(connection: Connection, organisations: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return (survey, organisation) where the survey stands beside an audit whose pack the organisation has not had.

    Once the next audit has opened, the survey is theirs in any case.
    """
    later = cycle.alias("later")
    followed = select(later.c.id).where(later.c.baseline_id == cycle_survey.c.cycle_id, later.c.opened_at.is_not(None))
    query = (
        select(cycle_survey.c.survey_id, response.c.organisation_id)
        .join(response, response.c.cycle_id == cycle_survey.c.cycle_id)
        .outerjoin(panel_pack, panel_pack.c.response_id == response.c.id)
        .where(response.c.organisation_id.in_(list(organisations)), panel_pack.c.shared_at.is_(None))
        .where(~followed.exists())
    )
    return frozenset((survey, organisation) for survey, organisation in connection.execute(query))


def release_pack(connection: Connection, return_id: int, by: int, now: datetime) -> None:
    """Give a pack to its panel."""
    values = {"response_id": return_id, "released_at": now, "released_by": by}
    connection.execute(insert(panel_pack).values(values))


def share_pack(connection: Connection, return_id: int, by: int, now: datetime) -> None:
    """Give the organisation the pack that its panel has had."""
    mine = panel_pack.c.response_id == return_id
    connection.execute(update(panel_pack).where(mine).values(shared_at=now, shared_by=by))
