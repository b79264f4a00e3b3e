"""How are the session's cookie and the forms' tokens signed without deriving the keys anew for every page?"""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, current_app, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

FIELD = "csrf_token"


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, with one serializer for each set of keys."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie; None without a secret key."""
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        made: dict[object, URLSafeTimedSerializer | None] = app.extensions.setdefault("audit-cookies", {})
        if keys not in made:
            made[keys] = super().get_signing_serializer(app)
        return made[keys]


def form_token() -> str:
    """Return the token of this session's forms; a session's token is signed once, as it has no time limit."""
    if FIELD in session and FIELD not in g:
        setattr(g, FIELD, _signed(current_app.secret_key, session[FIELD]))
    token: str = generate_csrf()
    return token


@lru_cache(maxsize=1024)
def _signed(secret: str | bytes, raw: str) -> str:
    # As Flask-WTF signs and checks it.
    signed = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw)
    return signed if isinstance(signed, str) else signed.decode()
