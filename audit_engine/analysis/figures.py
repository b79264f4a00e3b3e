"""Which figures does a document or page use, and where does each come from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from audit_engine.analysis.rounding import count_text, half_up, percent_text, points_text, signed_text

FigureKind = Literal["count", "share", "change", "points", "date"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or date, named once.

    ``value`` is a count, a change (signed), a share between 0 and 1 (None when
    its base is 0), a difference of two shares (printed as points) or a day.
    ``numerator`` and ``base`` are kept for shares and for counts that are "k of n".
    ``parts`` are (label, count or figure id) and add up to the value of a count or
    change; ``text`` is how a sentence prints it.
    """

    id: str
    kind: FigureKind
    value: int | float | date | None
    text: str
    source: str
    numerator: int | None = None
    base: int | None = None
    parts: tuple[tuple[str, int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about a figure that somebody must look at before a document goes out; ``figure`` is its id."""

    figure: str
    sentence: str


class FigureConflict(ValueError):
    """Two figures carry one id and differ."""

    def __init__(self, first: Figure, second: Figure) -> None:
        super().__init__(
            f"The figure '{first.id}' was given as {first.text} (from {first.source}) and as {second.text} "
            f"(from {second.source}). Give the second its own id, or correct the one that is wrong."
        )


class PartsDoNotAdd(ValueError):
    """The parts of a figure do not sum to it."""

    def __init__(self, figure: Figure, total: int) -> None:
        super().__init__(
            f"The parts of the figure '{figure.id}' add up to {total}, but the figure is {figure.text}. "
            "Name the part that is missing, so that the rest can be printed."
        )


class UnknownFigure(LookupError):
    """A figure was asked for that nobody registered."""

    def __init__(self, figure_id: str) -> None:
        super().__init__(f"No figure is called '{figure_id}'. Register it before a sentence or table uses it.")


@dataclass(frozen=True)
class Register:
    """Every figure of one document, by id, in the order in which it was first given.

    ``doubts`` say where two figures were given for one id, and whose parts do not add up.
    """

    figures: Mapping[str, Figure] = field(default_factory=lambda: MappingProxyType({}))
    doubts: tuple[Doubt, ...] = ()

    def __getitem__(self, figure_id: str) -> Figure:
        if figure_id not in self.figures:
            raise UnknownFigure(figure_id)
        return self.figures[figure_id]

    def __contains__(self, figure_id: object) -> bool:
        return figure_id in self.figures

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())

    def __len__(self) -> int:
        return len(self.figures)

    def as_json(self) -> list[dict[str, object]]:
        """Return the figures as plain values, one mapping a figure."""
        return [_figure_json(figure) for figure in self]


def count_figure(
    figure_id: str, value: int, source: str, *, base: int | None = None, parts: tuple[tuple[str, int | str], ...] = ()
) -> Figure:
    """Return a count, or with ``base`` a "k of n"."""
    return Figure(figure_id, "count", value, count_text(value), source, value, base, parts)


def share_figure(figure_id: str, numerator: int, base: int, source: str, places: int = 0) -> Figure:
    """Return a share, printed without decimals unless some are asked for."""
    value = numerator / base if base else None
    return Figure(figure_id, "share", value, percent_text(numerator, base, places), source, numerator, base)


def points_figure(figure_id: str, value: float, source: str, *, signed: bool = True) -> Figure:
    """Return a difference of two shares, printed in percentage points with its sign."""
    return Figure(figure_id, "points", value, points_text(value, signed=signed), source)


def weighted_figure(figure_id: str, value: float, source: str, places: int) -> Figure:
    """Return a share that is weighted, so that no count stands behind it."""
    shown = half_up(Decimal(value) * 100, places)
    return Figure(figure_id, "share", value, f"{shown}%", source)


def change_figure(figure_id: str, value: int, source: str, parts: tuple[tuple[str, int | str], ...] = ()) -> Figure:
    """Return a change in a count, printed with its sign."""
    return Figure(figure_id, "change", value, signed_text(value), source, parts=parts)


def date_figure(figure_id: str, day: date, source: str) -> Figure:
    """Return a day, printed as "14 September 2026"."""
    return Figure(figure_id, "date", day, f"{day.day} {day:%B %Y}", source)


def register(figures: Iterable[Figure]) -> Register:
    """Return the figures as a register.

    The same figure may be given twice.  Raises FigureConflict when one id has two
    values, and PartsDoNotAdd when the parts of a count or change do not sum to it.
    """
    known: dict[str, Figure] = {}
    for figure in figures:
        earlier = known.setdefault(figure.id, figure)
        if _differ(earlier, figure):
            raise FigureConflict(earlier, figure)
    for figure in known.values():
        _check_parts(figure, known)
    return Register(MappingProxyType(known))


def collected(figures: Iterable[Figure]) -> Register:
    """Return the figures as a register that holds what is doubtful about them; of two with one id the first stays.

    For what goes out: somebody sees the doubts and decides, where ``register`` would make no document at all.
    """
    known: dict[str, Figure] = {}
    doubts: list[Doubt] = []
    for figure in figures:
        earlier = known.setdefault(figure.id, figure)
        if _differ(earlier, figure):
            both = f"{earlier.text} ({earlier.source}) and {figure.text} ({figure.source})"
            doubts.append(Doubt(figure.id, f"Two figures stand for one thing: {both}."))
    for figure in known.values():
        try:
            _check_parts(figure, known)
        except (PartsDoNotAdd, UnknownFigure):
            doubts.append(Doubt(figure.id, _parts_in_words(figure, known)))
    return Register(MappingProxyType(known), tuple(doubts))


def _differ(first: Figure, second: Figure) -> bool:
    return (first.value, first.numerator, first.base) != (second.value, second.numerator, second.base)


def _parts_in_words(figure: Figure, known: Mapping[str, Figure]) -> str:
    """Return the parts of a figure beside it; a part that nobody gave is named."""
    missing = [label for label, part in figure.parts if isinstance(part, str) and part not in known]
    if missing:
        return f"{figure.text} ({figure.source}) has a part that nobody counted: {', '.join(missing)}."
    parts = " + ".join(f"{label} {_part_value(part, known):,}" for label, part in figure.parts)
    total = sum(_part_value(part, known) for _, part in figure.parts)
    return f"{figure.text} ({figure.source}) is made of {parts}, which is {total:,}."


def _check_parts(figure: Figure, known: Mapping[str, Figure]) -> None:
    if not figure.parts or not isinstance(figure.value, int):
        return
    total = sum(_part_value(part, known) for _, part in figure.parts)
    if total != figure.value:
        raise PartsDoNotAdd(figure, total)


def _part_value(part: int | str, known: Mapping[str, Figure]) -> int:
    if isinstance(part, int):
        return part
    if part not in known:
        raise UnknownFigure(part)
    value = known[part].value
    return value if isinstance(value, int) else 0


def _figure_json(figure: Figure) -> dict[str, object]:
    value = figure.value.isoformat() if isinstance(figure.value, date) else figure.value
    return {
        "id": figure.id,
        "kind": figure.kind,
        "value": value,
        "text": figure.text,
        "numerator": figure.numerator,
        "base": figure.base,
        "parts": [list(part) for part in figure.parts],
        "source": figure.source,
    }
