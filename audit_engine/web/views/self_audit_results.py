"""Take something away from a self-audit: its report, every answer, its history, and what is shared of it."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.definition.questionnaire import Item
from audit_engine.reports.setting_compared import Compared
from audit_engine.response.answers import Answer
from audit_engine.response.settings import is_private
from audit_engine.services import self_audit_sharing
from audit_engine.services.benchmarks import comparison_of
from audit_engine.services.clock import now
from audit_engine.services.self_audit import OpenAudit, SelfAuditRefused, history_of
from audit_engine.services.self_audit_report import picture_of, report_blocks, word_report
from audit_engine.web.setting_sign_in import member
from audit_engine.web.site import page, site
from audit_engine.web.views.self_audit_shared import opened, said
from audit_engine.web.views.shared import Problem, done, refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def audit_report(audit_id: int) -> ResponseReturnValue:
    """Show the report, at once, however much is answered."""
    whole = opened()
    blocks = report_blocks(whole, _compared(whole))
    return render_template("self_audit_report.html", whole=whole, blocks=blocks, made_at=now())


def _compared(whole: OpenAudit) -> Compared | None:
    """Return where the setting stands among its like, where it takes part and figures were published."""
    with page() as connection:
        return comparison_of(connection, site().definitions, whole)


def audit_report_word(audit_id: int) -> ResponseReturnValue:
    """Hand over the report as a Word file, which is kept nowhere."""
    whole = opened()
    content = word_report(whole, now(), invented=site().instance.invented, compared=_compared(whole))
    name = f"{whole.facts.title} - our report.docx".replace("/", "-").replace(":", " -")
    return _download(content, name, WORD)


def _download(content: bytes | str, name: str, media_type: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def audit_answers(audit_id: int) -> ResponseReturnValue:
    """Show every answer on one page, to read or print."""
    whole = opened()
    rows = [(s, [_shown(whole, i) for i in s.items]) for s in whole.questionnaire.sections]
    return render_template("self_audit_answers.html", whole=whole, sections=rows, printed_at=now())


def _shown(whole: OpenAudit, item: Item) -> tuple[Item, list[tuple[str, str]], str]:
    answer: Answer = whole.answer(item.id)
    earlier = whole.earlier.get(item.id)
    before = ", ".join(e.rating for e in earlier.answers) if earlier else ""
    parts = said(item, answer) if answer.version else []
    return item, [*parts, *([("Last time", before)] if before else [])], whole.asked[item.id].why


def audit_history(audit_id: int) -> ResponseReturnValue:
    """Show who changed which answer when, the newest first."""
    whole = opened()
    with page() as connection:
        changes = history_of(connection, audit_id)
    items = whole.questionnaire.items_by_id
    rows = [(c["made_at"], c["who"] or "Somebody", items.get(c["item_id"]), c["version"]) for c in changes]
    return render_template("self_audit_history.html", whole=whole, changes=rows)


# --- sharing ---------------------------------------------------------------------------


def sharing(audit_id: int) -> ResponseReturnValue:
    """Show what is shared of this audit, and offer to share or to take it back."""
    return _sharing(opened())


def _sharing(whole: OpenAudit, typed: str = "", problem: str = "") -> ResponseReturnValue:
    with page() as connection:
        shares = self_audit_sharing.shares_of(connection, whole.facts.id)
    problems = [Problem(problem, "#trust")] if problem else []
    body = render_template(
        "self_audit_sharing.html", whole=whole, problems=problems, typed=typed, picture=picture_of(whole),
        pooled=next((s for s in shares if not s.trust_email), None), trusts=[s for s in shares if s.trust_email],
        private=is_private(whole.questionnaire),
    )  # fmt: skip
    return body, 400 if problems else 200


def share_counts(audit_id: int) -> ResponseReturnValue:
    """Share the counts as they stand, with the partnership or with a trust's mailbox."""
    whole = opened()
    trust = request.form.get("trust", "").strip() if request.form.get("with") == "trust" else ""
    if request.form.get("with") == "trust" and not trust:
        return _sharing(whole, "", "Enter the trust’s e-mail address")
    try:
        self_audit_sharing.share(site().engine, whole, trust, member().id, now())
    except SelfAuditRefused as refusal:
        return _sharing(whole, trust, str(refusal))
    done("The counts are shared. You can take that back at any time.")
    return redirect(url_for("sharing", audit_id=audit_id))


def withdraw_counts(audit_id: int) -> ResponseReturnValue:
    """Take a leave to see the counts back."""
    self_audit_sharing.withdraw(site().engine, audit_id, request.form.get("trust", ""), now())
    refused("The counts are no longer shared. Whoever saw them before may remember them.")
    return redirect(url_for("sharing", audit_id=audit_id))
