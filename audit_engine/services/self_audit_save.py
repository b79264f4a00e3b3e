"""Save what somebody typed into their setting's audit, unless a colleague typed something else there meanwhile.

Different questions merge; where both changed the same one, nothing is
overwritten and both texts are handed back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.response.settings import AuditFacts, Note
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.services.save_answers import Conflict, Draft, Saved
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
            d.key: _answer(questionnaire.items_by_id[d.item], d, stored.get(d.key), today)
            for d in drafts
            if d.item in questionnaire.items_by_id and not d.area
        }
        started = {d.key: d.version for d in drafts}
        changed = {
            k: a
            for k, a in typed.items()
            if _says(questionnaire, a) != _says(questionnaire, stored.get(k) or Answer(k[0]))
        }
        stale = [k for k in changed if k in stored and stored[k].version != started[k]]
        clashes = _answers_that_clash(connection, audit_id, questionnaire, stale, changed, started)
        kept = [
            replace(a, version=(stored[k].version if k in stored else 0) + 1)
            for k, a in changed.items()
            if k not in stale
        ]
        setting_answers.keep_answers(connection, audit_id, [_as_json(questionnaire, a) for a in kept], by, now)
        if kept:
            settings.change_audit(connection, audit_id, saved_at=now)
    versions = {k: stored[k].version if k in stored else 0 for k in typed} | {a.key: a.version for a in kept}
    conflicts = {k: Conflict(stored[k], typed[k], _number(stored[k].saved_by)) for k in clashes}
    return Saved(now, len(kept), versions, conflicts)


def save_notes(engine: Engine, audit_id: int, drafts: Sequence[NoteDraft], by: int, now: datetime) -> NotesSaved:
    """Save strengths, priorities, actions and half pages; raise ``Finished`` or ``NoSuchAudit``."""
    with writing(engine) as connection:
        _taking(connection, audit_id)
        stored = setting_answers.notes_of(connection, audit_id)
        typed = {d.key: Note(d.kind, d.place, d.text, d.who, d.due, d.done_on) for d in drafts}
        started = {d.key: d.version for d in drafts}
        changed = {k: n for k, n in typed.items() if n.says != (stored.get(k) or Note(*k)).says}
        stale = [k for k in changed if k in stored and stored[k].version != started[k]]
        clashes = _notes_that_clash(connection, audit_id, stale, changed, started)
        kept = [
            replace(n, version=(stored[k].version if k in stored else 0) + 1)
            for k, n in changed.items()
            if k not in stale
        ]
        setting_answers.keep_notes(connection, audit_id, kept, by, now)
        if kept:
            settings.change_audit(connection, audit_id, saved_at=now)
    versions = {k: stored[k].version if k in stored else 0 for k in typed} | {n.key: n.version for n in kept}
    conflicts = {k: NoteConflict(stored[k], typed[k], _number(stored[k].saved_by)) for k in clashes}
    return NotesSaved(now, len(kept), versions, conflicts)


def _taking(connection: Connection, audit_id: int) -> AuditFacts:
    facts = settings.audit_of(connection, audit_id, lock=True)
    if facts is None:
        raise NoSuchAudit(audit_id)
    if not facts.takes_answers:
        raise Finished(facts)
    return facts


def _answer(item: Item, draft: Draft, stored: Answer | None, today: date) -> Answer:
    option = item.option(draft.value)
    not_applicable = option is not None and option.counts_as == "not-applicable"
    state = State.UNANSWERED if draft.value is None else State.NOT_APPLICABLE if not_applicable else State.ANSWERED
    confirmed_before = stored.confirmed_on if stored else None
    return Answer(
        item=item.id, state=state, value=draft.value, repeat=draft.repeat, commentary=draft.commentary,
        evidence=draft.evidence, reason=draft.reason,
        confirmed_on=(confirmed_before or today) if draft.confirmed else None, action_what=draft.action_what,
        action_who=draft.action_who, action_by=draft.action_by, action_how_known=draft.action_how_known,
    )  # fmt: skip


def _says(questionnaire: Questionnaire, answer: Answer) -> Mapping[str, Any]:
    """Return what an answer says as it is stored, so that nothing of a value is overlooked."""
    return _plain(setting_answers.content_of(_as_json(questionnaire, answer)))


def _as_json(questionnaire: Questionnaire, answer: Answer) -> Answer:
    if answer.value is None:
        return answer
    return replace(answer, value=ITEM_TYPES[questionnaire.items_by_id[answer.item].type].to_json(answer.value))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _answers_that_clash(
    connection: Connection,
    audit_id: int,
    questionnaire: Questionnaire,
    stale: Sequence[AnswerKey],
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
    stale: Sequence[NoteKey],
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
