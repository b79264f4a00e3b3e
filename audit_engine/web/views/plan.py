"""See how far the strategic plan has come, and write down the figures that nobody else counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from audit_engine.analysis.plan import KINDS, VERDICTS, WANTS, Outcome, Plan, TypedFigure, in_use, typed_verdict
from audit_engine.response.permissions import Act
from audit_engine.services.clock import now
from audit_engine.services.follow_plan import Followed, follow_plan
from audit_engine.services.keep_plan import FigureDraft, Kept, PlanRefused, figures_of, keep_figure, withdraw_figure
from audit_engine.services.read_plan import FaultyPlan, read_plan
from audit_engine.storage import plan as stored
from audit_engine.web.addresses import this_address
from audit_engine.web.block_pages import handed_out
from audit_engine.web.board_choices import known, today
from audit_engine.web.controls import PAST, writable
from audit_engine.web.day_fields import DayField, href_of
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, may_in_cycle, refused

if TYPE_CHECKING:
    from audit_engine.reports.board_plan import Line

NO_PLAN = (
    "No strategic plan is laid out in the files of this site. The administrator writes it into plan.yaml, beside "
    "partnership.yaml: its priorities, and for each “how we will know” what it is followed by."
)
TAGS: Mapping[str, str] = {
    "as-wanted": "green", "otherwise": "orange", "not-reached": "yellow", "same": "orange", "not-clear": "grey",
    "one-figure": "grey", "cannot-be-judged": "grey", "no-figure": "grey", "not-judged": "blue",
}  # fmt: skip


class FigureForm(FlaskForm):
    """A figure of the plan."""

    as_at = DayField(
        "Which day does it stand for?",
        named="The day that it stands for",
        example=PAST,
        description=f"The day it was counted, or the last day of its period, for example {PAST}",
    )
    kind = SelectField("What kind of figure is it?", choices=dict(KINDS))
    number = StringField("Number", filters=[writable], description="For example 1,204. Leave it empty for a percentage")
    percentage = StringField(
        "Or percentage, as it was published", filters=[writable],
        description="With its decimals, for example 65.1. It is checked against the number that it is of",
    )  # fmt: skip
    base = StringField(
        "Of how many", filters=[writable], description="For a share: everybody who is counted, such as 196"
    )
    source = StringField("Source", filters=[writable], description="Where it stands, so that somebody can look it up")
    note = TextAreaField("Note", filters=[writable], description="What a reader should know. May be left empty")
    kept_because = TextAreaField(
        "Why is the percentage kept?", filters=[writable],
        description="Only where no whole number of people gives it: say why it stands all the same",
    )  # fmt: skip

    def draft(self, replaces: int | None) -> FigureDraft:
        """Return what stands in the boxes."""
        typed = {n: getattr(self, n).data or "" for n in ("number", "percentage", "base", "source", "note")}
        because = self.kept_because.data or ""
        return FigureDraft(self.as_at.data, self.kind.data or "", **typed, kept_because=because, replaces=replaces)


class WithdrawForm(FlaskForm):
    """Why a figure is taken out."""

    reason = TextAreaField("Why is it taken out?", [DataRequired("Say why")], [writable],
                           description="The figure and the reason stay in the history.")  # fmt: skip


def _plan() -> Plan | None:
    """Return the plan; a faulty file is told on the page, and then there is none."""
    try:
        return read_plan(site().instance)
    except FaultyPlan as fault:
        refused(str(fault).splitlines()[0])
        return None


def plan_board() -> ResponseReturnValue:
    """Show every "how we will know" with its measure, figures, verdict and source."""
    plan = _plan()
    if plan is None:
        return render_template("dashboard_empty.html", title="Strategic plan", sentence=NO_PLAN)
    found = known()
    with page() as connection:
        followed = follow_plan(connection, site().definitions, plan, found)
    from audit_engine.reports import board_plan

    lines = [_line(plan, one) for one in followed]
    blocks = board_plan.overview(plan.title, lines)
    whole = board_plan.whole_table(lines)
    return handed_out((*blocks, whole)) or render_template(
        "dashboard_plan.html", plan=plan, blocks=blocks, tags=TAGS, keeps=may_in_cycle(Act.KEEP_PLAN),
        priorities=[(p, [f for f in followed if f.outcome in p.outcomes]) for p in plan.priorities],
        whole_href=this_address(format="csv", table=whole.id), figures_href=this_address(format="figures"),
        compare_href=_compared_at,
    )  # fmt: skip


def _compared_at(one: Followed) -> str:
    """Return the page on which an audit's measure or a survey's waves are compared; '' where none is."""
    if one.compared is None:
        return ""
    then, current = one.compared
    if hasattr(one.outcome.followed_by, "measure"):
        return url_for("comparison", cycle_id=current, baseline=then) + "#measures"
    address: dict[str, Any] = {"cycle_id": current, "with": then}
    return url_for("survey_waves", **address)


def _line(plan: Plan, one: Followed) -> Line:
    from audit_engine.reports.board_plan import Line

    priority = next(p.title for p in plan.priorities if one.outcome in p.outcomes)
    points = [f"{point.when}: {point.text}" for point in one.points]
    sources = "; ".join(dict.fromkeys(point.source for point in one.points))
    first, latest = (points[0] if len(points) > 1 else "", points[-1] if points else "")
    words = one.verdict.words
    return Line(priority, one.outcome.text, one.measure, first, latest, one.verdict.kind, words, sources)


def _outcome(outcome_id: str) -> tuple[Plan, Outcome]:
    """Return an outcome whose figures are typed in by hand; 404 for any other."""
    plan = _plan()
    outcome = next((o for o in plan.outcomes if o.id == outcome_id), None) if plan else None
    if plan is None or outcome is None or outcome.followed_by is not None:
        abort(404)
    return plan, outcome


def plan_outcome(outcome_id: str) -> ResponseReturnValue:
    """Show one promise's typed figures with their history, and a form for another."""
    plan, outcome = _outcome(outcome_id)
    form = FigureForm() if may_in_cycle(Act.KEEP_PLAN) else None
    return _outcome_page(plan, outcome, form, [])


