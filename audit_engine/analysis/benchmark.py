"""Where does a setting stand among its like, and how much of that may be said?

Methods section 9.  A cohort is the settings of one kind that answered one
version and take part, the setting itself included.  What is shown of it is
settled once, when figures are frozen; a rank, the lowest and the highest
value are never.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from audit_engine.analysis.benchmark_values import Band, Cohort, Place, Shows
from audit_engine.analysis.rounding import half_up, percent_text
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.statistics import quartiles_type7_and_midrank
from audit_engine.definition.questionnaire import Option

LEAST_COHORT, QUARTILES_FROM, PERCENTILE_FROM = 6, 12, 20
LEAST_OWN = 5  # statements that apply to the setting itself
LEAST_OWNERS = 3
UNANSWERED = ""
_EQUAL = 1e-9  # interpolation can miss a value by a last digit


@dataclass(frozen=True, slots=True)
class Measure:
    """How many statements of a section a setting grades as in place, of those that apply to it and have a grade."""

    in_place: int
    applicable: int
    unanswered: int

    @property
    def value(self) -> float:
        """Return the share in per cent; ``applicable`` must not be 0."""
        return 100 * self.in_place / self.applicable

    @property
    def says_enough(self) -> bool:
        """Tell whether enough of what was asked has a grade: all but one, or the share of methods section 3."""
        enough = self.unanswered <= 1 or self._coverage >= Settings().coverage_floor
        return self.applicable > 0 and enough

    @property
    def _coverage(self) -> Fraction:
        return Fraction(self.applicable, self.applicable + self.unanswered)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A setting that takes part: its kind, marks of who owns it (a trust, an office address) and its measures."""

    id: int
    kind: str
    owners: frozenset[str]
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What one publication settles: figures of cohorts, and places by the setting's number."""

    cohorts: tuple[Cohort, ...]
    places: Mapping[int, tuple[Place, ...]]


def grades_in_place(options: Sequence[Option]) -> frozenset[str]:
    """Return the grades that count as in place: those that mean "met", or else lie in the upper half of the scale."""
    met = frozenset(o.id for o in options if o.counts_as == "met")
    most = max((o.points for o in options if o.points is not None), default=None)
    if met or most is None:
        return met
    return frozenset(o.id for o in options if o.points is not None and 2 * o.points > most)


def measure(counts: Mapping[str, int], options: Sequence[Option]) -> Measure:
    """Return the measure of a section from its counts by grade; '' counts statements without a grade."""
    in_place = grades_in_place(options)
    applies = [o.id for o in options if o.counts_as != "not-applicable"]
    met = sum(counts.get(grade, 0) for grade in in_place)
    return Measure(met, sum(counts.get(grade, 0) for grade in applies), counts.get(UNANSWERED, 0))


def freeze(entrants: Sequence[Entrant]) -> Frozen:
    """Return the figures of every cohort, and each setting's place in its own."""
    cohorts: list[Cohort] = []
    places: dict[int, list[Place]] = {entrant.id: [] for entrant in entrants}
    for kind in sorted({e.kind for e in entrants}):
        alike = [e for e in entrants if e.kind == kind]
        for section in dict.fromkeys(name for e in alike for name in e.measures):
            counted = [e for e in alike if section in e.measures and e.measures[section].says_enough]
            cohort = _cohort(kind, section, counted)
            cohorts.append(cohort)
            values = [e.measures[section].value for e in counted]
            for entrant in (e for e in alike if section in e.measures):
                places[entrant.id].append(_place(entrant.measures[section], cohort, values))
    return Frozen(tuple(cohorts), {number: tuple(found) for number, found in places.items()})


def _cohort(kind: str, section: str, counted: Sequence[Entrant]) -> Cohort:
    n = len(counted)
    if n < LEAST_COHORT:
        return Cohort(kind, section, n, "too-few")
    if not _many_owners([e.owners for e in counted]):
        return Cohort(kind, section, n, "owners")
    values = [e.measures[section].value for e in counted]
    found = quartiles_type7_and_midrank(values, values[0])
    if found is None or found.q3 - found.q1 < _EQUAL:
        return Cohort(kind, section, n, "alike")
    if n < QUARTILES_FROM:
        return Cohort(kind, section, n, "median", median=found.median)
    shows: Shows = "percentile" if n >= PERCENTILE_FROM else "quartiles"
    return Cohort(kind, section, n, shows, found.q1, found.median, found.q3)


def _many_owners(marks: Sequence[Set[str]]) -> bool:
    """Tell whether at least three owners are there, and none of them owns more than half."""
    sizes = Counter(_owners(marks))
    return len(sizes) >= LEAST_OWNERS and 2 * max(sizes.values()) <= len(marks)


