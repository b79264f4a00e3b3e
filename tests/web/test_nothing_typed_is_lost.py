"""Does a form that comes from nowhere change nothing, and a text that comes too late come back?"""

from __future__ import annotations

import pytest
import time_machine

from audit_engine.services.clock import now
from audit_engine.storage import models
from tests.services.tiny import PASSWORD
from tests.web.browser import Browser, Web, address, page, token_of

WORDS = "What took me an hour <b>to write</b> & more"
FORM = {"t.A.1-version": "0", "t.A.1": "not-met", "t.A.1-commentary": WORDS, "t.A.2-version": "0"}
FOUR_O_FIVE = {"TRACE", "PROPFIND"}


def own(web: Web) -> str:
    return f"/returns/{web.world.return_of('otters').id}"


def posting_rules(web: Web) -> list[str]:
    known = {
        "return_id": web.world.return_of("otters").id, "cycle_id": "tiny-2026", "section_id": "leading", "person_id": 1,
    }  # fmt: skip
    with web.app.test_request_context():
        adapter = web.app.create_url_adapter(None) or web.app.url_map.bind("localhost")
        return [
            adapter.build(rule.endpoint, {a: known[a] for a in rule.arguments}, method="POST")
            for rule in web.app.url_map.iter_rules()
            if "POST" in (rule.methods or ())
        ]


def test_no_form_without_its_token_changes_anything(web: Web) -> None:
    """As everybody at once: whoever could do it, could be tricked into it."""
    web.world.returned("joint", "tiny-2026")
    browsers = [web.as_(name) for name in ("lead", "joint lead", "team", "administrator")]
    before = web.world.counts()
    paths = posting_rules(web)
    assert len(paths) >= 14
    for browser in browsers:
        for token in (None, "", "made up", browser.token[:-2] + "xx"):
            for path in paths:
                form = {**FORM, "email": address("lead"), "password": PASSWORD, "reason": "r", "active": "yes"}
                answer = browser.client.post(path, data=form if token is None else {**form, "csrf_token": token})
                assert answer.status_code in (302, 400), (path, answer.status_code)
                assert answer.status_code == 400 or answer.location.startswith("/sign-in"), path
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
