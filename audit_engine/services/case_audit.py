"""Add a case to a return, call it by another reference, save its answers, or take it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.definition.item_types import ITEM_TYPES, Unparsable
from audit_engine.response.answers import Answer
from audit_engine.response.child_named import Sign, sign_of_child
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.identifying import doubt_about
from audit_engine.services.answering import AnswerKey, open_return
from audit_engine.services.case_answers import CaseReturn, reference_of
from audit_engine.services.definitions import Definitions
from audit_engine.services.save_answers import Conflict, Draft, NoSuchReturn, Saved, TooLate, save_answers
from audit_engine.services.second_reading import compare_when_both_have_rated
from audit_engine.storage import cases, returns, trail
from audit_engine.storage.engine import writing

MOST_CASES = 500


class CaseRefused(ValueError):
    """A reference or a removal that cannot stand; ``may_insist`` where the person may say that it is all right."""

    def __init__(self, sentence: str, *, may_insist: bool = False) -> None:
        super().__init__(sentence)
        self.may_insist = may_insist


class NoSuchCase(LookupError):
    """The return has no case of that number."""


@dataclass(frozen=True, slots=True)
class SavedCase:
    """The outcome of saving a case: keys without the case, and what its texts seem to give away, by item."""

    saved: Saved
    warnings: Mapping[str, Sign]


def add_case(
    engine: Engine, definitions: Definitions, return_id: int, reference: str, by: int, now: datetime,
    *, insists: bool = False,
) -> str:  # fmt: skip
    """Add a case called by a reference and return its number; raise ``CaseRefused`` or ``TooLate``."""
    with writing(engine) as connection:
        whole = opened_cases(connection, definitions, return_id, lock=True)
        _refuse_late(whole.facts, now)
        if len(whole.cases) >= MOST_CASES:
            raise CaseRefused(f"A return holds at most {MOST_CASES} cases. Submit these, and ask for another audit.")
        item = reference_of(whole.questionnaire)
        _refuse(whole, reference, insists=insists)
        number = str(cases.next_number(connection, return_id, item.id))
    _save_reference(engine, definitions, whole, number, reference, 0, by, now)
    return number


def change_reference(
    engine: Engine, definitions: Definitions, return_id: int, number: str, reference: str, by: int, now: datetime,
    *, insists: bool = False,
) -> None:  # fmt: skip
    """Call a case by another reference."""
    with writing(engine) as connection:
        whole = opened_cases(connection, definitions, return_id, lock=True)
        _refuse_late(whole.facts, now)
        case = whole.case(number)
        if case is None:
            raise NoSuchCase(number)
        _refuse(whole, reference, insists=insists, but=number)
        version = case.view.answer(reference_of(whole.questionnaire).id).version
    _save_reference(engine, definitions, whole, number, reference, version, by, now)


def _save_reference(
    engine: Engine, definitions: Definitions, whole: CaseReturn, number: str, reference: str, version: int, by: int,
    now: datetime,
) -> None:  # fmt: skip
    item = reference_of(whole.questionnaire)
    draft = Draft(item.id, version, _parsed(whole, reference), repeat=number)
    saved = save_answers(engine, definitions, whole.facts.id, [draft], by, now)
    if saved.conflicts:
        raise CaseRefused("Somebody else changed this in the same moment. Look at the list of cases and try again.")


def _refuse(whole: CaseReturn, reference: str, *, insists: bool, but: str = "") -> None:
    """Raise where the reference cannot stand."""
    said = reference.strip()
    if not said:
        raise CaseRefused("Enter a reference")
    _parsed(whole, said)
    doubt = doubt_about(said)
    if doubt is not None and (doubt.certain or not insists):
        raise CaseRefused(doubt.sentence, may_insist=not doubt.certain)
    taken = (c for c in whole.cases if c.reference.casefold() == said.casefold() and c.number != but)
    if next(taken, None):
        raise CaseRefused(f"There is a case called {said} already. Use another reference, or go on with that case.")


def _parsed(whole: CaseReturn, reference: str) -> object:
    item = reference_of(whole.questionnaire)
    item_type = ITEM_TYPES[item.type]
    try:
        value = item_type.parse(reference.strip(), item)
    except Unparsable as fault:
        raise CaseRefused(fault.sentence) from None
    told = item_type.problems(value, item)
    if told:
        raise CaseRefused(told[0])
    return value


def remove_case(
    engine: Engine, definitions: Definitions, return_id: int, number: str, reason: str, by: int, now: datetime
) -> None:
    """Take a case out, with a reason; what was answered stays in the history alone."""
    if not reason.strip():
        raise CaseRefused("Say why this case is taken out. The reason is kept with the return.")
    with writing(engine) as connection:
        whole = opened_cases(connection, definitions, return_id, lock=True)
        _refuse_late(whole.facts, now)
        if whole.case(number) is None:
            raise NoSuchCase(number)
        keys = [a.key for a in whole.answers.values() if a.repeat == number]
        cases.remove(connection, return_id, number, keys)
        trail.note(connection, "case taken out", f"return:{return_id}", by, now, case=number, reason=reason.strip())


def save_case(
    engine: Engine, definitions: Definitions, return_id: int, number: str, drafts: Sequence[Draft], by: int,
    now: datetime,
) -> SavedCase:  # fmt: skip
    """Save what a page of one case said; the outcome's keys are those of the page, without the case."""
    saved = save_answers(engine, definitions, return_id, [replace(d, repeat=number) for d in drafts], by, now)
    if saved.changed:
        compare_when_both_have_rated(engine, definitions, return_id, number, now)
    warnings = {d.item: found for d in drafts if (found := given_away(d))}
    return SavedCase(_without_case(saved), warnings)


def given_away(said: Draft | Answer) -> Sign | None:
    """Return what the texts of an answer seem to give away of a child, or None."""
    texts = (said.value, said.commentary, said.evidence, said.reason, said.action_what, said.action_how_known)
    found = (sign_of_child(text) for text in texts if isinstance(text, str) and text)
    return next((sign for sign in found if sign is not None), None)


def _without_case(saved: Saved) -> Saved:
    def plain(key: AnswerKey) -> AnswerKey:
        return key[0], "", key[2]

    conflicts = {
        plain(k): Conflict(replace(c.stored, repeat=""), replace(c.typed, repeat=""), c.stored_by)
        for k, c in saved.conflicts.items()
    }
    return replace(saved, versions={plain(k): v for k, v in saved.versions.items()}, conflicts=conflicts)


def opened_cases(connection: Connection, definitions: Definitions, return_id: int, *, lock: bool = False) -> CaseReturn:
    """Open a return of many cases; raise ``NoSuchReturn`` where there is none."""
    facts = returns.return_of(connection, return_id, lock=lock)
    whole = open_return(connection, definitions, facts) if facts is not None else None
    if not isinstance(whole, CaseReturn):
        raise NoSuchReturn(return_id)
    return whole


def _refuse_late(facts: ReturnFacts, now: datetime) -> None:
    if not facts.takes_answers(now):
        raise TooLate(facts)
