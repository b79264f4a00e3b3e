"""Can an organisation enter many cases and no child's name, and hand in the whole?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from audit_engine.services import case_audit, export_cycle, submit
from audit_engine.services.case_answers import NO_CASE, read_twice, reference_of
from audit_engine.services.case_audit import CaseRefused, NoSuchCase
from audit_engine.services.case_tally import totals_of_cycle
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.save_answers import Draft, NoSuchReturn, TooLate
from audit_engine.storage import models
from audit_engine.storage.engine import reading
from tests.services.case_world import CASE_AUDITS, add, fill, lay_cases, opened, questionnaire_of
from tests.services.tiny import DURING, LATER, World

if TYPE_CHECKING:
    from sqlalchemy import Engine

CDS = "cds-cases"


@pytest.fixture
def cases(tmp_path: Path, engine: Engine) -> Iterator[World]:
    """Every shipped case audit is open to everybody."""
    world = lay_cases(tmp_path)
    world.engine = engine
    world.load()
    for name in CASE_AUDITS:
        world.open(f"{name.split('/')[0]}-cases")
    yield world


def number(world: World, cycle: str = CDS) -> int:
    return world.return_of(cycle=cycle).id


@pytest.mark.parametrize("name", CASE_AUDITS)
def test_every_shipped_case_audit_can_be_completed_and_submitted(name: str, cases: World) -> None:
    cycle = f"{name.split('/')[0]}-cases"
    assert opened(cases, cycle).gaps == (NO_CASE,)
    for reference in ("A17", "A18"):
        fill(cases, cycle, add(cases, cycle, reference))
    whole = opened(cases, cycle)
    assert [c.reference for c in whole.cases] == ["A17", "A18"]
    assert whole.gaps == ()
    assert all(c.finished for c in whole.cases)
    assert not cases.submit(cycle=cycle).again


def test_a_case_is_kept_apart_from_the_next(cases: World) -> None:
    first, second = add(cases, CDS, "A17"), add(cases, CDS, "A18")
    case_audit.save_case(cases.engine, cases.definitions, number(cases), first, [Draft("cds.3", 0, "yes")],
                         cases.somebody, DURING)  # fmt: skip
    whole = opened(cases, CDS)
    assert whole.case(first).view.answer("cds.3").value == "yes"  # type: ignore[union-attr]
    assert whole.case(second).view.answer("cds.3").value is None  # type: ignore[union-attr]
    assert whole.case(second).progress.answered == 1  # type: ignore[union-attr]  # its reference


def test_what_is_missing_names_the_case(cases: World) -> None:
    case = add(cases, CDS, "A17")
    gaps = opened(cases, CDS).gaps
    assert {g.repeat for g in gaps} == {case}
    assert gaps[0].sentence == "Case A17: choose an answer to “How old is the child?”"
    with pytest.raises(submit.NotComplete):
        cases.submit(cycle=CDS)


def test_a_check_across_questions_holds_within_each_case(cases: World) -> None:
    cycle = "int-cases"
    right, wrong = add(cases, cycle, "A1"), add(cases, cycle, "A2")
    fill(cases, cycle, right, {"int.13": 5, "int.14": 4})
    fill(cases, cycle, wrong, {"int.13": 3, "int.14": 4})
    (gap,) = submit.broken_checks(opened(cases, cycle))
    assert (gap.repeat, gap.item) == (wrong, "int.13")


@pytest.mark.parametrize(
    ("reference", "said", "may_insist"),
    [
        ("", "Enter a reference", False),
        ("943 476 5919", "an NHS number", False),
        ("3/4/2015", "a date of birth", False),
        ("Anna Smith", "a name", True),
        ("x" * 31, "30", False),
    ],
)
def test_a_reference_that_tells_who_it_is_is_refused(reference: str, said: str, may_insist: bool, cases: World) -> None:
    with pytest.raises(CaseRefused, match=said) as refusal:
        add(cases, CDS, reference)
    assert refusal.value.may_insist is may_insist
    assert cases.count(models.answer) == 0


def test_what_only_looks_like_a_name_can_be_insisted_on(cases: World) -> None:
    case = case_audit.add_case(
        cases.engine, cases.definitions, number(cases), "Team North", cases.somebody, DURING, insists=True
    )
    assert opened(cases, CDS).case(case).reference == "Team North"  # type: ignore[union-attr]
    with pytest.raises(CaseRefused, match="NHS"):
        case_audit.add_case(
            cases.engine, cases.definitions, number(cases), "9434765919", cases.somebody, DURING, insists=True
        )


def test_two_cases_never_share_a_reference(cases: World) -> None:
    first, second = add(cases, CDS, "A17"), add(cases, CDS, "A18")
    with pytest.raises(CaseRefused, match="already"):
        add(cases, CDS, "a17")
    arguments = cases.engine, cases.definitions, number(cases)
    with pytest.raises(CaseRefused, match="already"):
        case_audit.change_reference(*arguments, second, "A17", cases.somebody, DURING)
    case_audit.change_reference(*arguments, first, "a17", cases.somebody, DURING)
    assert [c.reference for c in opened(cases, CDS).cases] == ["a17", "A18"]


def test_a_removed_case_leaves_its_reason_and_its_number_is_not_used_again(cases: World) -> None:
    first = add(cases, CDS, "A17")
    fill(cases, CDS, first)
    arguments = cases.engine, cases.definitions, number(cases), first
    with pytest.raises(CaseRefused, match="why"):
        case_audit.remove_case(*arguments, "  ", cases.somebody, DURING)
    case_audit.remove_case(*arguments, "Entered twice", cases.somebody, DURING)
    assert opened(cases, CDS).cases == ()
    assert cases.count(models.answer) == 0
    assert cases.count(models.answer_change, repeat=first) > 5
    with reading(cases.engine) as connection:
        entry = connection.execute(select(models.trail).where(models.trail.c.event == "case taken out")).one()
    assert entry.content == {"case": first, "reason": "Entered twice"}
    assert add(cases, CDS, "A17") == "2"
    with pytest.raises(NoSuchCase):
        case_audit.remove_case(*arguments, "Again", cases.somebody, DURING)


def test_texts_that_seem_to_name_a_child_are_saved_with_a_warning(cases: World) -> None:
    case = add(cases, CDS, "A17")
    said = [
        Draft("cds.3", 0, "no", commentary="Born on 3/4/2015 and never seen"),
        Draft("cds.4", 0, "yes", commentary="Seen on 3 March"),
    ]
    saved = case_audit.save_case(cases.engine, cases.definitions, number(cases), case, said, cases.somebody, DURING)
    assert saved.warnings == {"cds.3": "identifies"}
    assert saved.saved.versions == {("cds.3", "", ""): 1, ("cds.4", "", ""): 1}


def test_two_people_who_change_one_answer_of_a_case_see_both(cases: World) -> None:
    case = add(cases, CDS, "A17")
    arguments = cases.engine, cases.definitions, number(cases), case
    other = cases.person("other@example.org")
    case_audit.save_case(*arguments, [Draft("cds.3", 0, "yes")], cases.somebody, DURING)
    saved = case_audit.save_case(*arguments, [Draft("cds.3", 0, "no", commentary="No")], other, DURING).saved
    conflict = saved.conflicts["cds.3", "", ""]
    assert (conflict.stored.value, conflict.typed.value, conflict.stored.repeat) == ("yes", "no", "")


def test_nothing_changes_after_closing(cases: World) -> None:
    case = add(cases, CDS, "A17")
    arguments = cases.engine, cases.definitions, number(cases)
    with pytest.raises(TooLate):
        case_audit.add_case(*arguments, "A18", cases.somebody, LATER)
    with pytest.raises(TooLate):
        case_audit.remove_case(*arguments, case, "Twice", cases.somebody, LATER)
    with pytest.raises(TooLate):
        case_audit.change_reference(*arguments, case, "A19", cases.somebody, LATER)
    with pytest.raises(NoSuchReturn):
        case_audit.add_case(cases.engine, cases.definitions, 9999, "A18", cases.somebody, DURING)


def test_the_tally_keeps_apart_what_does_not_apply_and_what_was_not_asked(cases: World) -> None:
    cycle = "cpc-cases"
    fill(cases, cycle, add(cases, cycle, "A1"), {"cpc.2": "yes", "cpc.4": "not-applicable"})
    fill(cases, cycle, add(cases, cycle, "A2"), {"cpc.2": "yes", "cpc.4": "partly"})
    fill(cases, cycle, add(cases, cycle, "A3"), {"cpc.2": "no"})
    cases.submit(cycle=cycle)
    with reading(cases.engine) as connection:
        totals = totals_of_cycle(connection, cases.definitions, cases.return_of(cycle=cycle).cycle)
    found = {t.item.id: t for t in totals.tallies}
    shared = found["cpc.4"]
    assert (shared.base, shared.not_applicable, shared.not_asked, shared.unanswered) == (1, 1, 1, 0)
    assert {o.id: n for o, n in shared.counts} == {"yes": 0, "partly": 1, "no": 0}
    assert {o.id: n for o, n in found["cpc.2"].counts} == {"yes": 2, "no": 1}
    assert (found["cpc.2"].of("met"), found["cpc.9"].base) == (2, 3)
    assert {o.id: n for o, n in found["cpc.9"].counts} == {"good": 1, "needs-work": 1, "poor": 1}
    assert (totals.organisations, totals.cases, totals.held_back) == (1, 3, False)
    assert [(f.organisation, n) for f, n, _ in totals.by_organisation] == [("otters", 3)]


def test_what_was_promised_in_confidence_is_told_of_many_or_of_nobody(cases: World) -> None:
    cycle = "fpr-cases"
    fill(cases, cycle, add(cases, cycle, "A1"))
    cases.submit(cycle=cycle)
    with reading(cases.engine) as connection:
        totals = totals_of_cycle(connection, cases.definitions, cases.return_of(cycle=cycle).cycle)
    assert totals.held_back
    assert (totals.tallies, totals.by_organisation) == ((), ())


def test_cases_come_out_as_rows(cases: World) -> None:
    cycle = "bed-cases"
    for reference in ("A17", "=A18"):
        fill(cases, cycle, add(cases, cycle, reference))
    cases.submit(cycle=cycle)
    with reading(cases.engine) as connection:
        rows = list(export_cycle.export_rows(connection, cases.definitions, cases.return_of(cycle=cycle).cycle))
    own = [r for r in rows if r["organisation"] == "otters"]
    references = [(r["repeat"], r["rating_text"]) for r in own if r["criterion"] == "bed.1"]
    assert references == [("1", "A17"), ("2", "=A18")]
    assert [r["repeat"] for r in own] == sorted(r["repeat"] for r in own)
    assert [r["rating"] for r in own if r["criterion"] == "bed.6"] == ["good", "good"]
    out = io.StringIO()
    export_cycle.write_csv(iter(rows), out)
    assert "'=A18" in out.getvalue()


def test_a_peer_review_in_confidence_is_not_written_out_school_by_school(cases: World) -> None:
    cycle = "fpr-cases"
    fill(cases, cycle, add(cases, cycle, "A1"))
    facts = cases.return_of(cycle=cycle)
    with reading(cases.engine) as connection, pytest.raises(CycleRefused, match="in confidence"):
        list(export_cycle.export_rows(connection, cases.definitions, facts.cycle))


@pytest.mark.parametrize("name", CASE_AUDITS)
def test_every_shipped_case_audit_has_a_reference_and_something_to_read_twice(name: str, cases: World) -> None:
    questionnaire = questionnaire_of(cases, name)
    assert "reference" in reference_of(questionnaire).text
    twice = read_twice(questionnaire)
    assert twice and all(i.options and not i.is_worked_out for i in twice)
    assert not {"cds.15", "cds.16", "int.13"} & {i.id for i in twice}
