"""Let the business team publish the comparison of settings: it sees how many take part, no setting and no figure."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.permissions import Act
from audit_engine.services import publish_benchmarks
from audit_engine.services.clock import now
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage.engine import reading
from audit_engine.web.policy import me
from audit_engine.web.site import site
from audit_engine.web.views.shared import done, may_in_cycle, refused


def benchmark_state(cycle_id: str) -> ResponseReturnValue:
    """Show how many take part and whether figures were published; never a figure."""
    _refuse_others()
    with reading(site().engine) as connection:
        found = publish_benchmarks.comparison_of(connection, g.cycle)
    return render_template(
        "benchmark_state.html", cycle=g.cycle, found=found,
        may_publish=g.cycle.state == "closed" and not found.published and may_in_cycle(Act.PUBLISH_BENCHMARK),
    )  # fmt: skip


def _refuse_others() -> None:
    with reading(site().engine) as connection:
        if not publish_benchmarks.can_be_compared(connection, site().definitions, g.cycle):
            abort(404)


def ask_publish_benchmark(cycle_id: str) -> ResponseReturnValue:
    """Ask before figures are frozen for good."""
    _refuse_others()
    return render_template(
        "confirm.html", title="Publish the comparison?", caption=g.cycle.title, problems=[], form=None, fields=[],
        paragraphs=[
            "For each kind of school or setting, the figures of those that take part are worked out and frozen.",
            "Only those that take part see them, each with its own place. You see none of them, and no school.",
        ],
        warning="This can be done once only. The figures do not change afterwards, and nobody can join any more.",
        action=url_for("publish_benchmark", cycle_id=cycle_id), button="Publish the comparison",
        cancel=url_for("benchmark_state", cycle_id=cycle_id),
    )  # fmt: skip


def publish_benchmark(cycle_id: str) -> ResponseReturnValue:
    """Freeze the figures."""
    try:
        publish_benchmarks.publish(site().engine, site().definitions, cycle_id, me().id, now())
    except CycleRefused as refusal:
        refused(str(refusal))
    else:
        done("The comparison is published to those that take part.")
    return redirect(url_for("benchmark_state", cycle_id=cycle_id))
