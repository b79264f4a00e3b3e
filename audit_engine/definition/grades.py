"""Which grade does a standard get from the counts of its criteria?"""

from __future__ import annotations

from collections.abc import Mapping

from audit_engine.definition.expressions.value_types import NUMBER, ValueType
from audit_engine.definition.questionnaire import Questionnaire

STANDARD = "standard"
COUNT_NAMES = ("met", "partly_met", "not_met", "not_applicable", "unanswered", "applicable", "critical_not_met")
COUNT_TYPES: Mapping[str, ValueType] = {name: NUMBER for name in COUNT_NAMES}


def standard_grade(questionnaire: Questionnaire, counts: Mapping[str, int]) -> str:
    """Return the grade of the first row that holds; '' where the questionnaire has no grade rule.

    ``counts`` holds COUNT_NAMES (0 where left out) over the asked criteria of
    one section; ``applicable`` is met + partly met + not met and may be left out.
    """
    values = {**dict.fromkeys(COUNT_NAMES, 0), **counts}
    if "applicable" not in counts:
        values["applicable"] = values["met"] + values["partly_met"] + values["not_met"]
    rows = questionnaire.grades.get(STANDARD, ())
    return next((row.grade for row in rows if row.when.holds(values)), "")
