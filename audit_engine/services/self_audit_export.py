"""Hand a setting everything that it ever gave, as JSON or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from io import StringIO
from typing import Any

from sqlalchemy import Connection

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.response.answers import Answer, State
from audit_engine.response.settings import AuditFacts, Member, SettingFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.export_cycle import neutral
from audit_engine.services.self_audit import OpenAudit, open_audit
from audit_engine.storage import benchmarks, setting_answers, settings

COLUMNS = (
    "self_audit", "begun", "section", "statement", "text", "answer", "answer_text", "how_we_know", "evidence", "reason",
    "action_what", "action_who", "action_by", "action_how_known", "saved_at", "saved_by",
)  # fmt: skip


def all_of_it(connection: Connection, definitions: Definitions, setting: SettingFacts) -> dict[str, Any]:
    """Return everything that a setting gave, its people and its history, in JSON's terms."""
    people = settings.members(connection, setting.id)
    names = {str(m.id): m.name for m in people}
    return {
        "setting": {
            "name": setting.name, "phase": setting.phase, "trust": setting.trust,
            "office_email": setting.office_email, "profile": dict(setting.facts),
        },
        "people": [_person(m) for m in people],
        "self_audits": [
            _audit(connection, open_audit(connection, definitions, facts), names)
            for facts in settings.audits_of(connection, setting.id)
        ],
        "looked_into_by_those_who_run_the_server": [
            {"at": a.at.isoformat(), "who": a.who, "why": a.why} for a in settings.accesses(connection, setting.id)
        ],
    }  # fmt: skip


def as_json(connection: Connection, definitions: Definitions, setting: SettingFacts) -> str:
    """Return it as the text of a JSON file."""
    return json.dumps(all_of_it(connection, definitions, setting), indent=2, ensure_ascii=False, default=_plain)


def as_csv(connection: Connection, definitions: Definitions, setting: SettingFacts) -> str:
    """Return one row an answer as the text of a CSV file; no cell is a formula."""
    names = {str(m.id): m.name for m in settings.members(connection, setting.id)}
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for facts in settings.audits_of(connection, setting.id):
        for row in _rows(open_audit(connection, definitions, facts), names):
            writer.writerow({k: neutral(str(v)) for k, v in row.items()})
    return "\ufeff" + out.getvalue()


def _person(member: Member) -> dict[str, Any]:
    return {
        "name": member.name, "email": member.email, "lead": member.lead, "joined_at": member.joined_at.isoformat(),
        "left_at": member.left_at.isoformat() if member.left_at else None,
    }  # fmt: skip


def _audit(connection: Connection, whole: OpenAudit, names: Mapping[str, str]) -> dict[str, Any]:
    facts = whole.facts
    return {
        **_head(facts),
        "answers": list(_rows(whole, names)),
        "written": [
            {"kind": n.kind, "place": n.place, "text": n.text, "who": n.who, "due": n.due, "done_on": n.done_on}
            for n in whole.notes.values()
        ],
        "history": [
            {"statement": c["item_id"], "version": c["version"], "at": c["made_at"].isoformat(), "by": c["who"] or "",
             **c["content"]}
            for c in setting_answers.all_changes(connection, facts.id)
        ],
        "shares": [
            {"with": s.trust_email or "the partnership", "since": s.granted_at.isoformat()}
            for s in settings.shares_of(connection, facts.id)
        ],
        "compared": _compared(connection, facts),
    }  # fmt: skip


def _compared(connection: Connection, facts: AuditFacts) -> dict[str, Any] | None:
    """Return what the setting lets be compared with its like, and where it stood; None where it takes no part."""
    entry = benchmarks.entry_of(connection, facts.id)
    if entry is None:
        return None
    placed = None if entry.placed is None else [asdict(place) for place in entry.placed]
    return {"since": entry.joined_at.isoformat(), "counts": dict(entry.counts), "stood": placed}


def _head(facts: AuditFacts) -> dict[str, Any]:
    return {
        "self_audit": facts.title,
        "questions": f"{facts.questionnaire}@{facts.version}",
        "begun": facts.started_at.isoformat(),
        "finished": facts.finished_at.isoformat() if facts.finished_at else None,
    }


def _rows(whole: OpenAudit, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    order = {item.id: at for at, item in enumerate(whole.questionnaire.items)}
    for answer in sorted(whole.answers.values(), key=lambda a: (order.get(a.item, len(order)), a.repeat)):
        yield _row(whole, answer, names)


def _row(whole: OpenAudit, answer: Answer, names: Mapping[str, str]) -> dict[str, Any]:
    item = whole.questionnaire.items_by_id.get(answer.item)
    given = item is not None and answer.state is not State.UNANSWERED
    return {
        "self_audit": whole.facts.title,
        "begun": whole.facts.started_at.date().isoformat(),
        "section": whole.questionnaire.sections_by_id[item.section].title if item else "",
        "statement": answer.item,
        "text": item.text if item else "",
        "answer": ITEM_TYPES[item.type].to_json(answer.value) if item and given else "",
        "answer_text": ITEM_TYPES[item.type].text(answer.value, item) if item and given else "",
        "how_we_know": answer.commentary,
        "evidence": answer.evidence,
        "reason": answer.reason,
        "action_what": answer.action_what,
        "action_who": answer.action_who,
        "action_by": answer.action_by.isoformat() if answer.action_by else "",
        "action_how_known": answer.action_how_known,
        "saved_at": answer.saved_at.isoformat() if answer.saved_at else "",
        "saved_by": names.get(answer.saved_by, ""),
    }


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else str(value)
