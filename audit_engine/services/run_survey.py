"""Send a survey out and follow it: links, one-use links, who was invited, how many replied, what was written."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.sealing import hash_of
from audit_engine.services.survey_batches import is_survey_cycle, open_links
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.storage import anonymous, partnership, trail
from audit_engine.storage.anonymous import LinkRow, TextRow
from audit_engine.storage.engine import writing

Decision = Literal["shown", "redacted", "hidden"]
MOST_TICKETS = 20_000
MOST_INVITED = 1_000_000


@dataclass(frozen=True, slots=True)
class SurveyLink:
    """An open link; ``organisation`` is an id, '' where it serves everybody."""

    organisation: str
    organisation_name: str
    path: str
    made_on: date
    ended: bool
    id: int = 0
    cycle: str = ""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many have replied, of how many invited (None: nobody knows)."""

    organisation: str
    organisation_name: str
    replies: int
    invited: int | None


def path_of(token: str) -> str:
    """Return the address of a survey on the site, from its root."""
    return f"/s/{token}"


def make_links(
    engine: Engine,
    cycle_id: str,
    organisations: Sequence[str] | None,
    today: date | None = None,
    definitions: Definitions | None = None,
) -> tuple[SurveyLink, ...]:
    """Make an open link for each of these organisations, or (None) one that serves everybody; those there are stay.

    Opening a survey makes its links; with ``definitions`` they can be made, and
    posters printed, before that.
    """
    with writing(engine) as connection:
        cycle = _survey(connection, cycle_id, definitions)
        _refuse_closed(cycle)
        if organisations is not None:
            _refuse_strangers(connection, organisations)
        open_links(connection, cycle_id, [""] if organisations is None else organisations, today or _today())
        return links_of(connection, cycle_id)


def links_of(connection: Connection, cycle_id: str) -> tuple[SurveyLink, ...]:
    """Return a survey's open links by organisation's name, ended ones too."""
    names = _names(connection)
    found = (_link(row, names) for row in anonymous.links(connection, cycle_id))
    return tuple(sorted(found, key=lambda link: (link.organisation_name, link.ended)))


def link_at(connection: Connection, link_id: int) -> SurveyLink | None:
    """Return one open link by its number, or None."""
    row = anonymous.link_of(connection, link_id)
    return _link(row, _names(connection)) if row else None


def _link(row: LinkRow, names: Mapping[str, str]) -> SurveyLink:
    name = names.get(row.organisation, "")
    return SurveyLink(row.organisation, name, path_of(row.token), row.made_on, row.ended, row.id, row.cycle)


def renew_link(
    engine: Engine, cycle_id: str, organisation: str, by: int | None, now: datetime, reason: str = ""
) -> None:
    """End an organisation's open link, say because it went round too far, and make another."""
    with writing(engine) as connection:
        _refuse_closed(_survey(connection, cycle_id))
        anonymous.end_links(connection, cycle_id, organisation)
        open_links(connection, cycle_id, [organisation], now.astimezone(LOCAL).date())
        trail.note(
            connection, "survey link renewed", f"cycle:{cycle_id}", by, now, organisation=organisation, reason=reason
        )


