"""What do the calculated values of a questionnaire come to, and which checks across items fail?"""

from __future__ import annotations

from collections.abc import Mapping

from audit_engine.definition.ordering import in_order
from audit_engine.definition.questionnaire import Check, Questionnaire


def calculate(questionnaire: Questionnaire, answers: Mapping[str, object]) -> Mapping[str, object]:
    """Return the values of the calculated items by id; None where one rests on something unanswered.

    ``answers`` are those that count: leave out items that are not asked
    (``applicability.resolved`` does both at once).  Facts may be among them as
    ``organisation.NAME``.
    """
    calculated = {i.id: i.calculate for i in questionnaire.items if i.calculate is not None}
    values = dict(answers)
    for item_id in in_order({item_id: expression.names for item_id, expression in calculated.items()}):
        values[item_id] = calculated[item_id].evaluate(values)
    return {item_id: values.get(item_id) for item_id in calculated}


def failed_checks(questionnaire: Questionnaire, answers: Mapping[str, object]) -> tuple[Check, ...]:
    """Return the checks that do not hold, judging only those whose compared items are all answered.

    ``answers`` as in ``calculate``; calculated values are worked out here.
    """
    values = {**answers, **calculate(questionnaire, answers)}
    return tuple(
        check
        for check in questionnaire.checks
        if all(values.get(name) is not None for name in check.holds.compared) and not check.holds.holds(values)
    )
