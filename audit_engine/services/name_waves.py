"""What is each wave of a survey called beside the others, and where does it stand in time?

By its year where every wave has its own, by its month or its day where two
opened in one year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL


@dataclass(frozen=True, slots=True)
class Named:
    """A wave's name, and its year as a score: whole where each wave has its own, else with the part that had gone."""

    label: str
    year: float


def opening_of(cycle: CycleFacts) -> datetime:
    """Return the instant at which a survey was opened, or is to be."""
    return cycle.opened_at or cycle.opens_at


def named(waves: Sequence[CycleFacts]) -> tuple[Named, ...]:
    """Return the names by which these waves can be told apart, in their order."""
    openings = [opening_of(wave).astimezone(LOCAL) for wave in waves]
    own_years = len({opened.year for opened in openings}) == len(openings)
    written = next((w for w in _STYLES if len(set(map(w, openings))) == len(openings)), _STYLES[-1])
    return tuple(Named(written(o), o.year if own_years else _with_its_part(o)) for o in openings)


_STYLES: tuple[Callable[[datetime], str], ...] = (
    lambda opened: f"{opened.year}",
    lambda opened: f"{opened:%B %Y}",
    lambda opened: f"the wave of {opened.day} {opened:%B %Y}",
    lambda opened: f"the wave of {opened.day} {opened:%B %Y} at {opened:%H:%M}",
    lambda opened: f"the wave of {opened.day} {opened:%B %Y} at {opened:%H:%M:%S}",
)


def _with_its_part(opened: datetime) -> float:
    """Return a year with the part of it that had gone at an instant."""
    first, after = datetime(opened.year, 1, 1, tzinfo=UTC), datetime(opened.year + 1, 1, 1, tzinfo=UTC)
    return opened.year + (opened - first) / (after - first)
