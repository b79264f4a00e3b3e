"""Do an organisation's staff see what it says of itself? The rule for one criterion.

Methods section 8: two thresholds, so that neither eleven replies can speak for
nine hundred people nor a narrow interval condemn a high share.  The first two
public functions are named after the methods of the test vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil
from types import MappingProxyType
from typing import Literal

from audit_engine.analysis.statistics import Interval, binomial_cdf, wilson, wilson_fpc
from audit_engine.analysis.suppression import LEAST_BASE

StaffLevel = Literal["seen", "partly seen", "not seen"]
Claim = Literal["met", "partially", "not_met", "na"]
ClassName = Literal[
    "corroborated", "mixed picture", "claimed but not seen by staff", "staff ahead of claim", "agreed gap",
    "insufficient responses", "not compared",
]  # fmt: skip
Assurance = Literal["strong", "supported", "self-reported only", "contested"]
PanelView = Literal["agrees", "higher", "lower", "not applicable", "not looked at"]

COMPARED: tuple[ClassName, ...] = (
    "corroborated", "mixed picture", "claimed but not seen by staff", "staff ahead of claim", "agreed gap",
)  # fmt: skip
CLASSES: tuple[ClassName, ...] = (*COMPARED, "insufficient responses", "not compared")
ASSURANCE: tuple[Assurance, ...] = ("strong", "supported", "self-reported only", "contested")
_WEAKEST_FIRST: tuple[StaffLevel, ...] = ("not seen", "partly seen", "seen")
_CLASS: Mapping[Claim, Mapping[StaffLevel, ClassName]] = MappingProxyType(
    {
        "met": {
            "seen": "corroborated",
            "partly seen": "mixed picture",
            "not seen": "claimed but not seen by staff",
        },
        "partially": {"seen": "staff ahead of claim", "partly seen": "corroborated", "not seen": "agreed gap"},
        "not_met": {"seen": "staff ahead of claim", "partly seen": "mixed picture", "not seen": "agreed gap"},
    }
)
#: Evidence of this grade or better supports a claim: a dated document on file.
ENOUGH_EVIDENCE = 2
#: The chance of a false flag is worked out for bases up to this; from there on it only falls.
_LARGEST_BASE = 400


@dataclass(frozen=True, slots=True)
class Triangulated:
    """How a rating and the staff's answers agree; shares are between 0 and 1, None where nothing was compared."""

    cls: ClassName
    staff: StaffLevel | None = None
    p: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class OperatingCharacteristic:
    """What the rule does at one base: its limits, and the chance of each outcome if the truth were known."""

    n: int
    min_seen: int
    max_not: int
    p_seen_if_50: float
    p_not_if_75: float
    p_seen_if_85: float
    p_not_if_35: float


@dataclass(frozen=True, slots=True)
class OperatingCharacteristics:
    """The rule's behaviour at several bases."""

    rows: tuple[OperatingCharacteristic, ...]


def triangulation(
    self_rating: Claim, x: int, n: int, target: float, floor: float, n_min: int, N: int | None = None
) -> Triangulated:
    """Set a rating beside x of n consistent answers; ``N`` is how many staff there are, None where nobody knows.

    Fewer than ``n_min`` answers are never shown as a failing.
    """
    if self_rating not in _CLASS:
        return Triangulated("not compared")
    if n < n_min or n == 0:
        return Triangulated("insufficient responses")
    interval = staff_interval(x, n, N)
    level = staff_level(interval, target, floor)
    return Triangulated(_CLASS[self_rating][level], level, interval.p, interval.lower, interval.upper)


def staff_interval(x: int, n: int, N: int | None = None) -> Interval:
    """Return the interval of x of n, narrowed where more than a twentieth of a known staff answered.

    ``n`` must not be 0.  A number of staff below the number of answers is wrong,
    and not used.
    """
    found = wilson(x, n) if N is None or n > N else wilson_fpc(x, n, N)
    if found is None:
        raise ValueError("Nobody answered, so there is no interval.")
    return Interval(found.p, found.lower, found.upper)


def staff_level(interval: Interval, target: float, floor: float) -> StaffLevel:
    """Return how far staff see it: two conditions each for "seen" and for "not seen"."""
    if interval.p >= target and interval.lower >= floor:
        return "seen"
    if interval.p < floor and interval.upper < target:
        return "not seen"
    return "partly seen"


def weakest(levels: Iterable[StaffLevel]) -> StaffLevel:
    """Return the weakest of levels, of which there must be one."""
    return min(levels, key=_WEAKEST_FIRST.index)


def class_of(claim: Claim, level: StaffLevel) -> ClassName:
    """Return the class of a rating that can be compared, at a staff level."""
    return _CLASS[claim][level]


def assurance(panel: PanelView, evidence: int | None, cls: ClassName) -> Assurance | None:
    """Join three sources on a criterion that an organisation rated met; None where the panel took it out.

    ``evidence`` is the grade from 0 to 3 that a reviewer gave, None where nobody
    graded it or the grade is out of date.
    """
    if panel == "not applicable":
        return None
    if panel == "lower" or evidence == 0 or cls == "claimed but not seen by staff":
        return "contested"
    support = (panel == "agrees") + (evidence is not None and evidence >= ENOUGH_EVIDENCE) + (cls == "corroborated")
    return ("self-reported only", "self-reported only", "supported", "strong")[support]


def triangulation_oc(target: float, floor: float, n: Sequence[int], conf: float = 0.95) -> OperatingCharacteristics:
    """Return what the rule does at each base: the least count seen, the most not seen, and four chances."""
    return OperatingCharacteristics(tuple(_characteristic(target, floor, base, conf) for base in n))


def _characteristic(target: float, floor: float, n: int, conf: float) -> OperatingCharacteristic:
    levels = [_level_at(x, n, target, floor, conf) for x in range(n + 1)]
    seen = next((x for x, level in enumerate(levels) if level == "seen"), n + 1)
    not_seen = sum(level == "not seen" for level in levels) - 1
    return OperatingCharacteristic(
        n, seen, not_seen,
        p_seen_if_50=1 - binomial_cdf(seen - 1, n, 0.5), p_not_if_75=binomial_cdf(not_seen, n, 0.75),
        p_seen_if_85=1 - binomial_cdf(seen - 1, n, 0.85), p_not_if_35=binomial_cdf(not_seen, n, 0.35),
    )  # fmt: skip


def _level_at(x: int, n: int, target: float, floor: float, conf: float) -> StaffLevel:
    interval = wilson(x, n, conf)
    if interval is None:
        raise ValueError("The rule needs at least one answer.")
    return staff_level(interval, target, floor)


@lru_cache(maxsize=32)
def false_flag_rate(target: float, floor: float, n_min: int = LEAST_BASE) -> Fraction:
    """Return the chance of "not seen" if just the target share of all staff would agree, at the worst base.

    Rounded up to three places: 0.035 for the default thresholds.
    """
    worst = max(binomial_cdf(_most_not_seen(n, target, floor), n, target) for n in range(n_min, _LARGEST_BASE + 1))
    return Fraction(ceil(worst * 1000 - 1e-9), 1000)


def _most_not_seen(n: int, target: float, floor: float) -> int:
    """Return the largest count at this base that is "not seen", -1 where none is."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        if _level_at(middle, n, target, floor, 0.95) == "not seen":
            low = middle
        else:
            high = middle
    return low
