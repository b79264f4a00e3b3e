"""Is it noticed when figures of a document do not agree, and is nothing said when they do?"""

from __future__ import annotations

import pytest

from audit_engine.analysis.figure_checks import MOST_NAMED, against_issued, doubts_about
from audit_engine.analysis.figures import Figure, change_figure, collected, count_figure, share_figure

WHEN = "5pm on Friday 18 December 2026"


def told(*figures: Figure) -> list[tuple[str, str]]:
    return [(doubt.figure, doubt.sentence) for doubt in doubts_about(collected(figures))]


def test_figures_that_agree_raise_no_doubt() -> None:
    assert (
        told(
            count_figure("overall.applicable", 10, "ratings", parts=(("met", 7), ("partly met", 2), ("not met", 1))),
            count_figure("overall.met", 7, "ratings", base=10),
            share_figure("overall.share-met", 7, 10, "ratings"),
            count_figure("standard.leading.met", 4, "ratings in Leading", base=6),
            count_figure("standard.working.met", 3, "ratings in Working", base=4),
            change_figure("change.net", 2, "both audits", (("gained", 3), ("lost", -1))),
        )
        == []
    )


def test_two_figures_for_one_thing_are_told_with_their_sources_and_the_first_stays() -> None:
    found = collected([count_figure("k", 41_699, "page 4"), count_figure("k", 42_100, "page 9")])
    assert [d.sentence for d in found.doubts] == [
        "Two figures stand for one thing: 41,699 (page 4) and 42,100 (page 9)."
    ]
    assert found["k"].value == 41_699


def test_parts_that_do_not_add_up_are_told_with_what_they_come_to() -> None:
    replies = count_figure("replies", 122, "survey", parts=(("used it", 41), ("did not", 61)))
    assert told(replies) == [("replies", "122 (survey) is made of used it 41 + did not 61, which is 102.")]


def test_a_part_that_nobody_counted_is_named() -> None:
    both = count_figure("moved", 7, "change", parts=(("gained", "gained"),))
    assert told(both) == [("moved", "7 (change) has a part that nobody counted: gained.")]


def test_more_than_its_base_and_a_share_that_its_counts_do_not_give_are_doubted() -> None:
    wrong = Figure("s", "share", 0.5, "50%", "survey", 7, 10)
    assert told(count_figure("k", 11, "survey", base=10), wrong) == [
        ("k", "11 (survey) cannot be 11 of 10."), ("s", "50% (survey) is not what 7 of 10 gives."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "root, below, name",
    [
        ("overall", "standard.leading", "met"), ("returns", "returns.sector.police", "returned"),
        ("change", "change.standard.leading", "gained"), ("moderation", "standard.leading.moderation", "raised"),
        ("change-self", "change-self.standard.leading", "net"),
    ],
)  # fmt: skip
def test_a_total_that_its_standards_or_sectors_do_not_give_is_two_figures_for_one_thing(
    root: str, below: str, name: str
) -> None:
    found = told(count_figure(f"{root}.{name}", 9, "the whole"), count_figure(f"{below}.{name}", 8, "a part"))
    assert found == [
        (f"{root}.{name}", "Two figures stand for one thing: 9 (the whole), and 8 where its 1 parts are added up.")
    ]


def test_a_standards_own_moderation_is_no_part_of_its_ratings() -> None:
    assert told(count_figure("overall.met", 9, "x"), count_figure("standard.a.moderation.met", 8, "y")) == []


def test_what_is_made_of_other_figures_must_be_their_sum() -> None:
    one = [count_figure(f"returns.{n}", v, "returns") for n, v in (("returned", 3), ("not-returned", 1))]
    assert told(count_figure("returns.in-scope", 4, "returns"), *one) == []
    assert told(count_figure("returns.in-scope", 5, "returns"), *one) == [
        ("returns.in-scope", "5 (returns) is made of returned 3 + not returned 1, which is 4.")
    ]


def test_a_figure_that_was_issued_otherwise_is_told_with_both() -> None:
    before = {"k": {"text": "9", "numerator": 9, "base": None}, "gone": {"text": "1"}}
    found = against_issued(collected([count_figure("k", 8, "returns"), count_figure("new", 1, "x")]), before, WHEN)
    assert [(d.figure, d.sentence) for d in found] == [("k", f"8 (returns) was issued as 9 on {WHEN}.")]
    assert against_issued(collected([count_figure("k", 9, "returns")]), before, WHEN) == ()


def test_many_changes_are_counted_and_not_all_listed() -> None:
    many = [count_figure(f"k{n}", 1, "x") for n in range(9)]
    before = {f"k{n}": {"text": "2", "numerator": 2, "base": None} for n in range(9)}
    found = against_issued(collected(many), before, WHEN)
    assert len(found) == MOST_NAMED + 1
    assert found[-1].sentence == f"5 more figures differ from those issued on {WHEN}."
