"""Invent returns that look like life: seeded, of any size, and never anybody's real answers.

An organisation has a hidden steadiness; a criterion has a hidden difficulty.
The same seed gives the same answers whatever else is invented beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Literal

from audit_engine.definition.applicability import asked
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.item_types.counts import Count
from audit_engine.definition.questionnaire import Item, Option, Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import holds, may_confirm
from audit_engine.response.earlier import Earlier

Fate = Literal["on time", "late", "part done", "not started"]
SECTORS = (
    "district-council", "nhs-provider", "education", "education", "education", "early-years", "early-years",
    "voluntary-and-faith", "commissioned-provider", "justice",
)  # fmt: skip
FIRST = ("Amber", "Birch", "Cedar", "Dove", "Elm", "Fern", "Gorse", "Heron", "Ivy", "Juniper", "Kestrel", "Larch")
SECOND = ("brook", "cliff", "dale", "field", "ford", "gate", "haven", "marsh", "mere", "reach", "stead", "wick")
KIND = {
    "district-council": "District Council", "nhs-provider": "NHS Trust", "education": "School",
    "early-years": "Nursery", "voluntary-and-faith": "Youth Project", "commissioned-provider": "Family Services",
    "justice": "Youth Justice Service",
}  # fmt: skip
SAID = {
    "met": (
        "Invented example: this has been in place since before the last audit. Staff are told at induction and we "
        "checked a sample of records this year; children are helped sooner because of it.",
        "Invented example: our safeguarding group looks at this every quarter, and the last check found it working "
        "in every team.",
        "Invented example: we reviewed this in the spring, told all staff, and asked a group of young people whether "
        "they noticed a difference. They did.",
    ),
    "partly-met": (
        "Invented example: in place in most teams. Two services joined us last year and are not yet covered.",
        "Invented example: written down and known, but we have not yet tested whether it helps children.",
        "Invented example: the document is out of date; practice is ahead of it.",
    ),
    "not-met": (
        "Invented example: we have no agreed way of doing this. The lead post was vacant for five months.",
        "Invented example: this stopped when the service moved and has not been started again.",
    ),
}
EVIDENCE = (
    "Invented example: policy, version of March this year, agreed by the board; dip sample of 20 records in June.",
    "Invented example: minutes of the safeguarding group, May, item 4; training figures at the end of the quarter.",
    "Invented example: audit report, July, with the action list. Too sensitive to share; it can be seen at the panel.",
)
REASON = "Invented example: we do not carry out this kind of work."
WHAT = (
    "Invented example: agree the procedure, train the two new teams and check it after three months",
    "Invented example: bring the document up to date and tell all staff",
    "Invented example: ask children and families whether they notice a difference",
)
WHO = ("Invented: head of safeguarding", "Invented: HR director", "Invented: service manager")
HOW = ("Invented example: dip sample of 15 records", "Invented example: staff survey and training figures")
PANEL_REASON = {
    True: "Invented example: the panel saw evidence that went further than the return claims.",
    False: "Invented example: the panel asked for evidence of effect and it was not available.",
}


@dataclass(frozen=True, slots=True)
class InventedOrganisation:
    """An organisation to invent answers for; ``facts`` as conditions see them."""

    id: str
    facts: Mapping[str, object]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelRating:
    """An invented panel's rating of one criterion, and the grade it gave the evidence (0 to 3)."""

    item: str
    value: str
    reason: str
    evidence_grade: int
    at_random: bool


@dataclass(frozen=True)
class InventedReturn:
    """What one organisation returned; ``pace`` (0 to 1) says when between opening and closing."""

    organisation: str
    fate: Fate
    answers: tuple[Answer, ...]
    panel: tuple[PanelRating, ...] = ()
    pace: float = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """What one cycle's answers are like.  ``lift`` is how much better than the last; ``today`` dates the answers."""

    seed: str
    today: date
    lift: float = 0.0
    panel_share: float = 0.0
    fates: Mapping[str, Fate] = field(default_factory=dict)
    part_done: Mapping[str, float] = field(default_factory=dict)


