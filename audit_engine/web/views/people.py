"""Administer people: who can sign in, with which roles."""

from __future__ import annotations

import math

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired

from audit_engine.response.people import OWN_ROLES, ROLES, Held
from audit_engine.services import keep_people
from audit_engine.services.clock import now
from audit_engine.services.keep_people import PersonRefused
from audit_engine.storage import partnership
from audit_engine.storage import people as stored
from audit_engine.storage.engine import reading
from audit_engine.web.controls import writable
from audit_engine.web.policy import me
from audit_engine.web.site import site
from audit_engine.web.views.shared import Problem, done, refused

PAGE_LENGTH = 50
OFFERED = ("organisation-lead", "business-team", "scrutineer", "executive", "administrator")


class PersonForm(FlaskForm):
    """A new person."""

    name = StringField("Name", [DataRequired("Enter the person's name")], [writable])
    email = StringField("E-mail address", [DataRequired("Enter an e-mail address")], [writable])
    role = SelectField("Role", choices={r: ROLES[r] for r in OFFERED})
    organisation = SelectField("Organisation", description="For an organisation lead")
    area = SelectField("Area", description="For the other roles: only this area, or all")
    password = PasswordField(
        "First password", [DataRequired("Enter a first password")], description="At least 12 characters"
    )


def _form() -> PersonForm:
    form = PersonForm()
    with reading(site().engine) as connection:
        form.organisation.choices = {"": "None"} | {o.id: o.name for o in partnership.organisations(connection)}
        form.area.choices = {"": "All areas"} | {a.id: a.name for a in partnership.areas(connection)}
    return form


def list_people() -> ResponseReturnValue:
    """List people, a page at a time, and offer to add one."""
    return _page(_form(), [])


def _page(form: PersonForm, problems: list[Problem]) -> ResponseReturnValue:
    with reading(site().engine) as connection:
        everybody = stored.people(connection)
        names = {o.id: o.name for o in partnership.organisations(connection)}
        last_seen = stored.last_seen(connection)
    number = max(1, request.args.get("page", 1, type=int))
    last = max(1, math.ceil(len(everybody) / PAGE_LENGTH))
    rows = [
        {
            "id": p.facts.id,
            "name": p.facts.name,
            "email": p.facts.email,
            "roles": ", ".join(_role(h, names) for h in p.facts.held) + ("" if p.active else " (switched off)"),
            "active": p.active,
            "last_seen": last_seen.get(p.facts.id),
        }
        for p in everybody[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]
    ]

    def address(page: int) -> str:
        return url_for("list_people", page=page) if 1 <= page <= last else ""

    page = render_template(
        "people.html", people=rows, form=form, problems=problems, previous=address(number - 1),
        next=address(number + 1), pages=[(n, address(n), n == number) for n in range(1, last + 1)],
    )  # fmt: skip
    return page, 400 if problems else 200


def _role(held: Held, names: dict[str, str]) -> str:
    where = names.get(held.organisation or "") or held.area or ""
    return ROLES[held.role] + (f" ({where})" if where else "")


def add_person() -> ResponseReturnValue:
    """Add a person who can sign in at once."""
    form = _form()
    if not form.validate():
        return _page(form, [Problem(e[0], f"#{name}") for name, e in form.errors.items() if e and name])
    own = form.role.data in OWN_ROLES
    held = Held(
        form.role.data, form.organisation.data or None if own else None, None if own else form.area.data or None
    )
    try:
        keep_people.add_person(
            site().engine, form.email.data or "", form.name.data or "", form.password.data or "", [held], me().id, now()
        )
    except PersonRefused as refusal:
        return _page(form, [Problem(str(refusal), "#email")])
    done(f"{form.name.data} can sign in.")
    return redirect(url_for("list_people"))


def switch_person(person_id: int) -> ResponseReturnValue:
    """Switch an account on or off."""
    on = request.form.get("active") == "yes"
    try:
        keep_people.switch_person(site().engine, person_id, on, me().id, now())
        done("The account is switched " + ("on." if on else "off, and every session of it has ended."))
    except PersonRefused as refusal:
        refused(str(refusal))
    return redirect(url_for("list_people"))
