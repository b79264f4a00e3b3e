"""Look after a setting: its self-audits, who works on them, what it says of itself, taking it along, deleting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from audit_engine.definition.facts import PREFIX, Fact
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.settings import Request
from audit_engine.services import eatsafe_photos, self_audit_export, self_audit_mail, self_audit_people
from audit_engine.services.clock import now
from audit_engine.services.self_audit import Offer, SelfAuditRefused, offer_of, offered, start
from audit_engine.services.self_audit_people import ALONE, CHILDMINDER, SettingDraft, phases
from audit_engine.storage import setting_photos, settings
from audit_engine.web.controls import writable
from audit_engine.web.setting_sign_in import mailbox, member, setting
from audit_engine.web.site import page, site
from audit_engine.web.throttling import count
from audit_engine.web.views.self_audit import LONGEST
from audit_engine.web.views.shared import Problem, done, refused

INVITATIONS_A_DAY = 30
Choice = bool | None


def setting_home(setting_id: int) -> ResponseReturnValue:
    """Show a setting's self-audits, what it may start, and who works on them."""
    with page() as connection:
        audits = settings.audits_of(connection, setting_id)
        offers = offered(connection, site().definitions, now())
        people = settings.members(connection, setting_id)
        asked = settings.open_requests(connection, setting_id=setting_id)
        looked = settings.accesses(connection, setting_id)
        failed = self_audit_mail.unsent(connection, setting(), people, asked, now())
    running = {a.cycle for a in audits if a.takes_answers}
    return render_template(
        "self_audit_setting.html", setting=setting(), audits=audits, people=[p for p in people if p.left_at is None],
        offers=[o for o in offers if o.cycle.id not in running], requests=asked, looked=looked, me=member(),
        phase=phases(site().definitions.library.facts).get(setting().phase, setting().phase),
        want=request.args.get("want", ""), unsent=failed, changeable=_changeable(offers),
    )  # fmt: skip


def _changeable(offers: Sequence[Offer]) -> Mapping[str, str]:
    """Return, by cycle, the questionnaire whose start page says again what it depends on what is asked."""
    newest = {o.questionnaire.id: o for o in reversed(offers)}
    return {o.cycle.id: q for q, o in newest.items() if facts_asked(o.questionnaire, setting().phase)}


def send_letter_again(setting_id: int) -> ResponseReturnValue:
    """Compose a message anew that could not be sent, and have it sent."""
    with page() as connection:
        people = settings.members(connection, setting_id)
        asked = settings.open_requests(connection, setting_id=setting_id)
        failed = self_audit_mail.unsent(connection, setting(), people, asked, now())
    one = next((f for f in failed if f.id == request.form.get("message")), None)
    if one is None:
        refused("This message does not wait to be sent again.")
        return redirect(url_for("setting_home", setting_id=setting_id))
    if not self_audit_mail.is_set_up():
        refused(f"No mail is sent from here at the moment. Tell them to ask for a link at {_address()}.")
        return redirect(url_for("setting_home", setting_id=setting_id))
    if count(f"self-audit-invite:{setting_id}", 24 * 60 * 60) > INVITATIONS_A_DAY:
        abort(429)
    if one.letter == "invitation":
        colleague = next(p for p in people if p.id == one.number)
        self_audit_mail.send_invitation(
            site().engine, colleague, setting().name, member().name, _address(), now(), one.work
        )
    elif one.letter == "request":
        _send(next(r for r in asked if r.id == one.number), one.work)
    else:
        self_audit_mail.send_notice_to_office(site().engine, setting(), member().email, _address(), now(), one.work)
    done(f"The message to {one.to} is being sent again.")
    return redirect(url_for("setting_home", setting_id=setting_id))


# --- starting an audit ------------------------------------------------------------------


