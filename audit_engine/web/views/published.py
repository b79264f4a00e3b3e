"""See what others published beside what comes of working it out again, and check a percentage that is typed in."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from audit_engine.services.read_published import FaultyFigures, check_typed, read_published
from audit_engine.web.site import site
from audit_engine.web.views.shared import Problem


def list_published() -> ResponseReturnValue:
    """Show every published figure as it was published and as it comes out."""
    folder = site().instance.root / "instances" / "published"
    try:
        found = read_published(folder)
    except FaultyFigures:
        found = ()
    return render_template("survey_result_published.html", publications=found)


def check_percentage() -> ResponseReturnValue:
    """Say which counts a percentage of so many can stand for; the figures stand in the address."""
    typed = {name: request.args.get(name, "").strip()[:40] for name in ("percent", "of")}
    checked = check_typed(typed["percent"], typed["of"]) if any(typed.values()) else None
    problems = [Problem(words, f"#{name}") for name, words in checked.faults.items()] if checked else []
    page = render_template(
        "survey_result_check.html", typed=typed, sentence=checked.sentence if checked else "",
        fits=checked.fits if checked else None, problems=problems, faults=checked.faults if checked else {},
    )  # fmt: skip
    return page, 400 if problems else 200
