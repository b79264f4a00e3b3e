"""Do the conditions and calculations of the items read, fit their kinds, and end somewhere?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit_engine.definition.expressions import Expression, ValueType
from audit_engine.definition.expressions.tokens import names_in
from audit_engine.definition.expressions.value_types import NUMBER
from audit_engine.definition.item_types import choice_type
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.ordering import circles, in_order

Types = Mapping[str, ValueType]
_RESTING = ("enable_when", "calculate")


def read_conditions(manuscript: Manuscript, drafts: Sequence[ItemDraft], facts: Types) -> Types:
    """Compile the conditions of every item onto its draft, and return the kinds of all items and facts."""
    circling = _refuse_circles(manuscript, drafts)
    types: dict[str, ValueType] = dict(facts)
    types |= {
        d.id: choice_type(d.item_type, d.options if d.has_sound_options else ())
        for d in drafts
        if d.id and d.item_type.control != "none"
    }
    _read_calculations(manuscript, drafts, types, circling)
    item_ids = frozenset(d.id for d in drafts)
    position = {d.id: at for at, d in enumerate(drafts)}
    for draft in drafts:
        if "enable_when" in draft.keys:
            _keep(draft, "enable_when", _enabling(manuscript, draft, types, position))
        if "applies_when" in draft.keys:
            path = draft.path_of("applies_when")
            source = draft.keys["applies_when"]
            _keep(draft, "applies_when", profile_condition(manuscript, path, source, facts, item_ids))
    return types


def section_conditions(manuscript: Manuscript, drafts: Sequence[ItemDraft], facts: Types) -> Mapping[int, Expression]:
    """Compile the condition of each section that has one, by the section's position."""
    item_ids = frozenset(d.id for d in drafts)
    found = {}
    for at, keys in enumerate(manuscript.keys.get("sections", ())):
        if "applies_when" in keys:
            path = ("sections", at, "applies_when")
            expression = profile_condition(manuscript, path, keys["applies_when"], facts, item_ids)
            if expression is not None:
                found[at] = expression
    return found


def profile_condition(
    manuscript: Manuscript, path: Path, source: str, facts: Types, item_ids: frozenset[str]
) -> Expression | None:
    """Compile a condition that may look at the profile alone, or log the fault and return None."""
    items = names_in(source) & item_ids
    if items:
        told = f"“{min(items)}” is an answer; this key looks only at the profile (organisation. ...). Use enable_when."
        manuscript.fault(path, told)
        return None
    return manuscript.condition(path, source, facts)


def _keep(draft: ItemDraft, key: str, expression: Expression | None) -> None:
    if expression is not None:
        draft.conditions[key] = expression


def _enabling(manuscript: Manuscript, draft: ItemDraft, types: Types, position: Mapping[str, int]) -> Expression | None:
    path = draft.path_of("enable_when")
    expression = manuscript.condition(path, draft.keys["enable_when"], types)
    if expression is None:
        return None
    later = [name for name in expression.names if position.get(name, -1) > position[draft.id]]
    if later:
        manuscript.warn(path, f"The item rests on “{min(later)}”, which is asked after it. Move one of them.")
    return expression


def _needs(drafts: Sequence[ItemDraft]) -> dict[str, frozenset[str]]:
    return {
        d.id: frozenset().union(*(names_in(d.keys[key]) for key in _RESTING if key in d.keys)) for d in drafts if d.id
    }


def _refuse_circles(manuscript: Manuscript, drafts: Sequence[ItemDraft]) -> frozenset[str]:
    needs = _needs([d for d in drafts if any(key in d.keys for key in _RESTING)])
    by_id = {d.id: d for d in drafts}
    found = circles(needs)
    for circle in found:
        draft = by_id[circle[0]]
        key = next(key for key in _RESTING if key in draft.keys)
        shown = " → ".join([*circle[:12], *(["…"] if len(circle) > 12 else []), circle[0]])
        told = f"The items rest on one another in a circle ({shown}), so none could ever be worked out. Break it."
        manuscript.fault(draft.path_of(key), told)
    return frozenset(name for circle in found for name in circle)


def _read_calculations(
    manuscript: Manuscript, drafts: Sequence[ItemDraft], types: dict[str, ValueType], circling: frozenset[str]
) -> None:
    waiting = {d.id: d for d in drafts if "calculate" in d.keys and d.id}
    types |= dict.fromkeys(waiting, NUMBER)
    for item_id in in_order({name: names_in(d.keys["calculate"]) for name, d in waiting.items()}):
        draft = waiting[item_id]
        if item_id in circling:
            continue
        expression = manuscript.calculation(draft.path_of("calculate"), draft.keys["calculate"], types)
        if expression is not None:
            _keep(draft, "calculate", expression)
            types[item_id] = expression.type
