"""When is an action due, and how many are overdue?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Timing = Literal["overdue", "soon", "later", "no-date", "done"]
SOON = timedelta(days=90)
TIMINGS: tuple[Timing, ...] = ("overdue", "soon", "later", "no-date", "done")
TIMING_WORDS: Mapping[Timing, str] = {
    "overdue": "Overdue",
    "soon": "Within 90 days",
    "later": "Later",
    "no-date": "No date",
    "done": "Done",
}
#: What a status is called; one that is not here is called as it is written.
STATUS_WORDS: Mapping[str, str] = {
    "proposed": "Proposed in the return",
    "agreed": "Agreed",
    "underway": "Under way",
    "done": "Done",
}
DONE = frozenset({"done", "signed-off"})


@dataclass(frozen=True, slots=True)
class Action:
    """One action as it stands: of whom, on which criterion and standard, by when."""

    id: int
    organisation: str
    organisation_name: str
    sector: str
    criterion: str
    ref: str
    standard: str
    what: str
    who: str
    due: date | None
    how_known: str
    status: str
    area: str = ""
    return_id: int = 0
    origin: str = "return"

    def timing(self, today: date) -> Timing:
        """Return whether it is overdue, due soon or later, has no date, or is done."""
        if self.status in DONE:
            return "done"
        if self.due is None:
            return "no-date"
        if self.due < today:
            return "overdue"
        return "soon" if self.due <= today + SOON else "later"


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """How many actions there are, by when they are due and by status."""

    by_timing: Mapping[Timing, int] = field(default_factory=dict)
    by_status: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """Return how many there are."""
        return sum(self.by_timing.values())

    @property
    def open(self) -> int:
        """Return how many are not done."""
        return self.all - self.by_timing.get("done", 0)


def counted(actions: Iterable[Action], today: date) -> ActionCounts:
    """Count actions as they stand today."""
    found = list(actions)
    return ActionCounts(Counter(one.timing(today) for one in found), Counter(one.status for one in found))
