"""Does only what may be shown leave, and for every audience?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit_engine.analysis import disclosure
from audit_engine.analysis.disclosure import Audience, Counts, Released, Sum, release

EVERY: tuple[Audience, ...] = ("panel", "agency", "public", "open-data")


def counts(*numbers: int, sensitive: bool = False, several: bool = False, **more: object) -> Counts:
    base = sum(numbers)
    cells = tuple((f"o{i}", n) for i, n in enumerate(numbers))
    return replace(Counts(base, base, base, cells, sensitive=sensitive, several=several), **more)  # type: ignore[arg-type]


def shown(released: Released) -> list[str]:
    return [f.number if f.symbol in ("", "c") else f.percent for f in released.cells]


@pytest.mark.parametrize("audience", EVERY)
@pytest.mark.parametrize("numbers", [(0, 0), (3, 2), (10, 0), (6, 4)])
def test_below_eleven_nothing_is_shown_to_anybody_and_empty_looks_like_small(
    audience: Audience, numbers: tuple[int, ...]
) -> None:
    found = release(counts(*numbers), audience)
    assert (found.asked, found.answered, found.base, found.symbol) == (None, None, None, "low")
    assert shown(found) == ["[low]", "[low]"]
    assert all(f.count is f.base is f.interval is None for f in found.cells)


def test_from_eleven_on_a_plain_question_is_shown_whole() -> None:
    found = release(counts(1, 10), "public")
    assert (found.base, shown(found)) == (11, ["1", "10"])
    assert [f.percent for f in found.cells] == ["9%", "91%"]
    assert found.cells[0].range == "2% to 38%"


def test_a_released_value_is_made_by_release_alone() -> None:
    made = release(counts(6, 6), "panel")
    with pytest.raises(TypeError, match=r"Only .*release can make a Released"):
        Released("panel", 12, 12, 12, "", made.cells, (), ())
    with pytest.raises(TypeError):
        replace(made, base=3)


def test_a_sensitive_question_hides_one_to_four_and_something_beside_it() -> None:
    assert shown(release(counts(3, 27, 41, 9, sensitive=True), "panel")) == ["[c]", "27", "41", "[c]"]


@pytest.mark.parametrize("audience", EVERY)
def test_no_audience_sees_a_telling_count(audience: Audience) -> None:
    assert shown(release(counts(2, 58, sensitive=True), audience)) == ["[c]", "[c]"]


@pytest.mark.parametrize(
    "numbers, expected",
    [
        ((30, 0), ["95% or more", "5% or fewer"]), ((29, 1), ["95% or more", "5% or fewer"]),
        ((28, 2), ["[c]", "[c]"]), ((15, 0), ["[c]", "[c]"]), ((50, 0), ["50", "0"]), ((20, 10), ["20", "10"]),
    ],
)  # fmt: skip
def test_nobody_and_everybody_are_said_in_words_that_hide_one_more(
    numbers: tuple[int, ...], expected: list[str]
) -> None:
    assert shown(release(counts(*numbers, sensitive=True), "panel")) == expected


def test_where_several_answers_could_be_given_each_stands_by_itself() -> None:
    several = counts(2, 20, 38, several=True, sensitive=True, base=40, answered=40)
    assert shown(release(several, "panel")) == ["[c]", "20", "[c]"]


def test_words_say_of_several_answers_only_that_all_went_one_way() -> None:
    several = counts(1, 0, 29, several=True, sensitive=True, base=30, answered=30)
    assert shown(release(several, "panel")) == ["5% or fewer", "5% or fewer", "95% or more"]


def test_a_share_is_not_shown_where_a_cell_of_it_is_hidden() -> None:
    row = counts(3, 27, 41, 9, sensitive=True)
    row = replace(row, sums=(Sum("some", 30, 80, ("o0", "o1")), Sum("others", 68, 80, ("o1", "o2"))))
    found = release(row, "panel")
    assert found.figure("some").count is None
    assert found.figure("others").count == 68


def test_a_share_of_one_cell_says_what_the_cell_says() -> None:
    row = replace(counts(30, 0, sensitive=True), sums=(Sum("good", 30, 30, ("o0",)),))
    assert release(row, "panel").figure("good").percent == "95% or more"


def test_a_share_with_a_base_of_its_own_follows_that_base() -> None:
    row = replace(counts(20, 20), sums=(Sum("scored", 5, 10, ("o0", "o1")), Sum("never", 0, 0, ("o0", "o1"))))
    found = release(row, "panel")
    assert (found.figure("scored").symbol, found.figure("never").symbol) == ("low", "z")


def test_a_share_over_a_hidden_cell_is_shown_where_all_other_cells_are() -> None:
    row = replace(counts(3, 27, 41, 9, sensitive=True), sums=(Sum("rare", 12, 80, ("o0", "o3")),))
    assert release(row, "panel").figure("rare").count == 12, "80 less 27 and 41"
    apart = replace(row, sums=(replace(row.sums[0], apart=True),))
    assert release(apart, "panel").figure("rare").count is None


def test_a_share_without_a_hidden_cell_does_not_tell_it_by_its_base() -> None:
    row = replace(counts(3, 27, 41, 9, sensitive=True), sums=(Sum("of some", 27, 77, ("o1",), ("o0",)),))
    assert (release(row, "panel").figure("of some").count, release(row, "panel").figure("of some").base) == (None, None)


def test_a_share_of_other_people_is_not_shown_where_few_are_left_out_of_it() -> None:
    row = replace(counts(30, 30), sums=(Sum("scored", 20, 52, ("o0", "o1"), apart=True),))
    assert release(row, "panel").figure("scored").base is None, "eight answered while no key held"
    assert release(replace(row, sums=(replace(row.sums[0], base=49),)), "panel").figure("scored").count == 20


@pytest.mark.parametrize(
    "blank, outside, told",
    [(3, 3, False), (0, 3, False), (0, 9, False), (2, 0, False), (9, 3, False), (5, 5, True), (9, 0, True),
     (0, 0, True)],
)  # fmt: skip
def test_of_a_sensitive_question_who_left_it_out_and_who_would_not_say_are_told_apart_only_where_both_are_enough(
    blank: int, outside: int, told: bool
) -> None:
    row = counts(20, 30, sensitive=True, asked=50 + outside + blank, answered=50 + outside, outside=(("no", outside),))
    found = release(row, "panel")
    assert (found.asked, found.base) == (50 + outside + blank, 50)
    assert (found.answered, found.figure("no").number) == ((50 + outside, str(outside)) if told else (None, "[c]"))
    plain = release(replace(row, sensitive=False), "panel")
    assert (plain.answered, plain.figure("no").number) == (50 + outside, str(outside))


def test_of_a_group_they_are_never_told_apart() -> None:
    row = counts(20, 30, sensitive=True, asked=60, answered=55, outside=(("no", 5),))
    assert release(row, "panel").answered == 55
    assert release(row, "panel", hidden=()).answered is None
    assert release(replace(row, asked=50, answered=50, outside=(("no", 0),)), "panel", hidden=()).answered == 50


def test_a_group_hides_what_the_table_of_all_groups_hides() -> None:
    row = replace(counts(30, 20, sensitive=True), sums=(Sum("good", 30, 50, ("o0",)),))
    found = release(row, "panel", hidden=("o0", "o1"), hidden_sums=("good",))
    assert shown(found) == ["[c]", "[c]"]
    assert found.base == 50
    assert found.figure("good").base is None
    assert shown(release(counts(0, 30, sensitive=True), "panel", hidden=("o0", "o1"))) == ["[c]", "[c]"], (
        "never in words"
    )


def test_open_data_is_rounded_to_five_and_its_percentages_are_of_rounded_counts() -> None:
    found = release(counts(13, 27, 106), "open-data")
    assert (found.base, [f.count for f in found.cells]) == (145, [15, 25, 105])
    assert [f.percent for f in found.cells] == ["10%", "17%", "72%"]


def test_what_panels_do_not_see_open_data_does_not_round() -> None:
    assert shown(release(counts(3, 27, 41, 9, sensitive=True), "open-data")) == ["[c]", "25", "40", "[c]"]


def test_a_figure_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        release(counts(6, 6), "panel").figure("o9")


def test_every_symbol_that_needs_it_is_explained() -> None:
    found = release(counts(3, 27, 41, 9, sensitive=True), "panel").symbols | release(counts(1), "panel").symbols
    assert found == {"[c]", "[low]"}
    assert found <= set(disclosure.MEANING)
