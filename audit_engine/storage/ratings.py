"""Read the ratings of a whole cycle, fast: one row an answer, no objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

# Area answers come last, so that they win where somebody reads an area's own figures.
_SELF = """
SELECT answer.response_id, answer.item_id, answer.area, answer.value, answer.confirmed_on
FROM response JOIN answer ON answer.response_id = response.id
WHERE response.cycle_id = :cycle AND response.state = 'submitted' AND answer.state <> 'unanswered'
  AND answer.area IN :areas
"""
_PANEL = """
SELECT rating.response_id, rating.item_id, rating.area, rating.value
FROM response JOIN rating ON rating.response_id = response.id
WHERE response.cycle_id = :cycle AND response.state = 'submitted' AND rating.kind = 'panel'
  AND rating.area IN :areas
ORDER BY rating.area
"""


def self_rows(connection: Connection, cycle_id: str, area: str | None) -> Sequence[Any]:
    """Return (return, item, area, value as JSON text, confirmed on) of submitted returns, unanswered left out."""
    return _rows(connection, _SELF, cycle_id, area)


def panel_rows(connection: Connection, cycle_id: str, area: str | None) -> Sequence[Any]:
    """Return (return, item, area, option) of the panels' ratings."""
    return _rows(connection, _PANEL, cycle_id, area)


def _rows(connection: Connection, query: str, cycle_id: str, area: str | None) -> Sequence[Any]:
    statement = text(query).bindparams(bindparam("areas", expanding=True))
    areas = [""] if area is None else ["", area]
    return connection.execute(statement, {"cycle": cycle_id, "areas": areas}).fetchall()
