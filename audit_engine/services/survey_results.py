"""Gather what a survey says, as far as an audience may see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from audit_engine.analysis.breakdown import Table
from audit_engine.analysis.disclosure import Audience, Released
from audit_engine.analysis.response_rates import took_part_sentence
from audit_engine.analysis.rounding import count_text
from audit_engine.analysis.survey import (
    GroupResults,
    QuestionResult,
    ScoreResult,
    SurveyResults,
    asked_of,
    score_counts,
)
from audit_engine.analysis.survey_codes import Tally, columns_of, tallied, tallied_by
from audit_engine.analysis.survey_marks import Question, knowledge_items, questions_of
from audit_engine.analysis.survey_release import SurveyRelease
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.storage import anonymous, frames, partnership

SECTOR, ORGANISATION = "sector", "organisation"
EVERYBODY = "The link for everybody"


@dataclass(frozen=True, slots=True)
class Recount:
    """Whether the counts that were kept are those of the replies; ``wrong`` has (kept, counted) by (item, mark)."""

    replies: int
    wrong: Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Split:
    """A survey's counts by group.

    ``within`` names each group's larger group, and ``larger`` shows those
    instead; ``beside`` are the groups of another breakdown that is open to all.
    """

    labels: Mapping[str, str]
    tallies: Mapping[str, Tally]
    within: Mapping[str, str] | None = None
    larger: bool = False
    beside: _Split | None = None


@dataclass(frozen=True, slots=True)
class _Survey:
    """A survey that has closed, read for one audience."""

    connection: Connection
    cycle: CycleFacts
    questionnaire: Questionnaire
    audience: Audience


def survey_results(
    connection: Connection,
    definitions: Definitions,
    cycle: CycleFacts,
    *,
    organisation: str | None = None,
    by: str | None = None,
    audience: Audience = "panel",
) -> SurveyResults:
    """Return the results of a survey that has closed: of everybody, of one organisation, or broken down.

    ``by`` is "sector", "organisation" or the id of a question whose breakdown
    was fixed in advance.  Raise SurveyRefused while the survey is open.
    """
    questionnaire = _closed(connection, definitions, cycle)
    if organisation is not None and by is not None:
        raise SurveyRefused("One organisation's results are not broken down further: the groups would be too small.")
    survey = _Survey(connection, cycle, questionnaire, audience)
    split = _split(survey, ORGANISATION if organisation is not None else by)
    if organisation is not None and (split is None or organisation not in split.labels):
        known = ", ".join(sorted(split.labels if split else ())) or "none"
        raise SurveyRefused(f"No replies came from an organisation called “{organisation}”. There are: {known}.")
    return _put_together(survey, anonymous.tally(connection, cycle.id), split, organisation, by or "")


def _closed(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> Questionnaire:
    questionnaire = definitions.opened(connection, cycle.id).questionnaire
    if questionnaire.respondent != "person":
        raise SurveyRefused(
            f"{cycle.title} was answered by organisations. Use: audit-engine report analysis {cycle.id}"
        )
    if cycle.state != "closed":
        replies = sum(n for n, _ in anonymous.turnouts(connection, cycle.id).values())
        raise SurveyRefused(
            f"{cycle.title} is still open, so only the turnout can be seen: {count_text(replies)} "
            f"{'reply' if replies == 1 else 'replies'} so far. Close it to see results."
        )
    return questionnaire


def _put_together(
    survey: _Survey, whole: Tally, split: _Split | None, organisation: str | None, by: str
) -> SurveyResults:
    released = _release(survey, whole, split, by)

    def chosen(table: Table) -> Released:
        return table.whole if organisation is None else table.groups[organisation]

    def by_group(table: Table) -> Mapping[str, Released]:
        return table.larger if split and split.larger else table.groups

    asked = [
        (question, asked_of(question, survey.questionnaire), released.question(question))
        for question in questions_of(survey.questionnaire)
    ]
    texts = _texts(survey) if organisation is None else {}
    known = len(knowledge_items(survey.questionnaire))
    groups = {} if split is None or organisation is not None else split.labels
    return SurveyResults(
        title=survey.cycle.title,
        cycle=survey.cycle.id,
        questionnaire=survey.questionnaire,
        organisation=split.labels[organisation] if split and organisation is not None else "",
        by=by,
        replies=chosen(released.replies),
        took_part=took_part_sentence(chosen(released.replies), _invited(survey, organisation)),
        questions=tuple(QuestionResult(q, of, chosen(t), _readable(q, chosen(t), texts)) for q, of, t in asked),
        score=ScoreResult(known, chosen(released.of_replies(partial(score_counts, survey.questionnaire))))
        if known
        else None,
        groups=tuple(
            GroupResults(
                g, label, by_group(released.replies)[g],
                tuple(QuestionResult(q, of, by_group(t)[g]) for q, of, t in asked),
            )
            for g, label in groups.items()
        ),
        texts_waiting=anonymous.unread_texts(survey.connection, survey.cycle.id),
    )  # fmt: skip


def _release(survey: _Survey, whole: Tally, split: _Split | None, by: str) -> SurveyRelease:
    if split is None:
        return SurveyRelease(survey.questionnaire, whole, {}, survey.audience, by=by)
    return SurveyRelease(
        survey.questionnaire, whole, split.tallies, survey.audience, within=split.within, by=by,
        beside=_release(survey, whole, split.beside, ORGANISATION) if split.beside else None,
    )  # fmt: skip


def _split(survey: _Survey, by: str | None) -> _Split | None:
    if by is None:
        return None
    return _SPLITS.get(by, _by_question)(survey, by)


def _by_organisation(survey: _Survey, by: str) -> _Split:
    split = _organisations(survey)
    if set(split.tallies) <= {""}:
        raise SurveyRefused(_no_organisations(survey))
    if by == ORGANISATION:
        return split
    sectors = {"": EVERYBODY, **partnership.sectors(survey.connection)}
    within = split.within or {}
    return _Split(
        {s: label for s, label in sectors.items() if s in within.values()}, split.tallies, within, larger=True
    )


def _organisations(survey: _Survey) -> _Split:
    tallies = anonymous.tallies_by_organisation(survey.connection, survey.cycle.id)
    there = {o.id: o for o in partnership.organisations(survey.connection)}
    labels = {o: there[o].name if o in there else EVERYBODY for o in tallies}
    then = frames.sectors_then(survey.connection, [survey.cycle.id])[survey.cycle.id]
    within = {o: then.get(o) or (there[o].sector if o in there else "") for o in tallies}
    return _Split(dict(sorted(labels.items(), key=lambda one: one[1])), tallies, within)


def _no_organisations(survey: _Survey) -> str:
    other = f" Use --by with {_offered(survey)}." if breakdowns(survey.questionnaire) else ""
    return f"Replies to {survey.cycle.title} came by one link for everybody, so no organisation is known.{other}"


def _by_question(survey: _Survey, by: str) -> _Split:
    question = next((q for q in breakdowns(survey.questionnaire) if q.id == by), None)
    if question is None:
        offered = listed([SECTOR, ORGANISATION, *(q.id for q in breakdowns(survey.questionnaire))], "or")
        raise SurveyRefused(
            f"Results cannot be broken down by “{by[:60]}”. Breakdowns are fixed in advance: {offered}."
        )
    columns = columns_of(survey.questionnaire)
    found = tallied_by(columns, anonymous.packed_replies(survey.connection, survey.cycle.id), by)
    labels = {mark: option.label for mark, option in question.marks}
    return _Split(labels, {mark: found.get(mark, {}) for mark in labels}, beside=_organisations(survey))


def breakdowns(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Return the questions by which results may be broken down; they were fixed in advance."""
    return tuple(q for q in questions_of(questionnaire) if q.item.breakdown and not q.several and not q.row)


