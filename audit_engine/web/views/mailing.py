"""Write to organisations and to people about a survey: draft, preview, send, see what became of it; and stop it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField, StringField, TextAreaField

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.nearest import shortened
from audit_engine.response.permissions import Act
from audit_engine.services import send_invitations, stop_mail
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.follow_survey import SurveyRow
from audit_engine.services.letters import About, paragraphs, suggested
from audit_engine.services.mail_addresses import addresses_in, decoded
from audit_engine.services.mail_merge import merge_file
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.send_invitations import Drafted, MailingSeen, MailRefused, Text, sent_on
from audit_engine.services.survey_words import SurveySaid, survey_said
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.storage import mailings
from audit_engine.web.controls import writable
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.sending import STATES, mail_state, overview_seen, site_root
from audit_engine.web.views.shared import Problem, done, limited_to, refused

OWN_LINK = "«each person’s own link»"
Refusals = (MailRefused, SurveyRefused, CycleRefused)


class TextForm(FlaskForm):
    """The part of a message that somebody writes."""

    subject = StringField("Subject", filters=[writable])
    words = TextAreaField("Opening words", filters=[writable], description=(
        "The link, how long it takes, the closing date and what is promised about names follow by themselves."
    ))  # fmt: skip

    @property
    def text(self) -> Text:
        """Return what was written."""
        return Text(self.subject.data or "", (self.words.data or "").replace("\r\n", "\n"))


class PeopleForm(TextForm):
    """Who gets a link of their own."""

    organisation = SelectField("Whose people are they?", validate_choice=False)
    addresses = TextAreaField("E-mail addresses", filters=[writable], description=(
        "One on a line. Names and other columns beside them do no harm, and are not kept."
    ))  # fmt: skip
    file = FileField("Or a file of them", description="Text or CSV, at most 2 MB. It is read and not kept.")


def _said() -> SurveySaid:
    with page() as connection:
        questionnaire = site().definitions.opened(connection, g.cycle.id).questionnaire
    return survey_said(g.cycle, questionnaire)


def _may_draft() -> ResponseReturnValue | None:
    """Lead back where a survey takes no messages."""
    if g.cycle.state == "open":
        return None
    refused(f"{g.cycle.title} is {g.cycle.state}, so nobody is written to.")
    return redirect(url_for("show_cycle", cycle_id=g.cycle.id))


# --- to contacts -------------------------------------------------------------------


def write_to_contacts(cycle_id: str) -> ResponseReturnValue:
    """Offer to write to organisations' contacts."""
    return _may_draft() or _contacts_page(_begun("contacts", TextForm()), None, [])


def _begun(kind: str, form: Any, purpose: str = "invitation") -> Any:
    form.subject.data, form.words.data = suggested(kind, purpose, _said())
    return form


def _contacts_page(form: TextForm, typed: dict[str, str] | None, problems: Sequence[Problem]) -> ResponseReturnValue:
    rows = [row for row in overview_seen(Act.SEND_SURVEY).rows if row.link]
    with page() as connection:
        known = mailings.contacts(connection)
    boxes = {_box(row): ", ".join(known.get(row.organisation, ())) for row in rows} if typed is None else typed
    body = render_template(
        "sending_contacts.html", cycle=g.cycle, rows=[(row, _box(row), boxes.get(_box(row), "")) for row in rows],
        form=form, problems=problems, wrong={p.href.removeprefix("#"): p.text for p in problems}, mail=mail_state(),
    )  # fmt: skip
    return body, 400 if problems else 200


def _box(row: SurveyRow) -> str:
    return f"to-{row.link.id}" if row.link else ""


def draft_to_contacts(cycle_id: str) -> ResponseReturnValue:
    """Keep a message to contacts as a draft, and lead to its preview."""
    form = TextForm()
    rows = {_box(row): row for row in overview_seen(Act.SEND_SURVEY).rows if row.link}
    typed = {name: request.form.get(name, "") for name in rows}
    read = {name: addresses_in("addresses\n" + text) for name, text in typed.items()}
    problems = [
        Problem(f"{rows[name].name}: “{shortened(typed[name])}” is not a list of e-mail addresses", f"#{name}")
        for name, one in read.items()
        if one.faults
    ]
    if problems:
        return _contacts_page(form, typed, problems)
    chosen = {rows[name].organisation: one.found for name, one in read.items() if one.found}
    try:
        drafted = send_invitations.draft_to_contacts(site().engine, cycle_id, chosen, form.text, me().id, now())
    except Refusals as refusal:
        return _contacts_page(form, typed, [Problem(str(refusal), "#subject")])
    return _to_preview(drafted)


