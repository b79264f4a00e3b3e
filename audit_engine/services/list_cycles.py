"""Which cycles are there, and how far has each come?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from audit_engine.definition.headline import Headline
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import local_text
from audit_engine.services.definitions import Definitions
from audit_engine.storage import anonymous, cycles
from audit_engine.storage.engine import reading


@dataclass(frozen=True, slots=True)
class ListedCycle:
    """A cycle and its returns counted by state; a survey of people has ``replies`` instead."""

    facts: CycleFacts
    by_state: Mapping[str, int]
    replies: int | None = None

    @property
    def taking_part(self) -> int:
        """Return how many organisations take part."""
        return sum(self.by_state.values())

    @property
    def submitted(self) -> int:
        """Return how many have submitted."""
        return self.by_state.get("submitted", 0)

    def as_json(self) -> dict[str, object]:
        """Return the cycle for machines; instants as ISO 8601 in UTC."""
        return {
            "cycle": self.facts.id,
            "title": self.facts.title,
            "questionnaire": f"{self.facts.questionnaire}@{self.facts.version}",
            "state": self.facts.state,
            "opens_at": self.facts.opens_at.isoformat(),
            "closes_at": self.facts.closes_at.isoformat(),
            "baseline": self.facts.baseline,
            "replies": self.replies,
            "returns": {
                state: self.by_state.get(state, 0) for state in ("not-started", "started", "submitted", "reopened")
            },
        }

    def returned_text(self, *, of_settings: bool = False) -> str:
        """Return how far it has come, in words; settings are not asked to take part but begin for themselves."""
        if self.replies is not None:
            return f"{self.replies:,} {'reply' if self.replies == 1 else 'replies'}"
        if of_settings:
            return "settings begin it for themselves"
        return f"{self.submitted} of {self.taking_part} returned" if self.taking_part else "nobody takes part yet"


GROUPS: Mapping[str, str] = {
    "section-11": "Section 11 audits",
    "surveys": "Surveys of staff and others",
    "settings": "Self-audits of schools and settings",
    "cases": "Case audits",
    "other": "Other audits",
}
_OPEN_FIRST = ("open", "planned", "closed")


@dataclass(frozen=True, slots=True)
class CycleGroup:
    """Cycles of one kind, those that are open first."""

    id: str
    title: str
    cycles: tuple[ListedCycle, ...]


def grouped_cycles(engine: Engine, definitions: Definitions) -> tuple[CycleGroup, ...]:
    """Return every cycle by its kind, without groups that have none: four statements, three once kinds are known."""
    listed = list_cycles(engine)
    opened = {c.facts.content_hash for c in listed if c.facts.content_hash}
    with reading(engine) as connection:
        known = definitions.headlines(connection, opened)
    found: dict[str, list[ListedCycle]] = {group: [] for group in GROUPS}
    for one in sorted(listed, key=lambda c: _OPEN_FIRST.index(c.facts.state)):
        pinned = known.get(one.facts.content_hash or "")
        kind = pinned or definitions.library.headline(one.facts.questionnaire, one.facts.version)
        found[_group_of(one.facts.questionnaire, kind)].append(one)
    return tuple(CycleGroup(group, GROUPS[group], tuple(some)) for group, some in found.items() if some)


def cycles_as_text(engine: Engine, definitions: Definitions) -> tuple[str, ...]:
    """Return a line for each cycle, the newest first, in columns as wide as what stands in them."""
    settings = {c.facts.id for g in grouped_cycles(engine, definitions) if g.id == "settings" for c in g.cycles}
    listed = [(c, c.returned_text(of_settings=c.facts.id in settings)) for c in list_cycles(engine)]
    name = max((24, *(len(c.facts.id) + 2 for c, _ in listed)))
    said = max((22, *(len(returned) + 2 for _, returned in listed)))
    return tuple(
        f"{c.facts.id:{name}}{c.facts.state:9}{returned:{said}}"
        f"{'closed' if c.facts.state == 'closed' else 'closes'} {local_text(c.facts.ended_at)}"
        for c, returned in listed
    )


def _group_of(questionnaire: str, kind: Headline | None) -> str:
    if kind is None:
        return "other"
    if kind.is_survey:
        return "surveys"
    if kind.is_of_settings:
        return "settings"
    if kind.is_of_cases:
        return "cases"
    return "section-11" if questionnaire.startswith("section-11") else "other"


def list_cycles(engine: Engine) -> tuple[ListedCycle, ...]:
    """Return every cycle with its counts, the newest first."""
    with reading(engine) as connection:
        counted = cycles.counts_by_state(connection)
        replies = anonymous.replies_by_cycle(connection)
        return tuple(ListedCycle(c, counted.get(c.id, {}), replies.get(c.id)) for c in cycles.cycles(connection))
