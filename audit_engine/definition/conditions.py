"""Do the conditions and calculations of the items read, fit their kinds, and end somewhere?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audit_engine.definition.expressions import Expression, ValueType
from audit_engine.definition.expressions.tokens import names_in
from audit_engine.definition.expressions.value_types import NUMBER
from audit_engine.definition.item_types import choice_type, number_types
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.nearest import listed, suggestion
from audit_engine.definition.ordering import circles, in_order
from audit_engine.definition.questionnaire import RatingRule, Variant

Types = Mapping[str, ValueType]
_RESTING = ("enable_when", "calculate", "rules")


def read_conditions(manuscript: Manuscript, drafts: Sequence[ItemDraft], facts: Types) -> Types:
    """Compile the conditions of every item onto its draft, and return the kinds of all items and facts."""
    circling = _refuse_circles(manuscript, drafts)
    types: dict[str, ValueType] = dict(facts)
    types |= {
        d.id: choice_type(d.item_type, d.options if d.has_sound_options else ())
        for d in drafts
        if d.id and d.item_type.control != "none"
    }
    types |= _numbers_of_counts(manuscript, drafts, types)
    _read_calculations(manuscript, drafts, types, circling)
    item_ids = frozenset(d.id for d in drafts)
    position = {d.id: at for at, d in enumerate(drafts)}
    for draft in drafts:
        _read_rules(manuscript, draft, types)
        _read_variants(manuscript, draft, facts, item_ids)
        if "enable_when" in draft.keys:
            _keep(draft, "enable_when", _enabling(manuscript, draft, types, position))
        if "applies_when" in draft.keys:
            path = draft.path_of("applies_when")
            source = draft.keys["applies_when"]
            _keep(draft, "applies_when", profile_condition(manuscript, path, source, facts, item_ids))
    return types


def _numbers_of_counts(manuscript: Manuscript, drafts: Sequence[ItemDraft], known: Types) -> Types:
    found: dict[str, ValueType] = {}
    for draft in drafts:
        for name, value_type in number_types(draft.id, draft.item_type).items():
            label = draft.keys.get("parts", {}).get(value_type.label, value_type.label)
            found[name] = replace(value_type, label=label)
            if name in known:
                told = f"“{name}” is what expressions call a number of {draft.id}. Give one of the two another id."
                manuscript.fault((*draft.path, "id"), told)
    return found


def _read_rules(manuscript: Manuscript, draft: ItemDraft, types: Types) -> None:
    if "rules" not in draft.keys or "rules" not in draft.item_type.takes:
        return
    path = draft.path_of("rules")
    rules: list[RatingRule] = []
    has_last_row = False
    for at, entry in enumerate(draft.keys["rules"]):
        option = entry.get("option")
        if option is not None and draft.has_sound_options and all(o.id != option for o in draft.options):
            known = [o.id for o in draft.options]
            told = f"The item has no option “{option}”. It has {listed(known)}.{suggestion(option, known)}"
            manuscript.fault((*path, at, "option"), told)
        if has_last_row:
            manuscript.warn((*path, at), "An earlier row always holds, so that this one is never reached.")
        if "when" not in entry:
            continue
        condition = manuscript.condition((*path, at, "when"), entry["when"], types)
        if condition is not None:
            rules.append(RatingRule(str(option), condition))
            has_last_row = has_last_row or condition.reach()[0] == "always"
    if not has_last_row and not manuscript.is_spoilt(path):
        told = 'No rating might follow. Let the last row hold always: {option: ..., when: "true"}.'
        manuscript.fault(path, told)
    draft.rules = tuple(rules)


def _read_variants(manuscript: Manuscript, draft: ItemDraft, facts: Types, item_ids: frozenset[str]) -> None:
    found = []
    for at, entry in enumerate(draft.keys.get("variants", ())):
        path = (*draft.path_of("variants"), at)
        if not {"text", "guidance"} & entry.keys():
            manuscript.fault(path, "The variant changes nothing. Give it a text, guidance, or both.")
        if "when" in entry:
            condition = profile_condition(manuscript, (*path, "when"), entry["when"], facts, item_ids)
            if condition is not None:
                found.append(Variant(condition, entry.get("text", ""), entry.get("guidance", "")))
    draft.variants = tuple(found)


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


def _sources(draft: ItemDraft) -> Iterator[str]:
    yield from (draft.keys[key] for key in ("enable_when", "calculate") if key in draft.keys)
    yield from (row["when"] for row in draft.keys.get("rules", ()) if "when" in row)


def _needs(drafts: Sequence[ItemDraft]) -> dict[str, frozenset[str]]:
    wholes = {name: d.id for d in drafts for name in number_types(d.id, d.item_type)}
    return {
        d.id: frozenset(wholes.get(name, name) for source in _sources(d) for name in names_in(source))
        for d in drafts
        if d.id and any(key in d.keys for key in _RESTING)
    }


def _refuse_circles(manuscript: Manuscript, drafts: Sequence[ItemDraft]) -> frozenset[str]:
    needs = _needs(drafts)
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