def _offered(survey: _Survey) -> str:
    return listed([f"{q.id} (“{q.text}”)" for q in breakdowns(survey.questionnaire)], "or")


_SPLITS: Mapping[str, Callable[[_Survey, str], _Split]] = {SECTOR: _by_organisation, ORGANISATION: _by_organisation}


def _invited(survey: _Survey, organisation: str | None) -> int | None:
    """Return how many were invited, None where that is not known of everybody concerned."""
    numbers = anonymous.invited_numbers(survey.connection, survey.cycle.id)
    if organisation is not None:
        return numbers.get(organisation)
    known = [n for n in numbers.values() if n is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _texts(survey: _Survey) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in anonymous.texts(survey.connection, survey.cycle.id, ["shown", "redacted"]):
        found.setdefault(row.item, []).append(row.text)
    return {item: tuple(every) for item, every in found.items()}


def _readable(question: Question, released: Released, texts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return texts.get(question.item.id, ()) if released.base is not None else ()


def recount(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> Recount:
    """Count all replies of a survey again and compare with the counts that were kept while they came in."""
    columns = columns_of(definitions.opened(connection, cycle.id).questionnaire)
    again = tallied(columns, anonymous.packed_replies(connection, cycle.id))
    kept = anonymous.tally(connection, cycle.id)
    wrong = {key: (kept.get(key, 0), again.get(key, 0)) for key in {*kept, *again} if kept.get(key) != again.get(key)}
    return Recount(again.get(("", ""), 0), {key: pair for key, pair in sorted(wrong.items()) if pair[0] != pair[1]})
