"""Which questions of two waves stand side by side, and why may some not be compared?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit_engine.analysis.survey import QuestionResult, SurveyResults, leaves_base
from audit_engine.analysis.wave_change import ListedQuestion
from audit_engine.definition.expressions import Expression
from audit_engine.definition.lineage import LineageMap, Pair
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Item, Option, Questionnaire, Relation

_CHANGED: Mapping[Relation, str] = {
    "reworded": "The wording changed.",
    "widened": "The meaning of the question became wider.",
    "narrowed": "The meaning of the question became narrower.",
}


@dataclass(frozen=True, slots=True)
class Side:
    """A question in one wave, with its questionnaire."""

    result: QuestionResult
    questionnaire: Questionnaire

    @property
    def item(self) -> Item:
        """Return the item that is asked."""
        return self.result.question.item

    @property
    def options(self) -> Mapping[str, Option]:
        """Return the options that are counted in the base, by their marks."""
        return {mark: option for mark, option in self.result.question.marks if not leaves_base(option)}


@dataclass(frozen=True, slots=True)
class Beside:
    """A question then and now, how one comes from the other, and why they may not be compared."""

    then: Side
    now: Side
    relation: Relation
    note: str
    why: tuple[str, ...]

    @property
    def shared(self) -> tuple[tuple[str, Option], ...]:
        """Return the answers that are counted in both waves, in the later one's order."""
        before = self.then.options
        return tuple((mark, option) for mark, option in self.now.options.items() if mark in before)

    @property
    def describes_people(self) -> bool:
        """Tell whether the question is about those who answer, so that it shows the mix."""
        return self.now.item.profile or self.now.item.breakdown


def side_by_side(then: SurveyResults, now: SurveyResults, lineage: LineageMap) -> tuple[Beside, ...]:
    """Return the questions that continue one to one, in the order of the later wave; those in words alone not."""
    pairs = {pair.new[0]: pair for pair in lineage.pairs if len(pair.old) == len(pair.new) == 1}
    before = {result.question.id: Side(result, then.questionnaire) for result in then.questions}
    found = []
    for result in now.questions:
        pair = pairs.get(result.question.item.id)
        earlier = before.get(_id_then(result, pair)) if pair else None
        if pair is not None and earlier is not None and result.question.marks and earlier.result.question.marks:
            found.append(_beside(earlier, Side(result, now.questionnaire), pair))
    return tuple(found)


def one_wave_only(
    then: SurveyResults, now: SurveyResults, lineage: LineageMap
) -> tuple[tuple[ListedQuestion, ...], tuple[ListedQuestion, ...]]:
    """Return the questions asked now only, and then only, each with its reason."""
    new = {one.id: one.reason for one in lineage.new}
    gone = {one.id: one.reason for one in (*lineage.dropped, *lineage.folded, *lineage.moved)}
    for pair in lineage.related("merged", "split"):
        new |= dict.fromkeys(pair.new, _came_from(pair, then.questionnaire))
        gone |= dict.fromkeys(pair.old, _went_into(pair, now.questionnaire))
    return _listed(now.questionnaire, new), _listed(then.questionnaire, gone)


def _beside(then: Side, now: Side, pair: Pair) -> Beside:
    return Beside(then, now, pair.relation, pair.note, tuple(_reasons(then, now, pair)))


def _id_then(result: QuestionResult, pair: Pair) -> str:
    """Return the id of the earlier question: the item's, and the row's where it is a grid."""
    row = result.question.row
    return f"{pair.old[0]}:{row.id}" if row else pair.old[0]


def _reasons(then: Side, now: Side, pair: Pair) -> Iterator[str]:
    if pair.relation in _CHANGED:
        yield f"{_CHANGED[pair.relation]} {pair.note}".strip()
    if now.result.question.several != then.result.question.several:
        yield "One answer could be given in one wave and several in the other."
    elif not now.result.question.several and set(then.options) != set(now.options):
        yield f"The answers offered differ: {_difference(then.options, now.options)}."
    if _outside(then) != _outside(now) or _marks(then, "dont_know") != _marks(now, "dont_know"):
        yield "The rule for who is counted in the base differs."
    if _marks(then, "favourable") != _marks(now, "favourable"):
        yield "Other answers count as favourable."
    if _conditions(then) != _conditions(now):
        yield f"Other people were asked: {_asked(then)} then, {_asked(now)} now."
    if then.item.key != now.item.key:
        yield "The key of right answers differs."


def _difference(then: Mapping[str, Option], now: Mapping[str, Option]) -> str:
    parts = []
    for word, one, other in (("only then", then, now), ("only now", now, then)):
        labels = [f"“{option.label}”" for mark, option in one.items() if mark not in other]
        if labels:
            parts.append(f"{listed(labels)} {word}")
    return "; ".join(parts)


def _outside(side: Side) -> frozenset[str]:
    return frozenset(mark for mark, option in side.result.question.marks if leaves_base(option))


def _marks(side: Side, flag: str) -> frozenset[str]:
    return frozenset(mark for mark, option in side.options.items() if getattr(option, flag))


def _conditions(side: Side) -> tuple[str | None, ...]:
    section = side.questionnaire.sections_by_id.get(side.item.section)
    conditions = (section.applies_when if section else None, side.item.applies_when, side.item.enable_when)
    return tuple(_source(one) for one in conditions)


def _source(condition: Expression | None) -> str | None:
    return condition.source if condition else None


def _asked(side: Side) -> str:
    return side.result.asked_of or "everybody"


def _came_from(pair: Pair, questionnaire: Questionnaire) -> str:
    texts = listed([f"“{questionnaire.items_by_id[old].text}”" for old in pair.old])
    return pair.note or f"{'Made from' if pair.relation == 'merged' else 'Split off from'} {texts}."


def _went_into(pair: Pair, questionnaire: Questionnaire) -> str:
    texts = listed([f"“{questionnaire.items_by_id[new].text}”" for new in pair.new])
    return pair.note or f"{'Merged' if pair.relation == 'merged' else 'Split'} into {texts}."


def _listed(questionnaire: Questionnaire, reasons: Mapping[str, str]) -> tuple[ListedQuestion, ...]:
    items = questionnaire.items_by_id
    return tuple(
        ListedQuestion(id_, items[id_].text, reason)
        for id_, reason in reasons.items()
        if id_ in items and items[id_].type != "information"
    )
