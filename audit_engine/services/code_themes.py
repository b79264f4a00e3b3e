"""Let two people code the same words apart from each other, then lay what they found side by side.

Neither sees what the other found until both have finished.  From then on their
readings no longer change: what they agree on afterwards is kept beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, Engine

from audit_engine.analysis.themes import CodingAgreement, Themes, coding_agreement, followed
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.theme_book import Book, ThemesRefused, book_of
from audit_engine.services.theme_texts import Areas, Source, Text, sources_of, texts_of
from audit_engine.storage import themes, trail
from audit_engine.storage.engine import writing
from audit_engine.storage.themes import AgreedRow, CoderRow, ReadingRow

PLACES = (1, 2)


@dataclass(frozen=True, slots=True)
class Coder:
    """Who asks, and the areas whose words that person may read (None: all)."""

    person: int
    areas: Areas


@dataclass(frozen=True)
class Coding:
    """The words of a cycle as one person may read them, with that person's own readings alone.

    ``mine`` is that person's place, None for somebody who does not code.
    ``waiting`` counts the texts that each coder has not read as they stand, by
    place: it tells how many, never which or what was found.
    """

    sources: tuple[Source, ...]
    book: Book
    texts: tuple[Text, ...]
    coders: tuple[CoderRow, ...]
    mine: CoderRow | None
    readings: Mapping[str, ReadingRow]
    waiting: Mapping[int, int]

    @cached_property
    def unread(self) -> tuple[Text, ...]:
        """Return the texts that are to be read still, or again."""
        return tuple(t for t in self.texts if not self.has_read(t))

    def has_read(self, text: Text) -> bool:
        """Tell whether a text was read by this coder as it stands."""
        reading = self.readings.get(text.id)
        return reading is not None and reading.mark == text.mark

    def text(self, text_id: str) -> Text | None:
        """Return one text, or None."""
        return next((t for t in self.texts if t.id == text_id), None)

    def found(self, text: Text) -> Themes:
        """Return the themes that this coder found in a text."""
        reading = self.readings.get(text.id)
        return followed(reading.themes, self.book.merged) if reading and reading.mark == text.mark else frozenset()

    def after(self, text: Text) -> Text | None:
        """Return the next text that is to be read, after this one or from the start."""
        place = self.texts.index(text)
        return next((t for t in (*self.texts[place + 1 :], *self.texts[:place]) if not self.has_read(t)), None)

    def is_final(self, text: Text) -> bool:
        """Tell whether the reading of a text as it stands no longer changes."""
        reading = self.readings.get(text.id)
        return reading is not None and reading.final and reading.mark == text.mark

    def wording(self, text: Text) -> str:
        """Return the question to which a text answers."""
        source = next(s for s in self.sources if s.cycle.id == text.question[0])
        return source.questionnaire.items_by_id[text.question[1]].text


def coding_of(connection: Connection, definitions: Definitions, cycle: CycleFacts, coder: Coder) -> Coding:
    """Return what somebody codes."""
    sources = sources_of(connection, definitions, cycle)
    texts = texts_of(connection, sources, themes.questions(connection, cycle.id), coder.areas)
    coders = themes.coders(connection, cycle.id)
    mine = next((c for c in coders if c.person == coder.person), None)
    every = themes.readings(connection, cycle.id) if coders else ()
    own = {r.text: r for r in every if mine and r.place == mine.place}
    read = {(r.place, r.text, r.mark) for r in every}
    waiting = {c.place: sum((c.place, t.id, t.mark) not in read for t in texts) for c in coders}
    return Coding(sources, book_of(connection, cycle.id), texts, coders, mine, own, waiting)


def take_place(engine: Engine, cycle_id: str, by: int, now: datetime) -> None:
    """Become one of the two coders."""
    with writing(engine) as connection:
        there = themes.coders(connection, cycle_id)
        if any(c.person == by for c in there):
            return
        free = [p for p in PLACES if p not in {c.place for c in there}]
        if not free:
            raise ThemesRefused("Two people code these words already. One of them would have to give up the place.")
        themes.add_coder(connection, cycle_id, free[0], by, now)
        trail.note(connection, "coding begun", f"cycle:{cycle_id}", by, now, place=free[0])


def give_up_place(engine: Engine, cycle_id: str, place: int, by: int, now: datetime) -> None:
    """Free a place, so that somebody else can code from the start: what was coded from it is deleted."""
    with writing(engine) as connection:
        if place not in {c.place for c in themes.coders(connection, cycle_id)}:
            raise ThemesRefused("Nobody has this place.")
        if any(r.final for r in themes.readings(connection, cycle_id, place)):
            raise ThemesRefused(
                "What both coders found has been laid side by side. Whoever began again would have seen it, so this "
                "place can no longer be given up."
            )
        themes.drop_coder(connection, cycle_id, place)
        trail.note(connection, "coding given up", f"cycle:{cycle_id}", by, now, place=place)


def keep_codes(
    engine: Engine, definitions: Definitions, cycle: CycleFacts, coder: Coder, text_id: str, found: Sequence[int],
    now: datetime,
) -> None:  # fmt: skip
    """Write down which themes a coder found in a text; () says that there are none."""
    with writing(engine) as connection:
        coding = coding_of(connection, definitions, cycle, coder)
        text = coding.text(text_id)
        if coding.mine is None or text is None:
            raise ThemesRefused("This text is not yours to code. It may have been taken out, or its question was.")
        if coding.is_final(text):
            raise ThemesRefused("Both of you have finished with this text, so what you found in it no longer changes.")
        known = {t.id for t in coding.book.standing}
        reading = ReadingRow(coding.mine.place, text.id, tuple(sorted(set(found) & known)), text.mark, False)
        themes.keep_reading(connection, cycle.id, reading, now)
        themes.forget_agreed(connection, cycle.id, text.id)
        if coding.mine.done_at is not None:
            themes.change_coder(connection, cycle.id, coding.mine.place, None)


def finish(engine: Engine, definitions: Definitions, cycle: CycleFacts, coder: Coder, now: datetime) -> None:
    """Finish coding; when both have, their readings no longer change and are compared."""
    with writing(engine) as connection:
        coding = coding_of(connection, definitions, cycle, coder)
        if coding.mine is None:
            raise ThemesRefused("You do not code these words.")
        if coding.unread or not coding.texts:
            raise ThemesRefused("There are texts that you have not read yet. Read them first.")
        themes.change_coder(connection, cycle.id, coding.mine.place, now)
        others = [c for c in coding.coders if c.place != coding.mine.place]
        if others and all(c.done_at is not None for c in others):
            themes.settle(connection, cycle.id)
        trail.note(connection, "coding finished", f"cycle:{cycle.id}", coding.mine.person, now, place=coding.mine.place)


# --- both ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A text that both coders read, with what each found and, where they differed, what they agreed on."""

    text: Text
    first: Themes
    second: Themes
    agreed: AgreedRow | None

    @property
    def same(self) -> bool:
        """Tell whether both found the same."""
        return self.first == self.second