def facts_asked(questionnaire: Questionnaire, phase: str) -> tuple[Fact, ...]:
    """Return the yes-no facts on which it depends what a questionnaire asks this kind of setting."""
    known = site().definitions.library.facts.by_name
    conditions = [s.applies_when for s in questionnaire.sections]
    for item in questionnaire.items:
        conditions += [item.applies_when, item.enable_when, *(v.when for v in item.variants)]
    named = {n.removeprefix(PREFIX) for c in conditions if c is not None for n in c.names if n.startswith(PREFIX)}
    if phase != CHILDMINDER:
        named.discard(ALONE)
    return tuple(fact for name, fact in known.items() if name in named and fact.type == "yes-no")


def prepare_start(setting_id: int, questionnaire: str) -> ResponseReturnValue:
    """Ask what it depends on what is asked, before an audit is started."""
    return _start_page(questionnaire, _known())


def _known() -> Mapping[str, Choice]:
    return {name: value for name, value in setting().facts.items() if isinstance(value, bool)}


def _start_page(questionnaire: str, said: Mapping[str, Choice], *, missing: bool = False) -> ResponseReturnValue:
    with page() as connection:
        offer = offer_of(connection, site().definitions, questionnaire, now())
    if offer is None:
        abort(404)
    facts = facts_asked(offer.questionnaire, setting().phase)
    problems = [Problem(f"Answer “{f.label}”", f"#{f.name}") for f in facts if said.get(f.name) is None and missing]
    body = render_template(
        "self_audit_begin.html", setting=setting(), offer=offer, facts=facts, said=said, problems=problems,
        again="again" in request.args,
    )  # fmt: skip
    return body, 400 if problems else 200


def start_audit(setting_id: int, questionnaire: str) -> ResponseReturnValue:
    """Start an audit, or go on with the one that is begun."""
    with page() as connection:
        offer = offer_of(connection, site().definitions, questionnaire, now())
    if offer is None:
        abort(404)
    facts = facts_asked(offer.questionnaire, setting().phase)
    said = {f.name: {"yes": True, "no": False}.get(request.form.get(f.name, "")) for f in facts}
    if setting().phase != CHILDMINDER and ALONE in site().definitions.library.facts.by_name:
        said[ALONE] = False  # nobody is asked what their kind of setting has answered
    if any(said[f.name] is None for f in facts):
        return _start_page(questionnaire, {**_known(), **said}, missing=True)
    here = setting()
    draft = SettingDraft(here.name, here.phase, here.office_email, here.trust, {**_known(), **said})
    known = site().definitions.library.facts
    try:
        self_audit_people.change_setting(site().engine, known, setting_id, draft)
        number = start(site().engine, site().definitions, setting_id, questionnaire, member().id, now())
    except SelfAuditRefused as refusal:
        refused(str(refusal))
        return redirect(url_for("setting_home", setting_id=setting_id))
    return redirect(url_for("audit_home", audit_id=number))


# --- what it says of itself ----------------------------------------------------------------


class DetailsForm(FlaskForm):
    """What a setting says of itself; the office address changes by approval alone."""

    name = StringField("Name of your school or setting",
                       [DataRequired("Enter a name"), Length(max=LONGEST, message="Enter a shorter name")],
                       [writable])  # fmt: skip
    phase = SelectField("What kind of school or setting are you?", validate_choice=False)
    trust = StringField("Trust, chain or group, if there is one",
                        [Length(max=LONGEST, message="Enter a shorter name")], [writable])  # fmt: skip


class OfficeForm(FlaskForm):
    """Another office address."""

    office_email = StringField("New e-mail address of the office", [DataRequired("Enter an e-mail address")],
                               [writable])  # fmt: skip


def setting_details(setting_id: int) -> ResponseReturnValue:
    """Show what a setting says of itself."""
    here = setting()
    return _details_page(DetailsForm(name=here.name, phase=here.phase, trust=here.trust), OfficeForm(formdata=None))


