"""Which stored thing does an address name, and whose is it?

What is found is kept for the page in ``flask.g``.  None looks like what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import g
from sqlalchemy import Connection

from audit_engine.response.permissions import ACTS_OF_REPORTS, Target, allowed
from audit_engine.storage import cycles, reports, returns
from audit_engine.web.policy import me


def _return(connection: Connection, return_id: int, **_: object) -> Target | None:
    facts = returns.return_of(connection, return_id)
    if facts is None:
        return None
    g.facts = facts
    return Target(facts.organisation, facts.areas)


def _cycle(connection: Connection, cycle_id: str, **_: object) -> Target | None:
    cycle = cycles.cycle_of(connection, cycle_id)
    if cycle is None:
        return None
    g.cycle = cycle
    return Target(areas=_all_areas(connection))


def _survey(connection: Connection, cycle_id: str, **_: object) -> Target | None:
    """Look up a cycle that people answer; an audit of organisations is none."""
    from audit_engine.services.follow_survey import asked_of_people
    from audit_engine.web.site import site

    target = _cycle(connection, cycle_id)
    return target if target and asked_of_people(connection, site().definitions, g.cycle) else None


def _link(connection: Connection, link_id: int, **_: object) -> Target | None:
    from audit_engine.services.run_survey import link_at
    from audit_engine.storage import partnership

    link = link_at(connection, link_id)
    if link is None:
        return None
    g.link, g.cycle = link, cycles.cycle_of(connection, link.cycle)
    organisation = partnership.organisation_of(connection, link.organisation) if link.organisation else None
    return Target(organisation.id, organisation.areas) if organisation else Target()


def _mailing(connection: Connection, mailing_id: int, **_: object) -> Target | None:
    from audit_engine.storage import mailings

    row = mailings.mailing_of(connection, mailing_id)
    if row is None:
        return None
    g.mailing, g.cycle = row, cycles.cycle_of(connection, row.cycle)
    return Target(areas=row.areas)


def _texts(connection: Connection, cycle_id: str, **_: object) -> Target | None:
    """Look up what people wrote in a survey: it belongs to the areas of those that replied."""
    from audit_engine.services.area_scope import areas_of_texts

    cycle = cycles.cycle_of(connection, cycle_id)
    if cycle is None:
        return None
    g.cycle = cycle
    return Target(areas=areas_of_texts(connection, cycle_id))


def _import(connection: Connection, cycle_id: str, number: int, **_: object) -> Target | None:
    """Look up a file that was brought in: it belongs to the areas that all of its organisations share."""
    from audit_engine.services.area_scope import areas_of_file
    from audit_engine.storage import imports

    g.cycle, row = cycles.cycle_of(connection, cycle_id), imports.import_of(connection, number)
    if g.cycle is None or row is None or row.cycle != cycle_id:
        return None
    return Target(areas=areas_of_file(connection, row.by_organisation))


def _partnership(connection: Connection, **_: object) -> Target:
    return Target(areas=_all_areas(connection))


def _report(connection: Connection, report_id: int, **_: object) -> Target | None:
    report = reports.report_of(connection, report_id)
    if report is None:
        return None
    g.report = report
    return _of_kind(report["kind"], report["area_id"])


def _work(connection: Connection, work_id: int, **_: object) -> Target | None:
    work = reports.work_of_report(connection, work_id)
    if work is None:
        return None
    g.work = work
    return _of_kind(work["payload"]["kind"], work["payload"].get("area"))


def _of_kind(kind: str, area: str | None) -> Target | None:
    """Return what a report is of; None where its kind needs more than reading reports, and the person may not."""
    target, needed = Target(areas=(area,) if area else ()), ACTS_OF_REPORTS.get(kind)
    return target if needed is None or allowed(me(), needed, target) else None


def _all_areas(connection: Connection) -> tuple[str, ...]:
    # A cycle is the whole partnership's: whoever holds the role in any area may see it, for that area.
    from audit_engine.storage import partnership

    return tuple(a.id for a in partnership.areas(connection))


TARGETS: Mapping[str, Callable[..., Target | None]] = {
    "return": _return,
    "cycle": _cycle,
    "partnership": _partnership,
    "report": _report,
    "work": _work,
    "survey": _survey,
    "link": _link,
    "mailing": _mailing,
    "texts": _texts,
    "import": _import,
}
