"""Fill an invented instance with people, audits and surveys, all of them invented."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.people import ROLES, Held
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.demo_cycles import SEED, DemoCycle, DemoPlace, Filled, Way, way_of
from audit_engine.services.demo_replies import fill_replies, read_texts
from audit_engine.services.demo_returns import fill_returns
from audit_engine.services.init_instance import init_instance
from audit_engine.services.instance import Instance, InstanceFault
from audit_engine.services.invented import extra_organisations
from audit_engine.services.invented_plan import fill_plan
from audit_engine.services.keep_people import password_hash
from audit_engine.services.run_cycle import NO_PAGES_YET, close_cycle, open_cycle
from audit_engine.storage import cycles, partnership, people
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.partnership import OrganisationRow

PASSWORD = "invented-demo-2026"  # noqa: S105 - printed for everybody; the instance is invented
STAYS_OPEN = timedelta(days=28)
Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SignIn:
    """An invented person's way in; ``called`` names somebody whom the role alone would not tell from another."""

    role: str
    email: str
    where: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class Demo:
    """What is there after filling; ``made`` tells whether this run made it."""

    made: bool
    organisations: int
    answers: int
    sign_ins: tuple[SignIn, ...]
    replies: int = 0


# The newest cycle of each questionnaire stays open to try, but these: panels read what staff said while the audit runs.
CLOSED_ALREADY = frozenset({"section-11-staff-2026"})
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
# What people wrote is coded by two, apart from each other: the business team and one more of it.
SECOND_CODER = "second.coder@demo.example.org"


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
    from audit_engine.storage import all_models, schema

    if engine.dialect.name == "sqlite":
        engine.dispose()
        for file in (str(engine.url.database), str(instance.var / "queue.sqlite3")):
            for ending in ("", "-wal", "-shm"):
                Path(file + ending).unlink(missing_ok=True)
    else:
        with writing(engine) as connection:
            all_models.METADATA.drop_all(connection)
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
        _add_organisations(engine, library, size)
    place = DemoPlace(engine, Definitions(library), now)
    with _uncollected():
        answers, replies = _fill(place, step)
    fill_plan(engine, instance, now)
    _add_people(engine, now)
    _fill_what_people_make(place)
    with reading(engine) as connection:
        return Demo(True, len(partnership.organisations(connection)), answers, sign_ins(), replies)


def _fill_what_people_make(place: DemoPlace) -> None:
    """Fill what somebody made of the answers: a comparison of schools, themes, cards of promising practice."""
    from audit_engine.services.invented_comparison import fill_comparison
    from audit_engine.services.invented_themes import fill_themes

    fill_comparison(place)
    fill_themes(place, EVERYWHERE["business-team"], SECOND_CODER)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Stop looking for rubbish that refers to itself: among a million answers there is none, and looking takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fill(place: DemoPlace, step: Step) -> tuple[int, int]:
    """Fill every cycle; return how many answers of organisations and how many replies of people were stored."""
    answers = replies = 0
    for filled in _fill_cycles(place, step):
        answers += filled.answers
        replies += filled.replies
    return answers, replies


def _refuse_without_leads(engine: Engine, instance: Instance) -> None:
    with reading(engine) as connection:
        there = {o.id for o in partnership.organisations(connection)}
    missing = [o for o in LEADS if o not in there]
    if missing:
        raise InstanceFault(
            f"{instance.name} has no organisation called {missing[0]}, which the demo's people lead. "
            "Use the instance demo, or fill this one with: audit-engine init"
        )


def _add_organisations(engine: Engine, library: Library, size: int) -> None:
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
            invited = _also_invited(library, cycle, there, rows)
            if invited is not None:
                cycles.change_cycle(connection, cycle.id, invited=list(invited))


def _also_invited(
    library: Library, cycle: CycleFacts, there: Sequence[OrganisationRow], more: Sequence[OrganisationRow]
) -> Sequence[str] | None:
    """Return whom a cycle invites beside these organisations; None where everybody is, that is with the new ones.

    What is no plain audit goes to the organisations of the file alone: replies
    and cases from thousands more would take long to invent and show nothing new.
    """
    if way_of(library.load(cycle.questionnaire, cycle.version)) != "returns":
        return [o.id for o in there] if cycle.invited is None else cycle.invited
    return None if cycle.invited is None else [*cycle.invited, *(o.id for o in more)]