def _owners(marks: Sequence[Set[str]]) -> list[int]:
    """Return a number for each setting's owner: settings that share a mark, directly or through others, share it."""
    owner = list(range(len(marks)))
    first: dict[str, int] = {}
    for place, mine in enumerate(marks):
        for mark in mine:
            other = owner[first.setdefault(mark, place)]
            joined = owner[place]
            owner = [other if o == joined else o for o in owner]
    return owner


def _place(own: Measure, cohort: Cohort, values: Sequence[float]) -> Place:
    bare = Place(cohort.kind, cohort.section, own.in_place, own.applicable)
    if not own.says_enough:
        return replace(bare, own="unanswered")
    if own.applicable < LEAST_OWN:
        return replace(bare, own="few-statements")
    if cohort.q1 is None or cohort.q3 is None:
        return bare
    percentile = _nearest_five(values, own.value) if cohort.shows == "percentile" else None
    return replace(bare, band=_band(own.value, cohort.q1, cohort.q3), percentile=percentile)


def _band(value: float, q1: float, q3: float) -> Band:
    """Return the band of a value; one on a quartile belongs to the middle half."""
    if value < q1 - _EQUAL:
        return "lower"
    return "upper" if value > q3 + _EQUAL else "middle"


def _nearest_five(values: Sequence[float], own: float) -> int | None:
    """Return the mid-rank percentile to the nearest 5, never 0 or 100: nobody is told to be last or first."""
    found = quartiles_type7_and_midrank(values, own)
    if found is None:
        return None
    return min(95, max(5, 5 * int(half_up(Decimal(found.mid_percentile) / 5, 0))))


# --- in words --------------------------------------------------------------------

COMPARED_WITH = "compared with how similar settings rated themselves"
BANDS: Mapping[Band, str] = {
    "lower": "in the lower quarter", "middle": "in the middle half", "upper": "in the upper quarter",
}  # fmt: skip
_WHY_NOTHING: Mapping[str, str] = {
    "too-few": "There are too few similar settings to compare.",
    "owners": "Nothing is compared here: too many of these settings belong to the same trust or group.",
    "alike": "Most similar settings gave the same answer.",
    "few-statements": "Fewer than five of these statements apply to you, so nothing is compared.",
    "unanswered": "Too many of these statements had no grade, so nothing is compared.",
}  # fmt: skip


def is_compared(place: Place, cohort: Cohort) -> bool:
    """Tell whether anything of the cohort may stand beside the setting's own value."""
    return place.own == "shown" and cohort.median is not None


def own_text(place: Place) -> str:
    """Return "7 of 10 (70%)"; "no statement with a grade" where there is none."""
    if not place.applicable:
        return "no statement with a grade"
    return f"{place.in_place} of {place.applicable} ({percent_text(place.in_place, place.applicable)})"


def share_text(value: float) -> str:
    """Return a share as a whole percentage."""
    return f"{half_up(Decimal(value), 0)}%"


def sentences(place: Place, cohort: Cohort) -> Iterator[str]:
    """Yield what may be said of a place, never more than the cohort's size allows."""
    if not is_compared(place, cohort) or cohort.median is None:
        yield _WHY_NOTHING[place.own if place.own != "shown" else cohort.shows]
        return
    yield f"The median of {cohort.n} similar settings is {share_text(cohort.median)}."
    if cohort.q1 is not None and cohort.q3 is not None and place.band:
        yield (
            f"The middle half of them lies between {share_text(cohort.q1)} and {share_text(cohort.q3)}; "
            f"you are {BANDS[place.band]}."
        )
    if place.percentile is not None:
        yield f"Your percentile, to the nearest five, is {place.percentile}."


def alt_text(place: Place, cohort: Cohort) -> str:
    """Return what a strip chart shows (methods section 13, C8); '' where nothing is compared."""
    if not is_compared(place, cohort) or cohort.median is None:
        return ""
    own = percent_text(place.in_place, place.applicable)
    parts = [f"Own value {own}", f"cohort median {share_text(cohort.median)}"]
    if cohort.q1 is not None and cohort.q3 is not None:
        parts.append(f"middle half {share_text(cohort.q1)} to {share_text(cohort.q3)}")
    parts.append(f"{cohort.n} settings")
    position = f" Position: {BANDS[place.band]}." if place.band else ""
    return f"{'; '.join(parts)}.{position}"


def worth_publishing(entrants: Iterable[Entrant]) -> bool:
    """Tell whether a publication would show anything to anybody; it can be made only once."""
    return any(cohort.median is not None for cohort in freeze(tuple(entrants)).cohorts)
