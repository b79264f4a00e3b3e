"""Fill the demo with invented figures of its strategic plan, and with what was done between waves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Engine

from audit_engine.services.clock import LOCAL
from audit_engine.services.instance import Instance
from audit_engine.services.keep_plan import FigureDraft, add_event, keep_figure
from audit_engine.services.read_plan import read_plan

REGISTER, REVIEWS = "Invented training register", "Invented list of rapid reviews"
# Outcome, day, kind, number, percentage, base, source.
FIGURES: tuple[tuple[str, date, str, str, str, str, str], ...] = (
    ("abuse-2", date(2025, 3, 31), "share", "9", "", "14", REVIEWS),
    ("abuse-2", date(2026, 3, 31), "share", "6", "", "13", REVIEWS),
    ("abuse-3", date(2026, 9, 30), "count", "812", "", "", REGISTER),
    ("abuse-4", date(2026, 9, 30), "share", "11", "", "16", "Invented action plan, read at the meeting of October"),
    ("abuse-5", date(2026, 9, 30), "share", "3", "", "3", "Invented terms of reference"),
    ("neglect-2", date(2026, 6, 30), "sample", "", "65.0", "40", "Invented dip sample of requests for support"),
    ("neglect-3", date(2025, 3, 31), "share", "212", "", "1390", "Invented count of the front door"),
    ("neglect-3", date(2026, 3, 31), "share", "231", "", "1412", "Invented count of the front door"),
    ("exploitation-2", date(2025, 9, 30), "count", "64", "", "", "Invented count of the police"),
    ("partnership-3", date(2025, 9, 30), "count", "18", "", "", "Invented minutes of the education group"),
    ("partnership-3", date(2026, 9, 30), "count", "27", "", "", "Invented minutes of the education group"),
    ("partnership-4", date(2026, 9, 30), "count", "143", "", "", REGISTER),
)
EVENTS: tuple[tuple[str, date, str], ...] = (
    ("escalation-awareness", date(2021, 11, 8), "The policy got a new name (invented)"),
    ("escalation-awareness", date(2022, 9, 5), "Posters on how to challenge went to every agency (invented)"),
    ("section-11-staff", date(2023, 5, 15), "Campaign: notice neglect early (invented)"),
    ("section-11-staff", date(2025, 3, 3), "New induction for all agencies (invented)"),
)


def fill_plan(engine: Engine, instance: Instance, now: datetime) -> None:
    """Store the invented figures whose day has come, and the invented events."""
    plan, today = read_plan(instance), now.astimezone(LOCAL).date()
    known = {outcome.id for outcome in plan.outcomes} if plan else set()
    for outcome, as_at, kind, number, percentage, base, source in FIGURES:
        if plan is not None and outcome in known and as_at <= today:
            draft = FigureDraft(as_at, kind, number, percentage, base, source)
            keep_figure(engine, plan.id, outcome, draft, None, now, today)
    for questionnaire, day, text in EVENTS:
        if day <= today:
            add_event(engine, questionnaire, day, text, None, now, today)
