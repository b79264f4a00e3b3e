"""Does the command print what the service found, in every format?"""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.services.seen import CYCLES, QUESTIONNAIRES, Seen
from tests.services.tiny import World, lay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny partnership with an audit, its staff survey and a survey of everybody."""
    return lay(tmp_path, cycles=CYCLES, questionnaires=QUESTIONNAIRES).root


@pytest.fixture
def seen(world: World, root: Path) -> Seen:
    lay(root, cycles=CYCLES, questionnaires=QUESTIONNAIRES)
    found = Seen(world.load()).open()
    found.replies("otters", 52, 8).replies("badgers", 12, 33).replies("joint", 20, 10)
    return found.returned("otters", "badgers", "joint").close()


def test_a_triangulation_comes_as_text_json_and_csv(run: Run, seen: Seen) -> None:
    text = run("triangulate", "seen-2026").stdout
    assert "Seen 2026 beside Staff 2026" in text
    assert "Badger School rated A.1 as met. 12 of 45 of its staff (27%)" in text
    assert "This does not show the criterion is unmet; it is a question for the panel." in text
    plain = json.loads(run("triangulate", "seen-2026", "--format", "json").stdout)
    assert plain["overall"]["claimed_not_seen"] == 2
    rows = list(csv.DictReader(StringIO(run("triangulate", "seen-2026", "--format", "csv").stdout)))
    assert len(rows) == 9


def test_one_class_and_one_organisation_can_be_asked_for(run: Run, seen: Seen) -> None:
    arguments = ("triangulate", "seen-2026", "--class", "claimed-not-seen", "--format", "csv")
    rows = list(csv.DictReader(StringIO(run(*arguments).stdout)))
    assert [(row["organisation"], row["criterion"]) for row in rows] == [("badgers", "s.A.1"), ("badgers", "s.A.2")]
    assert "Otter School" not in run("triangulate", "seen-2026", "--organisation", "badgers").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [(("nothing",), 1, "There is no cycle called “nothing”"), (("other-2026",), 1, "names no question"),
     (("seen-2026", "--class", "winners"), 2, "No class is called “winners”"),
     (("seen-2026", "--sector", "army"), 1, "No sector is called “army”")],
)  # fmt: skip
def test_what_cannot_be_shown_is_a_sentence(
    run: Run, seen: Seen, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    found = run("triangulate", *arguments)
    assert (found.exit_code, sentence in found.stderr) == (code, True)
