"""Does the command show a school's answers only with a reason, and say that the school will know?"""

from __future__ import annotations

from pathlib import Path

from audit_engine.definition.library import Library
from audit_engine.services.instance import Instance
from audit_engine.storage import engine as storage_engine
from tests.cli.conftest import Run
from tests.services.own import OFFICE, Schools, lay_own
from tests.services.tiny import World


def test_looking_needs_a_reason_and_is_shown_to_the_school(run: Run, root: Path, tmp_path: Path) -> None:
    lay_own(root)
    assert run("init").exit_code == 0
    instance = Instance(root, "tiny", "Tiny Partnership", True, "")
    engine = storage_engine.create(instance.database_url({}))
    schools = Schools(World(instance, engine, Library(root))).open("own-2026")
    schools.grade(schools.start(schools.school()), A1="embedded")
    engine.dispose()
    assert run("self-audit", "look", OFFICE).exit_code == 2
    out = tmp_path / "found.json"
    shown = run("self-audit", "look", OFFICE, "--why", "The school asked us to", "--out", str(out))
    assert shown.exit_code == 0 and "can see that you looked" in shown.output
    assert "The school asked us to" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o077 == 0
    assert run("self-audit", "look", "nobody@example.org", "--why", "x").exit_code == 1
