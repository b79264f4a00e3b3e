"""Open the door of the self-audits: what there is, a link to a mailbox, what that mailbox may do."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from audit_engine.services import self_audit_mail, self_audit_people
from audit_engine.services.clock import now
from audit_engine.services.sealing import hash_of
from audit_engine.services.self_audit import SelfAuditRefused, offer_of, offered
from audit_engine.services.self_audit_people import SettingDraft, phases
from audit_engine.services.self_audit_sharing import shown_to
from audit_engine.storage import settings
from audit_engine.web.controls import writable
from audit_engine.web.setting_sign_in import mailbox, proved, sign_out
from audit_engine.web.site import page, site
from audit_engine.web.throttling import count
from audit_engine.web.views.shared import Problem, done, refused

QUARTER, A_DAY = 15 * 60, 24 * 60 * 60
# A school's staff share an address, so an address alone is a high ceiling; a mailbox must not be flooded.
LINKS_PER_MAILBOX, LINKS_PER_MAILBOX_A_DAY, LINKS_PER_ADDRESS = 5, 20, 300
TRIES_PER_ADDRESS = 600
ASKING_PER_MAILBOX = 5
LONGEST = 200
NO_KIND = "Choose what kind of school or setting you are"


def self_audits() -> ResponseReturnValue:
    """Show which self-audits a school or setting may start, and the way back in."""
    with page() as connection:
        offers = offered(connection, site().definitions, now())
    return render_template(
        "self_audit_door.html", offers=offers, offer=None, email="", problems=[], again=bool(request.args.get("again"))
    )


def self_audit_start(questionnaire: str) -> ResponseReturnValue:
    """Show what one self-audit is, who sees what, and ask for a mailbox."""
    return _door(questionnaire)


def _door(questionnaire: str, email: str = "", problem: str = "") -> ResponseReturnValue:
    with page() as connection:
        offer = offer_of(connection, site().definitions, questionnaire, now()) if questionnaire else None
    if questionnaire and offer is None:
        abort(404)
    problems = [Problem(problem, "#email")] if problem else []
    body = render_template("self_audit_door.html", offers=(), offer=offer, email=email, problems=problems, again=False)
    return body, 400 if problems else 200


def ask_for_link() -> ResponseReturnValue:
    """Send a link to a mailbox; the page is the same for every address."""
    wanted = request.form.get("questionnaire", "")
    typed = request.form.get("email", "")
    try:
        email = self_audit_people.mailbox(typed)
    except SelfAuditRefused as refusal:
        return _door(wanted, typed, str(refusal))
    _refuse_floods(email)
    secret = self_audit_people.make_link(site().engine, email, wanted, now())
    path = url_for("show_link", token=secret)
    sends = self_audit_mail.is_set_up()
    if sends:
        self_audit_mail.send_link(site().engine, email, _address(path), now())
    shown = path if site().instance.invented and not sends else ""
    return render_template("self_audit_sent.html", email=email, sends=sends, shown=shown)


def _refuse_floods(email: str) -> None:
    known = hash_of(email)  # the counters must not become a list of who asked
    limits = (
        (f"self-audit:{known}", QUARTER, LINKS_PER_MAILBOX),
        (f"self-audit-day:{known}", A_DAY, LINKS_PER_MAILBOX_A_DAY),
        (f"self-audit-from:{request.remote_addr}", QUARTER, LINKS_PER_ADDRESS),
    )
    if any(count(key, seconds) > most for key, seconds, most in limits):
        abort(429)


def _address(path: str) -> str:
    return self_audit_mail.address_of(path, request.host_url)


def show_link(token: str) -> ResponseReturnValue:
    """Show a button: mail scanners open links, so that opening one must do nothing."""
    return render_template("self_audit_enter.html", token=token)


def use_link(token: str) -> ResponseReturnValue:
    """Use a link up and begin a session; one that opens nothing says so in the same words whatever it was."""
    if count(f"self-audit-try:{request.remote_addr}", QUARTER) > TRIES_PER_ADDRESS:
        abort(429)
    entered = self_audit_people.enter(site().engine, token, now())
    if entered is None:
        return render_template("self_audit_link_spent.html"), 400
    secret, wanted = entered
    proved(secret)
    return redirect(url_for("self_audit_home", want=wanted or None))


def leave_self_audits() -> ResponseReturnValue:
    """End the session for good."""
    sign_out()
    done("You are signed out.")
    answer = redirect(url_for("self_audits"))
    answer.headers["Clear-Site-Data"] = '"storage"'  # ticks that a phone still keeps go too
    return answer


# --- what a mailbox may do -----------------------------------------------------------------


def self_audit_home() -> ResponseReturnValue:
    """Show a mailbox what is its own: settings, what it is asked to approve, what a trust was shown."""
    with page() as connection:
        mine = self_audit_people.settings_of(connection, mailbox())
        asked = settings.open_requests(connection, office=mailbox())
        shown = shown_to(connection, site().definitions, mailbox())
    wanted = request.args.get("want", "")
    if len(mine) == 1 and not asked and not shown:
        return redirect(url_for("setting_home", setting_id=mine[0].id, want=wanted or None))
    return render_template("self_audit_home.html", settings=mine, requests=asked, shown=shown, want=wanted)


class SettingForm(FlaskForm):
    """What a setting says of itself."""

    your_name = StringField(
        "Your name", [DataRequired("Enter your name"), Length(max=LONGEST, message="Enter a shorter name")],
        [writable], description="Your colleagues see it beside what you save.",
    )  # fmt: skip
    name = StringField(
        "Name of your school or setting",
        [DataRequired("Enter the name of your school or setting"), Length(max=LONGEST, message="Enter a shorter name")],
        [writable],
    )
    phase = SelectField("What kind of school or setting are you?", [DataRequired(NO_KIND)], validate_choice=False)
    trust = StringField(
        "Trust, chain or group, if there is one", [Length(max=LONGEST, message="Enter a shorter name")], [writable],
        description="It sees nothing unless you share with it.",
    )  # fmt: skip
    office_email = StringField(
        "E-mail address of the office", [DataRequired("Enter the e-mail address of the office")], [writable],
        description="Not your own. When the lead leaves, we ask this address to approve the next. It sees no answers.",
    )  # fmt: skip

    def validate_office_email(self, box: StringField) -> None:
        """Refuse what is no address of an office, beside whatever else is wrong."""
        try:
            self_audit_people.office_address(box.data or "", mailbox())
        except SelfAuditRefused as refusal:
            raise ValidationError(str(refusal)) from None

    def offer(self) -> None:
        """Offer the kinds of setting."""
        kinds = phases(site().definitions.library.facts)
        self.phase.choices = {"": "Choose one", **kinds}


def new_setting() -> ResponseReturnValue:
    """Ask what the school or setting is called."""
    return _setting_page(SettingForm())


def _setting_page(form: SettingForm, refusal: str = "") -> ResponseReturnValue:
    form.offer()
    problems = [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name]
    if refusal:
        problems.append(Problem(refusal, "#office_email"))
    body = render_template(
        "self_audit_new.html", form=form, problems=problems, want=request.values.get("want", "")
    )  # fmt: skip
    return body, 400 if problems else 200


def add_setting() -> ResponseReturnValue:
    """Add a school or setting; whoever types it leads its self-audits."""
    form = SettingForm()
    form.offer()
    if not form.validate():
        return _setting_page(form)
    said = SettingDraft(
        form.name.data or "", form.phase.data or "", form.office_email.data or "", form.trust.data or ""
    )  # fmt: skip
    known = site().definitions.library.facts
    try:
        number = self_audit_people.add_setting(
            site().engine, known, mailbox(), form.your_name.data or "", said, now()
        )  # fmt: skip
    except SelfAuditRefused as refusal:
        return _setting_page(form, str(refusal))
    with page() as connection:
        made = settings.setting_of(connection, number)
    if made is not None:
        self_audit_mail.send_notice_to_office(
            site().engine, made, mailbox(), _address(url_for("self_audits")), now()
        )  # fmt: skip
    return redirect(url_for("setting_home", setting_id=number, want=request.form.get("want") or None))


class FollowForm(FlaskForm):
    """Who follows a lead that has gone."""

    your_name = StringField("Your name", [DataRequired("Enter your name")], [writable])
    office_email = StringField(
        "E-mail address of your school’s or setting’s office",
        [DataRequired("Enter the e-mail address of the office")], [writable],
        description="The address that was given when the self-audit was started.",
    )  # fmt: skip


def follow_lead() -> ResponseReturnValue:
    """Ask who follows a lead that has gone."""
    return _follow_page(FollowForm())


def _follow_page(form: FollowForm, refusal: str = "") -> ResponseReturnValue:
    problems = [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name]
    if refusal:
        problems.append(Problem(refusal, "#office_email"))
    return render_template("self_audit_follow.html", form=form, problems=problems), 400 if problems else 200


def ask_to_follow() -> ResponseReturnValue:
    """Ask the office address to approve a new lead; the page is the same whether it knows that address or not."""
    form = FollowForm()
    if not form.validate():
        return _follow_page(form)
    if count(f"self-audit-follow:{hash_of(mailbox())}", A_DAY) > ASKING_PER_MAILBOX:
        abort(429)
    try:
        asked = self_audit_people.ask_to_follow(
            site().engine, form.office_email.data or "", mailbox(), form.your_name.data or "", now()
        )  # fmt: skip
    except SelfAuditRefused as refusal:
        return _follow_page(form, str(refusal))
    for request_made in asked:
        self_audit_mail.send_request(site().engine, request_made, _address(url_for("self_audits")), now())
    done("If that is the office address of a school or setting here, it has been asked to approve you.")
    return redirect(url_for("self_audit_home"))


def decide_request() -> ResponseReturnValue:
    """Carry out what the office address decides."""
    number = request.form.get("request", type=int) or 0
    approved = request.form.get("decision") == "approve"
    try:
        found = self_audit_people.decide(site().engine, number, mailbox(), approved, now())
    except SelfAuditRefused as refusal:
        refused(str(refusal))
    else:
        done(f"{'Approved' if approved else 'Refused'}: {found.email}, {found.setting_name}.")
    return redirect(url_for("self_audit_home"))
