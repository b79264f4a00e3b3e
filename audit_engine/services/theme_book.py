"""Keep the code book of an audit: add a theme, change its words, merge it into another; everything is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.theme_texts import Question, asked_in_words, sources_of
from audit_engine.storage import themes
from audit_engine.storage.engine import writing
from audit_engine.storage.themes import ChangeRow, ThemeRow

LONGEST_LABEL, LONGEST_WORDS = 200, 4000


class ThemesRefused(CycleRefused):
    """Something asked of themes that cannot be; the text is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Book:
    """A code book; ``merged`` leads from a theme to the one that it is part of."""

    themes: tuple[ThemeRow, ...]

    @property
    def standing(self) -> tuple[ThemeRow, ...]:
        """Return the themes that were not merged into another, by label."""
        return tuple(t for t in self.themes if t.merged_into is None)

    @property
    def merged(self) -> Mapping[int, int]:
        """Return where merged themes went."""
        return {t.id: t.merged_into for t in self.themes if t.merged_into is not None}

    def theme(self, theme_id: int) -> ThemeRow | None:
        """Return one theme, or None."""
        return next((t for t in self.themes if t.id == theme_id), None)

    def parts(self, theme_id: int) -> tuple[ThemeRow, ...]:
        """Return the themes that were merged into one, directly."""
        return tuple(t for t in self.themes if t.merged_into == theme_id)


def book_of(connection: Connection, cycle_id: str) -> Book:
    """Return the code book of a cycle."""
    return Book(themes.themes(connection, cycle_id))


def trail_of(connection: Connection, cycle_id: str) -> tuple[ChangeRow, ...]:
    """Return everything that was done to a code book, the newest first."""
    return themes.changes(connection, cycle_id)


def add_theme(engine: Engine, cycle_id: str, words: Mapping[str, str], by: int | None, now: datetime) -> int:
    """Add a theme and return its number."""
    with writing(engine) as connection:
        said = _words(words)
        _refuse(book_of(connection, cycle_id), said)
        number = themes.add_theme(connection, cycle_id, said, by, now)
        themes.note_change(connection, number, "added", _given(said), by, now)
    return number


def change_theme(
    engine: Engine, cycle_id: str, theme_id: int, words: Mapping[str, str], by: int | None, now: datetime
) -> None:
    """Change what is written of a theme, its name too; the words before are kept."""
    with writing(engine) as connection:
        book = book_of(connection, cycle_id)
        before = _standing(book, theme_id)
        said = {**before.words, **_words(words)}
        _refuse(book, said, besides=theme_id)
        changed = {name: [before.words[name], said[name]] for name in said if said[name] != before.words[name]}
        if changed:
            themes.change_theme(connection, theme_id, **said)
            themes.note_change(connection, theme_id, "changed", changed, by, now)


def merge_theme(engine: Engine, cycle_id: str, theme_id: int, into: int, by: int | None, now: datetime) -> None:
    """Merge a theme into another: what was coded with it counts as the other from then on."""
    with writing(engine) as connection:
        book = book_of(connection, cycle_id)
        gone, stays = _standing(book, theme_id), _standing(book, into)
        if gone.id == stays.id:
            raise ThemesRefused("Choose another theme: a theme cannot be merged into itself.")
        themes.change_theme(connection, gone.id, merged_into=stays.id)
        content = {"label": gone.label, "into": stays.id, "into_label": stays.label}
        themes.note_change(connection, gone.id, "merged", content, by, now)


def _words(words: Mapping[str, str]) -> dict[str, str]:
    return {name: words[name].strip() for name in themes.WORDS if name in words}


def _given(said: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in said.items() if text}


def _refuse(book: Book, said: Mapping[str, str], besides: int | None = None) -> None:
    label = said.get("label", "")
    if not label or not said.get("definition"):
        raise ThemesRefused("Give the theme a name, and say what belongs in it and what does not.")
    if len(label) > LONGEST_LABEL:
        raise ThemesRefused(f"A theme's name has at most {LONGEST_LABEL} letters.")
    if any(t.label.casefold() == label.casefold() and t.id != besides for t in book.standing):
        raise ThemesRefused(f"There is a theme called “{label}” already.")


def _standing(book: Book, theme_id: int) -> ThemeRow:
    found = book.theme(theme_id)
    if found is None or found.merged_into is not None:
        raise ThemesRefused("This theme is not in the code book, or was merged into another.")
    return found


def choose_questions(
    engine: Engine, definitions: Definitions, cycle: CycleFacts, chosen: Iterable[Question], by: int | None,
    now: datetime,
) -> int:  # fmt: skip
    """Choose the questions whose words are coded, of those that have any; return how many."""
    with writing(engine) as connection:
        there = {a.question for a in asked_in_words(connection, sources_of(connection, definitions, cycle))}
        wanted: Sequence[Question] = sorted(set(chosen) & there)
        themes.keep_questions(connection, cycle.id, wanted, by, now)
    return len(wanted)
