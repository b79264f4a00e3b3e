"""A small sound questionnaire for tests, and ways to spoil it."""

from __future__ import annotations

from audit_engine.definition.facts import Facts, read_facts
from audit_engine.definition.faults import Fault
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.reader import Finder, Reading, read_questionnaire

FACTS_TEXT = """\
facts:
  sector:
    type: choice
    label: Kind of organisation
    options: [{id: police, label: Police}, {id: nhs-provider, label: NHS provider trust}]
  areas: {type: choices, label: Areas where you work}
  direct_work:
    type: yes-no
    label: Works directly with children
    yes: you work directly with children
    no: you do not work directly with children
  commissions: {type: yes-no, label: Buys services for children}
  staff: {type: number, label: Number of staff}
"""

SMALL = """\
questionnaire: small
version: "2"
title: Small audit
kind: audit
respondent: organisation
scales:
  met:
    - {id: met, label: Met, points: 2, counts_as: met}
    - {id: partly-met, label: Partially met, points: 1, counts_as: partly-met}
    - {id: not-met, label: Not met, points: 0, counts_as: not-met}
    - {id: not-applicable, label: Not applicable, counts_as: not-applicable, needs: reason}
sections:
  - id: first
    title: First standard
    items:
      - id: t.1
        type: rating
        scale: met
        text: The first thing is done
        guidance: Look at it
        tags: [one]
      - id: t.2
        type: yes-no-unsure
        text: Is there more?
grades:
  standard:
    - {grade: met, when: met == applicable}
    - {grade: partly-met, when: "true"}
"""

SECOND = """\
      - id: t.2
        type: yes-no-unsure
        text: Is there more?
"""
KNOWLEDGE = ("id: t.2", "type: knowledge", "text: Leave is needed")
ROW = "ref: Act, as_at: 2026-06-01"
RATING = "{id: t.3, type: rating, scale: met, text: Led, guidance: Look, rules: %s}"


def facts() -> Facts:
    reading = read_facts(FACTS_TEXT, "facts.yaml")
    assert not reading.faults
    return reading.facts


FACTS = facts()


def read(text: str, find: Finder | None = None) -> Reading:
    return read_questionnaire(text, "t.yaml", FACTS, find)


def sound(text: str, find: Finder | None = None) -> Questionnaire:
    """Return what the text says; it must have no fault."""
    reading = read(text, find)
    assert reading.faults == ()
    assert reading.questionnaire is not None
    return reading.questionnaire


def changed(*changes: tuple[str, str], text: str = SMALL) -> str:
    """Return the small questionnaire with parts replaced; each part must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def second(*lines: str) -> str:
    """Return the small questionnaire with another second item."""
    return changed((SECOND, "      - " + "\n        ".join(lines) + "\n"))


def added(*lines: str) -> str:
    """Return the small questionnaire with more lines at its end."""
    return SMALL + "\n".join(lines) + "\n"


def knowledge(*rows: str) -> str:
    """Return the small questionnaire with a knowledge item with these key rows."""
    return second(*KNOWLEDGE, "key:", *(f"  - {{{row}, {ROW}}}" for row in rows))


def following(rules: str, *keys: str) -> str:
    """Return the small questionnaire with a rating that follows from rules."""
    item = RATING % rules
    return changed((SECOND, SECOND + f"      - {item[:-1]}{''.join(f', {key}' for key in keys)}}}\n"))


def repeating(*items: str, repeat: str = "{min: 1, max: 3, label: Theme}") -> str:
    """Return the small questionnaire with a section that repeats before its grades."""
    lines = [f"  - id: themes\n    title: Themes\n    repeat: {repeat}\n    items:", *(f"      - {i}" for i in items)]
    return changed(("grades:", "\n".join(lines) + "\ngrades:"))


def person_survey(*changes: tuple[str, str]) -> str:
    """Return the small questionnaire as an anonymous survey of people."""
    head = ("kind: audit\nrespondent: organisation", "kind: survey\nrespondent: person\nanonymity: anonymous")
    return changed(head, *changes)


def faults(text: str, find: Finder | None = None) -> list[str]:
    """Return the faults as lines without the file's name; there must be some."""
    found = read(text, find).faults
    assert found
    return [line(fault) for fault in found]


def warnings(text: str, find: Finder | None = None) -> list[str]:
    """Return the warnings of a sound text as lines without the file's name."""
    reading = read(text, find)
    assert reading.faults == ()
    return [line(warning) for warning in reading.warnings]


def line(fault: Fault) -> str:
    return str(fault).removeprefix("t.yaml:")
