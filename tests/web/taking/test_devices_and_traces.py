"""Can somebody stop and go on, share a device, be one of many at once, and leave no trace?"""

from __future__ import annotations

import logging
import time
from importlib import import_module

import pytest
from sqlalchemy import inspect

from audit_engine.storage.engine import reading
from audit_engine.web import reply_cookie
from tests.web.browser import Web, counting, page
from tests.web.respondent import Respondent, first
from tests.web.taking.conftest import CARRIED, NO, YOU, rows, token

# --- stopping, going on, and shared devices -----------------------------------------


def test_somebody_stops_and_goes_on_on_another_device(site: Web, person: Respondent) -> None:
    person.begin()
    person.post("/sections/you", {**YOU, "then": "next"})
    assert person.post("/sections/words", {"t.7-version": "0", "t.7": "Later", "then": "later"}).status_code == 302
    code = person.code()
    other = Respondent(site.app, person.token)
    assert other.get("/sections/you").location == other.start_path, "without the code there is nothing"
    entered = other.post("/continue", {"code": code.lower().replace("-", " ")})
    assert entered.location.endswith("/sections/words"), "where one left"
    assert "Later" in page(other.get(entered.location)).text


def test_the_code_is_shown_on_the_first_page_and_stands_in_no_address(site: Web, person: Respondent) -> None:
    shown = page(person.begin())
    code = person.code()
    assert code in shown.text
    person.answer_all(first)
    addresses = [str(v) for one in person.seen for _, a in one.tags for k, v in a.items() if k in ("href", "action")]
    assert not [a for a in addresses if code in a or code.replace("-", "") in a]
    assert not [h for one in person.seen for h in one.named("code")], "nor in a hidden field"


@pytest.mark.parametrize("typed, told", [("", "Enter your code"), ("7K2M-QX4P-9TRW-3HVD", "Nothing is kept under")])
def test_a_wrong_code_is_told(person: Respondent, typed: str, told: str) -> None:
    answer = person.post("/continue", {"code": typed})
    assert answer.status_code == 400
    assert told in page(answer).text and "#code" in page(answer).links()


def test_a_code_fits_its_own_link_alone(site: Web, person: Respondent) -> None:
    person.begin()
    badger = Respondent(site.app, token(site, "badgers"))
    assert badger.post("/continue", {"code": person.code()}).status_code == 400


def test_wrong_codes_are_limited_by_link_and_nothing_else(
    site: Web, person: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("audit_engine.web.views.surveys"), "WRONG_CODES", 3)
    other = Respondent(site.app, token(site, "badgers"))
    assert [person.post("/continue", {"code": "x"}).status_code for _ in range(5)] == [400, 400, 400, 429, 429]
    assert other.post("/continue", {"code": "x"}).status_code == 400, "another link is not shut"
    assert person.begin().status_code == 200, "nobody is kept from beginning"
    assert not any(person.token in str(row) for row in rows(site, "throttle"))


def test_the_next_person_at_a_shared_device_finds_nothing(site: Web, person: Respondent) -> None:
    person.answer_all(first)
    begun = page(person.get())
    assert "Answers were begun on this device and not sent yet." in begun.text
    assert "/sections/" in next(link for link in begun.links() if "/sections/" in link)
    left = person.post("/leave")
    assert left.location == person.start_path
    assert "begun on this device" not in page(person.get()).text
    assert person.get("/check").location == person.start_path


def test_another_person_may_answer_after_the_first(site: Web, person: Respondent) -> None:
    for _ in range(2):
        person.answer_all(first)
        assert "shared device" in page(person.get(person.send().location)).text
        person.post("/leave")
    assert [row["replies"] for row in rows(site, "survey_turnout")] == [2]


def test_a_form_that_lost_its_code_is_answered_with_what_was_written(person: Respondent) -> None:
    person.begin()
    token_then = person.csrf
    person.client.delete_cookie(reply_cookie.NAME, path=person.start_path)
    sent = {"csrf_token": token_then, "t.7-version": "0", "t.7": "Words of some length", "then": "next"}
    posted = person.client.post(f"{person.start_path}/sections/words", data=sent)
    assert posted.status_code == 409
    assert "Words of some length" in page(posted).text and "lost your place" in page(posted).text


