"""Which cycles are there, and how far has each come?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import local_text
from audit_engine.storage import anonymous, cycles
from audit_engine.storage.engine import reading


@dataclass(frozen=True, slots=True)
class ListedCycle:
    """A cycle and its returns counted by state; a survey of people has ``replies`` instead."""

    facts: CycleFacts
    by_state: Mapping[str, int]
    replies: int | None = None

    @property
    def taking_part(self) -> int:
        """Return how many organisations take part."""
        return sum(self.by_state.values())

    @property
    def submitted(self) -> int:
        """Return how many have submitted."""
        return self.by_state.get("submitted", 0)

    def as_json(self) -> dict[str, object]:
        """Return the cycle for machines; instants as ISO 8601 in UTC."""
        return {
            "cycle": self.facts.id,
            "title": self.facts.title,
            "questionnaire": f"{self.facts.questionnaire}@{self.facts.version}",
            "state": self.facts.state,
            "opens_at": self.facts.opens_at.isoformat(),
            "closes_at": self.facts.closes_at.isoformat(),
            "baseline": self.facts.baseline,
            "replies": self.replies,
            "returns": {
                state: self.by_state.get(state, 0) for state in ("not-started", "started", "submitted", "reopened")
            },
        }

    def as_text(self) -> str:
        """Return one line for people."""
        returned = f"{self.submitted} of {self.taking_part} returned" if self.taking_part else "nobody takes part yet"
        if self.replies is not None:
            returned = f"{self.replies:,} {'reply' if self.replies == 1 else 'replies'}"
        closing = local_text(self.facts.closes_at)
        return f"{self.facts.id:24}{self.facts.state:9}{returned:22}closes {closing}"


def list_cycles(engine: Engine) -> tuple[ListedCycle, ...]:
    """Return every cycle with its counts, the newest first."""
    with reading(engine) as connection:
        counted = cycles.counts_by_state(connection)
        replies = anonymous.replies_by_cycle(connection)
        return tuple(ListedCycle(c, counted.get(c.id, {}), replies.get(c.id)) for c in cycles.cycles(connection))
