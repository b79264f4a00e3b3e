"""A partnership of five invented organisations and an audit of three versions, laid out in a folder of a test's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, Table, func, select

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Item
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.people import Held
from audit_engine.services import run_cycle, submit
from audit_engine.services.answering import OpenReturn, open_return
from audit_engine.services.definitions import Definitions
from audit_engine.services.init_instance import init_instance
from audit_engine.services.instance import Instance
from audit_engine.services.save_answers import Draft, Saved, save_answers
from audit_engine.storage import all_models, people, returns
from audit_engine.storage.engine import reading, writing

FACTS = """
facts:
  sector: {type: choice, label: Kind of organisation,
    options: [{id: police, label: Police}, {id: education, label: Schools}]}
  areas: {type: choices, label: Areas where you work}
  direct_work: {type: yes-no, label: Works directly with children}
  in_plan: {type: yes-no, label: Counted in the plan}
"""

SCALE = """
scales:
  met:
    - {id: met, label: Met, counts_as: met, points: 2}
    - {id: partly-met, label: Partially met, counts_as: partly-met, points: 1}
    - {id: not-met, label: Not met, counts_as: not-met, points: 0}
    - {id: not-applicable, label: Not applicable, counts_as: not-applicable, needs: reason}
defaults:
  rating:
    scale: met
    commentary: {required_when: [partly-met, not-met, changed, new, critical]}
    evidence: {required_when: [met]}
    action: {required_when: [partly-met, not-met]}
"""

THEN = f"""
questionnaire: tiny
version: "2024"
title: Tiny audit 2024
standing: model content
kind: audit
respondent: organisation
{SCALE}
sections:
  - id: leading
    title: Leading
    items:
      - {{id: t.A.1, type: rating, text: Somebody leads}}
      - {{id: t.A.2, type: rating, text: The board asks, critical: true}}
      - {{id: t.A.3, type: rating, text: Plans are written}}
      - {{id: t.A.4, type: rating, text: Plans are read}}
  - id: working
    title: Working
    items:
      - {{id: t.B.1, type: rating, text: Forms are filled in}}
      - {{id: t.B.2, type: rating, text: Staff share what they know, tags: [sharing]}}
"""

NOW_ASKED = f"""
questionnaire: tiny
version: "2026"
title: Tiny audit 2026
standing: model content
kind: audit
respondent: organisation
continues: "2024"
declaration: I am the senior person. This return is accurate.
{SCALE}
sections:
  - id: leading
    title: Leading
    items:
      - {{id: t.A.1, type: rating, text: Somebody leads, tags: [sharing], lineage: {{relation: same}}}}
      - {{id: t.A.2, type: rating, text: The board asks, critical: true, lineage: {{relation: same}}}}
      - {{id: t.A.5, type: rating, text: Plans are written and read,
          lineage: {{relation: merged, from: [t.A.3, t.A.4]}}}}
  - id: working
    title: Working
    items:
      - {{id: t.B.2, type: rating, text: Staff share and record, tags: [sharing],
          lineage: {{relation: widened, reason: Recording is new}}}}
      - {{id: t.B.3, type: rating, text: Children are heard, applies_when: organisation.direct_work,
          lineage: {{relation: new}}}}
      - {{id: t.B.4, type: yes-no-unsure, text: Do you employ drivers, lineage: {{relation: new}}}}
      - {{id: t.B.5, type: rating, text: Drivers are checked, enable_when: 't.B.4 == "yes"',
          lineage: {{relation: new}}}}
retired:
  - {{id: t.B.1, relation: dropped, reason: Forms are gone}}
measures:
  - {{id: sharing, title: Criteria on sharing met, tags: [sharing], baseline: "2024", direction: increase,
     population: organisation.in_plan, source: The plan}}
"""

PARTNERSHIP = """
partnership: {id: tiny, name: Tiny Partnership, invented: true, contact: "Business team, team@tiny.example.org"}
areas:
  - {id: north, name: Northshire, text: {lado: north LADO}}
  - {id: south, name: Southport}
