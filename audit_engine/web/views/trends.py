"""See how answers move over the waves of a survey, with what was done in between, and write such things down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from audit_engine.response.permissions import Act
from audit_engine.services.clock import now
from audit_engine.services.follow_trend import Family, Trend, TrendQuestion, families, follow_trend
from audit_engine.services.keep_plan import PlanRefused, add_event, remove_event
from audit_engine.storage import plan as stored
from audit_engine.storage.plan import EventRow
from audit_engine.web.addresses import this_address
from audit_engine.web.block_pages import handed_out
from audit_engine.web.board_choices import known, today
from audit_engine.web.controls import PAST, writable
from audit_engine.web.day_fields import DayField, href_of
from audit_engine.web.page_filters import day
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, may_in_cycle, refused

if TYPE_CHECKING:
    from audit_engine.analysis.disclosure import Figure
    from audit_engine.reports.blocks import Block
    from audit_engine.reports.board_trend import Line

NO_SURVEY = "No survey has closed yet. A survey shows here once it has closed, and as a line once it has closed twice."


class EventForm(FlaskForm):
    """What was done, and when."""

    happened_on = DayField("When did it happen, or begin?", named="The day", example=PAST,
                           description=f"For example {PAST}")  # fmt: skip
    text = StringField("What was done?", filters=[writable],
                       description="A campaign, a new name, training: what may bear on the answers")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of what happened in order: a wave, or an event that can be taken out (``event``)."""

    on: date
    title: str
    text: str
    event: EventRow | None = None


def trends() -> ResponseReturnValue:
    """List the surveys that have closed, each with its waves."""
    found = known()
    with page() as connection:
        every = families(connection, site().definitions, found.surveys)
    return render_template("dashboard_trends.html", families=every, empty=NO_SURVEY)


def _family(questionnaire: str) -> Family:
    found = known()
    with page() as connection:
        every = families(connection, site().definitions, found.surveys)
    return next((f for f in every if f.questionnaire == questionnaire), None) or abort(404)


def trend(questionnaire: str) -> ResponseReturnValue:
    """Show one question of a survey over its waves, with what was done in between."""
    return _trend_page(_family(questionnaire), EventForm() if may_in_cycle(Act.KEEP_PLAN) else None, [])


def _trend_page(family: Family, form: EventForm | None, problems: list[Problem]) -> ResponseReturnValue:
    with page() as connection:
        found = follow_trend(connection, site().definitions, family)
        events = stored.events(connection, family.questionnaire)
    question = _question(found)
    blocks = _blocks(found, question)
    handed = handed_out(blocks)
    if handed is not None:
        return handed
    choices = [(q.id, f"{q.text} ({q.answer})") for q in found.questions]
    body = render_template(
        "dashboard_trend.html", family=family, question=question, why_not=found.why_not, problems=problems,
        filters=[("question", "Question", choices, question.id)] if question else [], form=form,
        blocks=blocks[:-1], every=blocks[-1:], moments=list(_moments(family, question, events)),
        keeps=may_in_cycle(Act.KEEP_PLAN), figures_href=this_address(format="figures"),
        compare_href=_compare_at(family),
    )  # fmt: skip
    return body, 400 if problems else 200


def _question(found: Trend) -> TrendQuestion | None:
    """Return the question that the address names, or the first; 404 for one that is not there."""
    named = request.args.get("question", "")
    if not named:
        return next(iter(found.questions), None)
    return next((q for q in found.questions if q.id == named), None) or abort(404)


def _compare_at(family: Family) -> str:
    if len(family.waves) < 2:
        return ""
    address: dict[str, Any] = {"cycle_id": family.waves[-1].id, "with": family.waves[-2].id}
    return url_for("survey_waves", **address)


def _blocks(found: Trend, question: TrendQuestion | None) -> tuple[Block, ...]:
    from audit_engine.reports import board_trend

    if question is None:
        return ()
    labels = [point.label for point in question.points]
    lines = [_line(q) for q in found.questions]
    return (
        *board_trend.blocks(found.family.title, _line(question)),
        board_trend.every_question(labels, lines),
    )


def _line(question: TrendQuestion) -> Line:
    from audit_engine.reports.board_trend import Line, Wave

    waves = tuple(Wave(point.label, day(point.closed_on), point.figure) for point in question.points)
    return Line(question.text, question.answer, waves)


def _moments(family: Family, question: TrendQuestion | None, events: tuple[EventRow, ...]) -> Iterator[Moment]:
    """Yield waves and events in the order in which they happened; a wave stands on the day on which it closed."""
    points = question.points if question else ()
    answer = question.answer if question else ""
    waves = [Moment(p.closed_on, p.title, f"Closed. {_figure(answer, p.figure)}".strip()) for p in points]
    done_then = [Moment(e.happened_on, e.text, _written(e), e) for e in events]
    yield from sorted([*waves, *done_then], key=lambda moment: moment.on)


def _figure(answer: str, figure: Figure | None) -> str:
    return f"{answer}: {figure.percent}." if figure is not None else ""


def _written(event: EventRow) -> str:
    who = f" by {event.made_by}" if event.made_by else ""
    return f"Written down{who} on {day(event.made_at)}."


def add_trend_event(questionnaire: str) -> ResponseReturnValue:
    """Write down what was done between waves."""
    family, form = _family(questionnaire), EventForm()
    form.validate()
    own = list(form.happened_on.process_errors)
    faults = {"happened_on": own[0]} if own else {}
    if not own:
        faults = dict(
            add_event(
                site().engine, questionnaire, form.happened_on.data, form.text.data or "", me().id, now(), today()
            )
        )
    for name, words in faults.items():
        form[name].errors = [words]
    if faults:
        return _trend_page(family, form, [Problem(words, href_of(form[name])) for name, words in faults.items()])
    done("It is written down, and stands between the waves.")
    return redirect(url_for("trend", questionnaire=questionnaire))


def ask_remove_event(event_id: int) -> ResponseReturnValue:
    """Ask before an event is taken out."""
    event = _event(event_id)
    return render_template(
        "confirm.html", title="Take this out?", caption=day(event.happened_on), paragraphs=[event.text],
        warning="It will no longer stand between the waves. The trail keeps what it said.",
        action=url_for("remove_trend_event", event_id=event_id), button="Take it out",
        cancel=url_for("trend", questionnaire=event.questionnaire), problems=[], form=None, fields=[],
    )  # fmt: skip


def _event(event_id: int) -> EventRow:
    with page() as connection:
        return stored.event_of(connection, event_id) or abort(404)


def remove_trend_event(event_id: int) -> ResponseReturnValue:
    """Take an event out."""
    event = _event(event_id)
    try:
        remove_event(site().engine, event_id, me().id, now())
        done("It is taken out.")
    except PlanRefused as refusal:
        refused(str(refusal))
    return redirect(url_for("trend", questionnaire=event.questionnaire))
