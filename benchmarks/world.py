"""Make a partnership of any size, with questionnaires of any size, to measure in.

Everything is invented and lives in a temporary folder; the program finds it as
it finds any instance.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from audit_engine.definition.library import Library
from audit_engine.response.answers import Answer, State
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.people import Held
from audit_engine.services.answering import OpenReturn
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.init_instance import init_instance
from audit_engine.services.instance import Instance, find_instance
from audit_engine.services.keep_people import password_hash
from audit_engine.services.run_cycle import open_cycle
from audit_engine.services.save_answers import Draft, save_answers
from audit_engine.services.submit import record_submission
from audit_engine.storage import models, people, returns
from audit_engine.storage.engine import reading, writing
from benchmarks.server import ROOT

PASSWORD = "invented-bench-2026"
BATCH = 200
OPTIONS = ("met", "mostly-met", "partly-met", "not-met", "not-known")
SCALE = """
scales:
  five:
    - {id: met, label: "Met, in a few plain words of its own", points: 4, counts_as: met}
    - {id: mostly-met, label: "Mostly met, in a few plain words of its own", points: 3, counts_as: partly-met}
    - {id: partly-met, label: "Partly met, in a few plain words of its own", points: 2, counts_as: partly-met}
    - {id: not-met, label: "Not met, in a few plain words of its own", points: 1, counts_as: not-met}
    - {id: not-known, label: "Not known, in a few plain words of its own", points: 0, counts_as: not-met}
"""
RULES = """
defaults:
  rating:
    commentary: {required_when: [partly-met, not-met, changed, new], suggested_words: 80}
    evidence: {required_when: [met]}
    action: {required_when: [partly-met, not-met]}
"""
GRADES = """
grades:
  standard:
    - {grade: not-applicable, when: applicable == 0 and unanswered == 0}
    - {grade: not-met, when: 2 * not_met >= applicable + unanswered}
    - {grade: incomplete, when: unanswered > 0}
    - {grade: met, when: met == applicable}
    - {grade: partly-met, when: "true"}
"""
PARTNERSHIP = """
partnership: {id: bench, name: Benchmark partnership, invented: true, contact: nobody@example.org}
areas:
  - {id: north, name: North}
sectors:
  - {id: education, label: Education}
organisations:
"""


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire to be made: how many items each section has; ``rules`` adds commentary, evidence and action."""

    id: str
    sections: tuple[int, ...]
    rules: bool = False
    version: str = "2026"
    continues: str | None = None

    @property
    def cycle(self) -> str:
        """Return the id of its cycle."""
        return f"{self.id}-{self.version}"

    def item_ids(self) -> tuple[str, ...]:
        """Return the ids of all items, in order."""
        return tuple(f"b.S{s}.{n}" for s, size in enumerate(self.sections, 1) for n in range(1, size + 1))

    def text(self) -> str:
        """Return the YAML."""
        head = [f"questionnaire: {self.id}", f'version: "{self.version}"', "title: A made-up audit"]
        head += ["kind: audit", "respondent: organisation", "standing: model content"]
        head += [f'continues: "{self.continues}"'] if self.continues else []
        rules = RULES if self.rules else ""
        return "\n".join((*head, rules, SCALE, GRADES, "sections:", *self._sections()))

    def _sections(self) -> Iterable[str]:
        lineage = ", lineage: {relation: same}" if self.continues else ""
        for section, size in enumerate(self.sections, 1):
            yield f"  - id: section-{section}\n    title: Standard {section}\n    items:"
            for n in range(1, size + 1):
                text = f"Criterion {section}.{n}: staff know what to do, do it in time, and can show that it was done"
                yield f'      - {{id: b.S{section}.{n}, type: rating, scale: five, text: "{text}"{lineage}}}'


