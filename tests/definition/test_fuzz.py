"""Whatever comes in, the reader answers with faults and the expressions with a sentence; nothing else ever escapes."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_engine.definition.expressions import ExpressionFault, ValueType, compile_expression
from audit_engine.definition.expressions.value_types import DATE, NUMBER, OTHER, TEXTS, YES_NO
from audit_engine.definition.facts import Facts, read_facts
from audit_engine.definition.reader import Reading, read_questionnaire
from tests.examples import examples

FEW = settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow])

WHOLE = """\
questionnaire: fuzz
version: "2"
title: Fuzz
kind: audit
respondent: organisation
continues: "1"
introduction: {en: Words, cy: Geiriau}
languages: [en, cy]
anonymity: named
minutes: 5
closing: Bye
support: [{name: A, contact: B, when: C}]
reflections: {strengths: 3, priorities: 3}
defaults: {rating: {scale: met, commentary: {required_when: [not-met, changed]}}}
scales:
  met:
    - {id: met, label: Met, points: 2, counts_as: met}
    - {id: not-met, label: Not met, points: 0, counts_as: not-met}
    - {id: na, label: Not applicable, counts_as: not-applicable, needs: reason}
sections:
  - id: one
    title: One
    applies_when: answered(organisation.sector)
    items:
      - {id: f.1, type: rating, text: A, tags: [t], critical: true, lineage: {relation: same}}
      - {id: f.2, type: number, text: "B {area.lado}", minimum: 0, maximum: 9, lineage: {relation: new}}
      - id: f.3
        type: calculated
        text: C {answer:f.2}
        calculate: f.2 * 2 + 1
        enable_when: f.1 == "met" and f.2 > 3
        lineage: {relation: merged, from: [f.8, f.9]}
        law: [{ref: Act, as_at: 2026-01-01}]
        staff_view: [{survey: s, item: ss.1, consistent: ["yes"], target: 0.75, floor: 0.5}]
  - id: two
    title: Two
    items:
      - id: f.4
        type: grid
        text: D
        options: [{id: a, label: A}, {id: b, label: B}]
        rows: [{id: r, label: R}]
        lineage: {relation: split, from: [f.7]}
      - id: f.5
        type: knowledge
        text: E
        profile: true
        breakdown: true
        key: [{answer: "true", from: 2026-01-01, to: 2026-08-31, ref: Act, as_at: 2026-01-01}]
        variants: [{when: organisation.direct_work, text: {en: F, cy: Ff}}]
        lineage: {relation: new}
      - id: f.10
        type: counts
        text: G
        rows: [{id: r, label: R}]
        parts: {headcount: K, completed: L}
        lineage: {relation: new}
      - {id: f.11, type: single-choice, text: H, other: true, scale: met, mirrors: [x.1], lineage: {relation: new}}
      - id: f.12
        type: rating
        text: I
        do_today: J
        duty_from: {date: 2026-01-01, ref: Act}
        rules: [{option: met, when: 2 * f.10.completed > f.10.headcount}, {option: not-met, when: "true"}]
        lineage: {relation: new}
  - id: three
    title: Three
    repeat: {min: 1, max: 3, label: Theme}
    items:
      - {id: f.13, type: text, text: M, enable_when: f.2 > 1, lineage: {relation: new}}
      - {id: f.14, type: text, text: N, enable_when: answered(f.13), lineage: {relation: new}}
retired: [{id: f.6, relation: dropped, reason: No longer needed}]
grades:
  standard:
    - {grade: not-met, when: critical_not_met > 0}
    - {grade: met, when: "true"}
measures: [{id: m, title: M, tags: [t], baseline: "1"}]
checks: [{id: c, holds: f.2 <= 9, message: Too many, items: [f.2]}]
examples:
  - title: E
    day: 2026-01-01
    facts: {direct_work: yes}
    answers: {f.1: met, f.13: {"1": A}}
    gives: {met: 1, asked: [f.2], scored: {f.5: gap}, repeats: {"1": {asked: [f.14]}}, wording: {f.5: F}}
