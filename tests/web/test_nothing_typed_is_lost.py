"""Does a form that comes from nowhere change nothing, and a text that comes too late come back?"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from audit_engine.services.clock import now
from audit_engine.storage import models
from audit_engine.web import faults
from audit_engine.web.routes import ROUTES
from tests.services.tiny import PASSWORD
from tests.web.browser import Browser, Web, address, page, token_of

WORDS = "What took me an hour <b>to write</b> & more"
FORM = {"t.A.1-version": "0", "t.A.1": "not-met", "t.A.1-commentary": WORDS, "t.A.2-version": "0"}
FOUR_O_FIVE = {"TRACE", "PROPFIND"}


def own(web: Web) -> str:
    return f"/returns/{web.world.return_of('otters').id}"


# What stands in for what an address names where the tiny audit has none of it.
MADE_UP: dict[str, object] = {
    "person_id": 1, "repeat": "1", "case": "1", "link_id": 1, "mailing_id": 1, "upload_id": "0" * 32, "number": 1,
    "text_id": "0" * 32, "token": "k" * 12, "code": "0" * 96, "setting_id": 1, "audit_id": 1, "questionnaire": "own",
    "photo_id": "0" * 32, "outcome_id": "1.1", "figure_id": 1, "event_id": 1, "name": "returns.csv", "theme_id": 1,
    "card_id": 1, "criterion_id": "t.A.1", "work_id": 1, "report_id": 1, "form": "json",
}  # fmt: skip


def posting_rules(app: Flask, **known: object) -> dict[str, str]:
    """Return the address of every route that takes a form, by its name and rule."""
    known = {**MADE_UP, "cycle_id": "tiny-2026", "section_id": "leading", **known}
    adapter = app.url_map.bind("localhost")
    paths = {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {a: known[a] for a in rule.arguments}
            paths[f"{rule.endpoint} {rule.rule}"] = adapter.build(rule.endpoint, values, method="POST")
    return paths


def sent_without_its_token(client: FlaskClient, path: str, form: Mapping[str, str], token: str) -> None:
    """Send a form without its token, and with three that are not it: nobody gets further than a page that says so."""
    for wrong in (None, "", "made up", token[:-2] + "xx"):
        sent = {**form} if wrong is None else {**form, "csrf_token": wrong}
        answer = client.post(path, data=sent, buffered=True)
        assert answer.status_code in (302, 400, 401), (path, answer.status_code)
        if answer.status_code == 302:
            assert answer.location.startswith("/sign-in"), path
        if answer.status_code == 401:
            assert "What you typed is still here" in answer.text, path


def test_no_form_without_its_token_changes_anything(web: Web) -> None:
    """As everybody at once: whoever could do it, could be tricked into it.

    The token is asked for before the address is looked up, so that an address that names nothing answers the same.
    """
    web.world.returned("joint", "tiny-2026")
    browsers = [web.as_(name) for name in ("lead", "joint lead", "team", "administrator")]
    before = web.world.counts()
    paths = posting_rules(web.app, return_id=web.world.return_of("otters").id)
    assert {name.split(" ")[0] for name in paths} >= {name for _, name, _, methods in ROUTES if "POST" in methods}
    form = {**FORM, "email": address("lead"), "password": PASSWORD, "reason": "r", "active": "yes"}
    for browser in browsers:
        for path in paths.values():
            sent_without_its_token(browser.client, path, form, browser.token)
    assert web.world.counts() == before
    assert [b.get("/audits").status_code for b in browsers] == [200] * 4


def test_a_token_of_one_browser_opens_nothing_in_another(web: Web) -> None:
    lead, other = web.as_("lead"), web.as_("team")
    lead.token = other.token
    assert lead.post(own(web) + "/standards/leading", FORM).status_code == 400
    assert web.world.count(models.answer) == 0


def test_a_token_in_the_address_or_a_cookie_is_no_token(web: Web) -> None:
    lead = web.as_("lead")
    answer = lead.client.post(own(web) + f"/standards/leading?csrf_token={lead.token}", data=FORM)
    assert answer.status_code == 400
    assert web.world.count(models.answer) == 0


def test_the_page_script_sends_its_token_beside_the_form(web: Web) -> None:
    lead = web.as_("lead")
    answer = lead.client.post(own(web) + "/standards/leading/autosave", data=FORM, headers={"X-CSRFToken": lead.token})
    assert answer.status_code == 200
    assert web.world.opened().answer("t.A.1").commentary == WORDS


def hidden(answer: object) -> dict[str, str]:
    found = page(answer)  # type: ignore[arg-type]
    return {
        str(a["name"]): str(a.get("value") or "")
        for tag, a in found.tags
        if tag == "input" and a.get("type") == "hidden" and a.get("name") != "csrf_token"
    }


def handed_back(browser: Browser, web: Web, status: int) -> dict[str, str]:
    """Post the form, see it come back whole, and return what the page would send again."""
    answer = browser.post(own(web) + "/standards/leading", FORM)
    assert answer.status_code == status
    assert hidden(answer) == FORM
    assert "<b>to write</b>" not in answer.text
    assert WORDS in page(answer).text
    forms = [a for tag, a in page(answer).tags if tag == "form" and a.get("action") == own(web) + "/standards/leading"]
    assert len(forms) == 1
    assert web.world.count(models.answer) == 0
    browser.token = token_of(answer)
    return hidden(answer)


def test_a_stale_token_hands_the_text_back_and_the_next_click_saves_it(web: Web) -> None:
    browser = web.as_("lead")
    browser.token = "from a page of yesterday"
    again = handed_back(browser, web, 400)
    assert browser.post(own(web) + "/standards/leading", again).status_code == 302
    assert web.world.opened().answer("t.A.1").commentary == WORDS


def test_a_session_that_ended_hands_the_text_back_and_signing_in_again_saves_it(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_("lead")
        clock.shift(46 * 60)
        again = handed_back(browser, web, 401)
        # In a new tab, as the page says; the old tab's token is then of an earlier session.
        tab = browser.token
        assert browser.sign_in(address("lead"), PASSWORD).status_code == 302
        browser.token = tab
        answer = browser.post(own(web) + "/standards/leading", again)
        assert answer.status_code == 400
        assert hidden(answer) == FORM
        browser.token = token_of(answer)
        assert browser.post(own(web) + "/standards/leading", hidden(answer)).status_code == 302
    assert web.world.opened().answer("t.A.1").commentary == WORDS


def test_somebody_else_who_signs_in_then_cannot_save_it_into_a_foreign_return(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_("lead")
        clock.shift(46 * 60)
        again = handed_back(browser, web, 401)
        browser.sign_in(address("other lead"), PASSWORD)
        assert browser.post(own(web) + "/standards/leading", again).status_code == 404
    assert web.world.count(models.answer) == 0


def test_the_page_script_learns_that_the_session_ended_or_the_token_is_stale(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_("lead")
        token = browser.token
        browser.token = "stale"
        stale = browser.post(own(web) + "/standards/leading/autosave", FORM)
        clock.shift(46 * 60)
        browser.token = token
        ended = browser.post(own(web) + "/standards/leading/autosave", FORM)
    assert (stale.status_code, stale.get_json()) == (400, {"error": "stale"})
    assert (ended.status_code, ended.get_json()) == (401, {"error": "signed-out", "sign_in": "/sign-in"})


def test_a_declaration_is_handed_back_too(web: Web) -> None:
    browser = web.as_("lead")
    browser.token = "stale"
    answer = browser.post(own(web) + "/submit", {"name": "Ada", "role": "Head of safeguarding", "agreed": "yes"})
    assert answer.status_code == 400
    assert hidden(answer) == {"name": "Ada", "role": "Head of safeguarding", "agreed": "yes"}


@pytest.mark.parametrize("endpoint", sorted(faults.CARRIES_TEXT - {"declare"}))
def test_every_form_with_a_long_text_hands_it_back_when_the_session_has_ended(web: Web, endpoint: str) -> None:
    paths = posting_rules(web.app, return_id=web.world.return_of("otters").id)
    path = next(path for name, path in paths.items() if name.split(" ")[0] == endpoint)
    answer = web.as_(None).post(path, {"words": WORDS})
    assert answer.status_code in (400, 401)
    assert hidden(answer) == {"words": WORDS}


def test_a_message_to_contacts_comes_back_when_the_session_has_ended(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        team = web.as_("team")
        clock.shift(46 * 60)
        answer = team.post("/cycles/tiny-2026/write", {"subject": "Please", "words": WORDS})
    assert answer.status_code == 401
    assert "What you typed is still here" in answer.text
    assert hidden(answer) == {"subject": "Please", "words": WORDS}


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "' onmouseover='alert(1)", "</textarea><img src=x>"])
def test_what_is_handed_back_is_text_also_in_the_names_of_fields(web: Web, value: str) -> None:
    browser = web.as_("lead")
    browser.token = "stale"
    answer = browser.post(own(web) + "/standards/leading", {value: "x", "y": value, "t.A.1-commentary": value * 2})
    assert answer.status_code == 400
    assert page(answer).live_script() == []
    assert hidden(answer) == {value: "x", "y": value, "t.A.1-commentary": value * 2}


def test_the_sign_in_page_with_a_stale_token_starts_anew(web: Web) -> None:
    browser = web.as_(None)
    answer = browser.client.post("/sign-in?next=/audits", data={"email": address("lead"), "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/audits")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(web: Web) -> None:
    browser = web.as_(None)
    wanted = own(web) + "/standards/leading"
    shown = browser.get(wanted, follow_redirects=True)
    browser.token = token_of(shown)
    form = {"email": address("lead"), "password": PASSWORD, **hidden(shown)}
    assert browser.post("/sign-in", form).location == wanted
