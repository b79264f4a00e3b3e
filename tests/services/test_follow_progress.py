"""Does the list of a cycle say how far everybody has come, and does the history say who did what?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from audit_engine.services.follow_progress import progress_of_cycle
from audit_engine.services.list_cycles import cycles_as_text, list_cycles
from audit_engine.services.read_history import PAGE_LENGTH, changes_of, note_reading
from audit_engine.services.run_cycle import cycle_named, extend
from audit_engine.services.save_answers import Draft
from audit_engine.services.see_system import see_system
from audit_engine.services.submit import reopen
from audit_engine.storage import outbox
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.outbox import MOST_ATTEMPTS
from tests.services.tiny import DURING, LATER, World

MINUTE = timedelta(minutes=1)


def test_progress_counts_what_each_organisation_is_asked_and_has_answered(world: World) -> None:
    world.returned("otters", "tiny-2026")
    world.save(Draft("t.A.1", 0, "met"), Draft("t.A.1", 0, "not-met", area="south"), organisation="joint")
    with reading(world.engine) as connection:
        found = progress_of_cycle(connection, world.definitions, cycle_named(connection, "tiny-2026"))
    assert [(r.organisation, r.state, p.asked, p.answered) for r, p in found] == [
        ("badgers", "not-started", 6, 0), ("joint", "started", 6, 1), ("otters", "submitted", 6, 6),
        ("office", "not-started", 5, 0),
    ]  # fmt: skip


def test_a_planned_cycle_has_no_progress(own_world: World) -> None:
    own_world.load()
    with reading(own_world.engine) as connection:
        cycle = cycle_named(connection, "tiny-2026")
        assert progress_of_cycle(connection, own_world.definitions, cycle) == ()


def test_cycles_are_listed_newest_first_with_their_returns_counted(world: World) -> None:
    world.returned("otters", "tiny-2026")
    world.save(Draft("t.A.1", 0, "met"), organisation="badgers")
    newest, oldest = list_cycles(world.engine)
    assert (newest.facts.id, newest.submitted, newest.taking_part) == ("tiny-2026", 1, 4)
    assert newest.as_json()["returns"] == {"not-started": 2, "started": 1, "submitted": 1, "reopened": 0}
    line = " ".join(cycles_as_text(world.engine, world.definitions)[0].split())
    assert line == "tiny-2026 open 1 of 4 returned closes 5pm on Friday 19 December 2098 (UK time)"
    assert json.loads(json.dumps(oldest.as_json()))["state"] == "open"


def test_a_history_tells_every_change_newest_first_with_names(world: World) -> None:
    ada = world.person("ada@example.org")
    world.save(Draft("t.A.1", 0, "met"), by=ada)
    world.save(Draft("t.A.1", 1, "not-met"), by=ada, now=DURING + MINUTE)
    world.save(Draft("t.A.1", 0, "not-met", area="south"), by=ada, now=DURING + 2 * MINUTE)
    number = world.return_of().id
    extend(world.engine, number, LATER, "A flood", world.somebody, DURING + 3 * MINUTE)
    note_reading(world.engine, number, world.somebody, DURING + 4 * MINUTE)
    with reading(world.engine) as connection:
        found = changes_of(connection, number, 1)
    assert found.total == 5
    assert [(c.who, c.what) for c in found.changes] == [
        ("Somebody", "Read"), ("Somebody", "Extended: A flood"), ("Ada", "A.1 in south answered (version 1)"),
        ("Ada", "A.1 changed (version 2)"), ("Ada", "A.1 answered (version 1)"),
    ]  # fmt: skip
    assert [c.at for c in found.changes] == [DURING + n * MINUTE for n in (4, 3, 2, 1, 0)]


def test_a_history_is_read_a_page_at_a_time(world: World) -> None:
    for version in range(PAGE_LENGTH + 3):
        world.save(Draft("t.A.1", version, "met", commentary=str(version)), now=DURING + version * MINUTE)
    with reading(world.engine) as connection:
        pages = [changes_of(connection, world.return_of().id, page) for page in (1, 2, 3)]
    assert [len(p.changes) for p in pages] == [PAGE_LENGTH, 3, 0]
    assert {p.total for p in pages} == {PAGE_LENGTH + 3}
    assert len({c.what for p in pages for c in p.changes}) == PAGE_LENGTH + 3


def test_a_history_holds_nothing_of_another_return(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"), organisation="badgers")
    world.returned("badgers", "tiny-2024")
    reopen(world.engine, world.return_of("badgers", "tiny-2024").id, "A slip", world.somebody, DURING)
    with reading(world.engine) as connection:
        assert changes_of(connection, world.return_of("otters").id, 1).total == 0


def test_the_systems_state_counts_and_says_what_to_do(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"))
    state = see_system(world.engine, world.instance)
    assert (state.cycles, state.organisations, state.answers, state.work) == (2, 5, 1, {})
    assert [c.title for c in state.checks] == ["Database", "Disk", "Worker"]
    assert state.checks[2].in_order
    assert all(c.sentence.endswith(".") for c in state.checks)


@pytest.mark.parametrize(
    "columns, kind, in_order",
    [
        ({}, "waiting", False),
        ({"done_at": DURING}, "ready", True),
        ({"attempts": MOST_ATTEMPTS, "fault": "Out of paper"}, "failed", True),
    ],
)
def test_work_that_waits_too_long_is_told_and_work_that_failed_is_counted(
    world: World, columns: dict[str, object], kind: str, in_order: bool
) -> None:
    with writing(world.engine) as connection:
        number = outbox.ask(connection, "report", "k", {}, None, DURING - timedelta(days=300))
        if columns:
            outbox.change(connection, number, **columns)
    state = see_system(world.engine, world.instance)
    assert dict(state.work) == {("report", kind): 1}
    assert state.checks[2].in_order is in_order


def test_a_question_that_may_be_left_empty_is_neither_wanted_nor_counted(own_world: World) -> None:
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    optional = "text: Do you employ drivers, required: false"
    path.write_text(path.read_text().replace("text: Do you employ drivers", optional))
    own_world.load().open()
    own_world.save(Draft("t.A.1", 0, "met"), Draft("t.B.4", 0, "no"))
    with reading(own_world.engine) as connection:
        found = progress_of_cycle(connection, own_world.definitions, cycle_named(connection, "tiny-2026"))
    (otters,) = (p for r, p in found if r.organisation == "otters")
    own = own_world.opened().overall
    assert (otters.asked, otters.answered) == (own.asked, 1) == (5, 1)
    assert own.optional == 1
