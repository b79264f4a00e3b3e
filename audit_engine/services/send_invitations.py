"""Write to contacts and to people about a survey: draft, look at it, ask for it to be sent, see what became of it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.nearest import listed
from audit_engine.response.cycles import CycleFacts
from audit_engine.services import run_survey
from audit_engine.services.clock import LOCAL
from audit_engine.services.mail_addresses import Addresses, addresses_in, hashes_of
from audit_engine.services.run_cycle import cycle_named
from audit_engine.storage import anonymous, mailings, outbox, partnership, trail
from audit_engine.storage.engine import writing
from audit_engine.storage.mailings import MailingRow, RecipientRow

MOST_PEOPLE = run_survey.MOST_TICKETS
#: A batch is sent in one go; one-use links are made for a whole batch at once.
MOST_IN_BATCH = 60
LONGEST_SUBJECT, LONGEST_WORDS = 150, 5000
MOST_SHOWN = 200
#: What needs a person to look at it, in the order in which it is shown.
TROUBLES = ("unknown", "held", "failed", "refused", "returned", "stopped")


class MailRefused(ValueError):
    """Something asked of a mailing that cannot be done; the text is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Text:
    """The part of a message that somebody writes: its subject and opening words."""

    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """A mailing that waits for a person's word, and who was left out of it."""

    mailing: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailingSeen:
    """A mailing with how many addresses are in which state, those that need a look, and what the worker says."""

    row: MailingRow
    counts: Mapping[str, int]
    troubles: tuple[RecipientRow, ...]
    fault: str
    working: bool
    next_try: datetime | None = None

    @property
    def addresses(self) -> int:
        """Return how many addresses it has or had."""
        return sum(self.counts.values())

    @property
    def stuck(self) -> bool:
        """Tell whether addresses wait and no work will come to them."""
        return self.row.state == "asked" and bool(self.counts.get("waiting")) and not self.working


# --- drafts --------------------------------------------------------------------


def draft_to_contacts(
    engine: Engine, cycle_id: str, addresses: Mapping[str, Sequence[str]], text: Text, by: int, now: datetime
) -> Drafted:
    """Draft an invitation that asks contacts to pass their organisation's link on, and remember the contacts.

    ``addresses`` is by organisation ('' for the link that serves everybody).
    """
    _check(text)
    to = [(o, a) for o, every in addresses.items() for a in dict.fromkeys(every)]
    if not to:
        raise MailRefused("Give at least one organisation an e-mail address to write to.")
    with writing(engine) as connection:
        _open_survey(connection, cycle_id)
        live = {link.organisation for link in run_survey.links_of(connection, cycle_id) if not link.ended}
        without = sorted(o for o in addresses if o not in live)
        if without:
            raise MailRefused(f"There is no link to send for {listed(without)}. Go back and look at the links.")
        mailings.keep_contacts(connection, {o: every for o, every in addresses.items() if o})
        values = {"kind": "contacts", "purpose": "invitation", "areas": _areas(connection, addresses)}
        return _draft(connection, cycle_id, values, to, text, by, now)


def draft_to_people(
    engine: Engine, cycle_id: str, organisation: str, pasted: str, text: Text, by: int, now: datetime
) -> Drafted:
    """Draft an invitation that gives each person a link of their own.

    ``organisation`` is whose people they are, '' for nobody's in particular.
    """
    _check(text)
    read = _people(pasted)
    with writing(engine) as connection:
        _open_survey(connection, cycle_id)
        values = {
            "kind": "people", "purpose": "invitation", "organisation_id": organisation,
            "areas": _areas(connection, [organisation]),
        }  # fmt: skip
        drafted = _draft(connection, cycle_id, values, [(organisation, a) for a in read.found], text, by, now)
        left = len(mailings.recipients(connection, drafted.mailing))
        if left < LEAST_BASE:
            raise MailRefused(_too_few(left))
    addresses = "address" if read.twice == 1 else "addresses"
    again = (f"{read.twice:,} {addresses} stood in the list more than once.",) if read.twice else ()
    return Drafted(drafted.mailing, (*again, *drafted.left_out))


def _people(pasted: str) -> Addresses:
    read = addresses_in(pasted)
    if read.faults:
        raise MailRefused(" ".join(read.faults))
    if len(read.found) > MOST_PEOPLE:
        raise MailRefused(f"At most {MOST_PEOPLE:,} people can be written to at once. Divide the list.")
    if len(read.found) < LEAST_BASE:
        raise MailRefused(_too_few(len(read.found)))
    return read


def _too_few(number: int) -> str:
    people = "person" if number == 1 else "people"
    return (
        f"The list has {number} {people}. Links for one person each are made for at least {LEAST_BASE} people at once: "
        "with fewer, somebody who reads the database could work out who has answered. Use the open link for them."
    )


