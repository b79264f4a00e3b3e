"""Make an audit with a staff survey beside it: organisations, mapped criteria and replies as many as wanted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from audit_engine.services.clock import LOCAL
from audit_engine.services.run_cycle import close_cycle
from audit_engine.services.survey_batches import Origin, take_in
from audit_engine.storage import beside
from audit_engine.storage.engine import writing
from benchmarks.world import SCALE, Form, World, build

ANSWERS = ("yes", "no", "unsure")


@dataclass(frozen=True, slots=True)
class Audit(Form):
    """An audit whose every criterion leans on a question of the staff survey."""

    def text(self) -> str:
        """Return the YAML."""
        head = [f"questionnaire: {self.id}", f'version: "{self.version}"', "title: A made-up audit", "kind: audit"]
        head += ["respondent: organisation", "standing: model content", SCALE, "sections:", "  - id: section-1"]
        view = 'staff_view: [{{survey: staff, item: q.{n}, consistent: ["yes"]}}]'
        items = [
            f"      - {{id: {item}, type: rating, scale: five, text: Criterion {n}, " + view.format(n=n) + "}"
            for n, item in enumerate(self.item_ids(), 1)
        ]
        return "\n".join((*head, "    title: Standard", "    items:", *items))


@dataclass(frozen=True, slots=True)
class Staff(Form):
    """A survey with a question for each criterion."""

    def text(self) -> str:
        """Return the YAML."""
        options = ", ".join(f'{{id: "{a}", label: "{a.title()}"}}' for a in ANSWERS)
        head = [f"questionnaire: {self.id}", f'version: "{self.version}"', "title: A made-up survey", "kind: survey"]
        head += ["respondent: person", "standing: model content", "sections:", "  - id: all", "    title: All"]
        items = [
            f"      - {{id: q.{n}, type: single-choice, text: Question {n}, required: false, options: [{options}]}}"
            for n in range(1, self.sections[0] + 1)
        ]
        return "\n".join((*head, "    items:", *items))


@dataclass(frozen=True, slots=True)
class Ready:
    """An audit that everybody returned, and its survey, closed."""

    world: World
    audit: str


@contextmanager
def ready(organisations: int, criteria: int, replies: int) -> Iterator[Ready]:
    """Give such an audit, with the replies shared out evenly."""
    audit, staff = Audit("audit", (criteria,)), Staff("staff", (criteria,))
    with TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", (audit, staff), organisations)
        world.submit_all(audit)
        _reply(world, staff, replies // organisations)
        close_cycle(world.engine, staff.cycle, None, datetime.now(UTC))
        with writing(world.engine) as connection:
            beside.keep_surveys(connection, audit.cycle, (staff.cycle,))
        yield Ready(world, audit.cycle)
        world.engine.dispose()


def _reply(world: World, staff: Staff, each: int) -> None:
    """Take in invented replies through the service that hands replies in; staff see more in some organisations."""
    today = datetime.now(LOCAL).date()
    questions = [f"q.{n}" for n in range(1, staff.sections[0] + 1)]
    for number, organisation in enumerate(world.organisations):
        rng, weights = random.Random(number), (40 + number % 5 * 12, 25, 10)
        replies = (
            dict(zip(questions, rng.choices(ANSWERS, weights, k=len(questions)), strict=True)) for _ in range(each)
        )
        with writing(world.engine) as connection:
            form = world.definitions.opened(connection, staff.cycle).questionnaire
            take_in(connection, Origin(form, staff.cycle, today, organisation), replies, today)
