"""Do 0011, 0012 and 0015 lay tables that refuse what may not be, keep what is there, and can they be taken back?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import LATER, ROWS, fill, table
from tests.storage.stepping import go_back

COMPARISON = {"setting_benchmark", "benchmark_publication", "benchmark_cohort"}
THEMES = {
    "theme", "theme_change", "theme_question", "theme_coder", "theme_reading", "theme_agreed", "practice_card",
}  # fmt: skip


@pytest.mark.parametrize(("back_to", "gone"), [("0011", THEMES), ("0010", THEMES | COMPARISON)])
def test_going_back_takes_only_its_own_tables_and_going_forward_keeps_the_rest(
    engine: Engine, back_to: str, gone: set[str]
) -> None:
    with writing(engine) as connection:
        fill(connection)
        before = connection.execute(select(table("setting_audit"))).all()
        everything = set(inspect(connection).get_table_names())
        go_back(connection, back_to)
        there = set(inspect(connection).get_table_names())
    assert everything - there >= gone and not there & gone
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert connection.execute(select(table("setting_audit"))).all() == before
        assert connection.execute(select(table("theme"))).all() == []


def test_0015_takes_a_quartile_that_stood_alone_and_leaves_every_other_figure(engine: Engine) -> None:
    cohort = table("benchmark_cohort")
    with writing(engine) as connection:
        fill(connection)
        whole = connection.execute(select(cohort)).one()
        go_back(connection, "0014")
        alone = {**ROWS["benchmark_cohort"], "section_id": "b", "n": 11, "shows": "median", "q3": None}
        connection.execute(insert(cohort).values(**alone))
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        first, second = connection.execute(select(cohort).order_by(cohort.c.section_id)).all()
    assert first == whole
    assert (second.n, second.q1, second.median, second.q3) == (11, None, alone["median"], None)


def test_a_setting_that_goes_takes_its_part_of_the_comparison_along_and_leaves_the_figures(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(delete(table("setting")))
        left = {name: connection.execute(select(table(name))).all() for name in COMPARISON}
    assert left["setting_benchmark"] == []
    assert len(left["benchmark_cohort"]) == 1


def test_a_coder_s_place_that_is_given_up_takes_its_readings_along(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(delete(table("theme_coder")))
        assert connection.execute(select(table("theme_reading"))).all() == []


@pytest.mark.parametrize(
    ("name", "wrong", "rule"),
    [
        ("benchmark_cohort", {"n": 11}, "quartiles_need_twelve"),
        ("benchmark_cohort", {"n": 11, "q3": None}, "quartiles_need_twelve"),
        ("benchmark_cohort", {"n": 11, "q1": None}, "quartiles_need_twelve"),
        ("benchmark_cohort", {"q3": None}, "quartiles_need_twelve"),
        ("benchmark_cohort", {"n": 5, "shows": "median", "q1": None, "q3": None}, "a_median_needs_six"),
        ("benchmark_cohort", {"shows": "too-few", "q1": None, "q3": None}, "a_median_needs_six"),
        ("benchmark_cohort", {"shows": "percentile", "n": 19}, "a_percentile_needs_twenty"),
        ("theme", {"definition": ""}, "a_theme_is_defined"),
        ("theme", {"merged_into": 1}, "nothing_merges_into_itself"),
        ("theme_coder", {"place": 3}, "two_people_code"),
        ("practice_card", {"evidence": 1}, "what_is_agreed_met_the_bar"),
        ("practice_card", {"against": "Staff do not see it"}, "what_is_agreed_met_the_bar"),
        ("practice_card", {"consent_by": "", "consent_on": None}, "a_name_needs_consent"),
    ],
)
def test_the_database_itself_refuses_what_may_not_be(
    filled: Engine, name: str, wrong: dict[str, Any], rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule), writing(filled) as connection:
        connection.execute(update(table(name)).values(**wrong))


def test_no_third_person_codes_and_nobody_twice(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
    again = {**ROWS["theme_coder"], "place": 2, "done_at": LATER}
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(table("theme_coder")).values(**again))
