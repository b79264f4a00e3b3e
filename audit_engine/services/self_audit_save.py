"""Save what somebody typed into their setting's audit, unless a colleague typed something else there meanwhile.

Different questions merge; where both changed the same one, nothing is
overwritten and both texts are handed back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer
from audit_engine.response.merging import merged
from audit_engine.response.settings import AuditFacts, Note
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.services.save_answers import Conflict, Draft, Saved, answer_typed, as_json, number_of
from audit_engine.services.self_audit import AnswerKey, NoSuchAudit
from audit_engine.storage import setting_answers, settings
from audit_engine.storage.engine import writing

Key = TypeVar("Key", bound=tuple[str, ...])
NoteKey = tuple[str, str]


class Finished(Exception):
    """The audit is marked as finished, so nothing was saved."""

    def __init__(self, facts: AuditFacts) -> None:
        super().__init__(
            "What you typed was not saved, because this self-audit is marked as finished. "
            "Open it again on its own page, then save once more."
        )
        self.facts = facts


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What a form said about one note; ``version`` is the one that the page showed (0: none)."""

    kind: str
    place: str
    version: int
    text: str = ""
    who: str = ""
    due: date | None = None
    done_on: date | None = None

    @property
    def key(self) -> NoteKey:
        """Return (kind, place)."""
        return self.kind, self.place


@dataclass(frozen=True, slots=True)
class NoteConflict:
    """Two people changed the same note: what is stored, and what was typed."""

    stored: Note
    typed: Note
    stored_by: int | None


@dataclass(frozen=True, slots=True)
class NotesSaved:
    """The outcome of saving notes."""

    at: datetime
    changed: int
    versions: Mapping[NoteKey, int]
    conflicts: Mapping[NoteKey, NoteConflict] = field(default_factory=dict)


def save(
    engine: Engine, definitions: Definitions, audit_id: int, drafts: Sequence[Draft], by: int, now: datetime
) -> Saved:
    """Save drafts in one transaction of at most six statements; raise ``Finished`` or ``NoSuchAudit``."""
    with writing(engine) as connection:
        facts = _taking(connection, audit_id)
        questionnaire = definitions.of(connection, facts.content_hash)
        items = sorted({d.item for d in drafts})
        stored = as_values(questionnaire, setting_answers.answers_of(connection, audit_id, items))
        today = now.astimezone(LOCAL).date()
        typed = {
            d.key: answer_typed(questionnaire.items_by_id[d.item], d, stored.get(d.key), today)
            for d in drafts
            if d.item in questionnaire.items_by_id and not d.area
        }
        started = {d.key: d.version for d in drafts}
        changed = {
            k: a
            for k, a in typed.items()
            if _says(questionnaire, a) != _says(questionnaire, stored.get(k) or Answer(k[0]))
        }
        came = merged(changed, typed, stored, started)
        clashes = _answers_that_clash(connection, audit_id, questionnaire, came.stale, changed, started)
        rows = [as_json(questionnaire.items_by_id[a.item], a) for a in came.kept]
        setting_answers.keep_answers(connection, audit_id, rows, by, now)
        if rows:
            settings.change_audit(connection, audit_id, saved_at=now)
    conflicts = {k: Conflict(stored[k], typed[k], number_of(stored[k].saved_by)) for k in clashes}
    return Saved(now, len(rows), came.versions, conflicts)


def save_notes(engine: Engine, audit_id: int, drafts: Sequence[NoteDraft], by: int, now: datetime) -> NotesSaved:
    """Save strengths, priorities, actions and half pages; raise ``Finished`` or ``NoSuchAudit``."""
    with writing(engine) as connection:
        _taking(connection, audit_id)
        stored = setting_answers.notes_of(connection, audit_id)
        typed = {d.key: Note(d.kind, d.place, d.text, d.who, d.due, d.done_on) for d in drafts}
        started = {d.key: d.version for d in drafts}
        changed = {k: n for k, n in typed.items() if n.says != (stored.get(k) or Note(*k)).says}
        came = merged(changed, typed, stored, started)
        clashes = _notes_that_clash(connection, audit_id, came.stale, changed, started)
        setting_answers.keep_notes(connection, audit_id, came.kept, by, now)
        if came.kept:
            settings.change_audit(connection, audit_id, saved_at=now)
    conflicts = {k: NoteConflict(stored[k], typed[k], number_of(stored[k].saved_by)) for k in clashes}
    return NotesSaved(now, len(came.kept), came.versions, conflicts)


def _taking(connection: Connection, audit_id: int) -> AuditFacts:
    facts = settings.audit_of(connection, audit_id, lock=True)
    if facts is None:
        raise NoSuchAudit(audit_id)
    if not facts.takes_answers:
        raise Finished(facts)
    return facts


def _says(questionnaire: Questionnaire, answer: Answer) -> Mapping[str, Any]:
    """Return what an answer says as it is stored, so that nothing of a value is overlooked."""
    return _plain(setting_answers.content_of(as_json(questionnaire.items_by_id[answer.item], answer)))


def _answers_that_clash(
    connection: Connection,
    audit_id: int,
    questionnaire: Questionnaire,
    stale: Collection[AnswerKey],
    typed: Mapping[AnswerKey, Answer],
    started: Mapping[AnswerKey, int],
) -> frozenset[AnswerKey]:
    """Return the stale keys at which this person really typed something: theirs differs from what the page showed."""
    if not stale:
        return frozenset()
    shown = setting_answers.earlier_contents(connection, audit_id, (k[:2] for k in stale))
    nothing = setting_answers.content_of(Answer(""))
    return _differing(
        stale,
        {k: _says(questionnaire, typed[k]) for k in stale},
        {k: _plain(shown.get((k[0], k[1], started[k]), nothing)) for k in stale},
    )


def _notes_that_clash(
    connection: Connection,
    audit_id: int,
    stale: Collection[NoteKey],
    typed: Mapping[NoteKey, Note],
    started: Mapping[NoteKey, int],
) -> frozenset[NoteKey]:
    if not stale:
        return frozenset()
    shown = setting_answers.earlier_notes(connection, audit_id, stale)
    nothing = setting_answers.content_of_note(Note("", ""))
    return _differing(
        stale,
        {k: setting_answers.content_of_note(typed[k]) for k in stale},
        {k: shown.get((*k, started[k]), nothing) for k in stale},
    )


def _differing(keys: Iterable[Key], typed: Mapping[Key, object], shown: Mapping[Key, object]) -> frozenset[Key]:
    return frozenset(k for k in keys if typed[k] != shown[k])


def _plain(content: Mapping[str, Any]) -> Mapping[str, Any]:
    value = content["value"]
    return {**content, "value": list(value) if isinstance(value, tuple) else value}
