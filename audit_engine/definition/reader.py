"""What does the text of a questionnaire file say, or what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from audit_engine.definition import (
    ancestry,
    building,
    identity,
    item_rules,
    mark_rules,
    outcomes,
    section_rules,
    translation_rules,
    wording,
)
from audit_engine.definition.conditions import read_conditions, section_conditions
from audit_engine.definition.facts import Facts
from audit_engine.definition.faults import Fault, FaultLog, FaultyDefinition, TooManyFaults
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded
from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.questionnaire import Questionnaire

# Given an id and a version, returns that questionnaire; raises LookupError where there is none, FaultyDefinition
# where it has faults of its own.
Finder = Callable[[str, str], Questionnaire]
LONGEST_CHAIN = 50
MOST_ITEMS = 5_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file; ``questionnaire`` is None where there is any fault."""

    questionnaire: Questionnaire | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read_questionnaire(
    text: str | bytes, path: str, facts: Facts, find: Finder | None = None, expected: tuple[str, str] | None = None
) -> Reading:
    """Read a questionnaire and check it whole.

    ``path`` is only for the faults.  ``find`` gives earlier versions; without
    it lineage is not compared with them (a definition kept in the database
    was, before it was kept).  ``expected`` is the id and version that the
    file's place promises.
    """
    log = FaultLog(path)
    questionnaire = None
    with suppress(Unloadable, TooManyFaults):
        questionnaire = _read(text, log, facts, find, expected)
    faults, warnings = log.in_order()
    return Reading(None if faults else questionnaire, faults, warnings)


def _read(
    text: str | bytes, log: FaultLog, facts: Facts, find: Finder | None, expected: tuple[str, str] | None
) -> Questionnaire | None:
    from audit_engine.definition.shape import questionnaire_shape, shaped  # marshmallow is slow to import

    file = loaded(decoded(text, log), log)
    _refuse_bomb(file, log)
    manuscript = Manuscript(file, log, *shaped(questionnaire_shape(), file, log))
    scales = item_rules.scales(manuscript)
    drafts = item_rules.drafts(manuscript, scales)
    identity.check_ids(manuscript, expected)
    section_rules.check_repeats(manuscript, drafts)
    translation_rules.check_languages(manuscript)
    mark_rules.warn_of_anonymity(manuscript)
    scale_options = frozenset(o.id for options in scales.values() for o in options)
    for draft in drafts:
        item_rules.check_item(manuscript, draft, scale_options)
    types = read_conditions(manuscript, drafts, facts.types)
    ancestry.check_lineage(manuscript, drafts)
    wording.check_wording(manuscript, drafts)
    _check_history(manuscript, drafts, find)
    wording.warn_of_gaps(manuscript, drafts)
    parts = {
        "grades": outcomes.grades(manuscript),
        "measures": outcomes.measures(manuscript, drafts, facts.types),
        "checks": outcomes.checks(manuscript, types),
        "examples": outcomes.examples(manuscript, drafts, facts),
    }
    conditions = section_conditions(manuscript, drafts, facts.types)
    if log.faults:
        return None
    return building.build_questionnaire(manuscript, drafts, conditions, scales, **parts)


def _refuse_bomb(file: Loaded, log: FaultLog) -> None:
    """Raise Unloadable for more items than any form could show, before any of them is looked at."""
    sections = file.values.get("sections")
    held = [s["items"] for s in sections if isinstance(s, dict) and "items" in s] if isinstance(sections, list) else []
    count = sum(len(items) for items in held if isinstance(items, list))
    if count > MOST_ITEMS:
        log.add(file.place(("sections",)), "sections", f"Here are {count:,} items; at most {MOST_ITEMS:,} are read.")
        raise Unloadable


def _check_history(manuscript: Manuscript, drafts: Sequence[ItemDraft], find: Finder | None) -> None:
    questionnaire, continues = manuscript.keys.get("questionnaire"), manuscript.keys.get("continues")
    if find is None or questionnaire is None:
        return
    line: list[Questionnaire] = []
    wanted = continues
    while wanted is not None and len(line) < LONGEST_CHAIN:
        found = _found(manuscript, find, questionnaire, wanted, is_first=not line)
        if found is None:
            break
        line.append(found)
        wanted = found.continues
    if line:
        ancestry.check_against(manuscript, drafts, line[0], line[1:])
    _check_baselines(manuscript, find, questionnaire, {version.version for version in line})


def _found(
    manuscript: Manuscript, find: Finder, questionnaire: str, version: str, is_first: bool
) -> Questionnaire | None:
    try:
        if version == manuscript.keys.get("version"):
            raise LookupError("A version cannot continue itself. Name the one before it.")
        return find(questionnaire, version)
    except LookupError as problem:
        sentence = str(problem)
    except FaultyDefinition as problem:
        sentence = f"Version {version} has faults of its own, so that lineage cannot be checked: {problem.faults[0]}"
    if is_first:
        manuscript.fault(("continues",), sentence)
    return None


def _check_baselines(manuscript: Manuscript, find: Finder, questionnaire: str, known: set[str]) -> None:
    for at, entry in enumerate(manuscript.keys.get("measures", ())):
        baseline = entry.get("baseline")
        if baseline is None or baseline in known:
            continue
        try:
            if baseline == manuscript.keys.get("version"):
                raise LookupError("A version cannot be compared with itself. Name an earlier one.")
            find(questionnaire, baseline)
        except LookupError as problem:
            manuscript.fault(("measures", at, "baseline"), str(problem))
        except FaultyDefinition:
            told = f"Version {baseline} has faults of its own, so that nothing can be compared with it."
            manuscript.fault(("measures", at, "baseline"), told)
