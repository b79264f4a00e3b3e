"""The command line on a tiny partnership of a test's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from audit_engine.cli import main
from audit_engine.definition.library import Library
from tests.databases import SqliteDatabases
from tests.services.tiny import World, lay

Run = Callable[..., Result]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the tiny partnership's files."""
    return lay(tmp_path).root


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command as the shell does; a traceback fails the test."""
    for name in ("DATABASE_URL", "AUDIT_ROOT", "AUDIT_INSTANCE", "AUDIT_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments: str, place: bool = True, typed: str | None = None) -> Result:
        where = ["--root", str(root), "--instance", "tiny"] if place else []
        found = CliRunner().invoke(main, [*where, *arguments], input=typed)
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return found

    here = Path.cwd()
    yield invoke
    os.chdir(here)


@pytest.fixture
def world(root: Path, run: Run, sqlite_databases: SqliteDatabases) -> Iterator[World]:
    """The same partnership, loaded and open, for tests that need answers; its tables were made once for all."""
    instance = lay(root)
    home = root / "instances" / "tiny" / "var"
    home.mkdir()
    with sqlite_databases.fresh(home):
        engine = instance.open_database({})
        yield World(instance, engine, Library(root)).load()
        engine.dispose()
