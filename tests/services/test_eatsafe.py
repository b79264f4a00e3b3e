"""Can a meal be watched with a phone, and does nothing leave a setting that it did not share?"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import eatsafe, eatsafe_sharing, self_audit_people
from audit_engine.services.eatsafe_sharing import ChangeReport, change_report
from audit_engine.services.run_cycle import close_cycle
from audit_engine.services.save_answers import Draft
from audit_engine.services.self_audit import SelfAuditRefused
from audit_engine.services.self_audit_save import Finished
from audit_engine.storage import cycles, settings
from audit_engine.storage.engine import reading, writing
from tests.services.meals import CHILDMINDER, IN_2024, IN_2025, Nurseries

MEAL = ["G1", "E2", "E1", "E3", "E4", "F5", "F1", "F2", "F3", "F6"]


@pytest.fixture
def nurseries(tmp_path: Path, engine: Engine) -> Nurseries:
    return Nurseries.in_folder(tmp_path, engine).open("eatsafe-2024", "eatsafe-2025")


def colleague(nurseries: Nurseries, setting: int) -> int:
    with writing(nurseries.engine) as connection:
        return settings.add_member(connection, setting, "cook@n.example.org", "Cook", lead=False, now=IN_2025)


def test_what_is_seen_stands_in_the_order_of_a_meal_and_a_childminder_is_asked_less(nurseries: Nurseries) -> None:
    nursery = nurseries.opened(nurseries.check(nurseries.nursery()))
    assert [i.short_id for i in eatsafe.observed(nursery)] == MEAL
    minder = nurseries.opened(nurseries.check(nurseries.nursery("Minder", "m@m.example.org", CHILDMINDER)))
    assert [i.short_id for i in eatsafe.observed(minder)] == [i for i in MEAL if i != "F3"]
    assert "I stay in the room" in eatsafe.observed(minder)[0].text


def test_a_press_is_saved_and_leaves_the_words_beside_it_alone(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    nurseries.save(audit, Draft("eat.F1", 0, None, commentary="Two tables", action_what="Move one"))
    done = nurseries.tick(audit, ("F1", "not-seen", 1), ("E3", "seen", 0))
    assert {k: (a.value, a.version) for k, a in done.stored.items()} == {
        "eat.F1": ("not-seen", 2), "eat.E3": ("seen", 1),
    }  # fmt: skip
    answer = nurseries.opened(audit).answer("eat.F1")
    assert (answer.value, answer.commentary, answer.action_what) == ("not-seen", "Two tables", "Move one")


def test_only_what_is_seen_can_be_pressed(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    done = nurseries.tick(audit, ("A1", "every-time", 0), ("F1", "perhaps", 0), ("X9", "seen", 0))
    assert (done.stored, done.clashes) == ({}, {})
    assert nurseries.opened(audit).answers == {}


def test_a_press_whose_answer_got_lost_can_be_sent_again(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    nurseries.tick(audit, ("F1", "seen", 0))
    again = nurseries.tick(audit, ("F1", "seen", 0))
    assert (again.clashes, again.stored["eat.F1"].version) == ({}, 1)
    changed = nurseries.tick(audit, ("F1", "not-seen", 0))  # it never heard of version 1
    assert (changed.clashes, changed.stored["eat.F1"].value) == ({}, "not-seen")


def test_a_colleague_s_press_is_not_overwritten(nurseries: Nurseries) -> None:
    setting = nurseries.nursery()
    audit, cook = nurseries.check(setting), colleague(nurseries, setting)
    nurseries.tick(audit, ("F1", "not-seen", 0), by=cook)
    late = nurseries.tick(audit, ("F1", "seen", 0), ("F2", "seen", 0))
    assert late.clashes["eat.F1"].stored_by == cook
    assert late.stored["eat.F1"].value == "not-seen"
    assert late.stored["eat.F2"].value == "seen"
    assert nurseries.tick(audit, ("F1", "seen", 1)).stored["eat.F1"].value == "seen"


def test_nothing_is_pressed_into_a_finished_check(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    nurseries.finish(audit)
    with pytest.raises(Finished):
        nurseries.tick(audit, ("F1", "seen", 0))


def twice(
    nurseries: Nurseries, name: str = "Otter Nursery", email: str = "m@n.example.org", now: str = "mostly"
) -> int:
    """Do the baseline and the repeat, in which A1 changes from sometimes; return the repeat."""
    setting = nurseries.nursery(name, email)
    first = nurseries.check(setting, IN_2024)
    nurseries.say_all(first, IN_2024, A1="sometimes", D1="every-time")
    nurseries.finish(first, IN_2024)
    second = nurseries.check(setting)
    nurseries.say_all(second, A1=now, D1="mostly")
    return second


def test_last_time_is_shown_only_when_the_repeat_is_finished(nurseries: Nurseries) -> None:
    repeat = twice(nurseries)
    before = nurseries.opened(repeat)
    assert (before.last_time, dict(before.earlier), eatsafe.change_of(before)) == (None, {}, None)
    nurseries.finish(repeat)
    after = nurseries.opened(repeat)
    assert after.earlier["eat.A1"].answers[0].rating == "Sometimes"
    change = eatsafe.change_of(after)
    assert change is not None
    assert [p.item.short_id for p in change.going(1)] == ["A1"]
    assert [p.item.short_id for p in change.going(-1)] == ["D1"]
    assert "eat.A5" not in {p.item.id for p in change.pairs}


def test_the_first_check_has_nothing_to_compare_and_nothing_to_share(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    nurseries.say_all(audit)
    nurseries.finish(audit)
    assert eatsafe.change_of(nurseries.opened(audit)) is None
    with pytest.raises(SelfAuditRefused, match="nothing to share"):
        share(nurseries, audit)


def share(nurseries: Nurseries, audit: int) -> None:
    whole = nurseries.opened(audit)
    eatsafe_sharing.share_change(nurseries.engine, whole, nurseries.lead_of(whole.facts.setting), IN_2025)


def report(nurseries: Nurseries) -> ChangeReport:
    with reading(nurseries.engine) as connection:
        cycle = cycles.cycle_of(connection, "eatsafe-2025")
        assert cycle is not None
        return change_report(connection, nurseries.world.definitions, cycle)


def shared_by(nurseries: Nurseries, number: int) -> list[int]:
    audits = []
    for n in range(number):
        audit = twice(nurseries, f"Nursery {n}", f"n{n}@n.example.org", now="every-time" if n % 3 else "not-in-place")
        nurseries.finish(audit)
        share(nurseries, audit)
        audits.append(audit)
    return audits


def test_the_partnership_sees_what_is_shared_by_eleven_after_closing_and_never_a_name(nurseries: Nurseries) -> None:
    audits = shared_by(nurseries, 10)
    close = nurseries.engine, "eatsafe-2025", None, IN_2025
    assert report(nurseries).sharing.base is None
    audits += shared_by_one_more(nurseries)
    running = report(nurseries)
    assert (running.sharing.base, running.sections, running.coded) == (11, (), ())
    close_cycle(*close)
    found = report(nurseries)
    whole = {c.id: c.count for c in found.sections[0].settings.cells}
    assert found.sections[0].title == "" and sum(n or 0 for n in whole.values()) == 11
    leading = next(s for s in found.sections if s.title == "Leadership and policy")
    assert {c.id: c.count for c in leading.settings.cells} == {"up": 6, "same": 0, "down": 5}
    assert [c.code for c in found.coded] == [f"Setting {n}" for n in range(1, 12)]
    assert "Nursery" not in repr(found)
    eatsafe_sharing.stop_sharing(nurseries.engine, audits[0], IN_2025)
    taken_back = report(nurseries)
    assert (taken_back.sharing.base, taken_back.sections, taken_back.coded) == (None, (), ())


def shared_by_one_more(nurseries: Nurseries) -> list[int]:
    audit = twice(nurseries, "One more", "more@n.example.org", now="not-in-place")
    nurseries.finish(audit)
    share(nurseries, audit)
    return [audit]


def test_who_did_not_share_is_in_no_figure(nurseries: Nurseries) -> None:
    shared_by(nurseries, 11)
    nurseries.finish(twice(nurseries, "Silent", "silent@n.example.org"))
    close_cycle(nurseries.engine, "eatsafe-2025", None, IN_2025)
    assert report(nurseries).sharing.base == 11
    assert len(report(nurseries).coded) == 11


def test_a_deleted_setting_takes_its_share_along(nurseries: Nurseries) -> None:
    audits = shared_by(nurseries, 11)
    self_audit_people.delete_setting(nurseries.engine, nurseries.facts(audits[0]).setting)
    assert report(nurseries).sharing.base is None


def test_the_page_at_the_end_says_what_to_do_first(nurseries: Nurseries) -> None:
    audit = nurseries.check(nurseries.nursery())
    nurseries.say(audit, F1="not-seen", B3="sometimes", D4="mostly", A1="every-time")
    found = eatsafe.page_of(nurseries.opened(audit))
    assert [i.short_id for i in found.today] == ["F1"]
    assert found.today[0].do_today.startswith("Move children or adults now")
    assert ([i.short_id for i in found.parents], [i.short_id for i in found.this_week]) == (["B3"], ["D4"])
