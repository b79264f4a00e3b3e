"""A partnership whose organisations audit cases, with the shipped questionnaires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.services import case_audit
from audit_engine.services.answering import OpenReturn
from audit_engine.services.case_answers import CaseReturn, entered
from audit_engine.services.save_answers import Draft
from audit_engine.storage.engine import reading
from tests.services.tiny import DURING, World, lay

SHIPPED = Path(__file__).parents[2] / "questionnaires"
CASE_AUDITS = ("att/2026", "bed/2026", "cds/2026", "cpc/2026", "fpr/2024", "int/2026", "rfs/2026", "wnb/2026")
CYCLE = """
cycle: {id}
title: {title}
questionnaire: {questionnaire}
version: "{version}"
opens: 2026-09-14 09:00
closes: 2098-12-19 17:00
"""


@cache
def shipped(name: str) -> str:
    return (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")


def lay_cases(root: Path) -> World:
    """Write the tiny partnership with every shipped case audit, a cycle of each."""
    cycles = {}
    for name in CASE_AUDITS:
        questionnaire, version = name.split("/")
        cycles[f"{questionnaire}-cases"] = CYCLE.format(
            id=f"{questionnaire}-cases", title=f"Cases {questionnaire}", questionnaire=questionnaire, version=version
        )
    instance = lay(root, cycles=cycles, questionnaires={n: shipped(n) for n in CASE_AUDITS})
    return World(instance, None, Library(instance.root))  # type: ignore[arg-type]  # the test gives the database


def opened(world: World, cycle: str, organisation: str = "otters") -> CaseReturn:
    facts = world.return_of(organisation, cycle)
    with reading(world.engine) as connection:
        return case_audit.opened_cases(connection, world.definitions, facts.id)


def add(world: World, cycle: str, reference: str, organisation: str = "otters", by: int | None = None) -> str:
    number = world.return_of(organisation, cycle).id
    return case_audit.add_case(world.engine, world.definitions, number, reference, by or world.somebody, DURING)


def fill(
    world: World,
    cycle: str,
    case: str,
    values: Mapping[str, object] | None = None,
    organisation: str = "otters",
    by: int | None = None,
) -> None:
    """Answer everything that a case asks, ``values`` by item id, the first option of the others."""
    number = world.return_of(organisation, cycle).id
    for _ in range(3):  # an answer may make another question asked
        found = opened(world, cycle, organisation).case(case)
        assert found is not None
        drafts = drafts_of(found.view, values or {})
        case_audit.save_case(world.engine, world.definitions, number, case, drafts, by or world.somebody, DURING)


def drafts_of(view: OpenReturn, values: Mapping[str, object]) -> list[Draft]:
    """Return drafts that answer every question a case asks."""
    questionnaire = view.questionnaire
    items = [i for s in questionnaire.sections for i in entered(s, questionnaire) if view.asked[i.id].asked]
    drafts = [draft_of(i, values.get(i.id)) for i in items if not i.is_worked_out]
    return [replace(d, version=view.answer(d.item).version) for d in drafts if d.value is not None]


def draft_of(item: Item, value: object = None) -> Draft:
    """Return a draft that answers an item and leaves no gap."""
    control = ITEM_TYPES[item.type].control
    said = value if value is not None else FIRST_OF[control](item)
    return Draft(item.id, 0, said, commentary="Because the file shows it", reason="It could not arise")


FIRST_OF = {
    "radio": lambda item: item.options[0].id,
    "checkboxes": lambda item: (item.options[0].id,),
    "number": lambda item: ITEM_TYPES[item.type].parse("3", item),
    "text": lambda item: "A line",
    "textarea": lambda item: "Some words on themes.",
    "none": lambda item: None,
}


def questionnaire_of(world: World, name: str) -> Questionnaire:
    identity, version = name.split("/")
    return world.library.load(identity, version)
