"""Read an instance's partnership.yaml and cycles/*.yaml, saying of each fault what, where and what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from audit_engine.definition.facts import Facts
from audit_engine.definition.faults import MOST_FAULTS, Fault, FaultLog, TooManyFaults
from audit_engine.definition.item_types import Unparsable
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded
from audit_engine.services.clock import NoSuchMoment, instant_of
from audit_engine.storage.partnership import AreaRow, LineageRow, OrganisationRow

PARTNERSHIP_KEYS = frozenset({"partnership", "areas", "sectors", "organisations", "lineage"})
ORGANISATION_KEYS = frozenset(
    {"id", "name", "sector", "areas", "parent", "opened", "closed", "aliases", "facts", "note"}
)
CYCLE_KEYS = frozenset(
    {
        "cycle", "title", "questionnaire", "version", "opens", "closes", "baseline", "organisations", "pilot", "note",
        "surveys",
    }
)  # fmt: skip
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IDENTITY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_IDENTITY, LONGEST_NAME = 100, 200  # what the columns of the database hold
#: Days in which what people write is read where the file does not say, and the most that it may say.
READ_WITHIN, LONGEST_READING = 5, 60
NEVER = datetime.min.replace(tzinfo=UTC)
RELATIONS = ("merged", "renamed", "split", "boundary-change", "joined", "left")


class FaultyFile(Exception):
    """A file of an instance has faults; nothing was changed."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PartnershipFile:
    """What partnership.yaml says."""

    name: str
    invented: bool
    areas: tuple[AreaRow, ...]
    sectors: Mapping[str, str]
    organisations: tuple[OrganisationRow, ...]
    lineage: tuple[LineageRow, ...]


@dataclass(frozen=True, slots=True)
class CycleFile:
    """What a cycles/*.yaml says; ``organisations`` None means all, ``surveys`` are read beside an audit."""

    id: str
    title: str
    questionnaire: str
    version: str
    opens: datetime
    closes: datetime
    baseline: str | None
    organisations: tuple[str, ...] | None
    pilot: bool
    surveys: tuple[str, ...] = ()


