"""What is asked, and which values count, where a section may be answered several times?"""

from __future__ import annotations

from collections.abc import Mapping

from audit_engine.definition.applicability import Resolution, resolved
from audit_engine.definition.questionnaire import Questionnaire

ONCE = ""


def resolved_by_repeat(
    questionnaire: Questionnaire, facts: Mapping[str, object], answers: Mapping[tuple[str, str], object]
) -> Mapping[str, Resolution]:
    """Return a resolution for each repeat found in the answers, and for '' (what is asked once).

    ``answers`` are values by (item id, repeat); repeat is '' outside sections
    that repeat.  In the resolution of a repeat, conditions see that repeat's
    answers and those of '' but of no other; in that of '' no answer of a
    section that repeats.
    """
    repeating = questionnaire.repeating
    once = {item: value for (item, repeat), value in answers.items() if repeat == ONCE and item not in repeating}
    by_repeat: dict[str, dict[str, object]] = {ONCE: {}}
    for (item, repeat), value in answers.items():
        if repeat != ONCE and item in repeating:
            by_repeat.setdefault(repeat, {})[item] = value
    return {repeat: resolved(questionnaire, facts, {**once, **own}) for repeat, own in by_repeat.items()}
