"""Is docs/definition-language.md true?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audit_engine.definition import faults, loading, manuscript, reader, shape_fields
from audit_engine.definition.expressions import compile_expression, compiler, tokens
from audit_engine.definition.expressions.value_types import DATE, NUMBER, OTHER
from audit_engine.definition.grades import COUNT_NAMES
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.library import Library
from audit_engine.definition.piping import AREA_TEXTS
from audit_engine.definition.reader import read_questionnaire
from audit_engine.definition.schema import json_schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "definition-language.md").read_text(encoding="utf-8")
FACTS = Library(ROOT).facts
CODE = set(re.findall(r"[a-z][a-z_-]*", PAGE))


def test_the_questionnaire_in_twelve_lines_runs() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(block.splitlines()) == 12
    reading = read_questionnaire(block, "first-aid/2026.yaml", FACTS)
    assert (reading.faults, reading.warnings) == ((), ())
    assert reading.questionnaire is not None
    assert reading.questionnaire.name == "first-aid@2026"


def test_every_key_and_every_word_that_a_key_may_hold_is_on_the_page() -> None:
    schema = json_schema()
    shapes = [schema, *schema["$defs"].values()]
    keys = {key for shape in shapes for key in shape["properties"]}
    words = {word for shape in shapes for field in shape["properties"].values() for word in field.get("enum", ())}
    assert keys - CODE == set()
    assert {word for word in words if word not in PAGE} == set()


@pytest.mark.parametrize("names", [ITEM_TYPES, COUNT_NAMES])
def test_every_name_of_the_language_is_on_the_page(names: tuple[str, ...]) -> None:
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_every_area_text_is_on_the_page() -> None:
    assert [name for name in AREA_TEXTS if f"{{area.{name}}}" not in PAGE] == []


def test_the_limits_are_those_of_the_program() -> None:
    limits = dict(re.findall(r"^\| ([a-z].*?) \| ([0-9].*?) \|$", PAGE.split("## Limits")[1], re.MULTILINE))
    assert limits == {
        "a file": f"{loading.MOST_BYTES // 1_000_000} MB",
        "nesting": f"{loading.MOST_DEPTH} levels",
        "values in a file": f"{loading.MOST_NODES:,}",
        "entries of one list, keys of one mapping": f"{loading.MOST_ENTRIES:,}",
        "items": f"{reader.MOST_ITEMS:,}",
        "a line of text (title, label)": f"{shape_fields.LONGEST_LINE:,} characters",
        "prose": f"{shape_fields.LONGEST_PROSE:,} characters",
        "an expression": f"{tokens.MOST_CHARACTERS} characters, brackets {tokens.MOST_NESTING} deep, "
        f"{compiler.MOST_PARTS} parts",
        "all expressions of a file": f"{manuscript.MOST_CHARACTERS:,} characters",
        "faults told": f"{faults.MOST_FAULTS} a file",
    }


def test_the_example_expressions_compile() -> None:
    examples = re.findall(r"`([^`]+)`", PAGE.split("Examples: ")[1].split("\n\n")[0])
    types = dict(FACTS.types) | {"nu.1": NUMBER, "nu.2": NUMBER, "fi.1": OTHER, "da.1": DATE, "s11.OS.6": OTHER}
    types["s11.OS.6"] = ITEM_TYPES["text"].value_type
    assert len(examples) == 7
    for source in examples:
        compile_expression(source, types)
