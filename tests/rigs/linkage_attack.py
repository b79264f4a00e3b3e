"""How often does somebody who has seen all that ``linkage_world`` shows name the right person for a reply or a text?

Each way to guess pairs everybody with one reply.  A way that knows nothing has
one of them right on average, however many there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.rigs.linkage_world import WROTE, Onlooker, Row, Seen, canonical, replies_in

Guess = list[str]


def right_replies(seen: Seen, guess: Sequence[str]) -> int:
    """Count the people whose reply was guessed; ``guess`` has ids of replies in the order of people."""
    by_id = {row["id"]: row["answers"] for row in seen.replies}
    return sum(person.said(by_id[one]) for person, one in zip(seen.staff, guess, strict=True))


def right_texts(seen: Seen, guess: Mapping[str, int]) -> int:
    """Count the texts whose writer was guessed; ``guess`` has people by the text's id."""
    said = {row["id"]: row["text"] for row in seen.texts}
    return sum(seen.staff[person].answers.get("p.7", "").strip() == said[one] for one, person in guess.items())


# --- by what lies where ------------------------------------------------------------


def orders(seen: Seen) -> Iterator[tuple[str, Guess]]:
    """Yield the replies in every order that is left of them at the end."""
    rows = list(seen.replies)
    keys: dict[str, Callable[[Row], Any]] = {
        "by id": lambda row: row["id"],
        "by day": lambda row: row["answered_on"],
        "by what was packed": lambda row: row["coded"],
    }
    yield "as they come", [row["id"] for row in rows]
    for name, key in keys.items():
        yield name, [row["id"] for row in sorted(rows, key=key)]
    places = _last_rows(seen.onlooker, {row["id"] for row in rows})
    for name in ("ctid", "xmin"):
        if places and name in next(iter(places.values())):
            yield f"by {name}", sorted(places, key=lambda one: (_numbers(places[one][name]), one))


def _last_rows(onlooker: Onlooker, ids: set[str]) -> Mapping[str, Row]:
    _, changed = onlooker.changed[-1]
    return {row["id"]: row for row in changed.get("survey_reply", ()) if row["id"] in ids}


def _numbers(place: str) -> tuple[int, ...]:
    return tuple(int(part) for part in place.strip("()").split(","))


def by_files(seen: Seen) -> Guess:
    """Pair replies with people by the hour in which their bytes could first be read, and by where they stood."""
    never = (len(seen.onlooker.readable), 0)

    def first(row: Row) -> tuple[int, int]:
        tokens = (row["id"], canonical(row["answers"]))
        found = [(h, there[t]) for h, there in enumerate(seen.onlooker.readable) for t in tokens if t in there]
        return min(found, default=never)

    return [row["id"] for row in sorted(seen.replies, key=lambda row: (first(row), row["id"]))]


# --- by what could be read when ------------------------------------------------------


def by_content(seen: Seen) -> Guess:
    """Pair the replies that can newly be read after a press with those who handed in last."""
    by_marks = {canonical(row["answers"]): row["id"] for row in seen.replies}
    pairs: dict[int, str] = {}
    arrived: list[int] = []
    for person, changed in seen.onlooker.changed:
        if person is not None and _handed_in(changed):
            arrived.append(person)
        new = [by_marks.pop(marks) for marks in _readable(changed) if marks in by_marks]
        late = [p for p in arrived if p not in pairs][-len(new) :] if new else []
        pairs.update(zip(late, new, strict=False))
    return _filled(seen, pairs)


def by_counts(seen: Seen) -> Guess:
    """Pair everybody with the reply that has every mark of which the counts grew at their press."""
    before: dict[tuple[str, str], int] = {}
    pairs: dict[int, str] = {}
    left = {row["id"]: row["answers"] for row in seen.replies}
    for person, changed in seen.onlooker.changed:
        grown = set()
        for row in changed.get("survey_count", ()):
            key = (row["item_id"], row["option"])
            grown.add(key)
            before[key] = row["n"]
        if person is not None and grown:
            fits = [one for one, marks in left.items() if _told(marks) <= grown]
            pairs |= {person: fits[0]} if fits else {}
            left.pop(pairs.get(person, ""), None)
    return _filled(seen, pairs)


def _told(marks: Mapping[str, list[str] | None]) -> set[tuple[str, str]]:
    return {(item, mark) for item, own in marks.items() for mark in own or () if not mark.startswith("#")}


def _handed_in(changed: Mapping[str, Sequence[Row]]) -> bool:
    return "survey_turnout" in changed


