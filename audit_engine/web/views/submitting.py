"""Check a return, declare it, submit it, keep its receipt, print it."""

from __future__ import annotations

from collections import Counter

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from audit_engine.response.answers import State
from audit_engine.response.permissions import Act
from audit_engine.services.answering import OpenReturn
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.clock import now
from audit_engine.services.save_answers import TooLate
from audit_engine.services.second_reading import compared_cases
from audit_engine.services.submit import NotComplete, Receipt, broken_checks, receipt_of, submit
from audit_engine.web import faults
from audit_engine.web.controls import writable
from audit_engine.web.page_filters import state_words
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import (
    Problem,
    doubts_about,
    gap_links,
    may,
    names_of_areas,
    note_visit,
    opened,
    standards_shown,
)


class DeclarationForm(FlaskForm):
    """Who declares."""

    name = StringField(
        "Your name",
        [DataRequired("Enter your name"), Length(max=200, message="Enter a name of 200 letters or fewer")],
        [writable],
    )
    role = StringField(
        "Your role",
        [DataRequired("Enter your role"), Length(max=200, message="Enter a role of 200 letters or fewer")],
        [writable],
    )
    agreed = BooleanField("I make this declaration", [DataRequired("Tick the box to make the declaration")])


def check_answers(return_id: int) -> ResponseReturnValue:
    """Show everything that was answered, and what is missing."""
    whole = opened()
    if isinstance(whole, CaseReturn):
        return redirect(url_for("check_cases", return_id=return_id))
    note_visit(whole.facts)
    missing = gap_links(whole, whole.gaps + broken_checks(whole))
    return render_template(
        "check_answers.html", opened=whole, standards=standards_shown(whole, names_of_areas(whole.facts)),
        gaps=missing, may_submit=_may_submit(whole), doubts=doubts_about(whole),
    )  # fmt: skip


def _may_submit(whole: OpenReturn) -> bool:
    return whole.facts.takes_answers(now()) and may(Act.SUBMIT, whole.facts)


def declare(return_id: int) -> ResponseReturnValue:
    """Show the declaration; a return with gaps is sent back to be finished."""
    whole = opened()
    if whole.facts.state == "submitted":
        return redirect(url_for("receipt", return_id=return_id))
    if not _may_submit(whole):
        return faults.page(409)
    if whole.gaps or broken_checks(whole):
        return redirect(url_for("check_answers", return_id=return_id))
    return _declaration(whole, DeclarationForm())


def _declaration(whole: OpenReturn, form: DeclarationForm, status: int = 200) -> ResponseReturnValue:
    problems = [Problem(errors[0], f"#{name}") for name, errors in form.errors.items() if errors and name]
    body = render_template("declare.html", opened=whole, form=form, problems=problems, summary=_summary(whole))
    return body, status


def _summary(whole: OpenReturn) -> list[tuple[str, str]]:
    if isinstance(whole, CaseReturn):
        compared = len(compared_cases(whole))
        return [("Cases", str(len(whole.cases))), ("Read by two people and compared", str(compared))]
    counted = Counter(
        item.counts_as(whole.answer(item.id).value) or "other"
        for item in whole.questionnaire.criteria
        if whole.asked[item.id].asked
    )
    rows = [(state_words(k), str(counted[k])) for k in ("met", "partly-met", "not-met", "not-applicable")]
    confirmed = sum(a.confirmed_on is not None for a in whole.answers.values() if a.state is not State.UNANSWERED)
    ruled_out = sum(not whole.asked[i.id].asked for i in whole.questionnaire.criteria)
    return [*rows, ("Confirmed unchanged", str(confirmed)), ("Not asked, because of your profile", str(ruled_out))]


def submit_return(return_id: int) -> ResponseReturnValue:
    """Submit once; a second click gets the same receipt."""
    form = DeclarationForm()
    if g.facts.state != "submitted" and not form.validate():
        return _declaration(opened(), form, 400)
    try:
        name, role = form.name.data or "", form.role.data or ""
        submit(site().engine, site().definitions, return_id, name, role, me().id, now())
    except NotComplete:
        return redirect(url_for("check_answers", return_id=return_id))
    except TooLate as refusal:
        return faults.page(409, sentence=str(refusal))
    return redirect(url_for("receipt", return_id=return_id))


def receipt(return_id: int) -> ResponseReturnValue:
    """Show the receipt of the submission that stands."""
    found = standing_receipt(return_id)
    if found is None:
        abort(404)
    return render_template("receipt.html", facts=g.facts, receipt=found)


def standing_receipt(return_id: int) -> Receipt | None:
    """Return the receipt, or None before the first submission."""
    if not g.facts.receipt:
        return None
    with page() as connection:
        return receipt_of(connection, return_id, again=True)


def print_return(return_id: int) -> ResponseReturnValue:
    """Show the whole return on one page, to print or save."""
    whole = opened()
    if isinstance(whole, CaseReturn):
        return redirect(url_for("print_cases", return_id=return_id))
    note_visit(whole.facts)
    return render_template(
        "print_return.html", opened=whole, standards=standards_shown(whole, names_of_areas(whole.facts)),
        receipt=standing_receipt(return_id), printed_at=now(),
    )  # fmt: skip
