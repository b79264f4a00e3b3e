"""Save what somebody typed, unless somebody else typed something different there in the meantime.

Different questions merge; where both changed the same one, nothing is
overwritten and both texts are handed back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from audit_engine.definition.item_types import ITEM_TYPES, other_words
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.merging import merged
from audit_engine.response.workflow import moved
from audit_engine.services.answering import AnswerKey
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.storage import answer_rows, models, returns
from audit_engine.storage.engine import reading_one_by_one, writing


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form said about one item (in one area).

    ``version`` is the version that the page showed (0: none).  ``value`` is
    parsed; None means nothing was chosen.
    """

    item: str
    version: int
    value: object = None
    area: str = ""
    repeat: str = ""
    commentary: str = ""
    evidence: str = ""
    reason: str = ""
    confirmed: bool = False
    action_what: str = ""
    action_who: str = ""
    action_by: date | None = None
    action_how_known: str = ""
    unfinished: str = ""

    @property
    def key(self) -> AnswerKey:
        """Return (item, repeat, area)."""
        return self.item, self.repeat, self.area


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people changed the same answer: what is stored, and what was typed."""

    stored: Answer
    typed: Answer
    stored_by: int | None


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save; ``versions`` covers every key that was sent."""

    at: datetime
    changed: int
    versions: Mapping[AnswerKey, int]
    conflicts: Mapping[AnswerKey, Conflict] = field(default_factory=dict)


class TooLate(Exception):
    """The return no longer takes answers; what was typed has been kept aside."""

    def __init__(self, facts: ReturnFacts) -> None:
        why = (
            "it has been submitted"
            if facts.state == "submitted"
            else "it has not been opened yet"
            if facts.cycle.opened_at is None
            else "it has closed"
        )
        super().__init__(f"Your answers to {facts.cycle.title} were not saved, because {why}. What you typed is kept.")
        self.facts = facts


class NoSuchReturn(LookupError):
    """There is no return with that number."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a save is to write, worked out from what was stored when somebody looked."""

    facts: ReturnFacts
    answers: answer_rows.ReadyAnswers
    emptied: Sequence[AnswerKey]
    saved: Saved


def save_answers(
    engine: Engine,
    definitions: Definitions,
    return_id: int,
    drafts: Sequence[Draft],
    by: int,
    now: datetime,
    seen: ReturnFacts | None = None,
) -> Saved:
    """Save drafts in one transaction of at most six statements, whatever their number.

    ``seen`` is the return as the caller read it a moment ago, if they did.
    Raise ``TooLate`` (after keeping the text aside) when the return is locked.
    """
    # All others wait for whoever writes.  So everything is worked out before, and the statements that
    # write find nothing to write to where somebody was quicker; that is rare, and then it is done again.
    with reading_one_by_one(engine) as connection:
        facts = seen or _found(returns.return_of(connection, return_id), return_id)
        plan = _planned(connection, definitions, facts, drafts, by, now) if facts.takes_answers(now) else None
    if plan is not None and not plan.answers.count:
        return plan.saved
    if plan is not None:
        with suppress(_Outrun), writing(engine) as connection:
            _write(connection, plan, now)
            return plan.saved
    return _save_alone(engine, definitions, return_id, drafts, by, now)


class _Outrun(Exception):
    """Somebody else wrote, after the plan was made, what it was made from."""


def _save_alone(
    engine: Engine, definitions: Definitions, return_id: int, drafts: Sequence[Draft], by: int, now: datetime
) -> Saved:
    """Look and write while nobody else does."""
    with writing(engine) as connection:
        facts = _found(returns.return_of(connection, return_id, lock=True), return_id)
        if facts.takes_answers(now):
            plan = _planned(connection, definitions, facts, drafts, by, now)
            _write(connection, plan, now)
            return plan.saved
        _keep_aside(connection, definitions.of(connection, facts.content_hash), facts.id, drafts, by, now)
    raise TooLate(facts)


def _found(facts: ReturnFacts | None, return_id: int) -> ReturnFacts:
    if facts is None:
        raise NoSuchReturn(return_id)
    return facts


def _planned(
    connection: Connection,
    definitions: Definitions,
    facts: ReturnFacts,
    drafts: Sequence[Draft],
    by: int,
    now: datetime,
) -> _Plan:
    questionnaire = definitions.of(connection, facts.content_hash)
    stored, typed, changed = _compared(connection, questionnaire, facts.id, drafts, now)
    started_from = {d.key: d.version for d in drafts}
    came = merged(changed, typed, stored, started_from)
    clashes = _clashes(connection, facts.id, came.stale, changed, started_from) if came.stale else frozenset()
    conflicts = {k: Conflict(stored[k], typed[k], number_of(stored[k].saved_by)) for k in clashes}
    in_json = [as_json(questionnaire.items_by_id[a.item], a) for a in came.kept]
    emptied = [
        a.key
        for a in came.kept
        if not answer_rows.has_action(a) and a.key in stored and answer_rows.has_action(stored[a.key])
    ]
    rows = answer_rows.rows_of(facts.id, facts.organisation, in_json, by, now)
    answers = answer_rows.ready_answers(connection.dialect, rows)
    return _Plan(facts, answers, emptied, Saved(now, len(came.kept), came.versions, conflicts))


Answers = Mapping[AnswerKey, Answer]