def _readable(changed: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Yield every reply that can be read in new or changed rows, in whatever column."""
    for value in _values(changed):
        yield from (marks for marks, _ in replies_in(value))


def _values(changed: Mapping[str, Sequence[Row]]) -> Iterator[bytes]:
    """Yield what stands in new or changed rows, of every column that could hold words."""
    for value in (v for rows in changed.values() for row in rows for v in row.values()):
        if isinstance(value, bytes | str):
            yield value if isinstance(value, bytes) else value.encode()
        elif isinstance(value, dict | list):
            yield json.dumps(value).encode()


def _filled(seen: Seen, pairs: Mapping[int, str]) -> Guess:
    """Give those whom nothing was found about what is left."""
    left = iter(sorted({row["id"] for row in seen.replies} - set(pairs.values())))
    return [pairs[n] if n in pairs else next(left) for n in range(len(seen.staff))]


# --- by how long it is -----------------------------------------------------------------


def by_length_of_draft(seen: Seen) -> Guess:
    """Pair the longest replies with those whose drafts were longest."""
    return _by_length(seen, _lengths(seen, "survey_draft", "answers"))


def by_length_of_what_is_sealed(seen: Seen) -> Guess:
    """Pair the longest replies with those at whose press the longest rows came."""
    return _by_length(seen, _lengths(seen, "survey_sealed_reply", "content"))


def _by_length(seen: Seen, lengths: Mapping[int, int]) -> Guess:
    people = sorted(range(len(seen.staff)), key=lambda n: lengths.get(n, 0))
    replies = sorted(seen.replies, key=lambda row: (len(json.dumps(row["answers"])), row["id"]))
    pairs = dict(zip(people, (row["id"] for row in replies), strict=True))
    return [pairs[n] for n in range(len(seen.staff))]


def _lengths(seen: Seen, table: str, column: str) -> dict[int, int]:
    """Return, by person, how long the longest row was that came or changed at their presses."""
    found: dict[int, int] = {}
    for person, changed in seen.onlooker.changed:
        sizes = [len(row[column]) for row in changed.get(table, ()) if row[column] is not None]
        if person is not None and sizes:
            found[person] = max([found.get(person, 0), *sizes])
    return found


REPLY_ATTACKS: Mapping[str, Callable[[Seen], Guess]] = {
    "by bytes in the files": by_files,
    "by what could be read": by_content,
    "by growing counts": by_counts,
    "by the length of drafts": by_length_of_draft,
    "by the length of what is sealed": by_length_of_what_is_sealed,
}

# --- words -------------------------------------------------------------------------------


def words_by_time(seen: Seen) -> dict[str, int]:
    """Pair the texts that can newly be read after a press with those who handed in last since texts came before."""
    final = {WROTE.findall(row["text"].encode())[0]: row["id"] for row in seen.texts}
    since: list[int] = []
    found: dict[str, int] = {}
    for person, changed in seen.onlooker.changed:
        if person is not None and _handed_in(changed):
            since.append(person)
        new = [final.pop(t) for v in _values(changed) for t in WROTE.findall(v) if t in final]
        if new:
            found |= dict(zip(new, since[-len(new) :], strict=False))
            since = []
    return found


def words_by_length(seen: Seen) -> dict[str, int]:
    """Pair the longest texts with those whose drafts were longest."""
    lengths = _lengths(seen, "survey_draft", "answers")
    people = sorted(lengths, key=lambda n: -lengths[n])
    texts = sorted(seen.texts, key=lambda row: (-len(row["text"]), row["id"]))
    return dict(zip((row["id"] for row in texts), people, strict=False))


def words_by_growth(seen: Seen) -> dict[str, int]:
    """Pair the longest texts with those at whose press the words that wait grew most."""
    grown: dict[int, int] = {}
    before = 0
    for person, changed in seen.onlooker.changed:
        sizes = [len(row["content"]) for row in changed.get("survey_sealed_words", ()) if row["content"] is not None]
        if person is not None and sizes:
            grown[person] = max(sizes) - before
            before = max(sizes)
    people = sorted(grown, key=lambda n: -grown[n])
    texts = sorted(seen.texts, key=lambda row: (-len(row["text"]), row["id"]))
    return dict(zip((row["id"] for row in texts), people, strict=False))


BY_LOTS = "words by time"
WORD_ATTACKS: Mapping[str, Callable[[Seen], dict[str, int]]] = {
    "words by the length of drafts": words_by_length,
    "words by growth": words_by_growth,
}


@dataclass
class Tried:
    """How many were right by one way to guess in each run, and how many mere guessing would have right in all."""

    right: list[int] = field(default_factory=list)
    by_chance: float = 0

    @property
    def beats_chance(self) -> bool:
        """Tell whether more were right than guessing has one time in a million."""
        return sum(self.right) > self.by_chance + ERRORS * self.by_chance**0.5


ERRORS = 5


def attack(runs: Iterable[Seen]) -> dict[str, Tried]:
    """Return how many are right by each way to guess."""
    found: dict[str, Tried] = {}
    for seen in runs:
        right = {name: (right_replies(seen, guess), 1) for name, guess in orders(seen)}
        right |= {name: (right_replies(seen, way(seen)), 1) for name, way in REPLY_ATTACKS.items()}
        right |= {name: (right_texts(seen, way(seen)), 1) for name, way in WORD_ATTACKS.items()}
        right[BY_LOTS] = (right_texts(seen, words_by_time(seen)), lots_of_words(seen))
        for name, (number, by_chance) in right.items():
            tried = found.setdefault(name, Tried())
            tried.right.append(number)
            tried.by_chance += by_chance
    return found


def lots_of_words(seen: Seen) -> int:
    """Return in how many lots words came out; whoever knows who wrote a lot has one of it right by guessing."""
    return sum("survey_text" in changed for _, changed in seen.onlooker.changed)


def touched(seen: Seen) -> set[str]:
    """Return the tables in which anything changed while people answered."""
    return {table for person, changed in seen.onlooker.changed if person is not None for table in changed}
