"""Read an instance's partnership.yaml and cycles/*.yaml, saying of each fault what, where and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit_engine.definition.facts import Facts
from audit_engine.definition.faults import Fault, FaultLog, TooManyFaults
from audit_engine.definition.item_types import Unparsable
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded
from audit_engine.services.clock import NoSuchMoment, instant_of
from audit_engine.storage.partnership import AreaRow, LineageRow, OrganisationRow

PARTNERSHIP_KEYS = frozenset({"partnership", "areas", "sectors", "organisations", "lineage"})
ORGANISATION_KEYS = frozenset(
    {"id", "name", "sector", "areas", "parent", "opened", "closed", "aliases", "facts", "note"}
)
CYCLE_KEYS = frozenset(
    {"cycle", "title", "questionnaire", "version", "opens", "closes", "baseline", "organisations", "pilot", "note"}
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
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
    """What a cycles/*.yaml says; ``organisations`` None means all."""

    id: str
    title: str
    questionnaire: str
    version: str
    opens: datetime
    closes: datetime
    baseline: str | None
    organisations: tuple[str, ...] | None
    pilot: bool


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
        if self.log.faults:
            raise FaultyFile(self.log.in_order()[0])


def read_identity(path: Path) -> tuple[str, bool, str]:
    """Return the partnership's name, whether its answers are invented, and the e-mail address in its contact or ''."""
    file = _File(path)
    name = file.text(("partnership", "name"))
    invented = _flag(file, ("partnership", "invented"))
    address = EMAIL.search(file.text(("partnership", "contact"), ""))
    file.finish()
    return name, invented, address.group() if address else ""


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
    areas = tuple(
        AreaRow(file.text((*p, "id")), file.text((*p, "name")), {k: str(v) for k, v in (row.get("text") or {}).items()})
        for p, row in file.rows("areas")
    )
    sectors = {file.text((*p, "id")): file.text((*p, "label")) for p, _ in file.rows("sectors")}
    organisations = tuple(
        _organisation(file, p, row, sectors, {a.id for a in areas}, facts) for p, row in file.rows("organisations")
    )
    _refuse_twice(file, organisations)
    known = {o.id for o in organisations}
    lineage = tuple(line for p, row in file.rows("lineage") for line in _lineage(file, p, row, known))
    name = file.text(("partnership", "name"))
    invented = _flag(file, ("partnership", "invented"))
    file.finish()
    return PartnershipFile(name, invented, areas, sectors, organisations, lineage)


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
    places = tuple(str(a) for a in row.get("areas") or ())
    for place in places:
        if place not in areas:
            file.fault((*path, "areas"), f"No area is called “{place}”. Areas: {', '.join(sorted(areas))}.")
    return OrganisationRow(
        id=file.text((*path, "id")),
        name=file.text((*path, "name")),
        sector=sector,
        areas=places,
        facts=_facts(file, path, row.get("facts") or {}, facts),
        parent=str(row["parent"]) if row.get("parent") else None,
        aliases=tuple(str(a) for a in row.get("aliases") or ()),
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


def _refuse_twice(file: _File, organisations: tuple[OrganisationRow, ...]) -> None:
    seen: set[str] = set()
    for index, organisation in enumerate(organisations):
        if organisation.id in seen:
            file.fault(
                ("organisations", index, "id"), f"“{organisation.id}” is used twice. Ids are permanent and unique."
            )
        seen.add(organisation.id)
    for index, organisation in enumerate(organisations):
        if organisation.parent and organisation.parent not in seen:
            file.fault(("organisations", index, "parent"), f"No organisation is called “{organisation.parent}”.")


def _lineage(file: _File, path: tuple[str | int, ...], row: Mapping[str, Any], known: set[str]) -> Iterator[LineageRow]:
    relation = file.text((*path, "relation"))
    if relation not in RELATIONS:
        file.fault((*path, "relation"), f"“{relation}” is not known. Relations: {', '.join(RELATIONS)}.")
    effective = file.day((*path, "effective"))
    if effective is None:
        file.fault(path, "“effective” is missing: say from which day, like 2025-04-01.")
        return
    before, after = _ids(row, "from"), _ids(row, "to")
    for name in (*before, *after):
        if name not in known:
            file.fault(path, f"No organisation is called “{name}”.")
    note = file.text((*path, "note"), "")
    for predecessor in before or (None,):
        for successor in after or (None,):
            yield LineageRow(predecessor, successor, relation, effective, note)


def _ids(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key) or ()
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def read_cycle(path: Path) -> CycleFile:
    """Read one cycles/*.yaml, or raise ``FaultyFile`` with every fault."""
    file = _File(path)
    file.unknown_keys((), file.values, CYCLE_KEYS)
    opens, closes = _moment(file, "opens"), _moment(file, "closes")
    if opens and closes and closes <= opens:
        file.fault(("closes",), "The closing time must be later than the opening time.")
    listed = file.values.get("organisations", "all")
    if listed != "all" and not isinstance(listed, list):
        file.fault(("organisations",), "Write “all”, or a list of organisation ids.")
    found = CycleFile(
        id=file.text(("cycle",)),
        title=file.text(("title",)),
        questionnaire=file.text(("questionnaire",)),
        version=file.text(("version",)),
        opens=opens or datetime.min,
        closes=closes or datetime.min,
        baseline=file.text(("baseline",), "") or None,
        organisations=None if listed == "all" else tuple(str(i) for i in listed),
        pilot=_flag(file, ("pilot",)),
    )
    file.finish()
    return found


def _moment(file: _File, key: str) -> datetime | None:
    try:
        return instant_of(str(file.loaded.at((key,)) or ""))
    except NoSuchMoment as problem:
        file.fault((key,), str(problem))
        return None
