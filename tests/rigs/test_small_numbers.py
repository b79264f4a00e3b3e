"""Can a solver that reads every output of a survey work out what a few people said?"""

from __future__ import annotations

import pytest

from audit_engine.analysis.disclosure import SHOWN_AS
from tests.examples import examples
from tests.rigs.sabotage import SABOTAGE
from tests.rigs.small_numbers import attacked, noticed, rig_world
from tests.rigs.solver import Contradiction, Knowledge
from tests.rigs.survey_world import RigWorld, people, unlike

#: A survey in which each way of breaking it shows; the scores of few need a breakdown.
BROKEN = {name: 9 if name.startswith("scores") else 0 for name in SABOTAGE}
LOTS = [range(first, first + 10) for first in range(0, examples(100), 10)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> RigWorld:
    """A survey that is filled anew for each attack."""
    return rig_world(tmp_path_factory.mktemp("rig"))


@pytest.mark.parametrize("seeds", LOTS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_a_solver_finds_nothing_of_too_few_people(world: RigWorld, seeds: range) -> None:
    assert [found for seed in seeds for found in attacked(world, seed, thorough=False)] == []


@pytest.mark.parametrize("name, seed", BROKEN.items())
def test_the_solver_finds_a_leak_where_disclosure_control_is_broken(world: RigWorld, name: str, seed: int) -> None:
    assert noticed(world, name, [seed])


def test_every_audience_sees_the_same_and_open_data_rounded(world: RigWorld) -> None:
    world.fill(people(6))
    outputs = list(world.outputs())
    assert {output.audience for output in outputs} == {"panel", "agency", "public", "open-data"}
    assert list(unlike(outputs)) == []
    assert {"[c]", "[low]"} <= {f["percent"] for o in outputs for q in o.questions.values() for f in q["answers"]}
    assert SHOWN_AS["c"] == "[c]"


def test_the_solver_knows_the_least_and_the_most_of_a_sum() -> None:
    known = Knowledge()
    known.equal({"a": 1, "b": 1}, 7)
    known.learn({"a": 1}, 2, 6)
    assert known.widths([{"b": 1}, {"a": 1, "b": 1}], [9, 9]) == [(1, 5), (7, 7)]
    assert known.widths([{"b": 2}], [99]) == [(2, 10)]


def test_the_solver_says_when_what_is_published_cannot_be() -> None:
    known = Knowledge()
    known.equal({"a": 2}, 7)
    with pytest.raises(Contradiction):
        known.widths([{"a": 1}], [1])


def test_halves_of_people_are_left_out_only_by_a_thorough_attack() -> None:
    halves = Knowledge(whole_numbers=False)
    halves.equal({"a": 2}, 7)
    assert halves.widths([{"a": 1}], [1]) == [(3.5, 3.5)]
