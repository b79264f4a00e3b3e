"""What happens to a save when somebody else acts between its looking and its writing?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from audit_engine.services import run_cycle, save_answers, submit
from audit_engine.services.save_answers import Draft, TooLate
from audit_engine.storage import models
from audit_engine.storage.engine import reading
from tests.services.tiny import CLOSES, DURING, World

KEY = ("t.A.1", "", "")
Act = Callable[[], Any]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], list[str]]:
    """Let an act happen just before the next save writes; the list says when a save began to write."""

    def plan(act: Act) -> list[str]:
        writing, begun = save_answers.writing, list[str]()
        acts = [act]

        @contextmanager
        def late(engine: Engine) -> Iterator[Connection]:
            begun.append("a save writes")
            if acts:
                acts.pop()()
            with writing(engine) as connection:
                yield connection

        monkeypatch.setattr(save_answers, "writing", late)
        return begun

    return plan


def texts(world: World) -> list[tuple[int, str]]:
    change = models.answer_change
    with reading(world.engine) as connection:
        rows = connection.execute(select(change.c.version, change.c.content).order_by(change.c.version))
        return [(row.version, row.content["commentary"]) for row in rows]


def test_another_answer_to_the_same_question_is_a_conflict_and_stays(
    world: World, meanwhile: Callable[[Act], list[str]]
) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="At first"))
    begun = meanwhile(lambda: world.save(Draft("t.A.1", 1, "met", commentary="Theirs")))
    saved = world.save(Draft("t.A.1", 1, "met", commentary="Mine"), Draft("t.A.2", 0, "met"))
    assert (saved.conflicts[KEY].stored.commentary, saved.conflicts[KEY].typed.commentary) == ("Theirs", "Mine")
    assert world.opened().answer("t.A.1").commentary == "Theirs"
    assert world.opened().answer("t.A.2").value == "met", "the other question is saved all the same"
    assert texts(world) == [(1, "At first"), (1, ""), (2, "Theirs")]
    assert len(begun) == 3, "mine in vain, theirs, and mine again"


def test_the_first_answer_of_two_people_to_one_question_is_a_conflict(
    world: World, meanwhile: Callable[[Act], list[str]]
) -> None:
    world.save(Draft("t.A.2", 0, "met"))
    meanwhile(lambda: world.save(Draft("t.A.1", 0, "met", commentary="Theirs")))
    saved = world.save(Draft("t.A.1", 0, "met", commentary="Mine"))
    assert saved.conflicts[KEY].stored.commentary == world.opened().answer("t.A.1").commentary == "Theirs"


def test_a_colleague_on_another_question_is_in_nobodys_way(world: World, meanwhile: Callable[[Act], list[str]]) -> None:
    world.save(Draft("t.A.1", 0, "met"))
    begun = meanwhile(lambda: world.save(Draft("t.A.2", 0, "met")))
    assert not world.save(Draft("t.A.1", 1, "not-met")).conflicts
    assert [world.opened().answer(item).value for item in ("t.A.1", "t.A.2")] == ["not-met", "met"]
    assert len(begun) == 2, "each wrote once"


def test_the_first_saves_of_two_people_both_start_the_return(
    world: World, meanwhile: Callable[[Act], list[str]]
) -> None:
    meanwhile(lambda: world.save(Draft("t.A.2", 0, "met"), now=DURING))
    assert not world.save(Draft("t.A.1", 0, "met"), now=DURING + timedelta(seconds=1)).conflicts
    assert [world.opened().answer(item).value for item in ("t.A.1", "t.A.2")] == ["met", "met"]
    assert world.return_of().started_at == DURING


def _close(world: World) -> None:
    run_cycle.close_cycle(world.engine, "tiny-2026", world.somebody, DURING)


def _submitted(world: World) -> None:
    with save_answers.writing(world.engine) as connection:
        connection.exec_driver_sql("UPDATE response SET state = 'submitted', submission_number = 1")


@pytest.mark.parametrize("act", [_close, _submitted])
def test_what_comes_just_too_late_is_kept_aside(
    world: World, meanwhile: Callable[[Act], list[str]], act: Callable[[World], None]
) -> None:
    assert world.somebody
    meanwhile(lambda: act(world))
    with pytest.raises(TooLate):
        world.save(Draft("t.A.1", 0, "met", commentary="Nearly in time"))
    with reading(world.engine) as connection:
        (kept,) = connection.execute(select(models.kept_draft.c.content)).scalars()
    assert kept["answers"][0]["commentary"] == "Nearly in time"
    assert world.count(models.answer) == world.count(models.answer_change) == 0


def test_a_longer_time_given_meanwhile_is_no_hindrance(world: World, meanwhile: Callable[[Act], list[str]]) -> None:
    world.save(Draft("t.A.1", 0, "met"))
    until = CLOSES + timedelta(days=1)
    meanwhile(lambda: run_cycle.extend(world.engine, world.return_of().id, until, "They asked", world.somebody, DURING))
    assert not world.save(Draft("t.A.1", 1, "not-met")).conflicts
    assert (world.opened().answer("t.A.1").value, world.return_of().extended_to) == ("not-met", until)


def test_a_return_reopened_meanwhile_takes_what_an_old_look_refused(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"))
    _submitted(world)
    seen = world.return_of()
    submit.reopen(world.engine, seen.id, "They asked", world.somebody, DURING)
    saved = save_answers.save_answers(
        world.engine, world.definitions, seen.id, [Draft("t.A.1", 1, "not-met")], world.somebody, DURING, seen
    )
    assert saved.changed == 1
    assert (world.opened().answer("t.A.1").value, world.return_of().state) == ("not-met", "reopened")
