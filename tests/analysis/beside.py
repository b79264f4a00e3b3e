"""A staff survey written as numbers, to stand beside an audit written as letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from audit_engine.analysis.ratings import CycleRatings
from audit_engine.analysis.survey_marks import ANSWERED, ASKED, COMPLETE, REPLY
from audit_engine.analysis.triangulation_grid import Beside, Graded, triangulated
from audit_engine.analysis.triangulation_staff import SurveyCounts
from audit_engine.analysis.triangulation_values import Cell, Triangulation
from audit_engine.definition.questionnaire import Item, Option, Questionnaire, Section, StaffView
from tests.analysis.by_hand import ratings, version

SURVEY = "staff-survey"
OPTIONS = (
    Option("yes", "Yes", favourable=True),
    Option("no", "No"),
    Option("unsure", "Not sure", dont_know=True),
    Option("not-mine", "Not my work", counts_as="not-applicable"),
)
TODAY = date(2026, 11, 21)


def view(item: str = "ss.1", **more: Any) -> StaffView:
    """Return a mapping to a question of the survey, by the thresholds of the method."""
    given = {"survey": SURVEY, "consistent": ("yes",), **more}
    return StaffView(item=item, **given)


def views_of(criteria: Mapping[str, Sequence[StaffView]], standard: str = "leading") -> Questionnaire:
    """Return an audit whose criteria lean on these questions."""
    audit = version("2026", {standard: list(criteria)})
    sections = tuple(
        replace(s, items=tuple(replace(i, staff_view=tuple(criteria[i.short_id])) for i in s.items))
        for s in audit.sections
    )
    return replace(audit, sections=sections, content_hash="h" * 64)


def asked(*questions: str, **more: Any) -> Questionnaire:
    """Return a survey that asks these, each yes, no, not sure or not my work; ``more`` are settings of all items."""
    settings = {"type": "single-choice", "options": OPTIONS, **more}
    items = tuple(Item(q, text=f"Do you know {q}?", section="all", **settings) for q in questions)
    team = Item(
        "ss.team", "single-choice", "Which team are you in?", "all", options=TEAMS, profile=True, tags=("team",)
    )
    sections = (Section("all", "All", (team, *items)),)
    return Questionnaire(SURVEY, "2026", "Staff survey 2026", "survey", "person", sections, anonymity="anonymous")


TEAMS = (Option("day", "Day team"), Option("night", "Night team"))


def said(yes: int = 0, no: int = 0, unsure: int = 0, not_mine: int = 0, item: str = "ss.1") -> dict[Any, int]:
    """Return the counts of one organisation's answers to one question."""
    every = yes + no + unsure + not_mine
    return {
        (REPLY, ANSWERED): every, (REPLY, COMPLETE): every, (item, ASKED): every, (item, ANSWERED): every,
        (item, "yes"): yes, (item, "no"): no, (item, "unsure"): unsure, (item, "not-mine"): not_mine,
    }  # fmt: skip


def from_teams(day: int, night: int) -> dict[Any, int]:
    """Return the counts of one organisation's teams."""
    item = "ss.team"
    return {(item, ASKED): day + night, (item, ANSWERED): day + night, (item, "day"): day, (item, "night"): night}


def counted(
    tallies: Mapping[str, Mapping[Any, int]],
    *questions: str,
    sectors: Mapping[str, str] | None = None,
    invited: Mapping[str, int] | None = None,
    **more: Any,
) -> SurveyCounts:
    """Return a survey with these counts by organisation, all of one sector unless said otherwise."""
    where = dict.fromkeys(tallies, "police") | dict(sectors or {})
    form = asked(*(questions or ("ss.1",)), **more)
    return SurveyCounts("staff-2026", "Staff survey 2026", form, tallies, where, invited or {})


def together(
    rated: CycleRatings,
    survey: SurveyCounts | None,
    evidence: Mapping[tuple[str, str], Graded] | None = None,
    **more: Any,
) -> Triangulation:
    """Set ratings beside a survey."""
    beside = Beside(
        {SURVEY: survey} if survey else {}, evidence=evidence or {}, as_at=TODAY, sectors={"police": "Police"}
    )
    return triangulated(rated, beside, **more)


def one_cell(letter: str, counts: Mapping[Any, int], *views: StaffView, **more: Any) -> Cell:
    """Return the only cell of an audit with one organisation and one criterion."""
    audit = views_of({"A.1": views or (view(),)})
    rated = ratings(audit, {"otters": [letter]}, own={"otters": [more.pop("own")]} if "own" in more else None)
    evidence = more.pop("evidence", None)
    found = together(rated, counted({"otters": counts}, *more.pop("questions", ()), **more), evidence)
    return found.cells["otters", "s11.A.1"]
