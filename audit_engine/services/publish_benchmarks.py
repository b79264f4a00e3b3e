"""Freeze the comparison of settings for one round, without anybody seeing a setting.

What a setting answered is never read: only the counts that it let be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.analysis.benchmark import Entrant, freeze, measure, worth_publishing
from audit_engine.analysis.disclosure import Counts, Released, release
from audit_engine.definition.questionnaire import Option, Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.settings import is_private
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.storage import benchmarks, trail
from audit_engine.storage.benchmarks import Published, Taking
from audit_engine.storage.engine import writing


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the business team sees: how many settings take part, and whether figures were frozen; no figure."""

    taking_part: Released
    published: Published | None


def comparison_of(connection: Connection, cycle: CycleFacts) -> Comparison:
    """Return how far the comparison of a round has come."""
    number = benchmarks.how_many(connection, cycle.id)
    return Comparison(release(Counts(number, number, number), "panel"), benchmarks.published(connection, cycle.id))


def can_be_compared(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> bool:
    """Tell whether a cycle is a self-audit that settings may let be compared."""
    pinned = definitions.of_cycle(connection, cycle.id)
    return pinned is not None and is_private(pinned.questionnaire)


def publish(engine: Engine, definitions: Definitions, cycle_id: str, by: int | None, now: datetime) -> None:
    """Freeze the figures of a round that has closed, once and for good."""
    with writing(engine) as connection:
        cycle = cycle_named(connection, cycle_id)
        _refuse(connection, definitions, cycle)
        grades = _grades(definitions.opened(connection, cycle_id).questionnaire)
        entrants = tuple(_entrant(one, grades) for one in benchmarks.taking_part(connection, cycle_id))
        if not worth_publishing(entrants):
            raise CycleRefused(
                "Too few settings of one kind take part, so nobody would be shown anything. Nothing was published: "
                "figures can be published once only."
            )
        frozen = freeze(entrants)
        benchmarks.keep_publication(connection, cycle_id, frozen.cohorts, by, now)
        benchmarks.keep_places(connection, frozen.places)
        trail.note(connection, "comparison published", f"cycle:{cycle_id}", by, now)


def _refuse(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> None:
    if not can_be_compared(connection, definitions, cycle):
        raise CycleRefused(f"{cycle.title} is no self-audit of settings, so nothing of it is compared.")
    if cycle.state != "closed":
        raise CycleRefused(f"{cycle.title} is {cycle.state}. Figures are published when it has closed.")
    if benchmarks.published(connection, cycle.id):
        raise CycleRefused("The figures of this round are published already, and no longer change.")


def _grades(questionnaire: Questionnaire) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for item in questionnaire.items:
        for option in item.options if item.type == "rating" else ():
            found.setdefault(option.id, option)
    return tuple(found.values())


def _entrant(one: Taking, grades: tuple[Option, ...]) -> Entrant:
    return Entrant(one.audit, one.kind, one.owners, {name: measure(c, grades) for name, c in one.counts.items()})