@dataclass(frozen=True)
class World:
    """A partnership that is ready: its cycles are open and each organisation has a lead."""

    root: Path
    organisations: tuple[str, ...]

    @cached_property
    def instance(self) -> Instance:
        """Return the instance."""
        return find_instance(self.root, "bench")

    @cached_property
    def engine(self) -> Engine:
        """Return this process's engine."""
        return self.instance.open_database({})

    @cached_property
    def definitions(self) -> Definitions:
        """Return this process's definitions."""
        return Definitions(Library(self.root))

    @property
    def environment(self) -> dict[str, str]:
        """Return what tells a program to use this instance."""
        return {"AUDIT_ROOT": str(self.root), "AUDIT_INSTANCE": "bench", "DATABASE_URL": ""}

    def returns(self, form: Form) -> tuple[ReturnFacts, ...]:
        """Return every organisation's return of a form's cycle, in the order of ``organisations``."""
        with reading(self.engine) as connection:
            found = {r.organisation: r for r in returns.returns_of_cycle(connection, form.cycle)}
        return tuple(found[o] for o in self.organisations)

    def fill(self, form: Form, facts: ReturnFacts, shift: int = 0) -> None:
        """Answer every item of one return, through the service that pages use."""
        drafts = [Draft(item, 0, OPTIONS[(n + shift) % 5]) for n, item in enumerate(form.item_ids())]
        save_answers(self.engine, self.definitions, facts.id, drafts, 1, datetime.now(UTC))

    def submit_all(self, form: Form) -> None:
        """Store a complete, submitted return for every organisation, in bulk; the answers have no history."""
        found = self.returns(form)
        for start in range(0, len(found), BATCH):
            with writing(self.engine) as connection:
                for place, facts in enumerate(found[start : start + BATCH], start):
                    self._submit(connection, form, facts, place)

    def _submit(self, connection: Connection, form: Form, facts: ReturnFacts, place: int) -> None:
        now = datetime.now(UTC)
        answers = [
            Answer(item, State.ANSWERED, OPTIONS[(n * 7 + place) % 5], version=1, saved_at=now)
            for n, item in enumerate(form.item_ids())
        ]
        rows = [
            {"response_id": facts.id, "item_id": a.item, "state": a.state.value, "value": json.dumps(a.value),
             "commentary": "", "evidence": "", "reason": "", "version": 1, "saved_at": now}
            for a in answers
        ]  # fmt: skip
        connection.execute(insert(models.answer), rows)
        questionnaire = self.definitions.of(connection, facts.content_hash)
        opened = OpenReturn(replace(facts, state="started"), questionnaire, {a.key: a for a in answers}, {}, "")
        record_submission(connection, opened, "An invented lead", "Chief officer (invented)", None, now)


BUSINESS_TEAM = "business-team@bench.example.org"


def lead(organisation: str) -> str:
    """Return the address with which an organisation's lead signs in."""
    return f"lead-of-{organisation}@bench.example.org"


def build(root: Path, forms: Sequence[Form], organisations: int) -> World:
    """Write the files, load them, open a cycle for each form (in the order given) and add the leads."""
    ids = tuple(f"organisation-{n:05}" for n in range(organisations))
    _write_files(root, forms, ids)
    world = World(root, ids)
    now = datetime.now(UTC)
    init_instance(world.engine, world.definitions.library, world.instance, now)
    _add_people(world, now)
    for form in forms:
        open_cycle(world.engine, world.definitions.library, form.cycle, None, now)
    return world


def _write_files(root: Path, forms: Sequence[Form], organisations: Sequence[str]) -> None:
    folder = root / "instances" / "bench"
    (folder / "cycles").mkdir(parents=True)
    (root / "questionnaires").mkdir()
    shutil.copy(ROOT / "questionnaires" / "facts.yaml", root / "questionnaires" / "facts.yaml")
    rows = "\n".join(f"  - {{id: {o}, name: {o}, sector: education, areas: [north]}}" for o in organisations)
    (folder / "partnership.yaml").write_text(PARTNERSHIP + rows + "\n", encoding="utf-8")
    baselines: dict[tuple[str, str], str] = {}
    opens = datetime.now(LOCAL) - timedelta(days=20)
    for number, form in enumerate(forms):
        (root / "questionnaires" / form.id).mkdir(exist_ok=True)
        (root / "questionnaires" / form.id / f"{form.version}.yaml").write_text(form.text(), encoding="utf-8")
        lines = [f"cycle: {form.cycle}", f"title: {form.cycle}", f"questionnaire: {form.id}"]
        lines += [f'version: "{form.version}"', f"opens: {opens + timedelta(days=number):%Y-%m-%d 09:00}"]
        lines += [f"closes: {opens + timedelta(days=90):%Y-%m-%d 17:00}", "organisations: all"]
        if form.continues:
            lines.append(f"baseline: {baselines[form.id, form.continues]}")
        baselines[form.id, form.version] = form.cycle
        (folder / "cycles" / f"{form.cycle}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _add_people(world: World, now: datetime) -> None:
    hashed = password_hash(PASSWORD)
    with writing(world.engine) as connection:
        for organisation in world.organisations:
            held = [Held("organisation-lead", organisation)]
            address = lead(organisation)
            people.add_person(connection, address, "An invented lead", hashed, f"bench-{organisation}", held, now)
        team = [Held("business-team")]
        people.add_person(connection, BUSINESS_TEAM, "An invented officer", hashed, "bench-business-team", team, now)
