"""Which audit and area is a dashboard about, as its address says, and what may be chosen?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import abort, request

from audit_engine.response.cycles import CycleFacts
from audit_engine.response.permissions import Act
from audit_engine.services.choose_audit import Audits, audits
from audit_engine.services.clock import LOCAL, now
from audit_engine.web.addresses import is_shown
from audit_engine.web.site import page, site
from audit_engine.web.views.reporting import area_choices
from audit_engine.web.views.shared import limited_to

Choices = list[tuple[str, str]]
Filter = tuple[str, str, Choices, str]


def known() -> Audits:
    """Return the audits and surveys that were opened."""
    with page() as connection:
        return audits(connection, site().definitions)


def chosen(found: Audits, among: Sequence[CycleFacts]) -> CycleFacts | None:
    """Return the audit that the address names, else the one that is meant; None where there is none."""
    cycle = found.chosen(request.args.get("cycle", ""), among)
    if cycle is None and among:
        abort(404)
    is_shown(cycle=cycle.id if cycle else None)
    return cycle


def area_asked(act: Act) -> tuple[str, Choices]:
    """Return the area that the address names, of those that the person may choose, and the choices."""
    choices = area_choices(act)
    asked = request.args.get("area", "")
    if not choices or (asked and asked not in [value for value, _ in choices]):
        abort(404)
    area = asked or choices[0][0]
    is_shown(area=area)
    return area, choices


def areas_of(area: str, act: Act) -> tuple[str, ...] | None:
    """Return the areas whose organisations are shown; None for all."""
    return (area,) if area else limited_to(act)


def asked(name: str, choices: Sequence[tuple[str, str]]) -> str:
    """Return what the address names, of these choices; '' is every, anything else is not found."""
    value = request.args.get(name, "")
    if value and value not in [v for v, _ in choices]:
        abort(404)
    return value


def picks(cycle: CycleFacts, among: Sequence[CycleFacts], area: str, choices: Choices) -> list[Filter]:
    """Return the filters that every dashboard on an audit has."""
    return [("cycle", "Audit", [(c.id, c.title) for c in among], cycle.id), ("area", "Area", choices, area)]


def today() -> date:
    """Return the day, as it is here."""
    return now().astimezone(LOCAL).date()
