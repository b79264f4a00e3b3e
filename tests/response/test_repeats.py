"""Is it known which entries a section has, what each still lacks, and that a removed one's number never comes back?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from audit_engine.definition.questionnaire import Item, Option, Repeat, Section
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import Progress
from audit_engine.response.repeats import Answers, entries, entry_gaps, entry_progress, next_entry

WHAT = Item("x.1", "text", "What came up?", "themes")
NEW = Item("x.2", "single-choice", "Was it new?", "themes", options=(Option("yes", "Yes"), Option("no", "No")))
TOLD = Item("x.3", "information", "Thank you", "themes")
THEMES = Section("themes", "Themes", (WHAT, NEW, TOLD), repeat=Repeat(2, 4, "Theme"))


def said(*given: tuple[str, str, object]) -> Answers:
    """Return answers by (item, entry, value); None is an answer that was taken out."""
    made = [
        Answer(i, State.UNANSWERED if v is None else State.ANSWERED, v, repeat, version=1) for i, repeat, v in given
    ]
    return {a.key: a for a in made}


def everything(_entry: str) -> Sequence[str]:
    return ("x.1", "x.2", "x.3")


def test_entries_stand_in_the_order_in_which_they_were_begun() -> None:
    answers = said(("x.1", "10", "c"), ("x.1", "2", "b"), ("x.2", "1", "yes"), ("other", "7", "x"), ("x.1", "", "y"))
    assert entries(THEMES, answers) == ("1", "2", "10")


def test_an_entry_of_which_everything_was_taken_out_is_none_and_its_number_is_used_up() -> None:
    answers = said(("x.1", "1", "a"), ("x.1", "2", None), ("x.2", "2", None))
    assert entries(THEMES, answers) == ("1",)
    assert next_entry(THEMES, answers) == "3"
    assert next_entry(THEMES, {}) == "1"


def test_commentary_alone_makes_an_entry() -> None:
    only_words = Answer("x.2", repeat="4", commentary="Not sure yet")
    assert entries(THEMES, {only_words.key: only_words}) == ("4",)


def test_too_few_entries_and_what_an_entry_lacks_are_told() -> None:
    gaps = entry_gaps(THEMES, everything, said(("x.1", "3", "Neglect")))
    assert [(g.item, g.repeat, g.sentence) for g in gaps] == [
        ("x.2", "3", "Choose an answer to “Was it new?”"), ("x.1", "", "Add 1 more: Theme (at least 2 in “Themes”)"),
    ]  # fmt: skip


def test_what_an_entry_does_not_ask_is_not_missing_from_it() -> None:
    answers = said(("x.1", "1", "a"), ("x.1", "2", "b"), ("x.2", "2", "no"))
    gaps = entry_gaps(THEMES, lambda entry: ("x.1",) if entry == "1" else ("x.1", "x.2"), answers)
    assert gaps == ()


@pytest.mark.parametrize("asked", [(), ("x.3",)])
def test_a_section_that_asks_nothing_needs_no_entries(asked: Sequence[str]) -> None:
    assert entry_gaps(THEMES, lambda _entry: asked, {}) == ()


def test_progress_counts_the_entries_that_are_still_to_come() -> None:
    assert entry_progress(THEMES, everything, {}) == Progress(4, 0, 0)
    assert entry_progress(THEMES, everything, said(("x.1", "1", "a"))) == Progress(4, 1, 1)
    three = said(*((item, str(n), value) for n in (1, 2, 3) for item, value in (("x.1", "a"), ("x.2", "no"))))
    assert entry_progress(THEMES, everything, three) == Progress(6, 6, 6)
