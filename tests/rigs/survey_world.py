"""Random surveys with everything that can give few people away, and all that the program says of them.

What is attacked is the text of the outputs, read back: JSON and CSV of every
filter, for every audience.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, delete, update

from audit_engine.analysis.disclosure import Audience
from audit_engine.analysis.suppression import nearest_five
from audit_engine.analysis.survey import SurveyResults
from audit_engine.definition.library import Library
from audit_engine.services import run_cycle
from audit_engine.services.show_survey import as_json, write_csv
from audit_engine.services.survey_batches import Origin, close_survey, facts_for, take_in
from audit_engine.services.survey_results import survey_results
from audit_engine.storage import anonymous, partnership
from audit_engine.storage.cycles import cycle as cycle_table
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import World, lay

CYCLE = "rig"
OPENED = date(2026, 9, 14)
SCORED, UNSCORED = date(2026, 9, 20), date(2026, 10, 5)
ORGANISATIONS: Mapping[str, str] = {
    "a1": "schools", "a2": "schools", "a3": "schools", "b1": "police", "b2": "police", "c1": "health", "c2": "health",
}  # fmt: skip
PARTNERSHIP = """
partnership: {id: rig, name: Rig Partnership, invented: true, contact: nobody@example.org}
areas:
  - {id: north, name: Northshire}
sectors:
  - {id: schools, label: Schools}
  - {id: police, label: Police}
  - {id: health, label: Health}
organisations:
""" + "".join(
    f"  - {{id: {o}, name: {o.upper()}, sector: {s}, areas: [north], facts: {{}}}}\n" for o, s in ORGANISATIONS.items()
)
SURVEY = """
questionnaire: rig
version: "1"
title: Rig
standing: model content
kind: survey
respondent: person
defaults:
  single-choice: {required: false}
  multiple-choice: {required: false}
  knowledge: {required: false}
sections:
  - id: all
    title: All
    items:
      - {id: r.role, type: single-choice, text: Role, profile: true, breakdown: true,
         options: [{id: front, label: Front}, {id: manager, label: Manager}, {id: trainee, label: Trainee}]}
      - {id: r.age, type: single-choice, text: Age, profile: true, breakdown: true, sensitive: true,
         options: [{id: young, label: Young}, {id: old, label: Old}, {id: prefer-not, label: No, prefer_not: true}]}
      - {id: r.know, type: single-choice, text: Know,
         options: [{id: "yes", label: "Yes", favourable: true}, {id: "no", label: "No"},
                   {id: unsure, label: Unsure, dont_know: true}]}
      - {id: r.how, type: single-choice, text: How, enable_when: r.know == "yes",
         options: [{id: told, label: Told, favourable: true}, {id: read, label: Read},
                   {id: not-mine, label: Not mine, counts_as: not-applicable}]}
      - {id: r.harm, type: single-choice, text: Harm, sensitive: true,
         options: [{id: often, label: Often}, {id: once, label: Once}, {id: never, label: Never, favourable: true},
                   {id: prefer-not, label: Prefer not to say, prefer_not: true}]}
      - {id: r.after, type: single-choice, text: After, enable_when: r.harm == "never",
         options: [{id: glad, label: Glad}, {id: same, label: Same}]}
      - {id: r.what, type: multiple-choice, text: What, sensitive: true,
         options: [{id: words, label: Words}, {id: deeds, label: Deeds},
                   {id: nothing, label: Nothing, exclusive: true}]}
      - {id: r.safe, type: single-choice, text: Safe, sensitive: true,
         options: [{id: "1", label: "1"}, {id: "2", label: "2"}, {id: "3", label: "3"}, {id: "4", label: "4"},
                   {id: "5", label: "5"}]}
      - {id: r.fact, type: knowledge, text: Fact, key: [
          {answer: "true", to: 2026-09-30, ref: Old, as_at: 2026-09-01},
          {answer: "false", from: 2026-10-20, ref: New, as_at: 2026-09-01}]}
"""
CYCLES = {
    CYCLE: f"""
