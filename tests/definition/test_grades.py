from __future__ import annotations

import pytest

from audit_engine.definition.grades import COUNT_NAMES, standard_grade
from tests.definition.small import SMALL, changed, sound

RULE = """\
grades:
  standard:
    - {grade: not-applicable, when: applicable == 0 and unanswered == 0}
    - {grade: not-met, when: critical_not_met > 0 or 2 * not_met >= applicable + unanswered}
    - {grade: incomplete, when: unanswered > 0}
    - {grade: met, when: met == applicable}
    - {grade: partly-met, when: "true"}
"""
QUESTIONNAIRE = sound(SMALL.split("grades:")[0] + RULE)


@pytest.mark.parametrize(
    ("counts", "grade"),
    [
        ({"met": 5, "not_met": 1, "critical_not_met": 1}, "not-met"),
        ({"met": 3, "not_met": 3}, "not-met"),
        ({"met": 4, "partly_met": 2}, "partly-met"),
        ({"not_applicable": 6}, "not-applicable"),
        ({"met": 6}, "met"),
        ({"met": 5, "not_applicable": 1}, "met"),
        ({"met": 5, "unanswered": 1}, "incomplete"),
        ({"not_met": 3, "unanswered": 3}, "not-met"),
        ({"not_met": 2, "unanswered": 3}, "incomplete"),
        ({"unanswered": 6}, "incomplete"),
    ],
)
def test_the_first_row_that_holds_gives_the_grade(counts: dict[str, int], grade: str) -> None:
    assert standard_grade(QUESTIONNAIRE, counts) == grade


def test_applicable_is_worked_out_where_it_is_left_out() -> None:
    assert standard_grade(QUESTIONNAIRE, {"met": 2}) == standard_grade(QUESTIONNAIRE, {"met": 2, "applicable": 2})


def test_without_a_rule_there_is_no_grade() -> None:
    assert standard_grade(sound(SMALL.split("grades:")[0]), {"met": 1}) == ""


@pytest.mark.parametrize("name", COUNT_NAMES)
def test_every_count_may_stand_in_a_rule(name: str) -> None:
    questionnaire = sound(changed(("met == applicable", f"{name} > 0")))
    assert standard_grade(questionnaire, {name: 1}) == "met"
    assert standard_grade(questionnaire, {name: 0}) == "partly-met"
