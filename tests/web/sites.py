"""Sites on questionnaires of a test's own, or on those that ship."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from audit_engine.definition.library import Library
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage import engine as storage_engine
from audit_engine.web import create_app
from audit_engine.web.site import Site
from tests.services.tiny import PARTNERSHIP, World, lay
from tests.web.browser import Web, add_people

SHIPPED = Path(__file__).parents[2] / "questionnaires"
LONG_OPEN = """
cycle: {cycle}
title: {title}
questionnaire: {questionnaire}
version: "{version}"
opens: 2026-09-14 09:00
closes: 2098-12-19 17:00
"""


def cycle_text(questionnaire: str, version: str, title: str = "", cycle: str = "own") -> str:
    """Return the file of a cycle that stays open."""
    return LONG_OPEN.format(cycle=cycle, title=title or questionnaire, questionnaire=questionnaire, version=version)


def shipped(questionnaire: str, version: str) -> str:
    """Return the text of a questionnaire that ships."""
    return (SHIPPED / questionnaire / f"{version}.yaml").read_text(encoding="utf-8")


def every_version(questionnaire: str) -> dict[str, str]:
    """Return the texts of all versions of a questionnaire that ships, by ``folder/version``."""
    files = sorted((SHIPPED / questionnaire).glob("*.yaml"))
    return {f"{questionnaire}/{file.stem}": shipped(questionnaire, file.stem) for file in files}


@contextmanager
def site_with(
    folder: Path,
    url: str,
    *,
    questionnaires: Mapping[str, str],
    cycles: Mapping[str, str],
    partnership: str = PARTNERSHIP,
    opened: tuple[str, ...] = ("own",),
    app: Flask | None = None,
) -> Iterator[Web]:
    """Give a site of the tiny partnership with these questionnaires (text by ``folder/version``) and cycles.

    With ``app`` the pages of that one are used: making another takes a while.
    """
    instance = lay(folder, partnership=partnership, cycles=cycles, questionnaires=questionnaires)
    (folder / "questionnaires" / "facts.yaml").write_bytes((SHIPPED / "facts.yaml").read_bytes())
    engine, library = storage_engine.create(url), Library(folder)
    app = app or _app(instance)
    app.extensions["audit"] = Site(engine, Definitions(library), instance)
    world = World(instance, engine, library).load()
    for cycle in opened:
        world.open(cycle)
    add_people(world)
    yield Web(app, world)
    engine.dispose()


def _app(instance: Instance) -> Flask:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{folder}/unused.sqlite3")
        app = create_app(instance, testing=True)
        app.extensions["audit"].engine.dispose()
    return app
