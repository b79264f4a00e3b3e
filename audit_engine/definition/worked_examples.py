"""Does a worked example come to what its author wrote?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from audit_engine.definition.applicability import Resolution
from audit_engine.definition.calculated import failed_checks
from audit_engine.definition.duties import duty_on
from audit_engine.definition.grades import standard_grade
from audit_engine.definition.item_types import ITEM_TYPES, Unparsable
from audit_engine.definition.knowledge import scored
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Example, Item, Questionnaire, Section
from audit_engine.definition.repeats import ONCE, resolved_by_repeat
from audit_engine.definition.variants import worded_for

_COUNTED = {"met": "met", "partly-met": "partly_met", "not-met": "not_met", "not-applicable": "not_applicable"}


@dataclass(frozen=True)
class Outcome:
    """What a questionnaire makes of facts and answers; ``answers`` are values as a form or a file gives them.

    Answers of a section that repeats are mappings of repeat to value;
    ``repeat`` says which of them is looked at, '' what is asked once.
    """

    questionnaire: Questionnaire
    facts: Mapping[str, object]
    answers: Mapping[str, object]
    day: date | None = None
    repeat: str = ONCE

    @cached_property
    def parsed(self) -> tuple[Mapping[tuple[str, str], object], tuple[str, ...]]:
        """Return the values by item id and repeat, and a sentence for each answer that is refused."""
        values: dict[tuple[str, str], object] = {}
        problems: list[str] = []
        for item_id, repeat, raw in self._given():
            item = self.questionnaire.items_by_id[item_id]
            item_type = ITEM_TYPES[item.type]
            try:
                value = values[item_id, repeat] = item_type.parse(raw, item)
            except Unparsable as problem:
                problems.append(f"{item_id}: {problem.sentence}")
            else:
                problems += [f"{item_id}: {told}" for told in item_type.problems(value, item)]
        return values, tuple(problems)

    def _given(self) -> Iterator[tuple[str, str, object]]:
        for item_id, raw in self.answers.items():
            if item_id in self.questionnaire.repeating and isinstance(raw, Mapping):
                yield from ((item_id, str(repeat), given(one)) for repeat, one in raw.items())
            else:
                yield item_id, ONCE, given(raw)

    @cached_property
    def resolution(self) -> Resolution:
        """Return what is asked and which values count."""
        found = resolved_by_repeat(self.questionnaire, self.facts, self.parsed[0])
        return found.get(self.repeat) or found[ONCE]

    def asked_criteria(self, section: Section) -> Iterator[Item]:
        """Yield the criteria of a section that are asked."""
        return (i for i in section.items if i.is_criterion and self.resolution.asked[i.id].asked)

    def counts(self, section: Section) -> dict[str, int]:
        """Return the counts of one section, by the names that grade rules use."""
        counts: Counter[str] = Counter()
        for item in self.asked_criteria(section):
            counts_as = item.counts_as(self.resolution.values.get(item.id))
            counts[_COUNTED[counts_as] if counts_as else "unanswered"] += 1
            counts["critical_not_met"] += item.critical and counts_as == "not-met"
        counts["applicable"] = counts["met"] + counts["partly_met"] + counts["not_met"]
        return dict(counts)

    def total(self, name: str) -> int:
        """Return a count over all sections."""
        return sum(self.counts(section).get(name, 0) for section in self.questionnaire.sections)

    def grade(self, section_id: str) -> str:
        """Return the grade of a section; '' without a grade rule."""
        return standard_grade(self.questionnaire, self.counts(self.questionnaire.sections_by_id[section_id]))

    def points(self) -> Decimal:
        """Return the points of every asked item that has some."""
        found = (
            ITEM_TYPES[item.type].points(self.resolution.values.get(item.id), item)
            for item in self.questionnaire.items
            if self.resolution.asked[item.id].asked
        )
        return sum((points for points in found if points is not None), Decimal(0))

    def value_in_words(self, item_id: str) -> str:
        """Return the value of an item as a reader sees it."""
        item = self.questionnaire.items_by_id[item_id]
        return ITEM_TYPES[item.type].text(self.resolution.values.get(item_id), item)


def given(raw: object) -> object:
    """Return the value of an answer that may be written in full: {value: met, commentary: ...}."""
    return raw["value"] if isinstance(raw, Mapping) and "value" in raw else raw


def run_example(questionnaire: Questionnaire, example: Example) -> tuple[str, ...]:
    """Return a sentence for each thing that comes out otherwise than ``gives`` says."""
    outcome = Outcome(questionnaire, example.facts, example.answers, example.day)
    told = [
        sentence
        for key, expected in example.gives.items()
        for sentence in _COMPARISONS.get(key, _compare_total)(outcome, key, expected)
    ]
    if "problems" not in example.gives:
        told += [f"the answer is refused ({problem})" for problem in outcome.parsed[1]]
    return tuple(told)


def _compare_total(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    found = outcome.total(key)
    if found != expected:
        yield f"{key} should be {expected}, but is {found}."


def _compare_grades(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for section, grade in expected.items():
        found = outcome.grade(section)
        if found != grade:
            yield f"the grade of {section} should be {grade}, but is {found or 'none'}."


def _compare_points(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    found = outcome.points()
    if found != expected:
        yield f"the points should be {expected}, but are {found}."


def _compare_asked(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for item_id in expected:
        state = outcome.resolution.asked[item_id]
        if state.asked is (key == "not_asked"):
            yield f"{item_id} should {'not ' if key == 'not_asked' else ''}be asked. {state.why}".rstrip()


def _compare_why(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for item_id, sentence in expected.items():
        found = outcome.resolution.asked[item_id].why
        if found != " ".join(sentence.split()):
            yield f"{item_id} should say “{sentence}”, but says “{found}”."


def _compare_values(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for item_id, value in expected.items():
        found = outcome.value_in_words(item_id)
        wanted = {True: "Yes", False: "No", None: ""}.get(value, str(value)) if not isinstance(value, str) else value
        if found != wanted:
            yield f"{item_id} should come to “{wanted}”, but comes to “{found}”."


def _compare_checks(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    found = [check.id for check in failed_checks(outcome.questionnaire, outcome.resolution.values)]
    if set(found) != set(expected):
        yield f"the failed checks should be {listed(expected) or 'none'}, but are {listed(found) or 'none'}."


def _compare_scores(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for item_id, score in expected.items():
        item = outcome.questionnaire.items_by_id[item_id]
        found = scored(item, outcome.resolution.values.get(item_id), outcome.day or date.min)
        if found != score:
            yield f"{item_id} should be “{score}”, but is “{found}”."


def _compare_duties(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    found = [item.id for item in outcome.questionnaire.items if duty_on(item, outcome.day or date.min)]
    if set(found) != set(expected):
        yield f"the duties should be {listed(expected) or 'none'}, but are {listed(found) or 'none'}."


def _compare_wording(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for item_id, text in expected.items():
        found = worded_for(outcome.questionnaire.items_by_id[item_id], outcome.facts).text
        if " ".join(found.split()) != " ".join(text.split()):
            yield f"{item_id} should be worded “{text}”, but is worded “{found}”."


def _compare_repeats(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    for repeat, gives in expected.items():
        one = replace(outcome, repeat=str(repeat))
        for inner, wanted in gives.items():
            yield from (f"{repeat}: {told}" for told in _COMPARISONS[inner](one, inner, wanted))


def _compare_problems(outcome: Outcome, key: str, expected: Any) -> Iterator[str]:
    found = outcome.parsed[1]
    if len(found) != expected:
        yield f"{expected} answers should be refused, but {len(found)} are. {' '.join(found)}".rstrip()


_COMPARISONS: Mapping[str, Callable[[Outcome, str, Any], Iterator[str]]] = {
    "grade": _compare_grades,
    "points": _compare_points,
    "asked": _compare_asked,
    "not_asked": _compare_asked,
    "why": _compare_why,
    "values": _compare_values,
    "failed_checks": _compare_checks,
    "problems": _compare_problems,
    "scored": _compare_scores,
    "duties": _compare_duties,
    "wording": _compare_wording,
    "repeats": _compare_repeats,
}
