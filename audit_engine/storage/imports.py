"""Write down and read which files of answers were brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, insert, select, update

from audit_engine.storage import imports_models as models
from audit_engine.storage import models as named_models

answer_import, person = models.answer_import, named_models.person
ImportState = Literal["running", "done", "undone"]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A file of answers that was brought in; ``rows`` is how far it came, ``opened`` that it opened the survey."""

    id: int
    cycle: str
    file: str
    sha256: str
    mapping_sha256: str
    state: ImportState
    rows: int
    replies: int
    by_organisation: Mapping[str, int]
    own_words: Mapping[str, int]
    opened: bool
    made_at: datetime
    made_by: str = ""
    finished_at: datetime | None = None
    undone_at: datetime | None = None
    reason: str = ""


def add_import(connection: Connection, **values: Any) -> int:
    """Add a file that begins to be brought in and return its number."""
    blank = {"state": "running", "rows": 0, "replies": 0, "by_organisation": {}, "own_words": {}, "reason": ""}
    done = connection.execute(insert(answer_import).values({**blank, **values}).returning(answer_import.c.id))
    return int(done.scalar_one())


def imports_of(connection: Connection, cycle_id: str) -> tuple[ImportRow, ...]:
    """Return the files brought into a survey, the newest first, those undone too."""
    query = (
        select(answer_import, person.c.name.label("who"))
        .outerjoin(person, person.c.id == answer_import.c.made_by)
        .where(answer_import.c.cycle_id == cycle_id)
        .order_by(answer_import.c.id.desc())
    )
    return tuple(_import(row, row.who or "") for row in connection.execute(query))


def import_of(connection: Connection, number: int, *, lock: bool = False) -> ImportRow | None:
    """Return one, or None; ``lock`` keeps others from changing it meanwhile."""
    query = select(answer_import).where(answer_import.c.id == number)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _import(row) if row else None


def change_import(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of one."""
    connection.execute(update(answer_import).where(answer_import.c.id == number).values(**values))


def _import(row: Row[Any], made_by: str = "") -> ImportRow:
    return ImportRow(
        row.id, row.cycle_id, row.file, row.sha256, row.mapping_sha256, cast(ImportState, row.state), row.rows,
        row.replies, row.by_organisation, row.own_words, row.opened, row.made_at, made_by, row.finished_at,
        row.undone_at, row.reason,
    )  # fmt: skip