def _details_page(form: DetailsForm, office: OfficeForm, refusal: str = "") -> ResponseReturnValue:
    form.phase.choices = dict(phases(site().definitions.library.facts))
    problems = [Problem(e[0], f"#{n}") for f in (form, office) for n, e in f.errors.items() if e and n]
    if refusal:
        problems.append(Problem(refusal, "#office_email"))
    body = render_template(
        "self_audit_details.html", setting=setting(), form=form, office=office, problems=problems, me=member()
    )
    return body, 400 if problems else 200


def save_details(setting_id: int) -> ResponseReturnValue:
    """Save what a setting says of itself."""
    form = DetailsForm()
    form.phase.choices = dict(phases(site().definitions.library.facts))
    if not form.validate():
        return _details_page(form, OfficeForm(formdata=None))
    said = SettingDraft(form.name.data or "", form.phase.data or "", "", form.trust.data or "", _known())
    try:
        self_audit_people.change_setting(site().engine, site().definitions.library.facts, setting_id, said)
    except SelfAuditRefused as refusal:
        return _details_page(form, OfficeForm(formdata=None), str(refusal))
    done("Saved.")
    return redirect(url_for("setting_home", setting_id=setting_id))


def ask_for_office(setting_id: int) -> ResponseReturnValue:
    """Ask the office address to approve another in its place."""
    form = OfficeForm()
    here = setting()
    details = DetailsForm(formdata=None, name=here.name, phase=here.phase, trust=here.trust)
    if not form.validate():
        return _details_page(details, form)
    try:
        made = self_audit_people.ask_for_office(
            site().engine, setting_id, form.office_email.data or "", mailbox(), now()
        )  # fmt: skip
    except SelfAuditRefused as refusal:
        return _details_page(details, form, str(refusal))
    _send(made)
    done(f"{here.office_email} has been asked to approve the new address. Until then nothing changes.")
    return redirect(url_for("setting_home", setting_id=setting_id))


def _send(made: Request, after: int = 0) -> None:
    self_audit_mail.send_request(site().engine, made, _address(), now(), after)


def _address() -> str:
    return self_audit_mail.address_of(url_for("self_audits"), request.host_url)


# --- who works on it ---------------------------------------------------------------------


class ColleagueForm(FlaskForm):
    """A colleague, or the next lead."""

    name = StringField("Name", [DataRequired("Enter a name"), Length(max=LONGEST, message="Enter a shorter name")],
                       [writable])  # fmt: skip
    email = StringField("E-mail address", [DataRequired("Enter an e-mail address")], [writable])


def setting_people(setting_id: int) -> ResponseReturnValue:
    """Show who works on a setting's self-audits."""
    return _people_page(ColleagueForm())


def _people_page(form: ColleagueForm, refusal: str = "") -> ResponseReturnValue:
    with page() as connection:
        everybody = settings.members(connection, setting().id)
        failed = self_audit_mail.unsent(connection, setting(), everybody, (), now())
    problems = [Problem(e[0], f"#{n}") for n, e in form.errors.items() if e and n]
    if refusal:
        problems.append(Problem(refusal, "#email"))
    body = render_template(
        "self_audit_people.html", setting=setting(), form=form, problems=problems, me=member(),
        people=[p for p in everybody if p.left_at is None], gone=[p for p in everybody if p.left_at is not None],
        unsent=[f for f in failed if f.letter == "invitation"],
    )  # fmt: skip
    return body, 400 if problems else 200


def invite_colleague(setting_id: int) -> ResponseReturnValue:
    """Let a colleague's mailbox work on a setting's self-audits, and tell them."""
    form = ColleagueForm()
    if not form.validate():
        return _people_page(form)
    if count(f"self-audit-invite:{setting_id}", 24 * 60 * 60) > INVITATIONS_A_DAY:
        abort(429)
    try:
        made = self_audit_people.invite(
            site().engine, setting_id, form.email.data or "", form.name.data or "", now()
        )  # fmt: skip
    except SelfAuditRefused as refusal:
        return _people_page(form, str(refusal))
    address = _address()
    self_audit_mail.send_invitation(site().engine, made, setting().name, member().name, address, now())
    told = "We have written to them." if self_audit_mail.is_set_up() else f"Tell them to ask for a link at {address}."
    done(f"{made.name} can work on your self-audits. {told}")
    return redirect(url_for("setting_people", setting_id=setting_id))


