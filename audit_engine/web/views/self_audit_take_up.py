"""Show the business team how many settings use a self-audit, by phase; never which, and no answers."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.analysis.disclosure import MEANING
from audit_engine.response.settings import for_settings
from audit_engine.services import self_audit_take_up
from audit_engine.storage.engine import reading
from audit_engine.web.site import site


def take_up(cycle_id: str) -> ResponseReturnValue:
    """Show take-up by phase and, once the cycle has closed, the pooled counts of those who share."""
    with reading(site().engine) as connection:
        asked = site().definitions.of_cycle(connection, cycle_id)
        if asked is None or not for_settings(asked.questionnaire):
            return redirect(url_for("show_cycle", cycle_id=cycle_id))
        found = self_audit_take_up.take_up(connection, site().definitions, g.cycle)
    symbols = {s for row in found.phases for s in row.began.symbols} | found.whole.symbols | found.sharing.symbols
    return render_template(
        "self_audit_take_up.html", cycle=g.cycle, found=found, questionnaire=asked.questionnaire,
        meaning={s: MEANING[s].replace("people answered", "schools or settings did") for s in sorted(symbols)},
    )  # fmt: skip
