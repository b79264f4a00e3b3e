"""Does a comparison show figures to those that take part alone, frozen, and nothing of any school to its publisher?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import benchmarks, publish_benchmarks, self_audit_people
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.services.self_audit import SelfAuditRefused
from audit_engine.services.self_audit_export import all_of_it
from audit_engine.storage import benchmarks as stored
from audit_engine.storage import settings, trail
from audit_engine.storage.engine import reading, writing
from tests.services.compared import AFTER, Compared
from tests.services.own import IN_2026


@pytest.fixture
def schools(tmp_path: Path, engine: Engine) -> Iterator[Compared]:
    yield Compared.in_folder(tmp_path, engine)


def test_a_setting_that_takes_part_sees_its_place_once_figures_are_published(schools: Compared) -> None:
    audits = schools.cohort(range(13))
    schools.close()
    assert schools.standing(audits[0]).rows == (), "nothing before publication"
    schools.publish()
    (row,) = schools.standing(audits[4]).rows
    assert row.own == "4 of 6 (67%)"
    assert row.said[0] == "The median of 13 similar settings is 50%."
    assert row.middle and row.alt.startswith("Own value 67%; cohort median 50%; middle half")


def test_a_setting_that_takes_no_part_sees_nothing(schools: Compared) -> None:
    schools.cohort(range(13))
    alone = schools.answered(99, 3)
    schools.close()
    schools.publish()
    standing = schools.standing(alone)
    assert standing.published_at is not None and standing.joined_at is None
    assert standing.rows == ()


def test_one_that_stops_is_out_of_the_figures_and_after_publication_out_of_its_place(schools: Compared) -> None:
    audits = schools.cohort(range(13))
    benchmarks.stop_taking_part(schools.engine, audits[12])
    schools.close()
    schools.publish()
    assert schools.standing(audits[0]).rows[0].cohort.n == 12
    benchmarks.stop_taking_part(schools.engine, audits[0])
    assert schools.standing(audits[0]).rows == ()
    assert schools.standing(audits[1]).rows[0].cohort.n == 12, "frozen figures stay as they are"


def test_figures_do_not_follow_answers_that_change_after_publication(schools: Compared) -> None:
    audits = schools.cohort(range(13))
    schools.close()
    schools.publish()
    before = schools.standing(audits[4]).rows
    schools.regrade(audits[4], 0)
    assert schools.standing(audits[4]).rows == before
    with pytest.raises(SelfAuditRefused, match="published and no longer change"):
        schools.take_part(audits[4])


def test_what_is_compared_are_the_counts_of_the_day_of_joining_until_they_are_brought_up_to_date(
    schools: Compared,
) -> None:
    audits = schools.cohort(range(7))
    schools.regrade(audits[0], 6)
    schools.regrade(audits[1], 6)
    schools.take_part(audits[1])
    schools.close()
    schools.publish()
    assert [schools.standing(a).rows[0].own for a in audits[:2]] == ["0 of 6 (0%)", "6 of 6 (100%)"]


def test_a_setting_counts_once_even_with_two_audits_of_a_round(schools: Compared) -> None:
    audits = schools.cohort(range(7))
    setting = schools.facts(audits[0]).setting
    with writing(schools.engine) as connection:
        settings.change_audit(connection, audits[0], finished_at=IN_2026)
    again = schools.start(setting, questionnaire="six")
    schools.regrade(again, 2)
    schools.take_part(again)
    with reading(schools.engine) as connection:
        assert stored.how_many(connection, "six-2026") == 7
    assert schools.standing(audits[0]).joined_at is None


def test_a_round_that_is_open_or_published_is_not_published(schools: Compared) -> None:
    schools.cohort(range(7))
    with pytest.raises(CycleRefused, match="when it has closed"):
        schools.publish()
    schools.close()
    schools.publish()
    with pytest.raises(CycleRefused, match="published already"):
        schools.publish()


def test_what_would_show_nobody_anything_is_not_published_so_that_it_still_can_be(schools: Compared) -> None:
    audits = schools.cohort(range(5))
    schools.close()
    with pytest.raises(CycleRefused, match="Nothing was published"):
        schools.publish()
    assert schools.standing(audits[0]).published_at is None


def test_an_audit_of_organisations_cannot_be_compared(schools: Compared) -> None:
    schools.open("meals-2026")
    with pytest.raises(CycleRefused, match="no self-audit of settings"):
        publish_benchmarks.publish(schools.engine, schools.world.definitions, "meals-2026", None, AFTER)


def test_nothing_can_be_compared_before_a_statement_has_a_grade(schools: Compared) -> None:
    audit = schools.start(schools.school(), questionnaire="six")
    with pytest.raises(SelfAuditRefused, match="no statement has a grade"):
        schools.take_part(audit)


def test_a_trust_under_two_names_of_its_schools_is_one_owner(schools: Compared) -> None:
    audits = [schools.answered(n, n % 7, trust=("Big Trust", "big  TRUST")[n % 2]) for n in range(8)]
    audits += [schools.answered(n, n % 7) for n in range(8, 13)]
    schools.take_part(*audits)
    schools.close()
    with pytest.raises(CycleRefused, match="Nothing was published"):
        schools.publish()


def test_a_setting_that_changes_its_kind_afterwards_still_sees_its_own_kind_alone(schools: Compared) -> None:
    primary = schools.cohort(range(7))
    secondary = schools.cohort(range(8), phase="secondary")
    schools.close()
    schools.publish()
    with writing(schools.engine) as connection:
        settings.change_setting(connection, schools.facts(primary[0]).setting, phase="secondary")
    assert [schools.standing(a).rows[0].cohort.n for a in (primary[0], secondary[0])] == [7, 8]


# --- privacy -----------------------------------------------------------------------------


def test_who_publishes_sees_how_many_take_part_and_no_figure_or_school(schools: Compared) -> None:
    schools.cohort(range(13))
    schools.close()
    schools.publish()
    with reading(schools.engine) as connection:
        found = publish_benchmarks.comparison_of(connection, cycle_named(connection, "six-2026"))
        noted = trail.entries_about(connection, "cycle:six-2026")
    assert found.taking_part.base == 13
    assert [f.name for f in dataclasses.fields(found)] == ["taking_part", "published"]
    published = next(e for e in noted if e["event"] == "comparison published")
    assert published["content"] == {}, "the trail holds no figure"


def test_fewer_than_eleven_that_take_part_are_not_counted_aloud(schools: Compared) -> None:
    schools.cohort(range(10))
    with reading(schools.engine) as connection:
        found = publish_benchmarks.comparison_of(connection, cycle_named(connection, "six-2026"))
    assert found.taking_part.base is None


def test_what_the_publisher_reads_names_no_school_and_no_address(schools: Compared) -> None:
    schools.cohort(range(7), trust="Otter Trust")
    with reading(schools.engine) as connection:
        rows = repr(stored.taking_part(connection, "six-2026")).lower()
    assert not any(word in rows for word in ("otter trust", "school ", "@", "example"))


def test_a_setting_takes_its_part_of_the_comparison_along_and_its_deletion_deletes_it(schools: Compared) -> None:
    audits = schools.cohort(range(7))
    schools.close()
    schools.publish()
    setting = schools.facts(audits[3]).setting
    with reading(schools.engine) as connection:
        whole = settings.setting_of(connection, setting)
        assert whole is not None
        given = all_of_it(connection, schools.world.definitions, whole)["self_audits"][0]["compared"]
    assert given["stood"][0]["in_place"] == 3
    self_audit_people.delete_setting(schools.engine, setting)
    with reading(schools.engine) as connection:
        assert stored.how_many(connection, "six-2026") == 6
    assert schools.standing(audits[0]).rows[0].cohort.n == 7
