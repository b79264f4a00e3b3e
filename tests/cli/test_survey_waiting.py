"""Do the commands that look after sealed replies say what is the matter, and leave out only what is lost?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.storage.engine import writing
from tests.cli.conftest import Run
from tests.services.pulse import CYCLES, PULSE, YES, Pulse
from tests.services.tiny import World, lay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny partnership with its survey of people."""
    return lay(tmp_path, cycles=CYCLES, questionnaires={"pulse/1": PULSE}).root


@pytest.fixture
def pulse(world: World) -> Pulse:
    lay(world.instance.root, cycles=CYCLES, questionnaires={"pulse/1": PULSE})
    return Pulse(world.load()).open()


def test_replies_that_wait_are_counted_and_nothing_is_left_out_that_can_be_opened(run: Run, pulse: Pulse) -> None:
    assert run("survey", "waiting").stdout == "No replies wait.\n"
    pulse.reply(YES)
    found = run("survey", "waiting")
    assert (found.exit_code, found.stdout) == (0, "pulse: 1 reply waits; all can be opened.\n")
    assert "0 replies were left out" in run("survey", "leave-out", "pulse", "--reason", "To try", "--yes").stdout
    assert len(pulse.rows("survey_sealed_reply")) == 1


def test_replies_that_cannot_be_opened_are_told_and_left_out_with_a_reason(run: Run, pulse: Pulse) -> None:
    pulse.reply(YES)
    with writing(pulse.engine) as connection:
        connection.exec_driver_sql("UPDATE survey_sealed_reply SET organisation_id = 'badgers'")
    found = run("survey", "waiting")
    assert (found.exit_code, "1 cannot be opened" in found.stdout) == (1, True)
    assert run("survey", "leave-out", "pulse", "--yes").exit_code == 2, "a reason is needed"
    assert run("survey", "leave-out", "pulse", "--reason", "x", typed="n\n").exit_code == 1
    assert len(pulse.rows("survey_sealed_reply")) == 1
    left = run("survey", "leave-out", "pulse", "--reason", "Changed by hand", "--yes")
    assert left.stdout == "1 reply was left out. pulse can be closed now.\n"
    assert pulse.rows("survey_sealed_reply") == []


def test_a_cycle_that_is_not_there_is_told(run: Run, pulse: Pulse) -> None:
    found = run("survey", "leave-out", "nothing", "--reason", "x", "--yes")
    assert (found.exit_code, "There is no cycle called" in found.stderr) == (1, True)
