"""What tests of services may ask for: the tiny partnership, with its cycles open or with files of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.definition.library import Library
from audit_engine.services.instance import Instance
from tests.services.tiny import THEN_OPENED, World, lay

if TYPE_CHECKING:
    from sqlalchemy import Engine


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
