"""Read and write what only audits of many cases have: numbers, removal, second readings and their ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, cast, delete, func, insert, select, update

from audit_engine.storage import answer_rows, cases_models, models
from audit_engine.storage.statements import upsert

reading, rating, person = cases_models.second_reading, models.rating, models.person
answer, change = models.answer, models.answer_change
Rater = str
FIRST: Rater = "first"
SECOND: Rater = "second"


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A second person's reading of one case; ``compared_at`` once both could see each other's ratings."""

    case: str
    reader: int | None
    reader_name: str
    begun_at: datetime
    finished_at: datetime | None
    compared_at: datetime | None
    note: str
    noted_by: str
    noted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What one of the two readers chose, and why."""

    case: str
    item: str
    rater: Rater
    value: str
    reason: str


def next_number(connection: Connection, return_id: int, reference_item: str) -> int:
    """Return a number that no case of the return ever had, removed ones included."""
    query = select(func.max(cast(change.c.repeat, Integer))).where(
        change.c.response_id == return_id, change.c.item_id == reference_item, change.c.repeat != ""
    )
    return int(connection.execute(query).scalar() or 0) + 1


def wrote_in(connection: Connection, return_id: int, case: str, person_id: int, but: str) -> bool:
    """Tell whether a person ever answered a question of a case other than ``but``."""
    query = select(change.c.id).where(
        change.c.response_id == return_id, change.c.repeat == case, change.c.made_by == person_id,
        change.c.item_id != but,
    )  # fmt: skip
    return connection.execute(query.limit(1)).first() is not None


def remove(connection: Connection, return_id: int, case: str, keys: Sequence[tuple[str, str, str]]) -> None:
    """Take a case's answers, actions and ratings out of the return; the history of its answers stays."""
    if keys:
        answer_rows.clear_actions(connection, return_id, keys)
    for table in (answer, rating, reading):
        connection.execute(delete(table).where(table.c.response_id == return_id, table.c.repeat == case))


def readings(connection: Connection, return_id: int) -> Mapping[str, ReadingRow]:
    """Return the second readings of a return by case, in one statement."""
    noter = person.alias("noter")
    query = (
        select(reading, person.c.name, noter.c.name.label("noter_name"))
        .outerjoin(person, person.c.id == reading.c.reader_id)
        .outerjoin(noter, noter.c.id == reading.c.noted_by)
        .where(reading.c.response_id == return_id)
    )
    return {
        r.repeat: ReadingRow(
            r.repeat, r.reader_id, r.name or "A second reader", r.begun_at, r.finished_at, r.compared_at,
            r.note, r.noter_name or "", r.noted_at,
        )
        for r in connection.execute(query)
    }  # fmt: skip


def ratings(connection: Connection, return_id: int, case: str | None = None) -> tuple[RatingRow, ...]:
    """Return what the two readers chose, of one case or of all, in one statement."""
    query = select(rating.c.repeat, rating.c.item_id, rating.c.rater, rating.c.value, rating.c.reason).where(
        rating.c.response_id == return_id, rating.c.kind == "member", rating.c.rater.in_([FIRST, SECOND])
    )
    if case is not None:
        query = query.where(rating.c.repeat == case)
    return tuple(RatingRow(*r) for r in connection.execute(query))


def keep_ratings(connection: Connection, return_id: int, rows: Sequence[RatingRow], now: datetime) -> None:
    """Write what a reader chose, over what the same reader chose before."""
    values = [
        {"response_id": return_id, "item_id": r.item, "repeat": r.case, "area": "", "kind": "member",
         "rater": r.rater, "value": r.value, "reason": r.reason, "chosen_at_random": False, "rated_at": now}
        for r in rows
    ]  # fmt: skip
    upsert(connection, rating, values, ["response_id", "item_id", "repeat", "area", "kind", "rater"])


def forget_ratings(connection: Connection, return_id: int, case: str) -> None:
    """Take out the ratings of a second reading that was given up."""
    connection.execute(
        delete(rating).where(
            rating.c.response_id == return_id, rating.c.repeat == case, rating.c.kind == "member",
            rating.c.rater.in_([FIRST, SECOND]),
        )
    )  # fmt: skip


def add_reading(connection: Connection, return_id: int, case: str, reader: int | None, now: datetime) -> None:
    """Write down that somebody begins to read a case a second time; None where nobody knows who."""
    connection.execute(insert(reading).values(response_id=return_id, repeat=case, reader_id=reader, begun_at=now))


def change_reading(connection: Connection, return_id: int, case: str, **values: object) -> None:
    """Set columns of a second reading."""
    where = (reading.c.response_id == return_id, reading.c.repeat == case)
    connection.execute(update(reading).where(*where).values(**values))


def drop_reading(connection: Connection, return_id: int, case: str) -> None:
    """Take out a second reading that was given up."""
    connection.execute(delete(reading).where(reading.c.response_id == return_id, reading.c.repeat == case))
