"""Submit a return once, or open it again."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.definition.calculated import failed_checks
from audit_engine.response.codes import code_of
from audit_engine.response.completeness import Gap
from audit_engine.response.workflow import moved
from audit_engine.services.answering import OpenReturn, open_return
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.definitions import Definitions
from audit_engine.services.save_answers import NoSuchReturn, TooLate
from audit_engine.storage import answer_rows, returns, trail
from audit_engine.storage.engine import writing

# Letters and digits that nobody confuses when a receipt is read out over the telephone.
RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of a submission."""

    number: str
    made_at: datetime
    declared_name: str
    declared_role: str
    answers_hash: str
    again: bool


class NotComplete(Exception):
    """Something is still missing; ``gaps`` says what."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        count = len(gaps)
        super().__init__(f"{count} thing{'' if count == 1 else 's'} still to complete before you can submit.")
        self.gaps = gaps


def submit(
    engine: Engine, definitions: Definitions, return_id: int, name: str, role: str, by: int, now: datetime
) -> Receipt:
    """Submit a return and give its receipt; a return already submitted gives the receipt it has.

    Raise ``NotComplete``, or ``TooLate`` when the cycle has closed.
    """
    with writing(engine) as connection:
        facts = returns.return_of(connection, return_id, lock=True)
        if facts is None:
            raise NoSuchReturn(return_id)
        if facts.state == "submitted":
            return receipt_of(connection, return_id, again=True)
        if not facts.takes_answers(now):
            raise TooLate(facts)
        opened = open_return(connection, definitions, facts)
        missing = opened.gaps + broken_checks(opened)
        if missing:
            raise NotComplete(missing)
        return record_submission(connection, opened, name, role, by, now)


def broken_checks(opened: OpenReturn) -> tuple[Gap, ...]:
    """Return the checks across items that do not hold, as gaps at the first item that each names."""
    if isinstance(opened, CaseReturn):
        return tuple(replace(gap, repeat=case.number) for case in opened.cases for gap in broken_checks(case.view))
    if not opened.questionnaire.checks:
        return ()
    # A check that looks into a section that repeats must hold in each of its entries.
    by_entry = (failed_checks(opened.questionnaire, r.values) for r in opened.resolutions.values())
    failed = dict.fromkeys(check for checks in by_entry for check in checks)
    return tuple(Gap(check.items[0] if check.items else "", "value", check.message) for check in failed)


def record_submission(
    connection: Connection, opened: OpenReturn, name: str, role: str, by: int | None, now: datetime
) -> Receipt:
    """Write down a submission as it stands, with the hash of its answers; completeness is the caller's to check."""
    facts = opened.facts
    number = _next_number(connection, facts.id)
    returns.add_submission(connection, **submission_row(opened, name, role, by, now, number))
    state = moved(facts.state, "submit")
    returns.change_return(connection, facts.id, state=state, submission_number=number)
    trail.note(connection, "submitted", f"return:{facts.id}", by, now, number=number, name=name, role=role)
    return receipt_of(connection, facts.id, again=False)


def submission_row(
    opened: OpenReturn, name: str, role: str, by: int | None, now: datetime, number: int
) -> dict[str, object]:
    """Return what is written down of a submission; ``number`` counts those of the return."""
    text = canonical(opened)
    return {
        "response_id": opened.facts.id, "number": number, "receipt": _new_receipt(), "declared_name": name,
        "declared_role": role, "answers_hash": hashlib.sha256(text.encode()).hexdigest(), "answers": text,
        "ratings": ratings_alone(opened), "made_by": by, "made_at": now,
    }  # fmt: skip


def canonical(opened: OpenReturn) -> str:
    """Return everything a return says as JSON text that is the same for the same answers."""
    said = {"|".join(k): {**answer_rows.content_of(a), "value": _plain(a.value)} for k, a in opened.answers.items()}
    whole = {"questionnaire": opened.questionnaire.name, "definition": opened.facts.content_hash, "answers": said}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str)


def ratings_alone(opened: OpenReturn) -> dict[str, dict[str, str]]:
    """Return the ratings as digits, one a criterion in the definition's order, by area ('' for the whole organisation).

    ``codes`` are those of ``response.codes``; ``confirmed`` has 1 where a rating was confirmed unchanged.
    """
    areas = dict.fromkeys(["", *(a.area for a in opened.answers.values())])
    return {area: _digits(opened, area) for area in areas}


def _digits(opened: OpenReturn, area: str) -> dict[str, str]:
    criteria = [(item, opened.answer(item.id, area)) for item in opened.questionnaire.criteria]
    return {
        "codes": "".join(str(int(code_of(i, a, asked=opened.asked[i.id].asked))) for i, a in criteria),
        "confirmed": "".join("1" if a.confirmed_on is not None else "0" for _, a in criteria),
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _next_number(connection: Connection, return_id: int) -> int:
    standing = returns.submission_of(connection, return_id)
    return int(standing["number"]) + 1 if standing else 1


def _new_receipt() -> str:
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def receipt_of(connection: Connection, return_id: int, *, again: bool) -> Receipt:
    """Return the receipt of the submission that stands; raise ``NoSuchReturn`` when there is none."""
    row = returns.submission_of(connection, return_id)
    if row is None:
        raise NoSuchReturn(return_id)
    return Receipt(
        row["receipt"], row["made_at"], row["declared_name"], row["declared_role"], row["answers_hash"], again
    )


def reopen(engine: Engine, return_id: int, reason: str, by: int, now: datetime) -> None:
    """Open a submitted return for changes; the submission stays on record."""
    with writing(engine) as connection:
        facts = returns.return_of(connection, return_id, lock=True)
        if facts is None:
            raise NoSuchReturn(return_id)
        returns.change_return(connection, return_id, state=moved(facts.state, "reopen"))
        trail.note(connection, "reopened", f"return:{return_id}", by, now, reason=reason)
