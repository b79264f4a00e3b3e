"""Which figures stand otherwise than in the last report that was issued, and what came in since?

Methods section 5, late or amended returns: what was issued is frozen, and a
table of revisions says what became of it, by which rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Cause = Literal["late", "amended", "reopened", "panel"]
RULES: Mapping[Cause, str] = {
    "late": "Late return: it counts from the day on which it came in",
    "amended": "Amended return: what was submitted last counts",
    "reopened": "Return opened again: it is left out until it is submitted",
    "panel": "Panel: its rating is the final one",
}
CAME: Mapping[Cause, str] = {
    "late": "Came in late", "amended": "Submitted again", "reopened": "Opened again", "panel": "Rated by a panel",
}  # fmt: skip
UNEXPLAINED = "No return or panel rating came in since: somebody has to say why"
MOST_SHOWN = 30
_FIRST = tuple(
    re.compile(pattern)
    for pattern in (
        r"returns\.[^.]+", r"overall\.[^.]+", r"change\.(pairs|met-then|met-now|gained|lost|net)",
        r"moderation\.[^.]+", r"standard\.[^.]+\.(met|share-met)", r"change\.standard\.[^.]+\.net",
    )
)  # fmt: skip
# Beside the name of the one organisation that came in, these would say how its staff see it, or what it wrote.
NEVER = ("table.", "triangulation.", "themes.")


@dataclass(frozen=True, slots=True)
class Came:
    """Something that came in after a report was issued; ``number`` says how many ratings a panel gave."""

    cause: Cause
    organisation: str
    at: datetime
    number: int = 1

    @property
    def words(self) -> str:
        """Return what happened."""
        more = f" ({self.number:,} {'rating' if self.number == 1 else 'ratings'})" if self.cause == "panel" else ""
        return f"{CAME[self.cause]}{more}"


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that stands otherwise: where it is of, as it was issued, and as it is now."""

    figure: str
    source: str
    issued: str
    now: str

    @property
    def name(self) -> str:
        """Return what the figure is called: where it is of, and what it counts."""
        what = self.figure.rpartition(".")[2].replace("-", " ")
        return f"{self.source[:1].upper()}{self.source[1:]}: {what}"

    @property
    def rank(self) -> int:
        """Return how far ahead it stands: what is of the whole audit before what is of a part of it."""
        return next((n for n, pattern in enumerate(_FIRST) if pattern.fullmatch(self.figure)), len(_FIRST))


@dataclass(frozen=True)
class Revised:
    """What became of the figures of the report that was issued then."""

    issued_at: datetime
    came: tuple[Came, ...]
    revisions: tuple[Revision, ...]

    @property
    def rule(self) -> str:
        """Return by which rules figures changed, in words."""
        found = [rule for cause, rule in RULES.items() if any(one.cause == cause for one in self.came)]
        return "; ".join(found) or UNEXPLAINED

    @property
    def brief(self) -> str:
        """Return the names of the rules alone."""
        return "; ".join(rule.split(":")[0] for rule in self.rule.split("; "))

    @property
    def shown(self) -> tuple[Revision, ...]:
        """Return the revisions that a table holds, those of the whole audit first."""
        return tuple(sorted(self.revisions, key=lambda one: one.rank))[:MOST_SHOWN]

    @property
    def more(self) -> int:
        """Return how many further figures changed."""
        return len(self.revisions) - len(self.shown)


def revisions_between(issued: Mapping[str, Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> Iterator[Revision]:
    """Yield the figures that both have and that differ, in the order of today's; days are left out.

    So are figures of tables, which are known by a place that moves with the table, and those of ``NEVER``.
    """
    for figure in now:
        name = str(figure["id"])
        before = issued.get(name)
        if before is None or figure["kind"] == "date" or name.startswith(NEVER):
            continue
        if _printed(before) != _printed(figure):
            yield Revision(name, str(figure["source"]), _text(before), _text(figure))


def _printed(figure: Mapping[str, Any]) -> tuple[object, ...]:
    return figure.get("numerator"), figure.get("base"), figure.get("text")


def _text(figure: Mapping[str, Any]) -> str:
    """Return how a figure is printed, with its base where it has one."""
    base, numerator, text = figure.get("base"), figure.get("numerator"), str(figure["text"])
    if base is None:
        return text
    if figure.get("kind") == "share":
        return f"{text} ({numerator:,} of {base:,})"
    return f"{text} of {base:,}"
