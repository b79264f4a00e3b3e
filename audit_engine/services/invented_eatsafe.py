"""Which invented nurseries and childminders check their mealtimes in the demo, and what has changed for them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.services.demo_cycles import SEED, DemoCycle, DemoPlace, Filled
from audit_engine.services.eatsafe import change_of
from audit_engine.services.eatsafe_sharing import shared_of
from audit_engine.services.invented import FIRST, SECOND
from audit_engine.services.self_audit import OpenAudit, open_audit
from audit_engine.storage import setting_answers, settings
from audit_engine.storage.engine import writing

#: The nursery whose manager a visitor of the demo can be, its cook and its office.
MANAGER, COOK, OFFICE = "nursery@demo.example.org", "cook@demo.example.org", "nursery.office@demo.example.org"
KINDS = ("Nursery", "Pre-school", "Nursery", "Childminder")
HOW_MANY = 15
SAID = (
    "Invented example: the list hangs at the hatch; the cook and the rooms use the same one.",
    "Invented example: mostly; it slipped twice when agency staff were in.",
    "Invented example: it depends on the room.",
    "Invented example: we had not thought of this.",
)
WHAT = "Invented example: talk it through at Monday’s team meeting and put up a card"
WHO = "Invented: room lead"
STEADY_PART = 0.8  # of what was said last time is said again, or better
NOT_SEEN, NOT_THIS_MEAL = 1, 2


@dataclass(frozen=True, slots=True)
class InventedNursery:
    """An invented setting; ``steadiness`` (0 to 1) makes its answers, ``shares`` says that it shares what changed."""

    name: str
    email: str
    office: str
    facts: Mapping[str, object]
    steadiness: float
    shares: bool

    @property
    def phase(self) -> str:
        """Return what kind of setting it is."""
        return "childminder" if self.facts["childminder_alone"] else "nursery"


def invented_nurseries() -> tuple[InventedNursery, ...]:
    """Return the demo's nurseries and childminders, the same each time; the first is the one a visitor can try."""
    found: list[InventedNursery] = []
    for n in range(HOW_MANY):
        dice = Random(f"{SEED}:nursery:{n}")
        kind, first = KINDS[n % len(KINDS)], n == 0
        alone = kind == "Childminder"
        facts = {
            "childminder_alone": alone, "under_1s": first or dice.random() < 0.6,
            "under_2s": kind != "Pre-school", "cooks_on_site": alone or dice.random() < 0.6,
            "outside_caterer": not alone and dice.random() < 0.3, "food_from_home": dice.random() < 0.7,
        }  # fmt: skip
        name = f"{FIRST[(n * 7) % len(FIRST)]}{SECOND[(n * 5) % len(SECOND)]} {kind}"
        found.append(
            InventedNursery(
                name, MANAGER if first else f"manager{n}@nurseries.example.org",
                OFFICE if first else f"office{n}@nurseries.example.org", facts, 0.3 + 0.45 * dice.random(),
                not first and dice.random() < 0.95,
            )
        )  # fmt: skip
    return tuple(found)


