"""What does somebody see when something is wrong, and how is what they typed kept?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from audit_engine.web import setting_sign_in
from audit_engine.web.unwatched import is_unwatched

log = logging.getLogger(__name__)

# Routes whose forms carry what somebody typed: it is handed back when the page was too old.
CARRIES_TEXT = frozenset(
    {
        "save_standard", "declare", "submit_return", "save_survey_section", "save_case_part", "save_second_reading",
        "save_reading_note", "draft_to_contacts", "draft_to_people", "draft_reminder", "extend_return", "reopen_return",
        "issue_anyway", "decide_text", "add_plan_figure", "correct_figure", "withdraw_plan_figure", "add_trend_event",
        "add_theme", "keep_theme", "keep_codes", "agree_on_text", "add_card", "keep_card", "take_back_card",
    }
)  # fmt: skip
PAGES = frozenset({400, 404, 405, 409, 413, 429, 500, 503})


def attach(app: Flask) -> None:
    """Answer every fault with a page of ours."""
    handlers: dict[type[Exception], Callable[[Any], ResponseReturnValue]] = {
        CSRFError: _stale_page,
        HTTPException: _http_fault,
        OperationalError: _database_fault,
        DataError: _impossible,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)
    app.register_error_handler(500, _crash)


def page(status: int, **context: object) -> ResponseReturnValue:
    """Return the page for a status; forbidden looks exactly like not found."""
    shown = 404 if status in (401, 403) else status
    if wants_json():
        return jsonify(error=shown), shown
    name = shown if shown in PAGES else 400
    return render_template(f"errors/{name}.html", **context), shown


def wants_json() -> bool:
    """Tell whether the browser's script asks, not a person."""
    return request.endpoint == "autosave" or request.accept_mimetypes.best == "application/json"


def sign_in_needed(asked: Request) -> ResponseReturnValue:
    """Send to the sign-in page; when a form with text was sent, hand the text back first."""
    if wants_json():
        return jsonify(error="signed-out", sign_in=url_for("security.login")), 401
    if asked.method == "POST" and asked.endpoint in CARRIES_TEXT:
        return _send_again(needs_sign_in=True)
    here = asked.full_path.rstrip("?") if asked.method == "GET" else "/"
    return redirect(url_for("security.login", next=here if here != "/" else None))


def _stale_page(_problem: Exception) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="stale"), 400
    if request.endpoint in CARRIES_TEXT:
        return _send_again(needs_sign_in=not (is_unwatched() or current_user.is_authenticated))
    if request.endpoint in setting_sign_in.CARRIES_TEXT:
        return setting_sign_in.send_again(needs_mailbox=setting_sign_in.SESSION_KEY not in session)
    if request.endpoint == "security.login":
        return redirect(url_for("security.login", next=request.args.get("next")))
    return page(400)


def _send_again(*, needs_sign_in: bool) -> ResponseReturnValue:
    title = "Your session ended before this was saved" if needs_sign_in else "This page was too old to save"
    typed = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    context = {"title": title, "typed": typed, "address": request.path, "needs_sign_in": needs_sign_in}
    return render_template("send_again.html", **context), 401 if needs_sign_in else 400


def _http_fault(problem: HTTPException) -> ResponseReturnValue:
    if problem.response is not None:
        return problem.response
    answer = page(problem.code or 500)
    if problem.code == 405 and isinstance(answer, tuple):
        allowed = ", ".join(getattr(problem, "valid_methods", None) or ())
        return (*answer, {"Allow": allowed})
    return answer


def _database_fault(problem: Exception) -> ResponseReturnValue:
    # The statement and its values stay out of the log: they may hold what people typed.
    log.error("database: %s", type(getattr(problem, "orig", problem)).__name__)
    return page(503)


def _impossible(_problem: Exception) -> ResponseReturnValue:
    """Answer an address that names what no database can hold, such as a name with a zero byte."""
    return page(404 if request.method in ("GET", "HEAD", "OPTIONS") else 400)


def _crash(problem: Exception) -> ResponseReturnValue:
    return page(500)
