"""What may somebody choose to see of a survey, and which surveys speak of an organisation?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from audit_engine.analysis.survey import SurveyResults
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.follow_survey import turnout_sentence
from audit_engine.services.give_pack import kept_back
from audit_engine.services.name_waves import opening_of
from audit_engine.services.survey_results import ORGANISATION, SECTOR, breakdowns
from audit_engine.storage import anonymous, cycles, partnership


@dataclass(frozen=True, slots=True)
class SurveyChoices:
    """The breakdowns and the organisations that can be asked for, each as (value, words)."""

    breakdowns: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[str, str], ...]

    def offers(self, by: str, organisation: str) -> bool:
        """Tell whether both choices are among those offered ('' is none)."""
        known = {value for value, _ in self.breakdowns}, {value for value, _ in self.organisations}
        return (not by or by in known[0]) and (not organisation or organisation in known[1])


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    """A survey that has closed, and an organisation whose staff were asked by an open link."""

    link: int
    cycle: CycleFacts
    organisation: str
    organisation_name: str


def survey_choices(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, areas: Collection[str] | None
) -> SurveyChoices:
    """Return what can be chosen, of organisations that work in these areas (None: in any)."""
    questionnaire = definitions.opened(connection, cycle.id).questionnaire
    by_question = tuple((q.id, q.text) for q in breakdowns(questionnaire))
    asked = set(anonymous.turnouts(connection, cycle.id)) - {""}
    if not asked:
        return SurveyChoices(by_question, ())
    there = [o for o in partnership.organisations(connection) if o.id in asked]
    seen = tuple((o.id, o.name) for o in there if areas is None or set(o.areas) & set(areas))
    return SurveyChoices(((SECTOR, "Kind of organisation"), (ORGANISATION, "Organisation"), *by_question), seen)


def turnout_so_far(connection: Connection, cycle: CycleFacts) -> str:
    """Say how many have replied to a survey that is open; '' before it opens."""
    if cycle.state != "open":
        return ""
    turnout = anonymous.turnouts(connection, cycle.id)
    numbers = [invited for _, invited in turnout.values()]
    known = [n for n in numbers if n is not None]
    invited = sum(known) if known and len(known) == len(numbers) else None
    return turnout_sentence(sum(replies for replies, _ in turnout.values()), invited)


def narrowed(results: SurveyResults, organisations: Collection[str]) -> SurveyResults:
    """Return results by organisation without those that the reader may not see."""
    if results.by != ORGANISATION:
        return results
    return replace(results, groups=tuple(g for g in results.groups if g.id in organisations))


def own_surveys(
    connection: Connection, definitions: Definitions, organisations: Collection[str]
) -> tuple[OwnSurvey, ...]:
    """Return the closed surveys that were sent to the staff of these organisations, the newest first.

    One that stands beside an audit comes with the pack, never earlier.
    """
    names = {o.id: o.name for o in partnership.organisations(connection) if o.id in organisations}
    kept = kept_back(connection, organisations)
    found = []
    for cycle in cycles.cycles(connection):
        if cycle.state != "closed" or not _of_people(connection, definitions, cycle):
            continue
        asked = {link.organisation: link.id for link in anonymous.links(connection, cycle.id)}
        mine = {o: name for o, name in names.items() if o in asked and (cycle.id, o) not in kept}
        found += [OwnSurvey(asked[o], cycle, o, name) for o, name in mine.items()]
    return tuple(found)


def _of_people(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> bool:
    pinned = definitions.of_cycle(connection, cycle.id)
    return pinned is not None and pinned.questionnaire.respondent == "person"


def earlier_waves(connection: Connection, cycle: CycleFacts) -> tuple[CycleFacts, ...]:
    """Return the closed surveys of the same questionnaire that opened before this one, the newest first."""
    every = cycles.cycles(connection)
    same = (c for c in every if c.questionnaire == cycle.questionnaire and c.state == "closed")
    before = [c for c in same if opening_of(c) < opening_of(cycle)]
    return tuple(sorted(before, key=opening_of, reverse=True))
