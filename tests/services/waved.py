"""A survey of people in three waves beside the tiny audits, and a plan that leans on both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import run_cycle
from audit_engine.services.survey_batches import Origin, facts_for, take_in
from audit_engine.storage import cycles, partnership
from audit_engine.storage.engine import writing
from tests.services.pulse import PULSE
from tests.services.tiny import CYCLES, THEN_OPENED, World, lay

YEARS = (2022, 2024, 2026)
WAVES = {
    f"pulse-{year}": f"""
cycle: pulse-{year}
title: Pulse {year}
questionnaire: pulse
version: "1"
opens: {year}-03-01 09:00
closes: {year}-04-01 17:00
{f"baseline: pulse-{year - 2}" if year > YEARS[0] else ""}
organisations: [otters, badgers, joint, office]
"""
    for year in YEARS
}
PLAN = """
plan: {id: tiny-plan, title: Tiny plan, source: Our own words., invented: true}
priorities:
  - id: first
    title: Children are heard
    outcomes:
      - {id: sharing, wants: increase, text: More is shared, audit: {questionnaire: tiny, measure: sharing}}
      - {id: aware, wants: increase, text: More know who leads, survey: {questionnaire: pulse, question: p.2}}
  - id: second
    title: Children are safe
    outcomes:
      - {id: schools, wants: increase, text: More schools take part, unit: Schools}
      - {id: files, wants: all, text: All files are checked}
"""


@dataclass
class Waved:
    """The partnership with its audits, waves and plan."""

    world: World

    @property
    def engine(self) -> Engine:
        return self.world.engine

    def wave(self, year: int, yes: int, no: int, close: bool = True) -> Waved:
        """Open a wave, take in replies of otters' staff, and close it."""
        name, opened = f"pulse-{year}", datetime(year, 3, 1, 9, tzinfo=UTC)
        run_cycle.open_cycle(self.engine, self.world.library, name, None, opened)
        with writing(self.engine) as connection:
            pinned = self.world.definitions.opened(connection, name).questionnaire
            found = partnership.organisation_of(connection, "otters")
            origin = Origin(pinned, name, opened.date(), "otters", facts_for(found))
            replies = [{"p.2": "yes"}] * yes + [{"p.2": "no"}] * no
            take_in(connection, origin, replies, date(year, 3, 20))
        if close:
            run_cycle.close_cycle(self.engine, name, None, datetime(year, 4, 1, 17, tzinfo=UTC))
        return self

    def closed(self, cycle: str, moment: datetime) -> Waved:
        """Close an audit as on a day."""
        with writing(self.engine) as connection:
            cycles.change_cycle(connection, cycle, closed_at=moment)
        return self


def lay_waved(root: Path, engine: Engine, *, plan: str = PLAN) -> Waved:
    """Lay out and load the files, and open both audits."""
    instance = lay(root, cycles={**CYCLES, **WAVES}, questionnaires={"pulse/1": PULSE})
    if plan:
        (instance.folder / "plan.yaml").write_text(plan, encoding="utf-8")
    world = World(instance, engine, Library(root)).load()
    world.open("tiny-2024", THEN_OPENED).open("tiny-2026")
    return Waved(world)
