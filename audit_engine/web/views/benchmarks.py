"""Show a setting where it stands among its like, and let it take part or stop."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from audit_engine.reports.strip_chart import strip_svg
from audit_engine.response.settings import is_private
from audit_engine.services import benchmarks
from audit_engine.services.benchmarks import Row, Standing
from audit_engine.services.clock import now
from audit_engine.services.self_audit import OpenAudit, SelfAuditRefused
from audit_engine.web.page_filters import html_id
from audit_engine.web.pieces import trusted
from audit_engine.web.setting_sign_in import member
from audit_engine.web.site import page, site
from audit_engine.web.views.self_audit_shared import opened
from audit_engine.web.views.shared import done, refused


def where_we_stand(audit_id: int) -> ResponseReturnValue:
    """Show where the setting stands, or offer to take part."""
    whole, standing = _opened()
    return render_template(
        "benchmark_standing.html", whole=whole, standing=standing, rows=[(row, _strip(row)) for row in standing.rows]
    )


def _opened() -> tuple[OpenAudit, Standing]:
    whole = opened()
    if not is_private(whole.questionnaire):
        abort(404)
    with page() as connection:
        return whole, benchmarks.standing_of(connection, site().definitions, whole)


def _strip(row: Row) -> Markup | None:
    place, cohort = row.place, row.cohort
    if not row.alt or cohort.median is None:
        return None
    middle = (cohort.q1, cohort.q3) if cohort.q1 is not None and cohort.q3 is not None else None
    own = 100 * place.in_place / place.applicable
    return trusted(strip_svg(f"strip-{html_id(place.section)}", row.title, row.alt, own, cohort.median, middle))


def join_benchmark(audit_id: int) -> ResponseReturnValue:
    """Let the counts of this audit be compared, as they stand."""
    whole, _ = _opened()
    try:
        benchmarks.take_part(site().engine, whole, member().id, now())
    except SelfAuditRefused as refusal:
        refused(str(refusal))
    else:
        done("You take part in the comparison. You can stop at any time.")
    return redirect(url_for("where_we_stand", audit_id=audit_id))


def ask_leave_benchmark(audit_id: int) -> ResponseReturnValue:
    """Ask before the counts are taken out."""
    whole, standing = _opened()
    if standing.joined_at is None:
        return redirect(url_for("where_we_stand", audit_id=audit_id))
    return render_template("benchmark_leave.html", whole=whole, standing=standing)


def leave_benchmark(audit_id: int) -> ResponseReturnValue:
    """Take the counts out of the comparison."""
    benchmarks.stop_taking_part(site().engine, audit_id)
    done("You no longer take part in the comparison. Your counts were removed from it.")
    return redirect(url_for("where_we_stand", audit_id=audit_id))
