"""Which mail server sends, as whom, and under which address do people reach the site?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal, cast
from urllib.parse import urlsplit

Security = Literal["starttls", "tls", "none"]
PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
ADDRESS = "AUDIT_ADDRESS"
NAMES = (
    "MAIL_HOST", "MAIL_PORT", "MAIL_USER", "MAIL_PASSWORD", "MAIL_FROM", "MAIL_REPLY_TO", "MAIL_TLS", "MAIL_A_MINUTE",
)  # fmt: skip
A_MINUTE, MOST_A_MINUTE = 120, 6000


class MailSettingsFault(ValueError):
    """Settings of mail that cannot be used; the text says which and what to do."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"Mail is not set up right. {' '.join(faults)} See docs/deploying.md.")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where messages are handed over; ``a_minute`` is the most in a minute, ``site`` ends without a slash."""

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str
    reply_to: str
    a_minute: int
    site: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """Return the part of the sender's address after the @."""
        return self.sender.rpartition("@")[2]


def site_address(environment: Mapping[str, str]) -> str:
    """Return the address under which people reach the site, without a slash at its end; '' where it is not set."""
    given = environment.get(ADDRESS, "").strip().rstrip("/")
    if not given:
        return ""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in given:
        raise MailSettingsFault([f"{ADDRESS} is “{given}”. Write it like https://audits.example.org."])
    return given


def mail_settings(environment: Mapping[str, str]) -> MailSettings | None:
    """Read the settings; None where none is set.  Raise MailSettingsFault for half of them and for wrong ones."""
    given = {name: environment.get(name, "").strip() for name in NAMES}
    if not any(given.values()):
        return None
    site = site_address(environment)
    faults = [fault for check in _CHECKS if (fault := check(given, site))]
    if faults:
        raise MailSettingsFault(faults)
    security = cast(Security, given["MAIL_TLS"] or "starttls")
    name, sender = parseaddr(given["MAIL_FROM"])
    return MailSettings(
        host=given["MAIL_HOST"],
        port=int(given["MAIL_PORT"] or PORTS[security]),
        security=security,
        sender=sender,
        sender_name=name,
        reply_to=given["MAIL_REPLY_TO"],
        a_minute=int(given["MAIL_A_MINUTE"] or A_MINUTE),
        site=site,
        user=given["MAIL_USER"],
        password=environment.get("MAIL_PASSWORD", ""),
    )


def _whole(given: Mapping[str, str], site: str) -> str:
    missing = [name for name in ("MAIL_HOST", "MAIL_FROM") if not given[name]] + ([] if site else [ADDRESS])
    if not missing:
        return ""
    there = ", ".join(name for name, value in given.items() if value)
    return f"{there} {'is' if ',' not in there else 'are'} set, but {' and '.join(missing)} {_is(missing)} not."


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _security(given: Mapping[str, str], _site: str) -> str:
    named = given["MAIL_TLS"]
    return "" if named in ("", *PORTS) else f"MAIL_TLS is “{named}”. Choose one of {', '.join(PORTS)}."


def _credentials(given: Mapping[str, str], _site: str) -> str:
    if bool(given["MAIL_USER"]) != bool(given["MAIL_PASSWORD"]):
        return "MAIL_USER and MAIL_PASSWORD go together: set both or neither."
    if given["MAIL_USER"] and given["MAIL_TLS"] == "none":
        return "MAIL_TLS is none, so the password would travel readable. Use starttls or tls."
    return ""


def _number(name: str, most: int) -> Callable[[Mapping[str, str], str], str]:
    def check(given: Mapping[str, str], _site: str) -> str:
        text = given[name]
        right = not text or (text.isascii() and text.isdigit() and 1 <= int(text) <= most)
        return "" if right else f"{name} is “{text}”. Write a whole number from 1 to {most}."

    return check


def _mailbox(name: str) -> Callable[[Mapping[str, str], str], str]:
    def check(given: Mapping[str, str], _site: str) -> str:
        text = given[name]
        address = parseaddr(text)[1]
        local, _, domain = address.rpartition("@")
        if not text or (local and "." in domain and " " not in address and "\n" not in text):
            return ""
        return f"{name} is “{text}”. Write it like surveys@example.org."

    return check


_CHECKS = (
    _whole, _security, _credentials, _number("MAIL_PORT", 65535), _number("MAIL_A_MINUTE", MOST_A_MINUTE),
    _mailbox("MAIL_FROM"), _mailbox("MAIL_REPLY_TO"),
)  # fmt: skip