def fill_eatsafe(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    """Let invented nurseries check a meal; in a cycle that stays open the first is still at the table."""
    with writing(place.engine) as connection:
        asked = place.definitions.opened(connection, cycle.facts.id).questionnaire
    if not any(i.observed for i in asked.items):
        return
    everybody = invented_nurseries()
    with writing(place.engine) as connection:
        for nursery in everybody[:1] if cycle.stays_open else everybody:
            _check(connection, place, cycle, asked, nursery)
            yield Filled()


def _check(
    connection: Connection, place: DemoPlace, cycle: DemoCycle, asked: Questionnaire, nursery: InventedNursery
) -> None:
    dice = Random(f"{SEED}:{cycle.facts.id}:{nursery.name}")
    opened = cycle.facts.opened_at or cycle.facts.opens_at
    moment = opened + (min(cycle.facts.closes_at, place.now) - opened) * (0.1 + 0.7 * dice.random())
    setting, member = _setting(connection, nursery, opened)
    earlier = _said_before(connection, setting)
    audit = settings.add_audit(
        connection, setting_id=setting, cycle_id=cycle.facts.id, content_hash=asked.content_hash,
        facts=dict(nursery.facts), started_at=moment, started_by=member,
    )  # fmt: skip
    whole = _opened(connection, place, audit)
    answers = list(_answers(whole, nursery, dice, earlier, lift=0.1 * cycle.number))
    said = answers[: len(answers) // 2] if cycle.stays_open else answers
    setting_answers.keep_answers(connection, audit, said, member, moment)
    finished = None if cycle.stays_open else moment + timedelta(hours=1)
    settings.change_audit(connection, audit, saved_at=moment, finished_at=finished)
    if nursery.shares and finished:
        _share(connection, _opened(connection, place, audit), member, finished)


def _opened(connection: Connection, place: DemoPlace, audit: int) -> OpenAudit:
    facts = settings.audit_of(connection, audit)
    if facts is None:
        raise LookupError(audit)
    return open_audit(connection, place.definitions, facts)


def _setting(connection: Connection, nursery: InventedNursery, now: datetime) -> tuple[int, int]:
    """Return the numbers of the setting and of its manager; both are made where they are not there yet."""
    for known in settings.settings_of(connection, nursery.email):
        return known.id, settings.members(connection, known.id)[0].id
    number = settings.add_setting(
        connection, name=nursery.name, phase=nursery.phase, trust="", office_email=nursery.office,
        facts=dict(nursery.facts), made_at=now,
    )  # fmt: skip
    manager = settings.add_member(connection, number, nursery.email, "Invented manager", lead=True, now=now)
    if nursery.email == MANAGER:
        settings.add_member(connection, number, COOK, "Invented cook", lead=False, now=now)
    return number, manager


def _said_before(connection: Connection, setting: int) -> Mapping[str, object]:
    for audit in settings.audits_of(connection, setting):
        return {a.item: a.value for a in setting_answers.answers_of(connection, audit.id)}
    return {}


def _answers(
    whole: OpenAudit, nursery: InventedNursery, dice: Random, earlier: Mapping[str, object], *, lift: float
) -> Iterator[Answer]:
    for item in whole.questionnaire.items:
        if not whole.asked[item.id].asked:
            continue
        difficulty = Random(f"{SEED}:mealtime:{item.id}").random()
        level = nursery.steadiness + lift - 0.4 * difficulty + 0.25 * dice.random()
        place = _seen(level, dice) if item.observed else _habit(item, level, earlier.get(item.id), dice)
        yield _answer(item, place, dice)


def _seen(level: float, dice: Random) -> int:
    """One meal shows less than a habit: luck plays a part."""
    return NOT_THIS_MEAL if dice.random() < 0.05 else 0 if level + dice.gauss(0, 0.2) > 0.3 else NOT_SEEN


def _habit(item: Item, level: float, before: object, dice: Random) -> int:
    place = next((n for n, least in enumerate((0.55, 0.35, 0.15)) if level >= least), 3)
    then = next((n for n, o in enumerate(item.options) if o.id == before), None)
    if then is not None and then <= 3 and dice.random() < STEADY_PART:
        return min(place, then)
    return place


def _answer(item: Item, place: int, dice: Random) -> Answer:
    option = item.options[place]
    not_applicable = option.counts_as == "not-applicable"
    planned = option.id in item.action.required_when
    told: Sequence[str] = SAID if not item.observed else ("",)
    return Answer(
        item.id, State.NOT_APPLICABLE if not_applicable else State.ANSWERED, option.id,
        commentary=told[min(place, len(told) - 1)] if dice.random() < 0.5 else "",
        action_what=WHAT if planned else "", action_who=WHO if planned else "", version=1,
    )  # fmt: skip


def _share(connection: Connection, whole: OpenAudit, member: int, moment: datetime) -> None:
    change = change_of(whole)
    if change is not None and change.pairs:
        settings.add_share(
            connection, setting_id=whole.facts.setting, audit_id=whole.facts.id, trust_email="",
            counts=shared_of(change), granted_at=moment, granted_by=member,
        )  # fmt: skip
