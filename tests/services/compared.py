"""Schools with a self-audit of six statements, so that they can be compared."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import benchmarks, publish_benchmarks
from audit_engine.services.benchmarks import Standing
from audit_engine.services.run_cycle import close_cycle
from audit_engine.services.save_answers import Draft
from audit_engine.storage.engine import reading
from tests.services.own import HEAD, IN_2026, SCALE, Schools, cycle, lay_own
from tests.services.tiny import World

STATEMENTS = 6
ITEMS = "\n".join(f"      - {{id: six.{n}, type: rating, text: Adults listen {n}}}" for n in range(STATEMENTS))
ASKED = f"""
questionnaire: six
version: "2026"
{HEAD.format(version="2026")}
{SCALE}
sections:
  - id: culture
    title: Culture
    items:
{ITEMS}
"""
AFTER = IN_2026.replace(year=2098, month=3)


class Compared(Schools):
    """Schools in a round of which they may be compared."""

    @classmethod
    def in_folder(cls, root: Path, engine: Engine) -> Compared:
        instance = lay_own(root)
        (root / "questionnaires/six").mkdir()
        (root / "questionnaires/six/2026.yaml").write_text(ASKED, encoding="utf-8")
        text = cycle("six-2026", "six", "2026", "2026-01-12", "2098-01-31")
        (root / "instances/tiny/cycles/six-2026.yaml").write_text(text, encoding="utf-8")
        found = cls(World(instance, engine, Library(instance.root)).load())
        found.open("six-2026")
        return found

    def answered(self, number: int, in_place: int, *, phase: str = "primary", trust: str = "") -> int:
        """Let a school grade so many of its statements as in place, the others not yet; return its audit."""
        name = f"School {number}"
        setting = self.school(name, f"dsl{number}@x.example.org", f"office{number}@x.example.org", phase, trust=trust)
        audit = self.start(setting, questionnaire="six")
        self.regrade(audit, in_place)
        return audit

    def regrade(self, audit: int, in_place: int) -> None:
        grades = {f"six.{n}": "in-place" if n < in_place else "not-yet" for n in range(STATEMENTS)}
        whole = self.opened(audit)
        self.save(audit, *(Draft(k, whole.answer(k).version, v) for k, v in grades.items()))

    def take_part(self, *audits: int) -> None:
        for audit in audits:
            benchmarks.take_part(self.engine, self.opened(audit), self.lead_of(self.facts(audit).setting), IN_2026)

    def cohort(self, values: range, **more: str) -> list[int]:
        """Let a school for each value take part; return their audits."""
        audits = [self.answered(100 * len(more) + n, value % 7, **more) for n, value in enumerate(values)]
        self.take_part(*audits)
        return audits

    def close(self) -> None:
        close_cycle(self.engine, "six-2026", None, AFTER)

    def publish(self) -> None:
        publish_benchmarks.publish(self.engine, self.world.definitions, "six-2026", None, AFTER)

    def standing(self, audit: int) -> Standing:
        with reading(self.engine) as connection:
            return benchmarks.standing_of(connection, self.world.definitions, self.opened(audit))
