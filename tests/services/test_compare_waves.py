"""Are waves of one survey ordered by the moment at which each opened, and named so that they can be told apart?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import run_cycle
from audit_engine.services.browse_survey import earlier_waves
from audit_engine.services.compare_waves import compare_surveys, series_of_waves
from audit_engine.services.follow_trend import Family, follow_trend
from audit_engine.services.name_waves import named
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.storage.engine import reading
from tests.services.pulse import CYCLES, PULSE, YES, Pulse
from tests.services.tiny import World, lay

NO = {"p.2": "no"}
FIRST = datetime(2026, 9, 14, 8, tzinfo=UTC)
NAMES = ("pulse", "pulse-b", "pulse-c")
LATER = {name: CYCLES["pulse"].replace("cycle: pulse", f"cycle: {name}") for name in NAMES[1:]}


@pytest.fixture
def world(tmp_path: Path, engine: Engine) -> World:
    instance = lay(tmp_path, cycles=CYCLES | LATER, questionnaires={"pulse/1": PULSE})
    return World(instance, engine, Library(tmp_path)).load()


def wave(world: World, name: str, opened: datetime, yes: int, no: int) -> None:
    world.open(name, opened)
    Pulse(world, name).replies([YES] * yes + [NO] * no)
    run_cycle.close_cycle(world.engine, name, None, datetime(2026, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize(
    "second, labels",
    [
        (datetime(2027, 1, 4, 8, tzinfo=UTC), ("2026", "2027")),
        (datetime(2026, 11, 2, 8, tzinfo=UTC), ("September 2026", "November 2026")),
        (datetime(2026, 9, 21, 8, tzinfo=UTC), ("the wave of 14 September 2026", "the wave of 21 September 2026")),
        (datetime(2026, 9, 14, 13, 5, tzinfo=UTC),
         ("the wave of 14 September 2026 at 09:00", "the wave of 14 September 2026 at 14:05")),
    ],
    ids=["another year", "another month", "another day", "another hour"],
)  # fmt: skip
def test_two_waves_are_compared_and_told_apart_however_close_they_opened(
    second: datetime, labels: tuple[str, str], world: World
) -> None:
    wave(world, "pulse", FIRST, 20, 20)
    wave(world, "pulse-b", second, 36, 4)
    with reading(world.engine) as connection:
        found = compare_surveys(connection, world.definitions, "pulse", "pulse-b")
        assert [one.id for one in earlier_waves(connection, cycle_named(connection, "pulse-b"))] == ["pulse"]
    assert (found.then.label, found.now.label) == labels
    question = next(q for q in found.questions if q.id == "p.2")
    assert f"rose from 50% (20 of 40) in {labels[0]} to 90% (36 of 40) in {labels[1]}" in question.sentences[0].text


def test_what_opened_first_is_the_earlier_wave_whatever_was_planned(world: World) -> None:
    wave(world, "pulse-b", FIRST, 20, 20)
    wave(world, "pulse", datetime(2026, 10, 1, tzinfo=UTC), 36, 4)
    with reading(world.engine) as connection:
        assert compare_surveys(connection, world.definitions, "pulse-b", "pulse").now.cycle == "pulse"
        with pytest.raises(CycleRefused, match="Swap them"):
            compare_surveys(connection, world.definitions, "pulse", "pulse-b")


def test_waves_that_opened_at_one_moment_have_no_order(world: World) -> None:
    wave(world, "pulse", FIRST, 20, 20)
    wave(world, "pulse-b", FIRST, 36, 4)
    with reading(world.engine) as connection, pytest.raises(CycleRefused, match="neither is the earlier one"):
        compare_surveys(connection, world.definitions, "pulse", "pulse-b")


def test_three_waves_of_which_two_share_a_year_are_a_series_by_their_moments(world: World) -> None:
    openings = (FIRST, datetime(2027, 1, 4, tzinfo=UTC), datetime(2027, 9, 14, 8, tzinfo=UTC))
    for name, opened, yes in zip(NAMES, openings, (10, 20, 36), strict=True):
        wave(world, name, opened, yes, 40 - yes)
    with reading(world.engine) as connection:
        every = tuple(cycle_named(connection, name) for name in NAMES)
        found = series_of_waves(connection, world.definitions, NAMES)
        trend = follow_trend(connection, world.definitions, Family("pulse", "Pulse", every))
    assert found.labels == ("September 2026", "January 2027", "September 2027")
    question = next(q for q in trend.questions if q.id == "p.2")
    assert [point.label for point in question.points] == list(found.labels)
    assert "from September 2026 to September 2027" in question.sentences[0]
    scores = [one.year for one in named(every)]
    assert scores[0] == pytest.approx(2026.7, abs=0.01)
    assert scores[1] == pytest.approx(2027.01, abs=0.01)
    assert scores[2] - scores[0] == pytest.approx(1, abs=0.001)