cycle: {CYCLE}
title: Rig 2026
questionnaire: rig
version: "1"
opens: 2026-09-14 09:00
closes: 2026-10-30 17:00
organisations: [{", ".join(ORGANISATIONS)}]
"""
}
AUDIENCES: tuple[Audience, ...] = ("panel", "agency", "public", "open-data")
BREAKDOWNS = ("sector", "organisation", "r.role", "r.age")
Answers = Mapping[str, Any]


@dataclass
class Person:
    """Who replied, and what; the truth that the attack is held against."""

    organisation: str
    answers: dict[str, Any]
    scored: bool


def people(seed: int) -> list[Person]:
    """Return the people of a random survey; some organisations are tiny, some answers rare."""
    dice = Random(seed)
    scale = dice.choice((8, 20, 45))
    shy = dice.choice((0.0, 0.0, 0.05, 0.2))
    rare = {q: dice.choice((0.02, 0.1, 0.3)) for q in ("harm", "what", "safe", "know")}
    found = []
    for organisation in ORGANISATIONS:
        if dice.random() < 0.15:
            continue
        scored = dice.random() < 0.7
        for _ in range(dice.choice((dice.randint(1, 12), dice.randint(5, scale + 5), dice.randint(scale, 2 * scale)))):
            late = dice.random() < 0.1
            found.append(Person(organisation, _answers(dice, rare, shy), scored is not late))
    return found


def _answers(dice: Random, rare: Mapping[str, float], shy: float) -> dict[str, Any]:
    def one_of(name: str, often: str, *others: str) -> str:
        return dice.choice(others) if dice.random() < rare[name] else often

    given: dict[str, Any] = {
        "r.role": dice.choice(("front", "front", "front", "manager", "trainee")),
        "r.age": dice.choice(("young", "young", "old", "old", "old")) if dice.random() > 0.1 else "prefer-not",
        "r.know": one_of("know", "yes", "no", "unsure"),
        "r.how": dice.choice(("told", "told", "read", "not-mine")),
        "r.harm": one_of("harm", "never", "once", "once", "often", "prefer-not"),
        "r.after": dice.choice(("glad", "same")),
        "r.what": _ticks(dice, rare["what"]),
        "r.safe": dice.choice("12345") if dice.random() < 2 * rare["safe"] else dice.choice("345"),
        "r.fact": dice.choice(("true", "true", "false", "dont-know")),
    }
    kept = {item: value for item, value in given.items() if dice.random() >= shy}
    if kept.get("r.know") != "yes":
        kept.pop("r.how", None)
    if kept.get("r.harm") != "never":
        kept.pop("r.after", None)
    return kept


def _ticks(dice: Random, rare: float) -> tuple[str, ...]:
    ticked = tuple(one for one in ("words", "deeds") if dice.random() < rare)
    return ticked or ("nothing",)


@dataclass(frozen=True)
class Output:
    """One answer of the program, read back from its text: of whom it speaks, and what it says."""

    by: str
    group: str
    audience: Audience
    questions: Mapping[str, Mapping[str, Any]]
    replies: int | None
    symbol: str


class RigWorld:
    """A partnership in a database, filled with one random survey after another."""

    def __init__(self, root: Path, engine: Engine) -> None:
        instance = lay(root, cycles=CYCLES, questionnaires={"rig/1": SURVEY}, partnership=PARTNERSHIP)
        self.engine = engine
        self.world = World(instance, engine, Library(root)).load()
        self.world.open(CYCLE)

    def fill(self, every: list[Person]) -> None:
        """Let these people answer in place of those before, and close."""
        tables = (anonymous.reply, anonymous.count, anonymous.turnout, anonymous.words)
        with writing(self.engine) as connection:
            for table in tables:
                connection.execute(delete(table).where(table.c.cycle_id == CYCLE))
            connection.execute(update(cycle_table).where(cycle_table.c.id == CYCLE).values(closed_at=None))
            questionnaire = self.world.definitions.opened(connection, CYCLE).questionnaire
            for organisation in ORGANISATIONS:
                found = partnership.organisation_of(connection, organisation)
                origin = Origin(questionnaire, CYCLE, OPENED, organisation, facts_for(found))
                for scored, day in ((True, SCORED), (False, UNSCORED)):
                    some = [p.answers for p in every if p.organisation == organisation and p.scored is scored]
                    take_in(connection, origin, some, day)
            closed = update(cycle_table).where(cycle_table.c.id == CYCLE)
            connection.execute(closed.values(closed_at=run_cycle.cycle_named(connection, CYCLE).closes_at))
            close_survey(connection, CYCLE, UNSCORED)

    def outputs(
        self,
        audiences: Sequence[Audience] = AUDIENCES,
        breakdowns: Sequence[str] = BREAKDOWNS,
        alone: int | None = None,
    ) -> Iterator[Output]:
        """Yield everything that can be asked for, each read back from text.

        ``alone`` is how many organisations are asked for one by one; None is all.
        """
        with reading(self.engine) as connection:
            cycle = run_cycle.cycle_named(connection, CYCLE)
            there = [o for o in ORGANISATIONS if o in anonymous.tallies_by_organisation(connection, CYCLE)]
            for audience in audiences:
                for wanted in ({}, *({"by": by} for by in breakdowns), *({"organisation": o} for o in there[:alone])):
                    yield from read_back(
                        survey_results(connection, self.world.definitions, cycle, audience=audience, **wanted),
                        audience, wanted.get("organisation", ""),
                    )  # fmt: skip


def read_back(results: SurveyResults, audience: Audience, organisation: str = "") -> Iterator[Output]:
    """Yield what JSON and CSV say, the whole and each group; both must say the same."""
    machine = json.loads(json.dumps(as_json(results)))
    text = io.StringIO()
    write_csv(results, text)
    rows = list(csv.DictReader(io.StringIO(text.getvalue())))
    by = "organisation" if organisation else machine["by"]
    groups = [{"id": organisation, **machine}, *machine["groups"]]
    for place, group in enumerate(groups):
        questions = {q["id"]: q for q in group["questions"]}
        _must_say_the_same(questions, [row for row in rows if row["group"] == ("" if place == 0 else group["id"])])
        whose = by if place or organisation else ""
        yield Output(whose, group["id"], audience, questions, group["replies"], _symbol(group))


def _symbol(group: Mapping[str, Any]) -> str:
    """Return the symbol under which nothing is said of the replies."""
    return "" if group["replies"] is not None else str(group.get("replies_shown_as", ""))


def _must_say_the_same(questions: Mapping[str, Any], rows: list[dict[str, str]]) -> None:
    found = {(row["question"], row["kind"], row["answer"]): row for row in rows}
    kinds = {"answers": "answer", "outside_the_base": "outside the base", "shares": "share"}
    for question in questions.values():
        for place, kind in kinds.items():
            for figure in question[place]:
                row, hidden = found.pop((question["id"], kind, figure["id"])), figure["count"] is None
                assert row["shown_as"] == (figure["percent"] if hidden else ""), (question["id"], figure)
                assert row["count"] == ("" if hidden else str(figure["count"])), (row, figure)
                assert row["percent"] == "" if hidden else float(row["percent"]) >= 0, (row, figure)
                assert row["base"] == ("" if question["base"] is None else str(question["base"]))
    assert not found, found


def unlike(outputs: Sequence[Output]) -> Iterator[str]:
    """Yield where an audience sees other than panels do: open data is rounded to five, and nothing else differs."""
    panel: dict[tuple[str, str], list[Output]] = {}
    for output in outputs:
        if output.audience == "panel":
            panel.setdefault((output.by, output.group), []).append(output)
    for output in outputs:
        for other in panel.get((output.by, output.group), []):
            for name, told in output.questions.items():
                ours, theirs = (_shown(one, output.audience) for one in (other.questions[name], told))
                if ours != theirs:
                    yield f"{name} of {output.by} {output.group}: {output.audience} sees {theirs}, panels {ours}"


def _shown(told: Mapping[str, Any], audience: Audience) -> list[Any]:
    figures = [f for place in ("answers", "outside_the_base", "shares") for f in told[place]]
    numbers = [told["asked"], told["answered"], told["base"], *(f["count"] for f in figures)]
    symbols = [f["percent"] for f in figures if f["count"] is None]
    rounded = audience == "open-data"
    return [told["shown_as"], *symbols, *(nearest_five(n) if rounded and n is not None else n for n in numbers)]
