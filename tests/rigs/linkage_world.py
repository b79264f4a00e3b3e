"""Staff who answer a survey one after another, with everything that somebody at the server can see of it meanwhile.

The onlooker knows who handed in when, reads every row of every table after
each press of a button, and every hour copies the bytes of the database's files.
That is more than T40 asks: whoever archives a database's journal sees as much.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, inspect

from audit_engine.services import run_cycle, run_survey, take_survey
from audit_engine.storage import anonymous
from audit_engine.storage.engine import reading
from tests.services.pulse import CLOSED, CYCLES, OPENED, Pulse, lay_pulse
from tests.services.tiny import lay

HOURS = 24
MINUTES = 60
Answers = dict[str, Any]
Row = Mapping[str, Any]
#: What somebody wrote begins so.
WROTE = re.compile(rb"wrote[0-9a-f]{10}")
#: A reply begins so, wherever it can be read.
READABLE = re.compile(rb'\{"": ?\["~')
#: Leaves of bytes what an id can be made of, so that ids stand alone.
HEXADECIMAL = bytes(byte if byte in b"0123456789abcdef" else 32 for byte in range(256))
DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff: what they answer, and the minutes at which they save and hand in."""

    answers: Answers
    saves_at: int
    hands_in_at: int

    @property
    def marks(self) -> Mapping[str, list[str] | None]:
        """Return what of the answers is stored of a reply, as far as it tells people apart."""
        return {"p.1": [self.answers["p.1"]], "p.2": [self.answers["p.2"]], "p.10": [f"#{self.answers['p.10']}"]}

    def said(self, stored: Mapping[str, list[str] | None]) -> bool:
        """Tell whether a stored reply is this person's."""
        return all([m.replace('"', "") for m in stored.get(item) or ()] == own for item, own in self.marks.items())


def staff_of(count: int, seed: int) -> list[Person]:
    """Return people of whom no two answer the same, in the order in which they hand in."""
    dice = random.Random(seed)
    kinds = [(n, role, knows) for n in range(91) for role in ("front", "manager") for knows in ("yes", "no", "unsure")]
    minutes = sorted(dice.sample(range(10, HOURS * MINUTES), count))
    chosen = zip(dice.sample(kinds, count), minutes, strict=True)
    return [Person(_answers(dice, kind), minute - dice.randint(1, 9), minute) for kind, minute in chosen]


def _answers(dice: random.Random, kind: tuple[int, str, str]) -> Answers:
    days, role, knows = kind
    answers: Answers = {"p.10": str(days), "p.1": role, "p.2": knows}
    if knows == "yes" and dice.random() < 0.6:
        answers["p.3"] = dice.sample(["manager", "poster"], dice.randint(1, 2))
    if dice.random() < 0.7:
        answers["p.4"] = dice.choice(["yes", "no", "prefer-not"])
    if dice.random() < 0.7:
        answers["p.6"] = {
            row: dice.choice(["low", "high"]) for row in dice.sample(["peer", "boss"], dice.randint(1, 2))
        }
    if dice.random() < 0.5:
        answers["p.7"] = f"wrote{dice.getrandbits(40):010x} " + "more of the same " * dice.randint(0, 60)
    if dice.random() < 0.6:
        answers["p.8"] = dice.choice(["always", "never", "not-mine"])
    return answers


@dataclass
class Onlooker:
    """What can be seen: the rows that are new or changed at each press of a button, and the files of each hour."""

    engine: Engine
    cycle: str
    tables: Mapping[str, bool]
    changed: list[tuple[int | None, dict[str, list[Row]]]] = field(default_factory=list)
    readable: list[dict[str, int]] = field(default_factory=list)
    _before: dict[str, set[int]] = field(default_factory=dict)

    def look(self, person: int | None) -> None:
        """Note the rows that were not there at the last look; ``person`` has just pressed a button (None: nobody)."""
        found: dict[str, list[Row]] = {}
        with reading(self.engine) as connection:
            for table, of_cycles in self.tables.items():
                query = f"SELECT {self._all} FROM {table}" + (f" WHERE cycle_id = '{self.cycle}'" if of_cycles else "")
                rows = [dict(row) for row in connection.exec_driver_sql(query).mappings()]
                now, before = [_fingerprint(row) for row in rows], self._before.get(table, set())
                found[table] = [row for row, mark in zip(rows, now, strict=True) if mark not in before]
                self._before[table] = set(now)
        self.changed.append((person, {table: rows for table, rows in found.items() if rows}))

    @property
    def _all(self) -> str:
        return "*, ctid::text, xmin::text" if self.engine.dialect.name == "postgresql" else "*"

    def copy_files(self) -> None:
        """Note what can be read in the files, free pages and journal too, and where it stands first."""
        found: dict[str, int] = {}
        for place, content in enumerate(self._files()):
            for start, letters in enumerate(content.translate(HEXADECIMAL).split()):
                if 32 <= len(letters) < 40:  # an id, perhaps after a byte or two that look like its letters
                    found.setdefault(letters[-32:].decode(), place << 40 | start)
            for marks, start in replies_in(content):
                found.setdefault(marks, place << 40 | start)
        self.readable.append(found)

    def _files(self) -> Iterator[bytes]:
        if self.engine.dialect.name == "sqlite":
            database = Path(str(self.engine.url.database))
            for file in (database.with_name(database.name + "-wal"), database):
                yield file.read_bytes() if file.exists() else b""