def make_tickets(
    engine: Engine, cycle_id: str, organisation: str, emails: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Make a one-use link for each address and return (address, path); nothing of the two together is kept.

    They are made in one batch and stored as hashes in an order of their own.
    Whoever calls must send them and forget them.
    """
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    with writing(engine) as connection:
        return tickets_for(connection, cycle_id, organisation, wanted)


def tickets_for(
    connection: Connection, cycle_id: str, organisation: str, wanted: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Make a one-use link for each of these addresses, each named once, in a transaction of the caller's."""
    if len(wanted) > MOST_TICKETS:
        raise SurveyRefused(f"At most {MOST_TICKETS:,} one-use links can be made at once. Divide the list.")
    _refuse_closed(_survey(connection, cycle_id))
    if organisation:
        _refuse_strangers(connection, [organisation])
    tokens = [secrets.token_urlsafe(24) for _ in wanted]
    anonymous.add_tickets(connection, cycle_id, organisation, map(hash_of, tokens))
    return tuple(zip(wanted, map(path_of, tokens), strict=True))


def invited(engine: Engine, cycle_id: str, organisation: str, number: int | None) -> None:
    """Write down how many people an organisation invited (None: nobody knows)."""
    invited_all(engine, cycle_id, {organisation: number})


def invited_all(
    engine: Engine, cycle_id: str, numbers: Mapping[str, int | None], definitions: Definitions | None = None
) -> None:
    """Write down how many people organisations invited; with ``definitions`` also before the survey opens."""
    if any(number is not None and not 1 <= number <= MOST_INVITED for number in numbers.values()):
        raise SurveyRefused("Say how many people were invited: a whole number from 1, or nothing if nobody knows.")
    with writing(engine) as connection:
        _survey(connection, cycle_id, definitions)
        for organisation, number in numbers.items():
            anonymous.set_invited(connection, cycle_id, organisation, number)


def turnout_of(connection: Connection, cycle_id: str) -> tuple[Turnout, ...]:
    """Return how many replied by organisation, by name: all that may be seen while a survey is open."""
    names = _names(connection)
    numbers = anonymous.turnouts(connection, cycle_id)
    linked = {link.organisation for link in anonymous.links(connection, cycle_id)}
    found = (Turnout(o, names.get(o, ""), *numbers.get(o, (0, None))) for o in linked | set(numbers))
    return tuple(sorted(found, key=lambda turnout: turnout.organisation_name))


def texts_to_review(connection: Connection, cycle_id: str) -> tuple[TextRow, ...]:
    """Return what people wrote and no reviewer has read, by question, in no order.

    While a survey is open, texts come here once eleven people have answered
    the question in words.
    """
    return anonymous.texts(connection, cycle_id, [""])


def texts_reviewed(connection: Connection, cycle_id: str) -> tuple[TextRow, ...]:
    """Return what a reviewer has decided on, hidden texts too."""
    return anonymous.texts(connection, cycle_id, ["shown", "redacted", "hidden"])


def review_text(
    engine: Engine,
    cycle_id: str,
    text_id: str,
    outcome: Decision,
    *,
    reviewer: str,
    today: date,
    reason: str = "",
    redacted: str = "",
    risk: str = "",
) -> None:
    """Write down what a named reviewer decided, as ``review_in`` does, in a transaction of its own."""
    review = Review(outcome, reviewer, today, reason, redacted, risk)
    with writing(engine) as connection:
        review_in(connection, cycle_id, text_id, review)
    if outcome == "redacted":
        anonymous.forget_traces(engine)


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer decided; ``risk`` says to whom a text was passed on that suggests a risk."""

    outcome: Decision
    reviewer: str
    today: date
    reason: str = ""
    redacted: str = ""
    risk: str = ""


def review_in(connection: Connection, cycle_id: str, text_id: str, review: Review) -> None:
    """Write down what a named reviewer decided.

    A redacted text takes the place of the original, of which nothing stays once
    the caller has called ``anonymous.forget_traces``.
    """
    if review.outcome != "shown" and not review.reason.strip():
        raise SurveyRefused("Say why the text is changed or not shown. The reason is kept.")
    if review.outcome == "redacted" and not review.redacted.strip():
        raise SurveyRefused("Write the text as it may be shown, or choose to hide it.")
    values: dict[str, Any] = {
        "outcome": review.outcome, "reviewer": review.reviewer, "reviewed_on": review.today,
        "reason": review.reason.strip(),
    }  # fmt: skip
    if review.risk.strip():  # where a text was once passed on stays known
        values["risk"] = review.risk.strip()
    if review.outcome == "redacted":
        values["text"] = review.redacted.strip()
    if not anonymous.review_text(connection, cycle_id, text_id, values):
        raise SurveyRefused("This text is no longer here to review. Go back to the list.")


def _survey(connection: Connection, cycle_id: str, definitions: Definitions | None = None) -> CycleFacts:
    """Return the cycle; refuse one that organisations answer."""
    cycle = cycle_named(connection, cycle_id)
    if cycle.opened_at is not None or definitions is None:
        by_people = is_survey_cycle(connection, cycle_id)
    else:
        by_people = definitions.library.load(cycle.questionnaire, cycle.version).respondent == "person"
    if not by_people:
        raise SurveyRefused(f"{cycle.title} is no survey that is open. Its links are made when it opens.")
    return cycle


def _names(connection: Connection) -> Mapping[str, str]:
    return {o.id: o.name for o in partnership.organisations(connection)}


def _refuse_strangers(connection: Connection, organisations: Sequence[str]) -> None:
    names = _names(connection)
    strange = [o for o in organisations if o not in names]
    if strange:
        raise SurveyRefused(f"No organisation is called {', '.join(strange)}.")


def _refuse_closed(cycle: CycleFacts) -> None:
    if cycle.state == "closed":
        raise SurveyRefused(f"{cycle.title} has closed, so nobody can be invited any more.")


def _today() -> date:
    return now().astimezone(LOCAL).date()
