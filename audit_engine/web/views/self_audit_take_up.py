"""Show the business team how many settings use a self-audit, by phase; never which, and no answers."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.permissions import Act
from audit_engine.services import self_audit_take_up
from audit_engine.storage.engine import reading
from audit_engine.web.site import site
from audit_engine.web.views.shared import is_for_settings, may_in_cycle


def take_up(cycle_id: str) -> ResponseReturnValue:
    """Show take-up by phase and, once the cycle has closed, the pooled counts of those who share."""
    if g.cycle.content_hash is None or not is_for_settings(cycle_id):
        return redirect(url_for("show_cycle", cycle_id=cycle_id))
    with reading(site().engine) as connection:
        asked = site().definitions.opened(connection, cycle_id)
        found = self_audit_take_up.take_up(connection, site().definitions, g.cycle)
    return render_template(
        "self_audit_take_up.html", cycle=g.cycle, found=found, questionnaire=asked.questionnaire,
        may_close=g.cycle.state == "open" and may_in_cycle(Act.CLOSE_CYCLE),
        may_reopen=g.cycle.state == "closed" and may_in_cycle(Act.CLOSE_CYCLE),
    )  # fmt: skip
