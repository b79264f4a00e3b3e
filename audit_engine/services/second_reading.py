"""Read a case a second time without seeing the first ratings, then lay the two side by side.

The first reader's ratings are the answers.  When both have rated, what the
answers say at that moment is kept as ratings too: what is agreed on afterwards
changes the answers, and no longer the agreement between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.analysis.agreement import Agreement, agreement
from audit_engine.definition.questionnaire import Item
from audit_engine.response.answers import Answer, State
from audit_engine.services.answering import OpenReturn, open_return
from audit_engine.services.case_answers import Case, CaseReturn, read_twice, reference_of, view_of
from audit_engine.services.definitions import Definitions
from audit_engine.services.save_answers import NoSuchReturn, TooLate
from audit_engine.storage import cases, returns, trail
from audit_engine.storage.cases import FIRST, SECOND, RatingRow
from audit_engine.storage.engine import writing


class ReadingRefused(ValueError):
    """A second reading that cannot be; the sentence is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a second reader chose for one item, and why."""

    item: str
    value: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One item as the two readers rated it; '' where one of them was not asked."""

    item: Item
    first: str
    second: str
    first_reason: str
    second_reason: str

    @property
    def same(self) -> bool:
        """Tell whether both chose the same."""
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """How often the two readers of all cases agreed on one item."""

    item: Item
    found: Agreement


def begin(engine: Engine, definitions: Definitions, return_id: int, case: str, by: int, now: datetime) -> None:
    """Begin a second reading; raise ``ReadingRefused`` for somebody who answered questions of the case."""
    with writing(engine) as connection:
        whole, found = _case(connection, definitions, return_id, case, now)
        if case in whole.readings:
            raise ReadingRefused("Somebody reads this case a second time already.")
        reference = reference_of(whole.questionnaire).id
        if cases.wrote_in(connection, return_id, found.number, by, reference):
            raise ReadingRefused(
                "You answered questions of this case yourself, so somebody else must read it the second time."
            )
        cases.add_reading(connection, return_id, case, by, now)
        trail.note(connection, "second reading begun", f"return:{return_id}", by, now, case=case)


def save_reading(
    engine: Engine, definitions: Definitions, return_id: int, case: str, chosen: Sequence[Chosen], by: int,
    now: datetime, *, finish: bool,
) -> tuple[str, ...]:  # fmt: skip
    """Keep the second reader's ratings; with ``finish`` also end the reading, unless ids of items still lack one.

    Return those ids; () when the reading is finished or was only saved.
    """
    with writing(engine) as connection:
        whole, found = _case(connection, definitions, return_id, case, now)
        _refuse_others(whole, case, by)
        known = {i.id: i for i in read_twice(whole.questionnaire)}
        kept = [c for c in chosen if c.item in known and known[c.item].option(c.value) is not None]
        rows = [RatingRow(case, c.item, SECOND, c.value, c.reason) for c in kept]
        cases.keep_ratings(connection, return_id, rows, now)
        if not finish:
            return ()
        missing = _missing(whole, _of(cases.ratings(connection, return_id, case), SECOND))
        if missing:
            return missing
        cases.change_reading(connection, return_id, case, finished_at=now)
        trail.note(connection, "second reading finished", f"return:{return_id}", by, now, case=case)
        if found.finished:
            _compare(connection, whole, found, now)
    return ()


def give_up(engine: Engine, definitions: Definitions, return_id: int, case: str, by: int, now: datetime) -> None:
    """Give up a second reading that is not finished, with its ratings; only the reader may."""
    with writing(engine) as connection:
        whole, _found = _case(connection, definitions, return_id, case, now)
        _refuse_others(whole, case, by)
        cases.forget_ratings(connection, return_id, case)
        cases.drop_reading(connection, return_id, case)
        trail.note(connection, "second reading given up", f"return:{return_id}", by, now, case=case)


def write_note(
    engine: Engine, definitions: Definitions, return_id: int, case: str, note: str, by: int, now: datetime
) -> None:
    """Keep what the two agreed on and why they differed."""
    with writing(engine) as connection:
        whole, _found = _case(connection, definitions, return_id, case, now)
        reading = whole.readings.get(case)
        if reading is None or reading.compared_at is None:
            raise ReadingRefused("A note can be written when both have rated this case.")
        cases.change_reading(connection, return_id, case, note=note.strip(), noted_by=by, noted_at=now)


def compare_when_both_have_rated(
    engine: Engine, definitions: Definitions, return_id: int, case: str, now: datetime
) -> None:
    """Lay the readings of a case side by side if the second waits only for the first."""
    with writing(engine) as connection:
        reading = cases.readings(connection, return_id).get(case)
        if reading is None or reading.finished_at is None or reading.compared_at is not None:
            return
        whole, found = _case(connection, definitions, return_id, case, now)
        if found.finished:
            _compare(connection, whole, found, now)


