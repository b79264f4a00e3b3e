"""A small survey of people in the tiny partnership: every kind of question once, and hands to answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from audit_engine.analysis.survey import SurveyResults
from audit_engine.definition.library import Library
from audit_engine.services import run_cycle, run_survey, take_survey
from audit_engine.services.survey_batches import Origin, facts_for, take_in
from audit_engine.services.survey_results import survey_results
from audit_engine.services.take_survey import HandedIn
from audit_engine.services.waiting_replies import seals_of, words_waiting
from audit_engine.storage import anonymous_sealed, partnership
from audit_engine.storage.anonymous import Reply
from audit_engine.storage.anonymous_sealed import SealedReply
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import PARTNERSHIP, World, lay

PULSE = """
questionnaire: pulse
version: "1"
title: Pulse
standing: model content
kind: survey
respondent: person
defaults:
  knowledge: {required: false}
  long-text: {required: false}
sections:
  - id: all
    title: All
    items:
      - {id: p.1, type: single-choice, text: What is your role?, required: false, profile: true, breakdown: true,
         options: [{id: front, label: Front line}, {id: manager, label: Manager}]}
      - {id: p.2, type: single-choice, text: Do you know who leads?,
         options: [{id: "yes", label: "Yes", favourable: true}, {id: "no", label: "No"},
                   {id: unsure, label: Not sure, dont_know: true}]}
      - {id: p.3, type: multiple-choice, text: Who told you?, required: false, enable_when: p.2 == "yes", other: true,
         options: [{id: manager, label: My manager}, {id: poster, label: A poster}, {id: other, label: Other}]}
      - {id: p.4, type: single-choice, text: Has it happened to you?, required: false, sensitive: true,
         options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"},
                   {id: prefer-not, label: Prefer not to say, prefer_not: true}]}
      - {id: p.5, type: knowledge, text: Consent is always needed, key: [
          {answer: "true", to: 2026-09-30, ref: Old, as_at: 2026-09-01},
          {answer: "false", from: 2026-10-01, ref: New, as_at: 2026-09-01}]}
      - {id: p.6, type: grid, text: How sure are you with, required: false, rows: [{id: peer, label: a colleague},
          {id: boss, label: your manager}], options: [{id: low, label: Low}, {id: high, label: High, favourable: true}]}
      - {id: p.7, type: long-text, text: One thing to change}
      - {id: p.8, type: single-choice, text: I record what children say, required: false,
         options: [{id: always, label: Always, favourable: true}, {id: never, label: Never},
                   {id: not-mine, label: Not my work, counts_as: not-applicable}]}
      - {id: p.9, type: single-choice, text: Do you see children?, required: false,
         applies_when: organisation.direct_work,
         options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
      - {id: p.10, type: number, text: How many days did it take?, required: false, maximum: 90}
"""

CYCLES = {
    "pulse": """
cycle: pulse
title: Pulse 2026
questionnaire: pulse
version: "1"
opens: 2026-09-14 09:00
closes: 2026-10-30 17:00
organisations: [otters, badgers, joint, office]
""",
    "pulse-open": """
cycle: pulse-open
title: Pulse for everybody
questionnaire: pulse
version: "1"
opens: 2026-09-14 09:00
closes: 2026-10-30 17:00
organisations: []
""",
}
OPENED = datetime(2026, 9, 14, 8, tzinfo=UTC)
CLOSED = datetime(2026, 10, 31, 9, tzinfo=UTC)
BEFORE_TURN, AFTER_TURN = date(2026, 9, 20), date(2026, 10, 3)
YES: Mapping[str, Any] = {"p.2": "yes"}


def lay_pulse(root: Path, engine: Engine, partnership_text: str = PARTNERSHIP) -> Pulse:
    """Lay out the partnership and the survey, and load them."""
    instance = lay(root, cycles=CYCLES, questionnaires={"pulse/1": PULSE}, partnership=partnership_text)
    world = World(instance, engine, Library(root)).load()
    return Pulse(world)


@dataclass
class Pulse:
    """The survey in its world."""

    world: World
    cycle: str = "pulse"

    @property
    def engine(self) -> Engine:
        return self.world.engine

    def open(self, cycle: str = "pulse") -> Pulse:
        self.cycle = cycle
        self.world.open(cycle, OPENED)
        return self

    def close(self) -> Pulse:
        run_cycle.close_cycle(self.engine, self.cycle, None, CLOSED)
        return self

    def token(self, organisation: str = "otters") -> str:
        with reading(self.engine) as connection:
            links = run_survey.links_of(connection, self.cycle)
        return next(link.path.rsplit("/", 1)[1] for link in links if link.organisation == organisation)

    def reply(
        self, answers: Mapping[str, Any], organisation: str = "otters", today: date = BEFORE_TURN, token: str = ""
    ) -> HandedIn:
        """Answer and hand in, as the pages do."""
        token = token or self.token(organisation)
        code = take_survey.begin(self.engine, token, today)
        kept = take_survey.keep_draft(self.engine, self.world.definitions, code, answers, today)
        assert kept.problems == ()
        return take_survey.hand_in(self.engine, self.world.definitions, token, code, today)

    def replies(
        self, answers: Sequence[Mapping[str, Any]], organisation: str = "otters", today: date = BEFORE_TURN
    ) -> Pulse:
        """Take in many replies at once, as an import does; values, not what a form gives."""
        with writing(self.engine) as connection:
            pinned = self.world.definitions.opened(connection, self.cycle).questionnaire
            found = partnership.organisation_of(connection, organisation) if organisation else None
            origin = Origin(pinned, self.cycle, OPENED.date(), organisation, facts_for(found))
            take_in(connection, origin, answers, today)
        return self

    def results(self, **wanted: Any) -> SurveyResults:
        with reading(self.engine) as connection:
            cycle = run_cycle.cycle_named(connection, self.cycle)
            return survey_results(connection, self.world.definitions, cycle, **wanted)

    def waiting(self) -> list[Reply]:
        """Return the replies that wait sealed, opened."""
        with reading(self.engine) as connection:
            seal = seals_of(connection, self.cycle)[0]
            rows = connection.execute(anonymous_sealed.reply.select()).all()
        return [seal.opened(SealedReply(r.organisation_id, r.key, r.content)) for r in rows]

    def words_waiting(self) -> Mapping[str, int]:
        """Return, by question, how many texts wait sealed."""
        with reading(self.engine) as connection:
            return words_waiting(connection, self.cycle)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return every row of a table, in the order in which the database gives them."""
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]


def of(results: SurveyResults, question: str) -> Any:
    """Return one question's result."""
    return next(q for q in results.questions if q.question.id == question)


def shown(results: SurveyResults, question: str) -> dict[str, Any]:
    """Return one question's counts, symbols in place of those that are hidden."""
    released = of(results, question).released
    return {f.id: f.number if f.count is None else f.count for f in (*released.cells, *released.outside)}
