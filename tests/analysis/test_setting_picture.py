"""Does a setting's picture count grades by section, and does "moved" compare only what can be compared?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit_engine.analysis.setting_picture import Moved, moved, picture, picture_from
from audit_engine.definition.lineage import LineageMap, Pair
from audit_engine.definition.questionnaire import Item, Option, Questionnaire, Section
from audit_engine.response.answers import Answer, State

SCALE = (
    Option("strong", "Strong", Decimal(3)),
    Option("begun", "Begun", Decimal(1)),
    Option("none", "None"),
)


def questionnaire(version: str, *ids: str) -> Questionnaire:
    items = tuple(Item(i, "rating", f"Statement {i}", "s", options=SCALE) for i in ids)
    note = Item("x.note", "information", "Ask governors", "s")
    return Questionnaire("x", version, "X", "self-audit", "organisation", (Section("s", "Section", (*items, note)),))


def said(**grades: str) -> list[Answer]:
    return [Answer(f"x.{k}", State.ANSWERED, v) for k, v in grades.items()]


def test_every_asked_statement_is_in_one_cell_of_its_section() -> None:
    asked = questionnaire("1", "x.a", "x.b", "x.c", "x.d")
    (counts,) = picture(asked, said(a="strong", b="none", d="begun"), {"x.a", "x.b", "x.c"}).sections
    assert dict(counts.graded) == {"strong": 1, "begun": 0, "none": 1}  # d is not asked of this setting
    assert (counts.unanswered, counts.answered, counts.asked) == (1, 2, 3)


def test_shared_counts_draw_the_same_picture() -> None:
    asked = questionnaire("1", "x.a", "x.b")
    drawn = picture(asked, said(a="strong"), {"x.a", "x.b"})
    assert picture_from(asked, drawn.as_json()) == drawn


def compared(then: str, now: str, relation: str = "same") -> Moved:
    before, current = questionnaire("1", "x.a"), questionnaire("2", "x.a")
    lineage = LineageMap("1", "2", (Pair(relation, ("x.a",), ("x.a",)),))  # type: ignore[arg-type]
    return moved(before, current, lineage, said(a=then), said(a=now))


@pytest.mark.parametrize(
    "then, now, direction",
    [("begun", "strong", "up"), ("strong", "begun", "down"), ("begun", "begun", "same"), ("none", "none", "same")],
)
def test_a_grade_moves_along_the_scale(then: str, now: str, direction: str) -> None:
    assert [m.direction for m in compared(then, now).moves] == [direction]


@pytest.mark.parametrize("then, now", [("none", "strong"), ("strong", "none")])
def test_what_did_not_apply_has_no_place_to_move_from(then: str, now: str) -> None:
    found = compared(then, now)
    assert found.moves == () and [i.id for i in found.not_compared] == ["x.a"]


def test_the_weakest_of_several_earlier_statements_stands_for_them_all() -> None:
    before, current = questionnaire("1", "x.a", "x.b"), questionnaire("2", "x.c")
    lineage = LineageMap("1", "2", (Pair("merged", ("x.a", "x.b"), ("x.c",)),))
    (move,) = moved(before, current, lineage, said(a="strong", b="begun"), said(c="strong")).moves
    assert (move.before, move.direction) == ("Begun", "up")
    alone = moved(before, current, lineage, said(a="strong"), said(c="strong"))
    assert alone.moves == ()  # one of the two was never graded


def test_a_new_statement_is_compared_with_nothing() -> None:
    lineage = LineageMap("1", "2")
    found = moved(questionnaire("1"), questionnaire("2", "x.a"), lineage, [], said(a="strong"))
    assert [i.id for i in found.not_compared] == ["x.a"]
