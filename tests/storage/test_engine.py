"""Does a committed row survive, a failed one vanish, and a second writer wait its turn?"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import StatementError

from audit_engine.storage import engine as storage_engine
from audit_engine.storage.engine import UnknownDatabase, create, mode_of, reading, writing
from tests.storage.rows import AT, ROWS, table

SECTOR = table("sector")


def add(engine: Engine, name: str) -> None:
    with writing(engine) as connection:
        connection.execute(insert(SECTOR).values(id=name, label=name, position=0))


def names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(SECTOR.c.id).order_by(SECTOR.c.id)).scalars())


def test_what_was_written_is_there_after_opening_again(engine: Engine, database_url: str) -> None:
    add(engine, "police")
    engine.dispose()
    again = create(database_url)
    assert names(again) == ["police"]
    again.dispose()


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_a_fault_takes_the_whole_transaction_back(engine: Engine, fault: type[BaseException]) -> None:
    with pytest.raises(fault), writing(engine) as connection:
        connection.execute(insert(SECTOR).values(id="police", label="P", position=0))
        raise fault
    assert names(engine) == []
    add(engine, "schools")
    assert names(engine) == ["schools"]


def test_a_reader_sees_one_state_throughout(engine: Engine) -> None:
    add(engine, "police")
    with reading(engine) as connection:
        before = connection.execute(select(SECTOR.c.id)).scalars().all()
        add(engine, "schools")
        after = connection.execute(select(SECTOR.c.id)).scalars().all()
    assert before == after == ["police"]
    assert names(engine) == ["police", "schools"]


def in_thread(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread


def test_a_second_writer_waits_and_then_sees_what_the_first_wrote(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(table("outbox")).values(ROWS["outbox"]))
    outbox = table("outbox")
    started, seen = threading.Event(), list[int]()

    def count_up() -> None:
        with writing(engine) as connection:
            started.set()
            row = select(outbox.c.attempts).with_for_update()
            seen.append(connection.execute(row).scalar_one())
            connection.execute(outbox.update().values(attempts=seen[-1] + 1))

    with writing(engine) as connection:
        connection.execute(outbox.update().values(attempts=7))
        second = in_thread(count_up)
        second.join(timeout=0.2)
        assert second.is_alive()
        assert seen == []
    second.join(timeout=10)
    assert seen == [7]
    with reading(engine) as connection:
        assert connection.execute(select(outbox.c.attempts)).scalar_one() == 8


def test_thirty_writers_lose_nothing(engine: Engine) -> None:
    faults: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for step in range(4):
                add(engine, f"{number:02}-{step}")
        except BaseException as fault:
            faults.append(fault)

    threads = [in_thread(lambda n=number: write(n)) for number in range(30)]  # type: ignore[misc]
    for thread in threads:
        thread.join(timeout=30)
    assert faults == []
    assert len(names(engine)) == 120


HOLDS = """
import sys
from audit_engine.storage.engine import create, writing
with writing(create(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process_writes(engine: Engine) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the right to write until it reads a line."""
    pytest.importorskip("fcntl")
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLDS, str(engine.url)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        yield process
        process.kill()


def test_writers_of_another_process_are_waited_for_too(sqlite_engine: Engine) -> None:
    with another_process_writes(sqlite_engine) as process:
        writer = in_thread(lambda: add(sqlite_engine, "police"))
        writer.join(timeout=0.2)
        assert writer.is_alive()
        process.communicate("go on\n")
        writer.join(timeout=10)
    assert names(sqlite_engine) == ["police"]


def test_a_writer_that_is_killed_leaves_its_turn_to_the_next(sqlite_engine: Engine) -> None:
    with another_process_writes(sqlite_engine) as process:
        writer = in_thread(lambda: add(sqlite_engine, "police"))
        process.kill()
        writer.join(timeout=10)
    assert names(sqlite_engine) == ["police"]


def test_processes_take_turns_in_the_order_of_their_coming(sqlite_engine: Engine, tmp_path: Path) -> None:
    turn = tmp_path / "queue"
    order: list[int] = []

    def wait(number: int) -> None:
        with storage_engine._turn_among_processes(turn):
            order.append(number)

    with storage_engine._turn_among_processes(turn):
        waiting = []
        for number in range(8):
            waiting.append(in_thread(lambda n=number: wait(n)))  # type: ignore[misc]
            _until(lambda n=number: int.from_bytes(turn.read_bytes(), "big") == n + 2)  # type: ignore[misc]
    for one in waiting:
        one.join(timeout=10)
    assert order == list(range(8))


def _until(ready: Callable[[], bool]) -> None:
    for _ in range(1000):
        if ready():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that within ten seconds")


def test_a_writer_that_fails_lets_the_next_one_in(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine):
        _ = 1 / 0
    writer = in_thread(lambda: add(engine, "police"))
    writer.join(timeout=10)
    assert names(engine) == ["police"]


def test_sqlite_is_opened_as_safe_as_its_library_allows(sqlite_engine: Engine) -> None:
    mode = mode_of(sqlite_engine)
    expected = ("WAL", "FULL", "") if storage_engine.wal_is_safe() else ("DELETE", "EXTRA", mode.advice)
    assert (mode.product, mode.journal, mode.synchronous, mode.advice) == ("SQLite", *expected)


@pytest.mark.parametrize("pragma, value", [("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 10000)])
def test_every_sqlite_connection_is_prepared(sqlite_engine: Engine, pragma: str, value: int) -> None:
    with reading(sqlite_engine) as first, reading(sqlite_engine) as second:
        assert [c.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() for c in (first, second)] == [value, value]


def test_an_old_sqlite_runs_in_the_slower_safe_mode_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_engine, "wal_is_safe", lambda: False)
    opened = create(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    mode = mode_of(opened)
    opened.dispose()
    assert (mode.journal, mode.synchronous) == ("DELETE", "EXTRA")
    assert "install the pysqlite3 wheel" in mode.advice


def test_postgresql_says_when_a_power_cut_may_lose_answers(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a setting of PostgreSQL's")
    safe, unsafe = (create(f"{database_url}&options=-csynchronous_commit%3D{how}") for how in ("on", "off"))
    modes = [mode_of(safe), mode_of(unsafe)]
    for opened in (safe, unsafe):
        opened.dispose()
    assert [m.product for m in modes] == ["PostgreSQL", "PostgreSQL"]
    assert modes[0].advice == ""
    assert "Set synchronous_commit = on" in modes[1].advice


@pytest.mark.parametrize("address", ["mysql://root@db/audit", "oracle", "", "sqlite://"])
def test_a_database_of_another_kind_is_refused_with_what_to_use(address: str) -> None:
    with pytest.raises(UnknownDatabase, match="use sqlite:///FILE or postgresql://USER@HOST/NAME"):
        create(address)


def test_the_address_in_a_refusal_never_shows_a_password() -> None:
    with pytest.raises(UnknownDatabase) as refusal:
        create("mysql://root:hunter2@db/audit")
    assert "hunter2" not in str(refusal.value)


def test_the_old_name_of_postgresql_is_understood() -> None:
    pytest.importorskip("psycopg")
    opened = create("postgres://somebody@nowhere/audit")
    assert opened.dialect.name == "postgresql"
    assert opened.url.drivername == "postgresql+psycopg"


CYCLE = table("cycle_definition")


def test_a_moment_without_a_time_zone_is_refused(engine: Engine) -> None:
    row = {**ROWS["cycle_definition"], "kept_at": datetime(2026, 10, 5, 12)}
    with pytest.raises(StatementError, match="has no time zone: store instants only"), writing(engine) as connection:
        connection.execute(insert(CYCLE).values(row))


@pytest.mark.parametrize(
    "moment",
    [AT, datetime(2026, 10, 5, 14, tzinfo=timezone(timedelta(hours=2))), datetime(1970, 1, 1, tzinfo=UTC)],
)
def test_a_moment_comes_back_as_the_same_instant_in_utc(engine: Engine, moment: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(insert(CYCLE).values({**ROWS["cycle_definition"], "kept_at": moment}))
        stored = connection.execute(select(CYCLE.c.kept_at)).scalar_one()
    assert stored == moment
    assert stored.tzinfo is UTC


def test_moments_compare_as_instants_in_the_database(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(CYCLE).values(ROWS["cycle_definition"]))
        east = AT.astimezone(timezone(timedelta(hours=9)))
        found = connection.execute(select(CYCLE.c.content_hash).where(CYCLE.c.kept_at == east)).all()
    assert len(found) == 1
