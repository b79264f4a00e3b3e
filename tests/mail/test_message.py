"""Does a message say the same as text and as HTML, and carry what automatic mail must?"""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from audit_engine.mail.message import Letter, compose
from tests.mail.conftest import settings_for

AT = datetime(2026, 10, 5, 12, tzinfo=UTC)
LINK, STOP = "https://audits.example.org/s/abc", "https://audits.example.org/no-more-mail/def"


def composed(*paragraphs: str, subject: str = "A survey", stop: str = STOP) -> EmailMessage:
    return compose(Letter("ada@example.org", subject, paragraphs, "<1@example.org>", stop), settings_for(25), AT)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_automatic_mail_says_so_and_how_to_stop_it() -> None:
    message = composed("Good morning")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{STOP}>"
    assert message["List-Unsubscribe-Post"] is None, "stopping needs a button, since mail scanners open every link"
    assert message["Reply-To"] == "team@tiny.example.org"
    assert message["From"] == "Tiny Partnership <surveys@tiny.example.org>"
    assert message["Message-ID"] == "<1@example.org>"
    assert message["Date"] == "Mon, 05 Oct 2026 12:00:00 +0000"


def test_both_parts_say_the_same_and_the_link_is_one_in_each() -> None:
    message = composed("Good <b>morning</b> & welcome", LINK, "Until Friday")
    plain, html = part(message, "plain"), part(message, "html")
    assert plain.split("\n\n")[:3] == ["Good <b>morning</b> & welcome", LINK, "Until Friday"]
    assert STOP in plain
    assert f'<a href="{LINK}">{LINK}</a>' in html
    assert "Good &lt;b&gt;morning&lt;/b&gt; &amp; welcome" in html
    assert "<img" not in html and "src=" not in html, "nothing tells who opened it"


def test_a_message_without_a_stop_page_names_none() -> None:
    message = composed("A test", stop="")
    assert message["List-Unsubscribe"] is None
    assert "no more messages" not in part(message, "plain")


@pytest.mark.parametrize("subject", ["A\nBcc: x@example.org", "A\r\nX: y"])
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        composed("Good morning", subject=subject)


def test_long_paragraphs_are_wrapped_and_addresses_are_not() -> None:
    long = "https://audits.example.org/s/" + "a" * 90
    plain = part(composed("word " * 60, long), "plain")
    assert long in plain.splitlines()
    assert max(len(line) for line in plain.splitlines() if not line.startswith("http")) <= 78
