"""Do two people rate a case apart, see each other's ratings only then, and is their agreement kept?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit_engine.services import case_audit, second_reading
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.save_answers import Draft, TooLate
from audit_engine.services.second_reading import Chosen, ReadingRefused
from audit_engine.storage import cases as stored
from audit_engine.storage import models
from audit_engine.storage.cases import RatingRow
from audit_engine.storage.engine import reading
from tests.services.case_world import add, fill, lay_cases, opened
from tests.services.tiny import DURING, LATER, World

if TYPE_CHECKING:
    from sqlalchemy import Engine

BED, CDS = "bed-cases", "cds-cases"


@pytest.fixture
def cases(tmp_path: Path, engine: Engine) -> Iterator[World]:
    """Two of the shipped case audits are open."""
    world = lay_cases(tmp_path)
    world.engine = engine
    yield world.load().open(BED).open(CDS)


@pytest.fixture
def reader(cases: World) -> int:
    return cases.person("reader@example.org")


def begin(world: World, cycle: str, case: str, by: int) -> None:
    second_reading.begin(world.engine, world.definitions, world.return_of(cycle=cycle).id, case, by, DURING)


def rate(world: World, cycle: str, case: str, by: int, finish: bool = True, **chosen: str) -> tuple[str, ...]:
    said = [Chosen(item.replace("_", "."), value, "As I read it") for item, value in chosen.items()]
    number = world.return_of(cycle=cycle).id
    return second_reading.save_reading(world.engine, world.definitions, number, case, said, by, DURING, finish=finish)


def rows(world: World, cycle: str) -> tuple[RatingRow, ...]:
    with reading(world.engine) as connection:
        return stored.ratings(connection, world.return_of(cycle=cycle).id)


def whole(world: World, cycle: str) -> CaseReturn:
    return opened(world, cycle)


def test_both_see_each_other_s_ratings_only_when_both_have_rated(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    fill(cases, BED, case, {"bed.2": "yes", "bed.4": "yes"})
    begin(cases, BED, case, reader)
    assert whole(cases, BED).withheld_from(reader) == {case}
    assert whole(cases, BED).withheld_from(cases.somebody) == frozenset()
    assert rate(cases, BED, case, reader, bed_2="yes", bed_4="no") == ()
    seen = whole(cases, BED)
    assert seen.withheld_from(reader) == frozenset()
    assert seen.readings[case].compared_at == DURING
    pairs = {p.item.id: (p.first, p.second) for p in second_reading.side_by_side(seen, case, rows(cases, BED))}
    assert pairs == {"bed.2": ("yes", "yes"), "bed.4": ("yes", "no"), "bed.6": ("good", "needs-work")}


def test_a_second_reader_who_is_first_waits_for_the_first_reader(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    begin(cases, BED, case, reader)
    assert rate(cases, BED, case, reader, bed_2="yes", bed_4="yes") == ()
    assert whole(cases, BED).readings[case].compared_at is None
    assert whole(cases, BED).withheld_from(reader) == {case}
    fill(cases, BED, case, {"bed.2": "yes", "bed.4": "yes"})
    assert whole(cases, BED).readings[case].compared_at == DURING


def test_what_is_agreed_afterwards_changes_the_answer_and_not_the_agreement(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    fill(cases, BED, case, {"bed.2": "yes", "bed.4": "yes"})
    begin(cases, BED, case, reader)
    rate(cases, BED, case, reader, bed_2="yes", bed_4="partly")
    before = second_reading.overall_agreement(whole(cases, BED), rows(cases, BED))
    fill(cases, BED, case, {"bed.2": "yes", "bed.4": "partly"})
    after = second_reading.overall_agreement(whole(cases, BED), rows(cases, BED))
    assert (before.pairs, before.same) == (after.pairs, after.same) == (2, 1)
    assert after.kappa is None
    by_item = {a.item.id: a.found.same for a in second_reading.agreements(whole(cases, BED), rows(cases, BED))}
    assert by_item == {"bed.2": 1, "bed.4": 0, "bed.6": 0}


def test_what_is_asked_of_the_second_reader_follows_from_their_own_ratings(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    fill(cases, BED, case, {"bed.2": "yes"})
    begin(cases, BED, case, reader)
    assert rate(cases, BED, case, reader, bed_2="no", bed_3="refused") == ("bed.5",)
    assert whole(cases, BED).readings[case].finished_at is None
    assert rate(cases, BED, case, reader, bed_5="yes") == ()
    found = second_reading.side_by_side(whole(cases, BED), case, rows(cases, BED))
    pairs = {p.item.id: (p.first, p.second) for p in found}
    assert pairs["bed.5"] == ("", "yes")
    assert pairs["bed.6"] == ("good", "poor")


def test_nobody_reads_the_second_time_what_they_answered(cases: World, reader: int) -> None:
    case = add(cases, CDS, "A17", by=reader)  # entering its reference is no reading
    begin(cases, CDS, case, reader)
    other = add(cases, CDS, "A18")
    number = cases.return_of(cycle=CDS).id
    case_audit.save_case(cases.engine, cases.definitions, number, other, [Draft("cds.3", 0, "yes")], reader, DURING)
    with pytest.raises(ReadingRefused, match="yourself"):
        begin(cases, CDS, other, reader)


def test_only_the_reader_goes_on_and_only_until_it_is_finished(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    begin(cases, BED, case, reader)
    with pytest.raises(ReadingRefused, match="already"):
        begin(cases, BED, case, cases.somebody)
    with pytest.raises(ReadingRefused, match="Only the person"):
        rate(cases, BED, case, cases.somebody, bed_2="yes")
    rate(cases, BED, case, reader, bed_2="yes", bed_4="yes")
    with pytest.raises(ReadingRefused, match="finished"):
        rate(cases, BED, case, reader, bed_2="no")
    with pytest.raises(ReadingRefused, match="finished"):
        second_reading.give_up(cases.engine, cases.definitions, cases.return_of(cycle=BED).id, case, reader, DURING)


def test_a_reading_can_be_saved_taken_up_again_and_given_up(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    begin(cases, BED, case, reader)
    rate(cases, BED, case, reader, finish=False, bed_2="no", nonsense="x")
    rate(cases, BED, case, reader, finish=False, bed_2="yes", bed_4="never heard of")
    assert [(r.item, r.value, r.rater) for r in rows(cases, BED)] == [("bed.2", "yes", "second")]
    second_reading.give_up(cases.engine, cases.definitions, cases.return_of(cycle=BED).id, case, reader, DURING)
    assert (rows(cases, BED), dict(whole(cases, BED).readings)) == ((), {})
    begin(cases, BED, case, cases.somebody)


def test_a_note_is_written_once_the_two_can_be_seen(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    fill(cases, BED, case, {"bed.2": "yes", "bed.4": "yes"})
    begin(cases, BED, case, reader)
    arguments = cases.engine, cases.definitions, cases.return_of(cycle=BED).id, case
    with pytest.raises(ReadingRefused, match="both have rated"):
        second_reading.write_note(*arguments, "Too early", reader, DURING)
    rate(cases, BED, case, reader, bed_2="yes", bed_4="no")
    second_reading.write_note(*arguments, " The visit was written down elsewhere. ", reader, DURING)
    found = whole(cases, BED).readings[case]
    assert (found.note, found.noted_by) == ("The visit was written down elsewhere.", "Reader")


def test_nothing_is_read_after_closing_and_a_removed_case_takes_its_reading_along(cases: World, reader: int) -> None:
    case = add(cases, BED, "A17")
    number = cases.return_of(cycle=BED).id
    with pytest.raises(TooLate):
        second_reading.begin(cases.engine, cases.definitions, number, case, reader, LATER)
    begin(cases, BED, case, reader)
    rate(cases, BED, case, reader, finish=False, bed_2="yes")
    case_audit.remove_case(cases.engine, cases.definitions, number, case, "Twice", cases.somebody, DURING)
    assert cases.count(models.rating) == 0
    assert dict(whole(cases, BED).readings) == {}
