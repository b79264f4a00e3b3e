"""Read and write the code book, who coded which text how, and the words of returns that are coded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, tuple_, update

from audit_engine.storage import models
from audit_engine.storage import themes_models as own
from audit_engine.storage.statements import insert_into, upsert

theme, change, question = own.theme, own.theme_change, own.theme_question
coder, reading, agreed = own.theme_coder, own.theme_reading, own.theme_agreed
answer, response, organisation, person = models.answer, models.response, models.organisation, models.person
WORDS = ("label", "definition", "heard", "bears_on", "question", "priority", "action")


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme of a code book; ``merged_into`` is the theme that it is part of now."""

    id: int
    cycle: str
    label: str
    definition: str
    heard: str = ""
    bears_on: str = ""
    question: str = ""
    priority: str = ""
    action: str = ""
    merged_into: int | None = None

    @property
    def words(self) -> dict[str, str]:
        """Return what somebody wrote about it, by column."""
        return {name: getattr(self, name) for name in WORDS}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Something that was done to a theme."""

    theme: int
    event: str
    content: Mapping[str, Any]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CoderRow:
    """One of two coders; ``done_at`` None while there is something to read."""

    place: int
    person: int | None
    name: str
    started_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """The themes that a coder found in a text, read in the state ``mark``."""

    place: int
    text: str
    themes: tuple[int, ...]
    mark: str
    final: bool


@dataclass(frozen=True, slots=True)
class AgreedRow:
    """What two coders who differed agreed on."""

    text: str
    themes: tuple[int, ...]
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WordsRow:
    """What a submitted return says in words to one question; ``version`` counts its saves."""

    return_id: int
    organisation: str
    sector: str
    areas: tuple[str, ...]
    item: str
    repeat: str
    area: str
    value: object
    commentary: str
    version: int


# --- the code book -----------------------------------------------------------------


def themes(connection: Connection, cycle_id: str) -> tuple[ThemeRow, ...]:
    """Return every theme of a code book by label, merged ones too."""
    rows = connection.execute(select(theme).where(theme.c.cycle_id == cycle_id).order_by(theme.c.label, theme.c.id))
    return tuple(map(_theme, rows))


def _theme(row: Row[Any]) -> ThemeRow:
    return ThemeRow(
        row.id, row.cycle_id, row.label, row.definition, row.heard, row.bears_on, row.question, row.priority,
        row.action, row.merged_into,
    )  # fmt: skip


def add_theme(connection: Connection, cycle_id: str, words: Mapping[str, str], by: int | None, now: datetime) -> int:
    """Add a theme and return its number."""
    values = {**words, "cycle_id": cycle_id, "made_at": now, "made_by": by}
    return int(connection.execute(insert(theme).values(**values).returning(theme.c.id)).scalar_one())


def change_theme(connection: Connection, theme_id: int, **values: Any) -> None:
    """Set columns of one theme."""
    connection.execute(update(theme).where(theme.c.id == theme_id).values(**values))


def note_change(
    connection: Connection, theme_id: int, event: str, content: Mapping[str, Any], by: int | None, now: datetime
) -> None:
    """Write down what was done to a theme."""
    values = {"theme_id": theme_id, "event": event, "content": dict(content), "made_at": now, "made_by": by}
    connection.execute(insert(change).values(**values))


def changes(connection: Connection, cycle_id: str) -> tuple[ChangeRow, ...]:
    """Return everything that was done to the themes of a code book, the newest first."""
    query = (
        select(change, person.c.name)
        .join(theme, theme.c.id == change.c.theme_id)
        .outerjoin(person, person.c.id == change.c.made_by)
        .where(theme.c.cycle_id == cycle_id)
        .order_by(change.c.id.desc())
    )
    return tuple(ChangeRow(r.theme_id, r.event, r.content, r.made_at, r.name or "") for r in connection.execute(query))


# --- which words are coded -----------------------------------------------------------


def questions(connection: Connection, cycle_id: str) -> frozenset[tuple[str, str]]:
    """Return the questions whose words are coded, as (audit or survey, question)."""
    rows = connection.execute(select(question.c.source_id, question.c.item_id).where(question.c.cycle_id == cycle_id))
    return frozenset((source, item) for source, item in rows)


def keep_questions(
    connection: Connection, cycle_id: str, chosen: Iterable[tuple[str, str]], by: int | None, now: datetime
) -> None:
    """Choose the questions whose words are coded, in place of those chosen before; one that stays keeps its day."""
    wanted = set(chosen)
    gone = sorted(questions(connection, cycle_id) - wanted)
    if gone:
        mine = tuple_(question.c.source_id, question.c.item_id).in_(gone)
        connection.execute(delete(question).where(question.c.cycle_id == cycle_id, mine))
    rows = [
        {"cycle_id": cycle_id, "source_id": s, "item_id": i, "chosen_at": now, "chosen_by": by}
        for s, i in sorted(wanted)
    ]
    if rows:
        statement = insert_into(connection, question)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["cycle_id", "source_id", "item_id"]), rows)


def words_of_returns(connection: Connection, cycle_id: str, items: Sequence[str]) -> tuple[WordsRow, ...]:
    """Return what submitted returns of a cycle say in words to some questions, in one statement."""
    columns = (answer.c.response_id, answer.c.item_id, answer.c.repeat, answer.c.area, answer.c.value)
    query = (
        select(*columns, answer.c.commentary, answer.c.version, response.c.areas, organisation.c.id.label("of"))
        .add_columns(organisation.c.sector_id)
        .join(response, response.c.id == answer.c.response_id)
        .join(organisation, organisation.c.id == response.c.organisation_id)
        .where(response.c.cycle_id == cycle_id, response.c.state == "submitted", answer.c.item_id.in_(items))
        .where(or_(answer.c.commentary != "", answer.c.value.is_not(None)))
    )
    return tuple(
        WordsRow(
            r.response_id, r.of, r.sector_id, tuple(r.areas), r.item_id, r.repeat, r.area,
            None if r.value is None else json.loads(r.value), r.commentary, r.version,
        )
        for r in connection.execute(query)
    ) if items else ()  # fmt: skip


def numbers_of_words(connection: Connection, cycle_id: str, plain: Sequence[str]) -> Mapping[str, int]:
    """Return how many submitted returns say something in words, by question; ``plain`` are answered in words alone."""
    said = or_(answer.c.commentary != "", and_(answer.c.item_id.in_(plain), answer.c.value.is_not(None)))
    query = (
        select(answer.c.item_id, func.count())
        .join(response, response.c.id == answer.c.response_id)
        .where(response.c.cycle_id == cycle_id, response.c.state == "submitted", said)
        .group_by(answer.c.item_id)
    )
    return {item: int(number) for item, number in connection.execute(query)}


# --- coding ------------------------------------------------------------------------------


def coders(connection: Connection, cycle_id: str) -> tuple[CoderRow, ...]:
    """Return the people who code, by place."""
    query = select(coder, person.c.name).outerjoin(person, person.c.id == coder.c.person_id)
    rows = connection.execute(query.where(coder.c.cycle_id == cycle_id).order_by(coder.c.place))
    return tuple(CoderRow(r.place, r.person_id, r.name or "", r.started_at, r.done_at) for r in rows)


def add_coder(connection: Connection, cycle_id: str, place: int, by: int, now: datetime) -> None:
    """Give a person a place."""
    values = {"cycle_id": cycle_id, "place": place, "person_id": by, "started_at": now}
    connection.execute(insert(coder).values(**values))


def change_coder(connection: Connection, cycle_id: str, place: int, done_at: datetime | None) -> None:
    """Write down that a coder has finished, or (None) has something to read again."""
    mine = (coder.c.cycle_id == cycle_id, coder.c.place == place)
    connection.execute(update(coder).where(*mine).values(done_at=done_at))


def drop_coder(connection: Connection, cycle_id: str, place: int) -> None:
    """Free a place; what was coded from it goes, and what was agreed on beside it."""
    connection.execute(delete(coder).where(coder.c.cycle_id == cycle_id, coder.c.place == place))
    connection.execute(delete(agreed).where(agreed.c.cycle_id == cycle_id))


def readings(connection: Connection, cycle_id: str, place: int | None = None) -> tuple[ReadingRow, ...]:
    """Return what coders found, or one of them."""
    query = select(reading).where(reading.c.cycle_id == cycle_id)
    rows = connection.execute(query if place is None else query.where(reading.c.place == place))
    return tuple(ReadingRow(r.place, r.text_id, tuple(r.themes), r.mark, r.final) for r in rows)


def keep_reading(connection: Connection, cycle_id: str, row: ReadingRow, now: datetime) -> None:
    """Write down what a coder found in a text, in place of what was found before."""
    values = {
        "cycle_id": cycle_id, "place": row.place, "text_id": row.text, "themes": list(row.themes), "mark": row.mark,
        "final": row.final, "read_at": now,
    }  # fmt: skip
    upsert(connection, reading, [values], ["cycle_id", "place", "text_id"])


def settle(connection: Connection, cycle_id: str) -> None:
    """Let no reading change any more: both coders have finished."""
    connection.execute(update(reading).where(reading.c.cycle_id == cycle_id).values(final=True))


def agreed_on(connection: Connection, cycle_id: str) -> Mapping[str, AgreedRow]:
    """Return what coders who differed agreed on, by text."""
    query = select(agreed, person.c.name).outerjoin(person, person.c.id == agreed.c.agreed_by)
    return {
        r.text_id: AgreedRow(r.text_id, tuple(r.themes), r.note, r.name or "", r.agreed_at)
        for r in connection.execute(query.where(agreed.c.cycle_id == cycle_id))
    }


def keep_agreed(
    connection: Connection, cycle_id: str, text: str, found: Sequence[int], note: str, by: int | None, now: datetime
) -> None:
    """Write down what two coders who differed agreed on."""
    values = {
        "cycle_id": cycle_id, "text_id": text, "themes": list(found), "note": note, "agreed_at": now, "agreed_by": by,
    }  # fmt: skip
    upsert(connection, agreed, [values], ["cycle_id", "text_id"])


def forget_agreed(connection: Connection, cycle_id: str, text: str) -> None:
    """Forget what was agreed on a text that has changed since."""
    connection.execute(delete(agreed).where(agreed.c.cycle_id == cycle_id, agreed.c.text_id == text))
