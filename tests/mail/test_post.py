"""Is every way in which a mail server can answer told apart, and is nothing that could be a link kept of its words?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from audit_engine.mail.message import Letter, compose
from audit_engine.mail.post import MailServerFault, Outcome, Post, without_links
from audit_engine.mail.settings import MailSettings
from tests.mail.conftest import settings_for
from tests.mail.server import PASSWORD, USER, PostOffice, post_office

ADA, SAM = "ada@example.org", "sam@example.org"
TOKEN = "aB3_-x" * 5 + "Qz"
LINK = f"https://audits.example.org/s/{TOKEN}"
AT = datetime(2026, 10, 5, 12, tzinfo=UTC)


def send(settings: MailSettings, *to: str, text: str = "Good morning") -> list[Outcome]:
    with Post(settings, timeout=5) as post:
        return [
            post.send(compose(Letter(one, "A survey", (text, LINK), f"<{n}@example.org>"), settings, AT), one)
            for n, one in enumerate(to)
        ]


def test_a_message_arrives_as_it_was_written(settings: MailSettings, office: PostOffice) -> None:
    assert send(settings, ADA, text=".hidden dot\n.\nGrüße, “all” of you") == [Outcome("sent")]
    (message,) = office.to(ADA)
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == f".hidden dot\n.\nGrüße, “all” of you\n\n{LINK}\n"
    assert max(map(len, bytes(message).splitlines())) < 998
    assert bytes(message).isascii()


def test_several_messages_share_one_connection(settings: MailSettings, office: PostOffice) -> None:
    assert send(settings, ADA, SAM, ADA) == [Outcome("sent")] * 3
    assert office.addresses == [ADA, SAM, ADA]


@pytest.mark.parametrize(
    "answer, state", [("550 No such user", "refused"), ("450 Busy, come again", "later"), ("252 Perhaps", "later")]
)
def test_an_address_that_is_refused_does_not_hold_up_the_next(
    settings: MailSettings, office: PostOffice, answer: str, state: str
) -> None:
    office.at_rcpt[ADA] = [answer]
    first, second = send(settings, ADA, SAM)
    assert (first.state, first.reason, second.state) == (state, answer, "sent")
    assert office.addresses == [SAM]


@pytest.mark.parametrize("answer, state", [("554 Looks like spam", "refused"), ("451 Not now", "later")])
def test_a_message_that_is_refused_is_told_apart_from_one_to_try_again(
    settings: MailSettings, office: PostOffice, answer: str, state: str
) -> None:
    office.at_data[ADA] = [answer]
    assert [o.state for o in send(settings, ADA, SAM)] == [state, "sent"]


def test_nobody_knows_what_became_of_a_message_when_the_line_breaks_after_it(
    settings: MailSettings, office: PostOffice
) -> None:
    office.at_data[ADA] = ["hang up"]
    first, second = send(settings, ADA, SAM)
    assert first.state == "unknown"
    assert second == Outcome("sent"), "the line is opened again for the next"


def test_a_server_that_closes_is_asked_again_later(settings: MailSettings, office: PostOffice) -> None:
    office.at_rcpt[ADA] = ["421 Closing down"]
    assert [o.state for o in send(settings, ADA, SAM)] == ["later", "sent"]


def test_what_a_server_quotes_is_not_kept(settings: MailSettings, office: PostOffice) -> None:
    office.at_data[ADA] = [f"554 5.7.1 {LINK} is on a list ({TOKEN})"]
    (outcome,) = send(settings, ADA)
    assert (outcome.state, outcome.reason) == ("refused", "554 5.7.1 … is on a list (…)")


@pytest.mark.parametrize(
    "said",
    [LINK, f"<{LINK}>", f"see {LINK}.", f"audits.example.org/s/{TOKEN[:8]}", TOKEN, f"quoted={TOKEN}", f"x\n{TOKEN}",
     f"http://x/{TOKEN[:5]}"],
)  # fmt: skip
def test_nothing_that_could_be_a_link_outlives_a_server_s_answer(said: str) -> None:
    assert TOKEN[:5] not in without_links(said)


def test_a_reason_still_says_who_and_why() -> None:
    said = "550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown"
    assert without_links(said) == said


def test_a_server_that_does_not_let_us_send_is_a_fault_of_the_settings(
    settings: MailSettings, office: PostOffice
) -> None:
    office.at_start = ["550 Who are you?"]
    with pytest.raises(MailServerFault, match=r"does not let surveys@tiny\.example\.org send: 550 Who are you") as told:
        send(settings, ADA)
    assert told.value.later is False


def test_a_server_that_is_not_there_may_come_back() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MailServerFault, match=rf"The mail server 127.0.0.1:{port} cannot be reached") as told:
        send(settings_for(port), ADA)
    assert told.value.later is True


@pytest.fixture
def guarded() -> Iterator[tuple[PostOffice, int]]:
    with post_office(sign_in=True) as running:
        yield running


def test_a_password_is_given_where_one_is_set(guarded: tuple[PostOffice, int]) -> None:
    office, port = guarded
    assert send(settings_for(port, user=USER, password=PASSWORD), ADA) == [Outcome("sent")]
    assert office.addresses == [ADA]


def test_a_wrong_password_is_a_sentence_without_the_password(guarded: tuple[PostOffice, int]) -> None:
    with pytest.raises(MailServerFault, match="does not accept MAIL_USER and MAIL_PASSWORD: 535") as told:
        send(settings_for(guarded[1], user=USER, password="wrong horse"), ADA)
    assert told.value.later is False
    assert "wrong horse" not in str(told.value)


def test_a_server_without_encryption_is_refused_where_it_is_asked_for(office_and_port: tuple[PostOffice, int]) -> None:
    from dataclasses import replace

    settings = replace(settings_for(office_and_port[1]), security="starttls")
    with pytest.raises(MailServerFault, match="does not offer what MAIL_TLS or MAIL_USER ask for") as told:
        send(settings, ADA)
    assert told.value.later is False
    assert office_and_port[0].taken == []


@pytest.mark.parametrize("offered, asked", [(True, ["RET=HDRS"]), (False, [])])
def test_the_server_is_asked_to_send_no_message_back_whole(offered: bool, asked: list[str]) -> None:
    with post_office(reports=offered) as (office, port):
        assert send(settings_for(port), ADA) == [Outcome("sent")]
        assert [o for o in office.options if o.startswith("RET")] == asked
