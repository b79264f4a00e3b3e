"""Read what people wrote in a survey before anybody else does, and decide what may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from audit_engine.services.clock import LOCAL, now
from audit_engine.services.follow_survey import asked_of_people
from audit_engine.services.read_texts import Choice, Reading, decide, decided, faults_of, queues, reading_of
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.web.controls import PAST, writable
from audit_engine.web.day_fields import MomentField, href_of
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, refused

OUTCOMES = {
    "shown": "Show it as it stands",
    "redacted": "Show it with words changed or taken out",
    "hidden": "Do not show it",
}
DONE = {
    "shown": "The text may be shown.",
    "redacted": "The changed text may be shown.",
    "hidden": "The text is hidden.",
}
LONGEST = 2000
ORDER = ("outcome", "redacted", "reason", "told_whom", "told_at")


class DecisionForm(FlaskForm):
    """What to do with one text."""

    outcome = RadioField("What may be done with this text?", [InputRequired("Choose what may be done with this text")],
                         choices=OUTCOMES)  # fmt: skip
    redacted = TextAreaField("The text as it may be shown", [Length(max=LONGEST)], [writable],
                             description="Take out names, and anything by which a child or a colleague could be known.",
                             )  # fmt: skip
    reason = StringField("Why is it changed or not shown?", [Length(max=500)], [writable],
                         description="The reason is kept with the text.")  # fmt: skip
    suggests_risk = BooleanField("This text suggests that a child or an adult may be at risk")
    told_whom = StringField("To whom did you pass it on?", [Length(max=200)], [writable])
    told_at = MomentField("When did you pass it on?", named="When you passed it on", example=PAST,
                          description=f"UK time, for example {PAST} at 14:30")  # fmt: skip

    @property
    def choice(self) -> Choice:
        """Return what was chosen; a moment that is none stays open."""
        risk = bool(self.suggests_risk.data)
        return Choice(
            self.outcome.data, self.reason.data or "", self.redacted.data or "", risk, self.told_whom.data or "",
            self.told_at.data if risk else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of one text: its place in the survey and the form."""

    reading: Reading
    form: DecisionForm
    problems: tuple[Problem, ...] = ()


def list_texts(cycle_id: str) -> ResponseReturnValue:
    """List what nobody has read yet, by question, with what is late."""
    _refuse_others()
    days = site().instance.read_within
    with page() as connection:
        found = queues(connection, site().definitions, g.cycle, days, now().astimezone(LOCAL).date())
    return render_template(
        "text_review_list.html", cycle=g.cycle, queues=found, days=days, route=site().instance.risk_route,
        waiting=sum(len(queue.texts) for queue in found), late=max((queue.late for queue in found), default=0),
    )  # fmt: skip


def _refuse_others() -> None:
    with page() as connection:
        if g.cycle.opened_at is None or asked_of_people(connection, site().definitions, g.cycle) is None:
            abort(404)


def list_decided_texts(cycle_id: str) -> ResponseReturnValue:
    """List what reviewers have decided."""
    _refuse_others()
    with page() as connection:
        found = decided(connection, site().definitions, g.cycle)
    return render_template("text_review_decided.html", cycle=g.cycle, decided=found, outcomes=OUTCOMES)


def read_text(cycle_id: str, text_id: str) -> ResponseReturnValue:
    """Show one text, and ask what may be done with it."""
    reading = _reading(text_id)
    text = reading.text
    form = DecisionForm(None, outcome=text.outcome or None, redacted=text.text, reason=text.reason)
    return _text_page(Shown(reading, form))


def _reading(text_id: str) -> Reading:
    _refuse_others()
    with page() as connection:
        found = reading_of(connection, site().definitions, g.cycle, text_id)
    if found is None:
        abort(404)
    return found


def _text_page(shown: Shown) -> ResponseReturnValue:
    page_of_text = render_template(
        "text_review_text.html", cycle=g.cycle, reading=shown.reading, form=shown.form, problems=shown.problems,
        route=site().instance.risk_route, reviewer=me().name,
    )  # fmt: skip
    return page_of_text, 400 if shown.problems else 200


def decide_text(cycle_id: str, text_id: str) -> ResponseReturnValue:
    """Carry out a reviewer's decision; ask once more before an original is deleted for good."""
    reading = _reading(text_id)
    form = DecisionForm()
    problems = _problems(form)
    if problems:
        return _text_page(Shown(reading, form, problems))
    if form.outcome.data == "redacted" and "confirmed" not in request.form:
        return render_template("text_review_confirm.html", cycle=g.cycle, reading=reading, form=form)
    try:
        decide(site().engine, g.cycle, text_id, form.choice, me().name, me().id, now())
    except SurveyRefused as refusal:
        refused(str(refusal))
        return redirect(url_for("list_texts", cycle_id=cycle_id))
    return _next(reading, form)


def _problems(form: DecisionForm) -> tuple[Problem, ...]:
    if not form.suggests_risk.data:
        form.told_at.process_errors = []
    valid = form.validate()
    choice = form.choice
    told = dict(faults_of(choice, now())) if choice.outcome in OUTCOMES else {}
    if form.told_at.process_errors:
        told.pop("told_at", None)
    for name, sentence in told.items():
        form[name].errors = [*form[name].errors, sentence]
    faulty = [name for name in ORDER if form[name].errors]
    if valid and not faulty:
        return ()
    return tuple(Problem(str(form[name].errors[0]), href_of(form[name])) for name in faulty)


def _next(reading: Reading, form: DecisionForm) -> ResponseReturnValue:
    left = reading.left - (not reading.text.outcome)
    rest = f" {left} still to read." if left else " Everything has been read."
    done(DONE[str(form.outcome.data)] + rest)
    if reading.following:
        return redirect(url_for("read_text", cycle_id=g.cycle.id, text_id=reading.following))
    return redirect(url_for("list_texts", cycle_id=g.cycle.id))
