"""Was a message taken by the mail server, refused, or is it worth trying again?

The steps of the conversation are taken one by one, because only then is it
known whether a message had been handed over when the line broke.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from audit_engine.mail.settings import MailSettings

TIMEOUT = 30
LONGEST_REASON = 300
_OK, _OK_FORWARDED, _GO_AHEAD, _CLOSING = 250, 251, 354, 421
# A server may quote what it dislikes, the link of one person included; that must not be kept beside the address.
_QUOTED = re.compile(r"\S*(?:://|/s/|www\.)\S*|[\w=+/-]{16,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message; "unknown" when it was handed over and no answer came."""

    state: Literal["sent", "refused", "later", "unknown"]
    reason: str = ""


class MailServerFault(RuntimeError):
    """The mail server cannot be used at all; ``later`` when it may work by and by."""

    def __init__(self, sentence: str, *, later: bool) -> None:
        super().__init__(sentence)
        self.later = later


def reason_of(code: int, said: bytes | str) -> str:
    """Return a server's answer without anything that could be a link."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {without_links(text)}".strip()[:LONGEST_REASON]


def without_links(text: str) -> str:
    """Return a text in one line, with whatever could be a link or its end left out."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(_QUOTED.sub("…", printable).split())[:LONGEST_REASON]


class Post:
    """A conversation with the mail server, begun anew when it broke off."""

    def __init__(self, settings: MailSettings, timeout: float = TIMEOUT) -> None:
        self._settings = settings
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Post:
        self._line()
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up(politely=True)

    def send(self, message: EmailMessage, to: str) -> Outcome:
        """Hand over one message.  Raise MailServerFault when it was not handed over because nothing can be."""
        smtp = self._line()
        handed_over = False
        try:
            refusal = self._envelope(smtp, to)
            if refusal is not None:
                return self._refused(*refusal)
            code, said = smtp.docmd("data")
            if code != _GO_AHEAD:
                return self._refused(code, said)
            handed_over = True
            smtp.send(_dotted(bytes(message)))
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError) as problem:
            self._hang_up()
            if handed_over:
                return Outcome("unknown", "The line broke after the message was handed over.")
            return Outcome("later", f"The line broke: {without_links(str(problem))}")
        return Outcome("sent") if code == _OK else self._refused(code, said)

    def _envelope(self, smtp: smtplib.SMTP, to: str) -> tuple[int, bytes] | None:
        # What comes back is to hold the headers only, not the message with its link.
        options = ("RET=HDRS",) if smtp.has_extn("dsn") else ()
        code, said = smtp.mail(self._settings.sender, options)
        if code != _OK:
            if 500 <= code < 600:
                self._hang_up()
                raise MailServerFault(
                    f"The mail server does not let {self._settings.sender} send: {reason_of(code, said)}", later=False
                )
            return code, said
        code, said = smtp.rcpt(to)
        return None if code in (_OK, _OK_FORWARDED) else (code, said)

    def _refused(self, code: int, said: bytes) -> Outcome:
        if code == _CLOSING or code < 0:
            self._hang_up()
        elif self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.rset()
        return Outcome("refused" if 500 <= code < 600 else "later", reason_of(code, said))

    def _line(self) -> smtplib.SMTP:
        if self._smtp is None:
            with _told(self._settings):
                self._smtp = _connected(self._settings, self._timeout)
        return self._smtp

    def _hang_up(self, *, politely: bool = False) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit() if politely else smtp.close()


def _dotted(content: bytes) -> bytes:
    """Return a message as it travels: lines that start with a dot get another (RFC 5321, 4.5.2)."""
    whole = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"


def _connected(settings: MailSettings, timeout: float) -> smtplib.SMTP:
    if settings.security == "tls":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(settings.host, settings.port, timeout=timeout)
    try:
        if settings.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if settings.user:
            smtp.login(settings.user, settings.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


@contextmanager
def _told(settings: MailSettings) -> Iterator[None]:
    """Turn every way in which a connection can fail into a sentence."""
    where = f"The mail server {settings.host}:{settings.port}"
    try:
        yield
    except ssl.SSLError as problem:
        raise MailServerFault(
            f"{where} shows no certificate that is trusted here: {problem.reason}.", later=False
        ) from None
    except smtplib.SMTPAuthenticationError as problem:
        later = 400 <= problem.smtp_code < 500
        raise MailServerFault(
            f"{where} does not accept MAIL_USER and MAIL_PASSWORD: {reason_of(problem.smtp_code, problem.smtp_error)}",
            later=later,
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise MailServerFault(f"{where} does not offer what MAIL_TLS or MAIL_USER ask for.", later=False) from None
    except smtplib.SMTPResponseException as problem:
        later = not 500 <= problem.smtp_code < 600
        raise MailServerFault(
            f"{where} says: {reason_of(problem.smtp_code, problem.smtp_error)}", later=later
        ) from None
    except (smtplib.SMTPException, OSError) as problem:
        raise MailServerFault(f"{where} cannot be reached: {without_links(str(problem))}.", later=True) from None