def remove_colleague(setting_id: int) -> ResponseReturnValue:
    """Take somebody off a setting's self-audits; everybody may take themselves off, the lead anybody else."""
    number = request.form.get("member", type=int) or 0
    if not member().lead and number != member().id:
        abort(404)
    try:
        self_audit_people.remove(site().engine, setting_id, number, now())
    except SelfAuditRefused as refusal:
        refused(str(refusal))
        return redirect(url_for("setting_people", setting_id=setting_id))
    done("Taken off. What they wrote stays.")
    gone = number == member().id
    return redirect(url_for("self_audit_home") if gone else url_for("setting_people", setting_id=setting_id))


def next_lead(setting_id: int) -> ResponseReturnValue:
    """Ask who shall lead when the lead leaves."""
    return _next_lead_page(ColleagueForm())


def _next_lead_page(form: ColleagueForm, refusal: str = "") -> ResponseReturnValue:
    problems = [Problem(e[0], f"#{n}") for n, e in form.errors.items() if e and n]
    if refusal:
        problems.append(Problem(refusal, "#email"))
    with page() as connection:
        others = [m for m in settings.members(connection, setting().id) if m.left_at is None and not m.lead]
    body = render_template(
        "self_audit_next_lead.html", setting=setting(), form=form, problems=problems, others=others
    )  # fmt: skip
    return body, 400 if problems else 200


def ask_for_next_lead(setting_id: int) -> ResponseReturnValue:
    """Ask the office address to approve the next lead."""
    form = ColleagueForm()
    if not form.validate():
        return _next_lead_page(form)
    try:
        made = self_audit_people.ask_for_next_lead(
            site().engine, setting_id, form.email.data or "", form.name.data or "", mailbox(), now()
        )  # fmt: skip
    except SelfAuditRefused as refusal:
        return _next_lead_page(form, str(refusal))
    _send(made)
    done(f"{setting().office_email} has been asked to approve {made.name}. Until then the lead stays the lead.")
    return redirect(url_for("setting_home", setting_id=setting_id))


# --- taking it along, deleting it --------------------------------------------------------


def download_all(setting_id: int, form: str) -> ResponseReturnValue:
    """Hand over everything that the setting ever gave."""
    makers = {
        "json": (self_audit_export.as_json, "application/json; charset=utf-8"),
        "csv": (self_audit_export.as_csv, "text/csv; charset=utf-8"),
    }
    if form not in makers:
        abort(404)
    make, media_type = makers[form]
    with page() as connection:
        content = make(connection, site().definitions, setting())
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"our-self-audits.{form}")
    return answer


class DeleteForm(FlaskForm):
    """That somebody means it."""

    agreed = BooleanField("I understand that it cannot be brought back", [DataRequired("Tick the box to delete")])


def ask_delete(setting_id: int) -> ResponseReturnValue:
    """Ask before deleting everything."""
    return _delete_page(DeleteForm())


def _delete_page(form: DeleteForm) -> ResponseReturnValue:
    problems = [Problem(e[0], f"#{n}") for n, e in form.errors.items() if e and n]
    body = render_template("self_audit_delete.html", setting=setting(), form=form, problems=problems)
    return body, 400 if problems else 200


def delete_setting(setting_id: int) -> ResponseReturnValue:
    """Delete everything that the setting ever gave."""
    form = DeleteForm()
    if not form.validate():
        return _delete_page(form)
    with page() as connection:
        photos = setting_photos.ids_of_setting(connection, setting_id)
    self_audit_people.delete_setting(site().engine, setting_id)
    eatsafe_photos.delete_pictures(site().instance, photos)
    done("Everything that was kept of your school or setting is deleted.")
    return redirect(url_for("self_audit_home"))
