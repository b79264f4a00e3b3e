"""What tests of services may ask for: the tiny partnership, with its cycles open or with files of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.definition.library import Library
from audit_engine.services.instance import Instance
from tests.services.tiny import DEMO_DAY, THEN_OPENED, World, lay

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from audit_engine.services.demo import Demo
    from tests.databases import SqliteDatabases

SHIPPED = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Library]:
    """The tiny partnership's files, read once for all tests that leave them alone."""
    instance = lay(tmp_path_factory.mktemp("tiny"))
    return instance, Library(instance.root)


@pytest.fixture
def world(shared: tuple[Instance, Library], engine: Engine) -> World:
    """Both cycles are open, and nobody has answered."""
    instance, library = shared
    return World(instance, engine, library).load().open("tiny-2024", THEN_OPENED).open("tiny-2026")


@pytest.fixture
def own_world(tmp_path: Path, engine: Engine) -> World:
    """Files that a test may change; nothing is loaded yet."""
    instance = lay(tmp_path)
    return World(instance, engine, Library(instance.root))


@pytest.fixture(scope="session")
def filled_demo(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases
) -> Iterator[tuple[World, Demo]]:
    """The shipped demo, filled once and only to be read."""
    from audit_engine.services.demo import fill_demo
    from audit_engine.services.instance import find_instance
    from audit_engine.storage import engine as storage_engine

    root = tmp_path_factory.mktemp("demo")
    (root / "questionnaires").symlink_to(SHIPPED / "questionnaires")
    shutil.copytree(SHIPPED / "instances/demo", root / "instances/demo", ignore=shutil.ignore_patterns("var"))
    instance = find_instance(root, "demo", {})
    with sqlite_databases.fresh(root) as url:
        world = World(instance, storage_engine.create(url), Library(root))
        yield world, fill_demo(world.engine, world.library, instance, DEMO_DAY)
        world.engine.dispose()
