from __future__ import annotations

from datetime import date

import pytest

from audit_engine.analysis.figures import (
    FigureConflict,
    PartsDoNotAdd,
    UnknownFigure,
    change_figure,
    count_figure,
    date_figure,
    register,
    share_figure,
)


def test_two_figures_for_one_thing_that_differ_are_an_error() -> None:
    with pytest.raises(FigureConflict, match=r"'completions' was given as 41,699 \(from page 4\) and as 42,100"):
        register([count_figure("completions", 41699, "page 4"), count_figure("completions", 42100, "page 9")])


def test_one_figure_may_be_given_twice() -> None:
    assert len(register([count_figure("k", 3, "a table"), count_figure("k", 3, "the summary")])) == 1


def test_the_same_count_of_another_base_is_another_figure() -> None:
    with pytest.raises(FigureConflict):
        register([count_figure("k", 3, "a table", base=4), count_figure("k", 3, "a table", base=5)])


def test_parts_must_add_up_or_the_rest_be_named() -> None:
    with pytest.raises(PartsDoNotAdd, match="add up to 102, but the figure is 122"):
        register([count_figure("replies", 122, "survey", parts=(("used it", 41), ("did not", 61)))])
    register([count_figure("replies", 122, "survey", parts=(("used it", 41), ("did not", 61), ("not said", 20)))])


def test_a_part_may_be_another_figure() -> None:
    gained, lost = count_figure("gained", 5, "change"), count_figure("lost", 2, "change")
    both = count_figure("moved", 7, "change", parts=(("gained", "gained"), ("lost", "lost")))
    assert register([both, gained, lost])["moved"].value == 7
    with pytest.raises(UnknownFigure, match="No figure is called 'lost'"):
        register([both, gained])


def test_a_figure_that_nobody_registered_is_an_error() -> None:
    with pytest.raises(UnknownFigure):
        register([])["anything"]


def test_figures_print_as_sentences_need_them() -> None:
    found = [
        count_figure("a", 1234, "s"), share_figure("b", 1, 8, "s"), share_figure("c", 0, 0, "s"),
        change_figure("d", -3, "s"), date_figure("e", date(2026, 9, 4), "s"),
    ]  # fmt: skip
    assert [figure.text for figure in found] == ["1,234", "13%", "–", "−3", "4 September 2026"]
    assert found[2].value is None


def test_a_register_is_written_as_plain_values() -> None:
    found = register([share_figure("b", 1, 8, "a table"), date_figure("e", date(2026, 9, 4), "the cycle")])
    first, second = found.as_json()
    assert first == {
        "id": "b", "kind": "share", "value": 0.125, "text": "13%", "numerator": 1, "base": 8, "parts": [],
        "source": "a table",
    }  # fmt: skip
    assert second["value"] == "2026-09-04"
    assert [figure.id for figure in found] == ["b", "e"]
    assert "b" in found