def test_a_page_that_is_too_old_hands_back_what_was_written(person: Respondent) -> None:
    person.begin()
    sent = {**CARRIED, "csrf_token": "old", "t.7": "Words of some length", "then": "next"}
    posted = person.client.post(f"{person.start_path}/sections/words", data=sent)
    assert posted.status_code == 400
    shown = page(posted)
    assert "Words of some length" in shown.text and "Sign in" not in shown.text
    again = {str(a["name"]): str(a.get("value")) for t, a in shown.tags if t == "input" and a.get("name")}
    saved = person.client.post(f"{person.start_path}/sections/words", data=again)
    assert saved.location == f"{person.start_path}/check"


def test_a_forged_cookie_or_one_of_another_link_opens_nothing(site: Web, person: Respondent) -> None:
    person.begin()
    kept = person.client.get_cookie(reply_cookie.NAME, path=person.start_path)
    assert kept is not None
    for own, value in ((person.token, person.code()), (token(site, "badgers"), kept.value)):
        other = Respondent(site.app, own)
        other.client.set_cookie(reply_cookie.NAME, value, path=other.start_path)
        assert other.get("/check").location == other.start_path


# --- no trace ------------------------------------------------------------------------------


def test_nobody_who_is_signed_in_is_noticed(site: Web) -> None:
    lead = site.as_("lead")
    own = token(site)
    before = {name: rows(site, name) for name in traces(site)}
    with counting(site.world.engine) as counted:
        shown = lead.get(f"/s/{own}")
        lead.post(f"/s/{own}")
        lead.get(f"/s/{own}/sections/you")
        lead.post(f"/s/{own}/sections/you", {**NO, "then": "next"})
        assert lead.post(f"/s/{own}/check").location == f"/s/{own}/thanks"
        lead.get(f"/s/{own}/thanks")
    assert "Lead" not in page(shown).text and "Sign out" not in page(shown).text
    assert {name: rows(site, name) for name in traces(site)} == before
    assert not [s for s in counted.statements if "person" in s]


def traces(web: Web) -> tuple[str, ...]:
    """Return the tables that could tell who was there."""
    with reading(web.world.engine) as connection:
        names = inspect(connection).get_table_names()
    return tuple(n for n in names if not n.startswith(("survey_", "throttle", "alembic")))


def test_no_log_holds_a_code_or_an_answer(person: Respondent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person.answer_all(first, "Quokka")
    code = person.code()
    person.send()
    assert code not in caplog.text and "Quokka" not in caplog.text


def test_pages_are_not_stored_and_the_link_is_told_to_no_other_site(person: Respondent) -> None:
    person.begin()
    for answer in (person.get(), person.get("/sections/you"), person.get("/check"), person.get("/later")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    cookie = person.client.get_cookie(reply_cookie.NAME, path=person.start_path)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.expires, cookie.path) == (True, "Lax", None, person.start_path)


def test_a_page_and_a_save_cost_few_statements(site: Web, person: Respondent) -> None:
    person.answer_all(first)
    counted = {}
    for path in ("", "/sections/you", "/check"):
        with counting(site.world.engine) as seen:
            person.get(path)
        counted[path] = len(seen.statements)
    assert max(counted.values()) <= 6, counted
    assert counted["/sections/you"] <= 5
    csrf = person.csrf
    with counting(site.world.engine) as seen:
        person.client.post(f"{person.start_path}/sections/you", data={**NO, "csrf_token": csrf, "then": "next"})
    assert max(len(one) for one in seen.between) <= 6


# --- many at once -----------------------------------------------------------------------------


def test_two_hundred_people_behind_one_address_are_all_let_in(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a school, within ten minutes, by one link and from one address."""
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began)
    link = token(site)
    codes = set()
    for _ in range(200):
        one = Respondent(site.app, link)
        csrf = one.csrf
        started = one.client.post(one.start_path, data={"csrf_token": csrf})
        assert started.status_code == 302
        saved = one.client.post(
            f"{one.start_path}/sections/you", data={**NO, "csrf_token": csrf, "then": "next"}
        )  # fmt: skip
        assert saved.status_code == 302
        assert one.client.post(f"{one.start_path}/check", data={"csrf_token": csrf}).location.endswith("/thanks")
        cookie = one.client.get_cookie(reply_cookie.NAME, path=one.start_path)
        codes.add(cookie.value if cookie else "")
    assert len(codes) == 200
    assert [row["replies"] for row in rows(site, "survey_turnout")] == [200]


def test_a_flood_of_beginnings_shuts_one_link_and_no_address(
    site: Web, person: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("audit_engine.web.views.surveys"), "STARTS", 2)
    assert [person.post("").status_code for _ in range(4)] == [302, 302, 429, 429]
    assert Respondent(site.app, token(site, "badgers")).post("").status_code == 302
    assert person.get("/sections/you").status_code == 200, "who has begun goes on"
