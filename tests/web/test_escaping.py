"""Is text that anybody typed, in a form or in a file, text on every page and in every file that shows it?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest

from audit_engine.definition.library import Library
from audit_engine.response.people import Held
from audit_engine.services.definitions import Definitions
from audit_engine.services.export_cycle import STARTS_A_FORMULA
from audit_engine.services.run_cycle import extend
from audit_engine.services.submit import reopen
from audit_engine.storage import models, outbox
from audit_engine.storage.engine import writing
from audit_engine.web import create_app
from audit_engine.web.site import Site
from tests.databases import SqliteDatabases
from tests.services.tiny import CYCLES, DURING, LATER, NOW_ASKED, PARTNERSHIP, THEN, THEN_OPENED, World, lay
from tests.web.browser import Web, add_people, page

FILED = "\"'><script>alert(1)</script><img src=x onerror=alert(2)></textarea></title><svg/onload=alert(3)>"
EVIL = FILED + "{{7*7}}{%x%}"
MORE_TIME = {"until-day": "1", "until-month": "2", "until-year": "2099", "until-time": "17:00"}
TYPED = ("commentary", "evidence", "reason", "action-what", "action-who", "action-how")


def quoted(text: str) -> str:
    """Return a text as YAML writes it in quotes."""
    return "'" + text.replace("'", "''") + "'"


def poisoned(text: str, *values: str) -> str:
    """Return a YAML file in which some texts carry the payload."""
    for value in values:
        assert value in text, value
        text = text.replace(value, quoted(f"{value} {FILED}"))
    return text


@pytest.fixture(scope="module")
def infected(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Web]:
    """A partnership in which every text, of every file and of every form, is a payload."""
    folder = tmp_path_factory.mktemp("infected")
    now = poisoned(
        NOW_ASKED.replace("The plan}", "Plan of ours}"), "Tiny audit 2026", "Somebody leads", "The board asks",
        "Leading", "Working", "Recording is new", "Forms are gone", "Plan of ours", "Criteria on sharing met",
    ).replace("label: Met,", f"label: {quoted('Met ' + FILED)},")  # fmt: skip
    partnership = poisoned(
        PARTNERSHIP, "Tiny Partnership", "Northshire", "Otter School", "Badger School", "Joint Police"
    )
    cycles = {name: poisoned(text, text.split("title: ")[1].split("\n")[0]) for name, text in CYCLES.items()}
    laid = lay(folder, partnership=partnership, cycles=cycles, questionnaires={"tiny/2026": now, "tiny/2024": THEN})
    instance = replace(laid, name=f"Tiny Partnership {FILED}")
    with sqlite_databases.fresh(folder) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        app = create_app(instance, testing=True)
        engine, library = app.extensions["audit"].engine, Library(folder)
        app.extensions["audit"] = Site(engine, Definitions(library), instance)
        world = World(instance, engine, library).load().open("tiny-2024", THEN_OPENED).open("tiny-2026")
        add_people(world)
        yield infect(Web(app, world))
        engine.dispose()


def infect(web: Web) -> Web:
    """Type the payload everywhere a form takes text."""
    world = web.world
    world.person("evil@example.org", Held("organisation-lead", "otters"))
    with writing(world.engine) as connection:
        connection.execute(models.person.update().values(name=EVIL))
    for organisation, who in (("otters", "lead"), ("badgers", "other lead"), ("joint", "joint lead")):
        world.returned(organisation, "tiny-2024", {"t.A.1": "not-met"})
        browser = web.as_(who)
        own = f"/returns/{world.return_of(organisation).id}"
        for section, items in (("leading", ("t.A.1", "t.A.2", "t.A.5")), ("working", ("t.B.2", "t.B.3", "t.B.4"))):
            fields: dict[str, str] = {}
            for item in items:
                fields |= {f"{item}-version": "0", item: "no" if item == "t.B.4" else "partly-met"}
                fields |= {f"{item}-{part}": EVIL for part in TYPED}
                fields |= {
                    f"{item}-action-by-day": "1",
                    f"{item}-action-by-month": "2",
                    f"{item}-action-by-year": "2027",
                }
            if organisation == "joint" and section == "leading":
                fields |= {"t.A.1@south-version": "0", "t.A.1@south": "not-met", "t.A.1@south-commentary": EVIL}
            answer = browser.post(f"{own}/standards/{section}", fields)
            assert answer.status_code == 302, page(answer).text
        if organisation != "badgers":
            declared = browser.post(f"{own}/submit", {"name": EVIL[:200], "role": EVIL[:200], "agreed": "y"})
            assert declared.location.endswith("/receipt"), page(browser.get(f"{own}/check")).text
        world.panel(organisation, "tiny-2026", "t.A.1", "met")
    with writing(world.engine) as connection:
        connection.execute(models.rating.update().values(reason=EVIL))
        payload = {"cycle": "tiny-2026", "kind": "analysis", "area": None}
        number = outbox.ask(connection, "report", "k", payload, None, DURING)
        outbox.change(connection, number, attempts=3, fault=EVIL)
    reopen(world.engine, world.return_of("joint").id, EVIL, world.somebody, DURING)
    extend(world.engine, world.return_of("badgers").id, LATER, EVIL, world.somebody, DURING)
    return web


def pages(web: Web) -> list[str]:
    numbers = [web.world.return_of(o).id for o in ("otters", "badgers", "joint")]
    parts = ("", "/standards/leading", "/standards/working", "/check", "/submit", "/receipt", "/print", "/history",
             "/read", "/more-time", "/reopen")  # fmt: skip
    cycle = "/cycles/tiny-2026"
    return [
        "/", "/audits", "/accessibility", "/privacy", "/sign-in", "/nowhere", "/cycles", "/people", "/system", cycle,
        f"{cycle}/open", f"{cycle}/close", f"{cycle}/results", f"{cycle}/results?area=north", f"{cycle}/comparison",
        f"{cycle}/results/why/leading", f"{cycle}/comparison?tag=sharing", f"{cycle}/reports", "/report-work/1",
        "/cycles/tiny-2024", "/cycles/tiny-2024/results",
        *(f"/returns/{number}{part}" for number in numbers for part in parts),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["lead", "joint lead", "team", "southern executive", "scrutineer", "administrator", None]
)
def test_no_page_that_anybody_sees_runs_what_somebody_typed(infected: Web, name: str | None) -> None:
    browser = infected.as_(name)
    shown = 0
    for path in pages(infected):
        answer = browser.get(path, follow_redirects=True)
        assert answer.status_code < 500, path
        found = page(answer)
        assert found.live_script() == [], path
        assert "alert(2)" not in "".join(str(v) for t, a in found.tags for v in a.values() if t == "img")
        assert "<script>alert" not in answer.text, path
        assert "49" not in found.text.replace(EVIL, "") or "{{7*7}}" in found.text, path
        shown += EVIL.split("</textarea>")[0] in found.text or "alert(1)" in found.text
    assert shown >= (10 if name in ("lead", "team", "scrutineer") else 1)


def test_every_text_that_was_typed_is_shown_exactly_as_it_was(infected: Web) -> None:
    """What was typed is read back letter by letter from the boxes of the form and from the page to be read."""
    number = infected.world.return_of("joint").id
    form = page(infected.as_("joint lead").get(f"/returns/{number}/standards/leading"))
    assert form.named("t.A.1-action-who")[0]["value"] == EVIL
    read = page(infected.as_("team").get(f"/returns/{infected.world.return_of('otters').id}/read")).text
    assert read.count(" ".join(EVIL.split())) >= 12


def test_pages_that_hand_text_back_run_nothing(infected: Web) -> None:
    lead = infected.as_("lead")
    own = f"/returns/{infected.world.return_of('otters').id}/standards/leading"
    form = {"t.A.1-version": "0", "t.A.1-commentary": EVIL, EVIL: EVIL}
    late = lead.post(own, form)
    lead.token = "stale"
    stale = lead.post(own, form)
    for answer, status in ((late, 409), (stale, 400)):
        assert answer.status_code == status
        assert page(answer).live_script() == []
    other = infected.as_("other lead")
    path = f"/returns/{infected.world.return_of('badgers').id}/standards/leading"
    clash = other.post(path, {"t.A.1-version": "0", "t.A.1": "met", "t.A.1-commentary": EVIL + "!"})
    assert clash.status_code == 409
    assert page(clash).live_script() == []
    wrong = other.post(path, {"t.A.1-version": "1", "t.A.1": EVIL, "t.A.1-commentary": EVIL * 100})
    assert wrong.status_code == 400
    assert page(wrong).live_script() == []


def test_wrong_forms_run_nothing_of_what_they_show_again(infected: Web) -> None:
    otters = f"/returns/{infected.world.return_of('badgers').id}"
    for who, path, form in (
        ("team", otters + "/more-time", {**MORE_TIME, "until-day": EVIL, "until-time": EVIL, "reason": EVIL}),
        ("team", "/cycles/tiny-2026/reports", {"kind": EVIL, "area": EVIL}),
        ("administrator", "/people", {"name": EVIL, "email": EVIL, "role": EVIL, "organisation": EVIL, "area": EVIL}),
        (None, "/sign-in", {"email": EVIL, "password": EVIL}),
    ):
        browser = infected.as_(who)
        answer = browser.sign_in(EVIL, EVIL) if who is None else browser.post(path, form)
        assert answer.status_code in (200, 400)
        assert page(answer).live_script() == [], path
    assert page(infected.as_(None).get("/sign-in", query_string={"next": EVIL})).live_script() == []


def test_flashed_sentences_are_text(infected: Web) -> None:
    team = infected.as_("team")
    number = infected.world.return_of("badgers").id
    told = team.post(f"/returns/{number}/more-time", {**MORE_TIME, "reason": EVIL}, follow_redirects=True)
    assert "has until 5pm" in page(told).text
    assert page(told).live_script() == []


def test_json_for_the_page_script_is_json_and_nothing_else(infected: Web) -> None:
    other = infected.as_("other lead")
    path = f"/returns/{infected.world.return_of('badgers').id}/standards/leading/autosave"
    answer = other.post(path, {"t.A.1-version": "0", "t.A.1": "met", "t.A.1-commentary": EVIL + "?"})
    assert answer.content_type == "application/json"
    fields = {f["name"]: f["value"] for f in answer.get_json()["conflicts"]["t.A.1"]["fields"]}
    assert fields["t.A.1-commentary"] == EVIL


def test_lists_for_spreadsheets_hold_the_text_and_no_formula(infected: Web) -> None:
    answer = infected.as_("team").get("/cycles/tiny-2026/comparison?format=csv")
    rows = list(csv.reader(StringIO(answer.text)))
    cells = [cell for row in rows for cell in row if not cell.lstrip("-").isdigit()]
    assert any("<script>alert(1)</script>" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(STARTS_A_FORMULA)]
    plain = infected.as_("team").get("/cycles/tiny-2026/comparison?format=json")
    assert json.loads(plain.data)["current"]["title"].endswith(FILED)
