"""Hand a batch of messages to the mail server, each at most once.

Address and one-use link meet here, in the message that goes out, and nowhere
else.  The links of a whole batch are made at its start, as hashes in one
shuffled lot; the links themselves live in this process's memory until they are
sent.  A process that dies takes them along: who is left gets links of a new
lot where eleven or more are left, and otherwise a person is told.

"Being sent" is written down and committed before a message is handed over, and
what became of it after.  What is found "being sent" when a batch begins is of a
process that died: nobody can tell whether it left, and it is not sent again
unless a person says so.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.mail.message import Letter, compose
from audit_engine.mail.post import MailServerFault, Outcome, Post
from audit_engine.mail.settings import MailSettings, mail_settings
from audit_engine.services import run_survey
from audit_engine.services.clock import now as this_moment
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.services.letters import About, paragraphs
from audit_engine.services.mail_addresses import hashes_of
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.send_invitations import MailRefused, ask_batch, one_use, sent_on
from audit_engine.services.stop_mail import stop_path
from audit_engine.services.survey_words import survey_said
from audit_engine.storage import mailings, outbox, partnership
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.mailings import MailingRow, RecipientRow

#: How long to wait before each new try where the mail server could not take a message.
DELAYS = tuple(timedelta(minutes=m) for m in (5, 20, 60, 180, 480))
MAY_HAVE_LEFT = "The program stopped while this message was being handed over, so nobody knows whether it left."
TOO_FEW_LEFT = (
    f"The program was started again while links were being sent, and fewer than {LEAST_BASE} people of the list were "
    "left. Give this person the open link."
)
NO_LINK = "The organisation has no open link any more."
STOPPED = "Asked for no more messages."
NO_SERVER = "No mail server is set up. See docs/deploying.md."
Links = Mapping[int, str]
# The one-use links that this process still has to send, by database and mailing, then by recipient.
_IN_HAND: dict[tuple[str, int], dict[int, str]] = {}


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is sent in one go."""

    engine: Engine
    settings: MailSettings
    row: MailingRow
    number: int
    work: int
    letter: Callable[[RecipientRow, str, str], Letter]
    links: Links
    waiting: tuple[RecipientRow, ...] = field(default=())


def do_mailing(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    work: Mapping[str, Any],
    now: datetime,
    step: Callable[[int], None],
) -> dict[str, Any]:
    """Send one batch; what could not be sent now is asked for again later."""
    asked = work["payload"]
    settings = mail_settings(os.environ)
    if settings is None:
        raise MailRefused(NO_SERVER)
    with writing(engine) as connection:
        row = mailings.mailing_of(connection, asked["mailing"])
        if row is None:
            return {"sent": 0}
        waiting = _to_send(connection, row, asked["batch"])
    if not waiting:
        return {"sent": 0}
    with reading(engine) as connection:
        letter = _letters(connection, definitions, instance, settings, row)
    links = _links(engine, row, waiting)
    ready = tuple(r for r in waiting if r.id in links)
    batch = _Batch(engine, settings, row, asked["batch"], work["id"], letter, links, ready)
    sent, fault = _send(batch, step)
    _ask_for_the_rest(batch, asked["tries"], fault, now)
    return {"sent": sent, "fault": fault}


def _to_send(connection: Connection, row: MailingRow, batch: int) -> tuple[RecipientRow, ...]:
    """Settle what may not be sent any more and return the rest of the batch."""
    mailings.settle(connection, row.id, ("sending",), "unknown", MAY_HAVE_LEFT, batch)
    cycle = cycle_named(connection, row.cycle)
    if cycle.state != "open":
        mailings.settle(connection, row.id, ("waiting",), "held", f"{cycle.title} had closed.", batch)
        return ()
    waiting = mailings.recipients(connection, row.id, ("waiting",), batch)
    by_hash = hashes_of(r.address for r in waiting)
    gone = mailings.stopped(connection, by_hash.values())
    for one in waiting:
        if by_hash[one.address] in gone:
            mailings.finish(connection, one.id, "stopped", STOPPED)
    return tuple(r for r in waiting if by_hash[r.address] not in gone)


# --- links -----------------------------------------------------------------------


def _links(engine: Engine, row: MailingRow, waiting: Sequence[RecipientRow]) -> Links:
    """Return the path of each recipient's link, '' for a message that holds none; who can get none is held."""
    if one_use(row):
        found, why = _own_links(engine, row, waiting), TOO_FEW_LEFT
    elif row.kind == "people":
        return dict.fromkeys((r.id for r in waiting), "")
    else:
        with reading(engine) as connection:
            live = {
                link.organisation: link.path for link in run_survey.links_of(connection, row.cycle) if not link.ended
            }
        found, why = {r.id: live[r.organisation] for r in waiting if r.organisation in live}, NO_LINK
    _hold(engine, (r for r in waiting if r.id not in found), why)
    return found


