"""Who is asking? Flask-Security over our own tables, and sessions that can be listed and ended."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, g, request, session
from flask_login import user_logged_in, user_logged_out
from flask_principal import Principal
from flask_security import RoleMixin, Security, Totp, UserMixin
from flask_security.datastore import Datastore, UserDatastore
from flask_security.utils import set_request_attr

from audit_engine.response.people import PersonFacts
from audit_engine.services.clock import now
from audit_engine.storage import people
from audit_engine.storage.engine import writing
from audit_engine.storage.people import SEEN_EVERY, PersonRow
from audit_engine.web import throttling
from audit_engine.web.site import page, site
from audit_engine.web.unwatched import is_unwatched

SESSION_KEY = "sid"
CODE_IS_KNOWN_FOR = 600  # seconds; a code is good for one or two minutes


class HeldRole(RoleMixin):
    """A role as Flask-Security wants to see it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions: list[str] = []


class Account(UserMixin):
    """A person as Flask-Security wants to see them; ``facts`` is what our rules read."""

    fs_uniquifier = ""  # Flask-Security looks for it on the class

    def __init__(self, row: PersonRow) -> None:
        self.facts: PersonFacts = row.facts
        self.id = row.facts.id
        self.email = row.facts.email
        self.password = row.password
        self.active = row.active
        self.fs_uniquifier = row.fs_uniquifier
        self.tf_primary_method = row.tf_primary_method
        self.tf_totp_secret = row.tf_totp_secret
        self.seen_at = row.seen_at
        self.roles = [HeldRole(h.role) for h in row.facts.held]


class Accounts(Datastore, UserDatastore):
    """Flask-Security's door to the table of people."""

    KEPT = ("password", "active", "fs_uniquifier", "tf_primary_method", "tf_totp_secret")

    def __init__(self) -> None:
        Datastore.__init__(self, None)
        UserDatastore.__init__(self, Account, HeldRole)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """Return the account with that e-mail address, uniquifier or number."""
        ((name, value),) = kwargs.items()
        if name == "email":
            value = str(value).lower()
        with page() as connection:
            row = people.person_by(connection, **{name: value})
        return Account(row) if row else None

    def find_role(self, role: str) -> HeldRole | None:
        """Return the role by its name."""
        return HeldRole(role)

    def put(self, model: Account) -> Account:
        """Keep what Flask-Security changed: password, second factor, whether active."""
        with writing(site().engine) as connection:
            people.change_person(connection, model.id, **{k: getattr(model, k) for k in self.KEPT})
        return model

    def delete(self, model: Account) -> None:
        """Refuse: people are switched off, so that what they did keeps its author."""
        raise PermissionError(f"{model.email} cannot be deleted; switch the account off instead.")


class CodesUsedOnce(Totp):
    """The codes of authenticator apps, of which each opens the site once."""

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Note which code it was."""
        g.code_counter = tmatch.counter

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Tell whether a code is right and was not used before."""
        if not super().verify_totp(token, totp_secret, user, window):
            return False
        return throttling.count(f"code:{user.fs_uniquifier}:{g.code_counter}", CODE_IS_KNOWN_FOR) == 1


def set_up(app: Flask, *, waive_second_factor: bool) -> None:
    """Attach Flask-Security, re-skinned, with a second factor unless an invented instance on loopback waives it."""
    app.config.update(
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGIN_USER_TEMPLATE="signin.html",
        SECURITY_LOGOUT_USER_TEMPLATE="signout.html",
        SECURITY_VERIFY_TEMPLATE="verify.html",
        SECURITY_API_ENABLED_METHODS=["session"],  # no sign-in by a token in an address or a header
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],  # argon2 salts by itself
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_STATIC_FOLDER=None,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_TWO_FACTOR=not waive_second_factor,
        SECURITY_TWO_FACTOR_REQUIRED=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_SETUP_TEMPLATE="two_factor_setup.html",
        SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE="two_factor_verify.html",
        SECURITY_TWO_FACTOR_RESCUE_MAIL="",
        SECURITY_TOTP_SECRETS={"1": app.config["SECRET_KEY"]},
        SECURITY_TOTP_ISSUER="Audit engine",
        SESSION_PROTECTION=None,  # it compares addresses, which change on a phone between two pages
    )
    security = Security(app, Accounts(), totp_cls=CodesUsedOnce)
    manager = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_load)
    _without_principal(app)
    manager.request_loader(None)
    security.unauthn_handler(_ask_to_sign_in)
    user_logged_in.connect(_started, app)
    user_logged_out.connect(_ended, app)


def _without_principal(app: Flask) -> None:
    """Drop Flask-Principal's look at every request: our policies read the person's roles themselves."""
    hooks = app.before_request_funcs.get(None, [])
    app.before_request_funcs[None] = [h for h in hooks if not isinstance(getattr(h, "__self__", None), Principal)]


def _load(_uniquifier: str) -> Account | None:
    secret = session.get(SESSION_KEY)
    if not secret or is_unwatched():
        return None
    moment = now()
    with page() as connection:
        row = people.person_in_session(connection, secret, moment)
    if row is None:
        return None
    if row.seen_at is not None and moment - row.seen_at > SEEN_EVERY:
        with writing(site().engine) as connection:
            people.see_session(connection, secret, moment)
    # Flask-Security's own views ask how and when somebody came to be signed in.
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return Account(row)


def _started(_app: Flask, user: Account, **_: Any) -> None:
    # A new secret and a new CSRF token at each sign-in: an old one must open nothing.
    session.pop("csrf_token", None)
    session[SESSION_KEY] = secrets.token_urlsafe(32)
    with writing(site().engine) as connection:
        people.start_session(connection, session[SESSION_KEY], user.id, now())


def _ended(_app: Flask, **_: Any) -> None:
    secret = session.pop(SESSION_KEY, None)
    session.pop("csrf_token", None)
    if secret:
        with writing(site().engine) as connection:
            people.end_session(connection, secret, now())


def _ask_to_sign_in(*_: Any, **__: Any) -> Any:
    from audit_engine.web.faults import sign_in_needed

    return sign_in_needed(request)
