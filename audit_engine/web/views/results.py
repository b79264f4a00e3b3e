"""See what a cycle shows: by standard, why a figure is what it is, and compared with an earlier cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.cycles import CycleFacts
from audit_engine.response.permissions import Act
from audit_engine.services.clock import now
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage import cycles, partnership
from audit_engine.storage.engine import reading
from audit_engine.web.addresses import is_shown
from audit_engine.web.block_pages import handed_out, with_table
from audit_engine.web.page_filters import percent
from audit_engine.web.site import page, site
from audit_engine.web.views.case_results import is_by_case
from audit_engine.web.views.reporting import area_choices
from audit_engine.web.views.shared import is_for_settings, refused

# numpy and the report blocks are read with the first page of results, so that a site starts lean.
if TYPE_CHECKING:
    from audit_engine.analysis.chaining import ThreeCycles
    from audit_engine.analysis.change import Filters
    from audit_engine.analysis.figures import Doubt
    from audit_engine.analysis.findings import Findings
    from audit_engine.reports.edition import Edition

Choices = list[tuple[str, str]]
EMPTY = "This audit has not been opened yet, so there is nothing to show."


def _asked_area() -> str | None:
    """Return the area to show: the one asked for, if the person may see it; else their own first, or all."""
    choices = [value for value, _ in area_choices(Act.SEE_RESULTS)]
    asked = request.args.get("area", "")
    if asked and asked not in choices:
        abort(404)
    area = (asked or choices[0] or None) if choices else abort(404)
    is_shown(area=area)
    return area


def _edition(filters: Filters, baseline: str | None = None) -> Edition:
    from audit_engine.services.find_results import edition_of, find_results

    moment = now()
    with reading(site().engine) as connection:
        try:
            found = find_results(connection, site().definitions, g.cycle, filters, moment, baseline)
        except CycleRefused:
            abort(404)
        return edition_of(connection, site().instance, found, moment)


def _of_area() -> Edition:
    from audit_engine.analysis.change import Filters

    return _edition(Filters(area=_asked_area()))


def results(cycle_id: str) -> ResponseReturnValue:
    """Show a cycle's results by standard."""
    if g.cycle.state == "planned":
        refused(EMPTY)
        return redirect(url_for("list_cycles"))
    if is_by_case(cycle_id):
        return redirect(url_for("case_results", cycle_id=cycle_id))
    if is_for_settings(cycle_id):
        return redirect(url_for("take_up", cycle_id=cycle_id))
    if _is_survey_of_people():
        return redirect(url_for("survey_results", cycle_id=cycle_id))
    edition = _of_area()
    found, area = edition.findings, edition.findings.area
    if request.args.get("format") == "json":
        return jsonify(_results_json(found))
    from audit_engine.reports.sections import method, overall

    blocks = (*overall.blocks(edition), *method.blocks(edition))
    return handed_out(blocks) or render_template(
        "results.html", cycle=g.cycle, filters=[("area", "Area", area_choices(Act.SEE_RESULTS), area or "")],
        basis=_basis(found), tally=_tally(found), blocks=blocks, doubts=_doubts(found),
        standards=[{"title": s.title, "why_href": _why(s.id, area)} for s in found.standards],
        json_href=url_for("results", cycle_id=cycle_id, area=area, format="json"),
    )  # fmt: skip


def _is_survey_of_people() -> bool:
    from audit_engine.services.follow_survey import asked_of_people

    with page() as connection:
        return asked_of_people(connection, site().definitions, g.cycle) is not None


def _why(section_id: str, area: str | None) -> str:
    return url_for("why", cycle_id=g.cycle.id, section_id=section_id, area=area)


def _basis(found: Findings) -> str:
    part = found.participation
    return (
        f"Final ratings: the panel's where there is one, otherwise the organisation's own. "
        f"{part.returned} of {part.in_scope} organisations have returned; the others are outside every figure."
    )


def _doubts(found: Findings) -> tuple[Doubt, ...]:
    """Return in which of its figures a page does not agree with itself; () is what is hoped for."""
    from audit_engine.analysis.figure_checks import doubts_about

    return doubts_about(found.register)


