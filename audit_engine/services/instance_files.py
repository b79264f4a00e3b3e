"""Read an instance's partnership.yaml and cycles/*.yaml, saying of each fault what, where and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit_engine.definition.facts import Facts
from audit_engine.definition.item_types import Unparsable
from audit_engine.services.clock import NoSuchMoment, instant_of
from audit_engine.services.instance_identity import InstanceFile, flag, refuse_faults
from audit_engine.storage.partnership import AreaRow, LineageRow, OrganisationRow

AREA_KEYS = frozenset({"id", "name", "text", "note"})
SECTOR_KEYS = frozenset({"id", "label", "kinds"})
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
NEVER = datetime.min.replace(tzinfo=UTC)
RELATIONS = ("merged", "renamed", "split", "boundary-change", "joined", "left")


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


def read_partnership(path: Path, facts: Facts) -> PartnershipFile:
    """Read partnership.yaml whole, or raise ``FaultyFile`` with every fault."""
    file = InstanceFile(path)
    file.unknown_keys((), file.values, PARTNERSHIP_KEYS)
    areas = tuple(_area(file, p, row) for p, row in file.rows("areas"))
    sectors = dict(_sector(file, p, row) for p, row in file.rows("sectors"))
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
    invented = flag(file, ("partnership", "invented"))
    file.finish()
    return PartnershipFile(name, invented, areas, sectors, organisations, lineage)


def _sector(file: InstanceFile, path: tuple[str | int, ...], row: Mapping[str, Any]) -> tuple[str, str]:
    """Return a sector's id and label; its ``kinds`` are a remark for whoever fills the file in, and are not kept."""
    file.unknown_keys(path, row, SECTOR_KEYS)
    file.texts((*path, "kinds"))
    return file.identity((*path, "id")), file.name((*path, "label"))


def _area(file: InstanceFile, path: tuple[str | int, ...], row: Mapping[str, Any]) -> AreaRow:
    file.unknown_keys(path, row, AREA_KEYS)
    local = {key: file.text((*path, "text", key), "") for key in file.mapping((*path, "text"))}
    return AreaRow(file.identity((*path, "id")), file.name((*path, "name")), local, file.text((*path, "note"), ""))


def _organisation(
    file: InstanceFile,
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


def _facts(file: InstanceFile, path: tuple[str | int, ...], given: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
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


def _refuse_twice(file: InstanceFile, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name and name in seen:
            file.fault((key, index, "id"), f"“{name}” is used twice. Ids are permanent and unique.")
        seen.add(name)


def _refuse_parents(file: InstanceFile, organisations: tuple[OrganisationRow, ...]) -> None:
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


def _lineage(
    file: InstanceFile, path: tuple[str | int, ...], row: Mapping[str, Any], known: set[str]
) -> Iterator[LineageRow]:
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


def _ids(file: InstanceFile, path: tuple[str | int, ...], value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else file.texts(path)


def _without_repeats(file: InstanceFile, lines: Iterable[LineageRow]) -> tuple[LineageRow, ...]:
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
    files = [InstanceFile(path) for path in paths]
    found = tuple(map(_cycle, files))
    known = {**opens, **{c.id: c.opens for c in found}}
    taken: set[str] = set()
    for file, cycle in zip(files, found, strict=True):
        if cycle.id and cycle.id in taken:
            file.fault(("cycle",), f"“{cycle.id}” is used by another file too. Ids are permanent and unique.")
        taken.add(cycle.id)
        _refuse_strangers(file, cycle, organisations, known)
    refuse_faults(files)
    return found


def _refuse_strangers(
    file: InstanceFile, cycle: CycleFile, organisations: Collection[str], opens: Mapping[str, datetime]
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


def _cycle(file: InstanceFile) -> CycleFile:
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
        pilot=flag(file, ("pilot",)),
        surveys=tuple(dict.fromkeys(file.texts(("surveys",)))),
    )


def _moment(file: InstanceFile, key: str) -> datetime | None:
    try:
        return instant_of(str(file.loaded.at((key,)) or ""))
    except NoSuchMoment as problem:
        file.fault((key,), str(problem))
        return None
