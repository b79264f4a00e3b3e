"""Write to people of settings: a link to their mailbox, an invitation, what an office address is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine

from audit_engine.mail.settings import mail_settings, site_address
from audit_engine.response.settings import Request
from audit_engine.storage import outbox
from audit_engine.storage.engine import writing

KIND = "mail"


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


def send_invitation(engine: Engine, to: str, setting: str, by: str, address: str, now: datetime) -> None:
    """Tell a colleague that they may work on a setting's self-audits."""
    _post(
        engine,
        to,
        f"Please help with the self-audit of {setting}",
        (
            f"{by} asks you to work on the self-audits of {setting}. They are private to your school or setting.",
            "To begin, ask for a link with this e-mail address on this page:",
            address,
        ),
        now,
    )


def send_request(engine: Engine, request: Request, address: str, now: datetime) -> None:
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
    )


def send_notice_to_office(engine: Engine, to: str, setting: str, lead: str, address: str, now: datetime) -> None:
    """Tell an address that it was given as a setting's office address."""
    _post(
        engine,
        to,
        f"This address was given as the office address of {setting}",
        (
            f"{lead} started a private self-audit for {setting} and gave this address as its office address.",
            "When the lead leaves, we ask you to approve the next. You see no answers, and you need do nothing now.",
            "More about it:",
            address,
        ),
        now,
    )


def _post(engine: Engine, to: str, subject: str, paragraphs: Sequence[str], now: datetime) -> None:
    """Ask the worker to send a letter; without a mail server nothing is kept."""
    if not is_set_up():
        return
    key = sha256("\n".join((to, subject, *paragraphs, f"{now:%Y%m%d%H%M}")).encode()).hexdigest()
    payload = {"to": to, "subject": subject, "paragraphs": list(paragraphs)}
    with writing(engine) as connection:
        outbox.ask(connection, KIND, f"mail:{key}", payload, None, now)
