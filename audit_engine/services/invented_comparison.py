"""Which invented schools of the demo let themselves be compared, and what is published of it?"""

from __future__ import annotations

from random import Random

from sqlalchemy import Connection

from audit_engine.response.cycles import CycleFacts
from audit_engine.response.settings import AuditFacts
from audit_engine.services.demo_cycles import SEED, DemoPlace
from audit_engine.services.invented_settings import LEAD, invented_settings
from audit_engine.services.publish_benchmarks import publish
from audit_engine.services.self_audit import open_audit
from audit_engine.services.self_audit_report import picture_of
from audit_engine.storage import benchmarks, cycles, settings
from audit_engine.storage.engine import reading, writing

COMPARED = "child-on-child-abuse-2023"
SHARE_OF_TAKING_PART = 0.95


def fill_comparison(place: DemoPlace) -> None:
    """Let most schools of the round that has closed take part in its comparison, and publish it."""
    with reading(place.engine) as connection:
        cycle = cycles.cycle_of(connection, COMPARED)
    if cycle is None or cycle.state != "closed":
        return
    with writing(place.engine) as connection:
        for school in invented_settings():
            dice = Random(f"{SEED}:compared:{school.name}")
            if school.email == LEAD or dice.random() < SHARE_OF_TAKING_PART:
                _take_part(connection, place, cycle, school.email)
    publish(place.engine, place.definitions, COMPARED, None, place.now)


def _take_part(connection: Connection, place: DemoPlace, cycle: CycleFacts, email: str) -> None:
    for setting in settings.settings_of(connection, email):
        for facts in settings.audits_of(connection, setting.id):
            if facts.cycle == cycle.id:
                _join(connection, place, cycle, facts)


def _join(connection: Connection, place: DemoPlace, cycle: CycleFacts, facts: AuditFacts) -> None:
    counts = picture_of(open_audit(connection, place.definitions, facts)).as_json()
    member = settings.members(connection, facts.setting)[0]
    benchmarks.join(connection, facts.id, counts, member.id, cycle.closes_at)
