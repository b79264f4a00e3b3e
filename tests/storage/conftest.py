"""What tests of storage may ask for: a database with a row in every table, shared by a module, and SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.storage import engine as storage_engine
from audit_engine.storage.engine import writing
from tests.storage.rows import fill

if TYPE_CHECKING:
    from sqlalchemy import Engine

KINDS = {"sqlite": ("sqlite",), "postgresql": ("postgresql",), "both": ("sqlite", "postgresql")}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``filled`` once on each kind of database asked for."""
    if "filled" in metafunc.fixturenames:
        kinds = KINDS[metafunc.config.getoption("--database")]
        marked = [pytest.param(k, marks=[pytest.mark.postgres] if k == "postgresql" else []) for k in kinds]
        metafunc.parametrize("filled", marked, indirect=True, scope="module")


@pytest.fixture(scope="module")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One row stands in every table; a test must leave it so."""
    databases = request.getfixturevalue("postgres_databases" if request.param == "postgresql" else "sqlite_databases")
    with databases.fresh(tmp_path_factory.mktemp("filled")) as url:
        opened = storage_engine.create(url)
        with writing(opened) as connection:
            fill(connection)
        yield opened
        opened.dispose()


@pytest.fixture
def sqlite_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database, for what only SQLite does."""
    databases = request.getfixturevalue("sqlite_databases")
    with databases.fresh(tmp_path) as url:
        opened = storage_engine.create(url)
        yield opened
        opened.dispose()
