"""What tests of the site may ask for: the tiny partnership's site, of a test's own or shared by a module."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from audit_engine.definition.library import Library
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage import engine as storage_engine
from audit_engine.web import create_app
from audit_engine.web.site import Site
from tests.databases import POSTGRES_VARIABLE
from tests.services.seeding import Seeded, on_each_kind
from tests.services.tiny import PASSWORD, THEN_OPENED, World, lay
from tests.web.browser import Web, add_people


@pytest.fixture(scope="session")
def hashed() -> str:
    """PASSWORD's hash, made once and cheaply: checking it is as slow as it says of itself."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Library]:
    """The tiny partnership's files, read once for all tests that leave them alone."""
    instance = lay(tmp_path_factory.mktemp("tiny"))
    return instance, Library(instance.root)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``web`` or ``own_web`` once on each kind of database."""
    on_each_kind(metafunc, "web")
    on_each_kind(metafunc, "own_web")


def make_app(instance: Instance) -> Flask:
    """Make a site whose own database is thrown away at once; every test gives it another."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{folder}/unused.sqlite3")
        app = create_app(instance, testing=True)
        app.extensions["audit"].engine.dispose()
    return app


# Templates are compiled once a site, so a session makes two: one for tests with a database of their own, one for
# those that share a module's.
@pytest.fixture(scope="session")
def changing_app(shared: tuple[Instance, Library]) -> Flask:
    return make_app(shared[0])


@pytest.fixture(scope="session")
def standing_app(shared: tuple[Instance, Library]) -> Flask:
    return make_app(shared[0])


def site_on(app: Flask, instance: Instance, library: Library, url: str) -> Web:
    """Give a site this database and these files."""
    engine = storage_engine.create(url)
    app.extensions["audit"] = Site(engine, Definitions(library), instance)
    return Web(app, World(instance, engine, library))


def populate(world: World, password: str) -> World:
    """Load the files, open both cycles and add everybody of PEOPLE."""
    world.load().open("tiny-2024", THEN_OPENED).open("tiny-2026")
    add_people(world, password)
    return world


@pytest.fixture(scope="session")
def populated(
    shared: tuple[Instance, Library], hashed: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Seeded]:
    """Databases in which both cycles are open and everybody of PEOPLE is known."""

    def seed(url: str) -> None:
        engine = storage_engine.create(url)
        populate(World(shared[0], engine, shared[1]), hashed)
        engine.dispose()

    server, worker = os.environ.get(POSTGRES_VARIABLE), os.environ.get("PYTEST_XDIST_WORKER", "alone")
    databases = Seeded(tmp_path_factory.mktemp("populated"), server, worker, seed)
    yield databases
    databases.forget()


@pytest.fixture
def web(
    shared: tuple[Instance, Library], changing_app: Flask, populated: Seeded, database_kind: str, tmp_path: Path
) -> Iterator[Web]:
    """A site with a database of the test's own; nobody has answered."""
    with populated.fresh(database_kind, tmp_path) as url:
        opened = site_on(changing_app, *shared, url)
        yield opened
        opened.world.engine.dispose()


@pytest.fixture
def own_web(changing_app: Flask, populated: Seeded, database_kind: str, tmp_path: Path) -> Iterator[Web]:
    """The same with files of the test's own, for tests that change them or make documents."""
    with populated.fresh(database_kind, tmp_path) as url:
        instance = lay(tmp_path)
        opened = site_on(changing_app, instance, Library(instance.root), url)
        yield opened
        opened.world.engine.dispose()


@pytest.fixture(scope="module")
def standing(
    tmp_path_factory: pytest.TempPathFactory, populated: Seeded, standing_app: Flask, shared: tuple[Instance, Library]
) -> Iterator[Web]:
    """A site shared by a module's tests, for those that ask what is shown and not what is kept.

    Three organisations submitted in 2024; in 2026 otters has submitted, badgers
    has started, joint has not.
    """
    with populated.fresh("sqlite", tmp_path_factory.mktemp("standing")) as url:
        opened = site_on(standing_app, *shared, url)
        for organisation in ("otters", "badgers", "joint"):
            opened.world.returned(organisation, "tiny-2024", {"t.A.1": "not-met"})
        opened.world.returned("otters", "tiny-2026")
        opened.world.answer("badgers", "tiny-2026", {})
        yield opened
        opened.world.engine.dispose()
