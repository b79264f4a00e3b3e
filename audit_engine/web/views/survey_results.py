"""See what people answered in a survey, compared with an earlier wave, and what one's own staff said."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Response, abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.cycles import CycleFacts
from audit_engine.response.permissions import Act
from audit_engine.services.browse_survey import (
    SurveyChoices,
    earlier_waves,
    narrowed,
    own_surveys,
    survey_choices,
    turnout_so_far,
)
from audit_engine.services.compare_waves import compare_surveys, series_of_waves
from audit_engine.services.follow_survey import asked_of_people
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.show_survey import BASE_NOTE, as_json, score_sentence, write_csv
from audit_engine.services.survey_results import survey_results as results_of
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.web.block_pages import handed_out, with_table
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import limited_to, may_in_cycle, may_review_texts, refused

if TYPE_CHECKING:
    from audit_engine.analysis.survey import SurveyResults
    from audit_engine.analysis.waves import WaveComparison, WaveSeries

CSV_HEADERS = {"Content-Disposition": "attachment"}


def survey_results(cycle_id: str) -> ResponseReturnValue:
    """Show a survey's results: of everybody, of one organisation, or broken down, as the address says."""
    with page() as connection:
        if asked_of_people(connection, site().definitions, g.cycle) is None:
            return redirect(url_for("results", cycle_id=cycle_id))
    if g.cycle.state != "closed":
        return _not_closed()
    with page() as connection:
        choices = survey_choices(connection, site().definitions, g.cycle, limited_to(Act.SEE_RESULTS))
        by, organisation = _chosen(choices)
        found = results_of(connection, site().definitions, g.cycle, organisation=organisation or None, by=by or None)
        earlier = earlier_waves(connection, g.cycle)
    found = narrowed(found, [value for value, _ in choices.organisations])
    return _written(found) or _results_page(found, choices, earlier, by, organisation)


def _not_closed() -> ResponseReturnValue:
    """Say that results come when the survey has closed; until then only the turnout is seen."""
    with page() as connection:
        so_far = turnout_so_far(connection, g.cycle)
    return render_template(
        "survey_result_waits.html", cycle=g.cycle, turnout=so_far,
        back=_back(),
    )  # fmt: skip


def _back() -> tuple[str, str]:
    """Return where the page leads back to, for somebody who may see who has replied, or only results."""
    if may_in_cycle(Act.SEE_PROGRESS):
        return url_for("show_cycle", cycle_id=g.cycle.id), g.cycle.title
    return url_for("list_cycles"), "All audits"


def _chosen(choices: SurveyChoices) -> tuple[str, str]:
    by, organisation = (request.args.get(name, "") for name in ("by", "organisation"))
    if not choices.offers(by, organisation):
        abort(404)
    return ("", organisation) if organisation else (by, "")


def _written(found: SurveyResults) -> ResponseReturnValue | None:
    """Return the results as CSV or JSON where the address asks for that."""
    style = request.args.get("format")
    if style == "json":
        return jsonify(as_json(found))
    if style != "csv" or with_table():
        return None
    out = io.StringIO()
    write_csv(found, out)
    return Response(out.getvalue(), mimetype="text/csv", headers=CSV_HEADERS)


def _results_page(
    found: SurveyResults, choices: SurveyChoices, earlier: tuple[CycleFacts, ...], by: str, organisation: str
) -> ResponseReturnValue:
    from audit_engine.reports.survey_blocks import blocks_of

    address = {"cycle_id": g.cycle.id, "by": by or None, "organisation": organisation or None}
    blocks = () if found.replies.base is None else blocks_of(found)
    return handed_out(blocks) or render_template(
        "survey_results.html", cycle=g.cycle, found=found, blocks=blocks, score=score_sentence(found),
        symbols=_symbols(found), base_note=BASE_NOTE, filters=_filters(choices, by, organisation), back=_back(),
        csv_href=url_for("survey_results", **address, format="csv"),
        json_href=url_for("survey_results", **address, format="json"),
        compare_href=url_for("survey_waves", cycle_id=g.cycle.id) if earlier else "",
        texts_href=url_for("list_texts", cycle_id=g.cycle.id) if may_review_texts(g.cycle.id) else "",
    )  # fmt: skip


