"""Bring in answers collected elsewhere: upload, columns, preview, confirm, progress, undo."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from audit_engine.exchange.mapping import UnfitMapping
from audit_engine.exchange.mapping_file import mapping_text, read_mapping
from audit_engine.exchange.outside import Unreadable
from audit_engine.response.permissions import Act, Target, allowed
from audit_engine.services.area_scope import areas_of_file
from audit_engine.services.clock import local_text, now
from audit_engine.services.import_answers import imported_into, undo_forecast, undo_import
from audit_engine.services.import_plan import ImportRefused, Plan, plan_import
from audit_engine.services.import_uploads import (
    IMPORT_WORK,
    MOST_BYTES,
    PREVIEW_WORK,
    Upload,
    ask_import,
    ask_preview,
    forget_old_uploads,
    forget_upload,
    keep_upload,
    order_of,
    save_upload,
    upload_of,
)
from audit_engine.storage import outbox
from audit_engine.storage.imports import ImportRow
from audit_engine.storage.outbox import CLAIM_LASTS, MOST_ATTEMPTS
from audit_engine.web import import_forms
from audit_engine.web.controls import writable
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, refused

FAULTS = (ImportRefused, Unreadable, UnfitMapping)
LARGEST_MAPPING = 1_000_000


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was brought in, why it cannot be undone, and whether the person might undo it."""

    row: ImportRow
    why_not: str
    theirs: bool


def import_answers(cycle_id: str) -> ResponseReturnValue:
    """Ask for a file, and list those brought in before."""
    return _first_page([])


def _first_page(problems: list[Problem]) -> ResponseReturnValue:
    forget_old_uploads(site().instance, now())
    with page() as connection:
        found = [
            Brought(row, why, _theirs(connection, row.by_organisation))
            for row, why in imported_into(connection, g.cycle.id, now())
        ]
    body = render_template(
        "import_upload.html", cycle=g.cycle, brought=found, problems=problems, most=MOST_BYTES // 1_000_000
    )
    return body, 400 if problems else 200


def take_answers_file(cycle_id: str) -> ResponseReturnValue:
    """Take a file and lead to its columns."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return _first_page([Problem("Choose a file", "#file")])
    try:
        upload = keep_upload(site().instance, cycle_id, given.filename, given.stream, me().id)
    except Unreadable as problem:
        return _first_page([Problem(str(problem), "#file")])
    mapping = request.files.get("mapping")
    try:
        if mapping is not None and mapping.filename:
            text = mapping_text(read_mapping(mapping.stream.read(LARGEST_MAPPING), mapping.filename[:80]))
            upload = replace(upload, mapping=text)
            save_upload(site().instance, upload)
        _plan(upload)
    except FAULTS as problem:
        forget_upload(site().instance, upload.id)
        return _first_page([Problem(s, "#file") for s in getattr(problem, "faults", (str(problem),))])
    return redirect(url_for("import_columns", cycle_id=cycle_id, upload_id=upload.id))


def _plan(upload: Upload) -> Plan:
    with page() as connection:
        return plan_import(connection, site().definitions, order_of(site().instance, upload))


def _upload(cycle_id: str, upload_id: str) -> Upload:
    """Return the person's own upload; anybody else's looks like none."""
    found = upload_of(site().instance, upload_id, now())
    if found is None or found.cycle != cycle_id or found.by != me().id:
        abort(404)
    return found


def import_columns(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Show what each column is taken for."""
    upload = _upload(cycle_id, upload_id)
    plan = _plan(upload)
    return _columns_page(upload, plan, import_forms.chosen_in(plan, upload.organisation), [])


