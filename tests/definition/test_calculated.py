from __future__ import annotations

from decimal import Decimal

from audit_engine.definition.calculated import calculate, failed_checks
from tests.definition.small import changed, sound

ITEMS = """\
      - {id: t.2, type: number, text: Headcount}
      - {id: t.3, type: number, text: Trained}
      - {id: t.4, type: calculated, text: Share, calculate: 100 * t.3 / t.2, unit: "%"}
      - {id: t.5, type: calculated, text: Enough, calculate: t.4 >= 90}
checks:
  - {id: at-most, holds: t.3 <= t.2, message: More were trained than there are.}
  - {id: some, holds: answered(t.2) or answered(t.3), message: Give a number.}
  - {id: fair, holds: t.4 > 10, message: That is very few., items: [t.3]}
"""
QUESTIONNAIRE = sound(changed(("      - id: t.2\n        type: yes-no-unsure\n        text: Is there more?\n", ITEMS)))


def failing(**answers: object) -> list[str]:
    return [check.id for check in failed_checks(QUESTIONNAIRE, {k.replace("_", "."): v for k, v in answers.items()})]


def test_values_are_calculated_in_the_order_in_which_they_rest_on_one_another() -> None:
    values = calculate(QUESTIONNAIRE, {"t.2": Decimal(40), "t.3": Decimal(38)})
    assert values == {"t.4": Decimal(95), "t.5": True}


def test_what_rests_on_something_unanswered_is_unanswered() -> None:
    assert calculate(QUESTIONNAIRE, {"t.2": Decimal(40)}) == {"t.4": None, "t.5": False}


def test_a_check_that_does_not_hold_fails() -> None:
    assert failing(t_2=Decimal(3), t_3=Decimal(4)) == ["at-most"]
    assert failing(t_2=Decimal(3), t_3=Decimal(3)) == []


def test_a_check_is_not_judged_before_what_it_compares_is_answered() -> None:
    assert failing(t_3=Decimal(4)) == []


def test_a_check_may_ask_whether_something_is_answered() -> None:
    assert failing() == ["some"]


def test_a_check_may_look_at_calculated_values() -> None:
    assert failing(t_2=Decimal(100), t_3=Decimal(5)) == ["fair"]


def test_a_check_stands_at_the_items_it_names_unless_it_says_where() -> None:
    assert [check.items for check in QUESTIONNAIRE.checks] == [("t.2", "t.3"), ("t.2", "t.3"), ("t.3",)]
