"""Invent cases that organisations audited: seeded, with second readings, and never anybody's real case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Option
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import holds
from audit_engine.response.cycles import ReturnFacts
from audit_engine.services.case_answers import Case, CaseReturn, read_twice, reference_of, view_of
from audit_engine.services.demo_cycles import SEED, DemoCycle, DemoPlace, Filled
from audit_engine.services.invented_storage import DECLARED_BY
from audit_engine.services.submit import record_submission
from audit_engine.storage import answer_rows, cases, returns
from audit_engine.storage.cases import FIRST, SECOND, RatingRow
from audit_engine.storage.engine import writing

# Who is still at it in a cycle that stays open: how many cases are entered, and how many of them are finished.
AT_WORK: Mapping[str, tuple[int, int]] = {"otterfell-borough-council": (5, 4)}
WHY = (
    "Invented example: the file shows it from the second visit on, not before.",
    "Invented example: one line only, copied from the referral.",
    "Invented example: done late, and nobody said why.",
)
THEME = "Invented example: what a child says is written down more often than it is used."
NOTE = "Invented example: the second reader found the entry in another system. We agreed on the higher rating."
REASON = "Invented example: it could not arise here."


def fill_cases(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    """Fill every return of a cycle; where it stays open, one organisation is still at work."""
    with writing(place.engine) as connection:
        for facts in returns.returns_of_cycle(connection, cycle.facts.id):
            at_work = AT_WORK.get(facts.organisation) if cycle.stays_open else None
            yield Filled(answers=_fill_return(connection, place, facts, at_work))


def _fill_return(connection: Connection, place: DemoPlace, facts: ReturnFacts, at_work: tuple[int, int] | None) -> int:
    questionnaire = place.definitions.opened(connection, facts.cycle.id).questionnaire
    dice = Random(f"{SEED}:{questionnaire.name}:{facts.organisation}")
    number, finished = at_work or (dice.randint(5, 9),) * 2
    empty = CaseReturn(facts, questionnaire, {}, {}, "")
    at = _moment(facts, place.now)
    found = {n: _case(empty, n, dice, whole=n <= finished) for n in range(1, number + 1)}
    said = [replace(a, repeat=str(n), version=1) for n, case in found.items() for a in case]
    stored = [replace(a, value=ITEM_TYPES[questionnaire.items_by_id[a.item].type].to_json(a.value)) for a in said]
    answer_rows.keep_answers(connection, facts.id, facts.organisation, stored, None, at)
    returns.change_return(connection, facts.id, state="started", started_at=at, saved_at=at)
    whole = replace(empty, facts=replace(facts, state="started"), answers={a.key: a for a in said})
    for case in whole.cases[: max(1, finished // 3)]:
        _read_twice(connection, whole, case, dice, at)
    if at_work is None:
        record_submission(connection, whole, DECLARED_BY, "Head of audit (invented)", None, at)
    return len(said)


def _moment(facts: ReturnFacts, now: datetime) -> datetime:
    opened = facts.cycle.opened_at or facts.cycle.opens_at
    return opened + (min(facts.cycle.closes_at, now) - opened) * 0.6


def _case(empty: CaseReturn, number: int, dice: Random, *, whole: bool) -> list[Answer]:
    """Return one case's answers; an answer may make another question asked, so it is gone through until none is new."""
    said: dict[str, Answer] = {}
    reference = reference_of(empty.questionnaire).id
    steadiness = dice.betavariate(4, 2)
    for _ in range(4):
        view = view_of(empty, {(a.item, "", ""): a for a in said.values()})
        for item in empty.questionnaire.items:
            if item.id == reference:
                said[item.id] = Answer(item.id, State.ANSWERED, f"D{dice.randint(100, 899)}{number}")
            elif item.id not in said and view.asked[item.id].asked and not item.is_worked_out and item.required:
                said[item.id] = _answer(item, dice, steadiness)
    answers = [a for a in said.values() if a.state is not State.UNANSWERED]
    return answers if whole else answers[: len(answers) // 2]


def _answer(item: Item, dice: Random, steadiness: float) -> Answer:
    make = ANSWERS.get(ITEM_TYPES[item.type].control)
    if make is None:
        return Answer(item.id)
    value = make(item, dice, steadiness)
    option = item.option(value)
    if option is not None and option.counts_as == "not-applicable":
        return Answer(item.id, State.NOT_APPLICABLE, value, reason=REASON)
    said = Answer(item.id, State.ANSWERED, value)
    return replace(said, commentary=dice.choice(WHY)) if holds(item.commentary, item, said, None) else said


def _chosen(item: Item, dice: Random, steadiness: float) -> object:
    graded = [o for o in item.options if o.counts_as and o.counts_as != "not-applicable"]
    outside = [o for o in item.options if o.counts_as == "not-applicable"]
    if outside and dice.random() < 0.08:
        return outside[0].id
    return _graded(graded, steadiness + dice.gauss(0, 0.2)).id if graded else dice.choice(item.options).id


def _graded(options: Sequence[Option], luck: float) -> Option:
    """Return one of options that stand from best to worst."""
    place = int((1 - min(max(luck, 0.0), 0.999)) * 1.4 * len(options))
    return options[min(place, len(options) - 1)]


ANSWERS: Mapping[str, Callable[[Item, Random, float], object]] = {
    "radio": _chosen,
    "checkboxes": lambda item, dice, _steadiness: (dice.choice(item.options).id,),
    "number": lambda item, dice, _steadiness: ITEM_TYPES[item.type].parse(str(dice.randint(1, 40)), item),
    "text": lambda _item, _dice, _steadiness: THEME,
    "textarea": lambda _item, _dice, _steadiness: THEME,
}


def _read_twice(connection: Connection, whole: CaseReturn, case: Case, dice: Random, at: datetime) -> None:
    """Let somebody read a case a second time, mostly with the same eyes."""
    first = [
        RatingRow(case.number, i.id, FIRST, str(a.value), a.commentary or a.reason)
        for i in read_twice(whole.questionnaire)
        if (a := case.view.answer(i.id)).value is not None and case.view.asked[i.id].asked
    ]
    second = [replace(r, rater=SECOND, value=_seen_again(whole, r, dice), reason="") for r in first]
    cases.keep_ratings(connection, whole.facts.id, [*first, *second], at)
    cases.add_reading(connection, whole.facts.id, case.number, None, at - timedelta(days=2))
    cases.change_reading(
        connection, whole.facts.id, case.number, finished_at=at, compared_at=at, note=NOTE, noted_at=at
    )


def _seen_again(whole: CaseReturn, row: RatingRow, dice: Random) -> str:
    options = whole.questionnaire.items_by_id[row.item].options
    return row.value if dice.random() < 0.75 else dice.choice(options).id
