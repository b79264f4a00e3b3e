"""Ask for a report, see how far it is, download it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import abort, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from audit_engine.response.permissions import ACTS_OF_REPORTS, Act
from audit_engine.services.clock import now
from audit_engine.services.issue_report import KINDS, ask_anyway, ask_report
from audit_engine.services.read_report import note_download
from audit_engine.services.revise_report import revised_reports
from audit_engine.storage import partnership, reports
from audit_engine.storage.outbox import CLAIM_LASTS, MOST_ATTEMPTS
from audit_engine.web.controls import writable
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, limited_to, may_in_cycle, refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENTENCES = {
    "waiting": "It waits for its turn.",
    "running": "It is being written: {progress}% done.",
    "ready": "It is ready.",
    "doubted": "It was not issued, because some of its figures do not agree. Somebody has to look at them first.",
    "failed": "It could not be made. Ask for it again; if it fails again, tell the administrator. ({fault})",
}

NO_WORD = "The worker stopped each time while it was writing it."


class ReportForm(FlaskForm):
    """What to report on."""

    kind = SelectField("Report", choices=dict(KINDS))
    area = SelectField("Area")


class AnywayForm(FlaskForm):
    """Why a report is issued although figures do not agree."""

    reason = TextAreaField("Why is it issued all the same?", [DataRequired("Say why")], [writable],
                           description="The reason is kept with the report and printed on its cover.")  # fmt: skip


def _form() -> ReportForm | None:
    if not may_in_cycle(Act.MAKE_REPORT):
        return None
    form = ReportForm()
    form.area.choices = dict(area_choices(Act.MAKE_REPORT))
    return form


def area_choices(act: Act) -> list[tuple[str, str]]:
    """Return the areas that the person may choose among; "all" only where they may see all."""
    with page() as connection:
        areas = [(a.id, a.name) for a in partnership.areas(connection)]
    seen = limited_to(act)
    return [("", "All areas"), *areas] if seen is None else [(k, v) for k, v in areas if k in seen]


def list_reports(cycle_id: str) -> ResponseReturnValue:
    """List a cycle's reports, made and being made."""
    return _page(_form(), [])


def _page(form: ReportForm | None, problems: list[Problem]) -> ResponseReturnValue:
    seen = limited_to(Act.READ_REPORT)
    with page() as connection:
        made = reports.reports_of(connection, g.cycle.id, seen)
        working = reports.waiting_for(connection, g.cycle.id)
        revised = revised_reports(connection, g.cycle, "analysis", seen)
    rows = [_made(r) for r in made if Path(r["file"]).is_file() and _may_read(r["kind"])]
    mine = [
        w for w in working if (seen is None or w["payload"].get("area") in seen) and _may_read(w["payload"]["kind"])
    ]
    body = render_template(
        "reports.html", cycle=g.cycle, form=form, problems=problems, reports=rows,
        revised=[(Path(r["file"]).stem, revised[r["id"]]) for r in made if r["id"] in revised],
        working=[{"work_id": w["id"], "title": KINDS[w["payload"]["kind"]], "state": _state(w)} for w in mine],
    )  # fmt: skip
    return body, 400 if problems else 200


def _may_read(kind: str) -> bool:
    """Tell whether the person may read reports of this kind at all; the policy looks at each of them again."""
    return kind not in ACTS_OF_REPORTS or may_in_cycle(ACTS_OF_REPORTS[kind])


def _made(row: Mapping[str, Any]) -> dict[str, object]:
    file = Path(row["file"])
    return {
        "report_id": row["id"],
        "title": file.stem,
        "made_at": row["made_at"],
        "cut_off": row["cut_off"],
        "size": f"{max(1, file.stat().st_size // 1024)} KB",
        "doubts": len(row["doubts"] or ()),
        "issued_because": row["issued_because"],
    }


def make_report(cycle_id: str) -> ResponseReturnValue:
    """Ask the worker for a report, and lead to the page that says how far it is."""
    form = _form()
    if form is None:
        abort(404)
    if g.cycle.state == "planned":
        refused("This audit has not been opened yet, so there is nothing to report on.")
        return redirect(url_for("list_reports", cycle_id=cycle_id))
    if not form.validate():
        return _page(form, [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name])
    work = ask_report(site().engine, cycle_id, form.kind.data, form.area.data or None, me().id, now())
    return redirect(url_for("report_progress", work_id=work))


def report_progress(work_id: int) -> ResponseReturnValue:
    """Say how far a report is."""
    return _progress(AnywayForm() if may_in_cycle(Act.MAKE_REPORT) else None, [])


def _progress(form: AnywayForm | None, problems: list[Problem]) -> ResponseReturnValue:
    work = g.work
    state = _state(work)
    sentence = SENTENCES[state].format(progress=work["progress"], fault=work["fault"] or NO_WORD)
    body = render_template(
        "report_progress.html", work_id=work["id"], title=KINDS[work["payload"]["kind"]], state=state,
        sentence=sentence, report_id=work["result"].get("report"), problems=problems,
        back=url_for("list_reports", cycle_id=work["payload"]["cycle"]),
        doubts=work["result"].get("doubts", ()), form=form if state == "doubted" else None,
    )  # fmt: skip
    if problems:
        return body, 400
    # A page that is waiting looks again by itself; the button is there for those who turned that off.
    return body, {"Refresh": f"2; url={request.path}"} if state in ("waiting", "running") else {}


def issue_anyway(work_id: int) -> ResponseReturnValue:
    """Issue a report although figures do not agree, for a reason that is kept."""
    form = AnywayForm()
    if _state(g.work) != "doubted":
        return redirect(url_for("report_progress", work_id=work_id))
    if not form.validate():
        return _progress(form, [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name])
    work = ask_anyway(site().engine, g.work, form.reason.data or "", me().id, now())
    return redirect(url_for("report_progress", work_id=work))


def _state(work: Mapping[str, Any]) -> str:
    if work["done_at"] is not None:
        return "doubted" if work["result"].get("doubts") else "ready"
    if work["attempts"] >= MOST_ATTEMPTS and (work["claimed_at"] is None or work["claimed_at"] < now() - CLAIM_LASTS):
        return "failed"
    return "running" if work["claimed_at"] is not None else "waiting"


def download_report(report_id: int) -> ResponseReturnValue:
    """Hand over the Word file; the download is written down."""
    file = Path(g.report["file"])
    if not file.is_file():
        abort(404)
    note_download(site().engine, report_id, me().id, now())
    return send_file(file, mimetype=WORD, as_attachment=True, download_name=file.name)
