"""Does a message reach a mail server that shows a trusted certificate, and never one that does not?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit_engine.mail.message import Letter, compose
from audit_engine.mail.post import MailServerFault, Outcome, Post
from audit_engine.mail.settings import MailSettings, Security
from tests.mail.certificates import Certificate, certificate
from tests.mail.conftest import settings_for
from tests.mail.server import PASSWORD, USER, PostOffice, post_office

ADA = "ada@example.org"
LINK = "https://audits.example.org/s/abcdefgh"
BOTH: tuple[Security, ...] = ("starttls", "tls")


@pytest.fixture(params=BOTH)
def way(request: pytest.FixtureRequest) -> Security:
    """How the line is encrypted: after a word of the client, or from the first byte."""
    found: Security = request.param
    return found


@contextmanager
def guarded(way: Security, shown: Certificate) -> Iterator[tuple[PostOffice, MailSettings, list[str]]]:
    """Run a server that takes nothing in the clear; the list holds what it heard of a sign-in or a sender."""
    context = shown.server
    more = {"tls_context": context, "require_starttls": True} if way == "starttls" else {"ssl_context": context}
    with post_office(sign_in=True, **more) as (office, port):
        yield office, replace(settings_for(port, user=USER, password=PASSWORD), security=way), office.heard


def send(settings: MailSettings) -> Outcome:
    with Post(settings, timeout=5) as post:
        letter = Letter(ADA, "A survey", ("Good morning", LINK), "<1@example.org>")
        return post.send(compose(letter, settings, datetime(2026, 10, 5, 12, tzinfo=UTC)), ADA)


def trust(monkeypatch: pytest.MonkeyPatch, one: Certificate) -> None:
    """Trust a certificate as whoever runs the site does who has one of their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(one.file))


def test_a_server_with_a_trusted_certificate_gets_the_message(
    way: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = certificate(tmp_path)
    trust(monkeypatch, shown)
    with guarded(way, shown) as (office, settings, heard):
        assert send(settings) == Outcome("sent")
        assert office.addresses == [ADA]
        assert heard == ["sign-in, encrypted", "sender, encrypted"]


def test_a_certificate_that_nobody_trusts_is_refused_in_a_sentence_and_nothing_is_sent(
    way: Security, tmp_path: Path
) -> None:
    with guarded(way, certificate(tmp_path)) as (office, settings, heard):
        with pytest.raises(MailServerFault) as told:
            send(settings)
        assert str(told.value) == (
            f"The mail server 127.0.0.1:{settings.port} shows no certificate that is trusted here: "
            "CERTIFICATE_VERIFY_FAILED."
        )
        assert told.value.later is False, "a person must look at it; trying again does not help"
        assert (office.taken, heard) == ([], []), "neither the password nor who writes to whom was said"


def test_a_trusted_certificate_of_another_machine_is_refused(
    way: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = certificate(tmp_path, "192.0.2.7")
    trust(monkeypatch, elsewhere)
    with guarded(way, elsewhere) as (office, settings, heard):
        with pytest.raises(MailServerFault, match="shows no certificate that is trusted here"):
            send(settings)
        assert (office.taken, heard) == ([], [])


def test_a_line_is_not_encrypted_by_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that speaks TLS from the first byte is not written to in the clear, nor the other way round."""
    shown = certificate(tmp_path)
    trust(monkeypatch, shown)
    with guarded("starttls", shown) as (office, settings, heard):
        with pytest.raises(MailServerFault):
            send(replace(settings, security="tls"))
        assert (office.taken, heard) == ([], [])
