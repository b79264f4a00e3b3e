"""What would an organisation have been asked that made no return?"""

from __future__ import annotations

from collections.abc import Iterable

from audit_engine.analysis.ratings import CycleRatings
from audit_engine.definition.applicability import asked


def would_be_asked(ratings: CycleRatings, rows: Iterable[int]) -> tuple[frozenset[str], ...]:
    """Return, for each row, the criteria that the organisation's profile does not rule out."""
    known: dict[str, frozenset[str]] = {}
    found = []
    for row in rows:
        organisation = ratings.organisations[row]
        facts = {**organisation.facts, "sector": organisation.sector, "areas": organisation.areas}
        profile = repr(sorted(facts.items()))
        if profile not in known:
            states = asked(ratings.questionnaire, facts, {})
            known[profile] = frozenset(item for item in ratings.items if states[item].asked)
        found.append(known[profile])
    return tuple(found)
