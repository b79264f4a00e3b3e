"""Which function measures which goal?  A goal's lines are made in the order of this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from benchmarks.rounds import Line

GOALS: Mapping[str, str] = {
    "P1": "pages:forty",
    "P2": "pages:ten",
    "P3": "pages:tails",
    "P4": "saves:ten_answers",
    "P5": "statements:counted",
    "P6": "saves:eight_writers",
    "P7": "surveys:from_counters",
    "P8": "surveys:counted_again",
    "P9": "surveys:as_csv",
    "P10": "sizes:audit_tree",
    "P11": "sizes:two_cycles",
    "P12": "documents:word",
    "P13": "sizes:reading",
    "P14": "sizes:end_to_end",
    "P15": "pages:weight",
    "P16": "pages:memory_and_start",
    "I1": "imports:collected_elsewhere",
    "I2": "boards:results_page",
    "I3": "boards:dashboards",
    "triangulation": "triangulation:beside_staff",
}


def measure(goal: str) -> Callable[[], list[Line]]:
    """Return the function that measures a goal; only its own imports are paid for."""
    module, _, function = GOALS[goal].partition(":")
    found: Callable[[], list[Line]] = getattr(import_module(f"benchmarks.goals.{module}"), function)
    return found
