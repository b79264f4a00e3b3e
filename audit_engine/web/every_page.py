"""What do all pages share: who is looking, the frame around the page, and what every template may call?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from audit_engine.response.people import PersonFacts
from audit_engine.response.permissions import Act, roles_that_may
from audit_engine.web import addresses, page_filters, setting_sign_in
from audit_engine.web.cookies import form_token
from audit_engine.web.pieces import is_translated
from audit_engine.web.site import site
from audit_engine.web.unwatched import is_unwatched


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the main menu."""

    label: str
    href: str
    current: bool


MENU = (
    ("Your audits", "my_audits", Act.ANSWER),
    ("What staff said", "own_staff_surveys", Act.READ_OWN_SURVEY),
    ("Audits", "list_cycles", Act.SEE_RESULTS),
    ("Dashboards", "dashboards", Act.SEE_DASHBOARDS),
    ("Published figures", "list_published", Act.SEE_RESULTS),
    ("People", "list_people", Act.MANAGE_PEOPLE),
    ("System", "system", Act.SEE_SYSTEM),
)


def viewer() -> PersonFacts | None:
    """Return who is signed in; None for nobody, and where the database cannot say (its fault page must be shown)."""
    try:
        return current_user.facts if current_user.is_authenticated else None
    except SQLAlchemyError:
        return None


def attach(app: Flask) -> None:
    """Give every template the frame, its filters and what it may call."""
    app.context_processor(_frame)
    page_filters.register(app.jinja_env)
    app.jinja_env.tests["translated"] = is_translated
    app.jinja_env.globals.update(
        mailbox=setting_sign_in.mailbox,
        this_address=addresses.this_address,
        url_for=addresses.url_for,
        csrf_token=form_token,
    )


def _frame() -> dict[str, object]:
    person = None if is_unwatched() else viewer()
    return {
        "site_name": site().instance.name,
        "invented": site().instance.invented,
        "contact": site().instance.contact,
        "viewer": person,
        "navigation": tuple(_menu(person)) if person else (),
    }


def _menu(person: PersonFacts) -> Iterator[MenuEntry]:
    for label, endpoint, act in MENU:
        if person.holds(*roles_that_may(act)):
            address = addresses.url_for(endpoint)
            yield MenuEntry(label, address, request.path == address)