def _fingerprint(row: Row) -> int:
    return hash(tuple(repr(v) if isinstance(v, dict | list) else v for v in row.values()))


def replies_in(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield every reply that can be read in some bytes, and where it begins."""
    for match in READABLE.finditer(content):
        text = content[match.start() : match.start() + 4000].decode("utf-8", "replace")
        try:
            marks, _ = DECODER.raw_decode(text)
        except json.JSONDecodeError:
            continue
        yield canonical(marks), match.start()


def canonical(marks: Mapping[str, list[str] | None]) -> str:
    """Return marks as one text."""
    return json.dumps(marks, sort_keys=True)


@dataclass(frozen=True)
class Seen:
    """A survey that has closed: who answered, in the order of handing in, what was seen, and what is left."""

    staff: Sequence[Person]
    onlooker: Onlooker
    replies: Sequence[Row]
    texts: Sequence[Row]


def careless(engine: Engine) -> None:
    """Let commits not wait for the disk: nothing here is about power cuts."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()


def lay_runs(folder: Path, engine: Engine, runs: int) -> Pulse:
    """Lay out the small survey as many times as it is run, with one link for everybody."""
    pulse = lay_pulse(folder, engine)
    text = CYCLES["pulse-open"]
    lay(folder, cycles={f"run-{n}": text.replace("pulse-open", f"run-{n}") for n in range(runs)})
    for other in ("pulse", "pulse-open"):
        (pulse.world.instance.folder / "cycles" / f"{other}.yaml").unlink()
    pulse.world.load()
    return pulse


@dataclass(frozen=True, slots=True)
class Manner:
    """How a survey is run and looked at: by tickets for half of the staff, files copied every so many hours, ..."""

    tickets: bool = False
    hours: int = 1
    every_table: bool = False


def answered(pulse: Pulse, cycle: str, staff: Sequence[Person], manner: Manner) -> Seen:
    """Let everybody answer as the pages do, and close the survey."""
    pulse.open(cycle)
    onlooker = Onlooker(pulse.engine, cycle, _tables(pulse.engine, manner))
    tokens = _tokens(pulse, cycle, len(staff), tickets=manner.tickets)
    codes: dict[int, str] = {}
    onlooker.look(None)
    for minute, number, act in _acts(staff, manner.hours):
        if number is None:
            onlooker.copy_files()
            continue
        day = OPENED.date() + timedelta(days=minute // (12 * MINUTES))
        if act == "saves":
            code = codes[number] = take_survey.begin(pulse.engine, tokens[number], day)
            kept = take_survey.keep_draft(pulse.engine, pulse.world.definitions, code, staff[number].answers, day)
            assert kept.problems == ()
        else:
            assert take_survey.hand_in(pulse.engine, pulse.world.definitions, tokens[number], codes[number], day).done
        onlooker.look(number)
    _close(pulse, cycle, onlooker)
    return Seen(staff, onlooker, *_left(pulse, cycle))


def _tables(engine: Engine, manner: Manner) -> Mapping[str, bool]:
    """Return the tables to look at, and whether their rows are of one cycle each."""
    with reading(engine) as connection:
        there = inspect(connection)
        names = [t for t in there.get_table_names() if manner.every_table or t.startswith("survey_")]
        return {t: "cycle_id" in {column["name"] for column in there.get_columns(t)} for t in names}


def _tokens(pulse: Pulse, cycle: str, count: int, *, tickets: bool) -> list[str]:
    tokens = [pulse.token("")] * count
    if tickets:
        made = run_survey.make_tickets(pulse.engine, cycle, "", [f"{n}@example.org" for n in range(0, count, 2)])
        tokens[::2] = [path.rsplit("/", 1)[1] for _, path in made]
    return tokens


def _acts(staff: Sequence[Person], hours: int) -> list[tuple[int, int | None, str]]:
    """Return who does what at which minute, and the hours at which files are copied (None)."""
    acts: list[tuple[int, int | None, str]] = [(h * MINUTES, None, "") for h in range(hours, HOURS + 1, hours)]
    for number, person in enumerate(staff):
        acts += [(person.saves_at, number, "saves"), (person.hands_in_at, number, "hands in")]
    return sorted(acts, key=lambda act: act[0])


def _close(pulse: Pulse, cycle: str, onlooker: Onlooker) -> None:
    """Close the survey; files are copied before traces are forgotten, too."""
    forget = anonymous.forget_traces

    def copied_first(engine: Engine) -> None:
        onlooker.copy_files()
        forget(engine)

    anonymous.forget_traces = copied_first
    try:
        run_cycle.close_cycle(pulse.engine, cycle, None, CLOSED)
    finally:
        anonymous.forget_traces = forget
    onlooker.look(None)
    onlooker.copy_files()


def _left(pulse: Pulse, cycle: str) -> tuple[list[Row], list[Row]]:
    with reading(pulse.engine) as connection:
        replies = connection.execute(anonymous.reply.select().where(anonymous.reply.c.cycle_id == cycle))
        texts = connection.execute(anonymous.words.select().where(anonymous.words.c.cycle_id == cycle))
        return [dict(row) for row in replies.mappings()], [dict(row) for row in texts.mappings()]
