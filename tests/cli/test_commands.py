"""Does every command do its work, end with the right code, and say what is wrong in one sentence?"""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import click
import pytest

from audit_engine.cli import main
from audit_engine.services import demo as demo_service
from audit_engine.services import demo_returns
from audit_engine.services.save_answers import Draft
from audit_engine.storage import models, outbox
from audit_engine.storage.engine import writing
from tests.cli.conftest import Run
from tests.services.tiny import CYCLES, DURING, NOW_ASKED, PASSWORD, THEN_OPENED, World

COMMANDS = (
    "check", "compare", "cycles", "demo", "diff", "export", "export-tidy", "import", "init", "mail", "pictures",
    "published", "report",
    "results", "schema", "self-audit", "serve", "survey", "triangulate", "user", "worker",
)  # fmt: skip


@pytest.fixture
def returned(world: World) -> World:
    """Both cycles are open; otters returned both times."""
    world.open("tiny-2024", THEN_OPENED).open("tiny-2026")
    world.returned("otters", "tiny-2024", {"t.A.1": "not-met"})
    world.returned("otters", "tiny-2026")
    return world


def refused(run: Run, *arguments: str, code: int = 1, place: bool = True) -> str:
    """Run a command that must end in a sentence, and return it."""
    found = run(*arguments, place=place)
    assert found.exit_code == code, found.output
    assert "Traceback" not in found.output
    assert found.stderr.startswith("Error: " if code == 1 else "Usage: ")
    return found.stderr.strip()


# --- what every command promises ----------------------------------------------


def test_the_commands_are_those_that_were_promised() -> None:
    assert set(COMMANDS) <= set(main.commands)


def test_every_command_is_in_the_table_of_this_file() -> None:
    assert set(main.commands) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    for option in ("--help", "-h"):
        found = run(command, option, place=False)
        assert found.exit_code == 0
        assert len(found.stdout.split("\n")[2].strip()) > 20


@pytest.mark.parametrize("group", ["", *(name for name, one in main.commands.items() if isinstance(one, click.Group))])
def test_a_list_of_commands_cuts_no_sentence_short(run: Run, group: str) -> None:
    listed = run(*([group] if group else []), "--help", place=False).stdout.partition("Commands:\n")[2].splitlines()
    assert listed
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("compare",), ("compare", "tiny-2024"), ("compare", "a", "b", "--format", "xml"),
     ("cycles", "--format", "csv"), ("export",), ("diff", "section-11"), ("report", "poem", "tiny-2026"),
     ("demo", "--organisations", "many"),
     ("demo", "--organisations", "0"), ("serve", "--port", "0"), ("cycles", "--nonsense"), ("user", "add", "a@b.org"),
     ("diff", "section-11", "section-11@2024")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_two_and_the_usage(run: Run, arguments: tuple[str, ...]) -> None:
    said = refused(run, *arguments, code=2)
    assert "Error: " in said


@pytest.mark.parametrize(
    "command", [("cycles",), ("init",), ("compare", "a", "b"), ("export", "a"), ("user", "list"), ("demo",)]
)
def test_an_unknown_instance_is_refused_with_those_that_there_are(
    run: Run, root: Path, command: tuple[str, ...]
) -> None:
    said = refused(run, "--root", str(root), "--instance", "atlantis", *command, place=False)
    assert said == "Error: There is no instance called “atlantis”. Instances: tiny."


def test_an_unknown_root_is_refused(run: Run, tmp_path: Path) -> None:
    assert "holds no folder called instances" in refused(run, "--root", str(tmp_path / "x"), "cycles", place=False)


def test_a_database_of_another_kind_or_one_that_is_away_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@db/x")
    said = refused(run, "cycles")
    assert "use sqlite:///FILE or postgresql://" in said
    assert "hunter2" not in said
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all/audit.sqlite3")
    assert "unable to open" in refused(run, "cycles") or "No such file" in refused(run, "cycles")


def test_a_broken_partnership_file_is_told_with_its_place(run: Run, root: Path) -> None:
    (root / "instances/tiny/partnership.yaml").write_text("partnership: [")
    assert "partnership.yaml:2:1 " in refused(run, "init")


