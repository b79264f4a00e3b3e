"""How does a reply come to count, without an order that would tell whose it is?

A reply waits sealed until its survey closes; then all count together, under new
ids.  Eleven or more that come in at once, as an import does, count at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from sqlalchemy import Connection

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.analysis.survey_coding import Coder, counted_together
from audit_engine.analysis.survey_marks import Marks, key_day, texts_in, worded_items
from audit_engine.definition.applicability import Resolution, Resolver
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.services import waiting_replies
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.sealing import new_link
from audit_engine.storage import anonymous, frames
from audit_engine.storage.anonymous import Reply
from audit_engine.storage.partnership import OrganisationRow
from audit_engine.storage.waiting import begin_waiting

BATCH = LEAST_BASE
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Origin:
    """Which survey replies belong to, of which organisation ('' where one link serves everybody)."""

    questionnaire: Questionnaire
    cycle: str
    opened_on: date
    organisation: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def facts_for(organisation: OrganisationRow | None) -> Mapping[str, object]:
    """Return what conditions may ask about an organisation; nothing is known of nobody in particular."""
    if organisation is None:
        return {}
    return {**organisation.facts, "sector": organisation.sector, "areas": frozenset(organisation.areas)}


def open_links(connection: Connection, cycle_id: str, organisations: Sequence[str], today: date) -> None:
    """Make an open link for each organisation that has none yet ('' for everybody)."""
    there = {link.organisation for link in anonymous.links(connection, cycle_id) if not link.ended}
    wanted = [o for o in dict.fromkeys(organisations) if o not in there]
    anonymous.add_links(connection, cycle_id, {o: new_link() for o in wanted}, today)


def take_in(connection: Connection, origin: Origin, replies: Iterable[Mapping[str, object]], today: date) -> int:
    """Take in replies, each values by item id, and return how many; the caller has checked them."""
    return take_in_resolved(connection, origin, map(Resolver(origin.questionnaire, origin.facts), replies), today)


def take_in_resolved(connection: Connection, origin: Origin, replies: Iterable[Resolution], today: date) -> int:
    """Take in replies of which it was worked out what was asked, and return how many."""
    taken = 0
    left = iter(replies)
    while some := list(islice(left, AT_ONCE)):
        _take_in(connection, origin, some, today)
        taken += len(some)
    return taken


def _take_in(connection: Connection, origin: Origin, some: Sequence[Resolution], today: date) -> None:
    _let_words_out(connection, origin, some, today)  # the first, since replies that come at the same time wait here
    anonymous.add_to_turnout(connection, origin.cycle, origin.organisation, len(some))
    rows = _replies(origin, some, today)
    if len(rows) >= BATCH:
        _let_count(connection, rows)
    else:
        waiting_replies.put_away(connection, origin.questionnaire, origin.cycle, rows)


def _let_words_out(connection: Connection, origin: Origin, some: Sequence[Resolution], today: date) -> None:
    worded = worded_items(origin.questionnaire)
    if not worded:
        return
    texts = [text for one in some for text in texts_in(worded, one)]
    due = waiting_replies.words_due(connection, origin.cycle, texts, len(some))
    anonymous.add_texts(connection, origin.cycle, due)
    begin_waiting(connection, origin.cycle, {item for item, _ in due}, today)


def _replies(origin: Origin, some: Sequence[Resolution], today: date) -> list[Reply]:
    # Scored as of today; what is kept is a day on which the same key held.
    day = key_day(origin.questionnaire, origin.opened_on, today)
    coded = map(Coder(origin.questionnaire, day), some)
    return [Reply(origin.cycle, origin.organisation, day, marks, text) for marks, text in coded]


def _let_count(connection: Connection, rows: Sequence[Reply]) -> None:
    anonymous.add_replies(connection, rows)
    groups: dict[tuple[str, str], list[Marks]] = {}
    for row in rows:
        groups.setdefault((row.cycle, row.organisation), []).append(row.answers)
    for (cycle, organisation), answers in groups.items():
        anonymous.add_to_counts(connection, cycle, organisation, counted_together(answers))


def close_survey(connection: Connection, cycle_id: str, today: date | None = None) -> bool:
    """Let everything that waits count, shuffle it all and drop the drafts; tell whether the cycle is a survey."""
    while rows := waiting_replies.take_out(connection, cycle_id, AT_ONCE):
        _let_count(connection, rows)
    texts = waiting_replies.take_words_out(connection, cycle_id)
    anonymous.add_texts(connection, cycle_id, texts)
    begin_waiting(connection, cycle_id, {item for item, _ in texts}, today or now().astimezone(LOCAL).date())
    anonymous.forget_drafts(connection, cycle=cycle_id)
    is_survey = is_survey_cycle(connection, cycle_id)
    if is_survey:
        anonymous.shuffle(connection, cycle_id)
        frames.keep_sectors(connection, cycle_id)
    return is_survey


def is_survey_cycle(connection: Connection, cycle_id: str) -> bool:
    """Tell whether people answer the cycle by links."""
    return bool(anonymous.links(connection, cycle_id) or anonymous.turnouts(connection, cycle_id))
