"""How much better or worse is ours than the floor, when both are measured in the same minutes?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

ROUNDS = 5
# A machine's speed drifts: only a median that misses by more than this is a miss.
SLACK = 0.10


@dataclass(frozen=True, slots=True)
class Line:
    """One printed result.

    ``ratio`` is what ``bar`` and ``stretch`` speak of; ``at`` says on which
    side of them it should be.  ``floor`` and ``ours`` are ready to print.
    """

    goal: str
    what: str
    floor: str
    ours: str
    ratio: float
    bar: float
    stretch: float
    at: Literal["least", "most"]
    slack: float = SLACK
    note: str = ""

    def meets(self, mark: float) -> bool:
        """Tell whether the ratio is on the right side of a mark, give or take the slack."""
        if self.at == "least":
            return self.ratio >= mark * (1 - self.slack)
        return self.ratio <= mark * (1 + self.slack)

    @property
    def verdict(self) -> str:
        """Return how far the result gets."""
        return "stretch" if self.meets(self.stretch) else "bar" if self.meets(self.bar) else "MISSED"


def interleaved(sides: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, tuple[float, ...]]:
    """Measure every side once a round, A B A B; return each side's figures by round."""
    figures: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, measure in sides.items():
            figures[side].append(measure())
    return {side: tuple(values) for side, values in figures.items()}


def ratio_of(ours: tuple[float, ...], floor: tuple[float, ...]) -> float:
    """Return the median of the rounds' ratios."""
    return median(o / f for o, f in zip(ours, floor, strict=True))


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def milliseconds(seconds: float) -> str:
    """Return a duration as text."""
    return f"{seconds * 1000:,.2f} ms" if seconds < 0.01 else f"{seconds * 1000:,.0f} ms"


def table(lines: list[Line]) -> str:
    """Return the results as an aligned table."""
    head = ("goal", "what", "floor", "ours", "result", "bar", "stretch", "")
    sign = {"least": ">=", "most": "<="}
    rows = [
        (
            line.goal,
            line.what,
            line.floor,
            line.ours,
            f"{line.ratio:.2f}",
            f"{sign[line.at]} {line.bar:g}",
            f"{sign[line.at]} {line.stretch:g}",
            f"{line.verdict}{'; ' + line.note if line.note else ''}",
        )
        for line in lines
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    return "\n".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1])).rstrip()
        for row in (head, *rows)
    )
