"""How many settings use a self-audit, by phase, and what do those that share show? Never which, never under eleven.

This is all that the business team gets, so this module reads no answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from audit_engine.analysis.disclosure import Counts, Released, release
from audit_engine.analysis.setting_picture import UNANSWERED
from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.questionnaire import Option, Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.settings import is_private
from audit_engine.services.definitions import Definitions
from audit_engine.services.self_audit_people import phases
from audit_engine.storage import settings


@dataclass(frozen=True, slots=True)
class PhaseTakeUp:
    """How many settings of one phase began."""

    label: str
    began: Released


@dataclass(frozen=True, slots=True)
class SharedSection:
    """How often each grade was given in a section, over all settings that share."""

    title: str
    counts: Released


@dataclass(frozen=True, slots=True)
class TakeUp:
    """What the business team sees; ``sections`` () until the cycle has closed and enough settings share."""

    phases: tuple[PhaseTakeUp, ...]
    whole: Released
    sharing: Released
    grades: tuple[Option, ...]
    sections: tuple[SharedSection, ...]


def take_up(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> TakeUp:
    """Return the take-up of a cycle, and once it has closed the pooled counts of those who share."""
    labels = phases(definitions.library.facts)
    rows = settings.take_up(connection, cycle.id)
    counted = {row.phase: row.settings for row in rows}
    questionnaire = definitions.of(connection, cycle.content_hash) if cycle.content_hash else None
    shared = settings.shared_counts(connection, cycle.id) if cycle.state == "closed" else ()
    grades = _grades(questionnaire)
    return TakeUp(
        tuple(PhaseTakeUp(labels.get(p, p), _released(counted.get(p, 0))) for p in _offered(labels, counted)),
        _released(sum(counted.values()), withheld=_tells(counted.values())),
        _released(sum(row.sharing for row in rows)),
        grades,
        _sections(questionnaire, grades, shared) if questionnaire else (),
    )


def _offered(labels: Mapping[str, str], counted: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys((*labels, *counted)))


def _released(number: int, *, withheld: bool = False) -> Released:
    return release(Counts(number, number, number), "panel", withheld="c" if withheld else "")


def _tells(numbers: Collection[int]) -> bool:
    """Tell whether the sum over all phases, less those shown, would be a number under eleven: nought too."""
    return sum(numbers) >= LEAST_BASE > sum(n for n in numbers if n < LEAST_BASE)


def _grades(questionnaire: Questionnaire | None) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for item in questionnaire.items if questionnaire else ():
        for option in item.options if item.type == "rating" else ():
            found.setdefault(option.id, option)
    return tuple(found.values())


def _sections(
    questionnaire: Questionnaire, grades: Sequence[Option], shared: Sequence[Mapping[str, Mapping[str, int]]]
) -> tuple[SharedSection, ...]:
    """Return the pooled counts, rounded to five so that one setting more or less does not stand out."""
    if len(shared) < LEAST_BASE or not is_private(questionnaire):
        return ()
    found = []
    for section in questionnaire.sections:
        mine = [counts[section.id] for counts in shared if section.id in counts]
        cells = tuple((g.id, sum(c.get(g.id, 0) for c in mine)) for g in grades)
        answered = sum(n for _, n in cells)
        asked = answered + sum(c.get(UNANSWERED, 0) for c in mine)
        counts = Counts(asked, answered, answered, cells)
        if len(mine) >= LEAST_BASE:
            found.append(SharedSection(section.title, release(counts, "open-data")))
    return tuple(found)
