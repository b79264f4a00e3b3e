"""Store invented returns as if organisations had typed them: answers, history, submission, panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, update

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.response.cycles import ReturnFacts
from audit_engine.services.answering import OpenReturn
from audit_engine.services.invented import InventedReturn
from audit_engine.services.submit import submission_row
from audit_engine.storage import answer_rows, models
from audit_engine.storage.bulk import insert_many

DECLARED_BY, DECLARED_AS = "Invented chief officer", "Chief officer (invented)"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a lot of returns writes to each table."""

    answers: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    actions: list[Row] = field(default_factory=list)
    submissions: list[Row] = field(default_factory=list)
    ratings: list[Row] = field(default_factory=list)
    trail: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)


def keep_invented(
    connection: Connection,
    questionnaire: Questionnaire,
    some: Iterable[tuple[ReturnFacts, InventedReturn]],
    now: datetime,
) -> list[int]:
    """Store invented returns, of which nothing is stored yet, at moments that fit their fates.

    Return how many answers each had.
    """
    rows = _Rows()
    counted = [_gather(rows, questionnaire, facts, invented, now) for facts, invented in some]
    tables = (models.answer, models.answer_change, models.action, models.submission, models.rating, models.trail)
    gathered = (rows.answers, rows.changes, rows.actions, rows.submissions, rows.ratings, rows.trail)
    for table, its_rows in zip(tables, gathered, strict=True):
        insert_many(connection, table, its_rows)
    if rows.states:
        connection.execute(_STATES, list(rows.states))
    return counted


_STATES = (
    update(models.response)
    .where(models.response.c.id == bindparam("return_id"))
    .values({n: bindparam(f"new_{n}") for n in ("state", "started_at", "saved_at", "submission_number")})
)


def _gather(
    rows: _Rows, questionnaire: Questionnaire, facts: ReturnFacts, invented: InventedReturn, now: datetime
) -> int:
    if invented.fate == "not started":
        return 0
    at = _moment(facts, invented, now)
    said = [_stored(questionnaire, a) for a in invented.answers if a.state is not State.UNANSWERED]
    its = answer_rows.rows_of(facts.id, facts.organisation, said, None, at)
    rows.answers.extend(its.answers)
    rows.changes.extend(its.changes)
    rows.actions.extend(its.actions)
    submitted = invented.fate in ("on time", "late")
    if submitted:
        _submit(rows, questionnaire, facts, invented, at)
    state = "submitted" if submitted else "started"
    rows.states.append({
        "return_id": facts.id, "new_state": state, "new_started_at": at, "new_saved_at": at,
        "new_submission_number": int(submitted),
    })  # fmt: skip
    return len(said)


def _moment(facts: ReturnFacts, invented: InventedReturn, now: datetime) -> datetime:
    opened, closes = facts.cycle.opened_at or facts.cycle.opens_at, facts.cycle.closes_at
    if invented.fate == "late":
        return closes + (closes - opened) * 0.05
    drawn = opened + (min(closes, now) - opened) * invented.pace
    at_work = drawn.replace(hour=9 + int(invented.pace * 1000) % 8)  # nobody submits at three in the morning
    return at_work if opened < at_work < min(closes, now) else drawn


def _stored(questionnaire: Questionnaire, answer: Answer) -> Answer:
    item = questionnaire.items_by_id[answer.item]
    value = ITEM_TYPES[item.type].to_json(answer.value)
    return answer if value is answer.value else replace(answer, value=value)


def _submit(
    rows: _Rows, questionnaire: Questionnaire, facts: ReturnFacts, invented: InventedReturn, at: datetime
) -> None:
    opened = OpenReturn(facts, questionnaire, {a.key: a for a in invented.answers}, {}, "")
    rows.submissions.append(submission_row(opened, DECLARED_BY, DECLARED_AS, None, at, 1))
    rows.trail.append({
        "at": at, "person_id": None, "event": "submitted", "subject": f"return:{facts.id}",
        "content": {"number": 1, "name": DECLARED_BY, "role": DECLARED_AS},
    })  # fmt: skip
    rows.ratings.extend(
        {
            "response_id": facts.id, "item_id": p.item, "repeat": "", "area": "", "kind": kind, "rater": "",
            "value": value, "reason": p.reason, "chosen_at_random": p.at_random, "rated_at": at,
        }
        for p in invented.panel
        for kind, value in (("panel", p.value), ("evidence", str(p.evidence_grade)))
    )  # fmt: skip