@dataclass(frozen=True)
class Compared:
    """What two coders found, once both have finished; ``pairs`` of texts that the person who asks may read."""

    coding: Coding
    pairs: tuple[Pair, ...]
    agreement: CodingAgreement

    @cached_property
    def open_differences(self) -> tuple[Pair, ...]:
        """Return the texts on which the two differ and have not agreed."""
        return tuple(p for p in self.pairs if not p.same and p.agreed is None)

    def pair(self, text_id: str) -> Pair | None:
        """Return one text with both readings, or None."""
        return next((p for p in self.pairs if p.text.id == text_id), None)


def compared(connection: Connection, definitions: Definitions, cycle: CycleFacts, coder: Coder) -> Compared | None:
    """Return both coders' readings side by side; None until both have finished for the first time."""
    coding = coding_of(connection, definitions, cycle, coder)
    pairs = final_pairs(connection, cycle.id, coding.texts, coding.book)
    if not pairs:
        return None
    standing = [t.id for t in coding.book.standing]
    return Compared(coding, pairs, coding_agreement([(p.first, p.second) for p in pairs], standing))


def final_pairs(connection: Connection, cycle_id: str, texts: Sequence[Text], book: Book) -> tuple[Pair, ...]:
    """Return the texts that both coders have finished with, as they stand."""
    found = {(r.place, r.text): r for r in themes.readings(connection, cycle_id) if r.final}
    agreed = themes.agreed_on(connection, cycle_id)
    pairs = []
    for text in texts:
        first, second = (found.get((place, text.id)) for place in PLACES)
        if first and second and first.mark == second.mark == text.mark:
            one, other = (followed(r.themes, book.merged) for r in (first, second))
            pairs.append(Pair(text, one, other, agreed.get(text.id)))
    return tuple(pairs)


def agree(
    engine: Engine, definitions: Definitions, cycle: CycleFacts, coder: Coder, text_id: str, found: Sequence[int],
    note: str, now: datetime,
) -> None:  # fmt: skip
    """Write down what the coders agreed on for a text on which they differed; both readings stay as they were."""
    with writing(engine) as connection:
        both = compared(connection, definitions, cycle, coder)
        pair = both.pair(text_id) if both else None
        if both is None or pair is None or pair.same:
            raise ThemesRefused("There is nothing to agree on for this text.")
        if both.coding.mine is None:
            raise ThemesRefused("Only the two who coded can agree on what is in a text.")
        if not note.strip():
            raise ThemesRefused("Say in a few words why. The reason is kept.")
        known = {t.id for t in both.coding.book.standing}
        chosen = sorted(set(found) & known)
        themes.keep_agreed(connection, cycle.id, text_id, chosen, note.strip(), coder.person, now)
