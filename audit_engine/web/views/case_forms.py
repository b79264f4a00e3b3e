"""Fill in one case: what is done and left, one part of it as a form, saving that by button and by script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.definition.questionnaire import Section
from audit_engine.response.child_named import Sign
from audit_engine.response.completeness import Progress
from audit_engine.services import case_audit
from audit_engine.services.answering import OpenReturn
from audit_engine.services.case_answers import Case, CaseReturn, entered
from audit_engine.services.case_audit import SavedCase
from audit_engine.services.clock import now
from audit_engine.services.save_answers import Draft, Saved, TooLate
from audit_engine.web import faults
from audit_engine.web.controls import AnswersForm, form_of
from audit_engine.web.page_filters import clock, html_id
from audit_engine.web.policy import me
from audit_engine.web.site import site
from audit_engine.web.survey_words import LOOKS_LIKE
from audit_engine.web.views import answering
from audit_engine.web.views.cases import may_answer, rows_of, the_case
from audit_engine.web.views.shared import Problem, note_visit, refused, shown


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a case, and how far it has come."""

    section: Section
    progress: Progress


def case(return_id: int, case: str) -> ResponseReturnValue:
    """Show one case: its parts, its second reading, and what else can be done with it."""
    whole, found = the_case(case)
    note_visit(whole.facts)
    row = next(r for r in rows_of(whole) if r.case is found)
    parts = [Part(s, found.view.progress(s)) for s in _sections(whole)]
    return render_template("case.html", opened=whole, row=row, parts=parts, may_answer=may_answer(whole))


def case_part(return_id: int, case: str, section_id: str) -> ResponseReturnValue:
    """Show one part of a case: a form while it takes answers, else to be read."""
    whole, found, section = _part(case, section_id)
    if not may_answer(whole):
        note_visit(whole.facts)
        answers = [shown(found.view, i, {}) for i in section.items]
        return render_template("case_part_read.html", opened=whole, case=found, section=section, answers=answers)
    return _form_page(whole, found, section)


def _sections(whole: CaseReturn) -> list[Section]:
    """Return the parts of a case's form; the reference has a page of its own."""
    parts = (replace(s, items=entered(s, whole.questionnaire)) for s in whole.questionnaire.sections)
    return [part for part in parts if part.items]


def _part(number: str, section_id: str) -> tuple[CaseReturn, Case, Section]:
    """Return a part of a case; 404 for one that this person may not see yet."""
    whole, found = the_case(number)
    section = next((s for s in _sections(whole) if s.id == section_id), None)
    if section is None or number in whole.withheld_from(me().id):
        abort(404)
    return whole, found, section


def _form_page(
    whole: CaseReturn, case: Case, section: Section, form: AnswersForm | None = None, saved: Saved | None = None
) -> ResponseReturnValue:
    problems = form.problems() if form else answering.unfinished(case.view, section)
    typed = answering.typed_again(form, saved) if form and saved else {}
    questions = list(answering.questions_of(case.view, section, {}, typed, problems))
    summary = [Problem(sentence, "#" + html_id(name)) for name, sentence in problems.items()]
    order = [s.id for s in _sections(whole)]
    at = order.index(section.id)
    body = render_template(
        "case_part.html", opened=whole, case=case, section=section, questions=questions, problems=summary,
        place=at + 1, of=len(order), is_last=at + 1 == len(order),
    )  # fmt: skip
    return body, 400 if form and problems else 200


def save_case_part(return_id: int, case: str, section_id: str) -> ResponseReturnValue:
    """Save a part of a case; what cannot be kept comes back with a sentence beside it, and the rest is saved."""
    whole, found, section = _part(case, section_id)
    form = _posted(found.view, section)
    drafts = answering.decided(form.drafts(found.view.answer))
    try:
        outcome = _save(return_id, case, drafts)
    except TooLate as refusal:
        return faults.page(409, sentence=str(refusal), texts=answering.texts_typed(whole.questionnaire, drafts))
    if outcome.saved.conflicts:
        return _conflict_page(whole, found, section, outcome.saved, form)
    if form.problems():
        whole, found, section = _part(case, section_id)
        return _form_page(whole, found, section, form, outcome.saved)
    _warn(found, outcome.warnings)
    return redirect(_next_page(whole, found, section))


def _save(return_id: int, number: str, drafts: Sequence[Draft]) -> SavedCase:
    return case_audit.save_case(site().engine, site().definitions, return_id, number, drafts, me().id, now())


def _posted(view: OpenReturn, section: Section) -> AnswersForm:
    offered = [i for i in section.items if not i.is_worked_out and view.asked[i.id].state != "ruled-out"]
    return form_of(offered, (), request.form)


def _warn(case: Case, warnings: Mapping[str, Sign]) -> None:
    """Say on the next page which texts seem to tell who a child is; they are saved all the same."""
    for item, sign in warnings.items():
        short = case.view.questionnaire.items_by_id[item].short_id
        told = LOOKS_LIKE[sign]
        refused(f"Question {short} of case {case.reference} is saved. {told} Please take that out.")


def _next_page(whole: CaseReturn, case: Case, section: Section) -> str:
    then, order = request.form.get("then"), [s.id for s in _sections(whole)]
    at = order.index(section.id)
    if then == "same" or (then == "next" and at + 1 < len(order)):
        following = order[at] if then == "same" else order[at + 1]
        return url_for("case_part", return_id=whole.facts.id, case=case.number, section_id=following)
    if then == "list":
        return url_for("case", return_id=whole.facts.id, case=case.number)
    return url_for("cases", return_id=whole.facts.id)


def _conflict_page(
    whole: CaseReturn, case: Case, section: Section, saved: Saved, form: AnswersForm
) -> ResponseReturnValue:
    clashes = [answering.clash_of(case.view, key, conflict, {}) for key, conflict in saved.conflicts.items()]
    again = [item for item, _r, _a in saved.conflicts if f"{item}-clash" in request.form]
    problems = [Problem("Choose which answer should stay", f"#{html_id(name)}-yours") for name in again]
    address: dict[str, Any] = {"return_id": whole.facts.id, "case": case.number, "section_id": section.id}
    body = render_template(
        "conflict.html", opened=whole, section=section, saved_at=saved.at, clashes=clashes, problems=problems,
        carried=answering.carried(form, saved), here=url_for("case_part", **address),
        action=url_for("save_case_part", **address),
    )  # fmt: skip
    return body, 409


def autosave_case(return_id: int, case: str, section_id: str) -> ResponseReturnValue:
    """Save the questions that changed, and answer the page's script."""
    _whole, found, section = _part(case, section_id)
    form = _posted(found.view, section)
    try:
        saved = _save(return_id, case, form.drafts(found.view.answer)).saved
    except TooLate as refusal:
        return jsonify(error="closed", message=str(refusal)), 409
    return jsonify(
        saved=clock(saved.at),
        versions={k[0]: v for k, v in saved.versions.items() if k not in saved.conflicts},
        conflicts={k[0]: answering.clash_for_script(found.view, k, c) for k, c in saved.conflicts.items()},
        problems=form.problems(),
    )
