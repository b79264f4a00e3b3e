"""Read and write the plan's typed figures, and what was done between waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from audit_engine.storage import models
from audit_engine.storage.dashboard_models import annotation, plan_figure

person = models.person


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that was done; ``questionnaire`` is the family of cycles that it may bear on."""

    id: int
    questionnaire: str
    happened_on: date
    text: str
    made_by: str
    made_at: datetime


def figures(connection: Connection, plan_id: str, outcome_id: str | None = None) -> Sequence[Any]:
    """Return every figure ever typed for a plan, or one outcome of it, as it was typed, with the names of people."""
    maker, taker = person.alias("maker"), person.alias("taker")
    query = (
        select(plan_figure, maker.c.name.label("maker"), taker.c.name.label("taker"))
        .outerjoin(maker, maker.c.id == plan_figure.c.made_by)
        .outerjoin(taker, taker.c.id == plan_figure.c.withdrawn_by)
        .where(plan_figure.c.plan_id == plan_id)
        .order_by(plan_figure.c.as_at, plan_figure.c.id)
    )
    if outcome_id is not None:
        query = query.where(plan_figure.c.outcome_id == outcome_id)
    return connection.execute(query).all()


def figure_of(connection: Connection, number: int) -> Row[Any] | None:
    """Return one figure, or None."""
    return connection.execute(select(plan_figure).where(plan_figure.c.id == number)).one_or_none()


def add_figure(connection: Connection, **values: Any) -> int:
    """Write down a figure and return its number."""
    return int(connection.execute(insert(plan_figure).values(**values).returning(plan_figure.c.id)).scalar_one())


def withdraw_figure(connection: Connection, number: int, reason: str, by: int, now: datetime) -> None:
    """Take a figure out of use; it is kept."""
    mine = plan_figure.c.id == number
    values = {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_because": reason}
    connection.execute(update(plan_figure).where(mine, plan_figure.c.withdrawn_at.is_(None)).values(**values))


def _event(row: Row[Any]) -> EventRow:
    return EventRow(row.id, row.questionnaire, row.happened_on, row.text, row.name or "", row.made_at)


def events(connection: Connection, questionnaire: str | None = None) -> tuple[EventRow, ...]:
    """Return what was done, the earliest first, of one family of cycles or of all."""
    query = (
        select(annotation, person.c.name)
        .outerjoin(person, person.c.id == annotation.c.made_by)
        .order_by(annotation.c.happened_on, annotation.c.id)
    )
    if questionnaire is not None:
        query = query.where(annotation.c.questionnaire == questionnaire)
    return tuple(_event(row) for row in connection.execute(query))


def event_of(connection: Connection, number: int) -> EventRow | None:
    """Return one event, or None."""
    query = select(annotation, person.c.name).outerjoin(person, person.c.id == annotation.c.made_by)
    row = connection.execute(query.where(annotation.c.id == number)).one_or_none()
    return _event(row) if row else None


def add_event(connection: Connection, questionnaire: str, day: date, text: str, by: int | None, now: datetime) -> int:
    """Write down an event and return its number."""
    values = {"questionnaire": questionnaire, "happened_on": day, "text": text, "made_by": by, "made_at": now}
    return int(connection.execute(insert(annotation).values(**values).returning(annotation.c.id)).scalar_one())


def drop_event(connection: Connection, number: int) -> None:
    """Take an event out; the trail keeps what it said."""
    connection.execute(delete(annotation).where(annotation.c.id == number))
