"""Write to people of settings: a link to their mailbox, an invitation, what an office address is asked.

A letter about a setting has a key that says which it is.  One that could not be sent leaves no text behind, so that
it is composed anew when somebody has it sent again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, cast

from sqlalchemy import Connection, Engine

from audit_engine.mail.settings import mail_settings, site_address
from audit_engine.response.settings import Member, Request, SettingFacts
from audit_engine.storage import outbox
from audit_engine.storage.engine import writing

KIND = "mail"
NOT_SENT = "This website could not send messages then."
LetterKind = Literal["invitation", "request", "notice"]


@dataclass(frozen=True, slots=True)
class Unsent:
    """A letter about a setting that did not reach anybody: which (``number`` of the member, request or setting)."""

    letter: LetterKind
    number: int
    to: str
    at: datetime
    why: str
    work: int

    @property
    def id(self) -> str:
        """Return how a form names it."""
        return f"{self.letter}-{self.number}"


def is_set_up(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a mail server is set up; without one no message leaves the machine."""
    return mail_settings(environment) is not None


def address_of(path: str, beside: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the address of a page for a message: the one that is set, and ``beside`` only where none is.

    What a browser says of the site's name must never reach a message: it would
    lead people, and their links, elsewhere.
    """
    return (site_address(environment) or beside.rstrip("/")) + path


def send_link(engine: Engine, to: str, address: str, now: datetime) -> None:
    """Send somebody the link that proves their mailbox."""
    _post(
        engine,
        to,
        "Your link to the self-audit",
        (
            "Somebody, we hope you, asked for this link. It works once, and for 30 minutes.",
            address,
            "It opens a page with a button. If you did not ask for it, do nothing.",
        ),
        now,
    )


def send_invitation(
    engine: Engine, to: Member, setting: str, by: str, address: str, now: datetime, after: int = 0
) -> None:
    """Tell a colleague that they may work on a setting's self-audits.

    ``after`` is the work that could not send it: pressed twice, it is sent again once.
    """
    _post(
        engine,
        to.email,
        f"Please help with the self-audit of {setting}",
        (
            f"{by} asks you to work on the self-audits of {setting}. They are private to your school or setting.",
            "To begin, ask for a link with this e-mail address on this page:",
            address,
        ),
        now,
        _about(to.setting, "invitation", to.id, after),
    )


def send_request(engine: Engine, request: Request, address: str, now: datetime, after: int = 0) -> None:
    """Tell a registered office address what it is asked to approve."""
    what = (
        f"{request.name} ({request.email}) is to lead the private self-audits of {request.setting_name}."
        if request.kind == "lead"
        else f"{request.email} is to become the office address of {request.setting_name} for its private self-audits."
    )
    _post(
        engine,
        request.office_email,
        f"Please approve or refuse: {request.setting_name}",
        (
            f"{what} Asked by {request.asked_by}.",
            "You have this message because this address was given as the office address. Nothing changes until you "
            "decide. To do so, ask for a link with this e-mail address on this page:",
            address,
        ),
        now,
        _about(request.setting, "request", request.id, after),
    )


def send_notice_to_office(
    engine: Engine, setting: SettingFacts, lead: str, address: str, now: datetime, after: int = 0
) -> None:
    """Tell an address that it was given as a setting's office address."""
    _post(
        engine,
        setting.office_email,
        f"This address was given as the office address of {setting.name}",
        (
            f"{lead} started a private self-audit for {setting.name} and gave this address as its office address.",
            "When the lead leaves, we ask you to approve the next. You see no answers, and you need do nothing now.",
            "More about it:",
            address,
        ),
        now,
        _about(setting.id, "notice", setting.id, after),
    )


def _about(setting: int, letter: LetterKind, number: int, after: int) -> str:
    return f"setting-{setting}:{letter}-{number}:{after}:"


def unsent(
    connection: Connection, setting: SettingFacts, members: Sequence[Member], requests: Sequence[Request], now: datetime
) -> tuple[Unsent, ...]:
    """Return the letters about a setting that could not be sent and are still of use: one statement."""
    reached = {f"invitation-{m.id}": m.email for m in members if m.left_at is None}
    reached |= {f"request-{r.id}": r.office_email for r in requests}
    reached[f"notice-{setting.id}"] = setting.office_email
    start = f"{KIND}:setting-{setting.id}:"
    newest = {w["key"].removeprefix(start).split(":")[0]: w for w in outbox.with_key(connection, KIND, start)}
    found = []
    for name, work in newest.items():
        why = _why(work, now)
        if why and name in reached:
            letter, _, number = name.partition("-")
            kind = cast(LetterKind, letter)
            found.append(Unsent(kind, int(number), reached[name], work["asked_at"], why, work["id"]))
    return tuple(found)


def _why(work: Mapping[str, Any], now: datetime) -> str:
    """Say why a letter did not arrive; '' where it did, or may yet."""
    if outbox.given_up(work, now):
        return NOT_SENT
    result = work["result"] if work["done_at"] is not None else {}
    return "" if result.get("state", "sent") == "sent" else str(result.get("reason") or NOT_SENT)


def _post(engine: Engine, to: str, subject: str, paragraphs: Sequence[str], now: datetime, about: str = "") -> None:
    """Ask the worker to send a letter; without a mail server nothing is kept."""
    if not is_set_up():
        return
    key = sha256("\n".join((to, subject, *paragraphs, f"{now:%Y%m%d%H%M}")).encode()).hexdigest()
    payload = {"to": to, "subject": subject, "paragraphs": list(paragraphs)}
    with writing(engine) as connection:
        outbox.ask(connection, KIND, f"{KIND}:{about}{key}", payload, None, now)
