"""Does a report take what staff said from the stored answers, and nothing of it before it may be seen?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.analysis.change import Filters
from audit_engine.analysis.findings import Findings
from audit_engine.analysis.staff_findings import StaffFindings
from audit_engine.services.find_results import find_results
from audit_engine.services.issue_report import Order, issue_report
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.staff_findings import with_staff
from audit_engine.storage.engine import reading
from tests.services.seen import CLOSED, Seen, cycle_file, seen_world


def answered(world: Seen) -> Seen:
    world.replies("otters", 52, 8).replies("badgers", 12, 33).replies("joint", 4, 2)
    return world.returned("otters", "badgers", "joint")


def found(seen: Seen, area: str | None = None) -> tuple[Findings, StaffFindings]:
    with reading(seen.world.engine) as connection:
        cycle = cycle_named(connection, "seen-2026")
        plain = find_results(connection, seen.world.definitions, cycle, Filters(area=area), CLOSED)
        whole = with_staff(connection, seen.world.definitions, cycle, plain, CLOSED)
    assert whole.staff is not None
    assert replace(whole, staff=None, register=plain.register) == plain
    return whole, whole.staff


def test_each_question_is_counted_over_all_organisations_and_named_by_its_criteria(
    tmp_path: Path, engine: Engine
) -> None:
    whole, staff = found(answered(seen_world(tmp_path, engine).open()).close())
    (survey,) = staff.surveys
    asked = [(q.name, q.fitting, q.figure.count, q.figure.base, q.change) for q in survey.questions]
    assert asked[0] == ("A.1", ("Yes",), 68, 111, None)
    assert all(figure.id in whole.register for sentence in staff.sentences for figure in sentence.figures)


def test_a_survey_that_is_still_open_gives_nothing_but_that_it_is(tmp_path: Path, engine: Engine) -> None:
    whole, staff = found(answered(seen_world(tmp_path, engine).open()))
    assert (staff.surveys, staff.found, staff.sentences) == ((), None, ())
    assert staff.waiting == ("Staff 2026 is still open, so what staff said cannot be seen yet.",)
    assert not [figure.id for figure in whole.register if figure.id.startswith("triangulation.")]


def test_an_audit_that_names_no_survey_has_nothing_of_staff(tmp_path: Path, engine: Engine) -> None:
    alone = seen_world(tmp_path, engine, **{"seen-2026": cycle_file("seen-2026", "seen")}).open()
    assert found(alone.returned("otters"))[1] == StaffFindings()


def test_a_report_is_issued_with_it_and_without_a_doubt(tmp_path: Path, engine: Engine) -> None:
    world = answered(seen_world(tmp_path, engine).open()).close().world
    order = Order("seen-2026", "analysis", out=tmp_path / "report.docx")
    issued = issue_report(world.engine, world.definitions, world.instance, order, CLOSED)
    assert issued.doubts == ()
    assert issued.file.exists()
