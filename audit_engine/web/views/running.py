"""Run a cycle: who has returned, open, close, more time, reopen, read a return."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from audit_engine.response.completeness import Progress
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.response.permissions import Act
from audit_engine.response.workflow import NotPossible
from audit_engine.services import run_cycle
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.clock import local_text, now
from audit_engine.services.follow_progress import progress_of_cycle
from audit_engine.services.late_texts import late_texts_of
from audit_engine.services.list_cycles import ListedCycle, grouped_cycles
from audit_engine.services.read_history import PAGE_LENGTH, changes_of
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.score_return import panel_said, standard_grades
from audit_engine.services.submit import reopen
from audit_engine.storage import partnership
from audit_engine.storage.engine import reading
from audit_engine.web.controls import writable
from audit_engine.web.day_fields import MomentField, href_of
from audit_engine.web.page_filters import plural
from audit_engine.web.policy import me
from audit_engine.web.site import site
from audit_engine.web.views import sending
from audit_engine.web.views.cases import read_page
from audit_engine.web.views.shared import (
    Problem,
    done,
    is_for_settings,
    limited_to,
    may,
    may_in_cycle,
    names_of_areas,
    note_visit,
    opened,
    refused,
    standards_shown,
)
from audit_engine.web.views.submitting import standing_receipt

LAST_PAGE = 1_000_000  # no history is longer; a larger number fits no database


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle in a list; a survey of people has ``replies``."""

    cycle: CycleFacts
    taking_part: int
    submitted: int
    href: str
    replies: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """An organisation's return in a cycle's list."""

    facts: ReturnFacts
    progress: Progress
    sector: str
    areas: str
    may_extend: bool
    may_reopen: bool


def cycle_groups() -> list[tuple[str, str, list[CycleRow]]]:
    """Return the cycles by their kind for somebody's list; who may not see progress is led to the results."""
    leads = _leads()
    found = grouped_cycles(site().engine, site().definitions)
    return [(group.id, group.title, [leads(c) for c in group.cycles]) for group in found]


def _leads() -> Callable[[ListedCycle], CycleRow]:
    watches = may_in_cycle(Act.SEE_PROGRESS)

    def row(one: ListedCycle) -> CycleRow:
        endpoint = "show_cycle" if watches else "results" if one.replies is None else "survey_results"
        return CycleRow(
            one.facts, one.taking_part, one.submitted, url_for(endpoint, cycle_id=one.facts.id), one.replies
        )

    return row


def list_cycles() -> ResponseReturnValue:
    """List the partnership's audits and surveys by their kind, those that are open first."""
    return render_template("cycles.html", groups=cycle_groups())


def show_cycle(cycle_id: str) -> ResponseReturnValue:
    """Show who has not started, started, submitted, among the organisations that the person may see."""
    if g.cycle.state != "planned" and is_for_settings(cycle_id):
        return redirect(url_for("take_up", cycle_id=cycle_id))
    if asked := sending.people_asked(cycle_id):
        return sending.survey_page(asked)
    chosen = {name: request.args.get(name, "") for name in ("area", "sector", "state")}
    with reading(site().engine) as connection:
        areas = partnership.areas(connection)
        names = {a.id: a.name for a in areas}
        sectors = partnership.sectors(connection)
        counted = progress_of_cycle(connection, site().definitions, g.cycle)
    seen = limited_to(Act.SEE_PROGRESS)
    mine = [(f, p) for f, p in counted if seen is None or set(seen) & set(f.areas)]
    rows = [_row(f, p, sectors, names) for f, p in mine if _chosen(f, chosen)]
    return render_template(
        "cycle.html", cycle=g.cycle, tally=_tally([f for f, _ in mine]), returns=rows, chosen=chosen,
        areas=[("", "All areas"), *((k, v) for k, v in names.items() if seen is None or k in seen)],
        sectors=[("", "All kinds"), *sectors.items()], notes=_notes(areas, seen, chosen["area"]), **_cycle_acts(),
    )  # fmt: skip


def _notes(areas: Sequence[partnership.AreaRow], seen: Sequence[str] | None, chosen: str) -> list[partnership.AreaRow]:
    """Return the areas shown of which there is something to know."""
    return [a for a in areas if a.note and chosen in ("", a.id) and (seen is None or a.id in seen)]


def _asks_staff(cycle_id: str) -> bool:
    """Tell whether the questionnaire sets what staff say beside its criteria."""
    with reading(site().engine) as connection:
        asked = site().definitions.of_cycle(connection, cycle_id)
    return asked is not None and any(item.staff_view for item in asked.questionnaire.items)


def _cycle_acts() -> dict[str, bool]:
    state = g.cycle.state
    return {
        "may_open": state == "planned" and may_in_cycle(Act.OPEN_CYCLE),
        "may_close": may_in_cycle(Act.CLOSE_CYCLE),
        "may_see_results": state != "planned" and may_in_cycle(Act.SEE_RESULTS),
        "may_triangulate": state != "planned" and may_in_cycle(Act.TRIANGULATE) and _asks_staff(g.cycle.id),
        "may_report": state != "planned" and may_in_cycle(Act.READ_REPORT),
    }


