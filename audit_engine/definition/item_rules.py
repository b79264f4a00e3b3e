"""Is each item sound in itself: its type, scale, options, rules and numbers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit_engine.definition import key_rules, mark_rules
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.item_types.base import OTHER_ID
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.nearest import listed, shortened, suggestion
from audit_engine.definition.questionnaire import Option
from audit_engine.definition.translated import Translated

RULE_WORDS = ("always", "changed", "new", "critical")
RULES = ("commentary", "evidence", "action")
OTHER = Option(OTHER_ID, Translated("Other, please say", {"cy": "Arall, nodwch"}))
_SPECIAL_KEYS = frozenset().union(*(item_type.takes for item_type in ITEM_TYPES.values()))


def scales(manuscript: Manuscript) -> Mapping[str, tuple[Option, ...]]:
    """Return the options of each scale."""
    found = {}
    for scale_id, entries in manuscript.keys.get("scales", {}).items():
        path: Path = ("scales", scale_id)
        found[scale_id] = options_from(entries)
        _check_options(manuscript, path, found[scale_id])
    return found


def options_from(entries: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Return options from their keys; those without id or label (a fault already told) are left out."""
    return tuple(Option(**entry) for entry in entries if "id" in entry and "label" in entry)


def drafts(manuscript: Manuscript, known_scales: Mapping[str, tuple[Option, ...]]) -> list[ItemDraft]:
    """Return every item whose type is known, with its defaults and options."""
    defaults = _defaults(manuscript)
    found: list[ItemDraft] = []
    for at, section in enumerate(manuscript.keys.get("sections", ())):
        for number, own in enumerate(section.get("items", ())):
            path: Path = ("sections", at, "items", number)
            draft = _draft(manuscript, path, section.get("id", ""), own, defaults)
            if draft is not None:
                _give_options(manuscript, draft, known_scales)
                found.append(draft)
    return found


def _defaults(manuscript: Manuscript) -> Mapping[str, Mapping[str, Any]]:
    defaults: Mapping[str, Mapping[str, Any]] = manuscript.keys.get("defaults", {})
    for type_id, keys in defaults.items():
        item_type = ITEM_TYPES.get(type_id)
        if item_type is None:
            manuscript.fault(("defaults", type_id), type_sentence(type_id), of_key=True)
            continue
        for key in (k for k in keys if k in _SPECIAL_KEYS - item_type.takes):
            manuscript.fault(("defaults", type_id, key), _no_such_key(type_id, key), of_key=True)
    return defaults


def _draft(
    manuscript: Manuscript, path: Path, section: str, own: Mapping[str, Any], defaults: Mapping[str, Mapping[str, Any]]
) -> ItemDraft | None:
    type_id = own.get("type")
    item_type = ITEM_TYPES.get(type_id) if type_id else None
    if item_type is None:
        if type_id:
            manuscript.fault((*path, "type"), type_sentence(type_id))
        return None
    taken = defaults.get(item_type.id, {})
    for key in (k for k in own if k in _SPECIAL_KEYS - item_type.takes):
        manuscript.fault((*path, key), _no_such_key(item_type.id, key), of_key=True)
    rivals = {"scale", "options"}
    kept = {k: v for k, v in taken.items() if not (k in rivals and rivals & own.keys())}
    return ItemDraft(path, section, own, {**kept, **own}, item_type)


def type_sentence(type_id: str) -> str:
    """Return the sentence on a type of item that does not exist."""
    near = suggestion(type_id, ITEM_TYPES)
    return f"There is no type “{shortened(type_id, 40)}”. The types are {listed(ITEM_TYPES)}.{near}"


def _no_such_key(type_id: str, key: str) -> str:
    owners = [t.id for t in ITEM_TYPES.values() if key in t.takes]
    return f"An item of type {type_id} has no “{key}”; {listed(owners)} have it. Remove the key or change the type."


def _give_options(manuscript: Manuscript, draft: ItemDraft, known_scales: Mapping[str, tuple[Option, ...]]) -> None:
    if "scale" in draft.keys and "options" in draft.own:
        manuscript.fault(draft.path_of("options"), "The item has both a scale and options. Keep one.", of_key=True)
    scale = str(draft.keys.get("scale", ""))
    _choose_options(manuscript, draft, scale, known_scales)
    if draft.keys.get("other") and not any(o.id == OTHER_ID for o in draft.options):
        draft.options = (*draft.options, OTHER)


def _choose_options(
    manuscript: Manuscript, draft: ItemDraft, scale: str, known_scales: Mapping[str, tuple[Option, ...]]
) -> None:
    draft.options = draft.item_type.options
    if "options" in draft.keys:
        path = draft.path_of("options")
        draft.options = options_from(draft.keys["options"])
        draft.has_sound_options = not manuscript.is_spoilt(path)
        _check_options(manuscript, path, draft.options)
    elif scale in known_scales:
        draft.options = known_scales[scale]
        draft.has_sound_options = not manuscript.is_spoilt(("scales", scale))
    elif scale:
        there = f"The scales are {listed(known_scales)}." if known_scales else "The file has no scales."
        near = suggestion(scale, known_scales)
        manuscript.fault(draft.path_of("scale"), f"There is no scale “{shortened(scale, 40)}”. {there}{near}")
        draft.has_sound_options = False


