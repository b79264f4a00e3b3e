"""How often was each answer given over many cases, what does not apply apart?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Option, Questionnaire
from audit_engine.response.answers import State
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.services.answering import OpenReturn
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.storage import returns

# As for a cohort of settings (methods section 9): with fewer, a total would tell of one of them.
LEAST_IN_CONFIDENCE = 6
CHOSEN = frozenset({"radio", "checkboxes"})


@dataclass(frozen=True, slots=True)
class Tally:
    """One question over cases.

    ``base`` are the cases that answered and to which it applies; where several
    answers may be ticked, ``counts`` can add up to more.
    """

    item: Item
    counts: tuple[tuple[Option, int], ...]
    base: int
    not_applicable: int
    unanswered: int
    not_asked: int

    def of(self, counts_as: str) -> int:
        """Return how many answers count as that ("met")."""
        return sum(n for option, n in self.counts if option.counts_as == counts_as)


@dataclass(frozen=True, slots=True)
class CaseTotals:
    """The submitted cases of a whole cycle; ``held_back`` where too few organisations returned to show any."""

    questionnaire: Questionnaire
    organisations: int
    cases: int
    tallies: tuple[Tally, ...]
    by_organisation: tuple[tuple[ReturnFacts, int, tuple[Tally, ...]], ...]
    held_back: bool


def tallies(questionnaire: Questionnaire, views: Sequence[OpenReturn]) -> tuple[Tally, ...]:
    """Count the answers to every question that offers a choice, over cases."""
    items = (i for i in questionnaire.items if ITEM_TYPES[i.type].control in CHOSEN)
    return tuple(_tally(item, views) for item in items)


def _tally(item: Item, views: Iterable[OpenReturn]) -> Tally:
    chosen: Counter[object] = Counter()
    states: Counter[str] = Counter()
    for view in views:
        answer = view.answer(item.id)
        state = "not-asked" if not view.asked[item.id].asked else _state(item, answer.state, answer.value)
        states[state] += 1
        if state == "answered":
            chosen.update(answer.value if isinstance(answer.value, tuple) else (answer.value,))
    options = (o for o in item.options if o.counts_as != "not-applicable")
    return Tally(
        item, tuple((o, chosen[o.id]) for o in options), states["answered"], states["not-applicable"],
        states["unanswered"], states["not-asked"],
    )  # fmt: skip


def _state(item: Item, state: State, value: object) -> str:
    return "not-applicable" if item.counts_as(value) == "not-applicable" else state.value


def totals_of_cycle(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, areas: Sequence[str] | None = None
) -> CaseTotals:
    """Count the cases of everything that was submitted in a cycle, in two statements whatever the size.

    ``areas`` limits the organisations to those that work there.  What was
    promised in confidence is not told by organisation, and not at all where
    fewer than six returned.
    """
    pinned = definitions.opened(connection, cycle.id)
    everyone = returns.returns_of_cycle(connection, cycle.id)
    said = returns.answers_by_return(connection, cycle.id)
    parts = []
    for facts in everyone:
        if facts.state == "submitted" and (areas is None or set(areas) & set(facts.areas)):
            values = as_values(pinned.questionnaire, said.get(facts.id, ()))
            whole = CaseReturn(facts, pinned.questionnaire, values, {}, "")
            parts.append((facts, [c.view for c in whole.cases]))
    return _totals(pinned.questionnaire, parts)


def _totals(questionnaire: Questionnaire, parts: Sequence[tuple[ReturnFacts, list[OpenReturn]]]) -> CaseTotals:
    secret = in_confidence(questionnaire)
    views = [view for _facts, own in parts for view in own]
    if secret and len(parts) < LEAST_IN_CONFIDENCE:
        return CaseTotals(questionnaire, len(parts), len(views), (), (), held_back=True)
    apart = () if secret else tuple((f, len(own), tallies(questionnaire, own)) for f, own in parts)
    return CaseTotals(questionnaire, len(parts), len(views), tallies(questionnaire, views), apart, held_back=False)


def in_confidence(questionnaire: Questionnaire) -> bool:
    """Tell whether only the organisation itself may read its cases, and others themes of all together."""
    return questionnaire.respondent == "case" and questionnaire.anonymity == "confidential"
