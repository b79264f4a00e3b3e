"""Read what came into an audit after a report of it was issued: returns, amended returns, panels' ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from audit_engine.storage import models

report, figure, trail = models.report, models.figure, models.trail
response, submission, rating, organisation = models.response, models.submission, models.rating, models.organisation


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in: ``number`` is that of the submission, or how many ratings a panel gave."""

    organisation: str
    areas: tuple[str, ...]
    at: datetime
    number: int


def turns(connection: Connection, cycle_id: str) -> Sequence[tuple[datetime, bool]]:
    """Return when a cycle was closed (True) and opened again (False), the earliest first."""
    query = (
        select(trail.c.at, trail.c.event)
        .where(trail.c.subject == f"cycle:{cycle_id}", trail.c.event.in_(["closed", "opened again"]))
        .order_by(trail.c.id)
    )
    return [(at, event == "closed") for at, event in connection.execute(query)]


def made(connection: Connection, kind: str, cycle_id: str) -> Sequence[tuple[int, str | None, datetime, datetime]]:
    """Return (number, area, made, cut-off) of the reports of a kind, the newest first."""
    query = select(report.c.id, report.c.area_id, report.c.made_at, report.c.cut_off).order_by(report.c.id.desc())
    query = query.where(report.c.kind == kind, report.c.cycle_id == cycle_id)
    return [(number, area, made_at, cut_off) for number, area, made_at, cut_off in connection.execute(query)]


def figures(connection: Connection, reports: Sequence[int]) -> Mapping[int, Mapping[str, Mapping[str, Any]]]:
    """Return the figures of these reports' sentences as they were kept, by report and in the order of their ids."""
    query = select(figure.c.report_id, figure.c.figure_id, figure.c.content).where(figure.c.report_id.in_(reports))
    query = query.where(figure.c.figure_id.not_like("table.%"))
    kept: dict[int, dict[str, Mapping[str, Any]]] = {number: {} for number in reports}
    for number, name, content in connection.execute(query.order_by(figure.c.report_id, figure.c.figure_id)):
        kept[number][name] = content
    return kept


def submitted_since(connection: Connection, cycle_id: str, since: datetime) -> Sequence[Arrival]:
    """Return, for each return that was submitted since then, its first submission after it."""
    query = (
        select(organisation.c.name, response.c.areas, submission.c.made_at, submission.c.number)
        .join(response, response.c.id == submission.c.response_id)
        .join(organisation, organisation.c.id == response.c.organisation_id)
        .where(response.c.cycle_id == cycle_id, submission.c.made_at > since)
        .order_by(organisation.c.name, submission.c.number)
    )
    first: dict[str, Arrival] = {}
    for name, areas, at, number in connection.execute(query):
        first.setdefault(name, Arrival(name, tuple(areas), at, number))
    return tuple(first.values())


def reopened_since(connection: Connection, cycle_id: str, since: datetime) -> Sequence[Arrival]:
    """Return the returns that were opened again since then and are not submitted now."""
    query = (
        select(response.c.id, organisation.c.name, response.c.areas)
        .join(organisation, organisation.c.id == response.c.organisation_id)
        .where(response.c.cycle_id == cycle_id, response.c.state == "reopened")
        .order_by(organisation.c.name)
    )
    there = {f"return:{number}": (name, tuple(areas)) for number, name, areas in connection.execute(query)}
    events = (
        select(trail.c.subject, func.max(trail.c.at))
        .where(trail.c.event == "reopened", trail.c.at > since, trail.c.subject.in_(list(there)))
        .group_by(trail.c.subject)
    )
    when: dict[str, datetime] = {}
    for subject, at in connection.execute(events) if there else ():
        when[subject] = at
    return tuple(Arrival(*there[subject], when[subject], 1) for subject in there if subject in when)


def rated_since(connection: Connection, cycle_id: str, since: datetime) -> Sequence[Arrival]:
    """Return the panels' ratings since then, together for each organisation."""
    query = (
        select(organisation.c.name, response.c.areas, rating.c.rated_at)
        .join(response, response.c.id == rating.c.response_id)
        .join(organisation, organisation.c.id == response.c.organisation_id)
        .where(response.c.cycle_id == cycle_id, rating.c.kind == "panel", rating.c.rated_at > since)
        .order_by(organisation.c.name, rating.c.rated_at)
    )
    found: dict[str, Arrival] = {}
    for name, areas, at in connection.execute(query):
        before = found.get(name)
        found[name] = Arrival(name, tuple(areas), at, before.number + 1 if before else 1)
    return tuple(found.values())
