"""Which questionnaire did a cycle pin, and how does it come from an earlier one?

Definitions never change under a content hash, so they are read from the
database once in the life of a process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from audit_engine.definition.headline import Headline, headline_of
from audit_engine.definition.library import Library

# A site starts without a definition; what handles them is loaded with the first.
if TYPE_CHECKING:
    from audit_engine.definition.lineage import LineageMap
    from audit_engine.definition.questionnaire import Questionnaire
    from audit_engine.response.answers import Answer


@dataclass(frozen=True, slots=True)
class Pinned:
    """A cycle that was opened, and the definition that it pinned."""

    cycle: str
    title: str
    questionnaire: Questionnaire


class Definitions:
    """Definitions by content hash and lineage by pairs of hashes, each worked out once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._known: dict[str, Questionnaire] = {}
        self._pinned: dict[str, Pinned] = {}
        self._headlines: dict[str, Headline] = {}
        self._lineage: dict[tuple[str, str, bool], LineageMap | None] = {}

    def of(self, connection: Connection, content_hash: str) -> Questionnaire:
        """Return the pinned definition; at most one statement, and none after the first time."""
        if content_hash not in self._known:
            from audit_engine.storage import cycles

            source = cycles.definition_text(connection, content_hash)
            if source is None:
                raise MissingDefinition(content_hash)
            self._known[content_hash] = self.library.read_stored(source)
        return self._known[content_hash]

    def knows(self, content_hash: str) -> bool:
        """Tell whether a definition has been read in this process."""
        return content_hash in self._known

    def headlines(self, connection: Connection, content_hashes: Iterable[str]) -> Mapping[str, Headline]:
        """Return of which kind definitions are; one statement, and none where each was met before."""
        from audit_engine.storage import cycles

        wanted = set(content_hashes)
        for content_hash, text in cycles.definition_texts(connection, wanted - self._headlines.keys()).items():
            self._headlines[content_hash] = headline_of(text) or self._headline(connection, content_hash)
        return {h: self._headlines[h] for h in wanted if h in self._headlines}

    def _headline(self, connection: Connection, content_hash: str) -> Headline:
        whole = self.of(connection, content_hash)
        return Headline(whole.kind, whole.respondent, whole.anonymity)

    def of_cycle(self, connection: Connection, cycle_id: str | None) -> Pinned | None:
        """Return what a cycle pinned, or None when there is no such cycle or it was never opened."""
        if cycle_id is None:
            return None
        if cycle_id not in self._pinned:
            from audit_engine.storage import cycles

            cycle = cycles.cycle_of(connection, cycle_id)
            if cycle is None or cycle.content_hash is None:
                return None
            self._pinned[cycle_id] = Pinned(cycle.id, cycle.title, self.of(connection, cycle.content_hash))
        return self._pinned[cycle_id]

    def opened(self, connection: Connection, cycle_id: str) -> Pinned:
        """Return what a cycle pinned; raise ``NotOpened`` when it was never opened."""
        pinned = self.of_cycle(connection, cycle_id)
        if pinned is None:
            raise NotOpened(cycle_id)
        return pinned

    def lineage(
        self, baseline: Questionnaire, current: Questionnaire, *, criteria_only: bool = True
    ) -> LineageMap | None:
        """Return how ``current`` comes from ``baseline``, link by link, or None when it does not."""
        key = (baseline.content_hash, current.content_hash, criteria_only)
        if key not in self._lineage:
            from audit_engine.definition.lineage import chain

            versions = self._between(baseline, current)
            self._lineage[key] = chain(versions, criteria_only=criteria_only) if versions else None
        return self._lineage[key]

    def _between(self, baseline: Questionnaire, current: Questionnaire) -> tuple[Questionnaire, ...]:
        if baseline.id != current.id:
            return ()
        line = [current]
        while line[0].version != baseline.version:
            earlier = line[0].continues
            if earlier is None:
                return ()
            line.insert(0, baseline if earlier == baseline.version else self.library.load(current.id, earlier))
        line[0] = baseline
        return tuple(line)


class NotOpened(LookupError):
    """A cycle that was never opened has no definition and no answers."""

    def __init__(self, cycle_id: str) -> None:
        super().__init__(f"The cycle {cycle_id} has not been opened yet, so it has no answers.")


class MissingDefinition(LookupError):
    """A cycle pins a definition whose text is not in the database."""

    def __init__(self, content_hash: str) -> None:
        super().__init__(f"The text of definition {content_hash[:12]} is not in the database: restore a back-up.")


def as_values(questionnaire: Questionnaire, answers: Iterable[Answer]) -> Mapping[tuple[str, str, str], Answer]:
    """Return stored answers by key, their JSON turned into values; answers to unknown items are left as they are."""
    from audit_engine.definition.item_types import ITEM_TYPES

    found: dict[tuple[str, str, str], Answer] = {}
    for answer in answers:
        item = questionnaire.items_by_id.get(answer.item)
        if item is not None and answer.value is not None:
            value = ITEM_TYPES[item.type].from_json(answer.value)
            answer = answer if value is answer.value else replace(answer, value=value)
        found[answer.key] = answer
    return found
