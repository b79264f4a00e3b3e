"""Are there invented nurseries enough to show what has changed, and are their words said to be invented?"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import eatsafe
from audit_engine.services.demo_cycles import DemoCycle, DemoPlace
from audit_engine.services.eatsafe_sharing import change_report
from audit_engine.services.invented_eatsafe import MANAGER, fill_eatsafe, invented_nurseries
from audit_engine.services.run_cycle import close_cycle
from audit_engine.services.self_audit import OpenAudit
from audit_engine.storage import cycles, settings
from audit_engine.storage.engine import reading
from tests.services.meals import IN_2025, Nurseries


@pytest.fixture
def nurseries(tmp_path: Path, engine: Engine) -> Nurseries:
    """The baseline and the repeat, both over."""
    found = Nurseries.in_folder(tmp_path, engine).open("eatsafe-2024", "eatsafe-2025")
    for number, name in enumerate(("eatsafe-2024", "eatsafe-2025")):
        fill(found, name, number)
        close_cycle(engine, name, None, IN_2025)
    return found


def fill(nurseries: Nurseries, name: str, number: int, *, stays_open: bool = False) -> None:
    with reading(nurseries.engine) as connection:
        facts = cycles.cycle_of(connection, name)
    assert facts is not None
    place = DemoPlace(nurseries.engine, nurseries.world.definitions, IN_2025)
    list(fill_eatsafe(place, DemoCycle(facts, number, stays_open)))


def audits(nurseries: Nurseries, email: str) -> list[OpenAudit]:
    with reading(nurseries.engine) as connection:
        (setting,) = settings.settings_of(connection, email)
        found = [a.id for a in settings.audits_of(connection, setting.id)]
    return [nurseries.opened(a) for a in found]


def test_enough_share_for_the_partnership_to_see_what_has_changed(nurseries: Nurseries) -> None:
    with reading(nurseries.engine) as connection:
        cycle = cycles.cycle_of(connection, "eatsafe-2025")
        assert cycle is not None
        report = change_report(connection, nurseries.world.definitions, cycle)
    assert report.sharing.base is not None and report.sharing.base >= 11
    whole = {c.id: c.count or 0 for c in report.sections[0].settings.cells}
    assert whole["up"] > whole["down"]


def test_each_has_two_finished_checks_in_its_own_words(nurseries: Nurseries) -> None:
    for nursery in invented_nurseries():
        repeat, baseline = audits(nurseries, nursery.email)
        assert repeat.overall.answered == repeat.overall.asked
        assert (repeat.facts.version, baseline.facts.version) == ("2025", "2024")
        change = eatsafe.change_of(repeat)
        assert change is not None and len(change.pairs) > 20
        texts = [a.commentary + a.action_what for a in repeat.answers.values()]
        assert all(text.startswith("Invented") for text in texts if text)


def test_the_visitor_s_nursery_is_still_at_the_table_in_an_open_cycle(tmp_path: Path, engine: Engine) -> None:
    nurseries = Nurseries.in_folder(tmp_path, engine).open("eatsafe-2024", "eatsafe-2025")
    fill(nurseries, "eatsafe-2025", 1, stays_open=True)
    (check,) = audits(nurseries, MANAGER)
    assert check.facts.finished_at is None
    assert 0 < check.overall.answered < check.overall.asked
