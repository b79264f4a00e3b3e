"""Are the tables for other programs written and handed out to those who see every area, and to nobody else?"""

from __future__ import annotations

import json

import pytest

from audit_engine.services.do_work import claim_work, do_work
from audit_engine.storage import models
from tests.web.browser import Web, page

PATH = "/dashboards/tables"


def work(web: Web) -> None:
    world = web.world
    for number in claim_work(world.engine):
        assert do_work(world.engine, world.definitions, world.instance, number)


def test_before_the_first_time_the_page_says_so(own_web: Web) -> None:
    shown = page(own_web.as_("team").get(PATH))
    assert "They have not been written yet." in shown.text
    assert "organisations.csv" in shown.text
    assert f"{PATH}/organisations.csv" not in shown.links()
    assert own_web.as_("team").get(f"{PATH}/organisations.csv").status_code == 404


def test_the_button_asks_the_worker_and_the_page_waits_for_it(own_web: Web) -> None:
    own_web.world.returned("otters", "tiny-2026")
    team = own_web.as_("team")
    assert "are being written" in page(team.post(PATH, follow_redirects=True)).text
    assert team.get(PATH).headers["Refresh"] == f"3; url={PATH}"
    work(own_web)
    answer = team.get(PATH)
    assert "Refresh" not in answer.headers
    shown = page(answer)
    assert "into the folder exports/tiny/tidy." in shown.text
    handed = team.get(f"{PATH}/returns.csv")
    assert handed.mimetype == "text/csv"
    assert "tiny-2026,otters,submitted" in handed.get_data(as_text=True)
    assert json.loads(team.get(f"{PATH}/columns.json").data)["partnership"] == "Tiny Partnership"
    assert own_web.world.count(models.trail, event="table taken") == 2


@pytest.mark.parametrize("name", ["../columns.json", "secret", "audit.sqlite3", "columns.json.bak"])
def test_nothing_but_the_tables_is_handed_out(own_web: Web, name: str) -> None:
    own_web.as_("team").post(PATH)
    work(own_web)
    assert own_web.as_("team").get(f"{PATH}/{name}").status_code == 404


@pytest.mark.parametrize("name", ["southern team", "scrutineer", "executive", "lead", "administrator", "nobody"])
def test_who_does_not_see_every_area_reaches_nothing(own_web: Web, name: str) -> None:
    own_web.as_("team").post(PATH)
    work(own_web)
    browser = own_web.as_(name)
    assert browser.get(PATH).status_code == 404
    assert browser.get(f"{PATH}/returns.csv").status_code == 404
    assert browser.post(PATH).status_code == 404


def test_work_that_failed_is_told_with_what_to_do(own_web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit_engine.services import do_work as service

    def broken(*_: object) -> dict[str, object]:
        raise OSError("The disk is full.")

    monkeypatch.setattr(service, "KINDS", {"tidy": broken})
    own_web.as_("team").post(PATH)
    for _ in range(3):
        for number in claim_work(own_web.world.engine):
            do_work(own_web.world.engine, own_web.world.definitions, own_web.world.instance, number)
    shown = page(own_web.as_("team").get(PATH)).text
    assert "The tables could not be written. Try again" in shown
    assert "The disk is full." in shown
