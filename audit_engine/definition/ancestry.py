"""Does every item of the earlier version go somewhere, and does every item of this one come from somewhere?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit_engine.definition.lineage import CONTINUING
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.nearest import listed, suggestion
from audit_engine.definition.questionnaire import Item, Lineage, Questionnaire

SEVERAL = 2
MATCHED = (*CONTINUING, "merged")


@dataclass(frozen=True, slots=True)
class Claim:
    """An item's lineage line, resolved, and where it stands."""

    draft: ItemDraft
    lineage: Lineage

    @property
    def path(self) -> Path:
        """Return where the lineage stands."""
        return (*self.draft.path, "lineage")


def lineage_of(draft: ItemDraft) -> Lineage | None:
    """Return the lineage of a draft; without ``from`` a continuing item comes from its own id."""
    keys = draft.keys.get("lineage")
    if keys is None or "relation" not in keys:
        return None
    sources = keys.get("sources")
    if sources is None:
        sources = (draft.id,) if keys["relation"] in CONTINUING else ()
    return Lineage(keys["relation"], sources, keys.get("reason", ""))


def check_lineage(manuscript: Manuscript, drafts: Sequence[ItemDraft]) -> None:
    """Log what is wrong with lineage lines in themselves, the earlier version not being at hand or not needed."""
    continues = manuscript.keys.get("continues")
    for draft in drafts:
        lineage = lineage_of(draft)
        if continues is None:
            if lineage is not None and lineage.relation != "new":
                told = "This version continues none, so that nothing comes from one. Add “continues”, or remove this."
                manuscript.fault((*draft.path, "lineage"), told)
        elif "lineage" not in draft.keys:
            told = f"Say how the item comes from version {continues}: lineage: {{relation: same}}, or new, and so on."
            manuscript.fault(draft.path, told)
        elif lineage is not None:
            _check_number_of_sources(manuscript, Claim(draft, lineage))
    if continues is None and manuscript.keys.get("retired"):
        manuscript.fault(("retired",), "This version continues none, so nothing can be retired. Remove this.")


def _check_number_of_sources(manuscript: Manuscript, claim: Claim) -> None:
    relation, count = claim.lineage.relation, len(set(claim.lineage.sources))
    path = (*claim.path, "from")
    if relation == "new" and count:
        manuscript.fault(path, "A new item comes from none. Remove “from”, or choose another relation.")
    elif relation == "merged" and count < SEVERAL:
        manuscript.fault(path, "A merged item needs two or more sources. With one it is widened or same.")
    elif relation in (*CONTINUING, "split") and count != 1:
        manuscript.fault(path, f"“{relation}” needs exactly one source; here are {count}. Several make it merged.")


def check_against(
    manuscript: Manuscript, drafts: Sequence[ItemDraft], earlier: Questionnaire, ancestors: Sequence[Questionnaire]
) -> None:
    """Log where lineage and retired do not fit the earlier version; ``ancestors`` came before that one."""
    claims = [Claim(d, lineage) for d in drafts if (lineage := lineage_of(d)) is not None]
    _check_sources(manuscript, claims, earlier)
    _check_matched_once(manuscript, claims)
    _check_reuse(manuscript, drafts, claims, earlier, ancestors)
    _check_wording(manuscript, claims, earlier)
    _check_retired(manuscript, claims, earlier, {d.id for d in drafts})
    _check_all_accounted(manuscript, claims, earlier)


def _check_sources(manuscript: Manuscript, claims: Sequence[Claim], earlier: Questionnaire) -> None:
    for claim in claims:
        for source in claim.lineage.sources:
            if source not in earlier.items_by_id:
                near = suggestion(source, earlier.items_by_id)
                told = f"There is no item “{source}” in version {earlier.version}.{near}"
                manuscript.fault((*claim.path, "from"), told)


def _check_matched_once(manuscript: Manuscript, claims: Sequence[Claim]) -> None:
    users: dict[str, list[Claim]] = {}
    for claim in claims:
        for source in claim.lineage.sources:
            users.setdefault(source, []).append(claim)
    for source, using in users.items():
        matched = [c for c in using if c.lineage.relation in MATCHED]
        split = [c for c in using if c.lineage.relation == "split"]
        if len(matched) > 1:
            ids = listed(c.draft.id for c in matched)
            told = f"“{source}” is compared with more than one item ({ids}). Only one may continue or merge it."
            manuscript.fault((*matched[1].path, "from"), told)
        if split and any(c.lineage.relation == "merged" for c in matched):
            told = f"“{source}” is merged and split at once, so neither can be compared. Choose one."
            manuscript.fault((*split[0].path, "from"), told)
        if len(split) == 1 and not matched:
            told = f"Only this item is split from “{source}”. Call it narrowed, or name the other part."
            manuscript.warn(split[0].path, told)