def _chosen(facts: ReturnFacts, chosen: dict[str, str]) -> bool:
    return (
        (not chosen["area"] or chosen["area"] in facts.areas)
        and chosen["sector"] in ("", facts.sector)
        and chosen["state"] in ("", facts.state)
    )


def _row(facts: ReturnFacts, progress: Progress, sectors: Mapping[str, str], names: Mapping[str, str]) -> ReturnRow:
    return ReturnRow(
        facts, progress, sectors.get(facts.sector, facts.sector), ", ".join(names.get(a, a) for a in facts.areas),
        facts.state != "submitted" and may(Act.EXTEND, facts), facts.state == "submitted" and may(Act.REOPEN, facts),
    )  # fmt: skip


def _tally(all_returns: list[ReturnFacts]) -> list[tuple[int, str]]:
    states = (
        ("not-started", "not started"),
        ("started", "started"),
        ("submitted", "submitted"),
        ("reopened", "reopened"),
    )
    counted = [(sum(r.state == state for r in all_returns), words) for state, words in states]
    return [(number, words) for number, words in counted if number or words != "reopened"]


def ask_open_cycle(cycle_id: str) -> ResponseReturnValue:
    """Ask before opening."""
    if asked := sending.people_asked(cycle_id):
        return sending.ask_open_survey(asked)
    invited = len(g.cycle.invited) if g.cycle.invited is not None else None
    whom = plural(invited, "organisation") if invited is not None else "every organisation that exists today"
    return _ask(
        f"Open {g.cycle.title}?", "",
        [f"It opens to {whom}, and closes at {local_text(g.cycle.closes_at)}.",
         "What each organisation is asked follows from its profile as it stands now."],
        "Once it is open, questions, scales and rules can no longer change.",
        url_for("open_cycle", cycle_id=cycle_id), "Open this audit", url_for("show_cycle", cycle_id=cycle_id),
    )  # fmt: skip


def open_cycle(cycle_id: str) -> ResponseReturnValue:
    """Open a cycle."""
    return _carried_out(
        lambda: f"{g.cycle.title} is open{_to_whom(cycle_id, _open(cycle_id))}.",
        "show_cycle",
        cycle_id=cycle_id,
    )


def _open(cycle_id: str) -> int:
    return run_cycle.open_cycle(site().engine, site().definitions.library, cycle_id, me().id, now())


def _to_whom(cycle_id: str, organisations: int) -> str:
    if sending.people_asked(cycle_id):
        return ". Nobody has been written to yet: send its links, or print the posters"
    if organisations:
        return f" to {plural(organisations, 'organisation')}"
    return " to schools and settings, which start it themselves"


def ask_close_cycle(cycle_id: str) -> ResponseReturnValue:
    """Ask before closing."""
    if sending.people_asked(cycle_id):
        return _ask(
            f"Close {g.cycle.title}?", "", list(sending.CLOSING), sending.NOT_AGAIN,
            url_for("close_cycle", cycle_id=cycle_id), "Close this survey", url_for("show_cycle", cycle_id=cycle_id),
        )  # fmt: skip
    return _ask(
        f"Close {g.cycle.title}?", "",
        ["Organisations can no longer change their answers, except those that were given more time.",
         "Nothing that anybody typed is lost, and you can open it again."],
        "", url_for("close_cycle", cycle_id=cycle_id), "Close this audit", url_for("show_cycle", cycle_id=cycle_id),
    )  # fmt: skip


def close_cycle(cycle_id: str) -> ResponseReturnValue:
    """Close a cycle."""

    def close() -> str:
        run_cycle.close_cycle(site().engine, cycle_id, me().id, now())
        return f"{g.cycle.title} is closed."

    return _carried_out(close, "show_cycle", cycle_id=cycle_id)


def reopen_cycle(cycle_id: str) -> ResponseReturnValue:
    """Take back the closing."""

    def again() -> str:
        run_cycle.reopen_cycle(site().engine, cycle_id, me().id, now())
        return f"{g.cycle.title} is open again."

    return _carried_out(again, "show_cycle", cycle_id=cycle_id)


def _carried_out(act: Callable[[], str], endpoint: str, **where: object) -> ResponseReturnValue:
    """Do it, say on the next page what was done or why not."""
    try:
        done(act())
    except (CycleRefused, NotPossible) as refusal:
        refused(str(refusal))
    return redirect(url_for(endpoint, **where))  # type: ignore[arg-type]


class MoreTimeForm(FlaskForm):
    """Until when and why."""

    until = MomentField("New closing time", usual="17:00", missing="Enter the new closing time",
                        description="UK time, for example 15 1 2027 at 17:00")  # fmt: skip
    reason = TextAreaField("Why does this organisation get longer?", [DataRequired("Say why")], [writable],
                           description="The reason is kept with the return.")  # fmt: skip


