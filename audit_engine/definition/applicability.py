"""Which items is an organisation asked, and why not the others?

Items are worked out in the order in which they rest on one another: an item
that is not asked counts as unanswered for those that rest on it, whatever was
once typed there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from audit_engine.definition.expressions import Expression
from audit_engine.definition.expressions.value_types import ValueType
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.nearest import listed, shortened
from audit_engine.definition.ordering import in_order
from audit_engine.definition.questionnaire import Item, Questionnaire

AskedState = Literal["asked", "ruled-out", "not-enabled"]
PREFIX = "organisation."


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether an item is asked; ``ruled-out`` by the profile, or ``not-enabled`` by other answers."""

    state: AskedState
    _explain: Callable[[], str] = field(default=_nothing, compare=False, repr=False)

    @property
    def asked(self) -> bool:
        """Tell whether the item is asked."""
        return self.state == "asked"

    @property
    def why(self) -> str:
        """Return in plain English why the item is not asked; '' where it is."""
        return self._explain()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of a profile and answers: each item's state, and the values of those asked, calculated ones too."""

    asked: Mapping[str, Asked]
    values: Mapping[str, object]


_ASKED = Asked("asked")


def asked(
    questionnaire: Questionnaire, facts: Mapping[str, object], answers: Mapping[str, object]
) -> Mapping[str, Asked]:
    """Return, by item id, whether it is asked.

    ``facts`` are by name as in facts.yaml, ``answers`` values by item id (None: unanswered).
    """
    return resolved(questionnaire, facts, answers).asked


def resolved(questionnaire: Questionnaire, facts: Mapping[str, object], answers: Mapping[str, object]) -> Resolution:
    """Return the state of every item and the values that count, those worked out among them.

    A rating that follows from rules is unanswered until everything required
    that they look at is answered; whatever was once typed there counts for
    nothing.
    """
    return Resolver(questionnaire, facts)(answers)


class Resolver:
    """Resolves many sets of answers of one profile; what follows from the profile alone is worked out once."""

    def __init__(self, questionnaire: Questionnaire, facts: Mapping[str, object]) -> None:
        self.questionnaire = questionnaire
        self.profile = {PREFIX + name: value for name, value in facts.items()}
        ruled_out = _ruled_out(questionnaire, self.profile)
        self.states: dict[str, Asked] = {i.id: ruled_out.get(i.id, _ASKED) for i in questionnaire.items}
        self.open = tuple(i.id for i in questionnaire.items if i.id not in ruled_out)
        self.dependent = tuple(i for i in _dependent(questionnaire) if i.id not in ruled_out)

    def __call__(self, answers: Mapping[str, object]) -> Resolution:
        """Return what comes of one set of answers."""
        values = {**self.profile, **{item_id: answers[item_id] for item_id in self.open if item_id in answers}}
        states = dict(self.states)
        for item in self.dependent:
            if item.enable_when is not None and not item.enable_when.holds(values):
                states[item.id] = _not_enabled(self.questionnaire, item.enable_when, dict(values))
                values.pop(item.id, None)
            elif item.is_worked_out:
                values[item.id] = _worked_out(self.questionnaire, item, states, values)
        return Resolution(states, values)


def _worked_out(
    questionnaire: Questionnaire, item: Item, states: Mapping[str, Asked], values: Mapping[str, object]
) -> object:
    if item.calculate is not None:
        return item.calculate.evaluate(values)
    looked_at = frozenset().union(*(row.when.compared for row in item.rules))
    others = [other for name in looked_at if (other := questionnaire.items_by_id.get(name)) is not None]
    awaited = (o.id for o in others if (o.required or o.is_worked_out) and states[o.id].asked)
    if any(values.get(other_id) is None for other_id in awaited):
        return None
    return next((row.option for row in item.rules if row.when.holds(values)), None)


def _dependent(questionnaire: Questionnaire) -> tuple[Item, ...]:
    items = {i.id: i for i in questionnaire.items if i.enable_when is not None or i.is_worked_out}
    needs = {item_id: _names(item) for item_id, item in items.items()}
    return tuple(items[item_id] for item_id in in_order(needs))


def _names(item: Item) -> frozenset[str]:
    expressions = [e for e in (item.enable_when, item.calculate, *(row.when for row in item.rules)) if e is not None]
    return frozenset().union(*(e.names for e in expressions))


def _ruled_out(questionnaire: Questionnaire, profile: Mapping[str, object]) -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    for section in questionnaire.sections:
        section_state = _against_profile(section.applies_when, profile)
        for item in section.items:
            state = section_state or _against_profile(item.applies_when, profile)
            if state is not None:
                found[item.id] = state
    return found


def _against_profile(condition: Expression | None, profile: Mapping[str, object]) -> Asked | None:
    if condition is None or condition.holds(profile):
        return None
    return Asked("ruled-out", lambda: _why_ruled_out(condition, profile))


def _why_ruled_out(condition: Expression, profile: Mapping[str, object]) -> str:
    names = sorted(condition.failing_names(profile))
    said = [_fact_in_words(condition.types[n], profile[n]) for n in names if profile.get(n) is not None]
    unsaid = [_possible_fact(condition.types[n]) for n in names if profile.get(n) is None]
    if not said:
        return f"Not asked because your profile does not yet say: {'; '.join(unsaid)}."
    rest = f"; and does not yet say: {'; '.join(unsaid)}" if unsaid else ""
    return f"Not asked because your profile says: {'; '.join(said)}{rest}."


def _fact_in_words(value_type: ValueType, value: object) -> str:
    options = value_type.options or {}
    if value_type.kind == "yes-no":
        answer = "yes" if value in (True, "yes") else "no"
        return _lower_first(options.get(answer, f"{value_type.label}: {answer}"))
    several = value if isinstance(value, (tuple, list, set, frozenset)) else [value]
    return f"{_lower_first(value_type.label)}: {listed(sorted(options.get(str(v), str(v)) for v in several))}"


def _possible_fact(value_type: ValueType) -> str:
    return f"“{value_type.label}”"


def _lower_first(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _not_enabled(questionnaire: Questionnaire, condition: Expression, values: Mapping[str, object]) -> Asked:
    return Asked("not-enabled", lambda: _why_not_enabled(questionnaire, condition, values))


def _why_not_enabled(questionnaire: Questionnaire, condition: Expression, values: Mapping[str, object]) -> str:
    names = sorted(condition.failing_names(values))
    if all(name.startswith(PREFIX) for name in names):
        return _why_ruled_out(condition, values)
    items = [questionnaire.items_by_id[name] for name in names if name in questionnaire.items_by_id]
    given = [_answer_in_words(item, values[item.id]) for item in items if values.get(item.id) is not None]
    if given:
        return f"Not asked because you answered {listed(given)}."
    return f"Not asked until you have answered {listed([_question(i) for i in items], 'or')}."


def _answer_in_words(item: Item, value: object) -> str:
    return f"{_question(item)}: {shortened(ITEM_TYPES[item.type].text(value, item))}"


def _question(item: Item) -> str:
    return f"“{shortened(item.text)}”"