def _to_preview(drafted: Drafted) -> ResponseReturnValue:
    for sentence in drafted.left_out:
        refused(sentence)
    return redirect(url_for("mailing", mailing_id=drafted.mailing))


# --- to people ---------------------------------------------------------------------


def write_to_people(cycle_id: str) -> ResponseReturnValue:
    """Offer to give each person a link of their own."""
    return _may_draft() or _people_page(_begun("people", _people_form()), [])


def _people_form() -> PeopleForm:
    form = PeopleForm()
    rows = [row for row in overview_seen(Act.SEND_SURVEY).rows if row.organisation]
    choices = {row.organisation: row.name for row in rows}
    if limited_to(Act.SEND_SURVEY) is None:
        choices = {"": "Of no organisation in particular", **choices}
    form.organisation.choices = choices
    return form


def _people_page(form: PeopleForm, problems: Sequence[Problem]) -> ResponseReturnValue:
    body = render_template(
        "sending_people.html", cycle=g.cycle, form=form, problems=problems, mail=mail_state(), least=LEAST_BASE,
    )  # fmt: skip
    return body, 400 if problems else 200


def draft_to_people(cycle_id: str) -> ResponseReturnValue:
    """Keep a list of people and a message as a draft, and lead to its preview."""
    form = _people_form()
    chosen = form.organisation.data or ""
    if chosen not in form.organisation.choices:
        abort(404)
    try:
        pasted = f"{form.addresses.data or ''}\n{_uploaded(form)}".strip("\n")
        drafted = send_invitations.draft_to_people(
            site().engine, cycle_id, chosen, pasted, form.text, me().id, now()
        )  # fmt: skip
    except Refusals as refusal:
        field = form.subject if "subject" in str(refusal) else form.addresses
        field.errors = [str(refusal)]
        return _people_page(form, [Problem(str(refusal), f"#{field.id}")])
    return _to_preview(drafted)


def _uploaded(form: PeopleForm) -> str:
    file = request.files.get(form.file.name)
    if file is None or not file.filename:
        return ""
    try:
        return decoded(file.read())
    except UnicodeError:
        raise MailRefused("The file is no text. Save the list as CSV, or copy the addresses into the box.") from None


# --- one message ---------------------------------------------------------------------


def mailing(mailing_id: int) -> ResponseReturnValue:
    """Show a draft before it is sent, or what became of a message."""
    with page() as connection:
        seen = send_invitations.mailing_seen(connection, g.mailing, now())
        first = mailings.mailing_of(connection, g.mailing.after) if g.mailing.after else None
        example = next(iter(mailings.recipients(connection, mailing_id, limit=1)), None)
    organisation, link = _example(example.organisation if example else g.mailing.organisation)
    what = About(
        _said(), organisation, link, site().instance.contact, sent_on(first) if first else None,
        first.subject if first else "",
    )  # fmt: skip
    body = render_template(
        "sending_mailing.html", cycle=g.cycle, seen=seen, row=g.mailing, mail=mail_state(), states=_told(seen),
        words=STATES, text="\n\n".join(paragraphs(g.mailing.kind, g.mailing.purpose, g.mailing.words, what)),
        reminder="\n\n".join(paragraphs("people", "reminder", "", About(
            what.survey, organisation, "", what.contact, sent_on(g.mailing), g.mailing.subject))),
        one_use=send_invitations.one_use(g.mailing), organisation=organisation, least=LEAST_BASE,
        most=send_invitations.MOST_SHOWN,
    )  # fmt: skip
    is_moving = seen.working and g.mailing.state == "asked" and seen.next_try is None
    return body, {"Refresh": f"5; url={request.path}"} if is_moving else {}


def _example(organisation: str) -> tuple[str, str]:
    """Return the name of the organisation by whose link a preview is shown, and that link."""
    row = next((r for r in overview_seen(Act.SEND_SURVEY).rows if r.organisation == organisation), None)
    name = row.name if row and row.organisation else ""
    if g.mailing.kind == "people":
        return name, OWN_LINK
    return name, site_root() + row.link.path if row and row.link else ""


