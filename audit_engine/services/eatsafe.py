"""Save what was seen at the table, and put together what a mealtime check comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine

from audit_engine.analysis.mealtime import Change, KitchenPage, SectionMean, kitchen_page, matched_change, section_means
from audit_engine.definition.questionnaire import Item
from audit_engine.response.answers import Answer
from audit_engine.services.definitions import Definitions
from audit_engine.services.save_answers import Conflict, Draft, Saved
from audit_engine.services.self_audit import NoSuchAudit, OpenAudit, open_audit
from audit_engine.services.self_audit_save import save
from audit_engine.storage import settings
from audit_engine.storage.engine import reading


@dataclass(frozen=True, slots=True)
class Tick:
    """What somebody pressed for one observed item; ``version`` is the one that the phone knew (0: none)."""

    item: str
    value: str
    version: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """The outcome: what is stored now by item, and where a colleague had pressed something else meanwhile."""

    at: datetime
    stored: Mapping[str, Answer]
    clashes: Mapping[str, Conflict] = field(default_factory=dict)


def observed(whole: OpenAudit) -> tuple[Item, ...]:
    """Return what is looked for at the table, in the order of a meal."""
    return tuple(i for i in whole.questionnaire.items if i.observed and whole.asked[i.id].asked)


def tick(
    engine: Engine, definitions: Definitions, audit_id: int, ticks: Sequence[Tick], by: int, now: datetime
) -> Ticked:
    """Save what was pressed; texts beside it stay as they are.

    A press that follows one's own is the later word, whatever the phone knew:
    an answer that got lost on its way back must not look like a colleague's.
    """
    whole = _opened(engine, definitions, audit_id)
    offered = {i.id: i for i in observed(whole)}
    known = {t.item: t for t in ticks if t.item in offered and offered[t.item].option(t.value) is not None}
    drafts = [_draft(whole.answer(t.item), t) for t in known.values()]
    saved = save(engine, definitions, audit_id, drafts, by, now)
    mine = [c.stored for c in saved.conflicts.values() if c.stored_by == by]
    if mine:
        again = [_draft(a, replace(known[a.item], version=a.version)) for a in mine]
        saved = _together(saved, save(engine, definitions, audit_id, again, by, now))
    stored = _opened(engine, definitions, audit_id)
    return Ticked(now, {item: stored.answer(item) for item in known}, {key[0]: c for key, c in saved.conflicts.items()})


def _draft(stored: Answer, pressed: Tick) -> Draft:
    return Draft(
        pressed.item, pressed.version, pressed.value, "", "", stored.commentary, stored.evidence, stored.reason,
        stored.confirmed_on is not None, stored.action_what, stored.action_who, stored.action_by,
        stored.action_how_known,
    )  # fmt: skip


def _together(first: Saved, second: Saved) -> Saved:
    left = {k: c for k, c in first.conflicts.items() if k not in second.versions}
    return replace(second, conflicts={**left, **second.conflicts})


def _opened(engine: Engine, definitions: Definitions, audit_id: int) -> OpenAudit:
    with reading(engine) as connection:
        facts = settings.audit_of(connection, audit_id)
        if facts is None:
            raise NoSuchAudit(audit_id)
        return open_audit(connection, definitions, facts)


def _asked(whole: OpenAudit) -> frozenset[str]:
    return frozenset(item for item, state in whole.asked.items() if state.asked)


def page_of(whole: OpenAudit) -> KitchenPage:
    """Return the one page at the end: safe now, fix this week, talk to parents."""
    return kitchen_page(whole.questionnaire, whole.answer, _asked(whole))


def means_of(whole: OpenAudit) -> tuple[SectionMean, ...]:
    """Return every section's mean points and starred items."""
    return section_means(whole.questionnaire, whole.answer, _asked(whole))


def change_of(whole: OpenAudit) -> Change | None:
    """Return what the same questions say then and now; None before the check is finished, or the first time."""
    before = whole.last_time
    if before is None or whole.facts.finished_at is None:
        return None
    return matched_change(
        before.questionnaire, whole.questionnaire, before.lineage, before.answers, whole.answer, _asked(whole)
    )
