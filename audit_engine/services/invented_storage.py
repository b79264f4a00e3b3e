"""Store an invented return as if an organisation had typed it: answers, history, submission, panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.response.cycles import ReturnFacts
from audit_engine.services.answering import OpenReturn
from audit_engine.services.invented import InventedReturn
from audit_engine.services.submit import record_submission
from audit_engine.storage import returns

DECLARED_BY = "Invented chief officer"


@dataclass(frozen=True, slots=True)
class Kept:
    """How much was stored."""

    answers: int


def keep_invented(
    connection: Connection, questionnaire: Questionnaire, facts: ReturnFacts, invented: InventedReturn, now: datetime
) -> Kept:
    """Store one invented return at moments that fit its fate."""
    if invented.fate == "not started":
        return Kept(0)
    saved_at = _moment(facts, invented, now)
    said = [_stored(questionnaire, a) for a in invented.answers if a.state is not State.UNANSWERED]
    returns.keep_answers(connection, facts.id, facts.organisation, said, None, saved_at)
    returns.change_return(connection, facts.id, state="started", started_at=saved_at, saved_at=saved_at)
    if invented.fate in ("on time", "late"):
        _submit(connection, questionnaire, facts, invented, saved_at)
    return Kept(len(said))


def _moment(facts: ReturnFacts, invented: InventedReturn, now: datetime) -> datetime:
    opened, closes = facts.cycle.opened_at or facts.cycle.opens_at, facts.cycle.closes_at
    if invented.fate == "late":
        return closes + (closes - opened) * 0.05
    drawn = opened + (min(closes, now) - opened) * invented.pace
    at_work = drawn.replace(hour=9 + int(invented.pace * 1000) % 8)  # nobody submits at three in the morning
    return at_work if opened < at_work < min(closes, now) else drawn


def _stored(questionnaire: Questionnaire, answer: Answer) -> Answer:
    item = questionnaire.items_by_id[answer.item]
    return replace(answer, value=ITEM_TYPES[item.type].to_json(answer.value), version=1)


def _submit(
    connection: Connection, questionnaire: Questionnaire, facts: ReturnFacts, invented: InventedReturn, at: datetime
) -> None:
    opened = OpenReturn(facts, questionnaire, {a.key: a for a in invented.answers}, {}, "")
    record_submission(connection, _as_started(opened), DECLARED_BY, "Chief officer (invented)", None, at)
    rows = [
        {
            "response_id": facts.id, "item_id": p.item, "repeat": "", "area": "", "kind": kind, "rater": "",
            "value": value, "reason": p.reason, "chosen_at_random": p.at_random, "rated_at": at,
        }
        for p in invented.panel
        for kind, value in (("panel", p.value), ("evidence", str(p.evidence_grade)))
    ]  # fmt: skip
    returns.add_ratings(connection, rows)


def _as_started(opened: OpenReturn) -> OpenReturn:
    return replace(opened, facts=replace(opened.facts, state="started"))
