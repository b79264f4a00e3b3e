"""What is a cycle, when may answers come in, and what is one organisation's return in it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

CycleState = Literal["planned", "open", "closed"]
ReturnState = Literal["not-started", "started", "submitted", "reopened"]


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """One issue of a questionnaire version; instants are UTC."""

    id: str
    title: str
    questionnaire: str
    version: str
    baseline: str | None
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    content_hash: str | None
    pilot: bool = False
    invited: tuple[str, ...] | None = None

    @property
    def state(self) -> CycleState:
        """Return where the cycle stands: people open and close it, the clock only ends answering."""
        if self.opened_at is None:
            return "planned"
        return "open" if self.closed_at is None else "closed"

    @property
    def ended_at(self) -> datetime:
        """Return the instant after which answers are, or will be, too late: people may close it before its time."""
        return self.closes_at if self.closed_at is None else min(self.closes_at, self.closed_at)


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """One organisation's return in one cycle.

    ``facts`` and ``areas`` are as they stood when the cycle opened.
    """

    id: int
    cycle: CycleFacts
    organisation: str
    organisation_name: str
    sector: str
    areas: tuple[str, ...]
    facts: Mapping[str, object]
    content_hash: str
    state: ReturnState
    started_at: datetime | None = None
    saved_at: datetime | None = None
    submitted_at: datetime | None = None
    receipt: str | None = None
    extended_to: datetime | None = None
    extension_reason: str = ""
    expression_facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def closes_at(self) -> datetime:
        """Return the instant after which this organisation's answers are late."""
        return max(self.cycle.closes_at, self.extended_to or self.cycle.closes_at)

    @property
    def ended_at(self) -> datetime:
        """Return the instant after which this organisation's answers are too late, unless its return is reopened."""
        return max(self.cycle.ended_at, self.extended_to or self.cycle.ended_at)

    @property
    def late(self) -> bool:
        """Tell whether it was submitted after its closing time."""
        return self.submitted_at is not None and self.submitted_at > self.closes_at

    def takes_answers(self, now: datetime) -> bool:
        """Tell whether answers may be saved: not submitted, and its cycle or its extension is running.

        A reopened return takes answers until it is submitted again, also after closing.
        """
        if self.state == "submitted" or self.cycle.opened_at is None:
            return False
        if self.state == "reopened":
            return True
        if self.extended_to is not None and now <= self.extended_to:
            return True
        return self.cycle.state == "open" and now <= self.closes_at
