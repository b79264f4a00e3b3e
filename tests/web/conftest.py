"""What tests of the site may ask for: the tiny partnership's site, of a test's own or shared by a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.definition.library import Library
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.services.keep_people import password_hash
from audit_engine.web import create_app
from audit_engine.web.site import Site
from tests.services.tiny import PASSWORD, THEN_OPENED, World, lay
from tests.web.browser import Web, add_people

if TYPE_CHECKING:
    from tests.databases import SqliteDatabases


@pytest.fixture(scope="session")
def hashed() -> str:
    """PASSWORD's hash; making one is slow on purpose, so it is made once."""
    return password_hash(PASSWORD)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Library]:
    """The tiny partnership's files, read once for all tests that leave them alone."""
    instance = lay(tmp_path_factory.mktemp("tiny"))
    return instance, Library(instance.root)


def open_site(instance: Instance, library: Library, url: str, password: str) -> Web:
    """Return the site of an instance on that database, both cycles open and everybody of PEOPLE known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        app = create_app(instance, testing=True)
    engine = app.extensions["audit"].engine
    app.extensions["audit"] = Site(engine, Definitions(library), instance)
    world = World(instance, engine, library).load().open("tiny-2024", THEN_OPENED).open("tiny-2026")
    add_people(world, password)
    return Web(app, world)


@pytest.fixture
def web(shared: tuple[Instance, Library], database_url: str, hashed: str) -> Iterator[Web]:
    """A site of the test's own; nobody has answered."""
    opened = open_site(*shared, database_url, hashed)
    yield opened
    opened.world.engine.dispose()


@pytest.fixture
def own_web(tmp_path: Path, database_url: str, hashed: str) -> Iterator[Web]:
    """A site with files of its own, for tests that change them or make documents."""
    instance = lay(tmp_path)
    opened = open_site(instance, Library(instance.root), database_url, hashed)
    yield opened
    opened.world.engine.dispose()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases, hashed: str) -> Iterator[Web]:
    """A site shared by a module's tests, for those that ask what is shown and not what is kept.

    Three organisations submitted in 2024; in 2026 otters has submitted, badgers
    has started, joint has not.
    """
    folder = tmp_path_factory.mktemp("standing")
    instance = lay(folder)
    with sqlite_databases.fresh(folder) as url:
        opened = open_site(instance, Library(folder), url, hashed)
        for organisation in ("otters", "badgers", "joint"):
            opened.world.returned(organisation, "tiny-2024", {"t.A.1": "not-met"})
        opened.world.returned("otters", "tiny-2026")
        opened.world.answer("badgers", "tiny-2026", {})
        yield opened
        opened.world.engine.dispose()
