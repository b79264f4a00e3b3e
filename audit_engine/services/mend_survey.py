"""Look after replies that wait in open surveys: can all be opened, and what if some cannot for good?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.services.waiting_replies import Waiting, leave_out, waiting_in
from audit_engine.storage import anonymous_sealed, cycles, trail
from audit_engine.storage.engine import writing


@dataclass(frozen=True, slots=True)
class WaitingSurvey:
    """An open survey and what waits in it."""

    cycle: CycleFacts
    waiting: Waiting

    @property
    def is_well(self) -> bool:
        """Tell whether all that waits can be opened."""
        return self.waiting.words and not self.waiting.unreadable

    @property
    def sentence(self) -> str:
        """Say how many replies wait, and whether they can be opened."""
        replies, unreadable = self.waiting.replies, self.waiting.unreadable
        so_far = f"{self.cycle.id}: {replies:,} {'reply waits' if replies == 1 else 'replies wait'}"
        if self.is_well:
            return f"{so_far}; all can be opened."
        words = "" if self.waiting.words else " Some words cannot be opened."
        return (
            f"{so_far}; {unreadable:,} cannot be opened.{words} Put the site's earlier secret key into "
            "AUDIT_EARLIER_SECRET_KEYS before the survey is closed."
        )


def waiting_surveys(connection: Connection) -> tuple[WaitingSurvey, ...]:
    """Return the surveys in which replies wait, the newest first."""
    there = anonymous_sealed.surveys_with_replies(connection)
    return tuple(WaitingSurvey(c, waiting_in(connection, c.id)) for c in cycles.cycles(connection) if c.id in there)


def leave_out_unreadable(engine: Engine, cycle_id: str, reason: str, now: datetime) -> int:
    """Delete what cannot be opened, with a reason in the trail, and return how many replies were lost."""
    if not reason.strip():
        raise CycleRefused("Say why the replies are left out. The reason is kept.")
    with writing(engine) as connection:
        cycle = cycle_named(connection, cycle_id)
        lost = leave_out(connection, cycle.id)
        trail.note(
            connection,
            "unreadable replies left out",
            f"cycle:{cycle.id}",
            None,
            now,
            replies=lost,
            reason=reason.strip(),
        )
    return lost