def _check_reuse(
    manuscript: Manuscript,
    drafts: Sequence[ItemDraft],
    claims: Sequence[Claim],
    earlier: Questionnaire,
    ancestors: Sequence[Questionnaire],
) -> None:
    sources = {c.draft.id: c.lineage.sources for c in claims}
    for draft in drafts:
        if draft.id in earlier.items_by_id:
            if draft.id not in sources.get(draft.id, (draft.id,)):
                told = f"Version {earlier.version} asked another “{draft.id}”. Name it under “from”, or take a new id."
                manuscript.fault((*draft.path, "id"), told)
            continue
        old = next((a for a in ancestors if draft.id in a.items_by_id), None)
        if old is not None:
            told = f"“{draft.id}” was used in version {old.version} and retired since. An id is never used again."
            manuscript.fault((*draft.path, "id"), told)


def _check_wording(manuscript: Manuscript, claims: Sequence[Claim], earlier: Questionnaire) -> None:
    for claim in claims:
        source = claim.lineage.sources[0] if claim.lineage.sources else ""
        old = earlier.items_by_id.get(source)
        if old is None or claim.lineage.relation not in CONTINUING:
            continue
        is_alike = old.text.split() == str(claim.draft.keys.get("text", "")).split()
        if claim.draft.keys.get("trend") and claim.lineage.relation != "reworded":
            _check_trend(manuscript, claim, old, is_alike, earlier.version)
        elif claim.lineage.relation == "same" and not is_alike:
            told = f"The relation is “same”, but the wording differs from {earlier.version}. Is it reworded?"
            manuscript.warn(claim.path, told)
        elif claim.lineage.relation == "reworded" and is_alike:
            manuscript.warn(claim.path, f"The relation is “reworded”, but the wording is that of {earlier.version}.")


def _check_trend(manuscript: Manuscript, claim: Claim, old: Item, is_alike: bool, version: str) -> None:
    choices = [(o.id, " ".join(o.label.split())) for o in claim.draft.options]
    before = [(o.id, " ".join(o.label.split())) for o in old.options]
    what = "words" if not is_alike else "choices" if choices != before and claim.draft.has_sound_options else ""
    if what:
        told = (
            f"This is a trend question, but its {what} are not those of {version}. Take the old {what}, or write "
            "relation: reworded, or remove “trend”."
        )
        manuscript.fault(claim.path, told)


def _check_retired(manuscript: Manuscript, claims: Sequence[Claim], earlier: Questionnaire, item_ids: set[str]) -> None:
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        for source in claim.lineage.sources:
            by_source.setdefault(source, []).append(claim)
    for at, entry in enumerate(manuscript.keys.get("retired", ())):
        path: Path = ("retired", at)
        if "id" not in entry or "relation" not in entry:
            continue
        if entry["id"] not in earlier.items_by_id:
            near = suggestion(entry["id"], earlier.items_by_id)
            told = f"There is no item “{entry['id']}” in version {earlier.version} to retire.{near}"
            manuscript.fault((*path, "id"), told)
            continue
        _check_fate(manuscript, path, entry, by_source.get(entry["id"], []))
        _check_whereto(manuscript, path, entry, item_ids)


def _check_fate(manuscript: Manuscript, path: Path, entry: Mapping[str, Any], carriers: Sequence[Claim]) -> None:
    fitting = [c.draft.id for c in carriers if c.lineage.relation == entry["relation"]]
    others = [c for c in carriers if c.lineage.relation != entry["relation"]]
    if others:
        carrier = f"“{others[0].draft.id}” ({others[0].lineage.relation})"
        told = f"The item is retired here and yet carried by {carrier}. Keep one."
        manuscript.fault((*path, "id"), told)
    elif entry["relation"] in ("merged", "split") and not set(entry.get("into", ())) <= set(fitting):
        wrong = next(i for i in entry["into"] if i not in fitting)
        told = f"“{wrong}” does not say that it is {entry['relation']} from “{entry['id']}”. Add it to its lineage."
        manuscript.fault((*path, "into"), told)


def _check_whereto(manuscript: Manuscript, path: Path, entry: Mapping[str, Any], item_ids: set[str]) -> None:
    relation, into = entry["relation"], entry.get("into", ())
    if relation in ("merged", "split", "folded") and not into:
        manuscript.fault(path, f"Say which item it is {relation} into: add “into”.")
    if relation == "moved" and not (into or entry.get("instrument")):
        manuscript.fault(path, "Say where it moved: add “instrument”, and “into” where the ids are known.")
    if relation == "dropped" and not entry.get("reason"):
        manuscript.fault(path, "Say why it is dropped: add “reason”. It is printed in the report.")
    if relation != "moved":
        for target in (t for t in into if t not in item_ids):
            near = suggestion(target, item_ids)
            manuscript.fault((*path, "into"), f"There is no item “{target}” in this version.{near}")


def _check_all_accounted(manuscript: Manuscript, claims: Sequence[Claim], earlier: Questionnaire) -> None:
    carried = {source for claim in claims for source in claim.lineage.sources}
    retired = {entry.get("id") for entry in manuscript.keys.get("retired", ())}
    for item in earlier.items:
        if item.id not in carried and item.id not in retired:
            told = (
                f"“{item.id}” of version {earlier.version} is neither carried nor retired. Name it in the lineage of "
                "the item that takes it up, or under retired with the reason."
            )
            path: Path = ("retired",) if "retired" in manuscript.keys else ("continues",)
            manuscript.fault(path, told)
