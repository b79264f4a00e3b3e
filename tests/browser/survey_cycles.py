"""Surveys of a browser test's own: planned beside those of the demonstration, with their links and their turnout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.services import clock, run_survey
from audit_engine.services.init_instance import init_instance
from audit_engine.services.instance import find_instance
from audit_engine.storage.engine import reading
from tests.browser.running_site import RunningSite

CYCLE = """
cycle: {name}
title: "{title}"
questionnaire: {questionnaire}
version: "{version}"
opens: 2026-09-14 09:00
closes: 2098-12-18 17:00
organisations: [{organisations}]
"""


def plan(
    site: RunningSite, library: Library, cycles: Mapping[str, Questionnaire], organisations: Sequence[str] = ()
) -> list[str]:
    """Load cycles of these names and return the names; with no organisations, one link serves everybody."""
    instance = find_instance(site.root, "demo", {})
    files = {name: instance.folder / "cycles" / f"{name}.yaml" for name in cycles}
    for name, questionnaire in cycles.items():
        said = {"title": questionnaire.title, "questionnaire": questionnaire.id, "version": questionnaire.version}
        written = CYCLE.format(name=name, organisations=", ".join(organisations), **said)
        files[name].write_text(written, encoding="utf-8")
    try:
        init_instance(site.engine, library, instance, clock.now())
    finally:
        for file in files.values():
            file.unlink()
    return list(cycles)


def address(site: RunningSite, cycle: str) -> str:
    """Return where a survey's open link leads, the first organisation's where there are several."""
    with reading(site.engine) as connection:
        return next(link.path for link in run_survey.links_of(connection, cycle) if not link.ended)


def replies(site: RunningSite, cycle: str) -> int:
    """Return how many have replied to a survey."""
    rows = site.rows("select coalesce(sum(replies), 0) as n from survey_turnout where cycle_id = :c", c=cycle)
    return int(rows[0].n)
