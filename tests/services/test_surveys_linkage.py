"""Can somebody who holds the whole database tell who said what?  (reliability_security T40, the small version)

Sixty simulated staff answer, each in a way of their own; the attacker knows in
which order and on which day each handed in, holds every table in every order
that the database has, and the bytes of its files.  Pairing the n-th to hand in
with the n-th row must do no better than guessing: one right of sixty on
average.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import pytest
from sqlalchemy import Engine

from audit_engine.services import run_cycle, run_survey, take_survey
from audit_engine.services.sealing import hash_of, new_code, sealed
from audit_engine.storage import anonymous
from audit_engine.storage.anonymous import DraftRow
from audit_engine.storage.engine import reading, writing
from tests.services.pulse import CLOSED, CYCLES, OPENED, Pulse, lay_pulse
from tests.services.tiny import lay

STAFF, RUNS = 60, 30
#: The mean of RUNS guesses has a standard error of 1 / sqrt(RUNS), 0.18: this is more than four of them.
BY_CHANCE = 1.8
NEVER_MORE = 8
Answers = dict[str, object]


def ways_to_answer() -> list[Answers]:
    """Return sixty replies of which no two are the same."""
    found: list[Answers] = []
    for role in ("front", "manager"):
        for happened in ("yes", "no", "prefer-not"):
            for sure in (("low", "low"), ("low", "high"), ("high", "low"), ("high", "high")):
                for record in ("always", "never", "not-mine"):
                    grid = {"peer": sure[0], "boss": sure[1]}
                    found.append({"p.1": role, "p.2": "no", "p.4": happened, "p.6": grid, "p.8": record})
    return found[:STAFF]


def fast(engine: Engine) -> None:
    """Let commits not wait for the disk: nothing here is about power cuts."""
    if engine.dialect.name == "sqlite":
        from sqlalchemy import event

        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()


def lay_runs(tmp_path: Path, engine: Engine) -> Pulse:
    pulse = lay_pulse(tmp_path, engine)
    text = CYCLES["pulse-open"]
    lay(tmp_path, cycles={f"run-{n}": text.replace("pulse-open", f"run-{n}") for n in range(RUNS)})
    for other in ("pulse", "pulse-open"):
        (pulse.world.instance.folder / "cycles" / f"{other}.yaml").unlink()
    pulse.world.load()
    return pulse


def hand_in_all(pulse: Pulse, cycle: str, staff: Sequence[Answers]) -> None:
    """Let staff hand in one after another over five days, half of them by one-use links."""
    pulse.open(cycle)
    link = pulse.token("")
    tickets = run_survey.make_tickets(pulse.engine, cycle, "", [f"{n}@example.org" for n in range(0, STAFF, 2)])
    tokens = dict(zip(range(0, STAFF, 2), (path.rsplit("/", 1)[1] for _, path in tickets), strict=True))
    codes = [new_code() for _ in staff]
    definitions = pulse.world.definitions
    with writing(pulse.engine) as connection:
        for code, answers in zip(codes, staff, strict=True):
            row = DraftRow(cycle, "", sealed(code, answers), OPENED.date())
            anonymous.keep_draft(connection, hash_of(code), row)
    for number, code in enumerate(codes):
        day = OPENED.date() + timedelta(days=number // 12)
        assert take_survey.hand_in(pulse.engine, definitions, tokens.get(number, link), code, day).done
    run_cycle.close_cycle(pulse.engine, cycle, None, CLOSED)


def orders(pulse: Pulse, cycle: str) -> dict[str, list[str]]:
    """Return the ids of a survey's replies in every order that can be had of them."""
    table = f"SELECT id FROM survey_reply WHERE cycle_id = '{cycle}'"
    with reading(pulse.engine) as connection:
        found = {
            "as they come": list(connection.exec_driver_sql(table).scalars()),
            "by id": list(connection.exec_driver_sql(f"{table} ORDER BY id").scalars()),
            "by day": list(connection.exec_driver_sql(f"{table} ORDER BY answered_on").scalars()),
            "by what was packed": list(connection.exec_driver_sql(f"{table} ORDER BY coded").scalars()),
        }
        if pulse.engine.dialect.name == "postgresql":
            found["by place"] = list(connection.exec_driver_sql(f"{table} ORDER BY ctid").scalars())
            xmin = f"{table} ORDER BY xmin::text::bigint, cmin::text::bigint"
            found["by transaction"] = list(connection.exec_driver_sql(xmin).scalars())
    if pulse.engine.dialect.name == "sqlite":
        found |= in_files(Path(str(pulse.engine.url.database)), found["by id"])
    return found