def _compare(connection: Connection, whole: CaseReturn, case: Case, now: datetime) -> None:
    said = (case.view.answer(i.id) for i in read_twice(whole.questionnaire) if case.view.asked[i.id].asked)
    rows = [
        RatingRow(case.number, a.item, FIRST, str(a.value), a.commentary or a.reason)
        for a in said
        if a.state is not State.UNANSWERED
    ]
    cases.keep_ratings(connection, whole.facts.id, rows, now)
    cases.change_reading(connection, whole.facts.id, case.number, compared_at=now)


def second_view(whole: CaseReturn, case: str, rows: Iterable[RatingRow]) -> OpenReturn:
    """Return the second reader's ratings of a case as a return: what is asked follows from their own choices."""
    return _as_view(whole, _of((r for r in rows if r.case == case), SECOND))


def _as_view(whole: CaseReturn, rows: Mapping[str, RatingRow]) -> OpenReturn:
    answers = {
        (r.item, "", ""): Answer(r.item, State.ANSWERED, r.value, commentary=r.reason, reason=r.reason)
        for r in rows.values()
    }
    return view_of(whole, answers)


def _missing(whole: CaseReturn, rows: Mapping[str, RatingRow]) -> tuple[str, ...]:
    view = _as_view(whole, rows)
    asked = (i for i in read_twice(whole.questionnaire) if i.required and view.asked[i.id].asked)
    return tuple(i.id for i in asked if i.id not in rows)


def _of(rows: Iterable[RatingRow], rater: str) -> dict[str, RatingRow]:
    return {r.item: r for r in rows if r.rater == rater}


def side_by_side(whole: CaseReturn, case: str, rows: Sequence[RatingRow]) -> tuple[SideBySide, ...]:
    """Return what either reader rated, and what follows from their ratings, in the questionnaire's order."""
    own = [r for r in rows if r.case == case]
    first, second = _as_view(whole, _of(own, FIRST)), _as_view(whole, _of(own, SECOND))
    twice = {i.id for i in read_twice(whole.questionnaire)}
    items = (i for i in whole.questionnaire.items if i.id in twice or i.rules)
    pairs = (SideBySide(i, *_values(i, first, second), *_reasons(i, first, second)) for i in items)
    return tuple(p for p in pairs if p.first or p.second)


def _values(item: Item, *views: OpenReturn) -> Iterator[str]:
    for view in views:
        answer = view.answer(item.id)
        yield str(answer.value) if view.asked[item.id].asked and answer.value is not None else ""


def _reasons(item: Item, *views: OpenReturn) -> Iterator[str]:
    return (view.answer(item.id).commentary for view in views)


def agreements(whole: CaseReturn, rows: Sequence[RatingRow]) -> tuple[ItemAgreement, ...]:
    """Return, for each rated item, how often the two readers agreed, over the cases that both rated and compared."""
    found: dict[str, list[tuple[str, str]]] = {}
    items: dict[str, Item] = {}
    for case in compared_cases(whole):
        for pair in side_by_side(whole, case, rows):
            if pair.first and pair.second and pair.item.type == "rating":
                items[pair.item.id] = pair.item
                found.setdefault(pair.item.id, []).append((pair.first, pair.second))
    order = (i for i in whole.questionnaire.items if i.id in found)
    return tuple(ItemAgreement(items[i.id], agreement(found[i.id])) for i in order)


def overall_agreement(whole: CaseReturn, rows: Sequence[RatingRow]) -> Agreement:
    """Return how often the two readers agreed over all asked ratings of all compared cases.

    Ratings that follow from others are left out: they would count twice.
    """
    pairs = [
        (p.first, p.second)
        for case in compared_cases(whole)
        for p in side_by_side(whole, case, rows)
        if p.first and p.second and p.item.type == "rating" and not p.item.rules
    ]
    return agreement(pairs)


def compared_cases(whole: CaseReturn) -> tuple[str, ...]:
    """Return the cases whose two readings lie side by side."""
    return tuple(c.number for c in whole.cases if c.number in whole.readings and whole.readings[c.number].compared_at)


def _case(
    connection: Connection, definitions: Definitions, return_id: int, case: str, now: datetime
) -> tuple[CaseReturn, Case]:
    facts = returns.return_of(connection, return_id, lock=True)
    whole = open_return(connection, definitions, facts) if facts is not None else None
    found = whole.case(case) if isinstance(whole, CaseReturn) else None
    if not isinstance(whole, CaseReturn) or found is None:
        raise NoSuchReturn(return_id)
    if not whole.facts.takes_answers(now):
        raise TooLate(whole.facts)
    return whole, found


def _refuse_others(whole: CaseReturn, case: str, by: int) -> None:
    reading = whole.readings.get(case)
    if reading is None or reading.reader != by:
        raise ReadingRefused("Only the person who began the second reading can go on with it.")
    if reading.finished_at is not None:
        raise ReadingRefused("This second reading is finished, so its ratings can no longer change.")
