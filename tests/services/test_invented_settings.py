"""Do the demo's schools show what take-up is for, say that they are invented, and stay the same each time?"""

from __future__ import annotations

from sqlalchemy import select

from audit_engine.services.demo import Demo
from audit_engine.services.invented_settings import LEAD, TRUST, invented_settings
from audit_engine.services.self_audit import open_audit
from audit_engine.services.self_audit_report import moved_of
from audit_engine.services.self_audit_sharing import shown_to
from audit_engine.services.self_audit_take_up import take_up
from audit_engine.storage import cycles, settings, settings_models
from audit_engine.storage.engine import reading
from tests.services.tiny import World

Filled = tuple[World, Demo]
NOW, THEN = "child-on-child-abuse-2026", "child-on-child-abuse-2023"


def test_the_same_schools_are_invented_each_time_and_no_two_share_a_name() -> None:
    assert invented_settings() == invented_settings()
    names = [s.name for s in invented_settings()]
    assert len(names) == len(set(names))


def test_take_up_can_be_seen_for_some_phases_and_not_for_others(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        now, then = (cycles.cycle_of(connection, c) for c in (NOW, THEN))
        assert now is not None and then is not None
        running, closed = (take_up(connection, world.definitions, c) for c in (now, then))
    assert {row.began.base is None for row in running.phases} == {True, False}
    assert running.sections == () and closed.sections != ()


def test_a_visitor_can_be_the_lead_of_a_school_that_has_moved(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        (mine,) = settings.settings_of(connection, LEAD)
        newest, *_ = settings.audits_of(connection, mine.id)
        whole = open_audit(connection, world.definitions, newest)
        shown = shown_to(connection, world.definitions, TRUST)
    moved = moved_of(whole)
    assert moved is not None and moved.going("up") and newest.takes_answers
    assert shown and mine.id not in {s.audit.setting for s in shown}


def test_whatever_the_schools_write_says_that_it_is_invented(filled_demo: Filled) -> None:
    world, _ = filled_demo
    own = settings_models
    with reading(world.engine) as connection:
        texts = [r[0] for r in connection.execute(select(own.setting_answer.c.commentary))]
        texts += [r[0] for r in connection.execute(select(own.setting_note.c.text))]
    assert not [t for t in texts if t and not t.startswith("Invented")]
