"""Audit many cases: the list of a return's cases, one more, another reference, taking one out, tally, check, print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired

from audit_engine.definition.questionnaire import Section
from audit_engine.response.completeness import Gap
from audit_engine.response.permissions import Act
from audit_engine.services import case_audit, second_reading
from audit_engine.services.answering import OpenReturn
from audit_engine.services.case_answers import Case, CaseReturn, entered, reference_of
from audit_engine.services.case_audit import CaseRefused
from audit_engine.services.case_tally import in_confidence, tallies
from audit_engine.services.clock import now
from audit_engine.services.save_answers import TooLate
from audit_engine.services.submit import broken_checks
from audit_engine.storage import cases as stored
from audit_engine.storage import partnership
from audit_engine.storage.cases import ReadingRow
from audit_engine.web import faults
from audit_engine.web.controls import writable
from audit_engine.web.page_filters import html_id
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.survey_words import LOOKS_LIKE
from audit_engine.web.views.shared import (
    Problem,
    StandardShown,
    done,
    may,
    note_visit,
    opened,
    shown,
    viewer,
)
from audit_engine.web.views.submitting import standing_receipt


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list; ``withheld`` where this person may not see its first ratings yet."""

    case: Case
    reading: ReadingRow | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case, to be read."""

    row: CaseRow
    parts: tuple[StandardShown, ...]


class ReferenceForm(FlaskForm):
    """What a case is called."""

    reference = StringField(
        "Reference of the case",
        filters=[writable],
        description="A number or code that only your organisation can trace. Never a name, a date of birth, an "
        "address or an NHS number.",
    )
    insists = BooleanField("I am sure that this is nobody’s name")


class RemoveForm(FlaskForm):
    """Why a case is taken out."""

    reason = TextAreaField(
        "Why is it taken out?", [DataRequired("Say why this case is taken out")], [writable],
        description="For example: entered twice. No name. The reason is kept with the return.",
    )  # fmt: skip


def the_return() -> CaseReturn:
    """Open the return of cases that the address names; 404 for another kind, and for what was said in confidence."""
    whole = opened()
    if not isinstance(whole, CaseReturn) or not _may_be_read(whole):
        abort(404)
    return whole


def the_case(number: str) -> tuple[CaseReturn, Case]:
    """Open one case of it, or 404."""
    whole = the_return()
    case = whole.case(number)
    return (whole, case) if case is not None else abort(404)


def may_answer(whole: OpenReturn) -> bool:
    """Tell whether the return takes answers, and from this person."""
    return whole.facts.takes_answers(now()) and may(Act.ANSWER, whole.facts)


def _may_be_read(whole: CaseReturn) -> bool:
    person = viewer()
    own = person is not None and whole.facts.organisation in person.organisations
    return own or not in_confidence(whole.questionnaire)


def rows_of(whole: CaseReturn) -> tuple[CaseRow, ...]:
    """Return the cases as this person may see them."""
    withheld = whole.withheld_from(me().id)
    return tuple(CaseRow(c, whole.readings.get(c.number), c.number in withheld) for c in whole.cases)


def cases(return_id: int) -> ResponseReturnValue:
    """List the cases: what is done and what is left, and a box for one more."""
    return _list_page(the_return(), ReferenceForm(formdata=None))


def _list_page(whole: CaseReturn, form: ReferenceForm, refusal: CaseRefused | None = None) -> ResponseReturnValue:
    note_visit(whole.facts)
    problems = _told(form, refusal)
    body = render_template(
        "cases.html", opened=whole, cases=rows_of(whole), form=form, problems=problems, may_answer=may_answer(whole),
        insisting=refusal is not None and refusal.may_insist, front_doors=_front_doors(whole),
        finished=sum(c.finished for c in whole.cases),
    )  # fmt: skip
    return body, 400 if refusal else 200


def _told(form: ReferenceForm, refusal: CaseRefused | None) -> list[Problem]:
    if refusal is None:
        return []
    form.reference.errors = [str(refusal)]
    return [Problem(str(refusal), "#reference")]


def _front_doors(whole: CaseReturn) -> list[str]:
    """Return where a child at risk is reported, by area."""
    with page() as connection:
        texts = [a.local_text.get("front_door", "") for a in partnership.areas(connection) if a.id in whole.facts.areas]
    return [text for text in texts if text]


def add_case(return_id: int) -> ResponseReturnValue:
    """Add a case, and go on to its first page."""
    whole, form = the_return(), ReferenceForm()
    try:
        number = case_audit.add_case(
            site().engine, site().definitions, return_id, form.reference.data or "", me().id, now(),
            insists=bool(form.insists.data),
        )  # fmt: skip
    except CaseRefused as refusal:
        return _list_page(whole, form, refusal)
    except TooLate as late:
        return faults.page(409, sentence=str(late))
    first = next(s for s in whole.questionnaire.sections if entered(s, whole.questionnaire))
    return redirect(url_for("case_part", return_id=return_id, case=number, section_id=first.id))


def ask_reference(return_id: int, case: str) -> ResponseReturnValue:
    """Ask for another reference."""
    _whole, found = the_case(case)
    return _reference_page(found, ReferenceForm(formdata=None, data={"reference": found.reference}))


def _reference_page(case: Case, form: ReferenceForm, refusal: CaseRefused | None = None) -> ResponseReturnValue:
    problems = _told(form, refusal)
    insisting = [("tick_field", form.insists)] if refusal is not None and refusal.may_insist else []
    back = url_for("case", return_id=g.facts.id, case=case.number)
    body = render_template(
        "confirm.html", title="Change the reference", caption=f"Case {case.reference}", paragraphs=(), warning="",
        action=url_for("change_reference", return_id=g.facts.id, case=case.number), button="Save",
        cancel=back, problems=problems, form=form, fields=[("text_field", form.reference), *insisting],
    )  # fmt: skip
    return body, 400 if problems else 200


def change_reference(return_id: int, case: str) -> ResponseReturnValue:
    """Call a case by another reference."""
    (_whole, found), form = the_case(case), ReferenceForm()
    try:
        case_audit.change_reference(
            site().engine, site().definitions, return_id, case, form.reference.data or "", me().id, now(),
            insists=bool(form.insists.data),
        )  # fmt: skip
    except CaseRefused as refusal:
        return _reference_page(found, form, refusal)
    except TooLate as late:
        return faults.page(409, sentence=str(late))
    done(f"The case is now called {form.reference.data}.")
    return redirect(url_for("case", return_id=return_id, case=case))


def ask_remove_case(return_id: int, case: str) -> ResponseReturnValue:
    """Ask before a case is taken out."""
    return _remove_page(the_case(case)[1], RemoveForm(formdata=None))


def _remove_page(case: Case, form: RemoveForm) -> ResponseReturnValue:
    problems = [Problem(errors[0], f"#{name}") for name, errors in form.errors.items() if errors and name]
    body = render_template(
        "confirm.html", title=f"Take case {case.reference} out?", caption=g.facts.cycle.title,
        paragraphs=["Its answers leave your return, and so does a second reading of it.",
                    "What was saved stays in the history of the return."],
        warning="A case that was taken out cannot be put back: it would have to be entered again.",
        action=url_for("remove_case", return_id=g.facts.id, case=case.number), button="Take it out",
        cancel=url_for("case", return_id=g.facts.id, case=case.number), problems=problems, form=form,
        fields=[("area_field", form.reason)],
    )  # fmt: skip
    return body, 400 if problems else 200


def remove_case(return_id: int, case: str) -> ResponseReturnValue:
    """Take a case out, with its reason."""
    (_whole, found), form = the_case(case), RemoveForm()
    if not form.validate():
        return _remove_page(found, form)
    try:
        reason = form.reason.data or ""
        case_audit.remove_case(site().engine, site().definitions, return_id, case, reason, me().id, now())
    except TooLate as late:
        return faults.page(409, sentence=str(late))
    done(f"Case {found.reference} is taken out.")
    return redirect(url_for("cases", return_id=return_id))


def case_tally(return_id: int) -> ResponseReturnValue:
    """Show how often each answer was given so far, and how often two readers agreed."""
    whole = the_return()
    note_visit(whole.facts)
    withheld = whole.withheld_from(me().id)
    counted = [c for c in whole.cases if c.number not in withheld]
    with page() as connection:
        ratings = stored.ratings(connection, whole.facts.id)
    return render_template(
        "cases_tally.html", opened=whole, counted=len(counted), finished=sum(c.finished for c in counted),
        withheld=len(withheld), sections=_by_section(whole, counted),
        agreements=second_reading.agreements(whole, ratings),
        overall=second_reading.overall_agreement(whole, ratings), compared=len(second_reading.compared_cases(whole)),
    )  # fmt: skip


def _by_section(whole: CaseReturn, counted: Sequence[Case]) -> list[tuple[Section, list[object]]]:
    found = tallies(whole.questionnaire, [c.view for c in counted])
    by_section = [(s, [t for t in found if t.item.section == s.id]) for s in whole.questionnaire.sections]
    return [(section, list(rows)) for section, rows in by_section if rows]


def check_cases(return_id: int) -> ResponseReturnValue:
    """Show what is missing in which case, and everything that was answered."""
    whole = the_return()
    note_visit(whole.facts)
    takes = whole.facts.takes_answers(now()) and may(Act.SUBMIT, whole.facts)
    missing = whole.gaps + broken_checks(whole)
    unfinished = [c for c in whole.cases if _is_read(whole, c) and whole.readings[c.number].compared_at is None]
    return render_template(
        "cases_check.html", opened=whole, cases=shown_cases(whole), may_submit=takes,
        gaps=[Problem(gap.sentence, _where(whole, gap)) for gap in missing], unfinished=unfinished,
        doubts=list(_doubts(whole)),
    )  # fmt: skip


def _doubts(whole: CaseReturn) -> Iterator[Problem]:
    """Return what looks as if it told who a child is: a warning, which keeps nothing back."""
    hidden = whole.withheld_from(me().id)
    for case in whole.cases:
        for answer in () if case.number in hidden else case.view.answers.values():
            sign = case_audit.given_away(answer)
            item = whole.questionnaire.items_by_id.get(answer.item)
            if sign is not None and item is not None:
                told = f"Case {case.reference}, question {item.short_id}: {LOOKS_LIKE[sign]} Please take that out."
                yield Problem(told, _where(whole, Gap(item.id, "value", "", repeat=case.number)))


def _is_read(whole: CaseReturn, case: Case) -> bool:
    return case.number in whole.readings


def _where(whole: CaseReturn, gap: Gap) -> str:
    item = whole.questionnaire.items_by_id.get(gap.item)
    if item is None or not gap.repeat:
        return url_for("cases", return_id=whole.facts.id) + "#reference"
    if item.id == reference_of(whole.questionnaire).id:
        return url_for("ask_reference", return_id=whole.facts.id, case=gap.repeat)
    field = html_id(gap.item if gap.field == "value" else f"{gap.item}-{gap.field}")
    address = url_for("case_part", return_id=whole.facts.id, case=gap.repeat, section_id=item.section)
    return f"{address}#{field}"


def print_cases(return_id: int) -> ResponseReturnValue:
    """Show every case on one page, to print or save."""
    whole = the_return()
    note_visit(whole.facts)
    return render_template(
        "cases_print.html", opened=whole, cases=shown_cases(whole), receipt=standing_receipt(return_id),
        printed_at=now(),
    )  # fmt: skip


def shown_cases(whole: CaseReturn) -> tuple[CaseShown, ...]:
    """Return every case to be read; of one that this person reads a second time, nothing yet."""
    return tuple(CaseShown(row, () if row.withheld else _parts(row.case)) for row in rows_of(whole))


def _parts(case: Case) -> tuple[StandardShown, ...]:
    questionnaire = case.view.questionnaire
    parts = ((s, entered(s, questionnaire)) for s in questionnaire.sections)
    return tuple(StandardShown(s, tuple(shown(case.view, i, {}) for i in items)) for s, items in parts if items)


def read_page(whole: CaseReturn) -> ResponseReturnValue:
    """Show a return of cases to somebody who is not of the organisation; one in confidence only says how far it is."""
    facts = whole.facts
    return render_template(
        "cases_read.html", opened=whole, receipt=standing_receipt(facts.id),
        cases=shown_cases(whole) if _may_be_read(whole) else (), in_confidence=not _may_be_read(whole),
        finished=sum(c.finished for c in whole.cases), may_reopen=facts.state == "submitted" and may(Act.REOPEN, facts),
        may_extend=facts.state != "submitted" and may(Act.EXTEND, facts),
    )  # fmt: skip
