"""Does signing in open one browser, signing out close it, and time close it by itself?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from audit_engine.definition.library import Library
from audit_engine.services.clock import now
from audit_engine.services.keep_people import switch_person
from audit_engine.storage import models, people
from audit_engine.storage.engine import reading, writing
from audit_engine.web import create_app
from tests.services.tiny import PASSWORD, World, lay
from tests.web.browser import Browser, Web, add_people, address, number_of, page, token_of, without_tokens

MINUTES = 60


def is_signed_in(browser: Browser) -> bool:
    answer = browser.get("/audits")
    return answer.status_code == 200


def test_signing_in_leads_to_what_one_came_for(web: Web) -> None:
    browser = web.as_(None)
    assert browser.get("/audits?x=1").location == "/sign-in?next=/audits?x%3D1"
    assert browser.sign_in(address("lead"), PASSWORD).location == "/"
    assert browser.get("/").location == "/audits"
    assert is_signed_in(browser)


def test_entering_in_tests_is_what_signing_in_does(web: Web) -> None:
    real, quick = web.as_(None), web.as_("lead")
    real.sign_in(address("lead"), PASSWORD)
    with real.client.session_transaction() as signed, quick.client.session_transaction() as entered:
        assert {"_user_id", "_fresh", "sid"} <= set(signed)
        assert (signed["_user_id"], signed["_fresh"]) == (entered["_user_id"], entered["_fresh"])


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(web: Web, where: str) -> None:
    browser = web.as_(None)
    form = {"next": where}
    browser.token = token_of(browser.get("/sign-in"))
    answer = browser.post("/sign-in", {"email": address("lead"), "password": PASSWORD, **form}, query_string=form)
    assert answer.status_code in (200, 302)
    assert re.match(r"/(?![/\\])|$", answer.location or "")


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_a_link_that_names_another_site_keeps_nobody_from_signing_in(web: Web, where: str) -> None:
    browser = web.as_(None)
    assert page(browser.get("/sign-in", query_string={"next": where})).named("next") == [], "the form would be refused"
    browser.sign_in(address("lead"), PASSWORD)
    assert is_signed_in(browser)
    assert page(web.as_(None).get("/sign-in?next=/audits")).named("next")[0]["value"] == "/audits"


def test_the_session_and_its_tokens_change_at_sign_in(web: Web) -> None:
    browser = web.as_(None)
    browser.get("/sign-in")
    before = browser.cookie
    with browser.client.session_transaction() as session:
        token_before = session["csrf_token"]
    browser.sign_in(address("lead"), PASSWORD)
    with browser.client.session_transaction() as session:
        secret = session["sid"]
        assert session.get("csrf_token") != token_before
    # Whoever planted the old cookie is nobody.
    planted = web.as_(None)
    planted.client.set_cookie("audit", before)
    assert not is_signed_in(planted)
    # A second sign-in has a secret of its own.
    browser.post("/sign-out")
    browser.sign_in(address("lead"), PASSWORD)
    with browser.client.session_transaction() as session:
        assert session["sid"] != secret


def test_signing_out_ends_the_session_also_for_a_copy_of_its_cookie(web: Web) -> None:
    browser = web.as_("lead")
    copy = web.as_(None)
    copy.client.set_cookie("audit", browser.cookie)
    assert is_signed_in(copy)
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert not is_signed_in(browser)
    assert not is_signed_in(copy)


def test_signing_out_in_one_browser_leaves_the_other_signed_in(web: Web) -> None:
    first, second = web.as_("lead"), web.as_("lead")
    first.post("/sign-out")
    assert not is_signed_in(first)
    assert is_signed_in(second)


def test_a_browser_left_alone_for_three_quarters_of_an_hour_is_signed_out(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_("lead")
        clock.shift(44 * MINUTES)
        assert is_signed_in(browser)
        clock.shift(44 * MINUTES)
        assert is_signed_in(browser)
        clock.shift(46 * MINUTES)
        assert not is_signed_in(browser)
        assert browser.get("/audits").location == "/sign-in?next=/audits"


def test_a_busy_browser_is_signed_out_after_twelve_hours(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_("lead")
        for _ in range(23):
            clock.shift(31 * MINUTES)
            assert is_signed_in(browser)
        clock.shift(31 * MINUTES)
        assert not is_signed_in(browser)


def test_reading_pages_writes_when_somebody_was_seen_once_in_five_minutes(web: Web) -> None:
    def seen() -> object:
        with reading(web.world.engine) as connection:
            return people.sessions_of(connection, number_of(web.world, "lead"))[0]["seen_at"]

    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_("lead")
        first = seen()
        clock.shift(4 * MINUTES)
        browser.get("/audits")
        assert seen() == first
        clock.shift(2 * MINUTES)
        browser.get("/audits")
        assert seen() == now()


def test_an_account_switched_off_is_out_at_the_next_request_and_cannot_come_back(web: Web) -> None:
    browser = web.as_("lead")
    assert is_signed_in(browser)
    switch_person(web.world.engine, number_of(web.world, "lead"), False, None, now())
    assert not is_signed_in(browser)
    assert browser.sign_in(address("lead"), PASSWORD).status_code == 200
    assert not is_signed_in(browser)


def test_a_role_given_or_taken_counts_at_the_next_request(web: Web) -> None:
    browser, number = web.as_("lead"), number_of(web.world, "lead")
    path = f"/returns/{web.world.return_of('otters').id}"
    assert browser.get(path).status_code == 200
    with writing(web.world.engine) as connection:
        people.set_held(connection, number, [])
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("email, password", [("stranger@example.org", PASSWORD), ("lead@example.org", "wrong" * 3),
                                             ("", ""), ("lead@example.org", ""), ("no address", PASSWORD)])  # fmt: skip
def test_a_failed_sign_in_tells_nothing_about_the_account(web: Web, email: str, password: str) -> None:
    def tried(who: str, word: str) -> bytes:
        browser = web.as_(None)
        answer = browser.sign_in(who, word)
        assert answer.status_code == 200
        assert not is_signed_in(browser)
        return without_tokens(answer).replace(who.encode(), b"...") if who else without_tokens(answer)

    plain = re.compile(rb'value="(\.\.\.)?"')
    known = plain.sub(b"", tried(address("lead"), "certainly wrong"))
    assert plain.sub(b"", tried(email, password)) == known


def test_a_switched_off_account_looks_like_a_wrong_password(web: Web) -> None:
    switch_person(web.world.engine, number_of(web.world, "lead"), False, None, now())
    answers = [web.as_(None).sign_in(address("lead"), word) for word in (PASSWORD, "certainly wrong")]
    assert without_tokens(answers[0]) == without_tokens(answers[1])


def test_an_address_is_the_same_however_it_is_written(web: Web) -> None:
    browser = web.as_(None)
    browser.sign_in("LEAD@Example.org", PASSWORD)
    assert is_signed_in(browser)


def test_a_cookie_that_was_changed_or_made_up_opens_nothing(web: Web) -> None:
    browser = web.as_("lead")
    for cookie in (browser.cookie[:-2] + "AA", "eyJzaWQiOiJ4In0.x.y", "", "\u00ff"):
        other = web.as_(None)
        other.client.set_cookie("audit", cookie)
        assert not is_signed_in(other)


@pytest.mark.parametrize("header", ["Authorization", "Authentication-Token"])
def test_no_header_signs_anybody_in(web: Web, header: str) -> None:
    pair = base64.b64encode(f"{address('lead')}:{PASSWORD}".encode()).decode()
    for value in (f"Basic {pair}", "Bearer x", "x"):
        answer = web.as_(None).get("/audits", headers={header: value})
        assert answer.status_code == 302
        assert web.as_(None).get("/audits", query_string={"auth_token": value}).status_code == 302


def test_ten_wrong_passwords_shut_out_that_account_alone_and_not_for_ever(web: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = web.as_(None)
        for _ in range(10):
            assert browser.sign_in(address("lead"), "certainly wrong").status_code == 200
        for word in ("certainly wrong", PASSWORD):
            answer = browser.sign_in(address("lead").upper(), word)
            assert answer.status_code == 429
            assert page(answer).text.count("Too many tries")
        assert not is_signed_in(browser)
        # From the same address somebody else still gets in.
        other = web.as_(None)
        assert other.sign_in(address("team"), PASSWORD).status_code == 302
        clock.shift(15 * MINUTES + 1)
        assert browser.sign_in(address("lead"), PASSWORD).status_code == 302


def test_an_account_that_does_not_exist_is_shut_out_just_the_same(web: Web) -> None:
    browser = web.as_(None)
    statuses = [browser.sign_in("stranger@example.org", "certainly wrong").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_right_passwords_are_not_counted(web: Web) -> None:
    for _ in range(11):
        assert web.as_(None).sign_in(address("lead"), PASSWORD).status_code == 302


def code_of(secret: str, moment: float) -> str:
    """Return the six figures of an authenticator app (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def real(tmp_path: Path, database_url: str, hashed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """The site of a real partnership, which asks for a second factor."""
    instance = replace(lay(tmp_path), invented=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    app = create_app(instance, testing=True)
    world = World(instance, app.extensions["audit"].engine, Library(tmp_path)).load().open("tiny-2026")
    add_people(world, hashed)
    yield Web(app, world)
    world.engine.dispose()


# Flask-Security's own form still names its choices in an older way.
old_choices = pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples:DeprecationWarning")


def set_up(browser: Browser, who: str) -> tuple[str, str]:
    """Sign in for the first time; return the key for an authenticator app, and where its first code goes."""
    first = browser.sign_in(address(who), PASSWORD).location
    assert first and first != "/"
    chosen = page(browser.post(first, {"setup": "authenticator"}, follow_redirects=True))
    key = re.search(r"([A-Z2-7]{4}-){7}[A-Z2-7]{4}", chosen.text)
    actions = [str(a["action"]) for tag, a in chosen.tags if tag == "form" and a.get("action")]
    assert key and actions, chosen.text
    return key[0].replace("-", ""), actions[-1]


@old_choices
def test_a_password_alone_does_not_open_a_real_partnership(real: Web) -> None:
    browser = real.as_(None)
    browser.sign_in(address("lead"), PASSWORD)
    assert not is_signed_in(browser)
    set_up(browser, "lead")
    assert not is_signed_in(browser)
    assert real.world.count(models.signed_in_session) == 0


@old_choices
def test_a_code_of_the_authenticator_app_opens_it_once(real: Web) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = real.as_(None)
        key, where = set_up(browser, "lead")
        assert browser.post(where, {"code": "000000"}).status_code == 200
        assert not is_signed_in(browser)
        assert browser.post(where, {"code": code_of(key, time.time())}).status_code == 302
        assert is_signed_in(browser)
        # Next time the code is asked for, and one that was used opens nothing.
        clock.shift(MINUTES)
        again, thief = real.as_(None), real.as_(None)
        validate = again.sign_in(address("lead"), PASSWORD).location
        code = code_of(key, time.time())
        assert again.post(validate, {"code": code}).status_code == 302
        assert is_signed_in(again)
        thief.sign_in(address("lead"), PASSWORD)
        thief.post(validate, {"code": code})
        assert not is_signed_in(thief)


@old_choices
def test_wrong_codes_shut_out_that_account_alone(real: Web) -> None:
    browser = real.as_(None)
    _, where = set_up(browser, "lead")
    statuses = [browser.post(where, {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    other = real.as_(None)
    key, where = set_up(other, "team")
    assert other.post(where, {"code": code_of(key, time.time())}).status_code == 302
    assert is_signed_in(other) is True


@pytest.mark.parametrize("right", [True, False])
def test_the_password_is_asked_for_again_before_something_that_needs_it(web: Web, right: bool) -> None:
    browser = web.as_("lead")
    assert "Enter your password again" in page(browser.get("/verify")).text
    answer = browser.post("/verify?next=/audits", {"password": PASSWORD if right else "certainly wrong"})
    assert (answer.status_code, answer.location) == ((302, "/audits") if right else (200, None))


def test_guessing_the_password_in_a_browser_found_open_is_held(web: Web) -> None:
    browser = web.as_("lead")
    statuses = [browser.post("/verify", {"password": "certainly wrong"}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert web.as_("team").post("/verify", {"password": PASSWORD}).status_code == 302


def test_an_invented_partnership_off_loopback_asks_for_the_second_factor_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'audit.sqlite3'}")
    instance = lay(tmp_path)
    second_factor = {
        (invented, loopback): create_app(replace(instance, invented=invented), loopback=loopback).config[
            "SECURITY_TWO_FACTOR"
        ]
        for invented in (True, False)
        for loopback in (True, False)
    }
    assert second_factor == {
        (True, True): False, (True, False): True, (False, True): True, (False, False): True,
    }  # fmt: skip


def test_the_limits_are_those_that_were_decided() -> None:
    assert (timedelta(minutes=45), timedelta(hours=12)) == (people.IDLE_LIMIT, people.WHOLE_LIMIT)
