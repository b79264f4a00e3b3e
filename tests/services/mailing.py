"""The pulse survey with a mail server beside it: everything that tests of mailings share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.services import deliver_mail, do_work, send_invitations
from audit_engine.services.send_invitations import Drafted, Text
from audit_engine.storage import mailings
from audit_engine.storage.engine import reading
from tests.mail.server import PostOffice, post_office
from tests.services.pulse import Pulse, lay_pulse
from tests.services.tiny import DURING

SITE = "https://audits.example.org"
TEXT = Text("What do you see?", "Dear colleague,\nplease tell us.\n\nIt helps.")


def people(count: int, start: int = 0) -> list[str]:
    return [f"p{n:03}@example.org" for n in range(start, start + count)]


@dataclass
class Mailing:
    """The survey, its mail server, and hands to draft, send and let the worker work."""

    pulse: Pulse
    office: PostOffice
    by: int
    moment: list[datetime]

    @property
    def engine(self) -> Engine:
        return self.pulse.engine

    def to_people(self, addresses: list[str], organisation: str = "otters") -> Drafted:
        return send_invitations.draft_to_people(
            self.engine, "pulse", organisation, "\n".join(addresses), TEXT, self.by, DURING
        )

    def to_contacts(self, addresses: dict[str, list[str]]) -> Drafted:
        return send_invitations.draft_to_contacts(self.engine, "pulse", addresses, TEXT, self.by, DURING)

    def send(self, mailing: int) -> bool:
        return send_invitations.send(self.engine, mailing, self.by, DURING)

    def work(self) -> list[bool]:
        """Do all the work that is due, as the worker does."""
        done = []
        while claimed := do_work.claim_work(self.engine):
            world = self.pulse.world
            done += [do_work.do_work(self.engine, world.definitions, world.instance, n) for n in claimed]
        return done

    def states(self, mailing: int) -> dict[str, str]:
        with reading(self.engine) as connection:
            return {r.address: r.state for r in mailings.recipients(connection, mailing)}

    def counts(self, mailing: int) -> dict[str, int]:
        with reading(self.engine) as connection:
            return dict(mailings.counts(connection, "pulse").get(mailing, {}))

    def seen(self, mailing: int) -> send_invitations.MailingSeen:
        with reading(self.engine) as connection:
            row = mailings.mailing_of(connection, mailing)
            assert row is not None
            return send_invitations.mailing_seen(connection, row, self.moment[0])

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.pulse.rows(table)

    def restart(self) -> None:
        """Forget what a worker's process held in memory."""
        deliver_mail._IN_HAND.clear()


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage) -> str:
    """Return the path of the survey's link in a message."""
    (line,) = [line for line in text_of(message).split() if line.startswith(f"{SITE}/s/")]
    return line.removeprefix(SITE)


@contextmanager
def running_mail(root: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailing]:
    """Open the survey and run a mail server to which the settings lead; time stands still until a test moves it."""
    pulse = lay_pulse(root, engine).open()
    moment = [DURING]
    with post_office() as (office, port):
        for name, value in settings_of(port).items():
            monkeypatch.setenv(name, value)
        for module in (do_work, deliver_mail):
            monkeypatch.setattr(module, "this_moment", lambda: moment[0])
        yield Mailing(pulse, office, pulse.world.somebody, moment)
    deliver_mail._IN_HAND.clear()


def settings_of(port: int) -> dict[str, str]:
    return {
        "MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_TLS": "none", "MAIL_A_MINUTE": "6000",
        "MAIL_FROM": "Tiny Partnership <surveys@tiny.example.org>", "AUDIT_ADDRESS": SITE,
    }  # fmt: skip
