"""Is the demo invented, the same each time, awkward as life is, and never mixed with anything real?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from audit_engine.response.completeness import all_gaps
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.earlier import Earlier
from audit_engine.services import demo as demo_service
from audit_engine.services.answering import expression_facts
from audit_engine.services.demo import Demo, fill_demo, reset_demo
from audit_engine.services.instance import InstanceFault
from audit_engine.services.invented import (
    InventedOrganisation,
    InventedReturn,
    Setting,
    extra_organisations,
    invent_return,
)
from audit_engine.services.list_cycles import list_cycles
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.survey_results import recount, survey_results
from audit_engine.storage import anonymous, models, partnership, people, returns
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DEMO_DAY, DURING, World

Filled = tuple[World, Demo]
SETTING = Setting("seed", date(2026, 10, 5), panel_share=0.5)
CYCLES = ("section-11-2026", "section-11-2024", "section-11-2022")
SURVEYS = {
    "section-11-staff-2022": "closed", "section-11-staff-2024": "closed", "section-11-staff-2026": "closed",
    "escalation-awareness-2021": "closed", "escalation-awareness-2023": "closed", "escalation-awareness-2026": "open",
    "ehe-knowledge-2024": "closed", "ehe-knowledge-2026": "open",
}  # fmt: skip


def invent(world: World, organisation: str = "joint", setting: Setting = SETTING) -> InventedReturn:
    whole = world.opened(organisation)
    profile = InventedOrganisation(organisation, expression_facts(whole.facts), whole.facts.areas)
    return invent_return(whole.questionnaire, profile, {}, setting)


def test_a_real_partnership_is_refused_before_anything_is_touched(own_world: World) -> None:
    real = replace(own_world.instance, invented=False)
    for act in (
        lambda: fill_demo(own_world.engine, own_world.library, real, DURING),
        lambda: reset_demo(real, own_world.engine),
    ):
        with pytest.raises(InstanceFault, match="is a real partnership"):
            act()
    assert set(own_world.counts().values()) == {0}


def test_the_demo_has_three_audits_of_which_the_newest_is_open(filled_demo: Filled) -> None:
    world, made = filled_demo
    listed = [c for c in list_cycles(world.engine) if c.facts.questionnaire == "section-11"]
    assert made.made
    assert [(c.facts.id, c.facts.state) for c in listed] == list(zip(CYCLES, ("open", "closed", "closed"), strict=True))
    assert made.organisations >= 30
    assert made.answers == world.count(models.answer)


def test_the_demo_is_awkward_as_life_is(filled_demo: Filled) -> None:
    world, _ = filled_demo
    everyone: list[ReturnFacts] = []
    with reading(world.engine) as connection:
        for cycle in CYCLES:
            everyone += returns.returns_of_cycle(connection, cycle)
        lineage = {r.relation for r in partnership.organisation_lineage(connection)}
        panel = connection.execute(select(models.rating).where(models.rating.c.kind == "panel")).all()
        own = {
            (r.response_id, r.item_id): r.value
            for r in connection.execute(select(models.answer).where(models.answer.c.area == ""))
        }
    assert {r.state for r in everyone} == {"not-started", "started", "submitted"}
    assert any(r.late for r in everyone)
    assert any(len(r.areas) == 2 for r in everyone)
    assert {"merged", "joined"} <= lineage
    assert any(own[p.response_id, p.item_id] != f'"{p.value}"' for p in panel)
    assert world.count(models.answer, state="not-applicable") > 0
    with reading(world.engine) as connection:
        areas = connection.execute(select(models.answer.c.area).where(models.answer.c.area != "")).all()
    assert areas


def test_the_demo_has_surveys_of_which_the_newest_are_open_but_for_what_panels_must_read(filled_demo: Filled) -> None:
    world, made = filled_demo
    listed = {c.facts.id: c for c in list_cycles(world.engine)}
    assert {name: listed[name].facts.state for name in SURVEYS} == SURVEYS
    assert made.replies == sum(listed[name].replies or 0 for name in SURVEYS) > 2000


def test_the_counts_of_the_demo_s_surveys_are_those_of_their_replies(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        for name in SURVEYS:
            again = recount(connection, world.definitions, cycle_named(connection, name))
            assert (again.wrong, again.replies > 60) == ({}, True)


def test_in_the_demo_s_staff_survey_some_are_too_few_some_silent_and_some_say_otherwise(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        cycle = cycle_named(connection, "section-11-staff-2026")
        turnout = anonymous.turnouts(connection, cycle.id)
        contrary = survey_results(connection, world.definitions, cycle, organisation="marshlight-mental-health")
        asked = {f.organisation: f for f in returns.returns_of_cycle(connection, CYCLES[0])}
    assert {0, 6, 9, 11} <= {replies for replies, _ in turnout.values()}
    assert None in {invited for _, invited in turnout.values()}
    induction = next(q.released.figure("favourable") for q in contrary.questions if q.question.id == "ss.6")
    assert induction.interval is not None and induction.interval.upper < 0.5
    claimed = world.opened("marshlight-mental-health", CYCLES[0]).answer("s11.TS.5")
    assert (claimed.value, asked["marshlight-mental-health"].state) == ("met", "submitted")


def test_texts_of_the_demo_wait_for_a_reviewer_a_named_child_and_a_risk_among_them(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        waiting = [t.text for t in anonymous.texts(connection, "section-11-staff-2026", [""])]
        decided = {
            t.outcome for name in SURVEYS for t in anonymous.texts(connection, name, ["shown", "redacted", "hidden"])
        }
        kept = {t.text for name in SURVEYS for t in anonymous.texts(connection, name, ["", "shown", "redacted"])}
    assert [t for t in waiting if "Robin Inventson" in t]
    assert [t for t in waiting if "store room" in t]
    assert decided == {"shown", "redacted", "hidden"}
    assert not [t for t in kept if not t.startswith("Invented")]


def test_what_the_demo_submitted_is_complete(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        submitted = [r for r in returns.returns_of_cycle(connection, CYCLES[0]) if r.state == "submitted"]
    for facts in submitted[:3]:
        whole = world.opened(facts.organisation, CYCLES[0])
        assert whole.gaps == ()
        assert whole.earlier


def test_everybody_in_the_demo_can_sign_in_and_says_that_they_are_invented(filled_demo: Filled) -> None:
    world, made = filled_demo
    with reading(world.engine) as connection:
        found = {p.facts.email: p for p in people.people(connection)}
    assert {s.email for s in made.sign_ins} == set(found)
    assert {s.role for s in made.sign_ins} == {
        "organisation-lead", "business-team", "executive", "scrutineer", "administrator",
    }  # fmt: skip
    assert all(p.facts.name.startswith("Invented") and p.active and p.password for p in found.values())


def test_a_second_run_keeps_what_was_entered(filled_demo: Filled) -> None:
    world, _ = filled_demo
    before = world.counts()
    again = fill_demo(world.engine, world.library, world.instance, DEMO_DAY)
    assert (again.made, again.answers) == (False, 0)
    assert world.counts() == before


def test_no_invented_text_could_be_taken_for_a_real_one(filled_demo: Filled) -> None:
    world, _ = filled_demo
    table = models.answer
    with reading(world.engine) as connection:
        texts = {
            t for row in connection.execute(select(table.c.commentary, table.c.evidence, table.c.reason)) for t in row
        }
    assert len(texts) > 5
    assert not [t for t in texts if t and not t.startswith("Invented")]


def test_a_demo_that_was_cut_short_says_how_to_start_over(own_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_service, "LEADS", {"otters": "lead@demo.example.org"})
    monkeypatch.setattr(demo_service, "_add_people", cut)
    with pytest.raises(KeyboardInterrupt):
        fill_demo(own_world.engine, own_world.library, own_world.instance, DURING)
    with pytest.raises(InstanceFault, match="audit-engine demo --reset"):
        fill_demo(own_world.engine, own_world.library, own_world.instance, DURING)


def test_resetting_throws_everything_away_and_leaves_a_database_that_works(own_world: World) -> None:
    own_world.load().open("tiny-2026").returned("otters", "tiny-2026")
    exported = own_world.instance.exports / "tiny-2026" / "report.docx"
    exported.parent.mkdir(parents=True)
    exported.write_text("old")
    reset_demo(own_world.instance, own_world.engine)
    assert set(own_world.counts().values()) == {0}
    assert not exported.exists()
    own_world.load().open("tiny-2026")


def test_the_same_seed_gives_the_same_answers(world: World) -> None:
    assert invent(world) == invent(world)
    assert invent(world) != invent(world, setting=replace(SETTING, seed="another"))


def test_an_organisations_answers_do_not_hang_on_who_else_is_invented(world: World) -> None:
    alone = invent(world, "otters")
    invent(world, "badgers")
    assert invent(world, "otters") == alone
    assert list(extra_organisations("seed", 3)) == list(extra_organisations("seed", 5))[:3]


def test_an_invented_return_that_was_submitted_leaves_no_gap(world: World) -> None:
    fates: Counter[str] = Counter()
    for number in range(60):
        whole = world.opened("joint")
        setting = replace(SETTING, seed=f"seed {number}")
        invented = invent(world, setting=setting)
        fates[invented.fate] += 1
        answers = {a.key: a for a in invented.answers}
        wanted = replace(whole, answers=answers).asked_ids  # one answer may make another question asked
        if invented.fate in ("on time", "late"):
            assert all_gaps(whole.questionnaire, wanted, answers, dict[str, Earlier]()) == ()
        else:
            assert invented.panel == ()
        assert {a.item for a in invented.answers} <= set(wanted)
    assert fates["on time"] > 30


def test_a_fate_that_is_given_is_kept(world: World) -> None:
    assert invent(world, setting=replace(SETTING, fates={"joint": "not started"})).answers == ()
    part = invent(world, setting=replace(SETTING, fates={"joint": "part done"}, part_done={"joint": 0.5}))
    assert 0 < len({a.item for a in part.answers}) < len(world.opened("joint").asked_ids)


def test_extra_organisations_have_ids_of_their_own_and_say_that_they_are_invented() -> None:
    made = list(extra_organisations("seed", 500))
    assert len({identity for identity, _, _ in made}) == len({name for _, name, _ in made}) == 500
    assert all(name.endswith("(invented)") for _, name, _ in made)


def test_a_reset_of_one_database_leaves_another_alone(own_world: World) -> None:
    other = own_world.instance.var / "audit.sqlite3"
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_bytes(b"somebody else's")
    reset_demo(own_world.instance, own_world.engine)
    assert other.read_bytes() == b"somebody else's"
    with writing(own_world.engine):
        pass