sectors:
  - {id: police, label: Police}
  - {id: education, label: Schools}
organisations:
  - {id: otters, name: Otter School, sector: education, areas: [north], facts: {direct_work: yes, in_plan: yes}}
  - {id: badgers, name: Badger School, sector: education, areas: [south], facts: {direct_work: yes, in_plan: no}}
  - {id: joint, name: Joint Police, sector: police, areas: [north, south], facts: {direct_work: yes, in_plan: yes}}
  - {id: office, name: The Office, sector: police, areas: [north], facts: {direct_work: no, in_plan: yes}}
  - {id: closed, name: Closed School, sector: education, areas: [north], closed: 2025-01-01, facts: {direct_work: yes}}
"""

CYCLES = {
    "tiny-2024": """
cycle: tiny-2024
title: Tiny 2024
questionnaire: tiny
version: "2024"
opens: 2024-03-04 09:00
closes: 2024-05-31 17:00
organisations: [otters, badgers, joint, office]
""",
    "tiny-2026": """
cycle: tiny-2026
title: Tiny 2026
questionnaire: tiny
version: "2026"
opens: 2026-09-14 09:00
closes: 2098-12-19 17:00
baseline: tiny-2024
""",
}

THEN_OPENED = datetime(2024, 3, 4, 9, tzinfo=UTC)
THEN_DURING = datetime(2024, 4, 2, 12, tzinfo=UTC)
OPENED = datetime(2026, 9, 14, 8, tzinfo=UTC)
DURING = datetime(2026, 10, 5, 12, tzinfo=UTC)
CLOSES = datetime(2098, 12, 19, 17, tzinfo=UTC)
LATER = datetime(2099, 1, 1, tzinfo=UTC)
DEMO_DAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
PASSWORD = "correct horse battery"
NOTHING: Mapping[str, str] = {}


def lay(
    root: Path,
    *,
    partnership: str = PARTNERSHIP,
    cycles: Mapping[str, str] = CYCLES,
    questionnaires: Mapping[str, str] = NOTHING,
) -> Instance:
    """Write the files of an instance below ``root``; ``questionnaires`` is text by ``folder/version``."""
    texts = {"tiny/2024": THEN, "tiny/2026": NOW_ASKED, **questionnaires}
    files = {"questionnaires/facts.yaml": FACTS, "instances/tiny/partnership.yaml": partnership}
    files |= {f"questionnaires/{name}.yaml": text for name, text in texts.items()}
    files |= {f"instances/tiny/cycles/{name}.yaml": text for name, text in cycles.items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Instance(root, "tiny", "Tiny Partnership", True, "team@tiny.example.org")


@dataclass
class World:
    """The partnership with its database; every act takes its own moment."""

    instance: Instance
    engine: Engine
    library: Library

    @cached_property
    def definitions(self) -> Definitions:
        return Definitions(self.library)

    @cached_property
    def somebody(self) -> int:
        """A person without a role, to be the author of what tests save."""
        return self.person("somebody@example.org")

    def person(self, email: str, *held: Held, password: str | None = None) -> int:
        with writing(self.engine) as connection:
            return people.add_person(connection, email, email.split("@")[0].title(), password, email, held, OPENED)

    def load(self) -> World:
        init_instance(self.engine, self.library, self.instance, OPENED)
        return self

    def open(self, cycle: str = "tiny-2026", now: datetime = OPENED) -> World:
        run_cycle.open_cycle(self.engine, self.library, cycle, None, now)
        return self

    def return_of(self, organisation: str = "otters", cycle: str = "tiny-2026") -> ReturnFacts:
        with reading(self.engine) as connection:
            found = returns.return_in_cycle(connection, cycle, organisation)
        assert found is not None, f"{organisation} takes no part in {cycle}"
        return found

    def opened(self, organisation: str = "otters", cycle: str = "tiny-2026") -> OpenReturn:
        facts = self.return_of(organisation, cycle)
        with reading(self.engine) as connection:
            return open_return(connection, self.definitions, facts)

    def save(
        self,
        *drafts: Draft,
        organisation: str = "otters",
        cycle: str = "tiny-2026",
        now: datetime = DURING,
        by: int | None = None,
    ) -> Saved:
        number = self.return_of(organisation, cycle).id
        return save_answers(self.engine, self.definitions, number, drafts, by or self.somebody, now)

    def answer(
        self,
        organisation: str,
        cycle: str,
        ratings: Mapping[str, str],
        rest: str = "met",
        now: datetime | None = None,
        gate: str = "no",
    ) -> None:
        """Answer everything that is asked, completely: ``ratings`` by item id, the others ``rest``."""
        moment = now or (THEN_DURING if cycle == "tiny-2024" else DURING)
        for _ in range(2):  # the second time for what an answer of the first made asked
            whole = self.opened(organisation, cycle)
            asked = [whole.questionnaire.items_by_id[i] for i in whole.asked_ids]
            drafts = [complete(i, ratings.get(i.id, rest if i.is_criterion else gate)) for i in asked]
            drafts = [replace(d, version=whole.answer(d.item).version) for d in drafts]
            self.save(*drafts, organisation=organisation, cycle=cycle, now=moment)

    def submit(
        self, organisation: str = "otters", cycle: str = "tiny-2026", now: datetime | None = None, by: int | None = None
    ) -> submit.Receipt:
        moment = now or (THEN_DURING if cycle == "tiny-2024" else DURING)
        number = self.return_of(organisation, cycle).id
        return submit.submit(self.engine, self.definitions, number, "Ada", "Head", by or self.somebody, moment)

    def returned(self, organisation: str, cycle: str, ratings: Mapping[str, str] = NOTHING, rest: str = "met") -> None:
        """Answer completely and submit."""
        self.answer(organisation, cycle, ratings, rest)
        self.submit(organisation, cycle)

    def panel(self, organisation: str, cycle: str, item: str, value: str, area: str = "") -> None:
        """Write down the panel's rating of a criterion."""
        row = {
            "response_id": self.return_of(organisation, cycle).id, "item_id": item, "repeat": "", "area": area,
            "kind": "panel", "rater": "", "value": value, "reason": "The panel saw the file",
            "chosen_at_random": False, "rated_at": DURING,
        }  # fmt: skip
        with writing(self.engine) as connection:
            returns.add_ratings(connection, [row])

    def count(self, table: Table, **column: object) -> int:
        """Return how many rows a table has, or those with these values."""
        query = select(func.count()).select_from(table)
        for name, value in column.items():
            query = query.where(table.c[name] == value)
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())

    def counts(self) -> dict[str, int]:
        """Return how many rows every table has."""
        with reading(self.engine) as connection:
            return {
                name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for name, table in all_models.METADATA.tables.items()
            }


