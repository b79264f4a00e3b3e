from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audit_engine.definition.faults import FaultLog
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.loading import loaded
from audit_engine.definition.schema import json_schema
from tests.definition.small import SMALL, changed

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted([*(ROOT / "questionnaires").glob("*/*.yaml"), *(ROOT / "tests" / "questionnaires").glob("*.yaml")])


def values(text: str) -> Any:
    return plain(loaded(text, FaultLog("t.yaml")).values)


def plain(value: Any) -> Any:
    """Return the value with numbers as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [plain(below) for below in value]
    return float(value) if isinstance(value, Decimal) else value


def test_the_schema_is_one_of_draft_2020_12() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_the_reader_takes_the_schema_takes(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(values(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "change",
    [
        ('"2"', "2"),
        ("title: Small audit", "titel: Small audit"),
        ("kind: audit", "kind: adit"),
        ("type: rating", "type: ratting"),
        ("id: t.2", "id: t2"),
        ("tags: [one]", "critical: yes"),
        ("text: Is there more?", "text: Is there?\n        rows: []"),
        ("points: 2", 'points: "2"'),
        ("text: Is there more?", "text: {cy: Oes mwy?}"),
        ("text: Is there more?", "text: {en: More?, Welsh: Oes mwy?}"),
        ("text: Is there more?", "text: More?\n        key: []"),
        ("text: Is there more?", "text: More?\n        other: true"),
        ("id: first", "repeat: {min: 1}\n    id: first"),
        ("kind: audit", "kind: {en: audit}"),
    ],
)
def test_an_editor_shows_what_the_reader_refuses(change: tuple[str, str]) -> None:
    assert VALIDATOR.is_valid(values(SMALL))
    assert not VALIDATOR.is_valid(values(changed(change)))


def test_an_editor_takes_a_text_in_several_languages() -> None:
    assert VALIDATOR.is_valid(values(changed(("text: Is there more?", "text: {en: More?, cy: Oes mwy?}"))))


def test_every_type_of_item_is_offered() -> None:
    assert SCHEMA["$defs"]["Item"]["properties"]["type"]["enum"] == list(ITEM_TYPES)


def test_every_set_of_keys_says_what_it_is() -> None:
    assert all(definition["description"] for definition in SCHEMA["$defs"].values())
