"""See what people ask about an audit and the plan, each with its answer in a line and the way to its own page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.cycles import CycleFacts
from audit_engine.response.permissions import Act
from audit_engine.services.choose_audit import Audits
from audit_engine.services.clock import now
from audit_engine.services.follow_actions import follow_actions
from audit_engine.services.follow_returns import days_between
from audit_engine.services.read_plan import FaultyPlan, read_plan
from audit_engine.storage import beside as stored
from audit_engine.web.board_choices import area_asked, areas_of, chosen, known, picks, today
from audit_engine.web.page_filters import day, plural
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import limited_to, may_in_cycle

if TYPE_CHECKING:
    from audit_engine.analysis.findings import Findings

NO_AUDIT = (
    "No audit has been opened yet. Once one is open, this page says who has returned it, and the other pages fill as "
    "returns come in."
)


@dataclass(frozen=True, slots=True)
class Card:
    """One question that people ask, its answer in a number and a sentence, and where the whole answer is."""

    question: str
    href: str
    number: str
    sentence: str


def dashboards() -> ResponseReturnValue:
    """Show what people ask, each with its answer in a line and the way to its page."""
    found = known()
    area, choices = area_asked(Act.SEE_DASHBOARDS)
    cycle = chosen(found, found.rated)
    filters = picks(cycle, found.rated, area, choices) if cycle else []
    cards = [*_of_audit(cycle, area), *_of_all(found)] if cycle else list(_of_all(found))
    return render_template(
        "dashboards.html", cycle=cycle, filters=filters, cards=cards, empty="" if cycle else NO_AUDIT,
        files_href=url_for("tidy_files") if _may_export() else "",
    )  # fmt: skip


def _may_export() -> bool:
    return may_in_cycle(Act.EXPORT_TIDY) and limited_to(Act.EXPORT_TIDY) is None


def _of_audit(cycle: CycleFacts, area: str) -> Iterator[Card]:
    """Yield the cards of one audit, those that the person may see."""
    where: dict[str, Any] = {"cycle_id": cycle.id} | ({"area": area} if area else {})
    findings = _findings(cycle, area)
    if may_in_cycle(Act.SEE_PROGRESS):
        yield _returns_card(cycle, findings, area)
    if may_in_cycle(Act.SEE_RESULTS):
        yield _overall_card(findings, url_for("results", **where))
        yield from _change_cards(findings, url_for("comparison", **where))
    with page() as connection:
        beside = [s for s in stored.surveys_beside(connection, cycle.id) if s.state == "closed"]
    if may_in_cycle(Act.SEE_RESULTS) and beside:
        names = ", ".join(s.title for s in beside)
        href = url_for("survey_results", cycle_id=beside[0].id)
        yield Card("What did staff say?", href, "", f"Closed and released: {names}.")
    if may_in_cycle(Act.TRIANGULATE):
        words = "Ratings beside what staff said, a letter for each criterion of each organisation."
        yield Card("Do staff see what is claimed?", url_for("triangulation", **where), "", words)
    yield _actions_card(cycle, area)


def _findings(cycle: CycleFacts, area: str) -> Findings:
    from audit_engine.analysis.change import Filters
    from audit_engine.services.find_results import find_results

    with page() as connection:
        return find_results(connection, site().definitions, cycle, Filters(area=area or None), now())


def _returns_card(cycle: CycleFacts, findings: Findings, area: str) -> Card:
    part = findings.participation
    where: dict[str, Any] = {"cycle": cycle.id} | ({"area": area} if area else {})
    left = days_between(now(), cycle.closes_at)
    until = f"{plural(left, 'day')} left." if cycle.state == "open" and left >= 0 else f"It closed on {_closed(cycle)}."
    words = f"organisations have returned. {until}"
    return Card("Who has returned?", url_for("returns_board", **where), f"{part.returned} of {part.in_scope}", words)


def _closed(cycle: CycleFacts) -> str:
    return day(cycle.closed_at or cycle.closes_at)


def _overall_card(findings: Findings, href: str) -> Card:
    from audit_engine.analysis.rounding import percent_text

    counts = findings.overall
    if not counts.applicable:
        return Card("What is the overall picture?", href, "", "Nobody has returned a rating yet.")
    words = f"{counts.met:,} of {counts.applicable:,} ratings are met; by standard."
    return Card("What is the overall picture?", href, percent_text(counts.met, counts.applicable), words)


def _change_cards(findings: Findings, href: str) -> Iterator[Card]:
    from audit_engine.analysis.change_wording import headline_sentences
    from audit_engine.analysis.rounding import signed_text

    found = findings.comparison
    if found is None:
        return
    stated = found.verdict in ("rose", "fell", "same")
    words = " ".join(s.text for s in headline_sentences(found, findings.register)[:1])
    yield Card("What changed?", href, signed_text(found.headline.net) if stated else "", words)
    reached = sum(m.verdict == "achieved" for m in found.measures)
    if found.measures:
        words = "measures of the strategic plan on this audit are achieved."
        yield Card("Are the plan's measures met?", f"{href}#measures", f"{reached} of {len(found.measures)}", words)


def _actions_card(cycle: CycleFacts, area: str) -> Card:
    where: dict[str, Any] = {"cycle": cycle.id} | ({"area": area} if area else {})
    with page() as connection:
        found = follow_actions(connection, site().definitions, cycle, today(), areas_of(area, Act.SEE_DASHBOARDS))
    href = url_for("actions_board", **where)
    if not found.whole.all:
        return Card("What will be done about it?", href, "", "No action has been submitted yet.")
    overdue = found.whole.by_timing.get("overdue", 0)
    return Card("What will be done about it?", href, f"{found.whole.open:,}", f"actions are open; {overdue:,} overdue.")


def _of_all(found: Audits) -> Iterator[Card]:
    """Yield the cards that are about more than one audit."""
    waves = {c.questionnaire for c in found.surveys if c.state == "closed"}
    words = f"{plural(len(waves), 'survey')} over time, with what was done in between." if waves else "No survey yet."
    yield Card("How do staff's answers move?", url_for("trends"), "", words)
    try:
        plan = read_plan(site().instance)
    except FaultyPlan:
        plan = None
    words = (
        f"{plural(len(plan.outcomes), 'promise')} of the {plan.title}, each with its figures."
        if plan
        else "No plan yet."
    )
    yield Card("Is the strategic plan working?", url_for("plan_board"), "", words)
