"""Start a setting's own audit, and put together what its people see while they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.definition.applicability import Asked, asked
from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.questionnaire import Questionnaire, Section
from audit_engine.definition.variants import worded_for
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import Progress
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.earlier import Earlier, earlier_answers
from audit_engine.response.settings import AuditFacts, Note, for_settings, sees_last_time
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.storage import cycles, setting_answers, settings
from audit_engine.storage.engine import writing

AnswerKey = tuple[str, str, str]
SILENT = frozenset({"information", "calculated"})


class SelfAuditRefused(ValueError):
    """Something asked of a self-audit that it cannot do; the text is for the person who asked."""


class NoSuchAudit(LookupError):
    """There is no audit with that number."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire that settings may start now."""

    cycle: CycleFacts
    questionnaire: Questionnaire

    @property
    def for_whom(self) -> str:
        """Return the first sentence of its introduction, which says for whom it is; '' where there is none."""
        first, stop, _ = " ".join(self.questionnaire.introduction.split()).partition(". ")
        return first + stop.strip()


@dataclass(frozen=True, slots=True)
class LastTime:
    """What a setting said the time before: its audit, the questions of then, and how today's come from them."""

    audit: AuditFacts
    questionnaire: Questionnaire
    lineage: LineageMap
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class OpenAudit:
    """A setting's audit with everything around it; ``questionnaire`` is worded for this setting."""

    facts: AuditFacts
    questionnaire: Questionnaire
    answers: Mapping[AnswerKey, Answer]
    notes: Mapping[tuple[str, str], Note] = field(default_factory=dict)
    last_time: LastTime | None = None

    @cached_property
    def asked(self) -> Mapping[str, Asked]:
        """Return, by item id, whether it is asked and, if not, why."""
        said = {a.item: a.value for a in self.answers.values() if a.state is not State.UNANSWERED}
        return asked(self.questionnaire, self.facts.facts, said)

    @cached_property
    def earlier(self) -> Mapping[str, Earlier]:
        """Return, by item id, what was said last time."""
        before = self.last_time
        if before is None:
            return {}
        return earlier_answers(before.questionnaire, self.questionnaire, before.lineage, before.answers)

    @property
    def earlier_audit(self) -> AuditFacts | None:
        """Return the audit before this one."""
        return self.last_time.audit if self.last_time else None

    def answer(self, item: str, repeat: str = "") -> Answer:
        """Return the answer to an item; one never given is unanswered with version 0."""
        return self.answers.get((item, repeat, "")) or Answer(item, repeat=repeat)

    def note(self, kind: str, place: str) -> Note:
        """Return a note; one never written is empty with version 0."""
        return self.notes.get((kind, place)) or Note(kind, place)

    def progress(self, section: Section) -> Progress:
        """Return how many questions of a section are answered: nothing else is ever needed here."""
        items = [i for i in section.items if i.type not in SILENT and self.asked[i.id].asked]
        answered = sum(self.answer(i.id).state is not State.UNANSWERED for i in items)
        return Progress(len(items), answered, answered)

    @cached_property
    def overall(self) -> Progress:
        """Return how many questions are answered."""
        parts = [self.progress(s) for s in self.questionnaire.sections]
        return Progress.total(parts)


def offered(connection: Connection, definitions: Definitions, now: datetime) -> tuple[Offer, ...]:
    """Return what settings may start now, the newest first."""
    found = []
    for cycle in cycles.cycles(connection):
        if cycle.state == "open" and cycle.content_hash is not None and now <= cycle.closes_at:
            questionnaire = definitions.of(connection, cycle.content_hash)
            if for_settings(questionnaire):
                found.append(Offer(cycle, questionnaire))
    return tuple(found)


def offer_of(connection: Connection, definitions: Definitions, questionnaire: str, now: datetime) -> Offer | None:
    """Return the newest open issue of a questionnaire that settings may start, or None."""
    return next((o for o in offered(connection, definitions, now) if o.questionnaire.id == questionnaire), None)


def start(engine: Engine, definitions: Definitions, setting_id: int, questionnaire: str, by: int, now: datetime) -> int:
    """Start an audit and return its number; one of the same issue that is not finished is gone on with."""
    with writing(engine) as connection:
        offer = offer_of(connection, definitions, questionnaire, now)
        setting = settings.setting_of(connection, setting_id, lock=True)
        if offer is None or setting is None:
            raise SelfAuditRefused("This self-audit cannot be started now. Go back to see what can be.")
        begun = [a for a in settings.audits_of(connection, setting_id) if a.cycle == offer.cycle.id and a.takes_answers]
        if begun:
            return begun[0].id
        return settings.add_audit(
            connection, setting_id=setting_id, cycle_id=offer.cycle.id,
            content_hash=offer.questionnaire.content_hash, facts=dict(setting.facts), started_at=now, started_by=by,
        )  # fmt: skip


def finish(engine: Engine, audit_id: int, now: datetime, *, finished: bool = True) -> None:
    """Mark an audit as finished, so that it stands in the history as it is; or take that back."""
    with writing(engine) as connection:
        settings.change_audit(connection, audit_id, finished_at=now if finished else None)


def audit_facts(connection: Connection, audit_id: int) -> AuditFacts | None:
    """Return one audit, or None."""
    return settings.audit_of(connection, audit_id)


def open_audit(connection: Connection, definitions: Definitions, facts: AuditFacts) -> OpenAudit:
    """Read an audit: five statements, and two more the first time a definition is met."""
    asked_of_all = definitions.of(connection, facts.content_hash)
    questionnaire = worded(asked_of_all, facts.facts)
    said = as_values(questionnaire, setting_answers.answers_of(connection, facts.id))
    notes = setting_answers.notes_of(connection, facts.id)
    shown = sees_last_time(questionnaire, facts)
    before = _last_time(connection, definitions, facts, asked_of_all) if shown else None
    return OpenAudit(facts, questionnaire, said, notes, before)


def worded(questionnaire: Questionnaire, facts: Mapping[str, object]) -> Questionnaire:
    """Return the questionnaire in the words for this kind of setting."""
    if not any(i.variants for i in questionnaire.items):
        return questionnaire
    sections = tuple(
        replace(section, items=tuple(worded_for(item, facts) for item in section.items))
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)


def _last_time(
    connection: Connection, definitions: Definitions, facts: AuditFacts, current: Questionnaire
) -> LastTime | None:
    before = _before(settings.audits_of(connection, facts.setting), facts)
    if before is None:
        return None
    then = definitions.of(connection, before.content_hash)
    lineage = definitions.lineage(then, current, criteria_only=False)
    if lineage is None:
        return None
    said = as_values(then, setting_answers.answers_of(connection, before.id)).values()
    return LastTime(before, worded(then, before.facts), lineage, tuple(said))


def _before(audits: Sequence[AuditFacts], facts: AuditFacts) -> AuditFacts | None:
    """Return the newest audit of the same questionnaire that was begun before this one and holds something."""
    earlier = [
        a for a in audits
        if a.questionnaire == facts.questionnaire and a.saved_at is not None
        and (a.started_at, a.id) < (facts.started_at, facts.id)
    ]  # fmt: skip
    return earlier[0] if earlier else None


def history_of(connection: Connection, audit_id: int) -> tuple[Mapping[str, Any], ...]:
    """Return the newest saves of answers with who and when, the newest first."""
    return setting_answers.history_of(connection, audit_id)
