"""Is a setting told which message did not go out and why, and is it composed anew when somebody has it sent again?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from audit_engine.services import do_work
from audit_engine.storage import models
from audit_engine.storage.engine import reading
from tests.mail.server import PostOffice
from tests.services.mailing import settings_of, text_of
from tests.web.browser import Browser, page
from tests.web.self_audit.conftest import SchoolSite

DAN = "dan@school.example.org"


def work(site: SchoolSite) -> None:
    world = site.schools.world
    while claimed := do_work.claim_work(world.engine):
        for number in claimed:
            do_work.do_work(world.engine, world.definitions, world.instance, number)


def kept(site: SchoolSite) -> list[Any]:
    with reading(site.engine) as connection:
        return list(connection.execute(select(models.outbox.c.payload).order_by(models.outbox.c.id)).scalars())


def invite(site: SchoolSite, office: PostOffice) -> tuple[Browser, str]:
    """Invite Dan while the mail server lets nobody send."""
    school = site.schools.school()
    lead, home = site.as_mailbox(), f"/self-audit/schools/{school}"
    office.at_start = ["550 Who are you?"] * 3
    lead.post(home + "/people", {"name": "Dan", "email": DAN})
    work(site)
    assert office.taken == [] and kept(site) == [{}]
    return lead, home


def test_a_message_that_failed_is_told_and_sent_again_composed_anew(site: SchoolSite, office: PostOffice) -> None:
    lead, home = invite(site, office)
    for path in (home, home + "/people"):
        shown = page(lead.get(path))
        assert f"Not sent: the message to {DAN} of" in shown.text and shown.faults == []
        assert "This website could not send messages then." in shown.text
    told = page(lead.post(home + "/messages", {"message": "invitation-2"}, follow_redirects=True)).text
    lead.post(home + "/messages", {"message": "invitation-2"})
    assert f"The message to {DAN} is being sent again." in told and "Not sent" not in told
    work(site)
    (message,) = office.to(DAN)
    assert "asks you to work on the self-audits of" in " ".join(text_of(message).split())
    assert kept(site) == [{}, {}]
    assert "Not sent" not in page(lead.get(home)).text
    again = lead.post(home + "/messages", {"message": "invitation-2"}, follow_redirects=True)
    assert "does not wait to be sent again" in page(again).text


def test_an_address_that_is_refused_is_told_with_the_reason(site: SchoolSite, office: PostOffice) -> None:
    school = site.schools.school()
    lead, home = site.as_mailbox(), f"/self-audit/schools/{school}"
    office.at_rcpt[DAN] = ["550 No such user"]
    lead.post(home + "/people", {"name": "Dan", "email": DAN})
    work(site)
    assert "550 No such user" in page(lead.get(home)).text
    assert kept(site) == [{}]


def test_what_an_office_is_asked_is_sent_again_while_it_is_not_decided(site: SchoolSite, office: PostOffice) -> None:
    school = site.schools.school()
    lead, home = site.as_mailbox(), f"/self-audit/schools/{school}"
    office.at_start = ["550 Who are you?"] * 3
    lead.post(home + "/next-lead", {"name": "Nell", "email": "nell@school.example.org"})
    work(site)
    lead.post(home + "/messages", {"message": "request-1"})
    work(site)
    ((_, message),) = office.taken
    assert "is to lead the private self-audits of" in " ".join(text_of(message).split())


def test_nobody_else_sees_it_or_sends_it(site: SchoolSite, office: PostOffice) -> None:
    _, home = invite(site, office)
    site.schools.school("Other School", "other@o.example.org", "office@o.example.org")
    other = site.as_mailbox("other@o.example.org")
    assert other.post(home + "/messages", {"message": "invitation-2"}).status_code == 404
    assert site.stranger().get(home).status_code == 302
    assert site.stranger().post(home + "/messages", {"message": "invitation-2"}).status_code == 400
    work(site)
    assert office.taken == []


def test_where_no_mail_is_sent_any_more_it_says_what_to_do_instead(
    site: SchoolSite, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, home = invite(site, office)
    for name in settings_of(25):
        monkeypatch.delenv(name)
    told = page(lead.post(home + "/messages", {"message": "invitation-2"}, follow_redirects=True)).text
    assert "Tell them to ask for a link at" in told and "is being sent again" not in told
