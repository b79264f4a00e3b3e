"""Set an audit beside its staff surveys, from the stored answers to the finished triangulation.

Which surveys those are is said by the audit's own file (``surveys: [ID, ...]``);
which of their questions bear on which criterion is said by the questionnaire
that the audit pinned when it opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from audit_engine.analysis.disclosure import Audience
from audit_engine.analysis.triangulation_grid import Beside, Graded, triangulated
from audit_engine.analysis.triangulation_staff import SurveyCounts, UncountableView, staff_answers
from audit_engine.analysis.triangulation_values import Lens, MappedCriterion, MappedView, Triangulation
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.cycle_ratings import cycle_ratings
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage import anonymous, frames, partnership
from audit_engine.storage import beside as stored


class TriangulationRefused(CycleRefused):
    """Nothing can be set beside an audit; the text says why, and what to do."""


class UnknownFilter(TriangulationRefused):
    """A filter names nothing; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; None is everything.  ``organisation`` leaves only one."""

    area: str | None = None
    sector: str | None = None
    standard: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Surveys:
    """The surveys beside an audit: those that have closed, and why others cannot be read yet."""

    closed: tuple[SurveyCounts, ...]
    waiting: Mapping[str, str]

    @property
    def by_questionnaire(self) -> Mapping[str, SurveyCounts]:
        """Return the newest that has closed of each questionnaire."""
        return {survey.questionnaire.id: survey for survey in reversed(self.closed)}


def triangulate(
    connection: Connection,
    definitions: Definitions,
    cycle: CycleFacts,
    now: datetime,
    wanted: Wanted | None = None,
    *,
    surveys: Surveys | None = None,
    audience: Audience = "panel",
) -> Triangulation:
    """Return an audit's triangulation, in as many statements whatever the size.

    ``surveys`` are those beside the audit, where they have been read already.
    Raise TriangulationRefused where there is nothing to compare with, and for a
    filter that names nothing.
    """
    wanted = wanted or Wanted()
    labels = partnership.sectors(connection)
    _refuse(connection, definitions, cycle, wanted, labels)
    found = surveys or surveys_beside(connection, definitions, cycle, _instruments(definitions, connection, cycle))
    if not found.closed:
        raise TriangulationRefused(_nothing_beside(cycle, found))
    only = None if wanted.organisation is None else [wanted.organisation]
    ratings = cycle_ratings(connection, definitions, cycle, area=wanted.area, only=only)
    return triangulated(
        ratings,
        Beside(
            found.by_questionnaire, found.waiting, _evidence(connection, cycle, wanted.area), _as_at(cycle, now), labels
        ),
        sector=wanted.sector,
        standard=wanted.standard,
        audience=audience,
    )


def _refuse(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, wanted: Wanted, sectors: Mapping[str, str]
) -> None:
    pinned = definitions.of_cycle(connection, cycle.id)
    if pinned is None:
        raise TriangulationRefused(f"{cycle.title} has not been opened yet, so it has no answers.")
    questionnaire = pinned.questionnaire
    if not any(item.staff_view for item in questionnaire.criteria):
        raise TriangulationRefused(f"{questionnaire.title} names no question of a staff survey beside its criteria.")
    areas = [a.id for a in partnership.areas(connection)] if wanted.area is not None else []
    known: Mapping[str, tuple[str | None, Iterable[str]]] = {
        "area": (wanted.area, areas),
        "sector": (wanted.sector, sectors),
        "standard": (wanted.standard, questionnaire.sections_by_id),
    }
    for name, (asked, there) in known.items():
        if asked is not None and asked not in there:
            raise UnknownFilter(f"No {name} is called “{asked}”. There are: {', '.join(there) or 'none'}.")


def _nothing_beside(cycle: CycleFacts, found: Surveys) -> str:
    if found.waiting:
        return " ".join(found.waiting.values())
    return (
        f"No staff survey stands beside {cycle.title}. Name it in the file of the audit, such as "
        "surveys: [section-11-staff-2026], and run: audit-engine init"
    )


def _instruments(definitions: Definitions, connection: Connection, cycle: CycleFacts) -> frozenset[str]:
    """Return the questionnaires whose questions bear on the audit's criteria."""
    criteria = definitions.opened(connection, cycle.id).questionnaire.criteria
    return frozenset(view.survey for item in criteria for view in item.staff_view)