def _columns_page(
    upload: Upload, plan: Plan, chosen: Mapping[str, str], problems: list[Problem]
) -> ResponseReturnValue:
    body = render_template(
        "import_columns.html", cycle=g.cycle, upload=upload, plan=plan, problems=problems, chosen=chosen,
        rows=import_forms.rows(plan, chosen), questions=import_forms.question_choices(plan.questionnaire),
        organisations=[("", "Nobody in particular, or a column says it"), *import_forms.by_name(plan.names)],
        has_days=import_forms.has_days(plan.questionnaire),
    )  # fmt: skip
    return body, 400 if problems else 200


def choose_columns(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Keep what each column is taken for, and have the file looked at."""
    upload = _upload(cycle_id, upload_id)
    plan = _plan(upload)
    heading_rows = request.form.get("heading_rows", type=int)
    if heading_rows in (1, 2, 3) and heading_rows != plan.layout.heading_rows:
        save_upload(site().instance, replace(upload, mapping="", heading_rows=heading_rows))
        return redirect(url_for("import_columns", cycle_id=cycle_id, upload_id=upload_id))
    chosen = request.form.to_dict()
    mapping, problems = import_forms.mapping_from(plan, chosen)
    changed = replace(upload, mapping=mapping_text(mapping), organisation=chosen.get("organisation", ""))
    if not problems:
        try:
            _plan(changed)
        except FAULTS as problem:
            problems = [Problem(s) for s in getattr(problem, "faults", (str(problem),))]
    if problems:
        return _columns_page(upload, plan, chosen, problems)
    return _look(changed)


def _look(upload: Upload) -> ResponseReturnValue:
    work = ask_preview(site().engine, site().instance, upload, now())
    return redirect(url_for("import_progress", cycle_id=upload.cycle, work_id=work))


def import_progress(cycle_id: str, work_id: int) -> ResponseReturnValue:
    """Say how far looking at a file or bringing it in is; lead on once it was looked at."""
    with page() as connection:
        work = outbox.work_of(connection, work_id)
    if work is None or work["kind"] not in (PREVIEW_WORK, IMPORT_WORK) or work["asked_by"] != me().id:
        abort(404)
    if work["payload"]["cycle"] != cycle_id:
        abort(404)
    upload_id, result, state = work["payload"]["upload"], work["result"] or {}, _state(work)
    if state == "ready" and "upload" in result:
        return redirect(url_for("import_preview", cycle_id=cycle_id, upload_id=upload_id))
    body = render_template(
        "import_progress.html", cycle=g.cycle, work=work, state=state, result=result, upload_id=upload_id,
        looking=work["kind"] == PREVIEW_WORK, still_here=upload_of(site().instance, upload_id, now()) is not None,
    )  # fmt: skip
    return body, {"Refresh": f"2; url={request.path}"} if state in ("waiting", "running") else {}


def _state(work: Mapping[str, Any]) -> str:
    if work["done_at"] is not None:
        return "failed" if "refused" in (work["result"] or {}) else "ready"
    if work["attempts"] >= MOST_ATTEMPTS and (work["claimed_at"] is None or work["claimed_at"] < now() - CLAIM_LASTS):
        return "failed"
    return "running" if work["claimed_at"] is not None else "waiting"


def import_preview(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Show what would come of bringing a file in."""
    upload = _upload(cycle_id, upload_id)
    if upload.preview is None:
        return redirect(url_for("import_columns", cycle_id=cycle_id, upload_id=upload_id))
    plan = _plan(upload)
    with page() as connection:
        forecast = undo_forecast(connection, upload.preview, cycle_id)
        before = [row for row, _ in imported_into(connection, cycle_id, now()) if row.state != "undone"]
    return render_template(
        "import_preview.html", cycle=g.cycle, upload=upload, preview=upload.preview, forecast=forecast,
        words=import_forms.words_to_settle(plan, upload.preview), names=plan.names, problems=[],
        same=next((row for row in before if row.sha256 == upload.preview["sha256"]), None),
        closes=plan.cycle.opened_at is None or any(row.opened for row in before), theirs=_all_theirs(upload),
    )  # fmt: skip


def _all_theirs(upload: Upload) -> bool:
    with page() as connection:
        return upload.preview is not None and _theirs(connection, upload.preview["by_organisation"])


def _theirs(connection: Connection, organisations: Collection[str]) -> bool:
    """Tell whether the person may bring in, or undo, replies of all these organisations."""
    return allowed(me(), Act.IMPORT_ANSWERS, Target(areas=areas_of_file(connection, organisations)))


def settle_words(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Keep what words mean, and have the file looked at again."""
    upload = _upload(cycle_id, upload_id)
    if upload.preview is None:
        return redirect(url_for("import_columns", cycle_id=cycle_id, upload_id=upload_id))
    plan = _plan(upload)
    mapping = import_forms.with_words(plan, upload.preview, request.form.to_dict())
    return _look(replace(upload, mapping=mapping_text(mapping)))


def confirm_import(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Have a file brought in."""
    upload = _upload(cycle_id, upload_id)
    if upload.preview is None or not upload.preview["replies"]:
        return redirect(url_for("import_columns", cycle_id=cycle_id, upload_id=upload_id))
    if not _all_theirs(upload):
        return redirect(url_for("import_preview", cycle_id=cycle_id, upload_id=upload_id))
    work = ask_import(
        site().engine, upload, now(), again=request.form.get("again") == "yes",
        more_to_come=request.form.get("more_to_come") == "yes",
    )  # fmt: skip
    return redirect(url_for("import_progress", cycle_id=cycle_id, work_id=work))


def drop_upload(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Delete an uploaded file; nothing is brought in."""
    forget_upload(site().instance, _upload(cycle_id, upload_id).id)
    done("The file was deleted, and nothing was brought in.")
    return redirect(url_for("import_answers", cycle_id=cycle_id))


def import_mapping(cycle_id: str, upload_id: str) -> ResponseReturnValue:
    """Hand over how the columns are taken, as a file to be used again."""
    plan = _plan(_upload(cycle_id, upload_id))
    name = f"mapping-{plan.questionnaire.id}-{plan.questionnaire.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(plan.suggestion_text(), mimetype="text/yaml", headers=headers)


class UndoForm(FlaskForm):
    """Why an import is undone."""

    reason = TextAreaField("Why are the answers taken out again?", [DataRequired("Say why")], [writable],
                           description="The reason is kept.")  # fmt: skip


def ask_undo_import(cycle_id: str, number: int) -> ResponseReturnValue:
    """Ask before everything that a file brought is taken out."""
    return _undo_page(_brought(number), UndoForm())


def _brought(number: int) -> ImportRow:
    with page() as connection:
        found = next((row for row, _ in imported_into(connection, g.cycle.id, now()) if row.id == number), None)
    if found is None:
        abort(404)
    return found


def _undo_page(row: ImportRow, form: UndoForm) -> ResponseReturnValue:
    problems = [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name]
    body = render_template(
        "confirm.html", title=f"Take the answers of {row.file} out again?", caption=g.cycle.title,
        paragraphs=[f"{row.replies:,} replies were brought in at {local_text(row.made_at)}."],
        warning="They are deleted with what reviewers wrote about them. The file itself is not here any more.",
        action=url_for("undo_import", cycle_id=g.cycle.id, number=row.id), button="Take them out", form=form,
        cancel=url_for("import_answers", cycle_id=g.cycle.id), fields=[("area_field", form.reason)], problems=problems,
    )  # fmt: skip
    return body, 400 if problems else 200


def take_out_import(cycle_id: str, number: int) -> ResponseReturnValue:
    """Undo an import."""
    row, form = _brought(number), UndoForm()
    if not form.validate():
        return _undo_page(row, form)
    try:
        undo_import(site().engine, number, form.reason.data or "", me().id, now())
        done(f"The {row.replies:,} replies of {row.file} were taken out again.")
    except ImportRefused as refusal:
        refused(str(refusal))
    return redirect(url_for("import_answers", cycle_id=cycle_id))
