"""What does a mealtime check show: what is safe now, what to fix, what to talk to parents about, what has changed?

A result is never a share of everything: sections are averaged over what
applies, and only the same questions are compared (domain A7).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.questionnaire import Item, Questionnaire, Section
from audit_engine.response.answers import Answer, State

PARENTS = "talk-to-parents"
COMPARED = frozenset({"same", "reworded"})
Said = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class KitchenPage:
    """Everything that was asked, each where it belongs; a starred item for parents also stands under ``today``.

    ``today`` are the starred items that are not in place, ``this_week`` the rest;
    ``next_time`` was not answered or did not come up at this meal.
    """

    safe: tuple[Item, ...]
    today: tuple[Item, ...]
    this_week: tuple[Item, ...]
    parents: tuple[Item, ...]
    next_time: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SectionMean:
    """One section over what applies and was answered; ``full`` of its ``starred`` items have the best answer."""

    section: Section
    items: int
    points: Decimal
    best: Decimal
    starred: int
    full: int

    @property
    def mean(self) -> Decimal | None:
        """Return the mean points, unrounded; None where nothing applies."""
        return self.points / self.items if self.items else None


@dataclass(frozen=True, slots=True)
class Pair:
    """One question that was answered with points then and now."""

    item: Item
    before: Decimal
    now: Decimal
    best: Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """What the same questions say then and now; new or changed ones, and what did not apply, are outside."""

    pairs: tuple[Pair, ...]

    def going(self, direction: int) -> tuple[Pair, ...]:
        """Return the pairs that went up (1), stayed (0) or went down (-1)."""
        return tuple(p for p in self.pairs if (p.now > p.before) - (p.now < p.before) == direction)

    def of_section(self, section: str) -> Change:
        """Return the change within a section."""
        return Change(tuple(p for p in self.pairs if p.item.section == section))

    @property
    def direction(self) -> int:
        """Return 1, 0 or -1: whether the points of the pairs together went up, stayed or went down."""
        difference = sum((p.now - p.before for p in self.pairs), Decimal(0))
        return (difference > 0) - (difference < 0)

    @property
    def starred(self) -> tuple[Pair, ...]:
        """Return the pairs of starred items."""
        return tuple(p for p in self.pairs if p.item.critical)


def kitchen_page(questionnaire: Questionnaire, said: Said, asked: Collection[str]) -> KitchenPage:
    """Sort everything that is asked by what it calls for."""
    places: dict[str, list[Item]] = {name: [] for name in ("safe", "today", "this_week", "parents", "next_time")}
    for item in questionnaire.criteria:
        if item.id in asked:
            for place in _places(item, said(item.id)):
                places[place].append(item)
    return KitchenPage(**{name: tuple(found) for name, found in places.items()})


def _places(item: Item, answer: Answer) -> Iterable[str]:
    meaning = item.counts_as(answer.value)
    if answer.state is State.UNANSWERED or (meaning == "not-applicable" and item.observed):
        return ("next_time",)
    if meaning == "not-applicable":
        return ()
    if meaning == "met":
        return ("safe",)
    for_parents = ("parents",) if PARENTS in item.tags else ()
    if item.critical:
        return ("today", *for_parents)
    return for_parents or ("this_week",)


def section_means(questionnaire: Questionnaire, said: Said, asked: Collection[str]) -> tuple[SectionMean, ...]:
    """Return every section that is asked about anything, with its mean points and its starred items at the best."""
    found = []
    for section in questionnaire.sections:
        rated = [i for i in section.items if i.is_criterion and i.id in asked]
        scored = [(i, p) for i in rated if (p := points_of(i, said(i.id).value)) is not None]
        starred = [(i, p) for i, p in scored if i.critical]
        if rated:
            found.append(
                SectionMean(
                    section, len(scored), sum((p for _, p in scored), Decimal(0)), max(map(best_of, rated)),
                    len(starred), sum(p == best_of(i) for i, p in starred),
                )
            )  # fmt: skip
    return tuple(found)


def points_of(item: Item, value: object) -> Decimal | None:
    """Return the points of an answer; None where it has no place on the scale."""
    option = item.option(value)
    return option.points if option is not None else None


def best_of(item: Item) -> Decimal:
    """Return the most points that an item can have."""
    return max((o.points for o in item.options if o.points is not None), default=Decimal(0))


def matched_change(
    before: Questionnaire, current: Questionnaire, lineage: LineageMap, then: Iterable[Answer], said: Said,
    asked: Collection[str],
) -> Change:  # fmt: skip
    """Compare the same (or only reworded) questions that have points then and now."""
    said_then: Mapping[str, object] = {a.item: a.value for a in then if not a.repeat}
    pairs = []
    for item in current.criteria:
        pair = lineage.pair_of(item.id)
        if pair is None or pair.relation not in COMPARED or len(pair.old) != 1 or item.id not in asked:
            continue
        old = before.items_by_id[pair.old[0]]
        was, now = points_of(old, said_then.get(old.id)), points_of(item, said(item.id).value)
        if was is not None and now is not None:
            pairs.append(Pair(item, was, now, best_of(item)))
    return Change(tuple(pairs))
