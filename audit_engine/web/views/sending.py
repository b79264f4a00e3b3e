"""Run a survey of people: before it opens, its links and posters, how many were invited and have replied."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.mail.settings import MailSettingsFault, mail_settings, site_address
from audit_engine.response.permissions import Act
from audit_engine.services import run_survey
from audit_engine.services.clock import local_text, now
from audit_engine.services.follow_survey import (
    EVERYBODY,
    SurveyOverview,
    SurveyRow,
    asked_of_people,
    survey_overview,
    turnout_sentence,
    warnings_for,
)
from audit_engine.services.letters import About, to_copy
from audit_engine.services.run_survey import SurveyLink
from audit_engine.services.survey_words import FIXED, NOT_HERE, SurveySaid, survey_said
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.storage.mailings import MailingRow
from audit_engine.web.controls import writable
from audit_engine.web.page_filters import plural
from audit_engine.web.policy import me
from audit_engine.web.qr import QrCode, qr_code
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, limited_to, may_in_cycle, may_review_texts, refused

#: How an address's state is told in a list, in this order.
STATES: Mapping[str, str] = {
    "waiting": "waiting",
    "sending": "being sent",
    "sent": "sent",
    "unknown": "may have left",
    "refused": "refused",
    "returned": "came back",
    "held": "not sent",
    "failed": "given up",
    "stopped": "asked for no more",
    "downloaded": "downloaded",
}


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message in a list."""

    row: MailingRow
    to: str
    counted: str


@dataclass(frozen=True, slots=True)
class PosterShown:
    """What one poster says."""

    said: SurveySaid
    organisation: str
    address: str
    code: QrCode

    @property
    def typed(self) -> str:
        """Return the address as people type it."""
        return self.address.removeprefix("https://").removeprefix("http://")


def people_asked(cycle_id: str) -> Questionnaire | None:
    """Return what the survey of this request asks; None where the cycle is no survey of people."""
    with page() as connection:
        return asked_of_people(connection, site().definitions, g.cycle)


def survey_page(questionnaire: Questionnaire) -> ResponseReturnValue:
    """Show a survey: turnout and links by organisation, the messages that were sent; never an answer."""
    overview = overview_seen(Act.SEE_PROGRESS)
    may_send = may_in_cycle(Act.SEND_SURVEY)
    state = g.cycle.state
    return render_template(
        "sending_survey.html", cycle=g.cycle, questionnaire=questionnaire, overview=overview,
        anonymity=FIXED[questionnaire.anonymity],
        turnout=turnout_sentence(overview.replies, overview.invited, closed=state == "closed"),
        least=LEAST_BASE, messages=[shown(*m) for m in overview.messages] if may_send else [], may_send=may_send,
        may_open=state == "planned" and may_in_cycle(Act.OPEN_CYCLE),
        may_close=state == "open" and may_in_cycle(Act.CLOSE_CYCLE), mail=mail_state(),
        may_see_results=state == "closed" and may_in_cycle(Act.SEE_RESULTS),
        may_review=state != "planned" and may_review_texts(g.cycle.id),
    )  # fmt: skip


def overview_seen(act: Act) -> SurveyOverview:
    """Return the survey's overview of the organisations for which the person may do it."""
    with page() as connection:
        return survey_overview(connection, g.cycle, limited_to(act), now())


def mail_state() -> str:
    """Return "on", "off" where there is no mail server, or what is wrong with the settings in a sentence."""
    try:
        return "off" if mail_settings(os.environ) is None else "on"
    except MailSettingsFault as fault:
        return str(fault)


def site_root() -> str:
    """Return the address under which people reach the site, without a slash at its end."""
    return site_address(os.environ) or request.url_root.rstrip("/")


def shown(row: MailingRow, counts: Mapping[str, int]) -> MessageShown:
    """Return a message as a list shows it."""
    whom = "organisations" if row.kind == "contacts" else "people"
    told = ", ".join(f"{counts[state]:,} {words}" for state, words in STATES.items() if counts.get(state))
    return MessageShown(row, whom, told or "nobody")


# --- opening and closing -----------------------------------------------------------


def ask_open_survey(questionnaire: Questionnaire) -> ResponseReturnValue:
    """Ask before opening, with what there is to think of first."""
    overview = overview_seen(Act.OPEN_CYCLE)
    organisations = [row for row in overview.rows if row.organisation]
    links = f"a link for each of {plural(len(organisations), 'organisation')}" if organisations else "one link for all"
    return render_template(
        "sending_open.html", cycle=g.cycle, questionnaire=questionnaire, links=links, least=LEAST_BASE,
        anonymity=FIXED[questionnaire.anonymity], warnings=warnings_for(questionnaire, overview),
        closes=local_text(g.cycle.closes_at),
    )  # fmt: skip


CLOSING = (
    "Nobody can answer any more. Replies that were begun and not sent are deleted.",
    "The addresses that messages went to are deleted. How many there were stays.",
    "Results can be seen from then on.",
)
NOT_AGAIN = "A survey that has closed cannot be opened again: replies that came later would stand out."

# --- links -------------------------------------------------------------------------


def survey_link(link_id: int) -> ResponseReturnValue:
    """Show one organisation's link, to be copied, printed or renewed."""
    said = _said()
    address = site_root() + g.link.path
    text = "\n\n".join(to_copy(About(said, g.link.organisation_name, address, site().instance.contact)))
    return render_template(
        "sending_link.html", cycle=g.cycle, link=g.link, name=_name(g.link), address=address, text=text,
        may_renew=g.cycle.state == "open" and not g.link.ended,
    )  # fmt: skip