def in_files(database: Path, ids: Iterable[str]) -> dict[str, list[str]]:
    """Return ids by where their bytes lie in the database's file; none may be left in its journal."""
    content = database.read_bytes()
    journal = database.with_name(database.name + "-wal")
    left = journal.read_bytes() if journal.exists() else b""
    assert not [one for one in ids if one.encode() in left]
    return {"by place in the file": sorted(ids, key=lambda one: content.find(one.encode()))}


def says(row: dict[str, object], answers: Answers) -> bool:
    """Tell whether a stored reply is what somebody answered."""
    marks = row["answers"]
    assert isinstance(marks, dict)
    return all(
        marks[item] == ([f"{r}:{o}" for r, o in value.items()] if isinstance(value, dict) else [value])
        for item, value in answers.items()
    )


def right_guesses(ids: Sequence[str], rows: dict[str, dict[str, object]], staff: Sequence[Answers]) -> int:
    return sum(says(rows[one], answers) for one, answers in zip(ids, staff, strict=True))


@pytest.fixture
def attacked(tmp_path: Path, engine: Engine) -> dict[str, list[int]]:
    """Return, by order tried, the right guesses of each run."""
    fast(engine)
    pulse = lay_runs(tmp_path, engine)
    found: dict[str, list[int]] = {}
    for run in range(RUNS):
        staff = ways_to_answer()
        random.Random(run).shuffle(staff)
        hand_in_all(pulse, f"run-{run}", staff)
        with reading(engine) as connection:
            query = anonymous.reply.select().where(anonymous.reply.c.cycle_id == f"run-{run}")
            rows = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
        assert len(rows) == STAFF
        for name, ids in orders(pulse, f"run-{run}").items():
            found.setdefault(name, []).append(right_guesses(ids, rows, staff))
    return found


def test_the_order_of_replies_tells_nobody_s_answers(attacked: dict[str, list[int]]) -> None:
    for name, guesses in attacked.items():
        assert mean(guesses) <= BY_CHANCE, (name, guesses)
        assert max(guesses) <= NEVER_MORE, (name, guesses)


def test_the_attack_succeeds_where_an_order_is_left() -> None:
    staff = ways_to_answer()
    rows = {str(n): {"answers": {i: list(_marks(v)) for i, v in answers.items()}} for n, answers in enumerate(staff)}
    assert right_guesses(list(rows), rows, staff) == STAFF, "an attack that never succeeds would prove nothing"


def _marks(value: object) -> list[str]:
    return [f"{r}:{o}" for r, o in value.items()] if isinstance(value, dict) else [str(value)]


def test_nothing_that_is_stored_names_the_day_or_joins_a_reply_to_a_draft_or_a_ticket(
    tmp_path: Path, engine: Engine
) -> None:
    pulse = lay_runs(tmp_path, engine)
    hand_in_all(pulse, "run-0", ways_to_answer())
    replies, texts = pulse.rows("survey_reply"), pulse.rows("survey_text")
    assert {str(row["answered_on"]) for row in replies} == {str(OPENED.date())}, "of five days, none is kept"
    assert set(replies[0]) == {
        "id", "cycle_id", "organisation_id", "answered_on", "answers", "coded", "released",
    }  # fmt: skip
    assert pulse.rows("survey_draft") == texts == []
    assert set(pulse.rows("survey_ticket")[0]) == {"hash", "cycle_id", "organisation_id", "used"}
    written = {row["event"] for row in pulse.rows("trail")}
    assert written <= {"opened", "closed"}


def test_replies_over_a_turn_of_the_key_keep_only_the_side_of_it(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine).open()
    days = [date(2026, 9, 15), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 20)]
    for day in days:
        pulse.reply({"p.2": "yes"}, today=day)
    assert sorted(str(row["answered_on"]) for row in pulse.rows("survey_reply")) == [
        "2026-09-14", "2026-09-14", "2026-10-01", "2026-10-01",
    ]  # fmt: skip
