"""Is a plan read or refused with place and reason, are typed figures checked and kept, and outcomes followed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.analysis.plan import in_use
from audit_engine.services import keep_plan
from audit_engine.services.choose_audit import audits
from audit_engine.services.follow_plan import Followed, follow_plan
from audit_engine.services.instance import Instance
from audit_engine.services.keep_plan import FigureDraft, PlanRefused, figures_of, keep_figure
from audit_engine.services.read_plan import FaultyPlan, read_plan
from audit_engine.storage import all_models, models
from audit_engine.storage import plan as stored
from audit_engine.storage.engine import reading
from tests.services.tiny import DURING, World
from tests.services.waved import PLAN, Waved, lay_waved

TODAY = date(2026, 10, 5)
DRAFT = FigureDraft(date(2026, 3, 31), "count", "27", source="Minutes")
SHIPPED = Path(__file__).parents[2]


@pytest.fixture
def waved(tmp_path: Path, engine: Engine) -> Waved:
    return lay_waved(tmp_path, engine)


def keep(world: World, outcome: str = "schools", **change: Any) -> keep_plan.Kept:
    draft = replace(DRAFT, **change)
    return keep_figure(world.engine, "tiny-plan", outcome, draft, world.somebody, DURING, TODAY)


def kept(world: World) -> tuple[Any, ...]:
    with reading(world.engine) as connection:
        return figures_of(connection, "tiny-plan")


def followed(waved: Waved) -> dict[str, Followed]:
    plan = read_plan(waved.world.instance)
    assert plan is not None
    with reading(waved.engine) as connection:
        known = audits(connection, waved.world.definitions)
        return {f.outcome.id: f for f in follow_plan(connection, waved.world.definitions, plan, known)}


# --- the file ------------------------------------------------------------------


@pytest.mark.parametrize("instance", ["demo", "kent-and-medway"])
def test_the_plans_that_ship_can_be_read(instance: str) -> None:
    plan = read_plan(Instance(SHIPPED, instance, "x", instance == "demo"))
    assert plan is not None
    assert len(plan.outcomes) >= 15
    assert plan.invented is (instance == "demo")


def test_an_instance_without_a_plan_has_none(tmp_path: Path, engine: Engine) -> None:
    assert read_plan(lay_waved(tmp_path, engine, plan="").world.instance) is None


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("id: schools", "id: sharing", "“sharing” is there twice"),
        ("wants: all", "wants: best", "“best” is no direction. Write increase, decrease, keep, all, majority or done"),
        ("unit: Schools", "colour: red", "“colour” is not known here"),
        ("text: All files are checked", "note: x", "“text” is missing"),
        ("id: files", "id: Files here", "cannot be an id"),
        ("measure: sharing}", "measures: sharing}", "“measures” is not known here. Known: measure, questionnaire."),
        ("wants: all, text", "survey: {questionnaire: p, question: q}, audit: {questionnaire: p, measure: q}, text",
         "not by both"),
        ("priorities:", "priority:", "“priorities” must be a list"),
        ("plan: {id", "plan: [id", "plan.yaml"),
    ],
)  # fmt: skip
@pytest.mark.first_case
def test_a_faulty_plan_is_refused_with_place_and_reason(
    old: str, new: str, told: str, tmp_path: Path, engine: Engine
) -> None:
    assert old in PLAN
    instance = lay_waved(tmp_path, engine, plan=PLAN.replace(old, new)).world.instance
    with pytest.raises(FaultyPlan) as fault:
        read_plan(instance)
    assert told in str(fault.value)
    assert str(fault.value).startswith("plan.yaml:")


# --- typed figures ----------------------------------------------------------------


def test_a_figure_is_kept_with_who_when_and_a_line_in_the_trail(waved: Waved) -> None:
    assert keep(waved.world, note="All areas").faults is None
    (one,) = kept(waved.world)
    assert (one.text, one.source, one.note, one.made_by, one.made_at) == (
        "27",
        "Minutes",
        "All areas",
        "Somebody",
        DURING,
    )
    assert waved.world.count(models.trail, event="figure of the plan typed in", subject="plan:schools") == 1


@pytest.mark.parametrize(
    "change, box, told",
    [
        ({"as_at": None}, "as_at", "Enter the day"), ({"as_at": date(2026, 10, 6)}, "as_at", "future"),
        ({"kind": "guess"}, "kind", "Choose"), ({"number": ""}, "number", "Write the number, or the percentage"),
        ({"number": "27", "percentage": "3", "kind": "share", "base": "9"}, "number", "not both"),
        ({"number": "2.5"}, "number", "whole number"), ({"number": "-1"}, "number", "whole number"),
        ({"number": "9" * 12}, "number", "whole number"), ({"kind": "share"}, "base", "A share needs"),
        ({"kind": "share", "base": "0"}, "base", "from 1"), ({"kind": "share", "base": "26"}, "number", "part of 26"),
        ({"number": "", "percentage": "65"}, "percentage", "choose that kind"),
        ({"number": "", "percentage": "many", "kind": "share", "base": "9"}, "percentage", "is no percentage"),
        ({"number": "", "percentage": "120", "kind": "share", "base": "9"}, "percentage", "between 0 and 100"),
        ({"source": " "}, "source", "Say where"), ({"source": "s" * 201}, "source", "at most 200"),
        ({"note": "n" * 2001}, "note", "at most 2,000"),
    ],
)  # fmt: skip
@pytest.mark.first_case
def test_what_is_no_figure_is_told_at_its_box_and_not_kept(
    waved: Waved, change: dict[str, Any], box: str, told: str
) -> None:
    found = keep(waved.world, **change)
    assert found.number is None
    assert told in (found.faults or {})[box]
    assert kept(waved.world) == ()


def test_a_percentage_that_no_number_of_people_gives_needs_a_reason(waved: Waved) -> None:
    typed = {"number": "", "percentage": "65.1", "kind": "sample", "base": "196"}
    found = keep(waved.world, **typed)
    assert found.is_doubtful
    assert "65.1% cannot come from 196 answers" in (found.faults or {})["percentage"]
    assert "127 of 195 would give it" in (found.faults or {})["percentage"]
    assert keep(waved.world, **typed, kept_because="Printed so").number is not None
    assert kept(waved.world)[0].kept_because == "Printed so"


def test_a_reason_where_none_is_needed_is_not_kept(waved: Waved) -> None:
    keep(waved.world, number="", percentage="65.8", kind="sample", base="146", kept_because="To be sure")
    assert kept(waved.world)[0].kept_because == ""


def test_a_correction_takes_the_place_of_a_figure_that_stays_in_the_history(waved: Waved) -> None:
    first = keep(waved.world).number
    second = keep(waved.world, number="28", replaces=first).number
    assert [f.id for f in in_use(kept(waved.world))] == [second]
    assert [f.id for f in kept(waved.world)] == [first, second]
    with pytest.raises(PlanRefused, match="corrected or taken out already"):
        keep(waved.world, number="29", replaces=first)


def test_a_day_has_one_figure_in_use(waved: Waved) -> None:
    first = keep(waved.world).number
    assert keep(waved.world, number="28").faults == {"as_at": keep_plan.ANOTHER}
    other = keep(waved.world, number="28", as_at=date(2025, 3, 31)).number
    assert keep(waved.world, number="29", replaces=other).faults == {"as_at": keep_plan.ANOTHER}, "corrected onto it"
    assert keep(waved.world, number="30", replaces=first).number, "a correction of that day's own figure"
    assert [f.number for f in in_use(kept(waved.world))] == [28, 30]


def test_a_figure_that_is_taken_out_stays_with_its_reason(waved: Waved) -> None:
    number = keep(waved.world).number
    assert number is not None
    keep_plan.withdraw_figure(waved.engine, number, "Wrong year", waved.world.somebody, DURING)
    (one,) = kept(waved.world)
    assert (one.withdrawn_because, one.withdrawn_by, in_use([one])) == ("Wrong year", "Somebody", ())
    with pytest.raises(PlanRefused):
        keep_plan.withdraw_figure(waved.engine, number, "Again", waved.world.somebody, DURING)
    with pytest.raises(PlanRefused, match="no such figure"):
        keep_plan.withdraw_figure(waved.engine, 999, "x", waved.world.somebody, DURING)


# --- events ----------------------------------------------------------------------


def test_an_event_is_kept_and_taken_out_and_the_trail_keeps_what_it_said(waved: Waved) -> None:
    world = waved.world
    assert keep_plan.add_event(world.engine, "pulse", TODAY, " A  campaign ", world.somebody, DURING, TODAY) == {}
    with reading(world.engine) as connection:
        (event,) = stored.events(connection, "pulse")
        assert stored.events(connection, "tiny") == ()
    assert (event.text, event.happened_on, event.made_by) == ("A campaign", TODAY, "Somebody")
    keep_plan.remove_event(world.engine, event.id, world.somebody, DURING)
    assert world.count(all_models.METADATA.tables["annotation"]) == 0
    assert world.count(models.trail, event="event taken out", subject="events:pulse") == 1
    with pytest.raises(PlanRefused, match="taken out already"):
        keep_plan.remove_event(world.engine, event.id, world.somebody, DURING)


@pytest.mark.parametrize(
    "day, text, box",
    [
        (None, "x", "happened_on"),
        (date(2026, 10, 6), "x", "happened_on"),
        (TODAY, " ", "text"),
        (TODAY, "x" * 301, "text"),
    ],
)
def test_an_event_without_day_or_words_is_told_at_its_box(waved: Waved, day: Any, text: str, box: str) -> None:
    assert box in keep_plan.add_event(waved.engine, "pulse", day, text, None, DURING, TODAY)
    assert waved.world.count(all_models.METADATA.tables["annotation"]) == 0


# --- outcomes ----------------------------------------------------------------------


def test_an_audits_measure_brings_its_figures_its_verdict_and_its_sentence(waved: Waved) -> None:
    for organisation in ("otters", "badgers", "joint", "office"):
        waved.world.returned(organisation, "tiny-2024", rest="not-met" if organisation == "otters" else "met")
        waved.world.returned(organisation, "tiny-2026")
    one = followed(waved)["sharing"]
    assert (one.verdict.kind, one.compared) == ("as-wanted", ("tiny-2024", "tiny-2026"))
    assert [(p.when, p.text) for p in one.points] == [
        ("2024", "2 of 3 judgements met"),
        ("2026", "3 of 3 judgements met"),
    ]
    assert "the number rose: 2 to 3 of 3. Achieved." in one.verdict.sentence


def test_a_survey_question_brings_both_waves_and_the_permitted_verdict(waved: Waved) -> None:
    assert "has not closed twice yet" in followed(waved)["aware"].verdict.sentence
    waved.wave(2022, 20, 60).wave(2024, 70, 30)
    one = followed(waved)["aware"]
    assert (one.verdict.kind, one.compared) == ("as-wanted", ("pulse-2022", "pulse-2024"))
    assert [(p.when, p.text) for p in one.points] == [("2022", "20 of 80 (25%)"), ("2024", "70 of 100 (70%)")]


def test_typed_figures_bring_day_text_source_and_why_they_were_kept(waved: Waved) -> None:
    keep(waved.world, as_at=date(2025, 3, 31), number="18")
    keep(waved.world)
    one = followed(waved)["schools"]
    assert (one.verdict.kind, one.measure, one.is_typed) == ("as-wanted", "Schools", True)
    assert [(p.when, p.text, p.source) for p in one.points] == [
        ("31 March 2025", "18", "Minutes"), ("31 March 2026", "27", "Minutes"),
    ]  # fmt: skip
    assert followed(waved)["files"].verdict.kind == "no-figure"


def test_a_measure_or_a_question_that_is_not_there_is_told(tmp_path: Path, engine: Engine) -> None:
    text = PLAN.replace("measure: sharing", "measure: nothing").replace("question: p.2", "question: p.99")
    waved = lay_waved(tmp_path, engine, plan=text).wave(2022, 20, 60).wave(2024, 70, 30)
    found = followed(waved)
    assert "has no measure called “nothing”" in found["sharing"].verdict.sentence
    assert "has no question “p.99”" in found["aware"].verdict.sentence
