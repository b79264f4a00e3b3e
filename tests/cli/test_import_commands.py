"""Do the commands of imports say what they will do, do it, and take it back?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.exchange.exports import microsoft_forms, survey_monkey, write
from tests.services.pulse import CYCLES, PULSE, Pulse
from tests.services.test_import_answers import many
from tests.services.tiny import World, lay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay(tmp_path, cycles=CYCLES, questionnaires={"pulse/1": PULSE}).root


@pytest.fixture
def pulse(world: World, root: Path) -> Pulse:
    return Pulse(world.load())


def test_a_dry_run_shows_everything_and_changes_nothing(run: Run, pulse: Pulse, root: Path) -> None:
    path = write(root / "forms.csv", microsoft_forms(many(2)))
    found = run("import", "answers", str(path), "--cycle", "pulse", "--dry-run")
    assert found.exit_code == 0
    for said in ("12 replies in 12 rows (0 blank, 0 refused).", "written by Microsoft Forms; one row of headings",
                 "These columns were not taken:", "it may say who answered", "This can be undone as one"):  # fmt: skip
        assert said in found.stdout
    assert pulse.rows("survey_reply") == [] and pulse.rows("answer_import") == []


def test_it_asks_before_it_brings_in(run: Run, pulse: Pulse, root: Path) -> None:
    path = write(root / "forms.csv", microsoft_forms(many(2)))
    assert run("import", "answers", str(path), "--cycle", "pulse", typed="n\n").exit_code == 1
    assert pulse.rows("answer_import") == []
    found = run("import", "answers", str(path), "--cycle", "pulse", typed="y\n")
    assert "Brought in 12 replies, as import 1. The survey is closed" in found.stdout
    assert "pulse                   closed   12 replies" in run("cycles").stdout


def test_a_suggested_mapping_is_edited_and_used(run: Run, pulse: Pulse, root: Path) -> None:
    rows = survey_monkey(many(2))
    rows[0] = [cell.replace("Do you know who leads?", "Who is in charge?") for cell in rows[0]]
    path = write(root / "monkey.xlsx", rows)
    text = run("import", "answers", str(path), "--cycle", "pulse", "--suggest-mapping").stdout
    said = '    not_taken: "no question of the survey has these words"'
    assert text.count(said) == 1
    (root / "m.yaml").write_text(text.replace(said, "    question: p.2"), encoding="utf-8")
    arguments = ("import", "answers", str(path), "--cycle", "pulse", "--mapping", str(root / "m.yaml"), "--yes")
    assert "Who is in charge? -> Do you know who leads?" in run(*arguments).stdout
    assert len(pulse.rows("survey_reply")) == 12


def test_imports_are_listed_and_undone(run: Run, pulse: Pulse, root: Path) -> None:
    assert "No file was brought in." in run("import", "list", "pulse").stdout
    path = write(root / "forms.csv", microsoft_forms(many(2)))
    run("import", "answers", str(path), "--cycle", "pulse", "--organisation", "otters", "--yes")
    listed = run("import", "list", "pulse").stdout
    assert "forms.csv  12 replies" in listed and "It can be undone." in listed
    assert "Took the 12 replies of forms.csv out again." in run("import", "undo", "1", "--reason", "Wrong one").stdout
    assert "It was undone." in run("import", "list", "pulse").stdout


@pytest.mark.parametrize(
    "content, arguments, sentence",
    [("%PDF-1.7", (), "This is a PDF"), ("ID,Q\n1,a\n", ("--organisation", "weasels"), "No organisation has the id"),
     ("ID,Q\n1,a\n", ("--yes",), "holds no reply that can be taken in")],
)  # fmt: skip
def test_what_cannot_be_brought_in_is_a_sentence(
    content: str, arguments: tuple[str, ...], sentence: str, run: Run, pulse: Pulse, root: Path
) -> None:
    (root / "a.csv").write_text(content, encoding="utf-8")
    found = run("import", "answers", str(root / "a.csv"), "--cycle", "pulse", *arguments)
    assert (found.exit_code, sentence in found.stderr) == (1, True)
