"""How do the checked keys of a file become a Questionnaire?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from audit_engine.definition.ancestry import lineage_of
from audit_engine.definition.conditions import Types, profile_condition
from audit_engine.definition.item_rules import RULES, options_from
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.questionnaire import (
    Item,
    LawReference,
    Option,
    Questionnaire,
    ResponseRule,
    Retired,
    Scale,
    Section,
    StaffView,
)

_COPIED = (
    "id", "type", "text", "scale", "guidance", "good_evidence", "tags", "critical", "universal", "opens", "minimum",
    "maximum", "whole", "unit", "maximum_length",
)  # fmt: skip
_HEAD = ("version", "title", "kind", "respondent", "standing", "introduction", "declaration", "continues")


def build_item(draft: ItemDraft) -> Item:
    """Return the item of a sound draft."""
    keys = draft.keys
    rules: dict[str, Any] = {rule: ResponseRule(**keys[rule]) for rule in RULES if rule in keys}
    conditions: dict[str, Any] = dict(draft.conditions)
    return Item(
        **{key: keys[key] for key in _COPIED if key in keys},
        **rules,
        **conditions,
        section=draft.section,
        options=draft.options,
        graded=keys.get("graded", draft.item_type.is_graded),
        required=keys.get("required", draft.item_type.control != "none"),
        lineage=lineage_of(draft),
        law=tuple(LawReference(**entry) for entry in keys.get("law", ())),
        staff_view=tuple(StaffView(**entry) for entry in keys.get("staff_view", ())),
        rows=options_from(keys.get("rows", ())),
    )


def build_sections(
    manuscript: Manuscript, items: Mapping[str, Sequence[Item]], facts: Types, item_ids: frozenset[str]
) -> tuple[Section, ...]:
    """Return the sections with their items."""
    found = []
    for at, keys in enumerate(manuscript.keys.get("sections", ())):
        condition = None
        if "applies_when" in keys:
            path = ("sections", at, "applies_when")
            condition = profile_condition(manuscript, path, keys["applies_when"], facts, item_ids)
        section_id = keys.get("id", "")
        own = tuple(items.get(section_id, ()))
        found.append(Section(section_id, keys.get("title", ""), own, keys.get("guidance", ""), condition))
    return tuple(found)


def build_questionnaire(
    manuscript: Manuscript, sections: tuple[Section, ...], scales: Mapping[str, tuple[Option, ...]], **parts: Any
) -> Questionnaire:
    """Return the whole, from keys that have no fault."""
    keys = manuscript.keys
    source = manuscript.file.text
    return Questionnaire(
        id=keys["questionnaire"],
        **{key: keys[key] for key in _HEAD if key in keys},
        sections=sections,
        scales=tuple(Scale(scale_id, options) for scale_id, options in scales.items()),
        retired=tuple(Retired(**entry) for entry in keys.get("retired", ())),
        source=source,
        content_hash=hashlib.sha256(source.encode()).hexdigest(),
        **parts,
    )
