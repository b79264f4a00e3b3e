"""Whose mailbox was proved in this browser, and what of what an address names may they use?

People of schools and settings have no account: a link to their mailbox opens a
session of its own kind, which gives no role of the partnership.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from flask import Request, abort, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from audit_engine.services.clock import now
from audit_engine.web.site import page, site

# What knows settings is loaded when somebody comes with a mailbox: all other pages do without.
if TYPE_CHECKING:
    from audit_engine.response.settings import AuditFacts, Member, SettingFacts
    from audit_engine.storage.settings import Reached

Of = Literal["mailbox", "setting", "lead", "audit"]
SESSION_KEY = "setting"
# Routes whose forms carry what somebody typed: it is handed back when the session has ended.
CARRIES_TEXT = frozenset({"save_audit_section", "save_reflections", "save_plan", "save_half_page"})


def let_in(of: Of) -> ResponseReturnValue | None:
    """Find what the address names among what is theirs; ask for the mailbox first, and know nothing of all else."""
    where = request.view_args or {}
    found = _reached(where.get("setting_id"), where.get("audit_id"))
    if found is None:
        return mailbox_needed(request)
    g.mailbox = found.email
    if of == "mailbox":
        return None
    if found.member is None or (of == "audit" and found.audit is None) or (of == "lead" and not found.member.lead):
        abort(404)
    g.member, g.setting, g.audit = found.member, found.setting, found.audit
    return None


def _reached(setting_id: int | None, audit_id: int | None) -> Reached | None:
    secret = session.get(SESSION_KEY)
    if not secret:
        return None
    from audit_engine.services import self_audit_people

    moment = now()
    with page() as connection:
        found = self_audit_people.who_is_in(connection, secret, moment, setting_id=setting_id, audit_id=audit_id)
    if found is not None and moment - found.seen_at > self_audit_people.SEEN_EVERY:
        self_audit_people.see(site().engine, secret, moment)
    return found


def mailbox() -> str:
    """Return the mailbox that was proved in this browser; '' where the page needs none or none was."""
    return str(g.get("mailbox", ""))


def member() -> Member:
    """Return who is asking, as one who works on the setting's audits."""
    found: Member = g.member
    return found


def setting() -> SettingFacts:
    """Return the setting that the address names."""
    found: SettingFacts = g.setting
    return found


def audit() -> AuditFacts:
    """Return the audit that the address names."""
    found: AuditFacts = g.audit
    return found


def proved(secret: str) -> None:
    """Begin a session in this browser; an earlier one's secret and CSRF token open nothing any more."""
    _forget()
    session[SESSION_KEY] = secret


def sign_out() -> None:
    """End the session for good, not only in this browser."""
    secret = session.get(SESSION_KEY)
    _forget()
    if secret:
        from audit_engine.services import self_audit_people

        self_audit_people.leave(site().engine, secret, now())


def _forget() -> None:
    session.pop(SESSION_KEY, None)
    session.pop("csrf_token", None)


def mailbox_needed(asked: Request) -> ResponseReturnValue:
    """Ask for the mailbox; when a form with text was sent, hand the text back first."""
    if asked.accept_mimetypes.best == "application/json":
        return jsonify(error="signed-out", sign_in=url_for("self_audits")), 401
    if asked.method == "POST" and asked.endpoint in CARRIES_TEXT:
        return send_again(needs_mailbox=True)
    return redirect(url_for("self_audits", again="yes"))


def send_again(*, needs_mailbox: bool) -> ResponseReturnValue:
    """Hand back what was typed, to be sent once more."""
    title = "Your session ended before this was saved" if needs_mailbox else "This page was too old to save"
    typed = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    body = render_template(
        "self_audit_send_again.html", title=title, typed=typed, address=request.path, needs_mailbox=needs_mailbox
    )
    return body, 401 if needs_mailbox else 400
