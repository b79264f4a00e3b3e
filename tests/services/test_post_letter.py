"""Is a letter that a page asked for sent, tried again when it must be, and its text forgotten?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from audit_engine.services import do_work, post_letter
from audit_engine.storage import models, outbox
from audit_engine.storage.engine import reading, writing
from tests.mail.server import PostOffice
from tests.services.mailing import settings_of, text_of
from tests.services.tiny import DURING, World

TO, LINK = "ada@example.org", "https://audits.example.org/self-audit/link/abc"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    present = [DURING]
    for module in (do_work, post_letter):
        monkeypatch.setattr(module, "this_moment", lambda: present[0])
    return present


def ask(world: World) -> None:
    payload = {"to": TO, "subject": "Your link", "paragraphs": ["Here it is:", LINK]}
    with writing(world.engine) as connection:
        outbox.ask(connection, "mail", "mail:one", payload, None, DURING)


def work(world: World) -> list[bool]:
    done = []
    while claimed := do_work.claim_work(world.engine):
        done += [do_work.do_work(world.engine, world.definitions, world.instance, n) for n in claimed]
    return done


def works(world: World) -> list[dict[str, Any]]:
    with reading(world.engine) as connection:
        return [dict(row) for row in connection.execute(select(models.outbox).order_by(models.outbox.c.id)).mappings()]


def test_a_letter_is_sent_once_and_its_text_leaves_the_database(
    world: World, office: PostOffice, moment: list[datetime]
) -> None:
    ask(world)
    assert LINK in str(works(world))
    assert work(world) == [True]
    ask(world)
    assert work(world) == []
    (message,) = office.to(TO)
    assert LINK in text_of(message) and message["Auto-Submitted"] == "auto-generated"
    assert LINK not in str(works(world)) and TO not in str(works(world))


def test_a_letter_that_cannot_leave_now_leaves_later_and_is_then_forgotten(
    world: World, office: PostOffice, moment: list[datetime]
) -> None:
    office.at_rcpt[TO] = ["450 Busy", "450 Busy"]
    ask(world)
    work(world)
    assert office.taken == []
    for delay in post_letter.DELAYS[:2]:
        moment[0] += delay + timedelta(seconds=1)
        work(world)
    assert office.addresses == [TO]
    assert LINK not in str(works(world))


def test_a_letter_is_given_up_in_the_end_and_forgotten(
    world: World, office: PostOffice, moment: list[datetime]
) -> None:
    office.at_rcpt[TO] = ["450 Busy"] * 9
    ask(world)
    for delay in (timedelta(0), *post_letter.DELAYS, timedelta(hours=2)):
        moment[0] += delay + timedelta(seconds=1)
        work(world)
    assert len(works(world)) == 1 + len(post_letter.DELAYS)
    assert works(world)[-1]["result"] == {"state": "later", "reason": "450 Busy"}
    assert LINK not in str(works(world)) and office.taken == []


def test_without_a_mail_server_the_work_says_so(
    world: World, moment: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in settings_of(25):
        monkeypatch.delenv(name, raising=False)
    ask(world)
    assert work(world) == [False] * 3
    assert "No mail server is set up" in works(world)[0]["fault"]


def test_a_letter_that_three_tries_could_not_send_leaves_no_text_and_no_address(
    world: World, office: PostOffice, moment: list[datetime]
) -> None:
    office.at_start = ["550 Who are you?"] * 9
    ask(world)
    assert work(world) == [False] * 3
    (left,) = works(world)
    assert left["payload"] == {} and left["done_at"] is None
    assert (left["key"], left["asked_at"]) == ("mail:one", DURING), "what tells the sender which letter it was"
    assert "does not let surveys@tiny.example.org send" in left["fault"]
    assert LINK not in str(left) and TO not in str(left)


def test_a_letter_keeps_its_text_as_long_as_it_may_still_be_sent(
    world: World, office: PostOffice, moment: list[datetime]
) -> None:
    office.at_start = ["550 Who are you?"] * 2
    ask(world)
    for _ in range(2):
        (number,) = do_work.claim_work(world.engine)
        assert not do_work.do_work(world.engine, world.definitions, world.instance, number)
        assert LINK in str(works(world))
    assert work(world) == [True]
    assert office.addresses == [TO]


def test_a_letter_whose_worker_died_at_the_last_try_is_emptied_too(
    world: World, office: PostOffice, moment: list[datetime]
) -> None:
    ask(world)
    for _ in range(outbox.MOST_ATTEMPTS):
        assert do_work.claim_work(world.engine)  # claimed, and never heard of again
        moment[0] += outbox.CLAIM_LASTS + timedelta(seconds=1)
    with writing(world.engine) as connection:
        outbox.forget_given_up(connection, "mail", moment[0] - timedelta(minutes=5))
    assert LINK in str(works(world)), "somebody may still be at it"
    with writing(world.engine) as connection:
        outbox.forget_given_up(connection, "mail", moment[0])
    assert works(world)[0]["payload"] == {}
