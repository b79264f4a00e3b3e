from __future__ import annotations

from decimal import Decimal

import pytest

from audit_engine.definition.facts import read_facts
from audit_engine.definition.item_types import Unparsable
from tests.definition.small import FACTS


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("sector", "police", "police"),
        ("sector", "NHS provider trust", "nhs-provider"),
        ("sector", "", None),
        ("areas", ["kent", "medway", "kent"], ("kent", "medway")),
        ("areas", "kent", ("kent",)),
        ("areas", [], None),
        ("direct_work", "yes", True),
        ("direct_work", "No", False),
        ("direct_work", True, True),
        ("direct_work", "", None),
        ("staff", "1,200", Decimal(1200)),
    ],
)
def test_what_a_profile_gives_becomes_a_value(name: str, raw: object, value: object) -> None:
    assert FACTS.by_name[name].parse(raw) == value


@pytest.mark.parametrize(
    ("name", "raw"), [("sector", "navy"), ("areas", {"kent": 1}), ("direct_work", "maybe"), ("staff", "many")]
)
def test_what_is_no_value_of_the_fact_is_refused(name: str, raw: object) -> None:
    with pytest.raises(Unparsable):
        FACTS.by_name[name].parse(raw)


def test_a_whole_profile_is_parsed_and_a_name_that_is_no_fact_refused() -> None:
    assert FACTS.parse({"direct_work": "yes", "areas": ["kent"]}) == {"direct_work": True, "areas": ("kent",)}
    with pytest.raises(Unparsable, match="There is no fact “sectr”"):
        FACTS.parse({"sectr": "police"})


def test_conditions_see_facts_under_organisation_with_their_kinds() -> None:
    kinds = {name: value_type.kind for name, value_type in FACTS.types.items()}
    assert kinds == {
        "organisation.sector": "text",
        "organisation.areas": "texts",
        "organisation.direct_work": "yes-no",
        "organisation.commissions": "yes-no",
        "organisation.staff": "number",
    }
    assert FACTS.types["organisation.areas"].options is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("facts: {a: {type: choice, label: A}}", "A choice needs options"),
        ("facts: {a: {type: yes-no, label: A, options: [{id: x, label: X}]}}", "Only a choice or choices have options"),
        ("facts: {a: {type: choice, label: A, options: [{id: x, label: X}, {id: x, label: Y}]}}", "stands twice"),
        ("facts: {a: {type: colour, label: A}}", "“colour” is not known here"),
        ("facts: {a: {type: text}}", "f.yaml:1:12 facts.a.label: The key is missing"),
        ("facts: {A-b: {type: text, label: A}}", "small letters, figures and underscores"),
        ("facts: {a: {type: text, label: A, lable: B}}", "Did you mean “label”?"),
        ("fact: {}", "There is no key “fact” here. Did you mean “facts”?"),
    ],
)
def test_a_faulty_facts_file_is_told_and_gives_no_facts(text: str, expected: str) -> None:
    reading = read_facts(text, "f.yaml")
    assert any(expected in str(fault) for fault in reading.faults), [str(f) for f in reading.faults]
    assert reading.facts.facts == ()
