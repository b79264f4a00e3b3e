"""How do hundreds of tests get a database in which a cycle is open already, each its own?

The database is filled once a session and then copied, as ``tests.databases`` does with an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases, build, named

KINDS = {"sqlite": ("sqlite",), "postgresql": ("postgresql",), "both": ("sqlite", "postgresql")}
Seed = Callable[[str], None]


def on_each_kind(metafunc: pytest.Metafunc, fixture: str) -> None:
    """Run a test that takes ``fixture`` once on each kind of database asked for."""
    if fixture in metafunc.fixturenames and "database_url" not in metafunc.fixturenames:
        kinds = KINDS[metafunc.config.getoption("--database")]
        marked = [pytest.param(k, marks=[pytest.mark.postgres] if k == "postgresql" else []) for k in kinds]
        metafunc.parametrize("database_kind", marked, indirect=True)


class Seeded:
    """Databases that hold what ``seed`` put into the first of their kind."""

    def __init__(self, folder: Path, server: str | None, worker: str, seed: Seed) -> None:
        self.seed = seed
        self.sqlite = SqliteDatabases(folder)
        self.postgres = PostgresDatabases(server, f"{worker}_{folder.name}") if server else None

    @contextmanager
    def fresh(self, kind: str, folder: Path) -> Iterator[str]:
        """Give the address of a copy, dropped afterwards."""
        databases = self._on_postgres() if kind == "postgresql" else self._on_sqlite()
        with databases.fresh(folder) as url:
            yield url

    def _on_sqlite(self) -> SqliteDatabases:
        pattern = self.sqlite.folder / "pattern.sqlite3"
        if not pattern.exists():
            self._fill(f"sqlite:///{pattern}")
        return self.sqlite

    def _on_postgres(self) -> PostgresDatabases:
        assert self.postgres is not None
        if not self.postgres.pattern:
            self.postgres.pattern = f"{self.postgres.prefix}_pattern"
            self.postgres.execute(f"CREATE DATABASE {self.postgres.pattern}")
            self._fill(named(self.postgres.server, self.postgres.pattern))
        return self.postgres

    def _fill(self, url: str) -> None:
        build(url)
        self.seed(url)

    def forget(self) -> None:
        """Drop what a server that outlives the run would keep."""
        if self.postgres is not None:
            self.postgres.forget()
