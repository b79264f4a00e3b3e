from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from audit_engine.definition.faults import FaultLog
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.loading import loaded
from audit_engine.definition.shape import questionnaire_shape
from audit_engine.definition.shape_fields import Table
from audit_engine.definition.worked_examples import run_example

HERE = Path(__file__).parent
LIBRARY = Library(HERE.parents[1])
FILES = sorted(HERE.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_feature_works_as_its_examples_say(path: Path) -> None:
    reading = LIBRARY.reading(path)
    assert [str(fault) for fault in (*reading.faults, *reading.warnings)] == []
    questionnaire = reading.questionnaire
    assert questionnaire is not None
    assert questionnaire.examples, "a feature needs at least one example"
    assert {e.title: run_example(questionnaire, e) for e in questionnaire.examples} == {
        e.title: () for e in questionnaire.examples
    }


def test_every_relation_comes_out_once() -> None:
    first, second = (LIBRARY.reading(HERE / "lineage" / f"{version}.yaml").questionnaire for version in "12")
    assert first is not None
    assert second is not None
    lineage = lineage_between(first, second)
    assert [pair.relation for pair in lineage.pairs] == ["same", "reworded", "widened", "narrowed", "merged", "split"]
    assert [entry.id for entry in lineage.new] == ["li.14", "li.15"]
    kinds = (lineage.folded, lineage.moved, lineage.dropped)
    assert [[entry.id for entry in entries] for entries in kinds] == [["li.8"], ["li.9"], ["li.10"]]


def keys_of(shape: Schema, seen: set[type[Schema]]) -> Iterator[tuple[str, str]]:
    """Yield each set of keys by name with each of its keys."""
    if type(shape) in seen:
        return
    seen.add(type(shape))
    for name, field in shape.fields.items():
        yield type(shape).__name__, field.data_key or name
        inner: Any = field
        while isinstance(inner, fields.List | Table):
            inner = inner.inner if isinstance(inner, fields.List) else inner.values
        if isinstance(inner, fields.Nested):
            yield from keys_of(inner.schema, seen)


def used(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from used(below)
    elif isinstance(value, list):
        for below in value:
            yield from used(below)


def test_every_key_of_the_language_stands_in_a_feature() -> None:
    written = {key for path in FILES for key in used(loaded(path.read_text("utf-8"), FaultLog("")).values)}
    known = {key for _, key in keys_of(questionnaire_shape(), set())}
    assert known - written == set()


def test_every_type_of_item_stands_in_a_feature() -> None:
    items = [item for path in FILES for item in LIBRARY.reading(path).questionnaire.items]  # type: ignore[union-attr]
    assert {item.type for item in items} == set(ITEM_TYPES)
