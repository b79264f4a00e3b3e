"""A real mail server on this machine, which a test tells whom to refuse and when to hang up."""

from __future__ import annotations

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "site", "correct horse"
Answers = dict[str, list[str]]


@dataclass
class PostOffice:
    """What the server took, and its answers by address: each list is used up one by one, '' meaning yes.

    ``at_start`` answers MAIL FROM, ``at_rcpt`` RCPT TO and ``at_data`` the
    message; "hang up" there closes the line without an answer.
    """

    at_start: list[str] = field(default_factory=list)
    at_rcpt: Answers = field(default_factory=dict)
    at_data: Answers = field(default_factory=dict)
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)
    before_answering: Any = None
    #: Who signed in or said who sends, and whether the line was encrypted then.
    heard: list[str] = field(default_factory=list)

    def hear(self, what: str, server: SMTP) -> None:
        transport = server.transport
        encrypted = transport is not None and transport.get_extra_info("sslcontext") is not None
        self.heard.append(f"{what}, {'encrypted' if encrypted else 'in the clear'}")

    def to(self, address: str) -> list[EmailMessage]:
        return [message for who, message in self.taken if who == address]

    @property
    def addresses(self) -> list[str]:
        return [who for who, _ in self.taken]

    async def handle_EHLO(
        self, server: SMTP, session: Session, _e: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *self.extensions, responses[-1]]

    async def handle_MAIL(self, server: SMTP, _s: Session, envelope: Envelope, sender: str, options: list[str]) -> str:
        envelope.mail_from = sender
        self.hear("sender", server)
        self.options += options
        return (self.at_start.pop(0) if self.at_start else "") or "250 OK"

    async def handle_RCPT(self, server: SMTP, _s: Session, envelope: Envelope, to: str, _o: list[str]) -> str:
        answer = _next(self.at_rcpt, to)
        if not answer:
            envelope.rcpt_tos.append(to)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _s: Session, envelope: Envelope) -> str:
        (to,) = envelope.rcpt_tos
        answer = _next(self.at_data, to)
        if answer in ("", "hang up"):
            message = email.message_from_bytes(cast(bytes, envelope.content), policy=default)
            self.taken.append((to, cast(EmailMessage, message)))
        if self.before_answering is not None:
            self.before_answering(to)
        if answer == "hang up":
            transport = server.transport
            assert transport is not None
            transport.close()
        return answer or "250 Taken"


def _next(answers: Answers, to: str) -> str:
    waiting = answers.get(to)
    return waiting.pop(0) if waiting else ""


class _Listener(Controller):
    def __init__(self, office: PostOffice, **settings: Any) -> None:
        super().__init__(office, hostname="127.0.0.1", port=0, **settings)

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _checked(server: SMTP, _s: Session, _e: Envelope, mechanism: str, given: object) -> AuthResult:
    server.event_handler.hear("sign-in", server)
    right = isinstance(given, LoginPassword) and given.login == USER.encode() and given.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


class WithReports(SMTP):
    """A server that can be told how much of a message to send back (RFC 3461)."""

    async def smtp_MAIL(self, arg: str | None) -> None:
        """Take the option, which the library does not know."""
        self.event_handler.options += [word for word in (arg or "").split() if word.startswith("RET=")]
        await super().smtp_MAIL((arg or "").replace(" RET=HDRS", ""))


@contextmanager
def post_office(*, sign_in: bool = False, reports: bool = False, **settings: Any) -> Iterator[tuple[PostOffice, int]]:
    """Run a server for as long as the block lasts and give its port; with ``sign_in`` it wants a password."""
    if sign_in:
        settings |= {"authenticator": _checked, "auth_require_tls": False}
    office = PostOffice()
    listener = _Listener(office, **settings)
    if reports:
        listener.factory = lambda: WithReports(office, **listener.SMTP_kwargs)  # type: ignore[method-assign]
        office.extensions = ["250-DSN"]
    listener.start()
    try:
        yield office, listener.port
    finally:
        listener.stop()