def _outcome_page(
    plan: Plan,
    outcome: Outcome,
    form: FigureForm | None,
    problems: list[Problem],
    correcting: TypedFigure | None = None,
    doubtful: bool = False,
) -> ResponseReturnValue:
    with page() as connection:
        every = figures_of(connection, plan.id, outcome.id)
    used = in_use(every)
    body = render_template(
        "plan_outcome.html", plan=plan, outcome=outcome, used=used, verdict=typed_verdict(outcome, used), tags=TAGS,
        history=sorted(every, key=lambda f: f.id, reverse=True), wants=WANTS[outcome.wants], kinds=KINDS, form=form,
        replaced={f.replaces for f in every}, problems=problems, correcting=correcting, doubtful=doubtful,
        keeps=may_in_cycle(Act.KEEP_PLAN), verdicts=VERDICTS,
    )  # fmt: skip
    return body, 400 if problems else 200


def add_plan_figure(outcome_id: str) -> ResponseReturnValue:
    """Write down a figure of a promise."""
    plan, outcome = _outcome(outcome_id)
    return _kept(plan, outcome, FigureForm(), None)


def _kept(plan: Plan, outcome: Outcome, form: FigureForm, correcting: TypedFigure | None) -> ResponseReturnValue:
    form.validate()  # reads the boxes of the day; a day that is none has a sentence of its own
    draft = form.draft(correcting.id if correcting else None)
    try:
        kept = keep_figure(site().engine, plan.id, outcome.id, draft, me().id, now(), today())
    except PlanRefused as refusal:
        refused(str(refusal))
        return redirect(url_for("plan_outcome", outcome_id=outcome.id))
    if kept.number is None:
        return _outcome_page(plan, outcome, form, _told(form, kept), correcting, kept.is_doubtful)
    done("The figure is corrected. The one before stays in the history." if correcting else "The figure is kept.")
    return redirect(url_for("plan_outcome", outcome_id=outcome.id))


def _told(form: FigureForm, kept: Kept) -> list[Problem]:
    """Put each fault at its box and return them for the top of the page."""
    own = list(form.as_at.process_errors)
    faults = dict(kept.faults or {}) | ({"as_at": own[0]} if own else {})
    for name, words in faults.items():
        form[name].errors = [words]
    order = list(form._fields)
    return [Problem(faults[name], href_of(form[name])) for name in sorted(faults, key=order.index)]


def _typed(figure_id: int) -> tuple[Plan, Outcome, TypedFigure]:
    """Return a figure that is in use, with its outcome; 404 for any other."""
    with page() as connection:
        row = stored.figure_of(connection, figure_id)
    if row is None:
        abort(404)
    plan, outcome = _outcome(row.outcome_id)
    with page() as connection:
        used = in_use(figures_of(connection, plan.id, outcome.id))
    figure = next((f for f in used if f.id == figure_id), None)
    if figure is None:
        abort(404)
    return plan, outcome, figure


def ask_correct_figure(figure_id: int) -> ResponseReturnValue:
    """Show a figure's form with what stands in it, to be corrected."""
    plan, outcome, figure = _typed(figure_id)
    number = "" if figure.number is None else str(figure.number)
    form = FigureForm(
        formdata=None, as_at=figure.as_at, kind=figure.kind, number=number, percentage=figure.percentage,
        base=str(figure.base or ""), source=figure.source, note=figure.note, kept_because=figure.kept_because,
    )  # fmt: skip
    return _outcome_page(plan, outcome, form, [], figure, bool(figure.kept_because))


def correct_figure(figure_id: int) -> ResponseReturnValue:
    """Write down a figure in place of another, which stays in the history."""
    plan, outcome, figure = _typed(figure_id)
    return _kept(plan, outcome, FigureForm(), figure)


def ask_withdraw_figure(figure_id: int) -> ResponseReturnValue:
    """Ask before a figure is taken out."""
    return _withdraw_page(WithdrawForm(), *_typed(figure_id)[1:])


def _withdraw_page(form: WithdrawForm, outcome: Outcome, figure: TypedFigure) -> ResponseReturnValue:
    problems = [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name]
    sentence = f"{figure.text}, of {figure.as_at.day} {figure.as_at:%B %Y}. Source: {figure.source}."
    body = render_template(
        "confirm.html", title="Take this figure out?", caption=outcome.text, paragraphs=[sentence],
        warning="It no longer counts towards the verdict. This cannot be undone: type the figure in again instead.",
        action=url_for("withdraw_plan_figure", figure_id=figure.id), button="Take it out",
        cancel=url_for("plan_outcome", outcome_id=outcome.id), problems=problems, form=form,
        fields=[("area_field", form.reason)],
    )  # fmt: skip
    return body, 400 if problems else 200


def withdraw_plan_figure(figure_id: int) -> ResponseReturnValue:
    """Take a figure out, for a reason that is kept."""
    _, outcome, figure = _typed(figure_id)
    form = WithdrawForm()
    if not form.validate():
        return _withdraw_page(form, outcome, figure)
    try:
        withdraw_figure(site().engine, figure_id, form.reason.data or "", me().id, now())
        done("The figure is taken out. The history keeps it.")
    except PlanRefused as refusal:
        refused(str(refusal))
    return redirect(url_for("plan_outcome", outcome_id=outcome.id))
