"""Programs that leave something to find: each lacks one of the things that keep a reply from its person.

An attack that fails on these too would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from audit_engine.services import sealing, survey_batches, waiting_replies
from audit_engine.storage import anonymous, anonymous_sealed

Patch = pytest.MonkeyPatch


def _in_the_clear(patch: Patch) -> None:
    for name in ("locked", "unlocked"):
        patch.setattr(waiting_replies, name, lambda _key, content, _about: content)


def _as_long_as_they_are(patch: Patch) -> None:
    patch.setattr(waiting_replies, "filled", lambda content, _room: content)


def _drafts_as_long_as_they_are(patch: Patch) -> None:
    patch.setattr(sealing, "doubled", lambda content, _room: content)


def _words_as_long_as_they_are(patch: Patch) -> None:
    patch.setattr(waiting_replies, "doubled", lambda content, _room: content)


def _numbered(patch: Patch) -> None:
    numbers = count()
    for module in (anonymous, anonymous_sealed):
        patch.setattr(module, "fresh_id", lambda: f"{next(numbers):032x}")


def _counted_one_by_one(patch: Patch) -> None:
    def counts_at_once(connection: Any, _questionnaire: object, _cycle: str, replies: Any) -> None:
        survey_batches._let_count(connection, replies)

    patch.setattr(waiting_replies, "put_away", counts_at_once)


def _counted_by_eleven(patch: Patch) -> None:
    put_away = waiting_replies.put_away

    def counts_by_eleven(connection: Any, questionnaire: Any, cycle: str, replies: Any) -> None:
        put_away(connection, questionnaire, cycle, replies)
        if anonymous.turnouts(connection, cycle)[""][0] % 11 == 0:
            survey_batches._let_count(connection, waiting_replies.take_out(connection, cycle, 11))

    patch.setattr(waiting_replies, "put_away", counts_by_eleven)


BROKEN: Mapping[str, Callable[[Patch], None]] = {
    "in the clear": _in_the_clear,
    "as long as they are": _as_long_as_they_are,
    "drafts as long as they are": _drafts_as_long_as_they_are,
    "words as long as they are": _words_as_long_as_they_are,
    "numbered": _numbered,
    "counted one by one": _counted_one_by_one,
    "counted by eleven": _counted_by_eleven,
}


@contextmanager
def broken_by(name: str) -> Iterator[None]:
    """Break the program in one of the ways of BROKEN ('': in none) for as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        if name:
            BROKEN[name](patch)
        yield
