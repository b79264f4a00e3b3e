"""Is work that pages ask for done once, tried again when it fails, and given up with a sentence?"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from audit_engine.definition.library import Library
from audit_engine.services import do_work as service
from audit_engine.services.do_work import claim_work, do_work
from audit_engine.services.instance import Instance
from audit_engine.services.issue_report import Order, ask_report, issue_report
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage import engine as storage_engine
from audit_engine.storage import models, outbox, schema
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DURING, World

MINUTE = timedelta(minutes=1)


class Works:
    """A kind of work that counts how often it is done, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.done = failures, 0

    def __call__(self, *arguments: Any) -> dict[str, Any]:
        self.done += 1
        arguments[-1](50)
        if self.done <= self.failures:
            raise CycleRefused("The printer is out of paper.")
        return {"answer": 42}


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Iterator[Works]:
    one = Works()
    monkeypatch.setattr(service, "KINDS", {"count": one})
    yield one


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The present, to be changed by a test."""
    present = [DURING]
    monkeypatch.setattr(service, "this_moment", lambda: present[0])
    return present


def ask(world: World, key: str = "one", kind: str = "count") -> int:
    with writing(world.engine) as connection:
        return outbox.ask(connection, kind, key, {}, None, DURING)


def work(world: World, number: int) -> Mapping[str, Any]:
    with reading(world.engine) as connection:
        found = outbox.work_of(connection, number)
    assert found is not None
    return found


def do(world: World, number: int) -> bool:
    return do_work(world.engine, world.definitions, world.instance, number)


def test_work_is_claimed_once(world: World, moment: list[datetime]) -> None:
    first, second = ask(world, "one"), ask(world, "two")
    assert claim_work(world.engine) == (first, second)
    assert claim_work(world.engine) == ()
    assert [work(world, n)["attempts"] for n in (first, second)] == [1, 1]


def test_workers_at_once_never_claim_the_same(world: World, moment: list[datetime]) -> None:
    for number in range(25):
        ask(world, f"k{number}")
    claimed: list[int] = []

    def claim() -> None:
        while ids := claim_work(world.engine):
            claimed.extend(ids)

    threads = [threading.Thread(target=claim, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(claimed) == sorted(set(claimed))
    assert len(claimed) == 25


def test_asking_with_the_same_key_asks_once(world: World) -> None:
    assert ask(world) == ask(world)
    assert world.count(models.outbox) == 1


def test_work_that_was_done_is_not_done_again(world: World, works: Works, moment: list[datetime]) -> None:
    number = ask(world)
    claim_work(world.engine)
    assert do(world, number) is True
    assert do(world, number) is False
    assert works.done == 1
    done = work(world, number)
    assert (done["done_at"], done["progress"], done["fault"], done["result"]) == (DURING, 100, "", {"answer": 42})
    assert claim_work(world.engine) == ()


def test_work_that_fails_is_tried_three_times_and_then_given_up_with_a_sentence(
    world: World, works: Works, moment: list[datetime], caplog: pytest.LogCaptureFixture
) -> None:
    works.failures = 99
    number = ask(world)
    for attempt in (1, 2, 3):
        assert claim_work(world.engine) == (number,)
        assert do(world, number) is False
        assert work(world, number)["attempts"] == attempt
    assert claim_work(world.engine) == ()
    assert works.done == 3
    given_up = work(world, number)
    assert given_up["done_at"] is None
    assert "The printer is out of paper." in given_up["fault"]


def test_work_that_fails_once_is_done_the_second_time(
    world: World, works: Works, moment: list[datetime], caplog: pytest.LogCaptureFixture
) -> None:
    works.failures = 1
    number = ask(world)
    for _ in range(2):
        claim_work(world.engine)
        do(world, number)
    assert (work(world, number)["fault"], work(world, number)["done_at"]) == ("", DURING)


def test_work_of_an_unknown_kind_fails_with_a_sentence(
    world: World, works: Works, moment: list[datetime], caplog: pytest.LogCaptureFixture
) -> None:
    number = ask(world, kind="bake a cake")
    claim_work(world.engine)
    assert do(world, number) is False
    assert "bake a cake" in work(world, number)["fault"]


def test_work_that_does_not_exist_is_nothing(world: World, works: Works) -> None:
    assert do(world, 999) is False


def test_the_claim_of_a_worker_that_died_ends_after_ten_minutes(world: World, moment: list[datetime]) -> None:
    number = ask(world)
    claim_work(world.engine)
    moment[0] = DURING + 10 * MINUTE
    assert claim_work(world.engine) == ()
    moment[0] += timedelta(seconds=1)
    assert claim_work(world.engine) == (number,)
    assert work(world, number)["attempts"] == 2


def test_looking_for_work_when_there_is_none_writes_nothing(
    world: World, moment: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("nothing waits, so nothing may be written")

    monkeypatch.setattr(service, "writing", refused)
    assert claim_work(world.engine) == ()


def test_a_report_asked_for_twice_within_a_minute_is_asked_for_once(world: World) -> None:
    def asked(area: str | None, moment: datetime, by: int = world.somebody) -> int:
        return ask_report(world.engine, "tiny-2026", "analysis", area, by, moment)

    first = asked(None, DURING)
    assert asked(None, DURING + timedelta(seconds=30)) == first
    assert (
        len({first, asked("north", DURING), asked(None, DURING + MINUTE), asked(None, DURING, world.person("b@x.org"))})
        == 4
    )


def reported(world: World) -> list[Mapping[str, Any]]:
    with reading(world.engine) as connection:
        return [dict(row) for row in connection.execute(select(models.report)).mappings()]


def test_a_report_made_twice_by_the_same_work_is_one_report(own_world: World) -> None:
    world = own_world.load().open("tiny-2024", DURING - timedelta(days=900)).open("tiny-2026")
    world.returned("otters", "tiny-2024")
    world.returned("otters", "tiny-2026", {"t.A.1": "not-met"})
    number = ask_report(world.engine, "tiny-2026", "analysis", None, world.somebody, DURING)
    claim_work(world.engine)
    assert do(world, number) is True
    (made,) = reported(world)
    assert work(world, number)["result"] == {"report": made["id"]}
    # The worker died after the report was written down and before the work was.
    with writing(world.engine) as connection:
        outbox.change(connection, number, done_at=None, claimed_at=None, result={})
    assert do(world, number) is True
    assert reported(world) == [made]
    assert work(world, number)["result"] == {"report": made["id"]}
    file = Path(made["file"])
    assert file.is_relative_to(world.instance.exports / "tiny-2026")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["sha256"]
    assert list(file.parent.iterdir()) == [file]
    assert world.count(models.figure) > 0
    assert made["made_by"] == world.somebody


def test_a_report_is_made_also_where_a_reader_holds_off_every_writer(
    tmp_path: Path, shared: tuple[Instance, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old SQLite has no write-ahead log: its readers and writers exclude one another."""
    monkeypatch.setattr(storage_engine, "wal_is_safe", lambda: False)
    engine = storage_engine.create(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    schema.upgrade(engine)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    instance, library = shared
    world = World(instance, engine, library).load().open("tiny-2026")
    number = ask_report(engine, "tiny-2026", "analysis", None, world.somebody, DURING)
    heard: list[int] = []

    def step(percent: int) -> None:
        heard.append(percent)
        with writing(engine) as connection:
            outbox.change(connection, number, progress=percent)

    issue_report(
        engine, world.definitions, instance, Order("tiny-2026", "analysis", out=tmp_path / "r.docx"), DURING, step
    )
    engine.dispose()
    assert heard == sorted(heard)
    assert heard[-1] == 100


@pytest.mark.parametrize(
    "cycle, kind, area, sentence",
    [
        ("nothing", "analysis", None, "no cycle called “nothing”"),
        ("tiny-2026", "poem", None, "no report called “poem”. Reports: analysis"),
        ("tiny-2026", "analysis", "west", "No area is called “west”. There are: north, south"),
        ("tiny-2026", "analysis", None, "has not been opened yet"),
    ],
)
def test_a_report_of_nothing_is_refused_and_leaves_no_file(
    own_world: World, cycle: str, kind: str, area: str | None, sentence: str
) -> None:
    own_world.load()
    if sentence != "has not been opened yet":
        own_world.open("tiny-2026")
    with pytest.raises(CycleRefused, match=sentence):
        issue_report(own_world.engine, own_world.definitions, own_world.instance, Order(cycle, kind, area), DURING)
    assert not own_world.instance.exports.exists()
    assert own_world.count(models.report) == 0
