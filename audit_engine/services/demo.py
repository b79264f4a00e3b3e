"""Fill an invented instance with people, and with three cycles of invented answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Connection, Engine

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.response.earlier import Earlier, earlier_answers
from audit_engine.response.people import ROLES, Held
from audit_engine.services.answering import expression_facts
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.services.init_instance import init_instance
from audit_engine.services.instance import Instance, InstanceFault
from audit_engine.services.invented import (
    Fate,
    InventedOrganisation,
    InventedReturn,
    Setting,
    extra_organisations,
    invent_return,
)
from audit_engine.services.invented_storage import Kept, keep_invented
from audit_engine.services.keep_people import password_hash
from audit_engine.services.run_cycle import open_cycle
from audit_engine.storage import cycles, partnership, people, returns
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.partnership import OrganisationRow

SEED = "demo"
PASSWORD = "invented-demo-2026"  # noqa: S105 - printed for everybody; the instance is invented
STAYS_OPEN = timedelta(days=28)
Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SignIn:
    """An invented person's way in."""

    role: str
    email: str
    where: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What is there after filling; ``made`` tells whether this run made it."""

    made: bool
    organisations: int
    answers: int
    sign_ins: tuple[SignIn, ...]


# Who returned what in the cycle that is open; everybody else was on time.  The last two are for trying the site:
# one return nearly finished, one not started.
OPEN_FATES: Mapping[str, Fate] = {
    "otterfell-borough-council": "part done",
    "quillhaven-district-council": "not started",
}
PART_DONE = {"otterfell-borough-council": 0.9}
LEADS = {
    "otterfell-borough-council": "lead@demo.example.org",
    "quillhaven-district-council": "second.lead@demo.example.org",
}
EVERYWHERE = {
    "business-team": "business@demo.example.org",
    "executive": "executive@demo.example.org",
    "scrutineer": "scrutineer@demo.example.org",
    "administrator": "admin@demo.example.org",
}


def refuse_real(instance: Instance) -> None:
    """Raise unless the instance is invented: invented answers never mix with real ones."""
    if not instance.invented:
        raise InstanceFault(
            f"{instance.name} is a real partnership (its file does not say “invented: true”), "
            "so no invented answers are put into it."
        )


def reset_demo(instance: Instance, engine: Engine) -> None:
    """Throw away everything that an invented instance holds, so that it starts over."""
    refuse_real(instance)
    from audit_engine.storage import models, schema

    if engine.dialect.name == "sqlite":
        engine.dispose()
        for file in (str(engine.url.database), str(instance.var / "queue.sqlite3")):
            for ending in ("", "-wal", "-shm"):
                Path(file + ending).unlink(missing_ok=True)
    else:
        with writing(engine) as connection:
            models.METADATA.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    shutil.rmtree(instance.exports, ignore_errors=True)
    schema.upgrade(engine)


def fill_demo(
    engine: Engine,
    library: Library,
    instance: Instance,
    now: datetime,
    size: int | None = None,
    step: Step = lambda _done, _of: None,
) -> Demo:
    """Create and fill the demo; one that is filled already is left exactly as it is.

    ``size`` is the least number of organisations; ``step`` hears (returns done, of how many).
    """
    refuse_real(instance)
    with reading(engine) as connection:
        begun = any(c.opened_at for c in cycles.cycles(connection))
        there = len(partnership.organisations(connection))
        whole = people.person_by(connection, email=sign_ins()[-1].email) is not None
    if whole:
        return Demo(False, there, 0, sign_ins())
    if begun:
        raise InstanceFault("The demo was cut short while it was made. Start over with: audit-engine demo --reset")
    init_instance(engine, library, instance, now)
    _refuse_without_leads(engine, instance)
    if size is not None:
        _add_organisations(engine, size)
    answers = sum(_fill_cycles(engine, Definitions(library), now, step))
    _add_people(engine, now)
    with reading(engine) as connection:
        return Demo(True, len(partnership.organisations(connection)), answers, sign_ins())


def _refuse_without_leads(engine: Engine, instance: Instance) -> None:
    with reading(engine) as connection:
        there = {o.id for o in partnership.organisations(connection)}
    missing = [o for o in LEADS if o not in there]
    if missing:
        raise InstanceFault(
            f"{instance.name} has no organisation called {missing[0]}, which the demo's people lead. "
            "Use the instance demo, or fill this one with: audit-engine init"
        )


def _add_organisations(engine: Engine, size: int) -> None:
    with writing(engine) as connection:
        there = partnership.organisations(connection)
        areas = [a.id for a in partnership.areas(connection)]
        by_sector = {o.sector: o for o in there}
        rows = []
        for identity, name, sector in extra_organisations(SEED, max(0, size - len(there))):
            like = by_sector.get(sector) or there[0]
            dice = Random(f"{SEED}:{identity}")
            facts = {**like.facts, "in_plan": True}
            rows.append(OrganisationRow(identity, name, like.sector, (dice.choice(areas),), facts))
        partnership.keep_organisations(connection, rows)
        for cycle in cycles.cycles(connection):
            if cycle.invited is not None:
                cycles.change_cycle(connection, cycle.id, invited=[*cycle.invited, *(r.id for r in rows)])


def _fill_cycles(engine: Engine, definitions: Definitions, now: datetime, step: Step) -> Iterator[int]:
    with reading(engine) as connection:
        line = sorted(cycles.cycles(connection), key=lambda c: c.opens_at)
        invited = [len(c.invited) if c.invited else len(partnership.organisations(connection)) for c in line]
    done, whole = 0, sum(invited)
    for number, cycle in enumerate(line):
        newest = number == len(line) - 1
        _open_then(engine, definitions.library, cycle, now, stays_open=newest)
        for counted, kept in enumerate(_fill_cycle(engine, definitions, cycle.id, number, newest, now), 1):
            step(done + counted, whole)
            yield kept.answers
        done += invited[number]


def _open_then(engine: Engine, library: Library, cycle: CycleFacts, now: datetime, *, stays_open: bool) -> None:
    """Open a cycle as on its opening day; close it two weeks after its closing time unless it stays open to try."""
    opened = min(cycle.opens_at, now)
    open_cycle(engine, library, cycle.id, None, opened)
    with writing(engine) as connection:
        if stays_open:
            last_day = (now + STAYS_OPEN).astimezone(LOCAL).replace(hour=17, minute=0, second=0, microsecond=0)
            cycles.change_cycle(connection, cycle.id, opens_at=opened, closes_at=max(cycle.closes_at, last_day))
        else:
            cycles.change_cycle(connection, cycle.id, closed_at=cycle.closes_at + timedelta(days=14))


def _fill_cycle(
    engine: Engine, definitions: Definitions, cycle_id: str, number: int, newest: bool, now: datetime
) -> Iterator[Kept]:
    with reading(engine) as connection:
        pinned = definitions.opened(connection, cycle_id)
        everyone = returns.returns_of_cycle(connection, cycle_id)
        baseline = definitions.of_cycle(connection, everyone[0].cycle.baseline)
    setting = _setting(everyone[0].cycle, number, newest, now)
    for batch in _batches(everyone, 50):
        with writing(engine) as connection:
            for facts in batch:
                before = _earlier(
                    connection, definitions, facts, pinned.questionnaire, baseline.cycle if baseline else None
                )
                invented = _invent(pinned.questionnaire, facts, before, setting)
                yield keep_invented(connection, pinned.questionnaire, facts, invented, now)


def _setting(cycle: CycleFacts, number: int, newest: bool, now: datetime) -> Setting:
    middle = cycle.opens_at + (min(cycle.closes_at, now) - cycle.opens_at) / 2
    return Setting(
        seed=SEED,
        today=middle.date(),
        lift=0.07 * number,
        panel_share=0.12 if newest else 0.3,
        fates=OPEN_FATES if newest else {},
        part_done=PART_DONE,
    )


def _invent(
    questionnaire: Questionnaire, facts: ReturnFacts, before: Mapping[str, Earlier], setting: Setting
) -> InventedReturn:
    organisation = InventedOrganisation(facts.organisation, expression_facts(facts), facts.areas)
    invented = invent_return(questionnaire, organisation, before, setting)
    still_open = bool(setting.fates)
    # Nobody can be late in a cycle that is still open.
    return replace(invented, fate="on time") if still_open and invented.fate == "late" else invented


def _earlier(
    connection: Connection, definitions: Definitions, facts: ReturnFacts, current: Questionnaire, baseline: str | None
) -> Mapping[str, Earlier]:
    pinned = definitions.of_cycle(connection, baseline)
    if pinned is None:
        return {}
    lineage = definitions.lineage(pinned.questionnaire, current)
    if lineage is None:
        return {}
    stored = returns.answers_in_cycle(connection, pinned.cycle, facts.organisation)
    said = as_values(pinned.questionnaire, stored).values()
    return earlier_answers(pinned.questionnaire, current, lineage, said)


def _batches(rows: Sequence[ReturnFacts], size: int) -> Iterator[Sequence[ReturnFacts]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def sign_ins() -> tuple[SignIn, ...]:
    """Return the invented people and where they act."""
    leads = [SignIn("organisation-lead", email, organisation) for organisation, email in LEADS.items()]
    return (*leads, *(SignIn(role, email, "") for role, email in EVERYWHERE.items()))


def _add_people(engine: Engine, now: datetime) -> None:
    hashed = password_hash(PASSWORD)
    with writing(engine) as connection:
        names = {o.id: o.name for o in partnership.organisations(connection)}
        for number, sign_in in enumerate(sign_ins()):
            held = [Held(sign_in.role, sign_in.where or None)]
            name = (
                f"Invented lead, {names[sign_in.where]}" if sign_in.where else f"Invented {ROLES[sign_in.role].lower()}"
            )
            people.add_person(connection, sign_in.email, name, hashed, f"{SEED}-{number}-{now:%Y%m%d%H%M%S}", held, now)
