"""Who has returned an audit, who has not, and whom to write to about it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from audit_engine.response.completeness import Progress
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.follow_progress import progress_of_cycle
from audit_engine.storage import mailings, partnership, people

Standing = Literal["not-started", "started", "submitted"]
STANDINGS: tuple[Standing, ...] = ("submitted", "started", "not-started")
_ORDER = {"not-started": 0, "started": 1, "submitted": 2}


@dataclass(frozen=True, slots=True)
class Followed:
    """One organisation's return; ``days_left`` is below nothing once its closing day is past.

    ``contacts`` are (name or '', e-mail address) of those who can be written to.
    """

    facts: ReturnFacts
    sector: str
    progress: Progress
    days_left: int
    overdue: bool
    contacts: tuple[tuple[str, str], ...] = ()

    @property
    def standing(self) -> Standing:
        """Return how far it is; one that was opened again for changes counts as started."""
        return "started" if self.facts.state == "reopened" else self.facts.state

    @property
    def late(self) -> bool:
        """Tell whether it came after its closing time."""
        return self.facts.state == "submitted" and self.facts.late

    @property
    def last_activity(self) -> datetime | None:
        """Return when somebody of the organisation last did something; None for never."""
        return self.facts.saved_at or self.facts.started_at


@dataclass(frozen=True, slots=True)
class SectorReturns:
    """The returns of one sector, or of all (``label`` says so)."""

    label: str
    rows: tuple[Followed, ...]

    def counted(self, standing: Standing) -> int:
        """Return how many are that far."""
        return sum(row.standing == standing for row in self.rows)

    @property
    def late(self) -> int:
        """Return how many were submitted after their closing time."""
        return sum(row.late for row in self.rows)

    @property
    def overdue(self) -> int:
        """Return how many should have been submitted and are not."""
        return sum(row.overdue for row in self.rows)


@dataclass(frozen=True, slots=True)
class Returns:
    """The returns of an audit; ``chased`` are those not submitted, the farthest behind first."""

    cycle: CycleFacts
    whole: SectorReturns
    sectors: tuple[SectorReturns, ...]
    days_left: int

    @property
    def chased(self) -> tuple[Followed, ...]:
        """Return whom to chase: who has not started first, then who has done nothing for longest."""
        behind = (row for row in self.whole.rows if row.standing != "submitted")
        return tuple(sorted(behind, key=lambda row: (_ORDER[row.standing], _instant(row), row.facts.organisation_name)))


def _instant(row: Followed) -> float:
    return row.last_activity.timestamp() if row.last_activity else 0.0


def follow_returns(
    connection: Connection,
    definitions: Definitions,
    cycle: CycleFacts,
    now: datetime,
    areas: Sequence[str] | None,
    *,
    sector: str = "",
    with_contacts: bool = False,
) -> Returns:
    """Return the returns of organisations in these areas (None: in any), as many statements whatever the size."""
    labels = partnership.sectors(connection)
    known = _contacts(connection) if with_contacts else {}
    rows = [
        _followed(facts, progress, labels, now, known)
        for facts, progress in progress_of_cycle(connection, definitions, cycle)
        if (areas is None or set(areas) & set(facts.areas)) and sector in ("", facts.sector)
    ]
    by_sector = {label: tuple(r for r in rows if r.facts.sector == s) for s, label in labels.items()}
    return Returns(
        cycle,
        SectorReturns("All kinds", tuple(rows)),
        tuple(SectorReturns(label, found) for label, found in by_sector.items() if found),
        days_between(now, cycle.closes_at),
    )


def _followed(
    facts: ReturnFacts, progress: Progress, labels: Mapping[str, str], now: datetime,
    contacts: Mapping[str, tuple[tuple[str, str], ...]],
) -> Followed:  # fmt: skip
    overdue = facts.state != "submitted" and facts.closes_at < now
    return Followed(
        facts, labels.get(facts.sector, facts.sector), progress, days_between(now, facts.closes_at), overdue,
        contacts.get(facts.organisation, ()),
    )  # fmt: skip


def _contacts(connection: Connection) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return who can be written to: those who lead the audit, and where nobody does, those who pass links on."""
    written = {o: tuple(("", address) for address in every) for o, every in mailings.contacts(connection).items()}
    return {**written, **people.leads(connection)}


def days_between(now: datetime, then: datetime) -> int:
    """Return how many days there are from one moment to another, by the calendar here."""
    return (then.astimezone(LOCAL).date() - now.astimezone(LOCAL).date()).days
