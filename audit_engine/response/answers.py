"""What came back for one item, and in which of the four states is it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """The four states of an answer; never let None or 0 stand for two of them."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    NOT_APPLICABLE = "not-applicable"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Answer:
    """An organisation's answer to one item.

    ``area`` is '' for the answer that speaks for the whole organisation, or an
    area's id where an organisation in two areas said "different here".
    ``value`` is what the item type's ``parse`` returns; for a rating it is the
    option's id.  ``confirmed_on`` is the day on which somebody confirmed "still
    true, nothing material changed" in place of new commentary.  ``version``
    counts saves from 1; 0 means never saved.  ``unfinished`` keeps what was typed
    and is no answer yet (``response.unfinished``).
    """

    item: str
    state: State = State.UNANSWERED
    value: object = None
    repeat: str = ""
    area: str = ""
    commentary: str = ""
    evidence: str = ""
    reason: str = ""
    confirmed_on: date | None = None
    action_what: str = ""
    action_who: str = ""
    action_by: date | None = None
    action_how_known: str = ""
    version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""
    unfinished: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return (item, repeat, area), unique in a response."""
        return self.item, self.repeat, self.area
