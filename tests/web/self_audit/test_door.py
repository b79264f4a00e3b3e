"""Does a link prove a mailbox, once and for a short time, and tell nobody anything else?"""

from __future__ import annotations

import pytest
import time_machine

from audit_engine.services import self_audit_people
from audit_engine.services.clock import now
from audit_engine.storage import all_models, settings_models
from tests.services.own import LEAD
from tests.web.browser import page, token_of, without_tokens
from tests.web.self_audit.conftest import SchoolSite, ask, enter, shown_link

LINKS = settings_models.setting_link


def test_a_school_starts_with_nothing_but_a_mailbox(site: SchoolSite) -> None:
    browser = site.stranger()
    start = page(browser.get("/self-audit/own"))
    assert "Nobody in the partnership" in start.text and "could reach the database" in start.text
    answer = ask(browser, LEAD, "own")
    assert "Demonstration: no mail is sent" in page(answer).text
    assert enter(browser, shown_link(answer)).status_code == 302
    form = {"your_name": "Dee", "name": "Otter School", "phase": "primary", "office_email": "office@s.example.org"}
    added = browser.post("/self-audit/schools", {**form, "want": "own"})
    home = browser.get(added.location)
    assert "Start: How we listen 2026" in page(home).text
    audit = site.audit_of(browser, int(added.location.split("/")[3].split("?")[0]))
    assert browser.get(f"/self-audit/audits/{audit}").status_code == 200


def test_a_form_of_a_new_setting_tells_everything_that_is_wrong_at_once(site: SchoolSite) -> None:
    lead = site.as_mailbox()
    blank = page(lead.post("/self-audit/schools", {}))
    assert {"#your_name", "#name", "#phase", "#office_email"} <= set(blank.links())
    own = page(lead.post("/self-audit/schools", {"your_name": "Ana", "name": "Otter", "office_email": LEAD}))
    assert {"#phase", "#office_email"} <= set(own.links()) and "another than your own" in own.text
    assert "Choose what kind of school or setting you are" in own.text


def test_opening_a_link_does_nothing_until_its_button_is_pressed(site: SchoolSite) -> None:
    link = shown_link(ask(site.stranger(), LEAD))
    scanner, person = site.stranger(), site.stranger()
    for _ in range(3):
        assert scanner.get(link).status_code == 200
    assert enter(person, link).status_code == 302
    assert person.get("/self-audit/home").status_code == 200


def test_a_link_works_once(site: SchoolSite) -> None:
    link = shown_link(ask(site.stranger(), LEAD))
    assert enter(site.stranger(), link).status_code == 302
    thief = site.stranger()
    assert enter(thief, link).status_code == 400
    assert thief.get("/self-audit/home").status_code == 302


def test_a_link_works_for_thirty_minutes(site: SchoolSite) -> None:
    early = self_audit_people.make_link(site.engine, LEAD, "", now())
    late = self_audit_people.make_link(site.engine, LEAD, "", now())
    with time_machine.travel(now() + self_audit_people.LINK_LASTS * 0.9):
        assert enter(site.stranger(), f"/self-audit/link/{early}").status_code == 302
    with time_machine.travel(now() + self_audit_people.LINK_LASTS * 1.1):
        assert enter(site.stranger(), f"/self-audit/link/{late}").status_code == 400


def test_a_link_that_never_was_looks_like_one_that_is_used(site: SchoolSite) -> None:
    link = shown_link(ask(site.stranger(), LEAD))
    enter(site.stranger(), link)
    pages = [enter(site.stranger(), p) for p in (link, "/self-audit/link/" + "x" * 43)]
    assert without_tokens(pages[0]) == without_tokens(pages[1])


def test_asking_tells_nobody_whether_an_address_is_known(site: SchoolSite) -> None:
    site.schools.school()
    known, unknown = (ask(site.stranger(), e) for e in (LEAD, "dxl@school.example.org"))
    cut = [shown_link(a) for a in (known, unknown)]
    first, second = (
        without_tokens(a).replace(link.encode(), b"").replace(e.encode(), b"")
        for a, link, e in zip((known, unknown), cut, (LEAD, "dxl@school.example.org"), strict=True)
    )
    assert first == second and known.status_code == unknown.status_code


