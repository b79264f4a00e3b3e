"""Does a worked example come to what its author wrote?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from audit_engine.definition.applicability import Resolution, resolved
from audit_engine.definition.calculated import failed_checks
from audit_engine.definition.grades import standard_grade
from audit_engine.definition.item_types import ITEM_TYPES, Unparsable
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Example, Item, Questionnaire, Section

_COUNTED = {"met": "met", "partly-met": "partly_met", "not-met": "not_met", "not-applicable": "not_applicable"}


@dataclass(frozen=True)
class Outcome:
    """What a questionnaire makes of facts and answers; ``answers`` are values as a form or a file gives them."""

    questionnaire: Questionnaire
    facts: Mapping[str, object]
    answers: Mapping[str, object]

    @cached_property
    def parsed(self) -> tuple[Mapping[str, object], tuple[str, ...]]:
        """Return the values by item id, and a sentence for each answer that is refused."""
        values: dict[str, object] = {}
        problems: list[str] = []
        for item_id, raw in self.answers.items():
            item = self.questionnaire.items_by_id[item_id]
            item_type = ITEM_TYPES[item.type]
            try:
                values[item_id] = item_type.parse(given(raw), item)
            except Unparsable as problem:
                problems.append(f"{item_id}: {problem.sentence}")
            else:
                problems += [f"{item_id}: {told}" for told in item_type.problems(values[item_id], item)]
        return values, tuple(problems)

    @cached_property
    def resolution(self) -> Resolution:
        """Return what is asked and which values count."""
        return resolved(self.questionnaire, self.facts, self.parsed[0])

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
    outcome = Outcome(questionnaire, example.facts, example.answers)
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
}
