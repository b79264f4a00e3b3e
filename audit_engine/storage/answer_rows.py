"""How are answers of a return written, with a line of history each and the actions that they name?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, tuple_, update

from audit_engine.response.answers import Answer
from audit_engine.storage import models
from audit_engine.storage.bulk import Ready, ready

answer, change, action = models.answer, models.answer_change, models.action
#: Longer texts are seldom the same twice.
_MOST_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """Answers as rows: of the answers, one of history each, and of the actions that they name.

    ``value`` is in its JSON form.
    """

    answers: Sequence[Mapping[str, Any]]
    changes: Sequence[Mapping[str, Any]]
    actions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ReadyAnswers:
    """Answers that wait only for their turn to be written."""

    answers: Ready
    changes: Ready
    actions: Ready

    @property
    def count(self) -> int:
        """Return how many answers there are."""
        return len(self.answers.values)

    def keep(self, connection: Connection) -> bool:
        """Write them, in at most three statements; False: one of them is not the next version of what is stored.

        Then the caller takes everything back: some may have been written.
        """
        if self.answers.run(connection) != self.count:
            return False
        self.changes.run(connection)
        self.actions.run(connection)
        return True


def rows_of(return_id: int, organisation_id: str, answers: Sequence[Answer], by: int | None, now: datetime) -> Rows:
    """Return answers, whose ``value`` is in its JSON form, as rows."""
    return Rows(
        [_answer_row(return_id, a, by, now) for a in answers],
        [_change_row(return_id, a, by, now) for a in answers],
        [_action_row(return_id, organisation_id, a) for a in answers if has_action(a)],
    )


_ANSWER_KEYS = ("response_id", "item_id", "repeat", "area")


def ready_answers(dialect: Dialect, rows: Rows) -> ReadyAnswers:
    """Make rows ready to be written."""
    return ReadyAnswers(
        ready(dialect, answer, rows.answers, _ANSWER_KEYS, counted="version"),
        ready(dialect, change, rows.changes),
        ready(dialect, action, rows.actions, (*_ANSWER_KEYS, "origin")),
    )


def keep_answers(
    connection: Connection,
    return_id: int,
    organisation_id: str,
    answers: Sequence[Answer],
    by: int | None,
    now: datetime,
) -> None:
    """Write answers, one row of history each, and the actions that they name: at most three statements.

    ``value`` must already be in its JSON form.  Raise ``NotNext`` unless each
    is the next version of what is stored.
    """
    rows = rows_of(return_id, organisation_id, answers, by, now)
    if not ready_answers(connection.dialect, rows).keep(connection):
        raise NotNext(return_id)


class NotNext(RuntimeError):
    """Answers that would leave out a version, or overwrite what somebody else wrote."""

    def __init__(self, return_id: int) -> None:
        super().__init__(f"Answers of return {return_id} are not the next versions of what is stored.")


def has_action(said: Answer) -> bool:
    """Tell whether the answer carries an action, or one that was emptied (version above 1)."""
    return bool(said.action_what or said.action_who or said.action_by or said.action_how_known)


def clear_actions(connection: Connection, return_id: int, keys: Sequence[tuple[str, str, str]]) -> None:
    """Empty the actions of answers whose action was taken out; the history keeps what they said."""
    connection.execute(
        update(action)
        .where(action.c.response_id == return_id, action.c.origin == "return")
        .where(tuple_(action.c.item_id, action.c.repeat, action.c.area).in_(list(keys)))
        .values(what="", who="", due=None, how_known="", status="withdrawn")
    )


_in_json = json.JSONEncoder(ensure_ascii=False).encode
_short_in_json = lru_cache(maxsize=4096)(_in_json)


def _encoded(value: object) -> str:
    """Return a value as JSON; the same few short texts are nearly all there is."""
    return _short_in_json(value) if type(value) is str and len(value) < _MOST_CHARACTERS else _in_json(value)


def _answer_row(return_id: int, said: Answer, by: int | None, now: datetime) -> dict[str, Any]:
    return {
        "response_id": return_id, "item_id": said.item, "repeat": said.repeat, "area": said.area,
        "state": str(said.state), "value": None if said.value is None else _encoded(said.value),
        "commentary": said.commentary, "evidence": said.evidence, "reason": said.reason,
        "confirmed_on": said.confirmed_on, "version": said.version, "saved_at": now, "saved_by": by,
        "unfinished": said.unfinished or None,
    }  # fmt: skip


def _change_row(return_id: int, said: Answer, by: int | None, now: datetime) -> dict[str, Any]:
    return {
        "response_id": return_id, "item_id": said.item, "repeat": said.repeat, "area": said.area,
        "version": said.version, "content": content_of(said), "made_by": by, "made_at": now,
    }  # fmt: skip


def _action_row(return_id: int, organisation_id: str, said: Answer) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id, "response_id": return_id, "item_id": said.item, "repeat": said.repeat,
        "area": said.area, "origin": "return", "what": said.action_what, "who": said.action_who,
        "due": said.action_by, "how_known": said.action_how_known, "status": "proposed",
    }  # fmt: skip


def content_of(said: Answer) -> dict[str, Any]:
    """Return everything that an answer says, in JSON's terms, for the history and for hashes."""
    unfinished = {"unfinished": said.unfinished} if said.unfinished else {}
    return unfinished | {
        "state": str(said.state),
        "value": said.value,
        "commentary": said.commentary,
        "evidence": said.evidence,
        "reason": said.reason,
        "confirmed_on": said.confirmed_on.isoformat() if said.confirmed_on else None,
        "action": {
            "what": said.action_what,
            "who": said.action_who,
            "by": said.action_by.isoformat() if said.action_by else None,
            "how_known": said.action_how_known,
        },
    }
