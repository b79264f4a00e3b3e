"""From which state may a return go where?"""

from __future__ import annotations

from typing import Literal

from audit_engine.response.cycles import ReturnState

Event = Literal["save", "submit", "reopen"]

MOVES: dict[tuple[ReturnState, Event], ReturnState] = {
    ("not-started", "save"): "started",
    ("started", "save"): "started",
    ("reopened", "save"): "reopened",
    ("started", "submit"): "submitted",
    ("reopened", "submit"): "submitted",
    ("submitted", "reopen"): "reopened",
}


class NotPossible(Exception):
    """A move that the return's state does not allow; its text is for the person who tried."""

    def __init__(self, state: ReturnState, event: Event) -> None:
        super().__init__(
            _SENTENCES.get((state, event), f"This return is {state.replace('-', ' ')}: it cannot {event}.")
        )
        self.state = state
        self.event = event


_SENTENCES: dict[tuple[ReturnState, Event], str] = {
    ("submitted", "save"): "This audit has been submitted, so answers can no longer be changed. "
    "Ask the business team to reopen it if something is wrong.",
    ("not-started", "submit"): "Nothing has been answered yet, so there is nothing to submit.",
    ("not-started", "reopen"): "This audit has not been submitted, so there is nothing to reopen.",
    ("started", "reopen"): "This audit has not been submitted, so there is nothing to reopen.",
    ("reopened", "reopen"): "This audit is already open for changes.",
}


def moved(state: ReturnState, event: Event) -> ReturnState:
    """Return the state after the event, or raise ``NotPossible``."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise NotPossible(state, event) from None
