"""Make a survey of people with as many replies as wanted, and the floors that its results are held against."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.run_cycle import close_cycle, cycle_named
from audit_engine.services.survey_batches import Origin, take_in
from audit_engine.storage.engine import reading, sqlite_module, writing
from benchmarks.world import Form, World, build

QUESTIONS, ORGANISATIONS, WIDE_COLUMNS = 20, 30, 24
ANSWERS = "abcde"
SPLIT = "b.1"


@dataclass(frozen=True, slots=True)
class Survey(Form):
    """A survey of twenty single choices of five, by the first of which results may be broken down."""

    def text(self) -> str:
        """Return the YAML."""
        options = ", ".join(f"{{id: {a}, label: Answer {a}, favourable: {str(a == 'a').lower()}}}" for a in ANSWERS)
        items = [
            f"      - {{id: b.{n}, type: single-choice, text: Question {n}, required: false, options: [{options}]"
            + (", profile: true, breakdown: true}" if n == 1 else "}")
            for n in range(1, QUESTIONS + 1)
        ]
        head = [f"questionnaire: {self.id}", f'version: "{self.version}"', "title: A made-up survey", "kind: survey"]
        head += ["respondent: person", "standing: model content", "sections:", "  - id: all", "    title: All"]
        return "\n".join((*head, "    items:", *items))


@dataclass(frozen=True, slots=True)
class Answered:
    """A survey that has closed, with all its replies."""

    world: World
    cycle: CycleFacts
    replies: int


@contextmanager
def answered(replies: int) -> Iterator[Answered]:
    """Give a survey with so many replies, shared out among organisations."""
    form = Survey("survey", (QUESTIONS,))
    with TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", (form,), ORGANISATIONS)
        fill(world, form.cycle, replies)
        close_cycle(world.engine, form.cycle, None, datetime.now(UTC))
        with reading(world.engine) as connection:
            yield Answered(world, cycle_named(connection, form.cycle), replies)


def fill(world: World, cycle: str, replies: int) -> None:
    """Take in invented replies through the service that hands replies in."""
    today = datetime.now(LOCAL).date()
    share = replies // ORGANISATIONS
    for number, organisation in enumerate(world.organisations):
        last = replies - share * (ORGANISATIONS - 1)
        some = share if number < ORGANISATIONS - 1 else last
        with writing(world.engine) as connection:
            questionnaire = world.definitions.opened(connection, cycle).questionnaire
            origin = Origin(questionnaire, cycle, today, organisation)
            take_in(connection, origin, invented(number, some), today)


def invented(seed: int, count: int) -> Iterator[dict[str, object]]:
    """Yield replies, the same at every run."""
    rng = random.Random(seed)
    items = [f"b.{n}" for n in range(1, QUESTIONS + 1)]
    for _ in range(count):
        yield dict(zip(items, rng.choices(ANSWERS, k=QUESTIONS), strict=True))


def long_table(folder: Path, replies: int) -> Any:
    """Return a SQLite connection to the same answers, a row each, with the index that counting wants."""
    connection = _opened(folder / "long.sqlite3")
    connection.execute("CREATE TABLE answer (reply INTEGER, item INTEGER, value INTEGER, PRIMARY KEY (reply, item))")
    rng = random.Random(1)
    rows = ((r, q, v) for r in range(replies) for q, v in enumerate(rng.choices(range(5), k=QUESTIONS)))
    connection.executemany("INSERT INTO answer VALUES (?, ?, ?)", rows)
    connection.execute("CREATE INDEX covering ON answer (item, value)")
    connection.commit()
    return connection


def wide_table(folder: Path, replies: int) -> Any:
    """Return a SQLite connection to a table with a row a reply and a column a question."""
    connection = _opened(folder / "wide.sqlite3")
    columns = ", ".join(f"c{n} TEXT" for n in range(WIDE_COLUMNS))
    connection.execute(f"CREATE TABLE wide ({columns})")
    rng = random.Random(1)
    rows = (rng.choices(["Answer a", "Answer b", "Answer c"], k=WIDE_COLUMNS) for _ in range(replies))
    connection.executemany(f"INSERT INTO wide VALUES ({', '.join('?' * WIDE_COLUMNS)})", rows)
    connection.commit()
    return connection


def _opened(file: Path) -> Any:
    connection = sqlite_module().connect(str(file))
    connection.execute("PRAGMA cache_size=-16000")
    return connection


def write_wide(connection: Any, out: Path) -> None:
    """Write the wide table as CSV, row by row."""
    with out.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(connection.execute("SELECT * FROM wide"))
