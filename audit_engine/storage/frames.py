"""Read and write to which sector each organisation belonged when the results of a survey were first seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from audit_engine.storage.anonymous_models import survey_turnout as turnout
from audit_engine.storage.frames_models import survey_sector as frame
from audit_engine.storage.models import organisation
from audit_engine.storage.statements import insert_into


def keep_sectors(connection: Connection, cycle_id: str) -> None:
    """Write down the sectors of the organisations that replied; what was written before stays."""
    query = select(organisation.c.id, organisation.c.sector_id).join(
        turnout, turnout.c.organisation_id == organisation.c.id
    )
    rows = [
        {"cycle_id": cycle_id, "organisation_id": id_, "sector_id": sector}
        for id_, sector in connection.execute(query.where(turnout.c.cycle_id == cycle_id).order_by(organisation.c.id))
    ]
    if rows:
        statement = insert_into(connection, frame).on_conflict_do_nothing(
            index_elements=["cycle_id", "organisation_id"]
        )
        connection.execute(statement, rows)


def sectors_then(connection: Connection, cycle_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return, by survey, the sector of each organisation that replied."""
    found: dict[str, dict[str, str]] = {cycle_id: {} for cycle_id in cycle_ids}
    for row in connection.execute(select(frame).where(frame.c.cycle_id.in_(sorted(cycle_ids)))):
        found[row.cycle_id][row.organisation_id] = row.sector_id
    return found