def test_only_the_hash_of_a_link_and_of_a_session_is_kept(site: SchoolSite) -> None:
    browser = site.stranger()
    link = shown_link(ask(browser, LEAD))
    enter(browser, link)
    with browser.client.session_transaction() as session:
        secrets = [link.rsplit("/", 1)[-1], session["setting"]]
    everything = dump(site)
    assert not [s for s in secrets if s in everything]


def dump(site: SchoolSite) -> str:
    from sqlalchemy import select

    from audit_engine.storage.engine import reading

    with reading(site.engine) as connection:
        return "\n".join(
            str(tuple(r)) for t in all_models.METADATA.tables.values() for r in connection.execute(select(t))
        )


def test_links_to_one_mailbox_are_throttled_and_others_are_not(site: SchoolSite) -> None:
    browser = site.stranger()
    statuses = [ask(browser, LEAD).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert ask(browser, "another@school.example.org").status_code == 200


def test_a_hundred_staff_behind_one_address_get_their_links(site: SchoolSite) -> None:
    browser = site.stranger()
    browser.token = token_of(browser.get("/self-audit"))
    statuses = {browser.post("/self-audit", {"email": f"staff{n}@school.example.org"}).status_code for n in range(100)}
    assert statuses == {200}


@pytest.mark.parametrize("typed", ["", "nobody", "a b@c.example.org", "x" * 260 + "@example.org"])
def test_what_is_no_address_is_said_so_beside_the_box(site: SchoolSite, typed: str) -> None:
    answer = ask(site.stranger(), typed)
    assert answer.status_code == 400
    assert "#email" in page(answer).links()


def test_signing_out_ends_the_session_also_for_a_copied_cookie(site: SchoolSite) -> None:
    browser = site.as_mailbox()
    copied = browser.cookie
    assert browser.post("/self-audit/home/sign-out").status_code == 302
    thief = site.stranger()
    thief.client.set_cookie("audit", copied)
    assert thief.get("/self-audit/home").status_code == 302


def test_an_idle_session_ends(site: SchoolSite) -> None:
    browser = site.as_mailbox()
    with time_machine.travel(now() + self_audit_people.IDLE_LIMIT * 1.1):
        assert browser.get("/self-audit/home").status_code == 302


def test_a_proved_mailbox_opens_nothing_of_the_partnership(site: SchoolSite) -> None:
    browser = site.as_mailbox("team@example.org")  # an address that has a role there
    for path in ("/", "/cycles", "/people", "/system", "/cycles/own-2026/take-up", "/audits"):
        assert browser.get(path).location.startswith("/sign-in"), path


def test_a_real_site_without_mail_shows_no_link(site: SchoolSite) -> None:
    from dataclasses import replace

    running = site.app.extensions["audit"]
    site.app.extensions["audit"] = replace(running, instance=replace(running.instance, invented=False))
    text = ask(site.stranger(), LEAD).get_data(as_text=True)
    assert "/self-audit/link/" not in text and "cannot send links" in text


def test_with_a_mail_server_the_link_goes_into_the_outbox_and_onto_no_page(
    site: SchoolSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_HOST", "mail.example.org")
    monkeypatch.setenv("MAIL_FROM", "audits@example.org")
    monkeypatch.setenv("AUDIT_ADDRESS", "https://audits.example.org")
    browser, elsewhere = site.stranger(), {"base_url": "http://evil.example.net"}
    browser.token = token_of(browser.get("/self-audit", **elsewhere))
    sent = browser.post("/self-audit", {"email": LEAD}, **elsewhere)
    assert sent.status_code == 200 and b"/self-audit/link/" not in sent.data
    written = dump(site)
    assert "https://audits.example.org/self-audit/link/" in written and "evil.example.net" not in written