def draft_reminder(engine: Engine, mailing_id: int, text: Text, by: int, now: datetime) -> Drafted:
    """Draft a reminder to everybody whom an invitation reached, whether they have answered or not."""
    _check(text)
    with writing(engine) as connection:
        after = _mailing(connection, mailing_id)
        _open_survey(connection, after.cycle)
        if after.purpose != "invitation" or after.state != "asked":
            raise MailRefused("Only an invitation that was sent can be followed by a reminder.")
        reached = mailings.recipients(connection, mailing_id, ("sent",))
        if not reached:
            raise MailRefused("The invitation has reached nobody yet, so there is nobody to remind.")
        values = {
            "kind": after.kind, "purpose": "reminder", "after_id": after.id, "organisation_id": after.organisation,
            "areas": list(after.areas),
        }  # fmt: skip
        return _draft(connection, after.cycle, values, [(r.organisation, r.address) for r in reached], text, by, now)


def _draft(
    connection: Connection,
    cycle_id: str,
    values: Mapping[str, Any],
    to: Sequence[tuple[str, str]],
    text: Text,
    by: int,
    now: datetime,
) -> Drafted:
    by_hash = hashes_of(address for _, address in to)
    gone = mailings.stopped(connection, by_hash.values())
    left = [(o, a) for o, a in to if by_hash[a] not in gone]
    if not left:
        raise MailRefused("Everybody on the list has asked for no more messages, so there is nobody to write to.")
    said = {"subject": " ".join(text.subject.split()), "words": text.words.strip()}
    number = mailings.add_mailing(
        connection, {"cycle_id": cycle_id, "made_by": by, "made_at": now, **said, **values}, left
    )
    out = len(to) - len(left)
    people = "person has" if out == 1 else "people have"
    return Drafted(number, (f"{out:,} {people} asked for no more messages and will get none.",) if out else ())


def _check(text: Text) -> None:
    if not text.subject.strip():
        raise MailRefused("Write the subject of the message.")
    if len(text.subject) > LONGEST_SUBJECT or len(text.words) > LONGEST_WORDS:
        raise MailRefused(
            f"A subject has at most {LONGEST_SUBJECT} characters, the opening words at most {LONGEST_WORDS:,}."
        )


def _areas(connection: Connection, organisations: Sequence[str] | Mapping[str, object]) -> list[str]:
    """Return the areas in which all of these work; none where a link serves everybody."""
    places = {o.id: set(o.areas) for o in partnership.organisations(connection)}
    unknown = sorted(o for o in organisations if o and o not in places)
    if unknown:
        raise MailRefused(f"No organisation is called {listed(unknown)}.")
    return sorted(set.intersection(*(places.get(o, set()) for o in organisations)))


def _open_survey(connection: Connection, cycle_id: str) -> CycleFacts:
    cycle = cycle_named(connection, cycle_id)
    if cycle.state != "open":
        raise MailRefused(f"{cycle.title} is {cycle.state}, so nobody is written to.")
    return cycle


def _mailing(connection: Connection, number: int) -> MailingRow:
    row = mailings.mailing_of(connection, number, lock=True)
    if row is None:
        raise MailRefused("This message was thrown away. Go back to the survey.")
    return row


# --- a person's word ---------------------------------------------------------------


def send(engine: Engine, mailing_id: int, by: int, now: datetime) -> bool:
    """Ask the worker to send a draft; tell whether it had not been asked before."""
    with writing(engine) as connection:
        row = _mailing(connection, mailing_id)
        if row.state != "draft":
            return False
        cycle = _open_survey(connection, row.cycle)
        waiting = mailings.recipients(connection, mailing_id, ("waiting",))
        mailings.change_mailing(connection, mailing_id, state="asked", asked_at=now)
        _ask(connection, row, [r.id for r in waiting], by, now)
        if row.kind == "people" and row.purpose == "invitation":
            note_invited(connection, cycle.id, row.organisation, len(waiting))
        trail.note(
            connection, f"{row.purpose} sent", f"cycle:{row.cycle}", by, now, to=row.kind, addresses=len(waiting),
            mailing=mailing_id,
        )  # fmt: skip
    return True


def note_invited(connection: Connection, cycle_id: str, organisation: str, more: int) -> None:
    """Take people who were sent a link into the number invited where nobody has given another."""
    _, invited = anonymous.turnouts(connection, cycle_id).get(organisation, (0, None))
    if invited is None:
        anonymous.set_invited(connection, cycle_id, organisation, more)


def _ask(connection: Connection, row: MailingRow, ids: Sequence[int], by: int | None, now: datetime) -> None:
    """Put addresses into batches and ask for one piece of work a batch."""
    shuffled = list(ids)
    random.SystemRandom().shuffle(shuffled)
    first = mailings.last_batch(connection, row.id) + 1
    batches = dict(enumerate(in_batches(shuffled), first))
    mailings.put_in_batches(connection, batches)
    for batch in batches:
        ask_batch(connection, row.id, batch, 0, by, now)


