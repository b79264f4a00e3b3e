from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from audit_engine.definition.faults import FaultLog
from audit_engine.definition.library import Library
from audit_engine.definition.loading import loaded
from audit_engine.definition.questionnaire import Example, Questionnaire
from audit_engine.definition.worked_examples import run_example

HERE = Path(__file__).parent
LIBRARY = Library(HERE.parents[1])
KEYS = {"questionnaire", "title", "reason", "day", "facts", "answers", "gives"}


def cases() -> list[Any]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        text = "cases:\n" + path.read_text(encoding="utf-8")
        for case in loaded(text, FaultLog(path.name)).values["cases"]:
            found.append(pytest.param(case, id=f"{path.stem}: {case['title']}"))
    return found


@cache
def questionnaire(name: str) -> Questionnaire:
    if "@" in name:
        return LIBRARY.named(name)
    reading = LIBRARY.reading(HERE / name)
    assert reading.questionnaire is not None, [str(fault) for fault in reading.faults]
    return reading.questionnaire


@pytest.mark.parametrize("case", cases())
def test_a_case_comes_out_as_the_auditor_says(case: Mapping[str, Any]) -> None:
    assert set(case) <= KEYS
    assert case["reason"]
    facts = LIBRARY.facts.parse(case.get("facts", {}))
    day = date.fromisoformat(case["day"]) if "day" in case else None
    example = Example(case["title"], case["answers"], facts, case["gives"], case["reason"], day)
    assert run_example(questionnaire(case["questionnaire"]), example) == ()
