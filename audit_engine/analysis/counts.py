"""How many ratings of each kind were given, and what counts towards "share met"?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

from audit_engine.analysis.rounding import percent_text, table_percent


@dataclass(frozen=True, slots=True)
class Share:
    """k of n; ``value`` is None where n is 0."""

    numerator: int
    base: int

    @property
    def value(self) -> float | None:
        """Return the share between 0 and 1, unrounded."""
        return self.numerator / self.base if self.base else None

    @property
    def exact(self) -> Fraction | None:
        """Return the share as a fraction, for comparisons that must not round."""
        return Fraction(self.numerator, self.base) if self.base else None

    @property
    def summary_text(self) -> str:
        """Return the share as a sentence prints it, without decimals."""
        return percent_text(self.numerator, self.base)

    @property
    def table_text(self) -> str:
        """Return the share as a table prints it."""
        return table_percent(self.numerator, self.base)

    def as_json(self) -> dict[str, int | float | None]:
        """Return count, base and unrounded share."""
        return {"numerator": self.numerator, "base": self.base, "share": self.value}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure, or one exclusion from it, with its reason as the label."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a figure is what it is: the rule, what was counted, what was left out."""

    title: str
    rule: str
    value: int | float | str | None
    counted: tuple[Part, ...]
    left_out: tuple[Part, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the explanation as plain values."""
        return {
            "title": self.title,
            "rule": self.rule,
            "value": self.value,
            "counted": [{"label": part.label, "count": part.count} for part in self.counted],
            "left_out": [{"label": part.label, "count": part.count} for part in self.left_out],
        }


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """Ratings by kind.

    ``confirmed`` says how many of the ratings were confirmed unchanged; they are
    counted in the other fields too.  ``not_asked`` holds criteria ruled out by
    the profile; a return that was not made is no rating at all.
    """

    met: int = 0
    partly_met: int = 0
    not_met: int = 0
    not_applicable: int = 0
    unanswered: int = 0
    not_asked: int = 0
    confirmed: int = 0

    @property
    def applicable(self) -> int:
        """Return the base of "share met": met, partly met and not met."""
        return self.met + self.partly_met + self.not_met

    @property
    def met_or_partly(self) -> int:
        """Return those met or partly met."""
        return self.met + self.partly_met

    @property
    def due(self) -> int:
        """Return the applicable ones that were or should have been rated: the base of coverage."""
        return self.applicable + self.unanswered

    @property
    def share_met(self) -> Share:
        """Return met of applicable; not applicable and blank are outside the base."""
        return Share(self.met, self.applicable)

    @property
    def share_met_strict(self) -> Share:
        """Return met of applicable and blank: the share if every blank were not met."""
        return Share(self.met, self.due)

    @property
    def coverage(self) -> Share:
        """Return rated of applicable and blank."""
        return Share(self.applicable, self.due)

    @property
    def share_not_applicable(self) -> Share:
        """Return not applicable of all that were asked."""
        return Share(self.not_applicable, self.due + self.not_applicable)

    def why(self, title: str) -> Why:
        """Return the parts and exclusions of the share met."""
        return Why(
            title,
            "Share met = met, divided by met, partly met and not met together.",
            self.share_met.value,
            (Part("Met", self.met), Part("Partly met", self.partly_met), Part("Not met", self.not_met)),
            (
                Part("Not applicable, with a reason", self.not_applicable),
                Part("Left blank", self.unanswered),
                Part("Not asked, because of the organisation's profile", self.not_asked),
            ),
        )

    def as_json(self) -> dict[str, object]:
        """Return the counts, with share and coverage."""
        return {
            "met": self.met,
            "partly_met": self.partly_met,
            "not_met": self.not_met,
            "applicable": self.applicable,
            "not_applicable": self.not_applicable,
            "unanswered": self.unanswered,
            "not_asked": self.not_asked,
            "confirmed_unchanged": self.confirmed,
            "share_met": self.share_met.value,
            "coverage": self.coverage.value,
        }


_FIELDS = ("met", "partly_met", "not_met", "not_applicable", "unanswered", "not_asked", "confirmed")
_values = attrgetter(*_FIELDS)


def total(counts: Iterable[RatingCounts]) -> RatingCounts:
    """Return the sum of several counts."""
    return RatingCounts(*(sum(column) for column in zip(*map(_values, counts), strict=True)))
