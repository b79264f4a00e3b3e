"""The questionnaire that a test writes down as text, read against the facts that ship."""

from __future__ import annotations

from functools import cache

from audit_engine.definition.facts import Facts
from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.reader import read_questionnaire
from tests.conftest import ROOT


@cache
def shipped_facts() -> Facts:
    return Library(ROOT).facts


def sound_questionnaire(text: str, path: str = "t.yaml") -> Questionnaire:
    """Return what the text says; it must have no fault."""
    reading = read_questionnaire(text, path, shipped_facts())
    assert reading.questionnaire is not None, "\n".join(str(fault) for fault in reading.faults)
    return reading.questionnaire
