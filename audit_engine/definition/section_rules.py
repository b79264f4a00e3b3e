"""Can a section be answered several times, and does nothing outside it rest on one of its answers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit_engine.definition.expressions.tokens import names_in
from audit_engine.definition.item_types import number_types
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript


def check_repeats(manuscript: Manuscript, drafts: Sequence[ItemDraft]) -> None:
    """Log what is wrong with repeats: their numbers, graded items in them, conditions elsewhere that rest on them."""
    sections = manuscript.keys.get("sections", ())
    repeating = {s["id"] for s in sections if "repeat" in s and "id" in s}
    for at, section in enumerate(sections):
        repeat = section.get("repeat", {})
        if repeat.get("minimum", 0) > repeat.get("maximum", 100):
            told = f"The section cannot be answered at least {repeat['minimum']} and at most {repeat['maximum']} times."
            manuscript.fault(("sections", at, "repeat"), told)
    for draft in (d for d in drafts if d.section in repeating and d.is_criterion):
        told = "An item that is graded cannot stand in a section that repeats. Write graded: false, or move it."
        manuscript.fault(draft.path, told)
    _refuse_looks_inside(manuscript, drafts, repeating)


def _refuse_looks_inside(manuscript: Manuscript, drafts: Sequence[ItemDraft], repeating: set[str]) -> None:
    owner = {name: d for d in drafts if d.section in repeating for name in (d.id, *number_types(d.id, d.item_type))}
    if not owner:
        return
    for draft in drafts:
        for path, source in _sources(draft):
            strange = sorted(n for n in names_in(source) if n in owner and owner[n].section != draft.section)
            if strange:
                told = f"“{strange[0]}” is asked several times, so nothing outside its section can rest on it."
                manuscript.fault(path, told)
    for at, check in enumerate(manuscript.keys.get("checks", ())):
        names = names_in(check.get("holds", ""))
        homes = {owner[name].section for name in names if name in owner}
        if len(homes) > 1:
            told = "A check may look into one section that repeats, not into several. Write a check for each."
            manuscript.fault(("checks", at, "holds"), told)


def _sources(draft: ItemDraft) -> Iterator[tuple[Path, str]]:
    yield from ((draft.path_of(key), draft.keys[key]) for key in ("enable_when", "calculate") if key in draft.keys)
    rows = enumerate(draft.keys.get("rules", ()))
    yield from (((*draft.path_of("rules"), at, "when"), row["when"]) for at, row in rows if "when" in row)
