"""Does a page or a save cost the same few statements whatever the size?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit_engine.definition.library import Library
from audit_engine.response.people import Held
from audit_engine.services.definitions import Definitions
from audit_engine.storage.engine import writing
from audit_engine.storage.partnership import OrganisationRow, keep_organisations
from audit_engine.web import create_app
from audit_engine.web.site import Site
from tests.services.tiny import World, lay, many_items
from tests.web.browser import Browser, Web, add_people, address, counting

PAGE, SAVE = 5, 6  # DESIGN section 8, goals 3 and 4
SIZES = (10, 300)
CYCLE = """
cycle: many
title: Many
questionnaire: many
version: "1"
opens: 2026-09-14 09:00
closes: 2098-12-19 17:00
"""


@contextmanager
def site_of(folder: Path, url: str, items: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Give a site whose audit has that many questions, half of them in each of two standards."""
    instance = lay(folder, cycles={"many": CYCLE}, questionnaires={"many/1": many_items("many", items, 2)})
    monkeypatch.setenv("DATABASE_URL", url)
    app = create_app(instance, testing=True)
    engine, library = app.extensions["audit"].engine, Library(folder)
    app.extensions["audit"] = Site(engine, Definitions(library), instance)
    world = World(instance, engine, library).load().open("many")
    add_people(world)
    yield Web(app, world)
    engine.dispose()


@pytest.fixture(params=SIZES)
def sized(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Web, int]]:
    with site_of(tmp_path, database_url, request.param, monkeypatch) as web:
        yield web, request.param


def form(items: int, version: int, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number in range(items // 2):
        name = f"m.I.{number}"
        found |= {
            f"{name}-version": str(version),
            name: "not-met",
            f"{name}-commentary": text,
            f"{name}-action-what": text,
        }
    return found


def number_of_return(web: Web) -> int:
    return web.world.return_of("otters", "many").id


def warmed(browser: Browser, path: str) -> Browser:
    """Look at a page once, so that the definition has been read."""
    assert browser.get(path).status_code == 200
    return browser


def test_a_standard_and_the_task_list_cost_at_most_five_statements(sized: tuple[Web, int]) -> None:
    web, items = sized
    own = f"/returns/{number_of_return(web)}"
    browser = warmed(web.as_("lead"), own + "/standards/s0")
    browser.post(own + "/standards/s0", form(items, 0, "First"))
    counted = {}
    for path in (own, own + "/standards/s0", own + "/check", own + "/print"):
        with counting(web.world.engine) as seen:
            assert browser.get(path).status_code == 200
        counted[path.removeprefix(own)] = len(seen.statements)
    assert max(counted.values()) <= PAGE, counted
    assert counted == {"": 3, "/standards/s0": 3, "/check": 3, "/print": 3}


def test_a_save_costs_at_most_six_statements_between_begin_and_commit(sized: tuple[Web, int]) -> None:
    web, items = sized
    path = f"/returns/{number_of_return(web)}/standards/s0"
    browser = warmed(web.as_("lead"), path)
    costs = []
    for version, text in ((0, "First"), (1, "Second"), (2, "")):
        with counting(web.world.engine) as seen:
            assert browser.post(path, form(items, version, text)).status_code == 302
        costs.append(max(len(one) for one in seen.between))
    assert web.world.opened("otters", "many").answer("m.I.0").version == 3
    assert max(costs) <= SAVE, costs
    with counting(web.world.engine) as seen:
        assert browser.post(path + "/autosave", form(items, 3, "By script")).status_code == 200
    assert max(len(one) for one in seen.between) <= SAVE


def test_a_conflict_and_a_late_save_cost_no_more(sized: tuple[Web, int]) -> None:
    web, items = sized
    path = f"/returns/{number_of_return(web)}/standards/s0"
    browser = warmed(web.as_("lead"), path)
    browser.post(path, form(items, 0, "First"))
    with counting(web.world.engine) as seen:
        assert browser.post(path, form(items, 0, "Second")).status_code == 409
    assert seen.between == [], "a conflict writes nothing"
    with writing(web.world.engine) as connection:
        connection.exec_driver_sql("UPDATE response SET state = 'submitted', submission_number = 0")
    with counting(web.world.engine) as seen:
        assert browser.post(path, form(items, 1, "Third")).status_code == 409
    assert max(len(one) for one in seen.between) <= SAVE


def test_the_list_of_a_cycle_costs_the_same_for_four_organisations_as_for_four_hundred(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    with site_of(tmp_path, database_url, 10, monkeypatch) as web:
        with writing(web.world.engine) as connection:
            rows = [OrganisationRow(f"o-{n}", f"O {n}", "police", ("north",), {}) for n in range(400)]
            keep_organisations(connection, rows)
        (tmp_path / "instances/tiny/cycles/more.yaml").write_text(CYCLE.replace("cycle: many", "cycle: more"))
        web.world.load().open("more")
        team = web.as_("team")
        for path in ("/cycles/many", "/cycles/more", "/cycles", "/cycles/many/results", "/cycles/more/results"):
            warmed(team, path)
            with counting(web.world.engine) as seen:
                team.get(path)
            counted.append(len(seen.statements))
    assert counted[0] == counted[1] <= 9
    assert counted[2] <= PAGE
    assert counted[3] == counted[4]


def test_who_may_see_costs_one_statement_more_and_that_is_with_all_roles(web: Web) -> None:
    held = [Held("organisation-lead", o) for o in ("otters", "badgers", "joint", "office")]
    web.world.person("many@example.org", *held, Held("business-team"), Held("administrator"))
    browsers = [web.as_("lead"), Browser(web.app, web.world.engine)]
    browsers[1].enter("many@example.org")
    path = f"/returns/{web.world.return_of().id}"
    counted = []
    for browser in browsers:
        warmed(browser, path)
        with counting(web.world.engine) as seen:
            browser.get(path)
        counted.append(len(seen.statements))
    assert counted[0] == counted[1]
    assert address("lead")
