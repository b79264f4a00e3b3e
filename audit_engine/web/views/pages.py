"""The first page, the pages about the site itself, and the state of the system."""

from __future__ import annotations

import platform
from importlib.metadata import version

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.permissions import Act, roles_that_may
from audit_engine.services.see_system import Check, SystemState, see_system
from audit_engine.storage.engine import reading
from audit_engine.web.policy import me
from audit_engine.web.site import site
from audit_engine.web.views.answering import audits_of


def home() -> ResponseReturnValue:
    """Lead each person to what they came for; who has one thing to do is taken there."""
    from audit_engine.web.views.running import cycle_groups  # the team's pages: whoever answers needs none of them

    person = me()
    sees_cycles = person.holds(*roles_that_may(Act.SEE_RESULTS))
    manages = person.holds(*roles_that_may(Act.MANAGE_PEOPLE))
    audits = audits_of(person.organisations)
    if audits and not sees_cycles and not manages:
        return redirect(url_for("my_audits"))
    if sees_cycles and not audits and not manages:
        return redirect(url_for("list_cycles"))
    return render_template("home.html", audits=audits, groups=cycle_groups() if sees_cycles else (), may_manage=manages)


def health() -> ResponseReturnValue:
    """Say for machines that the site answers and its database too."""
    with reading(site().engine) as connection:
        connection.exec_driver_sql("SELECT 1")
    return jsonify(status="ok")


def accessibility() -> ResponseReturnValue:
    """Show the accessibility statement."""
    return render_template("accessibility.html")


def privacy() -> ResponseReturnValue:
    """Show what is kept about people."""
    return render_template("privacy.html")


def system() -> ResponseReturnValue:
    """Show the administrator what is in order and what is not."""
    state = see_system(site().engine, site().instance)
    rows = [
        ("Program", version("audit-engine")),
        ("Python", platform.python_version()),
        ("Database", f"{state.database.product} {state.database.version}"),
        ("How commits are written", f"{state.database.journal}, {state.database.synchronous}"),
        ("Cycles", str(state.cycles)),
        ("Organisations", str(state.organisations)),
        ("Answers", f"{state.answers:,}"),
    ]
    return render_template("system.html", checks=[_check(c) for c in state.checks], rows=rows, work=_work(state))


def _check(check: Check) -> dict[str, str]:
    return {"title": check.title, "state": "ok" if check.in_order else "warning", "sentence": check.sentence}


def _work(state: SystemState) -> list[dict[str, object]]:
    return [{"kind": kind, "state": step, "count": count} for (kind, step), count in state.work.items()]
