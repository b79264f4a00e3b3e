"""A self-audit of two versions for the schools of the tiny partnership, and an audit that is theirs but not private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.response.settings import AuditFacts
from audit_engine.services import self_audit, self_audit_people
from audit_engine.services.instance import Instance
from audit_engine.services.save_answers import Draft, Saved
from audit_engine.services.self_audit import OpenAudit
from audit_engine.services.self_audit_people import SettingDraft
from audit_engine.services.self_audit_save import save
from audit_engine.storage import settings
from audit_engine.storage.engine import reading
from tests.services.tiny import CYCLES, FACTS, World, lay

OWN_FACTS = (
    FACTS
    + """
  phase: {type: choice, label: Phase, options: [{id: primary, label: Primary school},
    {id: secondary, label: Secondary school}]}
  sixth_form: {type: yes-no, label: Has students over 16}
"""
)
SCALE = """
scales:
  strength:
    - {id: embedded, label: Embedded strength, points: 3}
    - {id: in-place, label: In place, points: 2}
    - {id: developing, label: Developing, points: 1}
    - {id: not-yet, label: Not yet, points: 0}
    - {id: not-applicable, label: Not applicable, counts_as: not-applicable}
defaults:
  rating: {scale: strength, graded: false, required: false, commentary: {prompt: How we know},
    action: {prompt: What next}}
"""
HEAD = """
title: How we listen {version}
standing: model content
kind: self-audit
respondent: organisation
anonymity: private
introduction: Look at your own school.
reflections: {{strengths: 3, priorities: 3}}
"""
THEN_ASKED = f"""
questionnaire: own
version: "2024"
{HEAD.format(version="2024")}
{SCALE}
sections:
  - id: culture
    title: Culture
    items:
      - {{id: own.A1, type: rating, text: Adults listen}}
      - {{id: own.A2, type: rating, text: Leaders ask}}
  - id: voice
    title: Voice
    items:
      - {{id: own.B1, type: rating, text: Pupils can tell}}
"""
NOW_ASKED = f"""
questionnaire: own
version: "2026"
continues: "2024"
{HEAD.format(version="2026")}
{SCALE}
sections:
  - id: culture
    title: Culture
    items:
      - {{id: own.A1, type: rating, text: Adults listen, lineage: {{relation: same}}}}
      - {{id: own.A2, type: rating, text: Leaders ask at least each term, lineage: {{relation: widened, reason: Term}}}}
      - {{id: own.A3, type: rating, text: Students over sixteen are asked, applies_when: organisation.sixth_form,
          lineage: {{relation: new}}}}
      - {{id: own.A.governors, type: information, text: Questions for governors to ask, tags: [governors-questions],
          guidance: "How do you know?", lineage: {{relation: new}}}}
  - id: voice
    title: Voice
    items:
      - {{id: own.B1, type: rating, text: Pupils can tell us, lineage: {{relation: reworded, reason: Clearer}}}}
"""
MEALS = """
questionnaire: meals
version: "2026"
title: Meals 2026
standing: model content
kind: audit
respondent: organisation
anonymity: confidential
scales:
  habit:
    - {id: every-time, label: Always, points: 3, counts_as: met}
    - {id: not-in-place, label: Not in place, points: 0, counts_as: not-met}
sections:
  - id: table
    title: Table
    items:
      - {id: eat.A1, type: rating, scale: habit, text: Children sit}
"""


def cycle(name: str, questionnaire: str, version: str, opens: str, closes: str) -> str:
    return f"""
cycle: {name}
title: {name.replace("-", " ").capitalize()}
questionnaire: {questionnaire}
version: "{version}"
opens: {opens} 09:00
closes: {closes} 17:00
"""


OWN_CYCLES = {
    "own-2024": cycle("own-2024", "own", "2024", "2024-01-08", "2025-01-31"),
    "own-2026": cycle("own-2026", "own", "2026", "2026-01-12", "2098-01-31"),
    "meals-2026": cycle("meals-2026", "meals", "2026", "2026-01-12", "2098-01-31"),
}
IN_2024 = datetime(2024, 3, 4, 9, tzinfo=UTC)
IN_2026 = datetime(2026, 10, 5, 9, tzinfo=UTC)
LEAD, OFFICE = "dsl@school.example.org", "office@school.example.org"


def lay_own(root: Path) -> Instance:
    """Write the tiny partnership's files and those of the self-audits."""
    questionnaires = {"own/2024": THEN_ASKED, "own/2026": NOW_ASKED, "meals/2026": MEALS}
    instance = lay(root, cycles={**CYCLES, **OWN_CYCLES}, questionnaires=questionnaires)
    (root / "questionnaires/facts.yaml").write_text(OWN_FACTS, encoding="utf-8")
    return instance


@dataclass
class Schools:
    """Schools with their own self-audits, beside the partnership."""

    world: World

    @classmethod
    def in_folder(cls, root: Path, engine: Engine) -> Schools:
        instance = lay_own(root)
        return cls(World(instance, engine, Library(instance.root)).load())

    @property
    def engine(self) -> Engine:
        return self.world.engine

    def open(self, *cycles: str) -> Schools:
        for name in cycles:
            self.world.open(name, IN_2024 if name.endswith("2024") else IN_2026 - timedelta(days=7))
        return self

    def school(
        self, name: str = "Otter School", email: str = LEAD, office: str = OFFICE, phase: str = "primary",
        sixth_form: bool | None = False, trust: str = "",
    ) -> int:  # fmt: skip
        said = SettingDraft(name, phase, office, trust, {"sixth_form": sixth_form})
        return self_audit_people.add_setting(
            self.engine, self.world.library.facts, email, f"Dee of {name}", said, IN_2024
        )

    def lead_of(self, setting: int) -> int:
        with reading(self.engine) as connection:
            return settings.members(connection, setting)[0].id

    def start(self, setting: int, now: datetime = IN_2026, questionnaire: str = "own") -> int:
        return self_audit.start(
            self.engine, self.world.definitions, setting, questionnaire, self.lead_of(setting), now
        )  # fmt: skip

    def facts(self, audit: int) -> AuditFacts:
        with reading(self.engine) as connection:
            found = self_audit.audit_facts(connection, audit)
        assert found is not None
        return found

    def opened(self, audit: int) -> OpenAudit:
        with reading(self.engine) as connection:
            return self_audit.open_audit(connection, self.world.definitions, self.facts(audit))

    def save(self, audit: int, *drafts: Draft, by: int | None = None, now: datetime = IN_2026) -> Saved:
        who = by or self.lead_of(self.facts(audit).setting)
        return save(self.engine, self.world.definitions, audit, drafts, who, now)

    def grade(self, audit: int, now: datetime = IN_2026, **grades: str) -> Saved:
        """Give grades by short id, such as ``A1="embedded"``."""
        whole = self.opened(audit)
        drafts = [Draft(f"own.{k}", whole.answer(f"own.{k}").version, v) for k, v in grades.items()]
        return self.save(audit, *drafts, now=now)
