"""What will organisations do about what is not met, by when, and what is overdue?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from audit_engine.analysis.actions import Action, ActionCounts, counted
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.storage import actions as stored


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions are asked for; '' is every."""

    sector: str = ""
    standard: str = ""
    timing: str = ""


@dataclass(frozen=True, slots=True)
class StandardActions:
    """The actions on one standard's criteria."""

    id: str
    title: str
    counts: ActionCounts


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions of an audit; ``listed`` are those of the timing asked for, the counts are of every timing."""

    cycle: CycleFacts
    today: date
    whole: ActionCounts
    standards: tuple[StandardActions, ...]
    listed: tuple[Action, ...]


def follow_actions(
    connection: Connection,
    definitions: Definitions,
    cycle: CycleFacts,
    today: date,
    areas: Sequence[str] | None,
    wanted: Wanted | None = None,
) -> Actions:
    """Return the actions of submitted returns in these areas (None: any), in one statement."""
    wanted = wanted or Wanted()
    questionnaire = definitions.opened(connection, cycle.id).questionnaire
    found = [a for a in actions_of(connection, questionnaire, cycle.id, areas) if _is_wanted(a, wanted)]
    standards = tuple(
        StandardActions(s.id, s.title, counted((a for a in found if a.standard == s.id), today))
        for s in questionnaire.sections
    )
    listed = tuple(a for a in found if wanted.timing in ("", a.timing(today)))
    return Actions(cycle, today, counted(found, today), tuple(s for s in standards if s.counts.all), listed)


def _is_wanted(action: Action, wanted: Wanted) -> bool:
    return wanted.sector in ("", action.sector) and wanted.standard in ("", action.standard)


def actions_of(
    connection: Connection, questionnaire: Questionnaire, cycle_id: str, areas: Sequence[str] | None
) -> tuple[Action, ...]:
    """Return the actions of submitted returns in these areas (None: any), the earliest due first, undated ones last."""
    rows = [r for r in stored.submitted_actions(connection, cycle_id) if _is_seen(r, areas)]
    found = [_action(row, questionnaire) for row in rows if row.what or row.who or row.due or row.how_known]
    return tuple(sorted(found, key=lambda a: (a.due or date.max, a.organisation_name, a.criterion)))


def _is_seen(row: Any, areas: Sequence[str] | None) -> bool:
    return areas is None or (bool(set(areas) & set(row.areas)) and row.area in ("", *areas))


def _action(row: Any, questionnaire: Questionnaire) -> Action:
    item = questionnaire.items_by_id.get(row.item_id)
    return Action(
        row.id, row.organisation_id, row.organisation_name, row.sector_id, row.item_id,
        item.short_id if item else row.item_id, item.section if item else "", row.what, row.who, row.due,
        row.how_known, row.status, row.area, row.return_id, row.origin,
    )  # fmt: skip
