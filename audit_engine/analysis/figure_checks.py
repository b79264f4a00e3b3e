"""Do the figures of a document agree with one another, and with what was issued before?

What does not agree is a doubt: a sentence that somebody reads before the
document goes out, and answers for if it goes out all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audit_engine.analysis.figures import Doubt, Figure, Register

_RATINGS = (
    "applicable", "met", "partly-met", "not-met", "not-applicable", "unanswered", "answered", "confirmed", "due",
)  # fmt: skip
_MOVES = ("pairs", "met-then", "met-now", "gained", "lost", "net")
_PANELS = ("looked-at", "agreed", "raised", "lowered", "applicability-changed")
_RETURNS = ("in-scope", "returned", "late", "not-returned")
# The ids of one level, and how those of the level below begin and end: the names of both are the same.
LEVELS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("overall", r"standard\.[^.]+", _RATINGS),
    ("moderation", r"standard\.[^.]+\.moderation", _PANELS),
    ("returns", r"returns\.sector\.[^.]+", _RETURNS),
    ("change", r"change\.standard\.[^.]+", _MOVES),
    ("change-self", r"change-self\.standard\.[^.]+", _MOVES),
)
# In one root, a name is the sum of others; a minus takes away.
SUMS: Mapping[str, tuple[str, ...]] = {
    "in-scope": ("returned", "not-returned"),
    "due": ("applicable", "unanswered"),
    "answered": ("applicable", "not-applicable"),
    "met-now": ("met-then", "net"),
}
MOST_NAMED = 4


def doubts_about(figures: Register) -> tuple[Doubt, ...]:
    """Return everything in which the figures do not agree among themselves."""
    return (*figures.doubts, *_alone(figures), *_levels(figures), *_sums(figures))


def _alone(figures: Iterable[Figure]) -> Iterator[Doubt]:
    """Yield figures that cannot be what they say: more than their base, or a share that its counts do not give."""
    for figure in figures:
        numerator, base = figure.numerator, figure.base
        if numerator is None or base is None:
            continue
        if not 0 <= numerator <= base:
            yield Doubt(figure.id, f"{figure.text} ({figure.source}) cannot be {numerator:,} of {base:,}.")
        elif figure.kind == "share" and base and figure.value != numerator / base:
            yield Doubt(figure.id, f"{figure.text} ({figure.source}) is not what {numerator:,} of {base:,} gives.")


def _levels(figures: Register) -> Iterator[Doubt]:
    """Yield totals that are not the sum of the same figure one level down."""
    for root, below, names in LEVELS:
        for name in names:
            whole = _number(figures, f"{root}.{name}")
            pattern = re.compile(rf"{below}\.{re.escape(name)}")
            parts = [figure for figure in figures if pattern.fullmatch(figure.id)]
            total = sum(figure.value for figure in parts if isinstance(figure.value, int))
            if whole is not None and parts and total != whole:
                figure = figures[f"{root}.{name}"]
                told = f"{figure.text} ({figure.source}), and {total:,} where its {len(parts)} parts are added up"
                yield Doubt(figure.id, f"Two figures stand for one thing: {told}.")


def _sums(figures: Register) -> Iterator[Doubt]:
    """Yield figures that are not the sum of the others that make them up."""
    for figure in figures:
        root, _, name = figure.id.rpartition(".")
        if name not in SUMS or not isinstance(figure.value, int):
            continue
        parts = [(part, _number(figures, f"{root}.{part}")) for part in SUMS[name]]
        if any(value is None for _, value in parts):
            continue
        total = sum(value or 0 for _, value in parts)
        if total != figure.value:
            made_of = " + ".join(f"{part.replace('-', ' ')} {value:,}" for part, value in parts)
            yield Doubt(figure.id, f"{figure.text} ({figure.source}) is made of {made_of}, which is {total:,}.")


def _number(figures: Register, figure_id: str) -> int | None:
    value = figures[figure_id].value if figure_id in figures else None
    return value if isinstance(value, int) else None


def against_issued(figures: Register, issued: Mapping[str, Mapping[str, Any]], when: str) -> tuple[Doubt, ...]:
    """Return which figures stood otherwise in a report that was issued ``when``, of answers that could not change.

    ``issued`` are the figures of that report as they were kept, by id.  Dates are
    left out: a cut-off is meant to move.
    """
    changed = [
        (figure, issued[figure.id])
        for figure in figures
        if figure.kind != "date" and figure.id in issued and _moved(figure, issued[figure.id])
    ]
    shown = changed[:MOST_NAMED]
    doubts = [
        Doubt(figure.id, f"{figure.text} ({figure.source}) was issued as {before['text']} on {when}.")
        for figure, before in shown
    ]
    if len(changed) > len(shown):
        more = len(changed) - len(shown)
        doubts.append(Doubt(changed[len(shown)][0].id, f"{more:,} more figures differ from those issued on {when}."))
    return tuple(doubts)


def _moved(figure: Figure, before: Mapping[str, Any]) -> bool:
    return (figure.numerator, figure.base, figure.text) != (
        before.get("numerator"),
        before.get("base"),
        before.get("text"),
    )
