"""What can be said about a comparison, and from which figures?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.change import Comparison, MeasureResult, Movement, NetBounds
from audit_engine.analysis.figures import (
    Figure,
    Register,
    change_figure,
    count_figure,
    register,
    share_figure,
)
from audit_engine.analysis.sentences import Ref, Sentence, Slot, joined
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.verdicts import sign
from audit_engine.analysis.wording import PATTERNS, say

_DIRECTION = {1: "rose", 0: "same", -1: "fell"}


def comparison_register(comparison: Comparison, settings: Settings | None = None) -> Register:
    """Return every figure of a comparison that a sentence or table uses."""
    return register(comparison_figures(comparison, settings or Settings()))


def change_id(comparison: Comparison, name: str) -> str:
    """Return the id of one of a comparison's figures; own ratings have ids of their own."""
    return f"{'change' if comparison.basis == 'final' else 'change-self'}.{name}"


def comparison_figures(comparison: Comparison, settings: Settings) -> Iterator[Figure]:
    """Yield the figures of a comparison."""
    prefix = change_id(comparison, "")
    source = (
        f"{comparison.baseline.title} and {comparison.current.title}, {comparison.basis} ratings"
    )
    ...