def _check_options(manuscript: Manuscript, path: Path, options: Sequence[Option]) -> None:
    if len(options) < 2:
        manuscript.fault(path, "At least two options are needed to choose from.")
    for option_id in repeated(o.id for o in options):
        manuscript.fault(path, f"The option id “{option_id}” stands twice. Change one.")
    for option in options:
        marks = [mark for mark in ("dont_know", "favourable", "prefer_not") if getattr(option, mark)]
        if len(marks) > 1:
            manuscript.fault(path, f"The option “{option.id}” cannot be both {listed(marks)}. Keep one of them.")


def repeated(ids: Iterable[str]) -> list[str]:
    """Return the ids that stand more than once."""
    return [one for one, count in Counter(ids).items() if count > 1]


def check_item(manuscript: Manuscript, draft: ItemDraft, scale_options: frozenset[str]) -> None:
    """Log what is wrong with an item in itself; ``scale_options`` are the option ids of all scales."""
    for group in draft.item_type.needs:
        if not any(key in draft.keys for key in group):
            sentence = f"An item of type {draft.item_type.id} needs {listed(group, 'or')}. Add it."
            manuscript.fault(draft.path, sentence)
    _check_rows(manuscript, draft)
    _check_rules(manuscript, draft, scale_options)
    _check_grading(manuscript, draft)
    _check_numbers(manuscript, draft)
    _check_opens(manuscript, draft)
    _check_staff_views(manuscript, draft)
    key_rules.check_key(manuscript, draft)
    mark_rules.check_marks(manuscript, draft)
    if not draft.is_asked and draft.own.get("required"):
        why = " whose rating follows from rules" if "rules" in draft.keys else ""
        told = f"Nobody answers an item of type {draft.item_type.id}{why}. Remove this."
        manuscript.fault(draft.path_of("required"), told)


def _check_rows(manuscript: Manuscript, draft: ItemDraft) -> None:
    rows = draft.keys.get("rows")
    if rows is None:
        return
    path = draft.path_of("rows")
    if not rows:
        manuscript.fault(path, "At least one row is needed.")
    for row_id in repeated(row["id"] for row in rows if "id" in row):
        manuscript.fault(path, f"The row id “{row_id}” stands twice. Change one.")


def _check_rules(manuscript: Manuscript, draft: ItemDraft, scale_options: frozenset[str]) -> None:
    for rule in (r for r in RULES if r in draft.keys and draft.has_sound_options):
        options = {o.id for o in draft.options}
        known = options if rule in draft.own else options | scale_options
        for token in draft.keys[rule].get("required_when", ()):
            if token in options and token in RULE_WORDS:
                told = f"“{token}” is an option of this item and a word of the language. Give the option another id."
                manuscript.fault((*draft.path_of(rule), "required_when"), told)
            elif token not in known and token not in RULE_WORDS:
                near = suggestion(token, (*known, *RULE_WORDS))
                told = f"“{shortened(token, 40)}” is neither an option of this item nor one of {listed(RULE_WORDS)}."
                manuscript.fault((*draft.path_of(rule), "required_when"), told + near)


def _check_grading(manuscript: Manuscript, draft: ItemDraft) -> None:
    if not draft.has_sound_options:
        return
    is_graded = draft.keys.get("graded", draft.item_type.is_graded)
    counting = [o for o in draft.options if o.counts_as]
    if is_graded and draft.options and len(counting) < len(draft.options):
        missing = next(o.id for o in draft.options if not o.counts_as)
        told = (
            f"The item is graded, but its option “{missing}” has no counts_as (met, partly-met, not-met or "
            "not-applicable). Add it to each option, or write graded: false."
        )
        manuscript.fault(draft.path, told)
    if is_graded and not draft.options and "graded" in draft.own:
        manuscript.fault(draft.path_of("graded"), "Only an item with options can be graded. Remove this.")
    if draft.keys.get("critical") and not (is_graded and counting):
        manuscript.warn(draft.path, "The item is critical but not graded, so that it decides no grade.")


def _check_numbers(manuscript: Manuscript, draft: ItemDraft) -> None:
    least, most = draft.keys.get("minimum"), draft.keys.get("maximum")
    if least is not None and most is not None and least > most:
        manuscript.fault(draft.path_of("minimum"), f"The minimum {least} is above the maximum {most}.")


def _check_opens(manuscript: Manuscript, draft: ItemDraft) -> None:
    if "opens" in draft.keys and draft.has_sound_options and not any(o.id == "yes" for o in draft.options):
        told = "“opens” needs an option with the id yes, since a yes opens the other questionnaire."
        manuscript.fault(draft.path_of("opens"), told)


def _check_staff_views(manuscript: Manuscript, draft: ItemDraft) -> None:
    for number, view in enumerate(draft.keys.get("staff_view", ())):
        path = (*draft.path_of("staff_view"), number)
        target, floor = view.get("target"), view.get("floor")
        if target is not None and floor is not None and floor >= target:
            manuscript.fault(path, f"The floor {floor} must lie below the target {target}.")
        if "consistent" in view and not view["consistent"]:
            manuscript.fault(path, "Name at least one answer that is consistent with “met”.")