# --- questionnaires -----------------------------------------------------------


def test_sound_questionnaires_are_checked_with_zero(run: Run) -> None:
    found = run("check")
    assert found.exit_code == 0
    assert "tiny" in found.stdout


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"questionnaire: [", NOW_ASKED.replace("scale: met", "scale: mat").encode(),
     b"a: " + b"[" * 9000,     NOW_ASKED.replace("[t.A.3, t.A.4]", "[t.A.3, t.Z.9]").encode(), b"x: 1\n" * 10, b"- 1\n",
     NOW_ASKED.replace("organisation.direct_work", "open('/etc/passwd')", 1).encode()],
    ids=["empty", "binary", "broken", "unknown scale", "deep", "unknown ancestor", "twice", "a list", "a call"],
)  # fmt: skip
def test_a_faulty_questionnaire_ends_with_one_and_says_where(run: Run, root: Path, content: bytes) -> None:
    file = root / "questionnaires/tiny/2026.yaml"
    file.write_bytes(content)
    found = run("check")
    assert found.exit_code == 1
    assert "Traceback" not in found.output
    assert "questionnaires/tiny/2026.yaml:" in found.stdout
    plain = run("check", "--format", "json")
    assert plain.exit_code == 1
    assert "2026.yaml" in json.dumps(json.loads(plain.stdout))


def test_one_file_may_be_checked_alone_and_one_that_is_not_there_is_a_sentence(run: Run, root: Path) -> None:
    (root / "questionnaires/tiny/2026.yaml").write_text("broken: [")
    assert run("check", str(root / "questionnaires/tiny/2024.yaml")).exit_code == 0
    assert run("check", str(root / "questionnaires/tiny/2026.yaml")).exit_code == 1
    gone = run("check", str(root / "questionnaires/tiny/1999.yaml"))
    assert gone.exit_code == 1
    assert "1999.yaml" in gone.output
    assert "Traceback" not in gone.output


def test_the_schema_is_a_json_schema(run: Run) -> None:
    found = json.loads(run("schema").stdout)
    assert found["$schema"].startswith("https://json-schema.org/")


def test_what_changed_is_told_in_words_and_unknown_versions_in_a_sentence(run: Run) -> None:
    found = run("diff", "tiny@2024", "tiny@2026")
    assert found.exit_code == 0
    assert "B.1" in found.stdout
    assert "no version “1999” of tiny" in refused(run, "diff", "tiny@1999", "tiny@2026")
    assert "no questionnaire “tine”" in refused(run, "diff", "tine@2024", "tiny@2026")


# --- the database -------------------------------------------------------------


def test_loading_is_safe_to_repeat_and_says_what_is_there(run: Run) -> None:
    for _ in range(2):
        found = run("init")
        assert (found.exit_code, found.stdout) == (0, "Tiny Partnership: 5 organisations and 2 cycles loaded.\n")


def test_cycles_are_listed_for_people_and_for_machines(run: Run, returned: World) -> None:
    lines = run("cycles").stdout.splitlines()
    assert [line.split()[:5] for line in lines] == [
        ["tiny-2026", "open", "1", "of", "4"], ["tiny-2024", "open", "1", "of", "4"],
    ]  # fmt: skip
    plain = json.loads(run("cycles", "--format", "json").stdout)
    assert [c["cycle"] for c in plain] == ["tiny-2026", "tiny-2024"]
    assert plain[0]["returns"]["submitted"] == 1


def test_where_there_are_no_cycles_yet_the_next_step_is_told(run: Run) -> None:
    assert run("cycles").stdout == "There are no cycles yet. Run: audit-engine init\n"


