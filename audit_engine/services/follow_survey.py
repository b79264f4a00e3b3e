"""How many have replied to a survey, by which links, and what is there to think of before it opens?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from audit_engine.analysis.rounding import count_text, percent_text
from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import expected
from audit_engine.services.run_survey import SurveyLink, path_of
from audit_engine.services.send_invitations import mailings_seen
from audit_engine.services.warn_before_launch import LaunchWarning, warn_before_launch
from audit_engine.storage import anonymous, partnership
from audit_engine.storage.mailings import MailingRow

EVERYBODY = "The link for everybody"


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One organisation in a survey ('' everybody): replies, how many were invited (None: unknown), its live link."""

    organisation: str
    name: str
    areas: tuple[str, ...]
    replies: int
    invited: int | None
    link: SurveyLink | None


@dataclass(frozen=True, slots=True)
class SurveyOverview:
    """A survey's organisations by name, and the messages about it with their counts, the newest first."""

    rows: tuple[SurveyRow, ...]
    messages: tuple[tuple[MailingRow, Mapping[str, int]], ...]

    @property
    def replies(self) -> int:
        """Return how many have replied."""
        return sum(row.replies for row in self.rows)

    @property
    def invited(self) -> int | None:
        """Return how many were invited; None where that is not known of every organisation."""
        numbers = [row.invited for row in self.rows]
        return None if not numbers or None in numbers else sum(n for n in numbers if n)

    @property
    def enough(self) -> int:
        """Return how many organisations have the replies that they need to see results of their own."""
        return sum(row.replies >= LEAST_BASE for row in self.rows if row.organisation)


def asked_of_people(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> Questionnaire | None:
    """Return what a survey asks; None where the cycle is no survey of people."""
    if cycle.content_hash is not None:
        questionnaire = definitions.of(connection, cycle.content_hash)
    else:
        questionnaire = definitions.library.load(cycle.questionnaire, cycle.version)
    return questionnaire if questionnaire.respondent == "person" else None


def survey_overview(
    connection: Connection, cycle: CycleFacts, areas: Collection[str] | None, now: datetime
) -> SurveyOverview:
    """Return turnout, links and messages, of organisations that work in these areas (None: all)."""
    organisations = {o.id: o for o in partnership.organisations(connection)}
    numbers = anonymous.turnouts(connection, cycle.id)
    links = {link.organisation: link for link in anonymous.links(connection, cycle.id) if not link.ended}
    there = set(links) | set(numbers)
    if cycle.opened_at is None:
        there |= {o.id for o in expected(connection, cycle, now)} or {""}
    rows = []
    for one in there:
        organisation = organisations.get(one)
        name, places = (organisation.name, organisation.areas) if organisation else (EVERYBODY, ())
        if areas is not None and not set(places) & set(areas):
            continue
        row = links.get(one)
        link = SurveyLink(one, name, path_of(row.token), row.made_on, row.ended, row.id, row.cycle) if row else None
        rows.append(SurveyRow(one, name, places, *numbers.get(one, (0, None)), link))
    messages = mailings_seen(connection, cycle.id)
    seen = tuple(m for m in messages if areas is None or set(m[0].areas) & set(areas))
    return SurveyOverview(tuple(sorted(rows, key=lambda r: (r.organisation == "", r.name))), seen)


def turnout_sentence(replies: int, invited: int | None, *, closed: bool = False) -> str:
    """Say how many have replied, and what share that is where it can be said."""
    so_far = f"{count_text(replies)} {'reply' if replies == 1 else 'replies'}{'' if closed else ' so far'}"
    if invited is None:
        return f"{so_far}. The number invited is not known, so no rate can be given."
    if replies > invited:
        return f"{so_far}, more than the {count_text(invited)} who were invited. Check the numbers invited."
    return f"{so_far}, {percent_text(replies, invited)} of the {count_text(invited)} who were invited."


def warnings_for(questionnaire: Questionnaire, overview: SurveyOverview) -> tuple[LaunchWarning, ...]:
    """Return what to think of before a survey opens, given how many each organisation will invite."""
    sizes = {_in_a_sentence(row): row.invited for row in overview.rows}
    return warn_before_launch(questionnaire, sizes)


def _in_a_sentence(row: SurveyRow) -> str:
    return row.name if row.organisation or row.invited is not None else row.name[0].lower() + row.name[1:]
