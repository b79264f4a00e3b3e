"""Can a mapping be written, edited by people and read back, and is each slip named with its line?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.exchange.headings import layout_of
from audit_engine.exchange.mapping import Mapping, UnfitMapping, Use
from audit_engine.exchange.mapping_file import mapping_text, read_mapping
from audit_engine.exchange.matching import comments_of, suggested
from audit_engine.exchange.open_file import open_table
from tests.exchange.exports import PRODUCTS, write

EVERYTHING = Mapping(
    "pulse@1",
    (
        Use("Who told you?", "answer", question="p.3", words={"Aye: \"yes\" # no": "manager", "no": ""}, others=True),
        Use("Who told you?", "choice", under="A poster", occurrence=2, question="p.3", choice="poster"),
        Use("Sure: é", "row", under="- a colleague", question="p.6", row="peer", separator=","),
        Use("Other", "other", question="p.3"),
        Use("yes", "organisation", words={"Otter\nSchool": "otters"}),
        Use("", "not taken", why="it has no heading: #1"),
    ),
    "SurveyMonkey", 2, month_first=True,
)  # fmt: skip


def test_what_is_written_is_read_back() -> None:
    assert read_mapping(mapping_text(EVERYTHING), "m.yaml") == EVERYTHING


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_suggestion_is_read_back_as_it_was(product: str, tmp_path: Path, pulse: Questionnaire) -> None:
    layout = layout_of(open_table(write(tmp_path / "a.csv", PRODUCTS[product]())))
    suggestion = suggested(layout, pulse, {})
    text = mapping_text(suggestion.mapping, comments_of(suggestion, layout, pulse))
    assert read_mapping(text, "m.yaml") == suggestion.mapping
    assert "# column A\n" in text


TOP = "mapping: pulse@1\ncolumns:\n"


@pytest.mark.parametrize(
    "text, told",
    [
        ("columns: []\n", "Say which survey this is for"),
        ("mapping: pulse@1\n", "List the columns"),
        (TOP + "  - question: p.1\n", "m.yaml:3:5 columns[0]: Begin each column"),
        (TOP + "  - column: A\n", "Say which question this column answers"),
        (TOP + "  - column: A\n    qestion: p.1\n", "m.yaml:4:5 qestion: There is no such key here. Did you mean"),
        (TOP + "  - column: A\n    question: p.1\n    choice: 1\n", "Put this in quotes"),
        (TOP + "  - column: A\n    question: p.1\n    not_taken: no\n", "one thing only"),
        (TOP + "  - column: A\n    question: p.1\n    words: [a]\n", "Write a line for each word"),
        (TOP + "  - column: A\n    question: p.1\n    occurrence: 0\n", "whole number from 1"),
        (TOP + "heading_rows: 9\n", "Write 1, 2 or 3"),
        (TOP + "dates: american\n", "day first"),
        (TOP + "  - &a {column: A}\n", "anchor"),
        ("- a\n", "keys and values"),
        ("a: [", "This is not YAML that can be read"),
    ],
)
def test_a_slip_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(UnfitMapping) as refusal:
        read_mapping(text, "m.yaml")
    assert told in "\n".join(refusal.value.faults)