def ask_batch(connection: Connection, mailing_id: int, batch: int, tries: int, by: int | None, now: datetime) -> int:
    """Ask for a batch to be sent, for the first time or (``tries`` > 0) again; return the work's number."""
    key = f"{mailings.WORK}:{mailing_id}:{batch}:{tries}"
    payload = {"mailing": mailing_id, "batch": batch, "tries": tries}
    return outbox.ask(connection, mailings.WORK, key, payload, by, now)


def in_batches(ids: Sequence[int]) -> list[list[int]]:
    """Divide into batches of nearly the same size, of which none is small unless the whole is."""
    number = -(-len(ids) // MOST_IN_BATCH)
    return [list(ids[at::number]) for at in range(number)]


def discard(engine: Engine, mailing_id: int) -> None:
    """Throw a draft away with its addresses."""
    with writing(engine) as connection:
        if _mailing(connection, mailing_id).state != "draft":
            raise MailRefused("This message was sent already, so it cannot be thrown away.")
        mailings.drop_mailing(connection, mailing_id)


def try_again(engine: Engine, mailing_id: int, by: int, now: datetime) -> int:
    """Ask again for what waits without work and for what was given up; return how many addresses."""
    return _again(engine, mailing_id, ("failed",), by, now)


def send_again(engine: Engine, mailing_id: int, by: int, now: datetime) -> int:
    """Send once more, by a person's word, where nobody knows whether a message left; return how many addresses."""
    return _again(engine, mailing_id, ("unknown",), by, now)


def _again(engine: Engine, mailing_id: int, states: Sequence[str], by: int, now: datetime) -> int:
    with writing(engine) as connection:
        row = _mailing(connection, mailing_id)
        _open_survey(connection, row.cycle)
        if row.state != "asked":
            raise MailRefused("This message was not sent yet.")
        if has_work(mailings.works_of(connection, mailing_id), now):
            raise MailRefused("The message is still being sent. Look again when that is over.")
        if "unknown" in states and one_use(row):
            raise MailRefused(
                "These people may have had a link, and a second one would let them answer twice. Tell them to look "
                "for the message, or give them the open link."
            )
        mailings.settle(connection, mailing_id, states, "waiting")
        waiting = mailings.recipients(connection, mailing_id, ("waiting",))
        mailings.change_mailing(connection, mailing_id, round=row.round + 1)
        _ask(connection, row, [r.id for r in waiting], by, now)
        trail.note(
            connection, f"{row.purpose} sent again", f"cycle:{row.cycle}", by, now, addresses=len(waiting),
            mailing=mailing_id,
        )  # fmt: skip
    return len(waiting)


def one_use(row: MailingRow) -> bool:
    """Tell whether a mailing gives each person a link of their own."""
    return row.kind == "people" and row.purpose == "invitation"


# --- what became of it ---------------------------------------------------------------


def has_work(works: Sequence[Mapping[str, Any]], now: datetime) -> bool:
    """Tell whether the worker will still come to a mailing."""
    return any(w["done_at"] is None and (w["attempts"] < outbox.MOST_ATTEMPTS or _is_held(w, now)) for w in works)


def _is_held(work: Mapping[str, Any], now: datetime) -> bool:
    return work["claimed_at"] is not None and work["claimed_at"] > now - outbox.CLAIM_LASTS


def mailing_seen(connection: Connection, row: MailingRow, now: datetime) -> MailingSeen:
    """Return what became of a mailing so far."""
    counts = row.counted or mailings.counts(connection, row.cycle).get(row.id, {})
    troubled = [state for state in TROUBLES if counts.get(state)]
    troubles = mailings.recipients(connection, row.id, troubled, limit=MOST_SHOWN) if troubled else ()
    works = mailings.works_of(connection, row.id) if row.state == "asked" else ()
    put_off = [
        w["claimed_at"] + outbox.CLAIM_LASTS
        for w in works
        if w["done_at"] is None and not w["attempts"] and w["claimed_at"]
    ]
    return MailingSeen(row, counts, troubles, _fault(works), has_work(works, now), min(put_off, default=None))


def _fault(works: Sequence[Mapping[str, Any]]) -> str:
    """Return what the worker last had to say about the mail server."""
    for work in works:
        if said := str(work["fault"] or work["result"].get("fault", "")):
            return said
        if work["done_at"] is not None:
            return ""
    return ""


def mailings_seen(connection: Connection, cycle_id: str) -> tuple[tuple[MailingRow, Mapping[str, int]], ...]:
    """Return a survey's mailings with how many addresses are in which state, the newest first."""
    counted = mailings.counts(connection, cycle_id)
    return tuple((row, row.counted or counted.get(row.id, {})) for row in mailings.mailings_of(connection, cycle_id))


def sent_on(row: MailingRow) -> date:
    """Return the day on which a mailing was asked for."""
    return (row.asked_at or row.made_at).astimezone(LOCAL).date()
