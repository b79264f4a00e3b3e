"""How do the checked keys of a file become a Questionnaire?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audit_engine.definition.ancestry import lineage_of
from audit_engine.definition.expressions import Expression
from audit_engine.definition.item_rules import RULES, options_from
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.mark_rules import anonymity_of
from audit_engine.definition.questionnaire import (
    DutyFrom,
    Item,
    KeyRow,
    LawReference,
    Option,
    Parts,
    Questionnaire,
    Reflections,
    Repeat,
    ResponseRule,
    Retired,
    Scale,
    Section,
    StaffView,
    Support,
)
from audit_engine.definition.translated import ENGLISH

_COPIED = (
    "id", "type", "text", "scale", "guidance", "good_evidence", "tags", "critical", "universal", "opens", "minimum",
    "maximum", "whole", "unit", "maximum_length", "mirrors", "do_today", "profile", "breakdown", "sensitive", "trend",
    "other", "observed",
)  # fmt: skip
_HEAD = (
    "version", "title", "kind", "respondent", "standing", "introduction", "declaration", "continues", "minutes",
    "closing",
)  # fmt: skip


def build_questionnaire(
    manuscript: Manuscript,
    drafts: Sequence[ItemDraft],
    conditions: Mapping[int, Expression],
    scales: Mapping[str, tuple[Option, ...]],
    **parts: Any,
) -> Questionnaire:
    """Return the whole of a file without faults; ``conditions`` are those of sections, by position."""
    keys = manuscript.keys
    source = manuscript.file.text
    return Questionnaire(
        id=keys["questionnaire"],
        **{key: keys[key] for key in _HEAD if key in keys},
        sections=tuple(_sections(manuscript, drafts, conditions)),
        scales=tuple(Scale(scale_id, options) for scale_id, options in scales.items()),
        retired=tuple(Retired(**entry) for entry in keys.get("retired", ())),
        anonymity=anonymity_of(manuscript),
        support=tuple(Support(**entry) for entry in keys.get("support", ())),
        reflections=Reflections(**keys.get("reflections", {})),
        languages=keys.get("languages", (ENGLISH,)),
        source=source,
        content_hash=hashlib.sha256(source.encode()).hexdigest(),
        **parts,
    )


def _item(draft: ItemDraft) -> Item:
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
        required=draft.is_asked and keys.get("required", True),
        lineage=lineage_of(draft),
        law=tuple(LawReference(**entry) for entry in keys.get("law", ())),
        staff_view=tuple(StaffView(**entry) for entry in keys.get("staff_view", ())),
        rows=options_from(keys.get("rows", ())),
        rules=draft.rules,
        variants=draft.variants,
        key=tuple(KeyRow(**entry) for entry in keys.get("key", ())),
        parts=Parts(**keys.get("parts", {})),
        duty_from=DutyFrom(**keys["duty_from"]) if "duty_from" in keys else None,
    )


def _sections(
    manuscript: Manuscript, drafts: Sequence[ItemDraft], conditions: Mapping[int, Expression]
) -> Iterator[Section]:
    items: dict[str, list[Item]] = {}
    for draft in drafts:
        items.setdefault(draft.section, []).append(_item(draft))
    for at, keys in enumerate(manuscript.keys["sections"]):
        own = tuple(items.get(keys["id"], ()))
        repeat = Repeat(**keys["repeat"]) if "repeat" in keys else None
        yield Section(keys["id"], keys["title"], own, keys.get("guidance", ""), conditions.get(at), repeat)
