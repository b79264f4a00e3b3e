"""How often may somebody try? Counters in our own database, so that every worker sees the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, request, session
from flask_login import current_user
from sqlalchemy import delete, select

from audit_engine.storage import people_models as models
from audit_engine.storage.engine import writing
from audit_engine.storage.statements import insert_into
from audit_engine.web.site import page, site

throttle = models.throttle


def count(key: str, seconds: int, amount: int = 1) -> int:
    """Count something that happened and return how often it has within its window of so many seconds."""
    moment = time.time()
    with writing(site().engine) as connection:
        connection.execute(delete(throttle).where(throttle.c.expires_at < moment))
        statement = insert_into(connection, throttle).values(key=key, attempts=amount, expires_at=moment + seconds)
        counted = statement.on_conflict_do_update(
            index_elements=["key"], set_={"attempts": throttle.c.attempts + amount}
        ).returning(throttle.c.attempts)
        return int(connection.execute(counted).scalar_one())


def attempts(key: str) -> int:
    """Return how often it has happened within the window that is running."""
    with page() as connection:
        alive = select(throttle.c.attempts).where(throttle.c.key == key, throttle.c.expires_at >= time.time())
        return int(connection.execute(alive).scalar() or 0)


WINDOW = 15 * 60
WRONG_PER_ACCOUNT = 10
WRONG_PER_ADDRESS = 600
GUARDED = ("security.login", "security.two_factor_token_validation", "security.verify")


def attach(app: Flask) -> None:
    """Limit wrong sign-ins: ten in a quarter of an hour an account; an address only as a high ceiling.

    Hundreds of staff may share a school's address, so the address alone must not shut them out.
    """
    for endpoint in GUARDED:
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _guarded(app.view_functions[endpoint])


def _guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    def tried(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        limits = ((WRONG_PER_ACCOUNT, _account()), (WRONG_PER_ADDRESS, _address()))
        if any(attempts(key) >= most for most, key in limits):
            abort(429)
        response = current_app.make_response(view(*args, **kwargs))
        if response.status_code != 302:  # a right password leads on
            for _, key in limits:
                count(key, WINDOW)
        return response

    return tried


def _account() -> str:
    # Who types a code or the password again gives no address: the session knows whose account it is.
    known = session.get("tf_user_id") or getattr(current_user, "fs_uniquifier", "")
    return f"account:{request.form.get('email', '').strip().lower()[:200] or known}"


def _address() -> str:
    return "address:" + (request.remote_addr or "")
