"""Does compare take two waves of a survey as it takes two audits?"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.services.pulse import CYCLES, PULSE, YES, Pulse
from tests.services.tiny import World, lay

NO = {"p.2": "no"}
AGAIN = CYCLES["pulse"].replace("cycle: pulse", "cycle: pulse-2027").replace("2026-", "2027-").replace('"1"', '"2"')
#: The next version: p.2 in other words, everything else as it was.
SECOND = PULSE.replace('version: "1"', 'version: "2"\ncontinues: "1"')
SECOND = SECOND.replace("{id: p.", "{lineage: {relation: same}, id: p.")
SECOND = SECOND.replace("relation: same}, id: p.2,", "relation: reworded, reason: Says where.}, id: p.2,")
SECOND = SECOND.replace("Do you know who leads?", "Do you know who leads here?")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    questionnaires = {"pulse/1": PULSE, "pulse/2": SECOND}
    return lay(tmp_path, cycles=CYCLES | {"pulse-2027": AGAIN}, questionnaires=questionnaires).root


@pytest.fixture
def waves(world: World, root: Path) -> Pulse:
    """Of forty people twenty knew in 2026, of forty others thirty-four in 2027."""
    first = Pulse(world.load()).open()
    first.replies([YES] * 20 + [NO] * 20).close()
    world.open("pulse-2027", datetime(2027, 9, 14, 8, tzinfo=UTC))
    Pulse(world, "pulse-2027").replies([YES] * 34 + [NO] * 6).close()
    return first


def test_a_reworded_question_stands_in_both_wordings_and_is_not_like_for_like(run: Run, waves: Pulse) -> None:
    text = run("compare", "pulse", "pulse-2027").stdout
    assert "Asked in 2026: Do you know who leads?" in text
    assert "Asked in 2027: Do you know who leads here?" in text
    assert "not directly comparable" in text
    assert "50.0%" in text.replace("50%", "50.0%") and "(34 of 40)" in text


def test_waves_come_as_json_and_csv_too(run: Run, waves: Pulse) -> None:
    machine = json.loads(run("compare", "pulse", "pulse-2027", "--format", "json").stdout)
    assert (machine["then"]["label"], machine["now"]["label"]) == ("2026", "2027")
    rows = list(csv.DictReader(StringIO(run("compare", "pulse", "pulse-2027", "--format", "csv").stdout)))
    (favourable,) = [r for r in rows if (r["question"], r["answer"]) == ("p.2", "favourable")]
    assert (favourable["count_then"], favourable["count_now"], favourable["comparable"]) == ("20", "34", "False")


@pytest.mark.parametrize(
    "arguments, code, sentence",
    [
        (("pulse-2027", "pulse"), 1, "not before Pulse 2026. Swap them."),
        (("pulse-2027", "tiny-2026"), 1, "ask different things (pulse and tiny), so there is nothing to compare."),
        (("pulse", "pulse"), 1, "cannot be compared with itself"),
        (("nothing", "pulse"), 1, "There is no cycle called “nothing”"),
        (("pulse", "pulse-2027", "--sector", "police"), 2, "--sector narrows audits"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(
    run: Run, waves: Pulse, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    found = run("compare", *arguments)
    assert (found.exit_code, sentence in found.stderr) == (code, True), found.stderr


def test_a_wave_that_is_still_open_is_not_compared(run: Run, world: World, root: Path) -> None:
    Pulse(world.load()).open().replies([YES] * 20).close()
    world.open("pulse-2027", datetime(2027, 9, 14, 8, tzinfo=UTC))
    found = run("compare", "pulse", "pulse-2027")
    assert (found.exit_code, "still open, so only the turnout can be seen" in found.stderr) == (1, True)


def test_an_audit_is_not_a_wave_of_a_survey_in_any_order(run: Run, world: World, waves: Pulse) -> None:
    world.open("tiny-2026")
    for pair in (("tiny-2026", "pulse-2027"), ("pulse-2027", "tiny-2026")):
        found = run("compare", *pair)
        assert (found.exit_code, "Swap them" in found.stderr) == (1, False)
        assert "ask different things" in found.stderr
