"""Do the commands of surveys print what services found, in every format?"""

from __future__ import annotations

import csv
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.services.pulse import CYCLES, PULSE, YES, Pulse
from tests.services.tiny import World, lay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny partnership with its survey of people, and what others published."""
    shutil.copytree(ROOT / "instances" / "published", tmp_path / "instances" / "published")
    return lay(tmp_path, cycles=CYCLES, questionnaires={"pulse/1": PULSE}).root


@pytest.fixture
def pulse(world: World, root: Path) -> Pulse:
    lay(root, cycles=CYCLES, questionnaires={"pulse/1": PULSE})
    return Pulse(world.load()).open()


def test_an_open_survey_tells_its_turnout_alone(run: Run, pulse: Pulse) -> None:
    pulse.replies([YES] * 12)
    found = run("results", "pulse")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "still open, so only the turnout can be seen: 12 replies so far" in found.stderr
    assert "pulse                   open     12 replies" in run("cycles").stdout


def test_results_come_as_text_json_and_csv(run: Run, pulse: Pulse) -> None:
    pulse.replies([YES] * 30, "otters").replies([{"p.2": "no"}] * 20, "joint").close()
    text = run("results", "pulse").stdout
    assert "Asked 50, answered 50, counted 50." in text
    machine = json.loads(run("results", "pulse", "--by", "sector", "--format", "json").stdout)
    assert [(g["id"], g["replies"]) for g in machine["groups"]] == [("police", 20), ("education", 30)]
    rows = list(csv.DictReader(StringIO(run("results", "pulse", "--format", "csv").stdout)))
    (favourable,) = [row for row in rows if row["question"] == "p.2" and row["answer"] == "favourable"]
    assert (favourable["count"], favourable["percent"], favourable["base"]) == ("30", "60.0", "50")
    assert "Otter School" in run("results", "pulse", "--organisation", "otters").stdout.splitlines()[0]


@pytest.mark.parametrize(
    "arguments, sentence",
    [(("nothing",), "There is no cycle called “nothing”"), (("pulse", "--by", "p.2"), "fixed in advance"),
     (("pulse", "--organisation", "weasels"), "No replies came from an organisation called “weasels”")],
)  # fmt: skip
def test_what_cannot_be_shown_is_a_sentence(run: Run, pulse: Pulse, arguments: tuple[str, ...], sentence: str) -> None:
    pulse.replies([YES] * 12).close()
    found = run("results", *arguments)
    assert (found.exit_code, sentence in found.stderr) == (1, True)


def test_published_figures_are_printed_for_people_and_machines(run: Run) -> None:
    text = run("published").stdout
    assert "65.1% cannot come from 196 answers" in text and "127 of 195 would give it" in text
    assert len(json.loads(run("published", "--format", "json").stdout)) == 8


def test_without_published_figures_there_is_a_sentence(run: Run, root: Path) -> None:
    shutil.rmtree(root / "instances" / "published")
    found = run("published")
    assert (found.exit_code, found.stderr) == (1, "Error: There are no published figures in instances/published.\n")
