"""Store what people say without a name while their survey is open: sealed, so that nobody reads it here.

This module knows no key.  A ``key`` column holds a key's name, which tells
nothing of the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from audit_engine.storage import anonymous_models as models
from audit_engine.storage.anonymous import fresh_id
from audit_engine.storage.statements import insert_into

reply, words = models.survey_sealed_reply, models.survey_sealed_words


@dataclass(frozen=True, slots=True)
class SealedReply:
    """One person's reply as nobody can read it."""

    organisation: str
    key: str
    content: bytes


def add_replies(connection: Connection, cycle_id: str, replies: Iterable[SealedReply]) -> None:
    """Add replies under fresh ids."""
    rows = [
        {"id": fresh_id(), "cycle_id": cycle_id, "organisation_id": r.organisation, "key": r.key, "content": r.content}
        for r in replies
    ]
    if rows:
        connection.execute(insert(reply), rows)


def keys_of_replies(connection: Connection, cycle_id: str) -> frozenset[str]:
    """Return the names of the keys with which a survey's replies are sealed."""
    query = select(reply.c.key).where(reply.c.cycle_id == cycle_id).distinct()
    return frozenset(connection.execute(query).scalars())


def take_replies(connection: Connection, cycle_id: str, at_most: int) -> tuple[SealedReply, ...]:
    """Take replies of a survey out of the table, so many at a time."""
    some = select(reply.c.id).where(reply.c.cycle_id == cycle_id).limit(at_most)
    gone = delete(reply).where(reply.c.id.in_(some))
    rows = connection.execute(gone.returning(reply.c.organisation_id, reply.c.key, reply.c.content))
    return tuple(SealedReply(*row) for row in rows)


def replies_of(connection: Connection, cycle_id: str) -> Iterator[tuple[str, SealedReply]]:
    """Yield a survey's replies with their ids."""
    query = select(reply.c.id, reply.c.organisation_id, reply.c.key, reply.c.content)
    for id_, *sealed in connection.execute(query.where(reply.c.cycle_id == cycle_id)):
        yield id_, SealedReply(*sealed)


def drop_replies(connection: Connection, ids: Sequence[str]) -> None:
    """Delete replies by their ids."""
    for one in ids:
        connection.execute(delete(reply).where(reply.c.id == one))


def surveys_with_replies(connection: Connection) -> frozenset[str]:
    """Return the surveys in which anything waits."""
    query = select(reply.c.cycle_id).union(select(words.c.cycle_id))
    return frozenset(connection.execute(query).scalars())


def hold_words(connection: Connection, cycle_id: str, key: str) -> bytes | None:
    """Return a survey's words as they were sealed with a key, None where there are none, and let others wait."""
    mine = select(words.c.content).where(words.c.cycle_id == cycle_id, words.c.key == key).with_for_update()
    row = connection.execute(mine).one_or_none()
    if row is None:
        statement = insert_into(connection, words).values(cycle_id=cycle_id, key=key)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["cycle_id", "key"]))
        row = connection.execute(mine).one()
    content: bytes | None = row.content
    return content


def keep_words(connection: Connection, cycle_id: str, key: str, content: bytes) -> None:
    """Store a survey's words, sealed anew; their row is there."""
    mine = (words.c.cycle_id == cycle_id, words.c.key == key)
    connection.execute(update(words).where(*mine).values(content=content))


def words_of(connection: Connection, cycle_id: str) -> Mapping[str, bytes]:
    """Return a survey's words by the name of the key with which they are sealed."""
    query = select(words.c.key, words.c.content).where(words.c.cycle_id == cycle_id, words.c.content.is_not(None))
    return {key: content for key, content in connection.execute(query)}


def drop_words(connection: Connection, cycle_id: str, keys: Sequence[str]) -> None:
    """Delete a survey's words that are sealed with these keys."""
    connection.execute(delete(words).where(words.c.cycle_id == cycle_id, words.c.key.in_(list(keys))))


def take_words(connection: Connection, cycle_id: str) -> Mapping[str, bytes]:
    """Take a survey's words out of the table."""
    found = words_of(connection, cycle_id)
    connection.execute(delete(words).where(words.c.cycle_id == cycle_id))
    return found
