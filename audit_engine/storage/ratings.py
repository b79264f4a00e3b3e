"""Read the ratings of a whole cycle, fast: one row a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from audit_engine.storage.cycles import response
from audit_engine.storage.returns import rating, submission


def submitted_ratings(connection: Connection, cycle_id: str) -> Mapping[int, Mapping[str, Mapping[str, str]]]:
    """Return, by return, the ratings of the submission that stands: {area: {codes: digits, confirmed: digits}}."""
    standing = and_(submission.c.response_id == response.c.id, submission.c.number == response.c.submission_number)
    query = (
        select(response.c.id, submission.c.ratings)
        .join(submission, standing)
        .where(response.c.cycle_id == cycle_id, response.c.state == "submitted")
    )
    return {number: ratings for number, ratings in connection.execute(query)}


def panel_rows(connection: Connection, cycle_id: str, area: str | None) -> Sequence[Any]:
    """Return (return, item, area, option, chosen at random) of panels' ratings, an area's own after the general."""
    chosen = rating.c.chosen_at_random
    query = (
        select(rating.c.response_id, rating.c.item_id, rating.c.area, rating.c.value, chosen)
        .join(response, response.c.id == rating.c.response_id)
        .where(response.c.cycle_id == cycle_id, response.c.state == "submitted", rating.c.kind == "panel")
        .where(rating.c.area.in_([""] if area is None else ["", area]))
        .order_by(rating.c.area)
    )
    return connection.execute(query).all()
