"""Can a lead check, declare and submit once, keep a receipt, and print; and can it be opened again?"""

from __future__ import annotations

import re

import pytest

from audit_engine.services.run_cycle import close_cycle, extend
from audit_engine.storage import models
from tests.services.tiny import DURING, LATER
from tests.web.browser import Web, page

DECLARED = {"name": "Ada Lovelace", "role": "Head", "agreed": "y"}


def own(web: Web) -> str:
    return f"/returns/{web.world.return_of('otters').id}"


def test_from_the_first_page_to_the_receipt(web: Web) -> None:
    web.world.answer("otters", "tiny-2026", {})
    browser = web.as_("lead")
    assert "Ada" not in browser.get(own(web) + "/check").text
    declared = browser.get(own(web) + "/submit")
    assert "I am the senior person. This return is accurate." in page(declared).text
    posted = browser.post(own(web) + "/submit", DECLARED)
    assert (posted.status_code, posted.location) == (302, own(web) + "/receipt")
    receipt = page(browser.get(posted.location)).text
    number = web.world.return_of().receipt
    assert number and number in receipt
    assert "Ada Lovelace" in receipt
    assert web.world.count(models.submission) == 1


def test_an_audit_that_can_be_answered_is_listed_before_those_that_cannot(web: Web) -> None:
    lead, engine = web.as_("lead"), web.world.engine
    assert re.findall(r"Tiny \d{4}", page(lead.get("/audits")).text) == ["Tiny 2026", "Tiny 2024"]
    close_cycle(engine, "tiny-2026", None, DURING)
    assert "Closed at 1pm on Monday 5 October 2026" in page(lead.get("/audits")).text, "not when it was to close"
    older = web.world.return_of(cycle="tiny-2024").id
    extend(engine, older, LATER, "They asked", web.world.somebody, DURING)
    assert re.findall(r"Tiny \d{4}", page(lead.get("/audits")).text) == ["Tiny 2024", "Tiny 2026"]


def test_clicking_twice_or_going_back_shows_the_same_receipt(web: Web) -> None:
    web.world.answer("otters", "tiny-2026", {})
    browser = web.as_("lead")
    answers = [browser.post(own(web) + "/submit", form) for form in (DECLARED, DECLARED, {})]
    assert {a.location for a in answers} == {own(web) + "/receipt"}
    assert browser.get(own(web) + "/submit").location == own(web) + "/receipt"
    assert web.world.count(models.submission) == 1


@pytest.mark.parametrize(
    "change, said",
    [
        ({"name": ""}, "Enter your name"), ({"name": "  "}, "Enter your name"), ({"role": "\t"}, "Enter your role"),
        ({"agreed": ""}, "Tick the box"), ({"agreed": "false"}, "Tick the box"), ({"name": "x" * 201}, "200 letters"),
    ],
)  # fmt: skip
def test_a_declaration_needs_a_name_a_role_and_the_tick(web: Web, change: dict[str, str], said: str) -> None:
    web.world.answer("otters", "tiny-2026", {})
    form = {k: v for k, v in {**DECLARED, **change}.items() if v or k != "agreed"}
    shown = web.as_("lead").post(own(web) + "/submit", form)
    assert shown.status_code == 400
    assert said in page(shown).text
    assert page(shown).named("role")[0].get("value", "").strip() in ("Head", "")
    assert web.world.count(models.submission) == 0


