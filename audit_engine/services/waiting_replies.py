"""How do replies wait until their survey closes, so that nobody who copies the database every hour can tell them apart?

A reply is sealed with a key that follows from the site's secret key, which is
not in the database, and is as long as any other.  Words wait together, sealed
anew at every reply.  At every eleventh reply the words to a question that
eleven have answered come out, so that a reviewer reads them in time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.analysis.survey_codes import columns_of
from audit_engine.analysis.survey_marks import asked_items, questions_of
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.services.sealing import SealBroken, as_bytes, doubled, filled, locked, unlocked
from audit_engine.storage import anonymous_sealed as stored
from audit_engine.storage.anonymous import Key, Reply
from audit_engine.storage.anonymous_sealed import SealedReply
from audit_engine.storage.engine import secrets_of

#: The words of a survey take so many bytes together, or twice, four times ... as many.
WORDS_ROOM = 32_768
# Room for a number, a day or a headcount, and for what follows from an answer.
_VALUE, _OUTCOME = 100, 20
_STEP = 256


class Unreadable(ValueError):
    """Replies that wait and cannot be opened; the text says why and what to do."""


class SealedElsewhere(Unreadable):
    """Replies that were sealed with a secret key that the site does not have."""

    def __init__(self) -> None:
        super().__init__(
            "Some replies were sealed while the site had another secret key, and cannot be read without it. "
            "Put that key into AUDIT_EARLIER_SECRET_KEYS, start the site again and try once more."
        )


class Changed(Unreadable):
    """Replies that somebody changed in the database while they waited."""

    def __init__(self) -> None:
        super().__init__(
            "Some replies were changed in the database while they waited, so they cannot be read. "
            "Look at a back-up, or leave them out: audit-engine survey leave-out CYCLE"
        )


@dataclass(frozen=True, slots=True)
class Seal:
    """What seals one survey's replies; its name stands beside them and tells nothing of the key."""

    cycle: str
    name: str
    key: bytes

    def reply(self, reply: Reply, room: int) -> SealedReply:
        """Return a reply as nobody can read it."""
        content = filled(_written(reply), room)
        return SealedReply(reply.organisation, self.name, locked(self.key, content, f"reply {reply.organisation}"))

    def opened(self, sealed: SealedReply) -> Reply:
        """Return a reply as it was given."""
        day, answers, coded = json.loads(unlocked(self.key, sealed.content, f"reply {sealed.organisation}"))
        return Reply(self.cycle, sealed.organisation, date.fromisoformat(day), answers, coded)


def _written(reply: Reply) -> bytes:
    return as_bytes([reply.answered_on.isoformat(), reply.answers, reply.coded])


@dataclass(frozen=True, slots=True)
class Words:
    """What people have written, by question, and how many replies came since words were last let out."""

    replies: int = 0
    texts: tuple[Key, ...] = ()

    @staticmethod
    def opened(seal: Seal, content: bytes | None) -> Words:
        """Return the words that were sealed; none where there was nothing."""
        if content is None:
            return Words()
        replies, texts = json.loads(unlocked(seal.key, content, "words"))
        return Words(replies, tuple((item, said) for item, said in texts))

    def sealed(self, seal: Seal) -> bytes:
        """Return the words as nobody can read them."""
        return locked(seal.key, doubled(as_bytes([self.replies, self.texts]), WORDS_ROOM), "words")

    def due(self) -> frozenset[str]:
        """Return the questions whose words come out: at every eleventh reply, those that eleven have answered.

        Looked at more often, the reply that lets words out would be known to hold some.
        """
        if self.replies < LEAST_BASE:
            return frozenset()
        return frozenset(item for item, n in Counter(item for item, _ in self.texts).items() if n >= LEAST_BASE)


def seals_of(connection: Connection, cycle_id: str) -> tuple[Seal, ...]:
    """Return what seals a survey's replies now, then what may have sealed some before the site's key was changed."""
    return tuple(_seal(cycle_id, secret) for secret in secrets_of(connection))


def _seals_for(connection: Connection, cycle_id: str, names: Collection[str]) -> Mapping[str, Seal]:
    """Return the seals of these names; raise SealedElsewhere where the site lacks one."""
    seals = {seal.name: seal for seal in seals_of(connection, cycle_id) if seal.name in names}
    if len(seals) < len(names):
        raise SealedElsewhere
    return seals


def _seal(cycle_id: str, secret: str) -> Seal:
    key = hmac.digest(secret.encode(), f"replies of {cycle_id}".encode(), "sha256")
    return Seal(cycle_id, hashlib.sha256(b"known as " + key).hexdigest()[:16], key)


# --- replies ---------------------------------------------------------------------


def put_away(connection: Connection, questionnaire: Questionnaire, cycle_id: str, replies: Iterable[Reply]) -> None:
    """Store replies sealed."""
    seal, room = seals_of(connection, cycle_id)[0], _room(questionnaire)
    stored.add_replies(connection, cycle_id, [seal.reply(one, room) for one in replies])


