"""One row for every table, each leaning on the rows before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert

from audit_engine.storage import all_models

AT = datetime(2026, 10, 5, 12, tzinfo=UTC)
DAY = date(2026, 10, 5)
LATER = datetime(2026, 12, 18, 17, tzinfo=UTC)
HASH = "h" * 64
WHERE = {"item_id": "t.A.1", "repeat": "", "area": ""}

ROWS: Mapping[str, Mapping[str, Any]] = {
    "area": {"id": "north", "name": "Northshire", "local_text": {"lado": "é"}, "position": 0},
    "sector": {"id": "police", "label": "Police", "position": 0},
    "organisation": {"id": "otters", "name": "Otters", "sector_id": "police", "aliases": ["O"], "facts": {"a": True}},
    "organisation_area": {"organisation_id": "otters", "area_id": "north"},
    "organisation_lineage": {
        "id": 1, "predecessor_id": "otters", "successor_id": None, "relation": "left", "effective": date(2025, 4, 1),
    },
    "person": {
        "id": 1, "email": "ada@example.org", "name": "Ada", "active": True, "fs_uniquifier": "u1", "created_at": AT,
    },
    "grant_of_role": {"id": 1, "person_id": 1, "role": "organisation-lead", "organisation_id": "otters"},
    "signed_in_session": {"id": "s" * 64, "person_id": 1, "started_at": AT, "seen_at": AT},
    "throttle": {"key": "account:ada", "attempts": 1, "expires_at": 1.5},
    "cycle_definition": {
        "content_hash": HASH, "questionnaire": "tiny", "version": "1", "source": "questionnaire: tiny\n", "kept_at": AT,
    },
    "cycle": {
        "id": "tiny-2026", "title": "Tiny 2026", "questionnaire": "tiny", "version": "1", "opens_at": AT,
        "closes_at": LATER, "opened_at": AT, "content_hash": HASH, "pilot": False, "invited": ["otters"],
    },
    "correction": {"id": 1, "cycle_id": "tiny-2026", "where_in_it": "t.A.1", "made_at": AT, "approved_by": 1},
    "response": {
        "id": 1, "cycle_id": "tiny-2026", "organisation_id": "otters", "content_hash": HASH, "facts": {"a": True},
        "areas": ["north"], "state": "started",
    },
    "answer": {**WHERE, "response_id": 1, "state": "answered", "value": '"met"', "version": 1, "saved_at": AT},
    "answer_change": {**WHERE, "id": 1, "response_id": 1, "version": 1, "content": {"value": "met"}, "made_at": AT},
    "kept_draft": {"id": 1, "response_id": 1, "content": {"answers": []}, "made_at": AT},
    "rating": {
        **WHERE, "id": 1, "response_id": 1, "kind": "panel", "rater": "", "value": "met", "reason": "Seen",
        "rated_at": AT,
    },
    "submission": {
        "id": 1, "response_id": 1, "number": 1, "receipt": "AAAA", "declared_name": "Ada", "declared_role": "Head",
        "answers_hash": HASH, "answers": "{}", "ratings": {"": {"t.A.1": ["met", 0]}}, "made_at": AT,
    },
    "action": {
        **WHERE, "id": 1, "organisation_id": "otters", "response_id": 1, "origin": "return", "status": "proposed",
    },
    "assignment": {"id": 1, "response_id": 1, "person_id": 1, "made_at": AT},
    "evidence": {
        "id": 1, "organisation_id": "otters", "kind": "file", "title": "Minutes", "stored_as": "f" * 32, "added_at": AT,
    },
    "evidence_link": {"evidence_id": 1, "response_id": 1, "item_id": "t.A.1", "repeat": ""},
    "outbox": {
        "id": 1, "kind": "report", "key": "k1", "payload": {}, "asked_at": AT, "attempts": 0, "progress": 0,
        "result": {},
    },
    "report": {
        "id": 1, "kind": "analysis", "cycle_id": "tiny-2026", "outbox_id": 1, "file": "a.docx", "sha256": HASH,
        "cut_off": AT, "made_at": AT,
    },
    "figure": {"report_id": 1, "figure_id": "overall.met", "content": {"count": 3}},
    "report_doubt": {
        "report_id": 1, "doubts": [{"figure": "overall.met", "sentence": "Two differ."}], "reason": "Known, harmless",
        "decided_by": 1, "decided_at": AT,
    },
    "plan_figure": {
        "id": 1, "plan_id": "plan", "outcome_id": "1.1", "as_at": DAY, "kind": "share", "number": 41, "base": 122,
        "source": "Training register", "made_by": 1, "made_at": AT,
    },
    "annotation": {
        "id": 1, "questionnaire": "tiny", "happened_on": DAY, "text": "A campaign", "made_by": 1, "made_at": AT,
    },
    "cycle_survey": {"cycle_id": "tiny-2026", "survey_id": "tiny-2026"},
    "panel_pack": {"response_id": 1, "released_at": AT, "released_by": 1, "shared_at": LATER, "shared_by": 1},
    "second_reading": {
        "response_id": 1, "repeat": "1", "reader_id": 1, "begun_at": AT, "finished_at": AT, "compared_at": AT,
        "note": "Both read it again", "noted_by": 1, "noted_at": AT,
    },
    "survey_link": {"id": 1, "cycle_id": "tiny-2026", "organisation_id": "otters", "token": "t" * 43, "made_on": DAY},
    "survey_ticket": {"hash": HASH, "cycle_id": "tiny-2026", "organisation_id": "otters", "used": False},
    "survey_draft": {"code_hash": HASH, "cycle_id": "tiny-2026", "answers": b"sealed", "touched_on": DAY},
    "survey_reply": {
        "id": "r" * 32, "cycle_id": "tiny-2026", "organisation_id": "otters", "answered_on": DAY,
        "answers": {"": ["~complete"], "t.A.1": ["met"]}, "coded": "00",
    },
    "survey_sealed_reply": {
        "id": "r" * 32, "cycle_id": "tiny-2026", "organisation_id": "otters", "key": "k" * 16, "content": b"sealed",
    },
    "survey_sealed_words": {"cycle_id": "tiny-2026", "key": "k" * 16, "content": b"sealed"},
    "survey_turnout": {"cycle_id": "tiny-2026", "organisation_id": "otters", "replies": 1, "invited": 12},
    "survey_count": {
        "cycle_id": "tiny-2026", "organisation_id": "otters", "item_id": "t.A.1", "option": "met", "n": 1,
    },
    "survey_text": {
        "id": "r" * 32, "cycle_id": "tiny-2026", "item_id": "t.A.1", "text": "Well",
        "reviewed_on": DAY, "reviewer": "Ada", "outcome": "redacted", "reason": "A name", "risk": "",
    },
    "setting": {
        "id": 1, "name": "Otter School", "phase": "primary", "trust": "", "office_email": "office@example.org",
        "facts": {"phase": "primary"}, "organisation_id": "otters", "made_at": AT,
    },
    "setting_member": {
        "id": 1, "setting_id": 1, "email": "dsl@example.org", "name": "Dee", "lead": True, "joined_at": AT,
    },
    "setting_link": {"hash": HASH, "email": "dsl@example.org", "questionnaire": "tiny", "expires_at": LATER},
    "setting_session": {"id": HASH, "email": "dsl@example.org", "started_at": AT, "seen_at": AT},
    "setting_audit": {
        "id": 1, "setting_id": 1, "cycle_id": "tiny-2026", "content_hash": HASH, "facts": {"phase": "primary"},
        "started_at": AT, "started_by": 1, "saved_at": AT,
    },
    "setting_answer": {
        "audit_id": 1, "item_id": "t.A.1", "repeat": "", "state": "answered", "value": '"met"', "version": 1,
        "saved_at": AT, "saved_by": 1,
    },
    "setting_answer_change": {
        "id": 1, "audit_id": 1, "item_id": "t.A.1", "repeat": "", "version": 1, "content": {"value": "met"},
        "made_by": 1, "made_at": AT,
    },
    "setting_note": {
        "audit_id": 1, "kind": "strength", "place": "1", "text": "We listen", "version": 1, "saved_at": AT,
        "saved_by": 1,
    },
    "setting_note_change": {
        "id": 1, "audit_id": 1, "kind": "strength", "place": "1", "version": 1, "content": {"text": "We listen"},
        "made_by": 1, "made_at": AT,
    },
    "setting_share": {
        "id": 1, "setting_id": 1, "audit_id": 1, "trust_email": "", "counts": {"a": {"met": 1}}, "granted_at": AT,
        "granted_by": 1,
    },
    "setting_photo": {
        "id": "p" * 32, "setting_id": 1, "audit_id": 1, "item_id": "t.A.1", "size": 1000, "added_at": AT, "added_by": 1,
    },
    "setting_request": {
        "id": 1, "setting_id": 1, "kind": "lead", "email": "next@example.org", "name": "Nell",
        "asked_by": "dsl@example.org", "asked_at": AT,
    },
    "setting_access": {"id": 1, "setting_id": 1, "at": AT, "who": "root", "why": "The school asked us to"},
    "survey_sector": {"cycle_id": "tiny-2026", "organisation_id": "otters", "sector_id": "police"},
    "survey_waiting": {"cycle_id": "tiny-2026", "item_id": "t.A.1", "since": DAY},
    "mailing": {
        "id": 1, "cycle_id": "tiny-2026", "kind": "contacts", "purpose": "invitation", "areas": ["north"],
        "subject": "A survey", "words": "Dear all", "state": "asked", "round": 1, "made_by": 1, "made_at": AT,
        "asked_at": AT, "counted": {},
    },
    "mail_recipient": {
        "id": 1, "mailing_id": 1, "organisation_id": "otters", "address": "ada@example.org", "batch": 1,
        "state": "sent", "reason": "", "message_id": "<1@example.org>",
    },
    "mail_stop": {"address_hash": HASH, "asked_on": DAY},
    "organisation_contact": {"organisation_id": "otters", "address": "ada@example.org"},
    "answer_import": {
        "id": 1, "cycle_id": "tiny-2026", "file": "answers.csv", "sha256": HASH, "mapping_sha256": HASH,
        "state": "done", "rows": 12, "replies": 12, "by_organisation": {"otters": 12}, "own_words": {},
        "opened": False, "made_by": 1, "made_at": AT, "finished_at": AT,
    },
    "setting_benchmark": {
        "audit_id": 1, "counts": {"a": {"met": 1}}, "joined_at": AT, "joined_by": 1,
        "placed": [{"kind": "primary", "section": "a", "in_place": 1, "applicable": 1}],
    },
    "benchmark_publication": {"cycle_id": "tiny-2026", "published_at": AT, "published_by": 1},
    "benchmark_cohort": {
        "cycle_id": "tiny-2026", "kind": "primary", "section_id": "a", "n": 12, "shows": "quartiles", "q1": 40.5,
        "median": 50.0, "q3": 61.25,
    },
    "theme": {
        "id": 1, "cycle_id": "tiny-2026", "label": "Calling back", "definition": "Whether a referrer hears back",
        "made_at": AT, "made_by": 1,
    },
    "theme_change": {
        "id": 1, "theme_id": 1, "event": "added", "content": {"label": "Calling back"}, "made_at": AT, "made_by": 1,
    },
    "theme_question": {
        "cycle_id": "tiny-2026", "source_id": "tiny-2026", "item_id": "t.A.1", "chosen_at": AT, "chosen_by": 1,
    },
    "theme_coder": {"cycle_id": "tiny-2026", "place": 1, "person_id": 1, "started_at": AT, "done_at": LATER},
    "theme_reading": {
        "cycle_id": "tiny-2026", "place": 1, "text_id": "t" * 32, "themes": [1], "mark": "1", "final": True,
        "read_at": AT,
    },
    "theme_agreed": {
        "cycle_id": "tiny-2026", "text_id": "t" * 32, "themes": [1], "note": "Read again", "agreed_at": AT,
        "agreed_by": 1,
    },
    "practice_card": {
        "id": 1, "cycle_id": "tiny-2026", "organisation_id": "otters", "item_id": "t.A.1", "title": "A call back",
        "state": "agreed", "evidence": 2, "staff": "yes", "checked_at": AT, "consent_by": "Ada", "consent_on": DAY,
        "consent_names": True, "made_at": AT, "made_by": 1, "agreed_at": AT, "agreed_by": 1,
    },
    "trail": {"id": 1, "at": AT, "person_id": 1, "event": "opened", "subject": "cycle:tiny-2026", "content": {}},
}  # fmt: skip


def table(name: str) -> Table:
    return all_models.METADATA.tables[name]


def fill(connection: Connection) -> None:
    """Put one row into every table."""
    for name, row in ROWS.items():
        connection.execute(insert(table(name)).values(**row))
