"""What does a setting's own audit show: counts by section, and what moved since last time? Never a total."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.questionnaire import Item, Option, Questionnaire, Section
from audit_engine.response.answers import Answer, State

Direction = Literal["up", "down", "same"]
UNANSWERED = ""


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """How often each grade was given in a section; ``graded`` by option id, in the scale's order."""

    section: str
    title: str
    graded: tuple[tuple[str, int], ...]
    unanswered: int

    @property
    def asked(self) -> int:
        """Return how many statements of the section are asked."""
        return sum(n for _, n in self.graded) + self.unanswered

    @property
    def answered(self) -> int:
        """Return how many of them were answered."""
        return sum(n for _, n in self.graded)


@dataclass(frozen=True, slots=True)
class Picture:
    """A setting's picture: one row a section, the grades in the order of the scale."""

    grades: tuple[Option, ...]
    sections: tuple[SectionCounts, ...]

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return what a setting shares when it shares counts: {section: {option: number}}, '' for not answered."""
        return {s.section: {**dict(s.graded), UNANSWERED: s.unanswered} for s in self.sections}


@dataclass(frozen=True, slots=True)
class Move:
    """A statement that was graded then and now; ``relation`` says how its words came from those of then."""

    item: Item
    before: str
    after: str
    direction: Direction
    relation: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved since last time, and which statements cannot be compared: new, or not graded on both occasions."""

    moves: tuple[Move, ...]
    not_compared: tuple[Item, ...]

    def going(self, direction: Direction) -> tuple[Move, ...]:
        """Return the statements that went that way."""
        return tuple(m for m in self.moves if m.direction == direction)


def picture(questionnaire: Questionnaire, answers: Iterable[Answer], asked: Collection[str]) -> Picture:
    """Return the counts of every section that is asked about anything."""
    said = {a.item: a for a in answers if not a.repeat and a.state is not State.UNANSWERED}
    rated = {s.id: [i for i in s.items if i.type == "rating" and i.id in asked] for s in questionnaire.sections}
    grades = _grades(i for items in rated.values() for i in items)
    sections = tuple(_counts(s, rated[s.id], said, grades) for s in questionnaire.sections if rated[s.id])
    return Picture(grades, sections)


def picture_from(questionnaire: Questionnaire, counts: Mapping[str, Mapping[str, int]]) -> Picture:
    """Return the picture that shared counts draw, {section: {option: number}}."""
    grades = _grades(i for i in questionnaire.items if i.type == "rating")
    sections = tuple(
        SectionCounts(
            s.id, s.title, tuple((g.id, counts[s.id].get(g.id, 0)) for g in grades), counts[s.id].get(UNANSWERED, 0)
        )
        for s in questionnaire.sections
        if s.id in counts
    )
    return Picture(grades, sections)


def _grades(items: Iterable[Item]) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for item in items:
        for option in item.options:
            found.setdefault(option.id, option)
    return tuple(found.values())


def _counts(
    section: Section, items: Sequence[Item], said: Mapping[str, Answer], grades: Sequence[Option]
) -> SectionCounts:
    values = [said[i.id].value for i in items if i.id in said]
    graded = tuple((grade.id, values.count(grade.id)) for grade in grades)
    return SectionCounts(section.id, section.title, graded, len(items) - sum(n for _, n in graded))


def moved(
    before: Questionnaire, current: Questionnaire, lineage: LineageMap, then: Iterable[Answer], now: Iterable[Answer]
) -> Moved:
    """Return what moved, statement by statement; the weakest of several earlier answers stands for them all."""
    said_then = {a.item: a for a in then if not a.repeat and a.state is not State.UNANSWERED}
    moves: list[Move] = []
    alone: list[Item] = []
    for answer in now:
        item = current.items_by_id.get(answer.item)
        if item is None or item.type != "rating" or answer.repeat or answer.state is State.UNANSWERED:
            continue
        found = _move(before, item, answer, lineage, said_then)
        if found is None:
            alone.append(item)
        else:
            moves.append(found)
    order = {item.id: at for at, item in enumerate(current.items)}
    return Moved(tuple(sorted(moves, key=lambda m: order[m.item.id])), tuple(sorted(alone, key=lambda i: order[i.id])))


def _move(
    before: Questionnaire, item: Item, answer: Answer, lineage: LineageMap, then: Mapping[str, Answer]
) -> Move | None:
    pair = lineage.pair_of(item.id)
    option = item.option(answer.value)
    if pair is None or option is None:
        return None
    earlier = [
        o for old in pair.old if old in then and (o := before.items_by_id[old].option(then[old].value)) is not None
    ]
    if len(earlier) < len(pair.old):
        return None
    weakest = min(earlier, key=lambda o: (o.points is None, o.points or 0))
    direction = _direction(weakest, option)
    return Move(item, weakest.label, option.label, direction, pair.relation) if direction else None


def _direction(before: Option, after: Option) -> Direction | None:
    """Return which way a grade went; None where one of the two has no place on the scale."""
    if before.points is None or after.points is None:
        return "same" if before.id == after.id else None
    if before.points == after.points:
        return "same"
    return "up" if after.points > before.points else "down"
