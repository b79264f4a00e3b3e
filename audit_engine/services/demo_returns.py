"""Fill one of the demo's audits with invented returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.response.earlier import Earlier, earlier_answers
from audit_engine.services.answering import expression_facts
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.services.demo_cycles import SEED, DemoCycle, DemoPlace, Filled
from audit_engine.services.invented import Fate, InventedOrganisation, InventedReturn, Setting, invent_return
from audit_engine.services.invented_storage import keep_invented
from audit_engine.storage import returns
from audit_engine.storage.engine import reading, writing

AT_ONCE = 200
# Who returned what in a cycle that is open; everybody else was on time.  The last two are for trying the site:
# one return nearly finished, one not started.
OPEN_FATES: Mapping[str, Fate] = {
    "otterfell-borough-council": "part done",
    "quillhaven-district-council": "not started",
}
PART_DONE = {"otterfell-borough-council": 0.9}


def fill_returns(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    """Store an invented return of each organisation that takes part."""
    with reading(place.engine) as connection:
        questionnaire = place.definitions.opened(connection, cycle.facts.id).questionnaire
        everyone = returns.returns_of_cycle(connection, cycle.facts.id)
    setting = _setting(place, cycle)
    for start in range(0, len(everyone), AT_ONCE):
        with writing(place.engine) as connection:
            yield from _fill_some(connection, place, questionnaire, everyone[start : start + AT_ONCE], setting)


def _fill_some(
    connection: Connection, place: DemoPlace, questionnaire: Questionnaire, some: Sequence[ReturnFacts],
    setting: Setting,
) -> Iterator[Filled]:  # fmt: skip
    before = _earlier(connection, place.definitions, some, questionnaire)
    invented = [(facts, _invent(questionnaire, facts, before.get(facts.organisation, {}), setting)) for facts in some]
    for answers in keep_invented(connection, questionnaire, invented, place.now):
        yield Filled(answers=answers)


def _setting(place: DemoPlace, cycle: DemoCycle) -> Setting:
    facts: CycleFacts = cycle.facts
    middle = facts.opens_at + (min(facts.closes_at, place.now) - facts.opens_at) / 2
    return Setting(
        seed=SEED,
        today=middle.date(),
        lift=0.07 * cycle.number,
        panel_share=0.12 if cycle.stays_open else 0.3,
        fates=OPEN_FATES if cycle.stays_open else {},
        part_done=PART_DONE,
    )


def _invent(
    questionnaire: Questionnaire, facts: ReturnFacts, before: Mapping[str, Earlier], setting: Setting
) -> InventedReturn:
    organisation = InventedOrganisation(facts.organisation, expression_facts(facts), facts.areas)
    invented = invent_return(questionnaire, organisation, before, setting)
    still_open = bool(setting.fates)
    # Nobody can be late in a cycle that is still open.
    return replace(invented, fate="on time") if still_open and invented.fate == "late" else invented


def _earlier(
    connection: Connection, definitions: Definitions, some: Sequence[ReturnFacts], current: Questionnaire
) -> Mapping[str, Mapping[str, Earlier]]:
    """Return what each organisation said last time, by organisation; all are of one cycle."""
    pinned = definitions.of_cycle(connection, some[0].cycle.baseline)
    if pinned is None:
        return {}
    lineage = definitions.lineage(pinned.questionnaire, current)
    if lineage is None:
        return {}
    old = pinned.questionnaire
    stored = returns.answers_of_organisations(connection, pinned.cycle, [facts.organisation for facts in some])
    return {
        organisation: earlier_answers(old, current, lineage, as_values(old, answers).values())
        for organisation, answers in stored.items()
    }
