"""How does a browser remember the code of a reply, and how does it forget it?

The code stays in a cookie of its own, which the browser sends to this survey's
pages alone and drops when it is closed.  It is signed, so that no other site
can have planted it, and never stands in an address or a log.
"""

from __future__ import annotations

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from audit_engine.services.sealing import hash_of
from audit_engine.web.unwatched import SURVEYS

NAME = "audit-reply"


def code_here(token: str) -> str:
    """Return the code that this browser holds for a survey's link; '' where it holds none."""
    try:
        survey, code = _serializer().loads(request.cookies.get(NAME, ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(code) if survey == hash_of(token) else ""


def remember(response: Response, token: str, code: str) -> Response:
    """Let the browser hold the code until it is closed."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    value = _serializer().dumps([hash_of(token), code])
    response.set_cookie(NAME, str(value), path=_path(token), secure=secure, httponly=True, samesite="Lax")
    return response


def forget(response: Response, token: str) -> Response:
    """Take the code out of the browser."""
    response.delete_cookie(NAME, path=_path(token), httponly=True, samesite="Lax")
    return response


def _path(token: str) -> str:
    return f"{request.script_root}{SURVEYS}{token}"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="code of a reply")
