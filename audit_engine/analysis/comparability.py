"""Why is a criterion not part of the like-for-like figures?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audit_engine.analysis.change import BridgedChange, Comparison, CriterionChange, ListedCriterion
from audit_engine.analysis.change_extent import WhyNotComparable
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Relation

_CHANGED: Mapping[Relation, str] = {
    "widened": "It now asks for more than before, so that a change in its rating may come from the question",
    "narrowed": "It now asks for less than before, so that a change in its rating may come from the question",
    "merged": "Several criteria became one",
    "split": "One criterion became several",
    "dropped": "It is no longer asked",
    "folded": "It was taken into another criterion",
    "moved": "It moved to another audit or survey",
    "new": "It is new",
}


def why_not_comparable(comparison: Comparison) -> tuple[WhyNotComparable, ...]:
    """Return every criterion of either audit that no like-for-like figure rests on, each with its reason.

    Criteria with the same meaning are named where no organisation rated them both times.
    """
    outside = comparison.not_compared
    return (
        *(_changed(one) for one in comparison.widened_narrowed.criteria),
        *(_bridged(one) for one in comparison.bridged),
        *(_new(one) for one in outside.new),
        *(_gone(one) for one in (*outside.dropped, *outside.folded, *outside.moved)),
        *_never_rated_twice(comparison),
    )


def _changed(one: CriterionChange) -> WhyNotComparable:
    why = _with_note(_CHANGED[one.relation], one.note)
    return WhyNotComparable((one.old,), (one.new,), one.text, one.relation, "changed meaning", why)


def _bridged(one: BridgedChange) -> WhyNotComparable:
    why = _with_note(_CHANGED[one.relation], one.note)
    if not one.comparable:
        why += " By the weakest and by the strongest of the several, the change differs in sign: it cannot be compared."
    return WhyNotComparable(one.old, one.new, one.text, one.relation, "joined or divided", why)


def _new(one: ListedCriterion) -> WhyNotComparable:
    return WhyNotComparable(
        (), (one.id,), one.text, one.relation, "no counterpart", _with_note(_CHANGED["new"], one.reason)
    )


def _gone(one: ListedCriterion) -> WhyNotComparable:
    went = f" ({one.instrument or listed(one.into)})" if one.instrument or one.into else ""
    why = _with_note(f"{_CHANGED[one.relation]}{went}", one.reason)
    return WhyNotComparable((one.id,), (), one.text, one.relation, "no counterpart", why)


def _never_rated_twice(comparison: Comparison) -> Iterator[WhyNotComparable]:
    for one in comparison.by_criterion:
        if one.movement.pairs == 0:
            why = "No organisation that returned both audits rated it met, partly met or not met both times."
            yield WhyNotComparable((one.old,), (one.new,), one.text, one.relation, "not rated both times", why)


def _with_note(words: str, note: str) -> str:
    told = note.strip().rstrip(".")
    return f"{words}. {told[:1].upper()}{told[1:]}." if told else f"{words}."
