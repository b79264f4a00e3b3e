"""Are invented cases whole, the same each time, and said to be invented?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.services import second_reading
from audit_engine.services.demo_cycles import DemoCycle, DemoPlace
from audit_engine.services.invented_cases import AT_WORK, fill_cases
from audit_engine.storage import cases
from audit_engine.storage.engine import reading
from tests.services.case_world import CASE_AUDITS, lay_cases, opened
from tests.services.tiny import DURING, World

if TYPE_CHECKING:
    from sqlalchemy import Engine


def filled(folder: Path, engine: Engine, cycle: str, *, stays_open: bool = False) -> World:
    world = lay_cases(folder)
    world.engine = engine
    world.load().open(cycle)
    facts = world.return_of(cycle=cycle).cycle
    list(fill_cases(DemoPlace(engine, world.definitions, DURING), DemoCycle(facts, 0, stays_open)))
    return world


@pytest.mark.parametrize("name", CASE_AUDITS)
def test_what_is_invented_could_have_been_submitted(name: str, tmp_path: Path, engine: Engine) -> None:
    cycle = f"{name.split('/')[0]}-cases"
    world = filled(tmp_path, engine, cycle)
    for organisation in ("otters", "badgers"):
        whole = opened(world, cycle, organisation)
        assert whole.facts.state == "submitted"
        assert whole.gaps == ()
        assert len(whole.cases) >= 5
        texts = [a.commentary + a.reason for a in whole.answers.values()]
        assert all("Invented" in text for text in texts if text)


def test_two_readers_mostly_agree(tmp_path: Path, engine: Engine) -> None:
    whole = opened(filled(tmp_path, engine, "cds-cases"), "cds-cases")
    with reading(engine) as connection:
        rows = cases.ratings(connection, whole.facts.id)
    found = second_reading.overall_agreement(whole, rows)
    assert 0.5 < found.same / found.pairs < 1


def test_one_organisation_is_still_at_work_in_an_open_cycle(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "audit_engine.services.invented_cases.AT_WORK", {"otters": AT_WORK["otterfell-borough-council"]}
    )
    whole = opened(filled(tmp_path, engine, "bed-cases", stays_open=True), "bed-cases")
    assert whole.facts.state == "started"
    assert sum(c.finished for c in whole.cases) == 4
    assert len(whole.cases) == 5
