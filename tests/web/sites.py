"""Sites on questionnaires of a test's own, or on those that ship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit_engine.definition.library import Library
from audit_engine.services.definitions import Definitions
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


@contextmanager
def site_with(
    folder: Path,
    url: str,
    *,
    questionnaires: Mapping[str, str],
    cycles: Mapping[str, str],
    partnership: str = PARTNERSHIP,
    opened: tuple[str, ...] = ("own",),
) -> Iterator[Web]:
    """Give a site of the tiny partnership with these questionnaires (text by ``folder/version``) and cycles."""
    instance = lay(folder, partnership=partnership, cycles=cycles, questionnaires=questionnaires)
    (folder / "questionnaires" / "facts.yaml").write_bytes((SHIPPED / "facts.yaml").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        app = create_app(instance, testing=True)
    engine, library = app.extensions["audit"].engine, Library(folder)
    app.extensions["audit"] = Site(engine, Definitions(library), instance)
    world = World(instance, engine, library).load()
    for cycle in opened:
        world.open(cycle)
    add_people(world)
    yield Web(app, world)
    engine.dispose()