class _File:
    """A file's values with a place for every fault."""

    def __init__(self, path: Path) -> None:
        self.log = FaultLog(path.name if path.parent.name != "cycles" else f"cycles/{path.name}")
        try:
            self.loaded: Loaded = loaded(decoded(path.read_bytes(), self.log), self.log)
        except (Unloadable, TooManyFaults):
            raise FaultyFile(tuple(self.log.faults)) from None

    @property
    def values(self) -> dict[str, Any]:
        return self.loaded.values

    def fault(self, path: tuple[str | int, ...], sentence: str) -> None:
        if len(self.log.faults) < MOST_FAULTS:
            with suppress(TooManyFaults):
                self.log.add(self.loaded.place(path), self.loaded.where(path), sentence)

    def unknown_keys(self, path: tuple[str | int, ...], mapping: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in mapping:
            if key not in known:
                self.fault((*path, key), f"“{key}” is not known here. Known: {', '.join(sorted(known))}.")

    def text(self, path: tuple[str | int, ...], default: str | None = None) -> str:
        value = self.loaded.at(path)
        if value in (None, "") and default is not None:
            return default
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(path, f"“{path[-1]}” is missing or is not text. If it is a number, put it in quotes.")
        return ""

    def name(self, path: tuple[str | int, ...]) -> str:
        found = self.text(path)
        if len(found) > LONGEST_NAME:
            self.fault(path, f"“{found[:40]}...” has {len(found)} letters; at most {LONGEST_NAME} fit.")
        return found

    def identity(self, path: tuple[str | int, ...]) -> str:
        found = self.text(path)
        if found and not (IDENTITY.fullmatch(found) and len(found) <= LONGEST_IDENTITY):
            rule = f"small letters and figures, parted by single hyphens, at most {LONGEST_IDENTITY}"
            self.fault(path, f"“{found[:40]}” cannot be an id: an id has {rule}.")
        return found

    def mapping(self, path: tuple[str | int, ...]) -> Mapping[str, Any]:
        value = self.loaded.at(path)
        if value is None or isinstance(value, dict):
            return value or {}
        self.fault(path, f"“{path[-1]}” must hold keys and values, each “key: value”.")
        return {}

    def texts(self, path: tuple[str | int, ...]) -> tuple[str, ...]:
        value = self.loaded.at(path)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        self.fault(path, f"“{path[-1]}” must be a list of texts, such as [one, two].")
        return ()

    def day(self, path: tuple[str | int, ...]) -> date | None:
        value = self.loaded.at(path)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(path, f"“{value}” is not a date. Write it like 2026-09-01.")
            return None

    def rows(self, key: str) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
        listed = self.values.get(key) or []
        if not isinstance(listed, list):
            self.fault((key,), f"“{key}” must be a list.")
            return
        for index, row in enumerate(listed):
            if isinstance(row, dict):
                yield (key, index), row
            else:
                self.fault((key, index), "Each entry must hold keys and values.")

    def finish(self) -> None:
        _refuse_faults([self])


def _refuse_faults(files: Iterable[_File]) -> None:
    faults = tuple(fault for file in files for fault in file.log.in_order()[0])
    if faults:
        raise FaultyFile(faults)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a deployment is called and how it works; ``contact`` is the e-mail address in its contact or ''.

    ``read_within`` is the number of days in which what people write must be
    read, ``risk_route`` to whom a text goes that suggests a risk.
    """

    name: str
    invented: bool
    contact: str
    read_within: int = READ_WITHIN
    risk_route: str = ""


def read_identity(path: Path) -> Identity:
    """Return what partnership.yaml says of the deployment itself, or raise ``FaultyFile``."""
    file = _File(path)
    name = file.text(("partnership", "name"))
    invented = _flag(file, ("partnership", "invented"))
    address = EMAIL.search(file.text(("partnership", "contact"), ""))
    days = _days(file, ("partnership", "free_text", "read_within_days"))
    route = file.text(("partnership", "free_text", "risk_route"), "")
    file.finish()
    return Identity(name, invented, address.group() if address else "", days, route)


def _days(file: _File, path: tuple[str | int, ...]) -> int:
    value = file.loaded.at(path)
    if value is None:
        return READ_WITHIN
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_READING:
        return value
    file.fault(path, f"“{value}” is no number of days. Write a whole number from 1 to {LONGEST_READING}.")
    return READ_WITHIN


def _flag(file: _File, path: tuple[str | int, ...]) -> bool:
    value = file.loaded.at(path)
    if value in (None, False, "no"):
        return False
    if value in (True, "yes"):
        return True
    file.fault(path, f"“{value}” is neither true nor false.")
    return False


def read_partnership(path: Path, facts: Facts) -> PartnershipFile:
    """Read partnership.yaml whole, or raise ``FaultyFile`` with every fault."""
    file = _File(path)
    file.unknown_keys((), file.values, PARTNERSHIP_KEYS)
    areas = tuple(_area(file, p) for p, _ in file.rows("areas"))
    sectors = {file.identity((*p, "id")): file.name((*p, "label")) for p, _ in file.rows("sectors")}
    organisations = tuple(
        _organisation(file, p, row, sectors, {a.id for a in areas}, facts) for p, row in file.rows("organisations")
    )
    for key, ids in (("areas", areas), ("organisations", organisations)):
        _refuse_twice(file, key, [one.id for one in ids])
    _refuse_twice(file, "sectors", [str(row.get("id")) for _, row in file.rows("sectors")])
    _refuse_parents(file, organisations)
    known = {o.id for o in organisations}
    lineage = _without_repeats(
        file, [line for p, row in file.rows("lineage") for line in _lineage(file, p, row, known)]
    )
    name = file.name(("partnership", "name"))
    invented = _flag(file, ("partnership", "invented"))
    file.finish()
    return PartnershipFile(name, invented, areas, sectors, organisations, lineage)


def _area(file: _File, path: tuple[str | int, ...]) -> AreaRow:
    local = {key: file.text((*path, "text", key), "") for key in file.mapping((*path, "text"))}
    return AreaRow(file.identity((*path, "id")), file.name((*path, "name")), local)


def _organisation(
    file: _File,
    path: tuple[str | int, ...],
    row: Mapping[str, Any],
    sectors: Mapping[str, str],
    areas: set[str],
    facts: Facts,
) -> OrganisationRow:
    file.unknown_keys(path, row, ORGANISATION_KEYS)
    sector = file.text((*path, "sector"))
    if sector and sector not in sectors:
        file.fault((*path, "sector"), f"No sector is called “{sector}”. Sectors: {', '.join(sectors)}.")
    places = tuple(dict.fromkeys(file.texts((*path, "areas"))))
    for place in places:
        if place not in areas:
            file.fault((*path, "areas"), f"No area is called “{place}”. Areas: {', '.join(sorted(areas))}.")
    return OrganisationRow(
        id=file.identity((*path, "id")),
        name=file.name((*path, "name")),
        sector=sector,
        areas=places,
        facts=_facts(file, path, file.mapping((*path, "facts")), facts),
        parent=file.text((*path, "parent"), "") or None,
        aliases=file.texts((*path, "aliases")),
        opened=file.day((*path, "opened")),
        closed=file.day((*path, "closed")),
    )


def _facts(file: _File, path: tuple[str | int, ...], given: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in facts.by_name:
            file.fault((*path, "facts", name), f"There is no fact “{name}”. Facts: {', '.join(facts.by_name)}.")
            continue
        try:
            found[name] = facts.by_name[name].parse(value)
        except Unparsable as problem:
            file.fault((*path, "facts", name), str(problem))
    return found


def _refuse_twice(file: _File, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name and name in seen:
            file.fault((key, index, "id"), f"“{name}” is used twice. Ids are permanent and unique.")
        seen.add(name)


def _refuse_parents(file: _File, organisations: tuple[OrganisationRow, ...]) -> None:
    above = {o.id: o.parent for o in organisations}
    for index, organisation in enumerate(organisations):
        if organisation.parent and organisation.parent not in above:
            file.fault(("organisations", index, "parent"), f"No organisation is called “{organisation.parent}”.")
        seen, parent = {organisation.id}, organisation.parent
        while parent and parent not in seen:
            seen.add(parent)
            parent = above.get(parent)
        if parent == organisation.id:
            file.fault(("organisations", index, "parent"), f"“{organisation.id}” is its own parent. Name another.")


def _lineage(file: _File, path: tuple[str | int, ...], row: Mapping[str, Any], known: set[str]) -> Iterator[LineageRow]:
    relation = file.text((*path, "relation"))
    if relation not in RELATIONS:
        file.fault((*path, "relation"), f"“{relation}” is not known. Relations: {', '.join(RELATIONS)}.")
    effective = file.day((*path, "effective"))
    if effective is None:
        file.fault(path, "“effective” is missing: say from which day, like 2025-04-01.")
        return
    before, after = (_ids(file, (*path, key), row.get(key)) for key in ("from", "to"))
    if not before and not after:
        file.fault(path, "This line names nobody. Write “from”, “to” or both.")
    for name in (*before, *after):
        if name not in known:
            file.fault(path, f"No organisation is called “{name}”.")
    note = file.text((*path, "note"), "")
    for predecessor in before or (None,):
        for successor in after or (None,):
            yield LineageRow(predecessor, successor, relation, effective, note)


def _ids(file: _File, path: tuple[str | int, ...], value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else file.texts(path)


def _without_repeats(file: _File, lines: Iterable[LineageRow]) -> tuple[LineageRow, ...]:
    kept: dict[tuple[str | None, str | None, str], LineageRow] = {}
    for line in lines:
        key = (line.predecessor, line.successor, line.relation)
        if key in kept:
            file.fault(("lineage",), f"“{line.predecessor}” to “{line.successor}” stands here twice. Remove one line.")
        kept[key] = line
    return tuple(kept.values())


def read_cycles(
    paths: Sequence[Path], organisations: Collection[str], opens: Mapping[str, datetime]
) -> tuple[CycleFile, ...]:
    """Read every cycles/*.yaml and hold each against the others, or raise ``FaultyFile`` with every fault.

    ``organisations`` are the ids that a cycle may name; ``opens`` says when the
    cycles that are stored already open.
    """
    files = [_File(path) for path in paths]
    found = tuple(map(_cycle, files))
    known = {**opens, **{c.id: c.opens for c in found}}
    taken: set[str] = set()
    for file, cycle in zip(files, found, strict=True):
        if cycle.id and cycle.id in taken:
            file.fault(("cycle",), f"“{cycle.id}” is used by another file too. Ids are permanent and unique.")
        taken.add(cycle.id)
        _refuse_strangers(file, cycle, organisations, known)
    _refuse_faults(files)
    return found


def _refuse_strangers(
    file: _File, cycle: CycleFile, organisations: Collection[str], opens: Mapping[str, datetime]
) -> None:
    for name in cycle.organisations or ():
        if name not in organisations:
            file.fault(("organisations",), f"No organisation is called “{name}”. Check partnership.yaml.")
    before = cycle.baseline
    if before is not None and before not in opens:
        file.fault(("baseline",), f"There is no cycle called “{before}”. Cycles: {', '.join(sorted(opens))}.")
    elif before is not None and opens[before] >= cycle.opens:
        file.fault(("baseline",), f"“{before}” does not open before this cycle, so nothing can be compared with it.")
    for name in cycle.surveys:
        if name not in opens or name == cycle.id:
            file.fault(("surveys",), f"There is no survey called “{name}”. Cycles: {', '.join(sorted(opens))}.")


def _cycle(file: _File) -> CycleFile:
    file.unknown_keys((), file.values, CYCLE_KEYS)
    opens, closes = _moment(file, "opens"), _moment(file, "closes")
    if opens and closes and closes <= opens:
        file.fault(("closes",), "The closing time must be later than the opening time.")
    listed = file.values.get("organisations", "all")
    everyone = listed == "all"
    if not everyone and not isinstance(listed, list):
        file.fault(("organisations",), "Write “all”, or a list of organisation ids.")
        everyone = True
    return CycleFile(
        id=file.identity(("cycle",)),
        title=file.name(("title",)),
        questionnaire=file.text(("questionnaire",)),
        version=file.text(("version",)),
        opens=opens or NEVER,
        closes=closes or NEVER,
        baseline=file.text(("baseline",), "") or None,
        organisations=None if everyone else tuple(dict.fromkeys(file.texts(("organisations",)))),
        pilot=_flag(file, ("pilot",)),
        surveys=tuple(dict.fromkeys(file.texts(("surveys",)))),
    )


def _moment(file: _File, key: str) -> datetime | None:
    try:
        return instant_of(str(file.loaded.at((key,)) or ""))
    except NoSuchMoment as problem:
        file.fault((key,), str(problem))
        return None