def _told(seen: MailingSeen) -> list[tuple[str, int]]:
    return [(words, seen.counts[state]) for state, words in STATES.items() if seen.counts.get(state)]


def send_mailing(mailing_id: int) -> ResponseReturnValue:
    """Ask the worker to send a draft."""
    if mail_state() != "on":
        refused("No mail server is set up, so nothing can be sent from here.")
        return _back()
    return _carried_out(lambda: send_invitations.send(site().engine, mailing_id, me().id, now()),
                        "The message is on its way.", "The message was sent already.")  # fmt: skip


def discard_mailing(mailing_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        send_invitations.discard(site().engine, mailing_id)
    except Refusals as refusal:
        refused(str(refusal))
        return _back()
    done("The message and its addresses are deleted.")
    return redirect(url_for("show_cycle", cycle_id=g.cycle.id))


def download_links(mailing_id: int) -> ResponseReturnValue:
    """Make each person's link and hand addresses and links over in one file, once."""
    try:
        made = merge_file(site().engine, mailing_id, site_root(), me().id, now())
    except Refusals as refusal:
        refused(str(refusal))
        return _back()
    return Response(
        made.content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


def try_mailing_again(mailing_id: int) -> ResponseReturnValue:
    """Ask the worker again for what it gave up."""
    return _carried_out(lambda: send_invitations.try_again(site().engine, mailing_id, me().id, now()),
                        "The message is on its way again.", "There is nothing left to send.")  # fmt: skip


def ask_send_again(mailing_id: int) -> ResponseReturnValue:
    """Ask before sending what may have been sent."""
    return render_template(
        "confirm.html", title="Send the message again?", caption=g.mailing.subject,
        paragraphs=["The program stopped while it handed these messages over. Nobody knows whether they left."],
        warning="Some people may get the message twice.",
        action=url_for("send_mailing_again", mailing_id=mailing_id), button="Send again",
        cancel=url_for("mailing", mailing_id=mailing_id), problems=[],
    )  # fmt: skip


def send_mailing_again(mailing_id: int) -> ResponseReturnValue:
    """Send once more where nobody knows whether a message left."""
    return _carried_out(lambda: send_invitations.send_again(site().engine, mailing_id, me().id, now()),
                        "The message is on its way again.", "There is nothing left to send.")  # fmt: skip


def _carried_out(act: Any, did: str, nothing: str) -> ResponseReturnValue:
    try:
        done(did) if act() else refused(nothing)
    except Refusals as refusal:
        refused(str(refusal))
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("mailing", mailing_id=g.mailing.id))


def write_reminder(mailing_id: int) -> ResponseReturnValue:
    """Offer to remind everybody whom an invitation reached."""
    return _may_draft() or _reminder_page(_begun(g.mailing.kind, TextForm(), "reminder"), [])


def _reminder_page(form: TextForm, problems: Sequence[Problem]) -> ResponseReturnValue:
    with page() as connection:
        reached = len(mailings.recipients(connection, g.mailing.id, ("sent",)))
    body = render_template(
        "sending_reminder.html", cycle=g.cycle, row=g.mailing, form=form, problems=problems, reached=reached
    )
    return body, 400 if problems else 200


def draft_reminder(mailing_id: int) -> ResponseReturnValue:
    """Keep a reminder as a draft, and lead to its preview."""
    form = TextForm()
    try:
        drafted = send_invitations.draft_reminder(site().engine, mailing_id, form.text, me().id, now())
    except Refusals as refusal:
        return _reminder_page(form, [Problem(str(refusal), "#subject")])
    return _to_preview(drafted)


# --- no more mail --------------------------------------------------------------------


def no_more_mail(code: str) -> ResponseReturnValue:
    """Ask somebody who followed the link at the end of a message whether they want no more; a button says so."""
    hashed = _hash_in(code)
    with page() as connection:
        has_stopped = stop_mail.has_stopped(connection, hashed)
    return render_template("no_more_mail.html", code=code, has_stopped=has_stopped)


def stop_messages(code: str) -> ResponseReturnValue:
    """Write down that somebody wants no more messages."""
    stop_mail.stop(site().engine, _hash_in(code), now().astimezone(LOCAL).date())
    return redirect(url_for("no_more_mail", code=code))


def _hash_in(code: str) -> str:
    hashed = stop_mail.hash_in(code, site().instance.secret_key())
    if hashed is None:
        abort(404)
    return hashed