def surveys_beside(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, of: Collection[str] | None = None
) -> Surveys:
    """Return the surveys that the audit names, all or those ``of`` some questionnaires, counted by organisation."""
    closed, waiting = [], {}
    named = [s for s in stored.surveys_beside(connection, cycle.id) if of is None or s.questionnaire in of]
    sectors = stored.sectors_of_organisations(connection) if named else {}
    then = frames.sectors_then(connection, [survey.id for survey in named])
    for survey in named:
        if survey.state != "closed" or survey.content_hash is None:
            waiting[survey.questionnaire] = _still(survey)
            continue
        questionnaire = definitions.of(connection, survey.content_hash)
        if questionnaire.respondent == "person":
            closed.append(_counted(connection, survey, questionnaire, {**sectors, **then[survey.id]}))
    return Surveys(tuple(closed), waiting)


def _still(survey: CycleFacts) -> str:
    state = "is still open" if survey.state == "open" else "has not been opened yet"
    return f"{survey.title} {state}, so what staff said cannot be seen yet."


def _counted(
    connection: Connection, survey: CycleFacts, questionnaire: Questionnaire, sectors: Mapping[str, str]
) -> SurveyCounts:
    tallies = anonymous.tallies_by_organisation(connection, survey.id)
    numbers = anonymous.turnouts(connection, survey.id)
    invited = {o: number for o, (_, number) in numbers.items() if number is not None}
    return SurveyCounts(survey.id, survey.title, questionnaire, tallies, sectors, invited)


def return_ids(connection: Connection, cycle_id: str) -> Mapping[str, int]:
    """Return the number of each organisation's return."""
    return stored.return_ids(connection, cycle_id)


def _evidence(connection: Connection, cycle: CycleFacts, area: str | None) -> Mapping[tuple[str, str], Graded]:
    return {
        (row.organisation_id, row.item_id): Graded(int(row.value), row.rated_at.astimezone(LOCAL).date())
        for row in stored.evidence_rows(connection, cycle.id, area)
    }


def evidence_beside(connection: Connection, definitions: Definitions, cycle: CycleFacts, now: datetime) -> Beside:
    """Return what stands beside an audit, surveys that have closed or none, for a look at single criteria."""
    surveys = surveys_beside(connection, definitions, cycle)
    return Beside(surveys.by_questionnaire, surveys.waiting, _evidence(connection, cycle, None), _as_at(cycle, now))


def _as_at(cycle: CycleFacts, now: datetime) -> date:
    """Return the day on which evidence must still hold: the closing day, so that a closed audit stays as it was."""
    return min(now, cycle.closed_at or now).astimezone(LOCAL).date()


def through_lenses(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, now: datetime, wanted: Wanted, criterion: str
) -> tuple[Triangulation, tuple[Lens, ...]]:
    """Return an audit's triangulation with what people said about one criterion, in every survey beside the audit."""
    surveys = surveys_beside(connection, definitions, cycle)
    found = triangulate(connection, definitions, cycle, now, wanted, surveys=surveys)
    mapped = found.criterion(criterion)
    return found, lenses_of(mapped, surveys) if mapped is not None else ()


def lenses_of(criterion: MappedCriterion, surveys: Surveys) -> tuple[Lens, ...]:
    """Return what people said to each question mapped to a criterion, and to the same words in other surveys."""
    read = surveys.by_questionnaire
    mapped = [Lens(read[v.view.survey].title, v.answers) for v in criterion.views if v.answers is not None]
    others = [lens for view in criterion.views for lens in _in_same_words(view, surveys)]
    return (*mapped, *others)


def _in_same_words(view: MappedView, surveys: Surveys) -> Iterator[Lens]:
    """Yield the questions of other surveys that ask the same word for word."""
    for survey in surveys.closed:
        for item in survey.questionnaire.items:
            if survey.questionnaire.id != view.view.survey and _words(item.text) == _words(view.text):
                there = replace(view.view, survey=survey.questionnaire.id, item=item.id)
                with suppress(UncountableView):
                    yield Lens(survey.title, staff_answers(survey, there, "panel"), is_mapped=False)


def _words(text: str) -> list[str]:
    return text.split()