def _compared(
    connection: Connection, questionnaire: Questionnaire, return_id: int, drafts: Sequence[Draft], now: datetime
) -> tuple[Answers, Answers, Answers]:
    """Return what is stored, what was typed, and those of the typed that say something else than the stored."""
    rows = returns.answers_of(connection, return_id, sorted({d.item for d in drafts}))
    stored = as_values(questionnaire, rows)
    today = now.astimezone(LOCAL).date()
    typed = {
        d.key: answer_typed(questionnaire.items_by_id[d.item], d, stored.get(d.key), today)
        for d in drafts
        if d.item in questionnaire.items_by_id
    }
    changed = {k: a for k, a in typed.items() if _says(a) != _says(stored.get(k) or Answer(k[0]))}
    return stored, typed, changed


def _write(connection: Connection, plan: _Plan, now: datetime) -> None:
    """Write what was planned; raise ``_Outrun`` where what is stored is no longer what the plan was made from."""
    if not plan.answers.count:
        return
    state = moved(plan.facts.state, "save")
    stands = returns.note_save(connection, plan.facts, state=state, saved_at=now)
    if not stands or not plan.answers.keep(connection):
        raise _Outrun
    if plan.emptied:
        answer_rows.clear_actions(connection, plan.facts.id, plan.emptied)


def answer_typed(item: Item, draft: Draft, stored: Answer | None, today: date) -> Answer:
    """Return a draft as an answer; the day of a confirmation that was there before stays."""
    option = item.option(draft.value)
    not_applicable = option is not None and option.counts_as == "not-applicable"
    state = State.UNANSWERED if draft.value is None else State.NOT_APPLICABLE if not_applicable else State.ANSWERED
    confirmed_before = stored.confirmed_on if stored else None
    return Answer(
        item=item.id, state=state, value=draft.value, repeat=draft.repeat, area=draft.area,
        commentary=draft.commentary, evidence=draft.evidence, reason=draft.reason,
        confirmed_on=(confirmed_before or today) if draft.confirmed else None,
        action_what=draft.action_what, action_who=draft.action_who, action_by=draft.action_by,
        action_how_known=draft.action_how_known, unfinished=draft.unfinished,
    )  # fmt: skip


def _says(answer: Answer) -> tuple[object, ...]:
    """Return everything a person said, without who and when."""
    return (
        answer.value, other_words(answer.value), answer.commentary, answer.evidence, answer.reason, answer.confirmed_on,
        answer.action_what, answer.action_who, answer.action_by, answer.action_how_known, answer.unfinished,
    )  # fmt: skip


def as_json(item: Item, answer: Answer) -> Answer:
    """Return an answer with its value in the form in which it is stored."""
    if answer.value is None:
        return answer
    value = ITEM_TYPES[item.type].to_json(answer.value)
    return answer if value is answer.value else replace(answer, value=value)


def number_of(text: str) -> int | None:
    """Return the number of whoever saved, None where nobody is named."""
    return int(text) if text else None


def _clashes(
    connection: Connection,
    return_id: int,
    stale: Iterable[AnswerKey],
    typed: Mapping[AnswerKey, Answer],
    started_from: Mapping[AnswerKey, int],
) -> frozenset[AnswerKey]:
    """Return the stale keys at which this person really typed something: theirs differs from what the page showed."""
    change = models.answer_change
    rows = connection.execute(
        select(change).where(change.c.response_id == return_id, change.c.item_id.in_(sorted({k[0] for k in stale})))
    )
    shown = {(r.item_id, r.repeat, r.area, r.version): r.content for r in rows}
    nothing = answer_rows.content_of(Answer(""))
    return frozenset(
        key
        for key in stale
        if _plain(answer_rows.content_of(typed[key])) != _plain(shown.get((*key, started_from[key]), nothing))
    )


def _plain(content: Mapping[str, Any]) -> Mapping[str, Any]:
    # The day of a confirmation is set by the server, so a tick that was there before is no change.
    return {**content, "state": None, "value": _listed(content["value"]), "confirmed_on": bool(content["confirmed_on"])}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _keep_aside(
    connection: Connection, questions: Questionnaire, return_id: int, drafts: Sequence[Draft], by: int, now: datetime
) -> None:
    """Keep what was typed when it cannot become an answer, so that nothing is lost (``late_texts``)."""
    _, _, changed = _compared(connection, questions, return_id, drafts, now)
    lost = [d for d in drafts if d.key in changed or d.item not in questions.items_by_id]
    if not lost:
        return
    content = {"answers": [_plainly(questions.items_by_id.get(d.item), d) for d in lost]}
    kept, why = models.kept_draft, "it came after the return was locked"
    connection.execute(insert(kept).values(response_id=return_id, content=content, why=why, made_by=by, made_at=now))


def _plainly(item: Item | None, draft: Draft) -> dict[str, Any]:
    d, value = draft, draft.value
    if item is not None and value is not None:
        value = ITEM_TYPES[item.type].to_json(value)
    by = d.action_by.isoformat() if d.action_by else ""
    return {
        "item": d.item, "repeat": d.repeat, "area": d.area, "value": value, "commentary": d.commentary,
        "evidence": d.evidence, "reason": d.reason, "action": [d.action_what, d.action_who, by, d.action_how_known],
        **({"unfinished": d.unfinished} if d.unfinished else {}),
    }  # fmt: skip