def test_a_return_with_gaps_is_led_back_and_every_gap_leads_to_its_field(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(own(web) + "/standards/leading", {"t.A.1-version": "0", "t.A.1": "not-met"})
    for answer in (browser.get(own(web) + "/submit"), browser.post(own(web) + "/submit", DECLARED)):
        assert answer.location == own(web) + "/check"
    checked = page(browser.get(own(web) + "/check"))
    leading = [link for link in checked.links() if f"{own(web)}/standards/" in link and "#" in link]
    assert len(leading) >= 8
    for link in leading:
        where, field = link.split("#")
        assert field in page(browser.get(where)).ids(), link
    assert web.world.count(models.submission) == 0


def test_a_return_is_submitted_by_its_own_lead_alone(web: Web) -> None:
    web.world.answer("otters", "tiny-2026", {})
    for name in ("team", "administrator", "scrutineer", "other lead"):
        assert web.as_(name).post(own(web) + "/submit", DECLARED).status_code == 404
    assert web.world.count(models.submission) == 0


def test_there_is_no_receipt_before_a_submission(web: Web) -> None:
    assert web.as_("lead").get(own(web) + "/receipt").status_code == 404


def test_a_closed_cycle_takes_no_submission_and_says_so(web: Web) -> None:
    web.world.answer("otters", "tiny-2026", {})
    close_cycle(web.world.engine, "tiny-2026", None, DURING)
    browser = web.as_("lead")
    assert browser.get(own(web) + "/submit").status_code == 409
    answer = browser.post(own(web) + "/submit", DECLARED)
    assert answer.status_code == 409
    assert "it has closed" in page(answer).text
    assert web.world.count(models.submission) == 0


def test_a_return_is_opened_again_with_a_reason_changed_and_submitted_a_second_time(web: Web) -> None:
    web.world.returned("otters", "tiny-2026")
    first = web.world.return_of().receipt
    team, lead = web.as_("team"), web.as_("lead")
    for reason in ("", "   "):
        assert team.post(own(web) + "/reopen", {"reason": reason}).status_code == 400
    assert web.world.return_of().state == "submitted"
    assert team.post(own(web) + "/reopen", {"reason": "A slip of the pen"}).location == own(web) + "/read"
    assert web.world.return_of().state == "reopened"
    assert "A slip of the pen" in page(team.get(own(web) + "/history")).text
    version = web.world.opened().answer("t.A.1").version
    change = {"t.A.1-version": str(version), "t.A.1": "met", "t.A.1-commentary": "Corrected", "t.A.1-evidence": "File"}
    assert lead.post(own(web) + "/standards/leading", change).status_code == 302
    assert lead.post(own(web) + "/submit", DECLARED).location == own(web) + "/receipt"
    assert web.world.return_of().receipt != first
    assert web.world.count(models.submission) == 2


def test_opening_again_what_was_not_submitted_is_refused_in_a_sentence(web: Web) -> None:
    team = web.as_("team")
    answer = team.post(own(web) + "/reopen", {"reason": "Why not"}, follow_redirects=True)
    assert "there is nothing to reopen" in page(answer).text
    assert web.world.return_of().state == "not-started"


def test_the_whole_return_can_be_printed_with_its_receipt(web: Web) -> None:
    web.world.returned("otters", "tiny-2026", {"t.A.1": "not-met"})
    printed = page(web.as_("lead").get(own(web) + "/print")).text
    for said in ("Otter School", "Tiny 2026", "About A.1", "Write it", "Sam", "31 March 2027", "Leading", "Working"):
        assert said in printed
    assert str(web.world.return_of().receipt) in printed


def test_reading_a_return_of_another_organisation_is_written_down_and_ones_own_is_not(web: Web) -> None:
    web.world.returned("otters", "tiny-2026")
    before = web.world.count(models.trail, event="read")
    web.as_("lead").get(own(web) + "/read")
    assert web.world.count(models.trail, event="read") == before
    for name in ("team", "scrutineer"):
        web.as_(name).get(own(web) + "/read")
    assert web.world.count(models.trail, event="read") == before + 2


@pytest.mark.parametrize("path", ["/print", "", "/standards/leading", "/check", "/history", "/receipt"])
def test_every_way_of_reading_somebody_elses_answers_is_written_down(web: Web, path: str) -> None:
    web.world.returned("otters", "tiny-2026")
    shown = web.as_("team").get(own(web) + path)
    holds_answers = "About A.1" in shown.text
    assert (web.world.count(models.trail, event="read") > 0) is holds_answers


def test_a_history_is_paged_and_a_page_beyond_its_end_is_empty(web: Web) -> None:
    web.world.returned("otters", "tiny-2026")
    lead = web.as_("lead")
    for number in ("1", "2", "99", "0", "-1", "x", "99999999999999999999999"):
        assert lead.get(own(web) + "/history", query_string={"page": number}).status_code == 200
    assert re.search(r"Submitted", lead.get(own(web) + "/history").text)
