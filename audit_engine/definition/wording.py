"""Do the texts hold only placeholders that can be filled, and do the criteria say what good looks like?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.nearest import listed, shortened, suggestion
from audit_engine.definition.piping import AREA_TEXTS, asked_answer, is_area_text, placeholders
from audit_engine.definition.translated import Translated

_ITEM_TEXTS = ("text", "guidance", "good_evidence", "do_today")
_MOST_NAMED = 8


def check_wording(manuscript: Manuscript, drafts: Sequence[ItemDraft]) -> None:
    """Log placeholders that can never be filled; an answer must be asked before the text that shows it."""
    every_id = {d.id for d in drafts}
    for key in ("introduction", "declaration", "closing"):
        _check_text(manuscript, (key,), manuscript.keys.get(key), (), every_id)
    asked: set[str] = set()
    sections = manuscript.keys.get("sections", ())
    seen: set[Path] = set()
    for draft in drafts:
        section_path = draft.path[:2]
        if section_path not in seen:
            seen.add(section_path)
            guidance = sections[section_path[1]].get("guidance")
            _check_text(manuscript, (*section_path, "guidance"), guidance, asked, every_id)
        for path, text in _texts(draft):
            _check_text(manuscript, path, text, asked, every_id)
        asked.add(draft.id)


def _texts(draft: ItemDraft) -> Iterator[tuple[Path, str]]:
    yield from ((draft.path_of(key), draft.keys[key]) for key in _ITEM_TEXTS if key in draft.keys)
    for at, variant in enumerate(draft.keys.get("variants", ())):
        path = (*draft.path_of("variants"), at)
        yield from (((*path, key), variant[key]) for key in ("text", "guidance") if key in variant)


def _check_text(
    manuscript: Manuscript, path: Path, text: str | None, asked: Collection[str], every_id: Collection[str]
) -> None:
    others = tuple(text.others.values()) if isinstance(text, Translated) else ()
    for placeholder in (p for one in (text or "", *others) for p in placeholders(one)):
        item = asked_answer(placeholder)
        if item is None:
            if not is_area_text(placeholder):
                known = [f"{{area.{name}}}" for name in AREA_TEXTS]
                told = f"Nothing can be put in for {{{shortened(placeholder, 40)}}}."
                manuscript.fault(path, f"{told} Known are {{answer:ID}}, {listed(known)}.")
        elif item not in every_id:
            near = suggestion(item, every_id)
            manuscript.fault(path, f"There is no item “{shortened(item, 40)}” to show here.{near}")
        elif item not in asked:
            manuscript.fault(path, f"“{item}” is not asked before this text, so there would be nothing to show.")


def warn_of_gaps(manuscript: Manuscript, drafts: Sequence[ItemDraft]) -> None:
    """Warn, once for the file, of criteria without guidance."""
    bare = [d.id for d in drafts if d.is_criterion and not d.keys.get("guidance")]
    if bare:
        named = listed([*bare[:_MOST_NAMED], *([f"{len(bare) - _MOST_NAMED} more"] if len(bare) > _MOST_NAMED else [])])
        have = "criterion has" if len(bare) == 1 else "criteria have"
        manuscript.warn(("sections",), f"{len(bare)} {have} no guidance: {named}.")
