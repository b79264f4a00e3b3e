"""Does a theme count organisations and sectors, never mentions, and does agreement say its base?"""

from __future__ import annotations

import pytest

from audit_engine.analysis.themes import Coded, coding_agreement, count_themes, followed, status_of

AUDIT, SURVEY = ("audit", "t.1"), ("survey", "p.7")


def said(organisation: str, sector: str, *themes: int, question: tuple[str, str] = AUDIT) -> Coded:
    return Coded(question, organisation, sector, frozenset(themes))


def spoken(*themes: int) -> Coded:
    return said("", "", *themes, question=SURVEY)


@pytest.mark.parametrize(
    ("organisations", "sectors", "staff", "status"),
    [(3, 2, False, "emerging"), (3, 1, False, "few"), (2, 2, True, "few"), (1, 1, True, "single"),
     (0, 0, True, "staff"), (0, 0, False, "none"), (40, 9, False, "emerging")],
)  # fmt: skip
def test_a_theme_emerges_from_three_organisations_of_two_sectors(
    organisations: int, sectors: int, staff: bool, status: str
) -> None:
    assert status_of(organisations, sectors, staff) == status


def test_one_organisation_that_says_it_five_times_is_one() -> None:
    (count,) = count_themes([1], [said("otters", "education", 1)] * 5)
    assert (count.organisations, count.sectors, count.status) == (1, ("education",), "single")


def test_a_theme_knows_under_which_questions_it_was_raised() -> None:
    texts = [said("a", "x", 1), said("b", "y", 1, question=("audit", "t.2")), said("c", "x", 2)]
    one, two = count_themes([1, 2], texts)
    assert one.questions == (("audit", "t.1"), ("audit", "t.2"))
    assert (one.organisations, two.organisations) == (2, 1)


# --- words of anonymous surveys ------------------------------------------------------------


def test_words_of_a_survey_make_no_organisation_and_so_no_emerging_theme() -> None:
    (count,) = count_themes([1], [spoken(1)] * 20 + [spoken()] * 20)
    assert (count.organisations, count.status) == (0, "staff")
    assert count.staff.base == 40


def test_fewer_than_eleven_texts_of_a_question_are_not_counted_aloud() -> None:
    (count,) = count_themes([1], [spoken(1)] * 10)
    assert count.staff.base is None and count.status == "none"


def test_a_question_with_too_few_texts_is_not_counted_beside_another() -> None:
    """Otherwise taking one away from the other would show what a few people wrote."""
    few = [said("", "", 1, question=("survey", "p.9"))] * 4
    (count,) = count_themes([1], [*few, *[spoken()] * 6, *[spoken(1)] * 6])
    assert count.staff.base == 12


@pytest.mark.parametrize("heard", [1, 4, 29])
def test_a_few_who_wrote_it_or_who_did_not_are_not_shown(heard: int) -> None:
    (count,) = count_themes([1], [spoken(1)] * heard + [spoken()] * (30 - heard))
    assert count.staff.figure("theme").count is None
    assert count.status == "none", "a status would tell whether the hidden number is nought"


def test_enough_who_wrote_it_are_shown_with_the_base() -> None:
    (count,) = count_themes([1], [spoken(1)] * 10 + [spoken()] * 20)
    assert (count.staff.figure("theme").count, count.staff.base) == (10, 30)


# --- merging and agreement -------------------------------------------------------------------


def test_what_was_coded_with_a_merged_theme_counts_as_the_other_through_several_steps() -> None:
    assert followed([1, 4], {1: 2, 2: 3}) == {3, 4}
    assert followed([1], {1: 2, 2: 1}) == {2}, "a ring ends where it began to repeat"


def test_agreement_is_on_the_whole_of_a_text_and_on_each_theme() -> None:
    pairs = [(frozenset({1}), frozenset({1})), (frozenset({1, 2}), frozenset({1})), (frozenset[int](), frozenset({2}))]
    found = coding_agreement(pairs, [1, 2])
    assert (found.whole.same, found.whole.pairs) == (1, 3)
    assert (found.by_theme[1].same, found.by_theme[2].same) == (3, 1)
    assert found.both == {1: 2, 2: 0}
    assert found.whole.kappa is None, "three texts are too few for a kappa"


def test_kappa_comes_with_thirty_texts_and_not_where_one_coder_always_said_the_same() -> None:
    yes, no = frozenset({1}), frozenset[int]()
    pairs = [(yes, yes)] * 20 + [(no, no)] * 8 + [(yes, no)] * 2
    found = coding_agreement(pairs, [1, 2])
    assert found.by_theme[1].kappa == pytest.approx((28 * 30 - (22 * 20 + 8 * 10)) / (900 - (22 * 20 + 8 * 10)))
    assert found.by_theme[2].kappa is None, "nobody ever saw theme 2"
