"""See what many cases of many organisations show: totals by question, by organisation where that may be, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask import Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.permissions import Act
from audit_engine.services.case_tally import LEAST_IN_CONFIDENCE, CaseTotals, Tally, totals_of_cycle
from audit_engine.services.definitions import NotOpened
from audit_engine.services.export_cycle import neutral
from audit_engine.storage.engine import reading
from audit_engine.web.site import site
from audit_engine.web.views.shared import limited_to, may_in_cycle, refused

COLUMNS = (
    "organisation", "question", "text", "answer", "cases", "counted", "does_not_apply", "not_asked", "no_answer",
)  # fmt: skip


def is_by_case(cycle_id: str) -> bool:
    """Tell whether a cycle that was opened asks about cases."""
    with reading(site().engine) as connection:
        pinned = site().definitions.of_cycle(connection, cycle_id)
    return pinned is not None and pinned.questionnaire.respondent == "case"


def case_results(cycle_id: str) -> ResponseReturnValue:
    """Show the totals of what was submitted."""
    totals = _totals()
    if totals is None:
        refused("This audit is not about cases, or has not been opened yet.")
        return redirect(url_for("list_cycles"))
    sections = [(s, [t for t in totals.tallies if t.item.section == s.id]) for s in totals.questionnaire.sections]
    return render_template(
        "case_results.html", cycle=g.cycle, totals=totals, sections=[(s, rows) for s, rows in sections if rows],
        apart=list(_apart(totals)), least=LEAST_IN_CONFIDENCE, csv_href=url_for("case_results_csv", cycle_id=cycle_id),
        may_see_progress=may_in_cycle(Act.SEE_PROGRESS),
    )  # fmt: skip


def _totals() -> CaseTotals | None:
    with reading(site().engine) as connection:
        try:
            totals = totals_of_cycle(connection, site().definitions, g.cycle, limited_to(Act.SEE_RESULTS))
        except NotOpened:
            return None
    return totals if totals.questionnaire.respondent == "case" else None


def _apart(totals: CaseTotals) -> Iterator[tuple[str, int, list[tuple[str, int, int]]]]:
    for facts, number, rows in totals.by_organisation:
        rated = [(t.item.text, t.of("met"), t.base) for t in rows if any(o.counts_as for o in t.item.options)]
        yield facts.organisation_name, number, rated


def case_results_csv(cycle_id: str) -> ResponseReturnValue:
    """Hand out the totals as CSV."""
    totals, out = _totals(), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    if totals is not None:
        writer.writerows(row for tally in totals.tallies for row in _rows("", tally))
        for facts, _number, tallies in totals.by_organisation:
            writer.writerows(row for tally in tallies for row in _rows(neutral(facts.organisation_name), tally))
    told = {"Content-Disposition": f'attachment; filename="{g.cycle.id}-cases.csv"'}
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8", headers=told)


def _rows(organisation: str, tally: Tally) -> Iterator[tuple[object, ...]]:
    rest = (tally.base, tally.not_applicable, tally.not_asked, tally.unanswered)
    for option, number in tally.counts:
        yield organisation, tally.item.id, neutral(tally.item.text), neutral(option.label), number, *rest
