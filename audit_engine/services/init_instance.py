"""Load an instance's files into its database, by permanent id, as often as wanted.

Files seed, the database rules: a cycle that is open and a record that was
edited on a page stay as they are; the differences are handed back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.definition.library import Library
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.instance import Instance
from audit_engine.services.instance_files import CycleFile, PartnershipFile, read_cycles, read_partnership
from audit_engine.storage import beside, cycles, partnership
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.partnership import OrganisationRow


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded; ``kept`` are sentences about what the files no longer change."""

    organisations: int
    cycles: int
    kept: tuple[str, ...]


def init_instance(
    engine: Engine, library: Library, instance: Instance, now: datetime, *, adopt: bool = False
) -> Loaded:
    """Read all files first, then store them in one transaction; a fault in any changes nothing.

    ``adopt`` takes the files' word also for records that were edited on a page.
    """
    whole = read_partnership(instance.folder / "partnership.yaml", library.facts)
    files = _cycle_files(engine, instance, whole)
    for file in files:
        library.load(file.questionnaire, file.version)
    with writing(engine) as connection:
        kept = _keep_partnership(connection, whole, adopt)
        kept += _keep_cycles(connection, files)
    return Loaded(len(whole.organisations), len(files), tuple(kept))


def _cycle_files(engine: Engine, instance: Instance, whole: PartnershipFile) -> tuple[CycleFile, ...]:
    with reading(engine) as connection:
        there = {o.id for o in partnership.organisations(connection)}
        opens = {c.id: c.opens_at for c in cycles.cycles(connection)}
    paths = sorted((instance.folder / "cycles").glob("*.yaml"))
    return read_cycles(paths, there | {o.id for o in whole.organisations}, opens)


def _keep_partnership(connection: Connection, whole: PartnershipFile, adopt: bool) -> list[str]:
    partnership.keep_areas(connection, whole.areas)
    partnership.keep_sectors(connection, whole.sectors)
    there = {o.id: o for o in partnership.organisations(connection)}
    edited = {i for i, o in there.items() if o.edited and not adopt}
    fresh = [o for o in whole.organisations if o.id not in edited]
    partnership.keep_organisations(connection, _parents_first(fresh))
    partnership.keep_lineage(connection, whole.lineage)
    return [
        f"{o.name} was edited on a page and differs from the file; the page's version stays (--adopt takes the file's)."
        for o in whole.organisations
        if o.id in edited and _differs(o, there[o.id])
    ]


def _parents_first(rows: Sequence[OrganisationRow]) -> list[OrganisationRow]:
    above = {o.id: o.parent for o in rows}

    def depth(name: str | None) -> int:
        return 0 if name not in above else 1 + depth(above[name])

    return sorted(rows, key=lambda o: depth(o.parent))


def _differs(file: OrganisationRow, stored: OrganisationRow) -> bool:
    def said(o: OrganisationRow) -> tuple[object, ...]:
        return o.name, o.sector, sorted(o.areas), dict(o.facts), o.parent, o.opened, o.closed

    return said(file) != said(stored)


def _keep_cycles(connection: Connection, files: Sequence[CycleFile]) -> list[str]:
    there = {c.id: c for c in cycles.cycles(connection)}
    kept: list[str] = []
    for file in _baselines_first(files):
        stored = there.get(file.id)
        wanted = _facts(file)
        if stored is None or stored.opened_at is None:
            cycles.keep_cycle(connection, wanted)
        elif _facts_in_file(stored) != wanted:
            kept.append(f"{stored.title} was opened, so its file no longer changes it.")
    return kept + _keep_surveys(connection, files, there)


def _keep_surveys(connection: Connection, files: Sequence[CycleFile], there: Mapping[str, CycleFacts]) -> list[str]:
    """Name the surveys read beside each audit; one that has closed keeps those that it has."""
    named, kept = beside.survey_ids(connection), []
    for file in files:
        if set(named.get(file.id, ())) == set(file.surveys):
            continue
        if file.id in named and file.id in there and there[file.id].state == "closed":
            kept.append(f"{file.title} has closed, so its file no longer names the surveys beside it.")
        else:
            beside.keep_surveys(connection, file.id, file.surveys)
    return kept


def _facts_in_file(stored: CycleFacts) -> CycleFacts:
    return replace(stored, opened_at=None, closed_at=None, content_hash=None)


def _baselines_first(files: Sequence[CycleFile]) -> list[CycleFile]:
    return sorted(files, key=lambda f: f.opens)


def _facts(file: CycleFile) -> CycleFacts:
    return CycleFacts(
        id=file.id, title=file.title, questionnaire=file.questionnaire, version=file.version, baseline=file.baseline,
        opens_at=file.opens, closes_at=file.closes, opened_at=None, closed_at=None, content_hash=None, pilot=file.pilot,
        invited=file.organisations,
    )  # fmt: skip
