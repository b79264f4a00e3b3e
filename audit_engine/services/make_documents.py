"""Which documents can be made of an audit, and what is read for each?

A maker reads all that it needs of one state of the database, and returns what
finishes the document afterwards, so that nothing is being read while it takes long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.services.run_cycle import CycleRefused

if TYPE_CHECKING:
    from audit_engine.analysis.figures import Register
    from audit_engine.reports.blocks import Document
    from audit_engine.reports.documents import Cover


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document is made of; ``names`` are those of areas by their ids."""

    connection: Connection
    definitions: Definitions
    instance: Instance
    cycle: CycleFacts
    area: str | None
    names: Mapping[str, str]
    now: datetime


Finish = Callable[[], "tuple[Register, Document]"]
Maker = Callable[[Asked], Finish]


def _analysis(asked: Asked) -> Finish:
    """Read what the analysis report says: ratings, staff answers, themes, and what the last issued report said."""
    from audit_engine.analysis.change import Filters
    from audit_engine.analysis.stability import stability_checks
    from audit_engine.reports.documents import analysis_report
    from audit_engine.services.find_results import find_results
    from audit_engine.services.revise_report import last_frozen
    from audit_engine.services.staff_findings import with_staff
    from audit_engine.services.theme_report import theme_findings

    connection, definitions, cycle = asked.connection, asked.definitions, asked.cycle
    read = find_results(connection, definitions, cycle, Filters(area=asked.area), asked.now)
    read = with_staff(connection, definitions, cycle, read, asked.now)
    themes = theme_findings(connection, definitions, cycle)
    frozen = last_frozen(connection, cycle, "analysis", asked.area)

    def finish() -> tuple[Register, Document]:
        findings = replace(read, checks=stability_checks(read.comparison, read.own_and_panel))
        if themes.says_something:
            findings = replace(findings, register=themes.with_figures(findings.register))
        document = analysis_report(
            findings, organisation=asked.instance.name, invented=asked.instance.invented, area_names=asked.names,
            made_at=asked.now.astimezone(LOCAL), draft=cycle.closed_at is None, themes=themes,
            revised=frozen.against(findings.register) if frozen else None,
        )  # fmt: skip
        return findings.register, document

    return finish


def _themes(asked: Asked) -> Finish:
    """Read what the paper of themes and promising practice says."""
    from audit_engine.analysis.figures import register
    from audit_engine.reports.documents import themes_paper
    from audit_engine.services.theme_report import theme_findings

    cover = _cover(asked)
    found = theme_findings(asked.connection, asked.definitions, asked.cycle)
    return lambda: (found.with_figures(register(())), themes_paper(found, cover))


def _staff_view(asked: Asked) -> Finish:
    """Read ratings beside staff answers, organisation by organisation."""
    from audit_engine.reports.documents import staff_view_report
    from audit_engine.reports.staff_view import register_of
    from audit_engine.services.triangulate import Wanted, triangulate

    cover = _cover(asked)
    wanted = Wanted(area=asked.area)
    found = triangulate(asked.connection, asked.definitions, asked.cycle, asked.now, wanted)
    return lambda: (register_of(found), staff_view_report(found, cover))


def _cover(asked: Asked) -> Cover:
    from audit_engine.reports.documents import Cover

    cycle, pinned = asked.cycle, asked.definitions.of_cycle(asked.connection, asked.cycle.id)
    if pinned is None:
        raise CycleRefused(f"{cycle.title} has not been opened yet, so there is nothing to report on.")
    area = asked.names.get(asked.area, asked.area) if asked.area else ""
    return Cover(
        cycle.title, cycle.version, pinned.questionnaire.standing, asked.instance.name, area,
        asked.now.astimezone(LOCAL), asked.now.astimezone(LOCAL), asked.instance.invented, cycle.closed_at is None,
    )  # fmt: skip


MAKERS: Mapping[str, Maker] = {"analysis": _analysis, "themes": _themes, "staff-view": _staff_view}
