"""How does one organisation's return score, standard by standard, and what did the panel say?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from audit_engine.definition.questionnaire import CountsAs
from audit_engine.response.cycles import ReturnFacts
from audit_engine.services.definitions import Definitions
from audit_engine.storage import returns


@dataclass(frozen=True, slots=True)
class PanelSaid:
    """The panel's rating of one answer, in words, with its reason."""

    label: str
    counts_as: CountsAs | None
    reason: str


@dataclass(frozen=True, slots=True)
class StandardGrade:
    """One standard of one return: its grade, and the counts that made it; final ratings."""

    title: str
    grade: str
    met: int
    applicable: int
    not_applicable: int
    unanswered: int


def panel_said(
    connection: Connection, definitions: Definitions, facts: ReturnFacts
) -> Mapping[tuple[str, str], PanelSaid]:
    """Return the panel's ratings by (item, area)."""
    items = definitions.of(connection, facts.content_hash).items_by_id
    found: dict[tuple[str, str], PanelSaid] = {}
    for key, row in returns.panel_ratings_of(connection, facts.id).items():
        option = items[key[0]].option(row["value"]) if key[0] in items else None
        if option is not None:
            found[key] = PanelSaid(option.label, option.counts_as, row["reason"])
    return found


def standard_grades(connection: Connection, definitions: Definitions, facts: ReturnFacts) -> tuple[StandardGrade, ...]:
    """Return the grade of every standard from final ratings; () until the return is submitted."""
    if facts.state != "submitted":
        return ()
    from audit_engine.analysis.scoring import standard_scores
    from audit_engine.services.cycle_ratings import cycle_ratings

    ratings = cycle_ratings(connection, definitions, facts.cycle, only=[facts.organisation])
    return tuple(
        StandardGrade(s.title, s.grade, s.counts.met, s.counts.applicable, s.counts.not_applicable, s.counts.unanswered)
        for s in standard_scores(ratings, facts.organisation)
    )
