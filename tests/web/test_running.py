"""Can the business team open, close and stretch a cycle, ask for a report and let people in, and only sensibly?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from audit_engine.services.do_work import claim_work, do_work
from audit_engine.services.run_cycle import cycle_named
from audit_engine.storage import models, outbox
from audit_engine.storage.engine import reading, writing
from tests.services.pulse import CYCLES as OF_STAFF
from tests.services.pulse import PULSE
from tests.services.tiny import CYCLES, PASSWORD
from tests.web.browser import PEOPLE, Web, address, number_of, page
from tests.web.sites import site_with

State = Callable[[], str]


def own(web: Web) -> str:
    return f"/returns/{web.world.return_of('otters').id}"


def state(web: Web, cycle: str = "tiny-2026") -> str:
    with reading(web.world.engine) as connection:
        return cycle_named(connection, cycle).state


def test_a_planned_cycle_is_opened_by_a_button_and_never_by_a_link(own_web: Web) -> None:
    text = CYCLES["tiny-2026"].replace("tiny-2026", "tiny-2027").replace("baseline: tiny-2024", "baseline: tiny-2026")
    text = text.replace("2026-09-14", "2026-10-14")
    (own_web.world.instance.folder / "cycles/tiny-2027.yaml").write_text(text)
    own_web.world.load()
    team = own_web.as_("team")
    asked = team.get("/cycles/tiny-2027/open")
    assert "every organisation that exists today" in page(asked).text
    assert "5pm on Friday 19 December 2098" in page(asked).text
    assert state(own_web, "tiny-2027") == "planned"
    opened = team.post("/cycles/tiny-2027/open", follow_redirects=True)
    assert state(own_web, "tiny-2027") == "open"
    assert "is open to 4 organisations" in page(opened).text
    again = team.post("/cycles/tiny-2027/open", follow_redirects=True)
    assert "already" in page(again).text


def test_a_cycle_is_closed_and_opened_again(web: Web) -> None:
    team = web.as_("team")
    team.get("/cycles/tiny-2026/close")
    assert state(web) == "open"
    assert "is closed" in page(team.post("/cycles/tiny-2026/close", follow_redirects=True)).text
    assert state(web) == "closed"
    assert "so it cannot be closed" in page(team.post("/cycles/tiny-2026/close", follow_redirects=True)).text
    assert "is open again" in page(team.post("/cycles/tiny-2026/open-again", follow_redirects=True)).text
    assert state(web) == "open"


def until(day: str, month: str, year: str, time: str = "17:00") -> dict[str, str]:
    """Return the four boxes of the new closing time as they are sent."""
    return {"until-day": day, "until-month": month, "until-year": year, "until-time": time}


JULY = until("15", "7", "2099")


@pytest.mark.parametrize(
    "boxes, said, wrong",
    [
        (until("29", "3", "2026", "01:30"), "does not exist: the clocks go forward over it", "until-time"),
        (until("25", "10", "2026", "01:30"), "comes twice: the clocks go back over it", "until-time"),
        (until("18", "12", "2098"), "must be later than now and later than 5pm on Friday 19 December 2098", "until"),
        (until("29", "2", "2099"), "New closing time must be a real date", "until"),
        (until("15", "13", "2099"), "New closing time must be a real date", "until-month"),
        (until("15", "January", "2099"), "New closing time must be a real date", "until-month"),
        (until("15", "1", "99"), "New closing time must be a real date", "until-year"),
        (until("15", "", "2099"), "New closing time must include a month", "until-month"),
        (until("15", "1", "2099", ""), "must include a time of day, for example 17:00", "until-time"),
        (until("15", "1", "2099", "25:00"), "must include a time of day, for example 17:00", "until-time"),
        (until("15", "1", "2099", "5"), "must include a time of day, for example 17:00", "until-time"),
        (until("", "", ""), "Enter the new closing time", "until"),
        (until(" ", "", "", ""), "Enter the new closing time", "until"),
    ],
)
def test_a_new_closing_time_must_be_one_moment_later_than_the_old(
    web: Web, boxes: dict[str, str], said: str, wrong: str
) -> None:
    answer = web.as_("team").post(own(web) + "/more-time", {**boxes, "reason": "A flood"})
    assert answer.status_code == 400
    shown = page(answer)
    assert said in shown.text
    assert f"#{wrong}" in shown.links(), "the summary leads to the box that is wrong"
    assert "govuk-input--error" in str(next(a for _, a in shown.tags if a.get("id") == wrong)["class"])
    assert {name: shown.named(name)[0].get("value") for name in boxes} == {k: v.strip() for k, v in boxes.items()}
    assert "A flood" in answer.text
    assert web.world.return_of().extended_to is None


def test_only_the_box_that_is_wrong_is_marked(web: Web) -> None:
    answer = web.as_("team").post(own(web) + "/more-time", {**until("15", "13", "2099"), "reason": "A flood"})
    marked = [a["name"] for _, a in page(answer).tags if "govuk-input--error" in str(a.get("class"))]
    assert marked == ["until-month"]


def test_the_new_closing_time_is_asked_in_four_boxes_that_say_what_they_are(web: Web) -> None:
    shown = page(web.as_("team").get(own(web) + "/more-time"))
    assert [shown.named(f"until-{part}")[0]["value"] for part in ("day", "month", "year", "time")] == [
        "",
        "",
        "",
        "17:00",
    ]
    assert [shown.named(f"until-{part}")[0].get("inputmode") for part in ("day", "month", "year")] == ["numeric"] * 3
    assert "UK time, for example 15 1 2027 at 17:00" in shown.text
    assert not shown.faults


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_more_time_needs_a_reason(web: Web, reason: str) -> None:
    answer = web.as_("team").post(own(web) + "/more-time", {**JULY, "reason": reason})
    assert answer.status_code == 400
    assert "Say why" in page(answer).text
    assert web.world.return_of().extended_to is None


def test_more_time_is_given_and_said_in_words(web: Web) -> None:
    form = {**JULY, "reason": "A flood"}
    shown = web.as_("team").post(own(web) + "/more-time", form, follow_redirects=True)
    assert "Otter School has until 5pm on Wednesday 15 July 2099 (UK time)" in page(shown).text
    facts = web.world.return_of()
    assert (str(facts.extended_to), facts.extension_reason) == ("2099-07-15 16:00:00+00:00", "A flood")


def test_a_submitted_return_gets_no_more_time(web: Web) -> None:
    web.world.returned("otters", "tiny-2026")
    form = {**JULY, "reason": "A flood"}
    assert web.as_("team").post(own(web) + "/more-time", form).status_code == 400
    assert web.world.return_of().extended_to is None


@pytest.mark.parametrize(
    "query, shown",
    [
        ({}, {"Otter School", "Badger School", "Joint Police", "The Office"}),
        ({"area": "south"}, {"Badger School", "Joint Police"}),
        ({"sector": "police"}, {"Joint Police", "The Office"}),
        ({"state": "submitted"}, {"Otter School"}),
        ({"area": "north", "sector": "education", "state": "submitted"}, {"Otter School"}),
        ({"state": "nonsense"}, set()),
    ],
)
def test_the_list_of_a_cycle_is_narrowed_by_its_filters(standing: Web, query: dict[str, str], shown: set[str]) -> None:
    html = standing.as_("team").get("/cycles/tiny-2026", query_string=query).text
    assert {o for o in ("Otter School", "Badger School", "Joint Police", "The Office") if o in html} == shown


def test_a_report_is_asked_for_made_by_the_worker_and_handed_over(own_web: Web) -> None:
    own_web.world.returned("otters", "tiny-2026")
    team = own_web.as_("team")
    asked = team.post("/cycles/tiny-2026/reports", {"kind": "analysis", "area": ""})
    waiting = team.get(asked.location)
    assert "It waits for its turn." in page(waiting).text
    assert waiting.headers["Refresh"].startswith("2; url=/report-work/")
    (work,) = claim_work(own_web.world.engine)
    assert do_work(own_web.world.engine, own_web.world.definitions, own_web.world.instance, work)
    ready = team.get(asked.location)
    assert "It is ready." in page(ready).text
    assert "Refresh" not in ready.headers
    (link,) = [link for link in page(ready).links() if link.startswith("/reports/")]
    document = team.get(link)
    assert document.status_code == 200
    assert document.data.startswith(b"PK")
    assert document.headers["Content-Disposition"].startswith("attachment; filename=")
    assert own_web.world.count(models.trail, event="downloaded") == 1
    assert link in page(team.get("/cycles/tiny-2026/reports")).links()
    # A file that was taken away is not found, and not offered.
    for file in own_web.world.instance.exports.rglob("*.docx"):
        file.unlink()
    assert team.get(link).status_code == 404
    assert link not in page(team.get("/cycles/tiny-2026/reports")).links()


def test_a_report_that_failed_says_so_in_a_sentence(web: Web) -> None:
    with writing(web.world.engine) as connection:
        payload = {"cycle": "tiny-2026", "kind": "analysis", "area": None}
        number = outbox.ask(connection, "report", "k", payload, None, web.world.return_of().cycle.opens_at)
        outbox.change(connection, number, attempts=3, fault="CycleRefused: <b>No paper</b>")
    shown = web.as_("team").get(f"/report-work/{number}")
    assert "It could not be made. Ask for it again" in page(shown).text
    assert "<b>No paper</b>" not in shown.text
    assert "Refresh" not in shown.headers


def test_work_whose_worker_died_three_times_is_not_said_to_be_running(web: Web) -> None:
    opened = web.world.return_of().cycle.opens_at
    with writing(web.world.engine) as connection:
        payload = {"cycle": "tiny-2026", "kind": "analysis", "area": None}
        number = outbox.ask(connection, "report", "k", payload, None, opened)
        outbox.change(connection, number, attempts=3, claimed_at=opened)
    assert "It could not be made" in page(web.as_("team").get(f"/report-work/{number}")).text


def test_other_work_is_no_report(web: Web) -> None:
    with writing(web.world.engine) as connection:
        number = outbox.ask(connection, "mail", "k", {}, None, web.world.return_of().cycle.opens_at)
    assert web.as_("team").get(f"/report-work/{number}").status_code == 404


@pytest.mark.parametrize("kind, area", [("poem", ""), ("analysis", "west"), ("", "")])
def test_a_report_that_does_not_exist_is_refused(web: Web, kind: str, area: str) -> None:
    answer = web.as_("team").post("/cycles/tiny-2026/reports", {"kind": kind, "area": area})
    assert answer.status_code == 400
    assert web.world.count(models.outbox) == 0


NEW = {"name": "Grace", "email": "grace@example.org", "role": "organisation-lead", "organisation": "otters", "area": "",
       "password": PASSWORD}  # fmt: skip


def test_an_administrator_lets_somebody_in_who_can_then_sign_in(web: Web) -> None:
    shown = web.as_("administrator").post("/people", NEW, follow_redirects=True)
    assert "Grace can sign in." in page(shown).text
    browser = web.as_(None)
    assert browser.sign_in("grace@example.org", PASSWORD).status_code == 302
    assert browser.get(own(web)).status_code == 200


@pytest.mark.parametrize(
    "change, said",
    [
        ({"name": " "}, "Enter the person's name"), ({"email": "grace"}, "is not an e-mail address"),
        ({"email": address("lead").upper()}, "has an account already"), ({"password": "short"}, "at least 12"),
        ({"role": "king"}, ""), ({"organisation": ""}, "needs an organisation"), ({"organisation": "stoats"}, ""),
        ({"role": "executive", "area": "west"}, ""), ({"role": "setting"}, ""), ({"name": "x" * 201}, "at most"),
    ],
)  # fmt: skip
def test_somebody_who_does_not_fit_is_refused_and_nothing_is_lost(web: Web, change: dict[str, str], said: str) -> None:
    before = web.world.count(models.person)
    answer = web.as_("administrator").post("/people", {**NEW, **change})
    assert answer.status_code == 400
    assert said in page(answer).text
    assert page(answer).named("email")[0]["value"] == {**NEW, **change}["email"]
    assert PASSWORD not in answer.text
    assert web.world.count(models.person) == before


def test_an_account_is_switched_off_and_on(web: Web) -> None:
    administrator, lead, number = web.as_("administrator"), web.as_("lead"), number_of(web.world, "lead")
    administrator.post(f"/people/{number}", {"active": "no"})
    assert lead.get("/audits").status_code == 302
    administrator.post(f"/people/{number}", {"active": "yes"})
    assert lead.get("/audits").status_code == 302
    assert web.as_("lead").get("/audits").status_code == 200
    self = number_of(web.world, "administrator")
    shown = administrator.post(f"/people/{self}", {"active": "no"}, follow_redirects=True)
    assert "cannot switch your own account off" in page(shown).text
    shown = administrator.post("/people/999999", {"active": "no"}, follow_redirects=True)
    assert "There is no such person" in page(shown).text


@pytest.mark.parametrize(
    "name, where",
    [("lead", "/audits"), ("team", "/cycles"), ("executive", "/cycles"), ("scrutineer", "/cycles"),
     ("administrator", None), ("nobody", None)],
)  # fmt: skip
def test_everybody_is_led_to_what_they_came_for(standing: Web, name: str, where: str | None) -> None:
    answer = standing.as_(name).get("/")
    assert answer.location == where
    assert answer.status_code == (302 if where else 200)


@pytest.fixture
def mixed(tmp_path: Path, database_url: str, changing_app: Flask) -> Iterator[Web]:
    """Two audits and a survey of staff; somebody leads an organisation and works for the business team too."""
    with site_with(
        tmp_path, database_url, questionnaires={"pulse/1": PULSE}, cycles={**CYCLES, **OF_STAFF}, opened=("pulse",),
        app=changing_app,
    ) as web:  # fmt: skip
        web.world.open("tiny-2026").person(address("both"), *PEOPLE["lead"], *PEOPLE["team"])
        yield web


def test_who_answers_and_runs_audits_finds_both_at_home_and_the_audits_by_their_kind(mixed: Web) -> None:
    both = mixed.as_("both")
    home, listed = page(both.get("/")), page(both.get("/cycles"))
    assert home.faults == [] and len(home.ids()) == len(set(home.ids()))
    assert home.headings() == [
        ("h1", "Hello, Both"), ("h2", "Your audits"), ("h2", "Audits and surveys of the partnership"),
        ("h3", "Surveys of staff and others"), ("h3", "Other audits"),
    ]  # fmt: skip
    assert [title for level, title in listed.headings() if level == "h2"] == [
        title for level, title in home.headings() if level == "h3"
    ]
    leads = [link for link in home.links() if link.startswith(("#", "/cycles/"))]
    assert leads == [
        "#main-content",
        "#surveys",
        "#other",
        "/cycles/pulse",
        "/cycles/pulse-open",
        "/cycles/tiny-2026",
        "/cycles/tiny-2024",
    ]


def test_the_systems_page_says_what_is_in_order(web: Web) -> None:
    text = page(web.as_("administrator").get("/system")).text
    for said in ("Database", "Disk", "Worker", "Organisations"):
        assert said in text


def test_the_health_page_answers_machines_and_tells_nothing(web: Web) -> None:
    assert web.as_(None).get("/health").get_json() == {"status": "ok"}


def test_reports_lie_outside_what_the_site_serves(own_web: Web) -> None:
    assert not own_web.world.instance.exports.is_relative_to(Path(own_web.app.root_path))
    assert own_web.app.static_folder is None


def test_the_note_of_an_area_stands_where_its_organisations_are_listed(own_web: Web) -> None:
    path = own_web.world.instance.folder / "partnership.yaml"
    path.write_text(path.read_text().replace("name: Southport}", "name: Southport, note: Nobody has sent a list yet.}"))
    own_web.world.load()
    team = own_web.as_("team")
    for query, shown in (("", True), ("?area=south", True), ("?area=north", False)):
        text = page(team.get(f"/cycles/tiny-2026{query}")).text
        assert ("Southport: Nobody has sent a list yet." in text) is shown, query