def _symbols(found: SurveyResults) -> Mapping[str, str]:
    from audit_engine.analysis.disclosure import MEANING

    return {symbol: MEANING[symbol] for symbol in found.symbols}


def _filters(choices: SurveyChoices, by: str, organisation: str) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    found: list[tuple[str, str, list[tuple[str, str]], str]] = []
    if choices.breakdowns:
        found.append(("by", "Broken down by", [("", "Everybody together"), *choices.breakdowns], by))
    if choices.organisations:
        every = [("", "All organisations"), *choices.organisations]
        found.append(("organisation", "Only one organisation", every, organisation))
    return found


def survey_waves(cycle_id: str) -> ResponseReturnValue:
    """Compare a survey with an earlier wave: of those that have closed, the last or the one in the address."""
    from audit_engine.analysis.waves import WavesNotComparable

    with page() as connection:
        earlier = earlier_waves(connection, g.cycle)
        wanted = request.args.get("with") or next((c.id for c in earlier), "")
        before = next((c for c in earlier if c.id == wanted), None)
        if before is None:
            refused("There is no earlier survey that has closed to compare this one with.")
            return redirect(url_for("survey_results", cycle_id=cycle_id))
        try:
            found = compare_surveys(connection, site().definitions, before.id, cycle_id)
        except (CycleRefused, SurveyRefused, WavesNotComparable) as refusal:
            refused(str(refusal))
            return redirect(url_for("survey_results", cycle_id=cycle_id))
        line = [c.id for c in reversed(earlier)] + [cycle_id]
        series = series_of_waves(connection, site().definitions, line) if len(line) > 2 else None
    return _waves_written(found) or _waves_page(found, series, before, earlier)


def _waves_written(found: WaveComparison) -> ResponseReturnValue | None:
    from audit_engine.analysis.waves_json import waves_json
    from audit_engine.services.show_waves import as_csv

    style = request.args.get("format")
    if style == "json":
        return jsonify(waves_json(found))
    if style == "csv" and not with_table():
        return Response(as_csv(found), mimetype="text/csv", headers=CSV_HEADERS)
    return None


def _waves_page(
    found: WaveComparison, series: WaveSeries | None, before: CycleFacts, earlier: tuple[CycleFacts, ...]
) -> ResponseReturnValue:
    from audit_engine.reports.wave_blocks import blocks_of

    address = {"cycle_id": g.cycle.id, "with": before.id}
    blocks = blocks_of(found, series)
    return handed_out(blocks) or render_template(
        "survey_result_waves.html", cycle=g.cycle, before=before, found=found, blocks=blocks,
        filters=[("with", "Compared with", [(c.id, c.title) for c in earlier], before.id)],
        csv_href=url_for("survey_waves", **address, format="csv"),
        json_href=url_for("survey_waves", **address, format="json"),
    )  # fmt: skip


def own_staff_surveys() -> ResponseReturnValue:
    """List the surveys that the staff of the person's own organisations answered."""
    with page() as connection:
        found = own_surveys(connection, site().definitions, me().organisations)
    return render_template("survey_result_list.html", surveys=found)


def own_staff_survey(link_id: int) -> ResponseReturnValue:
    """Show what the staff of the organisation that a link was for said, beside everybody's answers."""
    from audit_engine.reports.survey_blocks import blocks_of

    organisation = g.link.organisation
    with page() as connection:
        mine = own_surveys(connection, site().definitions, [organisation])
        one = next((s for s in mine if s.cycle.id == g.cycle.id), None)
        if one is None:
            abort(404)
        own = _own(organisation)
        everybody = results_of(connection, site().definitions, g.cycle, audience="agency")
    if own is None or own.replies.base is None:
        return render_template("survey_result_own.html", cycle=g.cycle, one=one, few=True)
    return _written(own) or render_template(
        "survey_result_own.html", cycle=g.cycle, one=one, few=False, own=own, base_note=BASE_NOTE,
        blocks=blocks_of(own, everybody), symbols=_symbols(own),
        csv_href=url_for("own_staff_survey", link_id=link_id, format="csv"),
    )  # fmt: skip


def _own(organisation_id: str) -> SurveyResults | None:
    """Return an organisation's results; None where nobody of it replied."""
    with page() as connection:
        try:
            return results_of(connection, site().definitions, g.cycle, organisation=organisation_id, audience="agency")
        except SurveyRefused:
            return None
