"""How is a survey spoken of on posters and in messages: how anonymous, how long, until when?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.questionnaire import Anonymity, Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL

# The promise of a survey's first page in one sentence, for posters and messages.
PROMISE: Mapping[Anonymity, str] = {
    "anonymous": f"Nobody can tell which answers are yours, and no result is shown for fewer than {LEAST_BASE} people.",
    "confidential": "Your answers are read by the people who run this survey and by nobody else.",
    "named": "Your answers are shown beside the name of your organisation, never beside yours.",
    "private": "Your answers stay with you.",
}
# The same for whoever runs the survey, who cannot change it once it is open.
FIXED: Mapping[Anonymity, str] = {
    "anonymous": (
        "It is anonymous. No name, address, device or hour is kept with a reply, and until it closes nothing but the "
        "turnout can be seen."
    ),
    "confidential": (
        "It is confidential. No name is kept with a reply, and people are told that only those who run it read what "
        "they say."
    ),
    "named": "People are told that their answers are shown beside the name of their organisation, never beside theirs.",
    "private": "It is private. People are told that their answers stay with them.",
}
NOT_HERE = "This is not the place to report a child at risk."


@dataclass(frozen=True, slots=True)
class SurveySaid:
    """What posters and messages say about a survey; ``until`` is the last day on which it takes replies."""

    title: str
    promise: str
    minutes: str
    until: date


def survey_said(cycle: CycleFacts, questionnaire: Questionnaire) -> SurveySaid:
    """Return what is said about a survey."""
    minutes = f"It takes about {questionnaire.minutes} minutes." if questionnaire.minutes else "It takes a few minutes."
    return SurveySaid(cycle.title, PROMISE[questionnaire.anonymity], minutes, last_day(cycle.closes_at))


def last_day(closes_at: datetime) -> date:
    """Return the last day on which a survey takes replies."""
    return closes_at.astimezone(LOCAL).date()


def day_in_words(day: date) -> str:
    """Write ``Friday 18 December 2026``."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def about(said: SurveySaid) -> tuple[str, ...]:
    """Return the sentences that every message about a survey ends in; nobody can leave them out."""
    return (
        f"{said.minutes} It closes at the end of {day_in_words(said.until)}.",
        said.promise,
        NOT_HERE,
    )
