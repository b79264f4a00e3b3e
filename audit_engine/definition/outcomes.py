"""Do the grade rules, measures, checks and worked examples speak of things that are there?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from audit_engine.definition.conditions import Types, profile_condition
from audit_engine.definition.facts import PREFIX, Facts
from audit_engine.definition.grades import COUNT_TYPES
from audit_engine.definition.item_types import Unparsable
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.nearest import shortened, suggestion
from audit_engine.definition.questionnaire import Check, Example, GradeRow, Measure


def grades(manuscript: Manuscript) -> Mapping[str, tuple[GradeRow, ...]]:
    """Return the grade rules; a rule that may give no grade is a fault."""
    found: dict[str, tuple[GradeRow, ...]] = {}
    for rule, entries in manuscript.keys.get("grades", {}).items():
        rows = []
        certain = -1
        for at, entry in enumerate(entries):
            path: Path = ("grades", rule, at, "when")
            if 0 <= certain < at:
                manuscript.warn(path, "An earlier row always holds, so that this one is never reached.")
            condition = manuscript.condition(path, entry["when"], COUNT_TYPES) if "when" in entry else None
            if condition is not None and "grade" in entry:
                rows.append(GradeRow(entry["grade"], condition))
                certain = at if certain < 0 and condition.reach()[0] == "always" else certain
        if certain < 0 and not manuscript.is_spoilt(("grades", rule)):
            told = 'A standard could end without a grade. Let the last row hold always: {grade: ..., when: "true"}.'
            manuscript.fault(("grades", rule), told)
        found[rule] = tuple(rows)
    return found


def measures(manuscript: Manuscript, drafts: Sequence[ItemDraft], facts: Types) -> tuple[Measure, ...]:
    """Return the success measures that have no fault."""
    tags = {tag for draft in drafts if draft.is_criterion for tag in draft.keys.get("tags", ())}
    item_ids = frozenset(draft.id for draft in drafts)
    found = []
    for at, entry in enumerate(manuscript.keys.get("measures", ())):
        path: Path = ("measures", at)
        for tag in (t for t in entry.get("tags", ()) if t not in tags):
            manuscript.fault((*path, "tags"), f"No graded item carries the tag “{tag}”.{suggestion(tag, tags)}")
        population = None
        if "population" in entry:
            population = profile_condition(manuscript, (*path, "population"), entry["population"], facts, item_ids)
        if not manuscript.is_spoilt(path):
            found.append(Measure(**{**entry, "population": population}))
    return tuple(found)


def checks(manuscript: Manuscript, types: Types) -> tuple[Check, ...]:
    """Return the checks across items that have no fault; without ``items`` a check stands at those it names."""
    found = []
    known = {name for name, kind in types.items() if not (name.startswith(PREFIX) or kind.part_of)}
    position = {name: at for at, name in enumerate(types)}
    for at, entry in enumerate(manuscript.keys.get("checks", ())):
        path: Path = ("checks", at)
        _refuse_unknown_items(manuscript, (*path, "items"), entry.get("items", ()), known)
        condition = manuscript.condition((*path, "holds"), entry["holds"], types) if "holds" in entry else None
        if condition is not None and not manuscript.is_spoilt(path):
            named = sorted(condition.names & known, key=position.__getitem__)
            found.append(Check(entry["id"], condition, entry["message"], entry.get("items") or tuple(named)))
    return tuple(found)


def _refuse_unknown_items(manuscript: Manuscript, path: Path, ids: Iterable[str], known: Collection[str]) -> None:
    for one in (i for i in ids if i not in known):
        manuscript.fault(path, f"There is no item “{shortened(one, 40)}”.{suggestion(one, known)}")


def examples(manuscript: Manuscript, drafts: Sequence[ItemDraft], facts: Facts) -> tuple[Example, ...]:
    """Return the worked examples that speak of what is there; ``check`` runs them."""
    found = []
    sections = [s.get("id", "") for s in manuscript.keys.get("sections", ())]
    check_ids = [c.get("id", "") for c in manuscript.keys.get("checks", ())]
    ids = {d.id for d in drafts}
    for at, entry in enumerate(manuscript.keys.get("examples", ())):
        path: Path = ("examples", at)
        _refuse_unknown_items(manuscript, (*path, "answers"), entry.get("answers", {}), ids)
        profile = _profile(manuscript, (*path, "facts"), entry.get("facts", {}), facts)
        gives: Mapping[str, Any] = entry.get("gives", {})
        known = {"grade": sections, "failed_checks": check_ids}
        for inner in (gives, *gives.get("repeats", {}).values()):
            _refuse_unknown_names(manuscript, (*path, "gives"), inner, ids, known)
        if "day" not in entry and ("scored" in gives or "duties" in gives):
            manuscript.fault((*path, "gives"), "What is right, and what is a duty, depends on the day. Add “day”.")
        if not manuscript.is_spoilt(path):
            about = (entry.get("reason", ""), entry.get("day"))
            found.append(Example(entry["title"], entry["answers"], profile, gives, *about))
    return tuple(found)


def _refuse_unknown_names(
    manuscript: Manuscript,
    path: Path,
    gives: Mapping[str, Any],
    item_ids: Collection[str],
    others: Mapping[str, Collection[str]],
) -> None:
    for key in ("asked", "not_asked", "why", "values", "scored", "duties", "wording"):
        _refuse_unknown_items(manuscript, (*path, key), gives.get(key, ()), item_ids)
    for key, known in others.items():
        for one in (o for o in gives.get(key, ()) if o not in known):
            manuscript.fault((*path, key), f"There is no “{one}” here.{suggestion(one, known)}")


def _profile(manuscript: Manuscript, path: Path, raw: Mapping[str, Any], facts: Facts) -> dict[str, object]:
    profile: dict[str, object] = {}
    for name, value in raw.items():
        fact = facts.by_name.get(name)
        if fact is None:
            manuscript.fault((*path, name), f"There is no fact “{name}”.{suggestion(name, facts.by_name)}", of_key=True)
            continue
        try:
            profile[name] = fact.parse(value)
        except Unparsable as problem:
            manuscript.fault((*path, name), problem.sentence)
    return profile