def _fill_cycles(place: DemoPlace, step: Step) -> Iterator[Filled]:
    with reading(place.engine) as connection:
        line = sorted(cycles.cycles(connection), key=lambda c: c.opens_at)
        everyone = len(partnership.organisations(connection))
    invited = [everyone if c.invited is None else max(1, len(c.invited)) for c in line]
    done, whole = 0, sum(invited)
    for number, facts in enumerate(line):
        for counted, filled in enumerate(_fill_cycle(place, facts, line), 1):
            step(min(done + counted, whole), whole)
            yield filled
        done += invited[number]
    step(whole, whole)


def _fill_cycle(place: DemoPlace, planned: CycleFacts, line: Sequence[CycleFacts]) -> Iterator[Filled]:
    """Open a cycle as on its opening day, fill it, and close it unless it stays open to try.

    One that this version of the site cannot open stays planned.
    """
    questionnaire = place.definitions.library.load(planned.questionnaire, planned.version)
    if any(found(questionnaire) for found in NO_PAGES_YET.values()):
        return
    cycle = _opened(place, planned, line)
    way = way_of(questionnaire)
    yield from FILLS.get(way, _nothing)(place, cycle)
    if not cycle.stays_open:
        _CLOSINGS.get(way, _close)(place, cycle)


def _opened(place: DemoPlace, planned: CycleFacts, line: Sequence[CycleFacts]) -> DemoCycle:
    same = [c.id for c in line if c.questionnaire == planned.questionnaire]
    stays_open = same[-1] == planned.id and planned.id not in CLOSED_ALREADY
    opened = min(planned.opens_at, place.now)
    open_cycle(place.engine, place.definitions.library, planned.id, None, opened)
    with writing(place.engine) as connection:
        if stays_open:
            last_day = (place.now + STAYS_OPEN).astimezone(LOCAL).replace(hour=17, minute=0, second=0, microsecond=0)
            cycles.change_cycle(connection, planned.id, opens_at=opened, closes_at=max(planned.closes_at, last_day))
        facts = cycles.cycle_of(connection, planned.id)
    return DemoCycle(facts or planned, same.index(planned.id), stays_open)


def _nothing(_place: DemoPlace, _cycle: DemoCycle) -> Iterator[Filled]:
    yield from ()


def _close(place: DemoPlace, cycle: DemoCycle) -> None:
    """Close two weeks after the closing time, so that a few could be late."""
    with writing(place.engine) as connection:
        cycles.change_cycle(connection, cycle.facts.id, closed_at=cycle.facts.closes_at + timedelta(days=14))


def _close_survey(place: DemoPlace, cycle: DemoCycle) -> None:
    close_cycle(place.engine, cycle.facts.id, None, min(cycle.facts.closes_at, place.now))
    read_texts(place, cycle, newest=cycle.facts.id in CLOSED_ALREADY)


def _fill_cases_of_children(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    from audit_engine.services.invented_cases import fill_cases

    return fill_cases(place, cycle)


def _fill_schools(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    from audit_engine.services.invented_eatsafe import fill_eatsafe
    from audit_engine.services.invented_settings import fill_settings

    yield from fill_settings(place, cycle)
    yield from fill_eatsafe(place, cycle)


FILLS: Mapping[Way, Callable[[DemoPlace, DemoCycle], Iterator[Filled]]] = {
    "returns": fill_returns,
    "replies": fill_replies,
    "cases": _fill_cases_of_children,
    "settings": _fill_schools,
}
_CLOSINGS: Mapping[Way, Callable[[DemoPlace, DemoCycle], None]] = {"replies": _close_survey}


def sign_ins() -> tuple[SignIn, ...]:
    """Return the invented people and where they act."""
    leads = [SignIn("organisation-lead", email, organisation) for organisation, email in LEADS.items()]
    team, *others = (SignIn(role, email, "") for role, email in EVERYWHERE.items())
    return (*leads, team, SignIn(team.role, SECOND_CODER, "", "second coder of themes"), *others)


def _add_people(engine: Engine, now: datetime) -> None:
    hashed = password_hash(PASSWORD)
    with writing(engine) as connection:
        names = {o.id: o.name for o in partnership.organisations(connection)}
        for number, sign_in in enumerate(sign_ins()):
            held = [Held(sign_in.role, sign_in.where or None)]
            called = sign_in.called or ROLES[sign_in.role].lower()
            name = f"Invented lead, {names[sign_in.where]}" if sign_in.where else f"Invented {called}"
            people.add_person(connection, sign_in.email, name, hashed, f"{SEED}-{number}-{now:%Y%m%d%H%M%S}", held, now)
