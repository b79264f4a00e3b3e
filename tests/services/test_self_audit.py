"""Can a setting audit itself over the years, with several people, and does nothing that they typed get lost?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from audit_engine.services import self_audit
from audit_engine.services.run_cycle import close_cycle
from audit_engine.services.save_answers import Draft
from audit_engine.services.self_audit import SelfAuditRefused, offered
from audit_engine.services.self_audit_report import moved_of, own_report, picture_of, plan_of
from audit_engine.services.self_audit_save import Finished, NoteDraft, save_notes
from audit_engine.storage import models, settings, settings_models
from audit_engine.storage.engine import reading
from tests.services.own import IN_2024, IN_2026, Schools
from tests.web.browser import counting


@pytest.fixture
def schools(tmp_path: Path, engine: Engine) -> Schools:
    return Schools.in_folder(tmp_path, engine)


def test_opening_a_self_audit_makes_no_returns_and_offers_it_to_settings(schools: Schools) -> None:
    schools.open("own-2024", "own-2026", "meals-2026")
    assert schools.world.count(models.response) == 0
    with reading(schools.engine) as connection:
        offers = offered(connection, schools.world.definitions, IN_2026)
    assert {o.cycle.id for o in offers} == {"own-2026", "meals-2026"}  # the first closed by the clock


def test_closing_ends_starting_and_leaves_what_was_begun(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    audit = schools.start(school)
    close_cycle(schools.engine, "own-2026", None, IN_2026)
    assert schools.grade(audit, A1="embedded").changed == 1
    with pytest.raises(SelfAuditRefused):
        schools.start(schools.school("Badger School", "b@b.example.org", "o@b.example.org"))


def test_starting_again_goes_on_with_what_is_not_finished(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    first = schools.start(school)
    assert schools.start(school) == first
    self_audit.finish(schools.engine, first, IN_2026)
    assert schools.start(school, IN_2026 + timedelta(days=1)) != first


def test_the_profile_decides_what_is_asked(schools: Schools) -> None:
    schools.open("own-2026")
    small, large = schools.school(), schools.school("Big", "b@b.example.org", "o@b.example.org", sixth_form=True)
    assert not schools.opened(schools.start(small)).asked["own.A3"].asked
    assert schools.opened(schools.start(large)).asked["own.A3"].asked


def test_two_people_who_change_the_same_answer_both_see_both_texts(schools: Schools) -> None:
    schools.open("own-2026")
    audit = schools.start(schools.school())
    schools.save(audit, Draft("own.A1", 0, "embedded", commentary="Mine"))
    saved = schools.save(audit, Draft("own.A1", 0, "not-yet", commentary="Yours"), Draft("own.A2", 0, "in-place"))
    (conflict,) = saved.conflicts.values()
    assert (conflict.stored.commentary, conflict.typed.commentary) == ("Mine", "Yours")
    whole = schools.opened(audit)
    assert (whole.answer("own.A1").commentary, whole.answer("own.A2").value) == ("Mine", "in-place")


def test_a_stale_page_that_typed_nothing_there_is_no_conflict(schools: Schools) -> None:
    schools.open("own-2026")
    audit = schools.start(schools.school())
    schools.save(audit, Draft("own.A1", 0, "embedded", commentary="First"))
    schools.save(audit, Draft("own.A1", 1, "embedded", commentary="Second"))
    stale = schools.save(audit, Draft("own.A1", 1, "embedded", commentary="First"), Draft("own.A2", 0, "in-place"))
    assert not stale.conflicts and stale.versions["own.A1", "", ""] == 2
    assert schools.opened(audit).answer("own.A1").commentary == "Second"


def test_every_save_stays_in_the_history_with_who_and_when(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    audit = schools.start(school)
    schools.grade(audit, A1="not-yet")
    schools.grade(audit, A1="developing")
    rows = _rows(schools, settings_models.setting_answer_change)
    assert [(r.version, r.content["value"], r.made_by) for r in rows] == [
        (1, "not-yet", schools.lead_of(school)),
        (2, "developing", schools.lead_of(school)),
    ]


def _rows(schools: Schools, table: object) -> list[object]:
    with reading(schools.engine) as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))  # type: ignore[attr-defined, call-overload]


def test_a_finished_audit_takes_nothing_until_it_is_opened_again(schools: Schools) -> None:
    schools.open("own-2026")
    audit = schools.start(schools.school())
    self_audit.finish(schools.engine, audit, IN_2026)
    with pytest.raises(Finished):
        schools.grade(audit, A1="embedded")
    with pytest.raises(Finished):
        save_notes(schools.engine, audit, [NoteDraft("strength", "1", 0, "We listen")], 1, IN_2026)
    self_audit.finish(schools.engine, audit, IN_2026, finished=False)
    assert schools.grade(audit, A1="embedded").changed == 1


def test_notes_of_two_windows_show_both_texts(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    audit, lead = schools.start(school), schools.lead_of(school)
    save_notes(schools.engine, audit, [NoteDraft("strength", "1", 0, "One")], lead, IN_2026)
    both = [NoteDraft("strength", "1", 0, "Two"), NoteDraft("priority", "1", 0, "Ask", "Sam", date(2027, 3, 31))]
    saved = save_notes(schools.engine, audit, both, lead, IN_2026)
    (conflict,) = saved.conflicts.values()
    assert (conflict.stored.text, conflict.typed.text) == ("One", "Two")
    assert schools.opened(audit).note("priority", "1").due == date(2027, 3, 31)


def test_what_moved_is_told_statement_by_statement_through_changed_words(schools: Schools) -> None:
    schools.open("own-2024")
    school = schools.school()
    then = schools.start(school, IN_2024)
    schools.grade(then, IN_2024, A1="developing", A2="in-place", B1="not-applicable")
    schools.open("own-2026")
    now = schools.start(school)
    schools.grade(now, A1="embedded", A2="not-yet", B1="in-place")
    whole = schools.opened(now)
    moved = moved_of(whole)
    assert moved is not None
    assert [(m.item.id, m.before, m.after) for m in moved.going("up")] == [
        ("own.A1", "Developing", "Embedded strength")
    ]
    assert [(m.item.id, m.relation) for m in moved.going("down")] == [("own.A2", "widened")]
    assert [i.id for i in moved.not_compared] == ["own.B1"]  # "not applicable" is no place on the scale
    assert whole.earlier["own.A1"].answers[0].rating == "Developing"


def test_the_same_version_again_is_compared_with_itself(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    first = schools.start(school)
    schools.grade(first, A1="developing")
    self_audit.finish(schools.engine, first, IN_2026)
    second = schools.start(school, IN_2026 + timedelta(days=300))
    schools.grade(second, A1="in-place")
    moved = moved_of(schools.opened(second))
    assert moved is not None and [m.item.id for m in moved.going("up")] == ["own.A1"]


def test_another_schools_last_time_is_never_taken(schools: Schools) -> None:
    schools.open("own-2026")
    schools.grade(schools.start(schools.school()), A1="developing")
    other = schools.school("Badger School", "b@b.example.org", "o@b.example.org")
    assert schools.opened(schools.start(other, IN_2026 + timedelta(days=1))).last_time is None


def test_the_picture_counts_each_grade_by_section_and_holds_no_total(schools: Schools) -> None:
    schools.open("own-2026")
    audit = schools.start(schools.school())
    schools.grade(audit, A1="embedded", B1="not-applicable")
    counts = {s.section: (dict(s.graded), s.unanswered) for s in picture_of(schools.opened(audit)).sections}
    culture, voice = counts["culture"], counts["voice"]
    assert (culture[0]["embedded"], culture[1]) == (1, 1)  # A3 is not asked of this school
    assert (voice[0]["not-applicable"], voice[1]) == (1, 0)


def test_the_plan_gathers_priorities_statements_and_further_actions(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    audit = schools.start(school)
    schools.save(audit, Draft("own.A1", 0, "not-yet", action_what="Ask pupils", action_who="Sam"))
    notes = [NoteDraft("priority", "1", 0, "Train all"), NoteDraft("action", "1", 0, "Buy a box")]
    save_notes(schools.engine, audit, notes, schools.lead_of(school), IN_2026)
    plan = [(p.what, p.about) for p in plan_of(schools.opened(audit))]
    assert plan == [("Train all", "Priority 1"), ("Ask pupils", "Statement A1"), ("Buy a box", "Added by us")]


def test_the_report_is_there_before_anything_is_answered(schools: Schools) -> None:
    schools.open("own-2026")
    report = own_report(schools.opened(schools.start(schools.school())))
    assert report.strengths == () and report.moved is None
    assert [h.governors for h in report.halves] == [("How do you know?",), ()]


def test_a_save_takes_at_most_six_statements_and_opening_five(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    first = schools.start(school)
    schools.grade(first, A1="developing")
    audit = schools.start(school)
    schools.opened(audit)
    with counting(schools.engine) as counted:
        schools.save(audit, Draft("own.A1", 1, "embedded"), Draft("own.A2", 0, "embedded"), by=schools.lead_of(school))
    assert max(len(t) for t in counted.between) <= 6
    facts = schools.facts(audit)
    with counting(schools.engine) as counted, reading(schools.engine) as connection:
        self_audit.open_audit(connection, schools.world.definitions, facts)
    assert len(counted.statements) <= 5


def test_take_up_counts_a_setting_once_and_only_when_it_answered(schools: Schools) -> None:
    schools.open("own-2026")
    school = schools.school()
    schools.grade(schools.start(school), A1="embedded")
    schools.start(schools.school("Badger School", "b@b.example.org", "o@b.example.org"))
    with reading(schools.engine) as connection:
        (row,) = settings.take_up(connection, "own-2026")
    assert (row.phase, row.settings, row.sharing) == ("primary", 1, 0)
