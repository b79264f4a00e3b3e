"""Do the boards on returns and actions count everybody once, and name those who are behind in the right order?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import update

from audit_engine.response.people import Held
from audit_engine.services import run_cycle
from audit_engine.services.choose_audit import audits
from audit_engine.services.follow_actions import Actions, Wanted, follow_actions
from audit_engine.services.follow_returns import Returns, follow_returns
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.submit import reopen
from audit_engine.storage import mailings, models
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import CLOSES, DURING, LATER, World
from tests.web.browser import counting

TODAY = date(2027, 1, 15)


def returns(world: World, now: Any = DURING, areas: Any = None, **more: Any) -> Returns:
    with reading(world.engine) as connection:
        cycle = cycle_named(connection, "tiny-2026")
        return follow_returns(connection, world.definitions, cycle, now, areas, **more)


def actions(world: World, areas: Any = None, today: date = TODAY, **wanted: str) -> Actions:
    with reading(world.engine) as connection:
        cycle = cycle_named(connection, "tiny-2026")
        return follow_actions(connection, world.definitions, cycle, today, areas, Wanted(**wanted))


def test_every_return_stands_once_under_its_state_and_its_sector(world: World) -> None:
    world.returned("otters", "tiny-2026")
    world.answer("badgers", "tiny-2026", {})
    found = returns(world)
    assert [found.whole.counted(s) for s in ("submitted", "started", "not-started")] == [1, 1, 2]
    assert [(s.label, len(s.rows), s.counted("submitted")) for s in found.sectors] == [
        ("Police", 2, 0),
        ("Schools", 2, 1),
    ]
    assert (found.whole.late, found.whole.overdue) == (0, 0)
    assert found.days_left == (CLOSES.date() - DURING.date()).days


def test_those_who_have_not_started_come_first_then_the_longest_silent(world: World) -> None:
    world.answer("joint", "tiny-2026", {}, now=DURING)
    world.answer("badgers", "tiny-2026", {}, now=DURING + timedelta(days=2))
    names = [row.facts.organisation for row in returns(world).chased]
    assert names == ["otters", "office", "joint", "badgers"]
    last = {row.facts.organisation: row.last_activity for row in returns(world).chased}
    assert (last["otters"], last["joint"]) == (None, DURING)


def test_nobody_is_written_to_about_a_return_that_was_submitted(world: World) -> None:
    world.returned("otters", "tiny-2026")
    world.answer("badgers", "tiny-2026", {}, now=DURING)
    assert {row.facts.organisation for row in returns(world).chased} == {"badgers", "joint", "office"}
    reopen(world.engine, world.return_of("otters").id, "A mistake", world.somebody, DURING)
    assert "otters" in {row.facts.organisation for row in returns(world).chased}


def test_who_has_not_submitted_is_overdue_after_its_own_closing_time(world: World) -> None:
    number = world.return_of("badgers").id
    run_cycle.extend(world.engine, number, LATER + timedelta(days=9), "Flood", world.somebody, DURING)
    found = returns(world, LATER)
    assert {row.facts.organisation for row in found.whole.rows if row.overdue} == {"otters", "joint", "office"}
    left = {row.facts.organisation: row.days_left for row in found.whole.rows}
    assert left["otters"] < 0 < left["badgers"]


def test_a_return_that_was_opened_again_counts_as_started(world: World) -> None:
    world.returned("otters", "tiny-2026")
    reopen(world.engine, world.return_of("otters").id, "A mistake", world.somebody, DURING)
    found = returns(world)
    assert (found.whole.counted("started"), found.whole.counted("submitted")) == (1, 0)


def test_an_area_and_a_sector_narrow_the_board(world: World) -> None:
    assert {r.facts.organisation for r in returns(world, areas=("south",)).whole.rows} == {"badgers", "joint"}
    assert {r.facts.organisation for r in returns(world, sector="police").whole.rows} == {"joint", "office"}


def test_contacts_are_the_leads_and_where_there_is_none_who_passes_links_on(world: World) -> None:
    world.person("ada@example.org", Held("organisation-lead", "otters"))
    with writing(world.engine) as connection:
        mailings.keep_contacts(
            connection, {"badgers": ["office@badgers.example.org"], "otters": ["not@used.example.org"]}
        )
    found = {r.facts.organisation: r.contacts for r in returns(world, with_contacts=True).whole.rows}
    assert found["otters"] == (("Ada", "ada@example.org"),)
    assert found["badgers"] == (("", "office@badgers.example.org"),)
    assert found["office"] == ()
    assert all(row.contacts == () for row in returns(world).whole.rows)


def test_the_boards_take_as_many_statements_whatever_the_size(world: World) -> None:
    world.returned("otters", "tiny-2026", {"t.A.1": "not-met"})
    returns(world, with_contacts=True)
    with counting(world.engine) as one:
        returns(world, with_contacts=True)
        actions(world)
    world.returned("badgers", "tiny-2026", {"t.A.1": "not-met", "t.A.2": "partly-met"})
    with counting(world.engine) as more:
        returns(world, with_contacts=True)
        actions(world)
    assert len(one.statements) == len(more.statements)


def test_actions_of_submitted_returns_are_counted_by_standard_and_when_they_are_due(world: World) -> None:
    world.returned("otters", "tiny-2026", {"t.A.1": "not-met", "t.B.2": "partly-met"})
    world.answer("badgers", "tiny-2026", {"t.A.1": "not-met"})  # not submitted
    found = actions(world)
    assert (found.whole.all, found.whole.by_timing, found.whole.by_status) == (2, {"soon": 2}, {"proposed": 2})
    assert [(s.id, s.counts.all) for s in found.standards] == [("leading", 1), ("working", 1)]
    assert actions(world, today=date(2027, 4, 1)).whole.by_timing == {"overdue": 2}
    one = found.listed[0]
    assert (one.ref, one.what, one.who, one.due, one.how_known) == ("A.1", "Write it", "Sam", date(2027, 3, 31), "Ask")


def test_filters_narrow_what_is_counted_and_the_due_filter_only_what_is_listed(world: World) -> None:
    world.returned("otters", "tiny-2026", {"t.A.1": "not-met", "t.B.2": "partly-met"})
    world.returned("joint", "tiny-2026", {"t.A.1": "not-met"})
    assert actions(world, standard="working").whole.all == 1
    assert actions(world, sector="police").whole.all == 1
    assert {a.organisation for a in actions(world, ("south",)).listed} == {"joint"}
    overdue = actions(world, timing="overdue")
    assert (overdue.whole.all, overdue.listed) == (3, ())


def test_actions_that_were_taken_out_or_say_nothing_are_left_out(world: World) -> None:
    world.returned("otters", "tiny-2026", {"t.A.1": "not-met", "t.A.2": "not-met", "t.B.2": "not-met"})
    action = models.action
    with writing(world.engine) as connection:
        connection.execute(update(action).where(action.c.item_id == "t.A.1").values(status="withdrawn"))
        nothing = {"what": "", "who": "", "due": None, "how_known": ""}
        connection.execute(update(action).where(action.c.item_id == "t.A.2").values(**nothing))
    assert [a.criterion for a in actions(world).listed] == ["t.B.2"]


def test_a_board_is_about_the_newest_rated_audit_unless_it_is_told_otherwise(world: World) -> None:
    with reading(world.engine) as connection:
        found = audits(connection, world.definitions)
    assert [c.id for c in found.rated] == ["tiny-2026", "tiny-2024"]
    chosen = found.chosen("", found.rated), found.chosen("tiny-2024", found.rated), found.chosen("nothing", found.rated)
    assert [c.id if c else None for c in chosen] == ["tiny-2026", "tiny-2024", None]
