"""Read what organisations said they will do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from audit_engine.storage import models
from audit_engine.storage.cycles import response
from audit_engine.storage.partnership import organisation

action = models.action


def submitted_actions(connection: Connection, cycle_id: str) -> Sequence[Any]:
    """Return the actions of a cycle's submitted returns, the earliest due first; those taken out are left out."""
    query = (
        select(
            action.c.id, action.c.item_id, action.c.repeat, action.c.area, action.c.origin, action.c.what, action.c.who,
            action.c.due, action.c.how_known, action.c.status, response.c.id.label("return_id"), response.c.areas,
            organisation.c.id.label("organisation_id"), organisation.c.name.label("organisation_name"),
            organisation.c.sector_id,
        )
        .join(response, response.c.id == action.c.response_id)
        .join(organisation, organisation.c.id == response.c.organisation_id)
        .where(response.c.cycle_id == cycle_id, response.c.state == "submitted", action.c.status != "withdrawn")
        .order_by(action.c.due, organisation.c.name, action.c.item_id, action.c.area)
    )  # fmt: skip
    return connection.execute(query).all()