def take_out(connection: Connection, cycle_id: str, at_most: int) -> tuple[Reply, ...]:
    """Take replies of a survey out, opened, so many at a time; () when none is left."""
    seals = _seals_for(connection, cycle_id, stored.keys_of_replies(connection, cycle_id))
    try:
        return tuple(seals[one.key].opened(one) for one in stored.take_replies(connection, cycle_id, at_most))
    except SealBroken:
        raise Changed from None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a survey: how many replies, and how many of those nobody can open."""

    replies: int
    unreadable: int
    words: bool = True


def waiting_in(connection: Connection, cycle_id: str) -> Waiting:
    """Return what waits in a survey; ``words`` is False where not all words can be opened."""
    seals = {seal.name: seal for seal in seals_of(connection, cycle_id)}
    opened = [_opens(seals, one) for _, one in stored.replies_of(connection, cycle_id)]
    return Waiting(len(opened), opened.count(False), not _closed_words(connection, cycle_id))


def leave_out(connection: Connection, cycle_id: str) -> int:
    """Take out what cannot be opened, so that the survey can be closed, and return how many replies were lost."""
    seals = {seal.name: seal for seal in seals_of(connection, cycle_id)}
    lost = [one for one, sealed in stored.replies_of(connection, cycle_id) if not _opens(seals, sealed)]
    stored.drop_replies(connection, lost)
    stored.drop_words(connection, cycle_id, _closed_words(connection, cycle_id))
    return len(lost)


def _opens(seals: Mapping[str, Seal], sealed: SealedReply) -> bool:
    try:
        return sealed.key in seals and bool(seals[sealed.key].opened(sealed))
    except SealBroken:
        return False


def _closed_words(connection: Connection, cycle_id: str) -> list[str]:
    """Return the names of the keys of words that cannot be opened."""
    closed = []
    for name in stored.words_of(connection, cycle_id):
        try:
            words_waiting(connection, cycle_id, (name,))
        except Unreadable:
            closed.append(name)
    return closed


@lru_cache(maxsize=64)
def _room(questionnaire: Questionnaire) -> int:
    """Return a length that no reply exceeds, but for numbers of a hundred figures."""
    fullest: dict[str, list[str]] = {"": ["?" * _OUTCOME] * 2}
    fullest |= {item.id: ["?" * (_OUTCOME if item.options else _VALUE)] for item in asked_items(questionnaire)}
    for question in questions_of(questionnaire):
        marks = [mark for mark, _ in question.marks]
        fullest[question.item.id] += marks if question.several else [max(marks, key=len, default="")]
    longest = Reply("", "", date.max, fullest, "\N{CJK UNIFIED IDEOGRAPH-4E00}" * len(columns_of(questionnaire)))
    return -(-len(_written(longest)) // _STEP) * _STEP


# --- words -----------------------------------------------------------------------


def words_due(connection: Connection, cycle_id: str, texts: Sequence[Key], replies: int) -> tuple[Key, ...]:
    """Add what some replies hold in words, and return the words that come out.

    The row of a survey's words is sealed anew whether a reply holds words or not.
    Others who hand in wait here, so nothing else of a reply may be stored before.
    """
    seal = seals_of(connection, cycle_id)[0]
    before = Words.opened(seal, stored.hold_words(connection, cycle_id, seal.name))
    found = Words(before.replies + replies, (*before.texts, *texts))
    due = found.due()
    left = Words(found.replies % LEAST_BASE, tuple(one for one in found.texts if one[0] not in due))
    stored.keep_words(connection, cycle_id, seal.name, left.sealed(seal))
    return tuple(one for one in found.texts if one[0] in due)


def take_words_out(connection: Connection, cycle_id: str) -> tuple[Key, ...]:
    """Take the words that wait in a survey out."""
    return tuple(_texts(connection, cycle_id, stored.take_words(connection, cycle_id)))


def words_waiting(connection: Connection, cycle_id: str, keys: Collection[str] | None = None) -> Mapping[str, int]:
    """Return, by question, how many texts wait in a survey, sealed with these keys (None: with any)."""
    found = {k: v for k, v in stored.words_of(connection, cycle_id).items() if keys is None or k in keys}
    return Counter(item for item, _ in _texts(connection, cycle_id, found))


def forget_words(connection: Connection, cycle_id: str, items: Collection[str]) -> None:
    """Take out the words to these questions that wait."""
    seals = _seals_for(connection, cycle_id, stored.words_of(connection, cycle_id))
    for seal in seals.values():
        found = Words.opened(seal, stored.hold_words(connection, cycle_id, seal.name))
        left = Words(found.replies, tuple(one for one in found.texts if one[0] not in items))
        stored.keep_words(connection, cycle_id, seal.name, left.sealed(seal))


def _texts(connection: Connection, cycle_id: str, sealed: Mapping[str, bytes]) -> Iterator[Key]:
    seals = _seals_for(connection, cycle_id, sealed)
    try:
        for name, content in sealed.items():
            yield from Words.opened(seals[name], content).texts
    except SealBroken:
        raise Changed from None
