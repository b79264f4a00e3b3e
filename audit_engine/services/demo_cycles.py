"""What does filling a demo work on: where it puts things, and which cycle it fills?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions

SEED = "demo"
Way = Literal["returns", "replies", "settings", "cases"]


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """The database that is filled, and the moment that counts as now."""

    engine: Engine
    definitions: Definitions
    now: datetime


@dataclass(frozen=True, slots=True)
class DemoCycle:
    """A cycle to fill; ``number`` counts the cycles of its questionnaire before it."""

    facts: CycleFacts
    number: int
    stays_open: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """How much one step of the filling stored."""

    answers: int = 0
    replies: int = 0


def way_of(questionnaire: Questionnaire) -> Way:
    """Return how a questionnaire is answered."""
    if questionnaire.respondent == "person":
        return "replies"
    if questionnaire.kind == "case-audit":
        return "cases"
    is_private = questionnaire.kind == "self-audit" or (
        questionnaire.kind == "audit" and questionnaire.anonymity == "confidential"
    )
    return "settings" if is_private else "returns"
