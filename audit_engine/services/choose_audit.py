"""Which audits can a dashboard be about, and which one is meant where nobody says?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.settings import for_settings
from audit_engine.services.definitions import Definitions
from audit_engine.storage import cycles


@dataclass(frozen=True, slots=True)
class Audits:
    """The audits that were opened, the newest first: those with ratings, and all that organisations return."""

    rated: tuple[CycleFacts, ...]
    returned: tuple[CycleFacts, ...]
    surveys: tuple[CycleFacts, ...]  # answered by people

    def chosen(self, named: str, among: Sequence[CycleFacts]) -> CycleFacts | None:
        """Return the one that is named, or without a name the newest that is rated, else the newest; None for none."""
        if named:
            return next((c for c in among if c.id == named), None)
        return next((c for c in (*self.rated, *among) if c in among), None)


def audits(connection: Connection, definitions: Definitions) -> Audits:
    """Return what was opened, in one statement once every definition has been read."""
    opened = [c for c in cycles.cycles(connection) if c.content_hash is not None and c.opened_at is not None]
    asked = [(c, definitions.of(connection, c.content_hash or "")) for c in opened]
    of_organisations = [(c, q) for c, q in asked if q.respondent != "person" and not for_settings(q)]
    return Audits(
        tuple(c for c, q in of_organisations if _is_rated(q)),
        tuple(c for c, _ in of_organisations),
        tuple(c for c, q in asked if q.respondent == "person"),
    )


def _is_rated(questionnaire: Questionnaire) -> bool:
    return questionnaire.respondent == "organisation" and bool(questionnaire.criteria)
