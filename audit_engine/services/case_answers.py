"""What does a return of many cases hold: which cases, how far is each, what is missing, and what may not be seen yet?

A case is a number, which is the ``repeat`` of its answers; it is there as long
as its reference is.  Each case is read like a return of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Questionnaire, Section
from audit_engine.response.answers import Answer
from audit_engine.response.completeness import Gap, Progress
from audit_engine.services.answering import AnswerKey, OpenReturn
from audit_engine.storage.cases import ReadingRow

NO_CASE = Gap("", "value", "Add at least one case")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: ``number`` is its ``repeat``, ``view`` its answers as if they were a whole return."""

    number: str
    reference: str
    view: OpenReturn

    @property
    def progress(self) -> Progress:
        """Return how far it has come."""
        return self.view.overall

    @property
    def finished(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.view.gaps


@dataclass(frozen=True)
class CaseReturn(OpenReturn):
    """A return of many cases; ``readings`` are the second readings by case."""

    readings: Mapping[str, ReadingRow] = field(default_factory=dict)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Return the cases in the order in which they were entered."""
        by_case: dict[str, list[Answer]] = {}
        for answer in self.answers.values():
            by_case.setdefault(answer.repeat, []).append(answer)
        return tuple(self._case(n, by_case[n]) for n in sorted(filter(str.isdecimal, by_case), key=int))

    def case(self, number: str) -> Case | None:
        """Return one case, or None."""
        return next((c for c in self.cases if c.number == number), None)

    def withheld_from(self, person: int) -> frozenset[str]:
        """Return the cases whose first ratings a person may not see: they read them a second time, not yet compared."""
        return frozenset(n for n, r in self.readings.items() if r.reader == person and r.compared_at is None)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Return everything that is missing before submission, case by case."""
        found = tuple(
            replace(gap, repeat=case.number, sentence=f"Case {case.reference}: {lower_first(gap.sentence)}")
            for case in self.cases
            for gap in case.view.gaps
        )
        return found if self.cases else (NO_CASE,)

    @cached_property
    def overall(self) -> Progress:
        """Return how far all cases together have come."""
        parts = [c.progress for c in self.cases]
        return Progress.total(parts)

    def _case(self, number: str, said: list[Answer]) -> Case:
        own = {(a.item, "", a.area): replace(a, repeat="") for a in said}
        reference = own.get((reference_of(self.questionnaire).id, "", ""))
        view = view_of(self, own)
        return Case(number, str(reference.value) if reference and reference.value else number, view)


def view_of(whole: OpenReturn, answers: Mapping[AnswerKey, Answer]) -> OpenReturn:
    """Return answers of one case as a return of their own."""
    return OpenReturn(whole.facts, whole.questionnaire, answers, {}, "")


class NoReference(LookupError):
    """A questionnaire about cases has nothing by which a case is called."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        super().__init__(f"{questionnaire.title} has no text question that could be the reference of a case.")


@lru_cache(maxsize=256)
def reference_of(questionnaire: Questionnaire) -> Item:
    """Return the question that holds a case's reference: the first that takes a line of text."""
    for item in questionnaire.items:
        if ITEM_TYPES[item.type].control == "text":
            return item
    raise NoReference(questionnaire)


def has_reference(questionnaire: Questionnaire) -> bool:
    """Tell whether a case of this questionnaire can be called by a reference."""
    return any(ITEM_TYPES[i.type].control == "text" for i in questionnaire.items)


def entered(section: Section, questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return the items of a section that a case's form asks: the reference has a page of its own."""
    reference = reference_of(questionnaire).id
    return tuple(i for i in section.items if i.id != reference)


@lru_cache(maxsize=256)
def read_twice(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return what a second reader rates: every rating that is asked, and the choices on which one of them depends."""
    rated = {i.id for i in questionnaire.items if i.type == "rating" and not i.is_worked_out}
    waiting = [*rated, *(i.id for i in questionnaire.items if i.rules)]
    wanted: set[str] = set()
    while waiting:
        item = questionnaire.items_by_id.get(waiting.pop())
        if item is None or item.id in wanted:
            continue
        wanted.add(item.id)
        conditions = [c for c in (item.enable_when, *(row.when for row in item.rules)) if c is not None]
        waiting += [name for condition in conditions for name in condition.names]
    chosen = (i for i in questionnaire.items if i.id in wanted and not i.is_worked_out)
    return tuple(i for i in chosen if ITEM_TYPES[i.type].control == "radio")


def lower_first(sentence: str) -> str:
    """Return a sentence as it stands after a colon."""
    return sentence[:1].lower() + sentence[1:]
