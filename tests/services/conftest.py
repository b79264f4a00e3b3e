"""What tests of services may ask for: the tiny partnership, with its cycles open or with own files; documents."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.definition.library import Library
from audit_engine.services.instance import Instance
from audit_engine.storage import engine as storage_engine
from tests.databases import POSTGRES_VARIABLE
from tests.folders import once_a_run
from tests.services.seeding import Seeded, on_each_kind
from tests.services.tiny import DEMO_DAY, THEN_OPENED, World, lay

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from audit_engine.reports.blocks import Document
    from audit_engine.services.demo import Demo
    from tests.databases import SqliteDatabases

SHIPPED = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Library]:
    """The tiny partnership's files, read once for all tests that leave them alone."""
    instance = lay(tmp_path_factory.mktemp("tiny"))
    return instance, Library(instance.root)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``world`` once on each kind of database."""
    on_each_kind(metafunc, "world")


@pytest.fixture(scope="session")
def opened(shared: tuple[Instance, Library], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """Databases in which both cycles are open, and nobody has answered."""

    def seed(url: str) -> None:
        world = World(shared[0], storage_engine.create(url), shared[1])
        world.load().open("tiny-2024", THEN_OPENED).open("tiny-2026")
        world.engine.dispose()

    server, worker = os.environ.get(POSTGRES_VARIABLE), os.environ.get("PYTEST_XDIST_WORKER", "alone")
    databases = Seeded(tmp_path_factory.mktemp("opened"), server, worker, seed)
    yield databases
    databases.forget()


@pytest.fixture
def world(shared: tuple[Instance, Library], opened: Seeded, database_kind: str, tmp_path: Path) -> Iterator[World]:
    """Both cycles are open, and nobody has answered."""
    with opened.fresh(database_kind, tmp_path) as url:
        world = World(shared[0], storage_engine.create(url), shared[1])
        yield world
        world.engine.dispose()


@pytest.fixture
def own_world(tmp_path: Path, engine: Engine) -> World:
    """Files that a test may change; nothing is loaded yet."""
    instance = lay(tmp_path)
    return World(instance, engine, Library(instance.root))


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """The documents that are written from now on; how they become Word files is for other tests."""
    from audit_engine.analysis import stability
    from audit_engine.services import issue_report

    seen: list[Document] = []

    def written(document: Document, _step: object) -> bytes:
        seen.append(document)
        return b"a document"

    monkeypatch.setattr(issue_report, "_written", written)
    monkeypatch.setattr(stability, "stability_checks", lambda *_: None)
    return seen


@pytest.fixture(scope="session")
def filled_demo(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases, worker_id: str
) -> Iterator[tuple[World, Demo]]:
    """The shipped demo, filled once a run and only to be read."""
    from audit_engine.services.demo import fill_demo

    def fill(root: Path) -> None:
        shutil.copytree(SHIPPED / "instances/demo", root / "instances/demo", ignore=shutil.ignore_patterns("var"))
        (root / "questionnaires").symlink_to(SHIPPED / "questionnaires")
        with sqlite_databases.fresh(root) as url, demo_world(root, url) as world:
            made = fill_demo(world.engine, world.library, world.instance, DEMO_DAY)
        (root / "made.pickle").write_bytes(pickle.dumps(made))

    root = once_a_run(tmp_path_factory, worker_id, "invented-demo", fill)
    with demo_world(root, f"sqlite:///{root / 'audit.sqlite3'}") as world:
        yield world, pickle.loads((root / "made.pickle").read_bytes())


@contextmanager
def demo_world(root: Path, url: str) -> Iterator[World]:
    """Open the demo that lies in a folder."""
    from audit_engine.services.instance import find_instance

    world = World(find_instance(root, "demo", {}), storage_engine.create(url), Library(root))
    yield world
    world.engine.dispose()
