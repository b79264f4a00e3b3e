"""How does a pattern with typed slots become a sentence whose every number can be traced?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from audit_engine.analysis.figures import Figure
from audit_engine.analysis.rounding import count_text, in_words

PieceKind = Literal["words", "figure", "name", "ref"]

# {slot}  {slot!w}: a small count in words  {slot!a}: without its sign  {slot:agency|agencies}: the word that fits
_SLOT = re.compile(r"\{(?P<slot>\w+)(?:!(?P<as>[wa]))?(?::(?P<one>[^|{}]*)\|(?P<many>[^|{}]*))?\}")
_CONVERSIONS: Mapping[str, Callable[[int], str]] = {"w": in_words, "a": lambda count: count_text(abs(count))}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of organisations, or other text that people typed; printed as a list, its digits traced to nobody."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference or title (``IS.3``, ``Section 11 audit 2024``); its digits are a name, not a figure."""

    text: str


Slot = Figure | Names | Ref


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; ``figure`` is the figure's id where the stretch prints one."""

    text: str
    kind: PieceKind = "words"
    figure: str | None = None


class BadSlot(ValueError):
    """A pattern and what was given for its slots do not fit."""

    def __init__(self, pattern: str, slot: str, reason: str) -> None:
        super().__init__(f"The slot '{slot}' of the pattern '{pattern}' {reason}.")


@dataclass(frozen=True)
class Pattern:
    """A sentence with slots; no figure is ever written into the pattern itself."""

    id: str
    words: str

    @cached_property
    def slots(self) -> frozenset[str]:
        """Return the names of the slots."""
        return frozenset(match["slot"] for match in _SLOT.finditer(self.words))

    @cached_property
    def fixed_words(self) -> str:
        """Return the pattern without its slots but with both forms of each word that follows a count."""
        return _SLOT.sub(lambda match: f"{match['one'] or ''} {match['many'] or ''}", self.words)


@dataclass(frozen=True)
class Sentence:
    """A pattern with its slots filled; raises BadSlot when one is missing or of the wrong type."""

    pattern: Pattern
    slots: tuple[tuple[str, Slot], ...]

    def __post_init__(self) -> None:
        missing = self.pattern.slots - {name for name, _ in self.slots}
        if missing:
            raise BadSlot(self.pattern.id, min(missing), "was given nothing")

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the sentence in stretches, each saying what it is."""
        first, *rest = self._stretches()
        return (Piece(first.text[:1].upper() + first.text[1:], first.kind, first.figure), *rest)

    @property
    def text(self) -> str:
        """Return the sentence as it is printed."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return the figures used, in the order of the slots given."""
        used = self.pattern.slots
        return tuple(slot for name, slot in self.slots if isinstance(slot, Figure) and name in used)

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """Return the ids of the figures used."""
        return tuple(figure.id for figure in self.figures)

    def _stretches(self) -> Iterator[Piece]:
        given, position, words = dict(self.slots), 0, self.pattern.words
        for match in _SLOT.finditer(words):
            if match.start() > position:
                yield Piece(words[position : match.start()])
            yield self._fill(match, given[match["slot"]])
            position = match.end()
        if position < len(words):
            yield Piece(words[position:])

    def _fill(self, match: re.Match[str], slot: Slot) -> Piece:
        if match["one"] is not None:
            return Piece(match["one"] if self._count(match, slot) == 1 else match["many"])
        if isinstance(slot, Figure):
            shown = _CONVERSIONS[match["as"]](self._count(match, slot)) if match["as"] else slot.text
            return Piece(shown, "figure", slot.id)
        if isinstance(slot, Names):
            return Piece(name_list(slot.names), "name")
        return Piece(slot.text, "ref")

    def _count(self, match: re.Match[str], slot: Slot) -> int:
        if isinstance(slot, Figure) and isinstance(slot.value, int):
            return slot.value
        raise BadSlot(self.pattern.id, match["slot"], "needs a count, because the words after it depend on one")


def joined(*patterns: Pattern) -> Pattern:
    """Return one pattern out of several sentences."""
    return Pattern("+".join(pattern.id for pattern in patterns), " ".join(pattern.words for pattern in patterns))


def name_list(names: tuple[str, ...]) -> str:
    """Return "A", "A and B" or "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
