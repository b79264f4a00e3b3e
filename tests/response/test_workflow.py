"""May a return go only where its state allows it?"""

from __future__ import annotations

from itertools import product

import pytest

from audit_engine.response.cycles import ReturnState
from audit_engine.response.workflow import MOVES, Event, NotPossible, moved

STATES: tuple[ReturnState, ...] = ("not-started", "started", "submitted", "reopened")
EVENTS: tuple[Event, ...] = ("save", "submit", "reopen")
ALLOWED = {
    ("not-started", "save"): "started",
    ("started", "save"): "started",
    ("started", "submit"): "submitted",
    ("submitted", "reopen"): "reopened",
    ("reopened", "save"): "reopened",
    ("reopened", "submit"): "submitted",
}


@pytest.mark.parametrize("state, event", list(product(STATES, EVENTS)))
def test_a_return_moves_as_the_table_says_and_in_no_other_way(state: ReturnState, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert moved(state, event) == ALLOWED[state, event]
        return
    with pytest.raises(NotPossible) as refusal:
        moved(state, event)
    assert (refusal.value.state, refusal.value.event) == (state, event)
    assert str(refusal.value).endswith(".")


def test_a_submitted_return_says_whom_to_ask() -> None:
    with pytest.raises(NotPossible, match="Ask the business team to reopen it"):
        moved("submitted", "save")


def test_no_move_leads_back_to_a_return_that_was_never_started() -> None:
    assert "not-started" not in MOVES.values()