def _said() -> SurveySaid:
    with page() as connection:
        questionnaire = site().definitions.opened(connection, g.cycle.id).questionnaire
    return survey_said(g.cycle, questionnaire)


def _name(link: SurveyLink) -> str:
    return link.organisation_name or EVERYBODY


class RenewForm(FlaskForm):
    """Why a link is renewed."""

    reason = TextAreaField("Why is the link renewed?", [DataRequired("Say why")], [writable],
                           description="For example: it was put on a public page. The reason is kept.")  # fmt: skip


def ask_renew_link(link_id: int) -> ResponseReturnValue:
    """Ask before ending a link and making another."""
    return _renew_page(RenewForm())


def _renew_page(form: RenewForm) -> ResponseReturnValue:
    problems = [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name]
    body = render_template(
        "confirm.html", title=f"Renew the link of {_name(g.link)}?", caption=g.cycle.title,
        paragraphs=["The old link, and every poster and message with it, stops working at once.",
                    "Replies that were sent stay. Whoever is answering now must begin again with the new link."],
        warning="This cannot be undone.", action=url_for("renew_link", link_id=g.link.id), button="Renew the link",
        cancel=url_for("survey_link", link_id=g.link.id), form=form, fields=[("area_field", form.reason)],
        problems=problems,
    )  # fmt: skip
    return body, 400 if problems else 200


def renew_link(link_id: int) -> ResponseReturnValue:
    """End a link and make another, with a reason."""
    form = RenewForm()
    if not form.validate():
        return _renew_page(form)
    reason = (form.reason.data or "").strip()
    try:
        run_survey.renew_link(site().engine, g.cycle.id, g.link.organisation, me().id, now(), reason)
        done(f"{_name(g.link)} has a new link. Print its poster again and send the new link round.")
    except SurveyRefused as refusal:
        refused(str(refusal))
    return redirect(url_for("show_cycle", cycle_id=g.cycle.id))


def poster(link_id: int) -> ResponseReturnValue:
    """Show one organisation's poster, to be printed on a page."""
    return _posters([g.link], url_for("survey_link", link_id=link_id))


def posters(cycle_id: str) -> ResponseReturnValue:
    """Show every poster, each on a page of its own."""
    links = [row.link for row in overview_seen(Act.SEND_SURVEY).rows if row.link]
    if not links:
        refused("Posters can be printed once the survey is open and has links.")
        return redirect(url_for("show_cycle", cycle_id=cycle_id))
    return _posters(links, url_for("show_cycle", cycle_id=cycle_id))


def _posters(links: Sequence[SurveyLink], back: str) -> ResponseReturnValue:
    said, root = _said(), site_root()
    made = [PosterShown(said, link.organisation_name, root + link.path, qr_code(root + link.path)) for link in links]
    return render_template("sending_posters.html", cycle=g.cycle, posters=made, back=back, not_here=NOT_HERE)


# --- how many were invited ------------------------------------------------------------


def ask_numbers(cycle_id: str) -> ResponseReturnValue:
    """Ask how many people each organisation invites."""
    return _numbers_page({}, [])


def _numbers_page(typed: Mapping[str, str], problems: Sequence[Problem]) -> ResponseReturnValue:
    rows = overview_seen(Act.SEND_SURVEY).rows
    body = render_template(
        "sending_numbers.html", cycle=g.cycle, rows=rows, typed=typed, problems=problems,
        wrong={p.href.removeprefix("#"): p.text for p in problems},
    )  # fmt: skip
    return body, 400 if problems else 200


def keep_numbers(cycle_id: str) -> ResponseReturnValue:
    """Write down how many people each organisation invites."""
    rows = {f"n{n}": row for n, row in enumerate(overview_seen(Act.SEND_SURVEY).rows)}
    typed = {name: request.form.get(name, "").strip() for name in rows if name in request.form}
    problems = [Problem(f"{rows[name].name}: write a whole number from 1 to {run_survey.MOST_INVITED:,}, or nothing",
                        f"#{name}") for name, text in typed.items() if text and not _is_number(text)]  # fmt: skip
    if problems:
        return _numbers_page(typed, problems)
    changed = _changed(rows, typed)
    if changed is None:
        refused("The list of organisations has changed meanwhile, so nothing was kept. Look at it again.")
        return redirect(url_for("ask_numbers", cycle_id=cycle_id))
    try:
        run_survey.invited_all(site().engine, cycle_id, changed, site().definitions)
        done("The numbers invited are kept.")
    except SurveyRefused as refusal:
        refused(str(refusal))
    return redirect(url_for("show_cycle", cycle_id=cycle_id))


def _is_number(text: str) -> bool:
    plain = text.replace(",", "")
    return plain.isascii() and plain.isdigit() and 1 <= int(plain) <= run_survey.MOST_INVITED


def _changed(rows: Mapping[str, SurveyRow], typed: Mapping[str, str]) -> dict[str, int | None] | None:
    """Return the numbers that differ; None where the page was of another list of organisations."""
    if request.form.getlist("organisation") != [row.organisation for row in rows.values()]:
        return None
    numbers = {name: int(text.replace(",", "")) if text else None for name, text in typed.items()}
    return {rows[n].organisation: number for n, number in numbers.items() if number != rows[n].invited}
