"""Does mail work? Send one message that says so."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from audit_engine.mail.message import Letter, compose
from audit_engine.mail.post import Post
from audit_engine.mail.settings import mail_settings
from audit_engine.services.clock import now
from audit_engine.services.deliver_mail import NO_SERVER
from audit_engine.services.instance import Instance
from audit_engine.services.mail_addresses import address_of
from audit_engine.services.send_invitations import MailRefused


def try_mail(instance: Instance, address: str, environment: Mapping[str, str]) -> str:
    """Send a message to one address and return a sentence; raise with a sentence where that does not work."""
    settings = mail_settings(environment)
    if settings is None:
        raise MailRefused(NO_SERVER)
    to = address_of(address)
    if to is None:
        raise MailRefused(f"“{address}” is no e-mail address that can be written to.")
    text = (
        f"This is a test. The site of {instance.name} can send mail.",
        "Look at the sender, and at whether the link below leads to the site.",
        settings.site + "/",
    )
    letter = Letter(to, f"Test of mail from {instance.name}", text, f"<{secrets.token_hex(16)}@{settings.domain}>")
    with Post(settings) as post:
        outcome = post.send(compose(letter, settings, now()), to)
    if outcome.state != "sent":
        raise MailRefused(f"{to} was not written to: {outcome.reason}")
    return f"The mail server took a message to {to}. Look whether it arrives, and from whom."