def _tally(found: Findings) -> list[tuple[str, str]]:
    counts, part = found.overall, found.participation
    return [
        (f"{part.returned} of {part.in_scope}", "organisations returned"),
        (f"{counts.met:,} of {counts.applicable:,}", f"ratings are met ({percent(counts.met, counts.applicable)})"),
        (f"{counts.confirmed:,}", "confirmed unchanged"),
        (f"{counts.not_applicable:,}", "not applicable"),
    ]


def _results_json(found: Findings) -> dict[str, object]:
    return {
        "cycle": found.cycle,
        "basis": found.basis,
        "area": found.area,
        "returned": found.participation.returned,
        "in_scope": found.participation.in_scope,
        "overall": found.overall.as_json(),
        "standards": {
            s.id: {**s.counts.as_json(), "why": s.counts.why(s.title).as_json(),
                   "criteria": {c.id: c.counts.as_json() for c in s.criteria}}
            for s in found.standards
        },
    }  # fmt: skip


def why(cycle_id: str, section_id: str) -> ResponseReturnValue:
    """Say how a standard's figure is made: its parts, and what is left out."""
    found = _of_area().findings
    area = found.area
    standard = next((s for s in found.standards if s.id == section_id), None)
    if standard is None:
        abort(404)
    explained = standard.counts.why(standard.title)
    if request.args.get("format") == "json":
        return jsonify(explained.as_json())
    from audit_engine.reports.sections.standards import table_of_criteria

    share = standard.counts.share_met
    return render_template(
        "why.html", cycle=g.cycle, title=standard.title,
        figure=f"{share.numerator} of {share.base} ratings are met ({share.summary_text})" if share.base
        else "No criterion of this standard applies", sentence=explained.rule,
        parts=[(p.label, p.count) for p in explained.counted],
        excluded=[(p.label, p.count) for p in explained.left_out],
        tables=[table_of_criteria(standard)],
        json_href=url_for("why", cycle_id=cycle_id, section_id=section_id, area=area, format="json"),
        back=url_for("results", cycle_id=cycle_id, area=area),
    )  # fmt: skip


def comparison(cycle_id: str) -> ResponseReturnValue:
    """Compare a cycle with an earlier one, filtered as the address says."""
    from audit_engine.analysis.chain_wording import chain_json
    from audit_engine.analysis.change import Filters
    from audit_engine.analysis.comparison_json import as_json
    from audit_engine.services.show_comparison import as_csv

    earlier = _earlier_cycles()
    before = _baseline(earlier)
    if before is None or g.cycle.state == "planned":
        return _no_comparison(earlier)
    wanted = {name: request.args.get(name) or None for name in ("sector", "standard", "tag")}
    filters = Filters(area=_asked_area(), **wanted)
    edition = _edition(filters, before.id)
    found = edition.findings.comparison
    if found is None:
        abort(404)
    style, three = request.args.get("format"), _linked(_further_back(before, earlier), before, filters)
    if style == "json":
        return jsonify(as_json(found) | ({"linked": chain_json(three)} if three else {}))
    if style == "csv" and not with_table():
        return Response(as_csv(found), mimetype="text/csv", headers={"Content-Disposition": "attachment"})
    from audit_engine.reports import linked_audits
    from audit_engine.reports.sections import change, changed_criteria, measures, organisations

    sections = (change, changed_criteria, organisations, measures)
    address: dict[str, Any] = {k: v for k, v in filters.as_json().items() if v}
    address |= {"cycle_id": cycle_id, "baseline": before.id, "through": request.args.get("through") or None}
    further = linked_audits.blocks(three) if three else ()
    blocks = (*(block for section in sections for block in section.blocks(edition)), *further)
    return handed_out(blocks) or render_template(
        "comparison.html", cycle=g.cycle, baseline=before, filters=_filters(filters, before, earlier), headline=[],
        blocks=blocks, doubts=_doubts(edition.findings),
        method_href=url_for("results", cycle_id=cycle_id, area=filters.area, _anchor="method"),
        json_href=url_for("comparison", **address, format="json"),
        csv_href=url_for("comparison", **address, format="csv"),
    )  # fmt: skip


