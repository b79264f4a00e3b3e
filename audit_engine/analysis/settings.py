"""Which thresholds does the analysis use?  They are printed in every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Settings:
    """Thresholds as exact fractions; the defaults are those of docs/methods.md."""

    coverage_floor: Fraction = Fraction(90, 100)
    matched_floor: Fraction = Fraction(60, 100)
    concentration: Fraction = Fraction(40, 100)
    strength: Fraction = Fraction(90, 100)
    gap: Fraction = Fraction(60, 100)
    listed: int = 3

    def as_json(self) -> dict[str, float]:
        """Return the thresholds as plain numbers by name."""
        return {field.name: float(getattr(self, field.name)) for field in fields(self)}


MEANING: Mapping[str, str] = MappingProxyType(
    {
        "coverage_floor": "Below this share of applicable criteria answered, two figures are printed: "
        "of those answered, and with blanks counted as not met",
        "matched_floor": "Below this share of organisations matched between two audits, "
        "no sentence about the whole partnership's change is written",
        "concentration": "Above this share of all gains from one organisation, the report says so",
        "strength": "A criterion met by at least this share of those it applies to is listed as a strength",
        "gap": "A criterion met by less than this share of those it applies to is listed as a gap",
        "listed": "At most this many strengths and this many gaps are listed for each standard",
    }
)
