"""Which figures did others publish, and what comes of working them out again?

The files in instances/published hold sources and figures; a figure has checks,
each of a kind that ``KINDS`` lists with the keys that it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit_engine.analysis.published import (
    Change,
    Check,
    Recomputed,
    Said,
    Share,
    Split,
    Twice,
    Waves,
    percent_as_typed,
    plausible_counts,
)
from audit_engine.definition.faults import FaultLog, TooManyFaults
from audit_engine.definition.loading import Unloadable, decoded, loaded
from audit_engine.definition.nearest import listed

NOTHING_TO_CHECK = "A count by itself: nothing to work out."


class FaultyFigures(ValueError):
    """A file of published figures has a fault; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure as it was published, and what came of each check."""

    id: str
    says: str
    published: str
    note: str
    recomputed: tuple[Recomputed, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """A source and the figures taken from it."""

    title: str
    address: str
    figures: tuple[PublishedFigure, ...]


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"“{value}” is no whole number")
    return value


def _numbers(value: object) -> tuple[int, ...]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        raise TypeError(f"“{value}” is no list of whole numbers")
    return tuple(map(_number, value))


def _pair(value: object) -> tuple[int, int]:
    first, second = _numbers(value)
    return first, second


KINDS: Mapping[str, tuple[frozenset[str], Callable[[Mapping[str, Any]], Check]]] = {
    "share": (
        frozenset({"percent", "of", "interval"}),
        lambda row: Share(percent_as_typed(str(row["percent"])), _number(row["of"]), bool(row.get("interval"))),
    ),
    "parts": (frozenset({"whole", "parts"}), lambda row: Split(_number(row["whole"]), _numbers(row["parts"]))),
    "change": (
        frozenset({"percent", "to", "from"}),
        lambda row: Change(
            percent_as_typed(str(row["percent"])), _number(row["to"]), _number(row["from"]) if "from" in row else None
        ),
    ),
    "twice": (frozenset({"values"}), lambda row: Twice(_numbers(row["values"]))),
    "waves": (frozenset({"first", "second"}), lambda row: Waves(_pair(row["first"]), _pair(row["second"]))),
    "says": (frozenset({"sentence"}), lambda row: Said(str(row["sentence"]))),
}


def read_published(folder: Path) -> tuple[Publication, ...]:
    """Read every file of published figures; raise FaultyFigures for the first with a fault."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise FaultyFigures(f"There are no published figures in {folder.parent.name}/{folder.name}.")
    return tuple(publication for file in files for publication in _read(file))


def _read(file: Path) -> Iterator[Publication]:
    log = FaultLog(file.name)
    try:
        values = loaded(decoded(file.read_bytes(), log), log).values
    except (Unloadable, TooManyFaults):
        raise FaultyFigures("\n".join(map(str, log.faults))) from None
    sources = values.get("sources")
    if not isinstance(sources, list):
        raise FaultyFigures(f"{file.name}: “sources” must be a list, each with title, address and figures.")
    for number, source in enumerate(sources, 1):
        missing = [key for key in ("title", "address", "figures") if not source.get(key)]
        if missing:
            raise FaultyFigures(f"{file.name}: source {number} lacks {listed(missing)}.")
        figures = tuple(_figure(file, row) for row in source["figures"])
        yield Publication(source["title"], source["address"], figures)


def _figure(file: Path, row: Mapping[str, Any]) -> PublishedFigure:
    missing = [key for key in ("id", "says", "published") if not row.get(key)]
    if missing:
        raise FaultyFigures(f"{file.name}: the figure {row.get('id', row)} lacks {listed(missing)}.")
    checks = [_check(file, str(row["id"]), one) for one in row.get("checks", ())]
    found = tuple(check.recomputed() for check in checks) or (Recomputed(NOTHING_TO_CHECK),)
    return PublishedFigure(str(row["id"]), str(row["says"]), str(row["published"]), str(row.get("note", "")), found)


def _check(file: Path, figure: str, row: Mapping[str, Any]) -> Check:
    kind = str(row.get("kind", ""))
    if kind not in KINDS:
        raise FaultyFigures(f"{file.name}: {figure}: a check is of one of the kinds {listed(KINDS)}, not “{kind}”.")
    keys, make = KINDS[kind]
    strange = [key for key in row if key != "kind" and key not in keys]
    if strange:
        raise FaultyFigures(f"{file.name}: {figure}: “{strange[0]}” is no key of {kind}: {listed(sorted(keys))}.")
    try:
        return make(row)
    except KeyError as missing:
        raise FaultyFigures(f"{file.name}: {figure}: the check {kind} lacks “{missing.args[0]}”.") from None
    except (TypeError, ValueError, ArithmeticError) as problem:
        raise FaultyFigures(f"{file.name}: {figure}: {problem}.") from None


@dataclass(frozen=True, slots=True)
class CheckedPercentage:
    """What came of checking a percentage that somebody typed; ``faults`` by the box that each is about."""

    sentence: str = ""
    fits: bool | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


def check_typed(percent: str, of: str) -> CheckedPercentage:
    """Say whether so many people can give a percentage, both as somebody typed them, and which counts do."""
    faults: dict[str, str] = {}
    try:
        if not 0 <= Decimal(percent_as_typed(percent)) <= 100:
            faults["percent"] = "A share of people lies between 0 and 100"
    except ValueError as fault:
        faults["percent"] = str(fault)
    number = of.replace(",", "").replace(" ", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9 and int(number) > 0):
        faults["of"] = "Write how many people the percentage is of: a whole number from 1, such as 196"
    if faults:
        return CheckedPercentage(faults=faults)
    found = plausible_counts(percent, int(number))
    return CheckedPercentage(found.sentence, bool(found.counts))


def as_text(publications: Sequence[Publication]) -> Iterator[str]:
    """Yield the lines for people at a terminal."""
    for publication in publications:
        yield publication.title
        yield publication.address
        for figure in publication.figures:
            yield ""
            yield f"  {figure.says}"
            yield f"    Published:   {figure.published}"
            for one in figure.recomputed:
                yield f"    Worked out:  {one.sentence}"
            if figure.note:
                yield f"    Note:        {figure.note}"
        yield ""
    every = [one for p in publications for f in p.figures for one in f.recomputed if one.fits is not None]
    yield f"{sum(one.fits is True for one in every)} of {len(every)} checks came out as published."


def as_json(publications: Sequence[Publication]) -> list[dict[str, object]]:
    """Return the figures for machines; ``fits`` is null where nothing could be held against one."""
    return [
        {
            "source": publication.title,
            "address": publication.address,
            "figures": [
                {
                    "id": figure.id,
                    "says": figure.says,
                    "published": figure.published,
                    "recomputed": [{"sentence": one.sentence, "fits": one.fits} for one in figure.recomputed],
                    "note": figure.note,
                }
                for figure in publication.figures
            ],
        }
        for publication in publications
    ]