def test_a_comparison_comes_as_text_json_and_csv(run: Run, returned: World) -> None:
    text = run("compare", "tiny-2024", "tiny-2026")
    assert text.exit_code == 0
    assert text.stdout.startswith("Tiny 2026 compared with Tiny 2024, final ratings\n")
    plain = json.loads(run("compare", "tiny-2024", "tiny-2026", "--format", "json").stdout)
    assert (plain["gained"], plain["lost"], plain["net"]) == (1, 0, 1)
    assert {"matched", "counts", "widened_narrowed", "reconciliation", "measures", "not_compared"} <= set(plain)
    rows = list(csv.DictReader(StringIO(run("compare", "tiny-2024", "tiny-2026", "--format", "csv").stdout)))
    assert rows[0]["gained"] == "1"
    narrowed = run("compare", "tiny-2024", "tiny-2026", "--area", "south", "--basis", "self", "--format", "json")
    assert json.loads(narrowed.stdout)["filters"]["area"] == "south"
    assert json.loads(narrowed.stdout)["basis"] == "self"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("tiny-1999", "tiny-2026"), "There is no cycle called “tiny-1999”. Cycles: tiny-2026, tiny-2024."),
        (("tiny-2024", "tiny-2099"), "There is no cycle called “tiny-2099”."),
        (("tiny-2026", "tiny-2024"), "Swap them."),
        (("tiny-2024", "tiny-2026", "--area", "west"), "No area is called “west”. There are: north, south."),
        (("tiny-2024", "tiny-2026", "--tag", "fun"), "No tag is called “fun”."),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(
    run: Run, returned: World, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(run, "compare", *arguments)


def test_an_export_goes_to_the_screen_or_whole_into_a_file(run: Run, returned: World, tmp_path: Path) -> None:
    returned.save(Draft("t.A.1", 0, "met", commentary="=1+1"), organisation="badgers")
    shown = list(csv.DictReader(StringIO(run("export", "tiny-2026").stdout)))
    out = tmp_path / "out.json"
    found = run("export", "tiny-2026", "--format", "json", "--out", str(out))
    assert found.stdout == f"Wrote {len(shown)} rows to {out}.\n"
    assert len(json.loads(out.read_text())) == len(shown)
    assert [r["commentary"] for r in shown if r["organisation"] == "badgers"] == ["'=1+1"]
    assert "There is no cycle called “tiny-1999”" in refused(run, "export", "tiny-1999")
    assert refused(run, "export", "tiny-2026", "--out", str(tmp_path / "no" / "such" / "folder.csv"))


def test_a_cycle_that_was_not_opened_is_neither_exported_nor_reported(run: Run, world: World, tmp_path: Path) -> None:
    for command in (("export", "tiny-2026"), ("report", "analysis", "tiny-2026", "--out", str(tmp_path / "r.docx"))):
        assert "has not been opened yet" in refused(run, *command)
    assert not (tmp_path / "r.docx").exists()


@pytest.mark.word
def test_a_report_is_written_where_it_is_wanted(run: Run, returned: World, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    found = run("report", "analysis", "tiny-2026", "--out", str(out))
    assert found.exit_code == 0
    assert found.stdout.startswith(f"Wrote {out} with ")
    assert out.read_bytes().startswith(b"PK")
    assert returned.count(models.report) == 1
    assert "No area is called “west”" in refused(run, "report", "analysis", "tiny-2026", "--area", "west")
    assert "There is no cycle called" in refused(run, "report", "analysis", "tiny-1999")


# --- people, work, the demo ---------------------------------------------------

ADD = ("user", "add", "ada@example.org", "--name", "Ada", "--role", "organisation-lead", "--organisation", "otters")


def test_people_are_added_listed_and_reset(run: Run, world: World) -> None:
    added = run(*ADD, "--password", PASSWORD)
    assert (added.exit_code, added.stdout) == (0, "ada@example.org can sign in.\n")
    assert run("user", "list").stdout.split() == ["ada@example.org", "organisation-lead", "otters"]
    reset = run("user", "reset", "ada@example.org", "--password", "another " + PASSWORD)
    assert (reset.exit_code, reset.stdout) == (0, "ada@example.org can sign in with the new password.\n")


def test_a_password_is_asked_for_twice_and_never_shown(run: Run, world: World) -> None:
    added = run(*ADD, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert added.exit_code == 0
    assert PASSWORD not in added.output
    assert PASSWORD not in str([added.stdout, added.stderr])


@pytest.mark.parametrize(
    "change, said",
    [
        ({"--role": "king"}, "There is no role called “king”. Roles: administrator"),
        ({"--organisation": "stoats"}, "No organisation is called “stoats”."),
        ({"--role": "executive"}, "is not held in one organisation"),
        ({"--password": "short"}, "at least 12 characters"),
        ({"--name": " "}, "Give the person's name."),
        ({"email": "ada"}, "“ada” is not an e-mail address."),
    ],
)
def test_somebody_who_does_not_fit_is_a_sentence(run: Run, world: World, change: dict[str, str], said: str) -> None:
    given = {"--name": "Ada", "--role": "organisation-lead", "--organisation": "otters", "--password": PASSWORD}
    email = change.pop("email", "ada@example.org")
    options = [part for pair in (given | change).items() for part in pair]
    assert said in refused(run, "user", "add", email, *options)
    assert world.count(models.person) == 0


def test_a_reset_of_nobody_is_a_sentence(run: Run, world: World) -> None:
    assert "Nobody has the e-mail address" in refused(run, "user", "reset", "x@y.org", "--password", PASSWORD)


def test_the_worker_does_what_waits_once(run: Run, returned: World) -> None:
    assert (run("worker", "--once").exit_code, run("worker", "--once").stdout) == (0, "")
    with writing(returned.engine) as connection:
        payload = {"cycle": "tiny-2026", "kind": "analysis", "area": None}
        number = outbox.ask(connection, "report", "k", payload, None, DURING)
    assert run("worker", "--once").stdout == f"Work {number}: done.\n"
    assert run("worker", "--once").stdout == ""


def test_invented_answers_are_refused_by_a_real_partnership(run: Run, root: Path) -> None:
    file = root / "instances/tiny/partnership.yaml"
    file.write_text(file.read_text().replace("invented: true, ", ""))
    for options in ((), ("--reset",)):
        assert "is a real partnership" in refused(run, "demo", *options)
    assert not (root / "instances/tiny/var").exists()


def test_the_demo_tells_how_to_sign_in_and_a_second_run_keeps_it(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_service, "LEADS", {"otters": "lead@demo.example.org"})
    monkeypatch.setattr(demo_returns, "OPEN_FATES", {})
    first = run("demo", "--organisations", "7")
    assert first.exit_code == 0
    assert first.stdout.startswith("Made the invented demo: 7 organisations, ")
    ways_in = dict(re.findall(r"^  (.+?)  +(\S+@\S+)", first.stdout, re.MULTILINE))
    assert list(ways_in.items())[:3] == [
        ("Organisation lead", "lead@demo.example.org"), ("Business team", "business@demo.example.org"),
        ("Second coder of themes", "second.coder@demo.example.org"),
    ]  # fmt: skip
    assert "Schools and nurseries need no password: ask at /self-audit for a link to " in first.stdout
    second = run("demo")
    assert second.stdout.startswith("The demo is there already, with 7 organisations; nothing was changed.")
    assert "has no organisation called stoats" in refused_for(run, monkeypatch, "stoats")
    monkeypatch.setattr(demo_service, "LEADS", {"otters": "lead@demo.example.org"})
    again = run("demo", "--reset")
    assert again.stdout.startswith("Made the invented demo: 5 organisations, ")


def refused_for(run: Run, monkeypatch: pytest.MonkeyPatch, organisation: str) -> str:
    """Start the demo over where the organisation that its people lead is missing."""
    monkeypatch.setattr(demo_service, "LEADS", {organisation: "lead@demo.example.org"})
    return refused(run, "demo", "--reset")


def test_files_decide_until_a_cycle_is_open(run: Run, root: Path, world: World) -> None:
    world.open("tiny-2026")
    file = root / "instances/tiny/cycles/tiny-2026.yaml"
    file.write_text(CYCLES["tiny-2026"].replace("title: Tiny 2026", "title: Other"))
    found = run("init")
    assert found.exit_code == 0
    assert "Tiny 2026 was opened, so its file no longer changes it." in found.stdout
