"""Let a setting share what changed between two mealtime checks, and show the partnership what all who share show.

Only what a setting chose to share is read here, never an answer.  It is shown
when the round has closed and enough settings share, and a setting is a code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.analysis.disclosure import Counts, Released, release
from audit_engine.analysis.mealtime import Change
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.eatsafe import change_of
from audit_engine.services.self_audit import OpenAudit, SelfAuditRefused
from audit_engine.storage import settings
from audit_engine.storage.engine import writing

WITH_PARTNERSHIP = ""
WHOLE = ""
WAYS = ("up", "same", "down")
Shared = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """How many settings went up, stayed or went down in a section; the whole has the title ''."""

    title: str
    settings: Released


@dataclass(frozen=True, slots=True)
class CodedSetting:
    """One setting under a code: how many of the same questions went which way, and its starred ones at the best."""

    code: str
    up: int
    same: int
    down: int
    starred: int
    starred_before: int
    starred_now: int


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What the partnership sees; everything is empty while ``sharing`` is held back or the round is open."""

    sharing: Released
    sections: tuple[SectionChange, ...]
    coded: tuple[CodedSetting, ...]


def shared_of(change: Change) -> dict[str, dict[str, int]]:
    """Return what a setting shares of a change: counts by section, and the whole under ''."""
    sections = dict.fromkeys(p.item.section for p in change.pairs)
    parts = {WHOLE: change, **{s: change.of_section(s) for s in sections}}
    return {name: _counts(part) for name, part in parts.items()}


def _counts(part: Change) -> dict[str, int]:
    starred = part.starred
    return {
        "up": len(part.going(1)), "same": len(part.going(0)), "down": len(part.going(-1)),
        "direction": part.direction, "starred": len(starred),
        "starred_before": sum(p.before == p.best for p in starred),
        "starred_now": sum(p.now == p.best for p in starred),
    }  # fmt: skip


def share_change(engine: Engine, whole: OpenAudit, by: int, now: datetime) -> None:
    """Share what changed, as it stands; raise ``SelfAuditRefused`` where there is nothing to compare."""
    change = change_of(whole)
    if change is None or not change.pairs:
        raise SelfAuditRefused(
            "There is nothing to share yet: mark this check as finished first. A change needs an earlier check too."
        )
    with writing(engine) as connection:
        settings.withdraw_shares(connection, whole.facts.id, WITH_PARTNERSHIP, now)
        settings.add_share(
            connection, setting_id=whole.facts.setting, audit_id=whole.facts.id, trust_email=WITH_PARTNERSHIP,
            counts=shared_of(change), granted_at=now, granted_by=by,
        )  # fmt: skip


def stop_sharing(engine: Engine, audit_id: int, now: datetime) -> None:
    """Take it back; the counts are gone from then on."""
    with writing(engine) as connection:
        settings.withdraw_shares(connection, audit_id, WITH_PARTNERSHIP, now)


def shared_since(connection: Connection, audit_id: int) -> datetime | None:
    """Return since when the change is shared, or None."""
    standing = (s for s in settings.shares_of(connection, audit_id) if s.trust_email == WITH_PARTNERSHIP)
    return next((s.granted_at for s in standing), None)


def change_report(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> ChangeReport:
    """Return what all who share show, once the round has closed; below eleven settings nothing."""
    shared = [s for s in settings.shared_counts(connection, cycle.id) if WHOLE in s]
    sharing = release(Counts(len(shared), len(shared), len(shared)), "panel")
    if cycle.state != "closed" or sharing.base is None:
        return ChangeReport(sharing, (), ())
    sections = definitions.opened(connection, cycle.id).questionnaire.sections
    titles = {WHOLE: "", **{s.id: s.title for s in sections}}
    found = (SectionChange(title, _settings(shared, name)) for name, title in titles.items())
    return ChangeReport(sharing, tuple(s for s in found if s.settings.base is not None), _coded(cycle.id, shared))


def _settings(shared: Sequence[Shared], name: str) -> Released:
    directions = [s[name]["direction"] for s in shared if name in s]
    cells = tuple((way, directions.count(number)) for way, number in zip(WAYS, (1, 0, -1), strict=True))
    return release(Counts(len(shared), len(directions), len(directions), cells), "panel")


def _coded(cycle_id: str, shared: Sequence[Shared]) -> tuple[CodedSetting, ...]:
    """Return the settings in an order that says nothing of who they are or when they shared."""
    order = sorted((s[WHOLE] for s in shared), key=lambda whole: _mixed(cycle_id, whole))
    return tuple(
        CodedSetting(
            f"Setting {number}", w["up"], w["same"], w["down"], w["starred"], w["starred_before"], w["starred_now"]
        )
        for number, w in enumerate(order, 1)
    )


def _mixed(cycle_id: str, whole: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{cycle_id}|{sorted(whole.items())}".encode()).hexdigest()