def ask_extend(return_id: int) -> ResponseReturnValue:
    """Ask until when, and why."""
    return _extend_page(MoreTimeForm())


def _extend_page(form: MoreTimeForm, problems: list[Problem] | None = None) -> ResponseReturnValue:
    facts = g.facts
    told = problems or [Problem(e[0], href_of(form[name])) for name, e in form.errors.items() if e and name]
    return _ask(
        f"Give {facts.organisation_name} more time", facts.cycle.title,
        [f"It closes at {local_text(facts.closes_at)} for this organisation."], "",
        url_for("extend_return", return_id=facts.id), "Give more time",
        url_for("show_cycle", cycle_id=facts.cycle.id), form, [("date_field", form.until), ("area_field", form.reason)],
        told,
    )  # fmt: skip


def extend_return(return_id: int) -> ResponseReturnValue:
    """Give one organisation more time."""
    form = MoreTimeForm()
    until = form.until.data
    if not form.validate() or until is None:
        return _extend_page(form)
    try:
        run_cycle.extend(site().engine, return_id, until, form.reason.data or "", me().id, now())
    except CycleRefused as refusal:
        form.until.errors = [str(refusal)]
        return _extend_page(form, [Problem(str(refusal), "#until")])
    done(f"{g.facts.organisation_name} has until {local_text(until)}.")
    return redirect(url_for("show_cycle", cycle_id=g.facts.cycle.id))


class ReasonForm(FlaskForm):
    """Why a return is opened again."""

    reason = TextAreaField("Why is it opened again?", [DataRequired("Say why")], [writable],
                           description="The reason is kept with the return.")  # fmt: skip


def ask_reopen(return_id: int) -> ResponseReturnValue:
    """Ask before opening a submitted return for changes."""
    return _reopen_page(ReasonForm())


def _reopen_page(form: ReasonForm) -> ResponseReturnValue:
    facts = g.facts
    return _ask(
        f"Reopen the audit of {facts.organisation_name}?", facts.cycle.title,
        ["They can change their answers and must submit again. What they submitted stays on record."],
        "Until they submit again, the organisation counts as not returned.",
        url_for("reopen_return", return_id=facts.id), "Reopen for changes", url_for("read_return", return_id=facts.id),
        form, [("area_field", form.reason)],
        [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name],
    )  # fmt: skip


def reopen_return(return_id: int) -> ResponseReturnValue:
    """Open a submitted return for changes."""
    form = ReasonForm()
    if not form.validate():
        return _reopen_page(form)

    def again() -> str:
        reopen(site().engine, return_id, form.reason.data or "", me().id, now())
        return f"{g.facts.organisation_name} can change its answers again."

    return _carried_out(again, "read_return", return_id=return_id)


def _ask(
    title: str,
    caption: str,
    paragraphs: list[str],
    warning: str,
    action: str,
    button: str,
    cancel: str,
    form: FlaskForm | None = None,
    fields: list[tuple[str, object]] | None = None,
    problems: list[Problem] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "confirm.html", title=title, caption=caption, paragraphs=paragraphs, warning=warning, action=action,
        button=button, cancel=cancel, form=form, fields=fields or [], problems=problems or [],
    )  # fmt: skip
    return page, 400 if problems else 200


def read_return(return_id: int) -> ResponseReturnValue:
    """Show one organisation's return to somebody who is not of that organisation; the reading is written down."""
    whole = opened()
    facts = whole.facts
    note_visit(facts)
    if isinstance(whole, CaseReturn):
        return read_page(whole)
    with reading(site().engine) as connection:
        panel = panel_said(connection, site().definitions, facts)
        grades = standard_grades(connection, site().definitions, facts)
    return render_template(
        "return_read.html", opened=whole, standards=standards_shown(whole, names_of_areas(facts), panel), grades=grades,
        receipt=standing_receipt(return_id), may_extend=facts.state != "submitted" and may(Act.EXTEND, facts),
        may_reopen=facts.state == "submitted" and may(Act.REOPEN, facts),
    )  # fmt: skip


def history(return_id: int) -> ResponseReturnValue:
    """Show every change of a return, the newest first."""
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    with reading(site().engine) as connection:
        found = changes_of(connection, return_id, page)
        questionnaire = site().definitions.of(connection, g.facts.content_hash)
        # What was typed into cases is for those who read the cases, and not for whoever reads one for a second time.
        late = () if questionnaire.respondent == "case" else late_texts_of(connection, questionnaire, return_id)
    last = max(1, -(-found.total // PAGE_LENGTH))

    def address(number: int) -> str:
        return url_for("history", return_id=return_id, page=number) if 1 <= number <= last else ""

    near = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    return render_template(
        "history.html", facts=g.facts, late=late, changes=found.changes,
        pages=[(n, address(n), n == page) for n in near], previous=address(page - 1), next=address(page + 1),
    )  # fmt: skip
