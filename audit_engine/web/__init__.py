"""Make the site."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from audit_engine.services.instance import Instance

ONE_FORM = 2 * 1024 * 1024  # a page of sixty criteria with long commentary is far below this


def create_app(instance: Instance | None = None, *, loopback: bool = False, testing: bool = False) -> Flask:
    """Return the site of an instance (None: as the environment names it).

    ``loopback`` says that the server listens on this machine alone; with an
    invented instance that waives the second factor, and nothing else does.
    """
    from audit_engine.web.stand_ins import standing_in

    # What is loaded here stays: to search it for waste meanwhile, several times over, took a tenth of the start.
    collecting = gc.isenabled()
    gc.disable()
    try:
        with standing_in():
            return _made(instance, loopback=loopback, testing=testing)
    finally:
        # All of it is old from now on: else the first page would begin with a search of it.
        gc.freeze()
        gc.unfreeze()
        if collecting:
            gc.enable()


def _made(instance: Instance | None, *, loopback: bool, testing: bool) -> Flask:
    from flask import Flask
    from flask_wtf import CSRFProtect

    from audit_engine.definition.library import Library
    from audit_engine.services.definitions import Definitions
    from audit_engine.services.instance import find_instance, find_root
    from audit_engine.web import compiled, every_page, faults, headers, policy, routes, sign_in, throttling
    from audit_engine.web.addresses import PlainRule
    from audit_engine.web.cookies import Sessions
    from audit_engine.web.requests import KeepableRequest
    from audit_engine.web.site import Site, close_page

    instance = instance or find_instance(find_root())
    app = Flask(__name__, static_folder=None)  # assets.py serves them
    app.request_class = KeepableRequest
    app.url_rule_class = PlainRule
    app.session_interface = Sessions()
    app.config.update(TESTING=testing, SECRET_KEY=instance.secret_key(), **_settings(secure=not (loopback or testing)))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["audit"] = Site(instance.open_database(), Definitions(Library(instance.root)), instance)
    CSRFProtect(app)
    sign_in.set_up(app, waive_second_factor=instance.invented and (loopback or testing))
    every_page.attach(app)
    compiled.attach(app, instance.var)
    routes.attach(app)
    throttling.attach(app)
    headers.attach(app)
    faults.attach(app)
    policy.enforce(app)
    app.teardown_request(close_page)
    # A thread that holds the only right to write must not wait long for the interpreter after each statement.
    sys.setswitchinterval(0.0005)
    return app


def _settings(*, secure: bool) -> dict[str, Any]:
    return {
        "MAX_CONTENT_LENGTH": ONE_FORM,
        "MAX_FORM_MEMORY_SIZE": ONE_FORM,
        "MAX_FORM_PARTS": 5000,
        "SESSION_COOKIE_NAME": "__Host-audit" if secure else "audit",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # the session's own limits end it; a page left open all day must still save
    }