def extra_organisations(seed: str, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield (id, name, sector) of invented organisations beside those of the file."""
    for number in range(1, count + 1):
        dice = Random(f"{seed}:organisation:{number}")
        sector = dice.choice(SECTORS)
        name = f"{dice.choice(FIRST)}{dice.choice(SECOND)} {KIND[sector]} {number} (invented)"
        yield f"invented-{number:05d}", name, sector


def invent_return(
    questionnaire: Questionnaire,
    organisation: InventedOrganisation,
    earlier: Mapping[str, Earlier],
    setting: Setting,
) -> InventedReturn:
    """Return one organisation's invented answers: complete when it submitted, part of them when it did not."""
    dice = Random(f"{setting.seed}:{questionnaire.name}:{organisation.id}")
    fate = setting.fates.get(organisation.id) or _fate(dice)
    if fate == "not started":
        return InventedReturn(organisation.id, fate, ())
    steadiness = Random(f"{setting.seed}:{organisation.id}").betavariate(5, 2)
    answers = _all_answers(questionnaire, organisation, earlier, steadiness, setting)
    panel = tuple(_panel(questionnaire, answers, organisation, setting)) if fate in ("on time", "late") else ()
    if fate == "part done":
        share = setting.part_done.get(organisation.id, 0.4)
        answers = answers[: max(1, int(len(answers) * share))]
    return InventedReturn(organisation.id, fate, tuple(answers), panel, dice.uniform(0.35, 0.98))


def _all_answers(
    questionnaire: Questionnaire,
    organisation: InventedOrganisation,
    earlier: Mapping[str, Earlier],
    steadiness: float,
    setting: Setting,
) -> Sequence[Answer]:
    """Answer what is asked, then what those answers make asked, until nothing more is."""
    found: dict[str, tuple[Answer, ...]] = {}
    while True:
        said = {item: answers[0].value for item, answers in found.items()}
        wanted = asked(questionnaire, organisation.facts, said)
        left = [i for i in questionnaire.items if i.id not in found and wanted[i.id].asked and not i.is_worked_out]
        for item in left:
            found[item.id] = tuple(
                _answers(questionnaire, item, organisation, earlier.get(item.id), steadiness, setting)
            )
        if not left or not _gated(questionnaire):
            return [answer for item in questionnaire.items for answer in found.get(item.id, ())]


@lru_cache(maxsize=16)
def _gated(questionnaire: Questionnaire) -> bool:
    return any(i.enable_when for i in questionnaire.items)


def _fate(dice: Random) -> Fate:
    return dice.choices(("on time", "late", "part done", "not started"), (91, 5, 2, 2))[0]


def _answers(
    questionnaire: Questionnaire,
    item: Item,
    organisation: InventedOrganisation,
    earlier: Earlier | None,
    steadiness: float,
    setting: Setting,
) -> Iterator[Answer]:
    dice = Random(f"{setting.seed}:{questionnaire.name}:{organisation.id}:{item.id}")
    if not item.is_criterion:
        yield _plain_answer(item, dice, setting.today)
        return
    option = _rated(item, _by_meaning(questionnaire)[item.id], earlier, steadiness, setting, dice)
    yield _told(item, option, "", earlier, setting, dice)
    if len(organisation.areas) > 1 and option.counts_as == "met" and dice.random() < 0.06:
        other = next(o for o in item.options if o.counts_as == "partly-met")
        yield _told(item, other, organisation.areas[-1], None, setting, dice)


@lru_cache(maxsize=16)
def _by_meaning(questionnaire: Questionnaire) -> Mapping[str, Mapping[str, Sequence[Option]]]:
    """Return each criterion's options by what they mean for "met"."""
    found: dict[str, dict[str, list[Option]]] = {}
    for item in questionnaire.items:
        meanings = found.setdefault(item.id, {})
        for option in item.options:
            meanings.setdefault(option.counts_as or "", []).append(option)
    return found


def _plain_answer(item: Item, dice: Random, today: date) -> Answer:
    invent = _PLAIN.get(ITEM_TYPES[item.type].control)
    return Answer(item.id, State.ANSWERED, invent(item, dice, today), version=1) if invent else Answer(item.id)


def _one_option(item: Item, dice: Random, _today: date) -> object:
    return dice.choice(item.options).id


def _some_options(item: Item, dice: Random, _today: date) -> object:
    ticked = tuple(o.id for o in item.options if not o.exclusive and o.id != "other" and dice.random() < 0.4)
    return ticked or (item.options[0].id,)


def _each_row(item: Item, dice: Random, _today: date) -> object:
    return tuple((row.id, dice.choice(item.options).id) for row in item.rows)


def _in_words(_item: Item, _dice: Random, _today: date) -> object:
    return "Invented example: a short answer in the organisation's own words."


def _heads(item: Item, dice: Random, _today: date) -> object:
    people = [(row.id, dice.randint(3, 60)) for row in item.rows] or [("", dice.randint(3, 60))]
    return tuple(Count(row, many, round(many * dice.uniform(0.4, 1))) for row, many in people)


def _some_day(_item: Item, dice: Random, today: date) -> object:
    return today - timedelta(days=dice.randint(1, 60))


_PLAIN: Mapping[str, Callable[[Item, Random, date], object]] = {
    "radio": _one_option, "checkboxes": _some_options, "grid": _each_row, "text": _in_words, "textarea": _in_words,
    "counts": _heads, "date": _some_day,
}  # fmt: skip


def _rated(
    item: Item,
    by_meaning: Mapping[str, Sequence[Option]],
    earlier: Earlier | None,
    steadiness: float,
    setting: Setting,
    dice: Random,
) -> Option:
    before = earlier.counts_as if earlier else None
    if not item.universal and "not-applicable" in by_meaning and dice.random() < 0.03:
        return by_meaning["not-applicable"][0]
    if before in ("met", "partly-met", "not-met") and dice.random() < 0.78 - setting.lift * (before != "met"):
        return dice.choice(by_meaning[before])
    luck = steadiness + setting.lift - _difficulty(setting.seed, item.id) + dice.gauss(0, 0.16)
    meaning = "met" if luck > 0.55 else "partly-met" if luck > 0.28 else "not-met"
    return dice.choice(by_meaning[meaning])


@lru_cache(maxsize=4096)
def _difficulty(seed: str, item: str) -> float:
    return Random(f"{seed}:{item}").uniform(-0.18, 0.22)


def _told(item: Item, option: Option, area: str, earlier: Earlier | None, setting: Setting, dice: Random) -> Answer:
    """Return an answer with what the rules of the questionnaire ask for, and sometimes more."""
    meaning = option.counts_as
    if meaning == "not-applicable":
        return Answer(item.id, State.NOT_APPLICABLE, option.id, area=area, reason=REASON, version=1)
    bare = Answer(item.id, State.ANSWERED, option.id, area=area)
    more: dict[str, Any] = {}
    if holds(item.commentary, item, bare, earlier) or (area and meaning):
        more["commentary"] = dice.choice(SAID[str(meaning)])
    elif may_confirm(item, bare, earlier):
        more["confirmed_on"] = setting.today
    if holds(item.evidence, item, bare, earlier) or dice.random() < 0.4:
        more["evidence"] = dice.choice(EVIDENCE)
    if holds(item.action, item, bare, earlier):
        more |= {
            "action_what": dice.choice(WHAT),
            "action_who": dice.choice(WHO),
            "action_by": setting.today + timedelta(days=dice.choice((60, 90, 120, 180))),
            "action_how_known": dice.choice(HOW),
        }
    return Answer(item.id, State.ANSWERED, option.id, area=area, version=1, **more)


def _panel(
    questionnaire: Questionnaire, answers: Sequence[Answer], organisation: InventedOrganisation, setting: Setting
) -> Iterator[PanelRating]:
    """Yield the panel's ratings of some of what was claimed; most agree, some are lower, few higher."""
    dice = Random(f"{setting.seed}:{questionnaire.name}:{organisation.id}:panel")
    for answer in answers:
        item = questionnaire.items_by_id[answer.item]
        if answer.area or not item.is_criterion or dice.random() >= setting.panel_share:
            continue
        claimed = item.counts_as(answer.value)
        if claimed not in ("met", "partly-met", "not-met"):
            continue
        drawn = dice.random()
        given = _moved(claimed, drawn)
        value = next(o.id for o in item.options if o.counts_as == given) if given != claimed else str(answer.value)
        reason = "Invented example: the panel agrees." if given == claimed else PANEL_REASON[drawn > 0.9]
        yield PanelRating(item.id, value, reason, dice.choice((1, 2, 2, 3)), dice.random() < 0.2)


def _moved(claimed: str, drawn: float) -> str:
    ladder = ("not-met", "partly-met", "met")
    position = ladder.index(claimed)
    if drawn > 0.96:
        return ladder[min(position + 1, 2)]
    return ladder[max(position - 1, 0)] if 0.78 < drawn <= 0.9 else claimed
