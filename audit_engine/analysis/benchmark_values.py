"""What is kept of a comparison of settings: the frozen figures of a cohort, and one setting's place in it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shows = Literal["too-few", "owners", "alike", "median", "quartiles", "percentile"]
Own = Literal["shown", "few-statements", "unanswered"]
Band = Literal["lower", "middle", "upper"]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The frozen figures of one kind of setting in one section, as far as they may be shown; shares in per cent."""

    kind: str
    section: str
    n: int
    shows: Shows
    q1: float | None = None
    median: float | None = None
    q3: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one setting stood among its kind in one section; ``band``, ``percentile`` only where they may be shown."""

    kind: str
    section: str
    in_place: int
    applicable: int
    own: Own = "shown"
    band: Band | None = None
    percentile: int | None = None
