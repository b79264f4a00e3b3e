"""Send one letter that a page asked for, such as the link that proves a mailbox.

What it said, links included, leaves the database once it was sent or given up.
Its key, the moment and the reason stay, so that whoever had it sent can be told
and may have it composed anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine

from audit_engine.mail.message import Letter, compose
from audit_engine.mail.post import MailServerFault, Outcome, Post
from audit_engine.mail.settings import MailSettings, mail_settings
from audit_engine.services.clock import now as this_moment
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage import outbox
from audit_engine.storage.engine import writing

#: Links in such letters do not live long, so neither do the tries.
DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15))
NO_SERVER = "No mail server is set up. See docs/deploying.md."


class LetterRefused(ValueError):
    """A letter that cannot be sent; the text says why."""


def do_letter(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    work: Mapping[str, Any],
    now: datetime,
    step: Callable[[int], None],
) -> dict[str, Any]:
    """Send a letter of ``to``, ``subject`` and ``paragraphs``; one that cannot leave now is tried again by and by."""
    settings = mail_settings(os.environ)
    if settings is None:
        raise LetterRefused(NO_SERVER)
    said = work["payload"]
    outcome = _sent(settings, said, str(work["key"]).split("@", 1)[0])
    tries = int(said.get("tries", 0))
    with writing(engine) as connection:
        if outcome.state == "later" and tries < len(DELAYS):
            key = f"{str(work['key']).split('@', 1)[0]}@{tries + 1}"
            again = outbox.ask(connection, work["kind"], key, {**said, "tries": tries + 1}, work["asked_by"], now)
            outbox.put_off(connection, again, this_moment() + DELAYS[tries])
        outbox.change(connection, work["id"], payload={})
    return {"state": outcome.state, "reason": outcome.reason}


def _sent(settings: MailSettings, said: Mapping[str, Any], key: str) -> Outcome:
    # The same letter sent again after a crash has the same id, and many mailboxes show it once.
    message_id = f"<{sha256(key.encode()).hexdigest()[:32]}@{settings.domain}>"
    letter = Letter(said["to"], said["subject"], tuple(said["paragraphs"]), message_id)
    try:
        with Post(settings) as post:
            return post.send(compose(letter, settings, this_moment()), letter.to)
    except MailServerFault as fault:
        if not fault.later:
            raise
        return Outcome("later", str(fault))
