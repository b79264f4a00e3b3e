"""A small audit with a staff survey beside it, in the tiny partnership, and hands to answer both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.definition.library import Library
from audit_engine.services import run_cycle, run_survey
from audit_engine.services.instance import Instance
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.survey_batches import Origin, take_in
from audit_engine.services.triangulate import Wanted, triangulate
from audit_engine.storage import returns
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DURING, OPENED, SCALE, World, lay

AUDIT = f"""
questionnaire: seen
version: "2026"
title: Audit with a staff survey
standing: model content
kind: audit
respondent: organisation
{SCALE}
sections:
  - id: leading
    title: Leading
    items:
      - {{id: s.A.1, type: rating, text: Staff know who leads, critical: true,
          staff_view: [{{survey: staff, item: st.1, consistent: ["yes"]}}]}}
      - {{id: s.A.2, type: rating, text: Staff feel safe to speak up,
          staff_view: [{{survey: staff, item: st.2, consistent: ["yes"]}}]}}
  - id: working
    title: Working
    items:
      - {{id: s.B.1, type: rating, text: The board reads the reports}}
"""
YES_NO = """options: [{id: "yes", label: "Yes", favourable: true}, {id: "no", label: "No"},
         {id: unsure, label: Not sure, dont_know: true}]"""
STAFF = f"""
questionnaire: staff
version: "2026"
title: Staff survey
standing: model content
kind: survey
respondent: person
sections:
  - id: all
    title: All
    items:
      - {{id: st.0, type: single-choice, text: Which team?, required: false, profile: true, tags: [team],
         options: [{{id: day, label: Day}}, {{id: night, label: Night}}]}}
      - {{id: st.1, type: single-choice, text: Do you know who leads?, required: false, {YES_NO}}}
      - {{id: st.2, type: single-choice, text: Would you speak up?, required: false, sensitive: true, {YES_NO}}}
"""
OTHER = """
questionnaire: other
version: "2026"
title: Survey of everybody
standing: model content
kind: survey
respondent: person
sections:
  - id: all
    title: All
    items:
      - {id: o.5, type: single-choice, text: Do you know who leads?, required: false,
         options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
"""
EVERYONE = ("otters", "badgers", "joint", "office")


def cycle_file(name: str, questionnaire: str, more: str = "") -> str:
    return f"""
cycle: {name}
title: {name.replace("-", " ").capitalize()}
questionnaire: {questionnaire}
version: "2026"
opens: 2026-09-14 09:00
closes: 2098-12-19 17:00
{more}
"""


CYCLES = {
    "seen-2026": cycle_file("seen-2026", "seen", "surveys: [staff-2026, other-2026]"),
    "staff-2026": cycle_file("staff-2026", "staff"),
    "other-2026": cycle_file("other-2026", "other", "organisations: []"),
}
QUESTIONNAIRES = {"seen/2026": AUDIT, "staff/2026": STAFF, "other/2026": OTHER}
CLOSED = datetime(2026, 10, 31, 9, tzinfo=UTC)
YES: Mapping[str, Any] = {"st.1": "yes", "st.2": "yes"}
NO: Mapping[str, Any] = {"st.1": "no", "st.2": "no"}


def lay_seen(root: Path, **more: Any) -> Instance:
    """Write the files."""
    return lay(root, cycles={**CYCLES, **more}, questionnaires=QUESTIONNAIRES)


def seen_world(root: Path, engine: Engine, **more: Any) -> Seen:
    """Write the files and load them."""
    return Seen(World(lay_seen(root, **more), engine, Library(root)).load())


@dataclass
class Seen:
    """The audit and its surveys."""

    world: World

    def open(self) -> Seen:
        for cycle in CYCLES:
            self.world.open(cycle, OPENED)
        return self

    def replies(self, organisation: str, yes: int, no: int = 0, survey: str = "staff", team: str = "") -> Seen:
        """Take in so many replies that know who leads and would speak up, and so many that do not."""
        more = {"st.0": team} if team else {}
        answers = [YES | more] * yes + [NO | more] * no
        if survey == "other":
            answers = [{"o.5": a["st.1"]} for a in answers]
        with writing(self.world.engine) as connection:
            form = self.world.definitions.opened(connection, f"{survey}-2026").questionnaire
            take_in(connection, Origin(form, f"{survey}-2026", OPENED.date(), organisation), answers, OPENED.date())
        return self

    def invited(self, organisation: str, number: int) -> Seen:
        run_survey.invited(self.world.engine, "staff-2026", organisation, number)
        return self

    def close(self, cycle: str = "staff-2026") -> Seen:
        run_cycle.close_cycle(self.world.engine, cycle, None, CLOSED)
        return self

    def returned(self, *organisations: str, **ratings: str) -> Seen:
        """Submit; ratings by the last part of the criterion's id, such as A1, the others met."""
        said = {f"s.{name[0]}.{name[1:]}": value for name, value in ratings.items()}
        for organisation in organisations:
            self.world.returned(organisation, "seen-2026", said)
        return self

    def graded(self, organisation: str, item: str, grade: int, at: datetime = DURING, area: str = "") -> Seen:
        """Write down a reviewer's grade of the evidence."""
        row = {
            "response_id": self.world.return_of(organisation, "seen-2026").id, "item_id": item, "repeat": "",
            "area": area, "kind": "evidence", "rater": "", "value": str(grade), "reason": "", "rated_at": at,
            "chosen_at_random": False,
        }  # fmt: skip
        with writing(self.world.engine) as connection:
            returns.add_ratings(connection, [row])
        return self

    def found(self, now: datetime = CLOSED, **wanted: str) -> Triangulation:
        with reading(self.world.engine) as connection:
            cycle = cycle_named(connection, "seen-2026")
            return triangulate(connection, self.world.definitions, cycle, now, Wanted(**wanted))