def _own_links(engine: Engine, row: MailingRow, waiting: Sequence[RecipientRow]) -> Links:
    in_hand = _IN_HAND.setdefault((str(engine.url), row.id), {})
    without = {r.address: r.id for r in waiting if r.id not in in_hand}
    if len(without) >= LEAST_BASE:
        made = run_survey.make_tickets(engine, row.cycle, row.organisation, without)
        in_hand.update({without[address]: path for address, path in made})
    return {r.id: in_hand[r.id] for r in waiting if r.id in in_hand}


def _hold(engine: Engine, some: Iterable[RecipientRow], why: str) -> None:
    held = list(some)
    if held:
        with writing(engine) as connection:
            for one in held:
                mailings.finish(connection, one.id, "held", why)


# --- messages --------------------------------------------------------------------


def _letters(
    connection: Connection, definitions: Definitions, instance: Instance, settings: MailSettings, row: MailingRow
) -> Callable[[RecipientRow, str, str], Letter]:
    """Return what makes the letter to a recipient, given the path of the link and the message's id."""
    cycle = cycle_named(connection, row.cycle)
    said = survey_said(cycle, definitions.opened(connection, row.cycle).questionnaire)
    names = {o.id: o.name for o in partnership.organisations(connection)}
    first = mailings.mailing_of(connection, row.after) if row.after is not None else None
    contact = instance.contact or settings.reply_to or settings.sender
    secret = instance.secret_key()

    def letter(to: RecipientRow, path: str, message_id: str) -> Letter:
        what = About(
            said, names.get(to.organisation, ""), settings.site + path if path else "", contact,
            sent_on(first) if first else None, first.subject if first else "",
        )  # fmt: skip
        text = paragraphs(row.kind, row.purpose, row.words, what)
        return Letter(to.address, row.subject, text, message_id, settings.site + stop_path(to.address, secret))

    return letter


def _send(batch: _Batch, step: Callable[[int], None]) -> tuple[int, str]:
    """Send what is ready; return how many left, and what is wrong with the mail server or ''."""
    sent = 0
    pause = 60 / batch.settings.a_minute
    try:
        with Post(batch.settings) as post:
            for number, one in enumerate(batch.waiting, 1):
                began = time.monotonic()
                sent += _send_one(batch, post, one)
                step(100 * number // len(batch.waiting))
                time.sleep(max(0.0, pause - (time.monotonic() - began)))
    except MailServerFault as fault:
        if not fault.later:
            raise
        return sent, str(fault)
    return sent, ""


def _send_one(batch: _Batch, post: Post, one: RecipientRow) -> bool:
    message_id = one.message_id or f"<{secrets.token_hex(16)}@{batch.settings.domain}>"
    with writing(batch.engine) as connection:
        if not mailings.start(connection, one.id, message_id):
            return False  # another worker has it
        outbox.change(connection, batch.work, claimed_at=this_moment())
    letter = batch.letter(one, batch.links[one.id], message_id)
    try:
        outcome = post.send(compose(letter, batch.settings, this_moment()), one.address)
    except MailServerFault as fault:
        _finish(batch, one, Outcome("later", str(fault)))
        raise
    _finish(batch, one, outcome)
    return outcome.state == "sent"


def _finish(batch: _Batch, one: RecipientRow, outcome: Outcome) -> None:
    state = "waiting" if outcome.state == "later" else outcome.state
    with writing(batch.engine) as connection:
        mailings.finish(connection, one.id, state, outcome.reason)
    if state != "waiting":
        _IN_HAND.get((str(batch.engine.url), batch.row.id), {}).pop(one.id, None)


def _ask_for_the_rest(batch: _Batch, tries: int, fault: str, now: datetime) -> None:
    """Ask for another try by and by, or give up after the last."""
    with writing(batch.engine) as connection:
        left = mailings.recipients(connection, batch.row.id, ("waiting",), batch.number)
        if not left:
            return
        if tries < len(DELAYS):
            work = ask_batch(connection, batch.row.id, batch.number, tries + 1, None, now)
            outbox.put_off(connection, work, this_moment() + DELAYS[tries])
            return
        for one in left:
            mailings.finish(connection, one.id, "failed", one.reason or fault)