def _no_comparison(earlier: list[CycleFacts]) -> ResponseReturnValue:
    """Say why there is nothing to compare with, and which earlier audits there are; lead on to one where it is known.

    A comparison that was asked for with a wrong name leads to the one that the audit itself names.
    """
    if g.cycle.state == "planned":
        refused(EMPTY)
        return redirect(url_for("list_cycles"))
    if not earlier:
        refused("There is no earlier audit to compare this one with.")
        return redirect(url_for("list_cycles"))
    asked, there = request.args.get("baseline", ""), "; ".join(f"{c.title} ({c.id})" for c in earlier)
    refused(
        f"“{asked[:60]}” is no earlier audit that this one can be compared with. There is: {there}." if asked
        else f"Choose the earlier audit to compare this one with. There is: {there}."
    )  # fmt: skip
    return redirect(url_for("comparison", cycle_id=g.cycle.id, baseline=(_named(earlier) or earlier[0]).id))


def _named(earlier: list[CycleFacts]) -> CycleFacts | None:
    """Return the earlier cycle that the cycle itself names."""
    return next((c for c in earlier if c.id == g.cycle.baseline), None)


def _linked(further: list[CycleFacts], before: CycleFacts, filters: Filters) -> ThreeCycles | None:
    """Return the three audits where a still earlier one is asked for; a flash says why they cannot be linked."""
    from audit_engine.services.compare_cycles import linked_cycles

    name = request.args.get("through")
    if name is None or name not in [c.id for c in further]:
        return None
    try:
        with reading(site().engine) as connection:
            return linked_cycles(connection, site().definitions, (name, before.id, g.cycle.id), filters)
    except CycleRefused as refusal:
        refused(str(refusal))
        return None


def _further_back(before: CycleFacts, earlier: list[CycleFacts]) -> list[CycleFacts]:
    return [c for c in earlier if c.opens_at < before.opens_at]


def _baseline(earlier: list[CycleFacts]) -> CycleFacts | None:
    """Return the earlier cycle that is asked for, or the one that the cycle names."""
    asked = request.args.get("baseline")
    return next((c for c in earlier if c.id == asked), None) if asked else _named(earlier)


def _earlier_cycles() -> list[CycleFacts]:
    with reading(site().engine) as connection:
        every = cycles.cycles(connection)
    same = (c for c in every if c.questionnaire == g.cycle.questionnaire and c.opened_at is not None)
    return [c for c in same if c.opens_at < g.cycle.opens_at]


def _filters(chosen: Filters, before: CycleFacts, earlier: list[CycleFacts]) -> list[tuple[str, str, Choices, str]]:
    with reading(site().engine) as connection:
        sectors = partnership.sectors(connection)
        pinned = site().definitions.opened(connection, g.cycle.id)
    tags = sorted({t for i in pinned.questionnaire.criteria for t in i.tags})
    return [
        ("baseline", "Compared with", [(c.id, c.title) for c in earlier], before.id),
        ("area", "Area", area_choices(Act.SEE_RESULTS), chosen.area or ""),
        ("sector", "Kind of organisation", [("", "All kinds"), *sectors.items()], chosen.sector or ""),
        ("standard", "Standard", [("", "All standards"), *((s.id, s.title) for s in pinned.questionnaire.sections)],
         chosen.standard or ""),
        ("tag", "Theme", [("", "All themes"), *((t, t.replace("-", " ")) for t in tags)], chosen.tag or ""),
        *_further_choice(_further_back(before, earlier)),
    ]  # fmt: skip


def _further_choice(further: list[CycleFacts]) -> list[tuple[str, str, Choices, str]]:
    """Return the choice of a still earlier audit, where there is one."""
    if not further:
        return []
    choices = [("", "Only these two audits"), *((c.id, c.title) for c in further)]
    return [("through", "Also link further back to", choices, request.args.get("through") or "")]