def complete(item: Item, value: str) -> Draft:
    """Return a draft that answers an item and leaves no gap."""
    if not item.is_criterion:
        return Draft(item.id, 0, value)
    if item.counts_as(value) == "not-applicable":
        return Draft(item.id, 0, value, reason="We have none")
    acts = {"action_what": "Write it", "action_who": "Sam", "action_by": date(2027, 3, 31), "action_how_known": "Ask"}
    wanted = acts if value != "met" else {}
    return Draft(item.id, 0, value, commentary=f"About {item.short_id}", evidence="A file", **wanted)  # type: ignore[arg-type]


def many_items(questionnaire: str, count: int, sections: int = 1) -> str:
    """Return a questionnaire of that many rated items."""
    lines = [
        f"questionnaire: {questionnaire}", 'version: "1"', f"title: Audit of {count}", "standing: model content",
        "kind: audit", "respondent: organisation", SCALE, "sections:",
    ]  # fmt: skip
    for section in range(sections):
        lines += [f"  - id: s{section}", f"    title: Standard {section}", "    items:"]
        numbers: Iterable[int] = range(section * count // sections, (section + 1) * count // sections)
        lines += [f"      - {{id: m.I.{n}, type: rating, text: Criterion {n}}}" for n in numbers]
    return "\n".join(lines) + "\n"