"""
FACTS = read_facts("facts: {direct_work: {type: yes-no, label: Works}, sector: {type: text, label: S}}", "f").facts


def read(text: str | bytes) -> Reading:
    """Read, and insist on what every fault must say."""
    reading = read_questionnaire(text, "fuzz.yaml", FACTS)
    for fault in (*reading.faults, *reading.warnings):
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.sentence
        assert len(str(fault)) < 2_000
    return reading


def is_read_or_refused(reading: Reading) -> bool:
    """Tell whether there is either a questionnaire or a fault."""
    return (reading.questionnaire is None) is bool(reading.faults)


def test_the_whole_file_is_sound_before_it_is_spoilt() -> None:
    reading = read(WHOLE)
    assert reading.faults == ()
    assert is_read_or_refused(reading)


@FEW
@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(raw: bytes) -> None:
    assert is_read_or_refused(read(raw))


@FEW
@given(st.text(max_size=400))
def test_text_of_any_kind_is_read_or_refused(text: str) -> None:
    assert is_read_or_refused(read(text))


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.sampled_from(["met", "f.1", "rating", "true", "x" * 30_000, "", " ", "{answer:f.9}", "2026-02-30", "yes"]),
    st.text(max_size=20),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        found += paths(below, (*path, step))
    return found


def whole_values() -> Any:
    import yaml

    return yaml.load(WHOLE, Loader=yaml.BaseLoader)


PATHS = paths(whole_values())


@FEW
@given(st.sampled_from(PATHS), VALUES)
def test_a_value_of_any_kind_in_any_place_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    whole = whole_values()
    place = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert is_read_or_refused(read(json.dumps(whole)))


@FEW
@given(st.sampled_from(PATHS))
def test_any_key_or_entry_may_be_missing(path: tuple[Any, ...]) -> None:
    whole = whole_values()
    place = whole
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    assert is_read_or_refused(read(json.dumps(whole)))


@FEW
@given(st.integers(0, 2**32))
def test_lines_may_be_cut_doubled_shifted_and_swapped(seed: int) -> None:
    chance = random.Random(seed)
    lines = WHOLE.splitlines()
    for _ in range(chance.randint(1, 4)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                lines[at] = lines[at][chance.randrange(len(lines[at]) + 1) :]
            case 1:
                lines.insert(at, lines[other])
            case 2:
                lines[at] = " " * chance.randrange(8) + lines[at]
            case 3:
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                position = chance.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:position] + chance.choice("{}[]:,&*!|>'\"%@`#-?\t\\") + lines[at][position:]
    assert is_read_or_refused(read("\n".join(lines)))


TYPES = {
    "f.1": ValueType("text", {"met": "Met", "not-met": "Not met"}),
    "f.2": NUMBER,
    "f.3": DATE,
    "f.4": OTHER,
    "organisation.areas": TEXTS,
    "organisation.direct_work": YES_NO,
}
GIVEN: list[dict[str, object]] = [
    {},
    {"f.1": "met", "f.2": Decimal("3.5"), "f.3": date(2026, 9, 14), "f.4": "x", "organisation.areas": ("kent",)},
    {"f.1": 3, "f.2": "three", "f.3": "2026", "organisation.areas": "kent", "organisation.direct_work": "perhaps"},
    {"f.2": float("nan"), "organisation.direct_work": "yes"},
    {"f.2": 10**15, "organisation.direct_work": True, "f.1": ""},
]
WORDS = [
    *TYPES,
    "and", "or", "not", "in", "not in", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "(", ")", "[", "]", ",",
    "true", "false", "answered(f.1)", "0", "2", "3.5", '"met"', '"kent"', '"2026-09-14"', "is", "lambda", "**", ".x",
    "__import__", '("os")', "if", "else", "for x in", ":=", "=", "'", '"',
]  # fmt: skip


def verdicts(source: str) -> set[bool]:
    """Return whether an expression holds, of everything given; nothing of one that is refused."""
    try:
        expression = compile_expression(source, TYPES)
    except ExpressionFault as fault:
        assert 1 <= fault.column <= len(source) + 1
        assert fault.sentence.endswith((".", "?"))
        return set()
    for values in GIVEN:
        expression.evaluate(values)
    expression.reach()
    assert expression.in_words(lambda name: name)
    assert expression.names <= TYPES.keys()
    return {expression.holds(values) for values in GIVEN}


@FEW
@given(st.text(max_size=600))
def test_an_expression_of_any_characters_is_compiled_or_refused(source: str) -> None:
    assert verdicts(source) <= {True, False}


@settings(FEW, max_examples=examples(400))
@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_an_expression_of_any_words_is_compiled_or_refused(words: list[str]) -> None:
    assert verdicts(" ".join(words)) <= {True, False}


@pytest.mark.parametrize("raw", [b"", b"\x00", "facts: 3", "facts: {a: 1}", "facts: {A b: {type: choice}}", "[" * 999])
def test_a_facts_file_of_any_kind_is_read_or_refused(raw: str | bytes) -> None:
    reading = read_facts(raw, "facts.yaml")
    assert reading.faults
    assert reading.facts == Facts()
