"""Read and write cards of promising practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from audit_engine.storage.themes_models import practice_card as card


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card; ``against`` says what speaks against it, ``evidence`` None where no grade counts."""

    id: int
    cycle: str
    organisation: str
    item: str
    title: str
    what: str
    who_for: str
    problem: str
    outcome: str
    effort: str
    adapt: str
    contact: str
    state: str
    evidence: int | None
    staff: str
    against: str
    checked_at: datetime | None
    consent_by: str
    consent_on: date | None
    consent_names: bool
    agreed_at: datetime | None


def cards(connection: Connection, cycle_id: str) -> tuple[CardRow, ...]:
    """Return the cards of a cycle by title."""
    rows = connection.execute(select(card).where(card.c.cycle_id == cycle_id).order_by(card.c.title, card.c.id))
    return tuple(map(_card, rows))


def _card(row: Row[Any]) -> CardRow:
    return CardRow(
        row.id, row.cycle_id, row.organisation_id, row.item_id, row.title, row.what, row.who_for, row.problem,
        row.outcome, row.effort, row.adapt, row.contact, row.state, row.evidence, row.staff, row.against,
        row.checked_at, row.consent_by, row.consent_on, row.consent_names, row.agreed_at,
    )  # fmt: skip


def add_card(connection: Connection, **values: Any) -> int:
    """Add a card and return its number."""
    return int(connection.execute(insert(card).values(**values).returning(card.c.id)).scalar_one())


def change_card(connection: Connection, card_id: int, **values: Any) -> None:
    """Set columns of one card."""
    connection.execute(update(card).where(card.c.id == card_id).values(**values))
