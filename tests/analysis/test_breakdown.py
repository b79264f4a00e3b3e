"""Can anybody be isolated by taking one published result from another?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.breakdown import (
    added,
    larger_groups,
    release_groups,
    release_larger,
    release_table,
    shown_groups,
    shown_within,
    taken_away,
)
from audit_engine.analysis.disclosure import Counts, Released, Sum
from audit_engine.analysis.suppression import LEAST_BASE, differencing_check


def group(*numbers: int, sensitive: bool = False) -> Counts:
    base = sum(numbers)
    cells = tuple((f"o{i}", n) for i, n in enumerate(numbers))
    return Counts(base, base, base, cells, sensitive=sensitive)


def whole_of(groups: Mapping[str, Counts], *outside: Counts) -> Counts:
    every = [*groups.values(), *outside]
    found = every[0]
    for one in every[1:]:
        found = added(found, one)
    return found


def test_a_group_alone_below_eleven_takes_another_with_it() -> None:
    groups = {"a": group(30, 20), "b": group(10, 8), "c": group(3, 2)}
    assert shown_groups(whole_of(groups), groups) == {"a"}
    found = release_groups(whole_of(groups), groups, "panel")
    assert found.whole.base == 73
    assert [found.groups[g].symbol for g in "abc"] == ["", "c", "c"], "one symbol for both: two would tell them apart"


def test_groups_below_eleven_that_are_enough_together_take_nobody_with_them() -> None:
    groups = {"a": group(30, 20), "b": group(5, 3), "c": group(3, 2)}
    assert shown_groups(whole_of(groups), groups) == {"a"}
    assert {release_groups(whole_of(groups), groups, "panel").groups[g].symbol for g in "bc"} == {"low"}


def test_those_in_no_group_are_a_remainder_too() -> None:
    groups = {"a": group(30, 20), "b": group(20, 20)}
    assert shown_groups(whole_of(groups, group(2, 1)), groups) == {"a"}
    assert shown_groups(whole_of(groups, group(6, 5)), groups) == {"a", "b"}


def seen(released: Released) -> list[int | None]:
    return [figure.count for figure in released.cells]


def test_a_sensitive_question_hides_few_and_another_group_s_answers_with_them() -> None:
    groups = {"a": group(40, 30, sensitive=True), "b": group(40, 28, sensitive=True), "c": group(2, 60, sensitive=True)}
    found = release_groups(whole_of(groups), groups, "panel")
    assert [found.groups[name].base for name in "abc"] == [70, 68, 62]
    assert seen(found.groups["c"]) == [None, None]
    assert seen(found.groups["a"]) == [40, 30]
    assert seen(found.groups["b"]) == [None, None], "the whole less a and b would be c"


def test_answers_that_the_whole_hides_no_group_shows() -> None:
    groups = {"a": group(0, 60, 20, sensitive=True), "b": group(3, 60, 31, sensitive=True)}
    found = release_groups(whole_of(groups), groups, "panel")
    assert seen(found.whole) == [None, 120, None]
    assert seen(found.groups["a"]) == [None, 60, None]


def test_of_several_ticks_a_group_shows_all_or_none() -> None:
    def ticks(base: int, *numbers: int) -> Counts:
        return Counts(
            base, base, base, tuple((f"o{i}", n) for i, n in enumerate(numbers)), sensitive=True, several=True
        )

    groups = {"a": ticks(40, 20, 30), "b": ticks(40, 2, 30), "c": ticks(40, 10, 9)}
    found = release_groups(whole_of(groups), groups, "panel")
    assert seen(found.whole) == [32, 69]
    assert [seen(found.groups[name]) for name in "abc"] == [[None, None], [None, None], [10, 9]]


def scored(base: int, right: int, wrong: int) -> Counts:
    cells = (("true", base // 2), ("false", base - base // 2))
    sums = tuple(Sum(id_, n, right + wrong, ("true", "false"), apart=True) for id_, n in (("r", right), ("w", wrong)))
    return Counts(base, base, base, cells, sums=sums)


def test_what_few_people_scored_is_not_the_rest_of_what_others_did() -> None:
    groups = {"a": scored(40, 20, 20), "b": scored(40, 2, 3), "c": scored(30, 15, 15)}
    found = release_groups(whole_of(groups), groups, "panel")
    right = {name: one.figure("r").count for name, one in found.groups.items()}
    assert right == {"a": 20, "b": None, "c": None}, "the whole less a and c would be b"
    assert found.whole.figure("r").count == 37


def test_what_few_people_did_not_score_is_not_the_rest_of_what_they_answered() -> None:
    groups = {"a": scored(40, 20, 15), "b": scored(40, 20, 20)}
    found = release_groups(whole_of(groups), groups, "panel")
    assert found.whole.figure("r").symbol == "c", "five answered while no key held"
    assert {one.figure("r").symbol for one in found.groups.values()} == {"c"}


def test_a_group_that_is_hidden_elsewhere_is_hidden_here() -> None:
    groups = {"a": group(30, 20), "b": group(20, 20), "c": group(20, 5)}
    only = frozenset({"a", "c"}), frozenset[str]()
    found = release_table(whole_of(groups), groups, "panel", among=only)
    assert found.shown == only
    assert found.groups["b"].symbol == "c"


def test_where_the_replies_of_a_group_are_seen_the_sign_does_not_tell_how_many_left_a_question_out() -> None:
    groups = {"a": group(30, 20), "b": group(6, 4), "c": group(5, 4)}
    found = release_table(whole_of(groups), groups, "panel", among=(frozenset({"a", "b"}), frozenset()))
    assert {found.groups[name].symbol for name in "bc"} == {"c"}, "[low] beside eleven replies: one left it out"


def test_which_of_two_equal_groups_goes_does_not_depend_on_their_order() -> None:
    groups = {"a": group(10, 8), "b": group(8, 10), "c": group(40, 2), "d": group(2, 1)}
    assert shown_groups(whole_of(groups), groups) == {"b", "c"}
    backwards = dict(reversed(groups.items()))
    assert shown_groups(whole_of(backwards), backwards) == {"b", "c"}


def test_an_organisation_is_hidden_where_its_sector_would_give_another_away() -> None:
    groups = {"big school": group(30, 20), "small school": group(3, 2), "police": group(25, 25), "fire": group(4, 4)}
    within = {"big school": "schools", "small school": "schools", "police": "law", "fire": "rescue"}
    small, large = shown_within(whole_of(groups), groups, within)
    assert small == {"big school", "police"}
    assert large == {"law"}, "schools less the big one would be the small one"


def test_sectors_are_shown_as_sums_of_their_organisations() -> None:
    groups = {"a": group(10, 10), "b": group(9, 3), "c": group(30, 5)}
    within = {"a": "x", "b": "x", "c": "y"}
    found = release_larger(whole_of(groups), groups, "panel", within)
    assert found.groups["x"].base == 32
    assert [f.count for f in found.groups["x"].cells] == [19, 13]
    assert release_groups(whole_of(groups), groups, "panel", within).groups["b"].base == 12


SMALL_GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 20), st.integers(0, 20)))


@given(SMALL_GROUPS.filter(bool), st.tuples(st.integers(0, 6), st.integers(0, 6)))
def test_whatever_is_left_of_the_whole_is_enough(numbers: dict[str, tuple[int, int]], outside: tuple[int, int]) -> None:
    groups = {name: group(*pair) for name, pair in numbers.items()}
    whole = whole_of(groups, group(*outside))
    shown = shown_groups(whole, groups)
    rest = taken_away(whole, (groups[name] for name in shown))
    assert all(groups[name].base >= LEAST_BASE for name in shown)
    assert not shown or not differencing_check(whole.base, whole.base - rest.base, LEAST_BASE).block


@given(SMALL_GROUPS.filter(bool), st.tuples(st.integers(0, 6), st.integers(0, 6)), st.data())
def test_no_difference_of_published_sums_isolates_too_few(
    numbers: dict[str, tuple[int, int]], outside: tuple[int, int], data: st.DataObject
) -> None:
    """The sums that can be had are those of hidden groups in each shown sector, and of all that lies in none."""
    groups = {name: group(*pair) for name, pair in numbers.items()}
    within = {name: data.draw(st.sampled_from("xyz"), label=name) for name in groups}
    whole = whole_of(groups, group(*outside))
    small, large = shown_within(whole, groups, within)
    sectors = larger_groups(groups, within)
    for sector in large:
        own = [groups[name] for name in small if within[name] == sector]
        assert enough(taken_away(sectors[sector], own))
    known = [sectors[s] for s in large] + [groups[n] for n in small if within[n] not in large]
    assert not known or enough(taken_away(whole, known))
    assert all(one.base >= LEAST_BASE for one in chain(known, (groups[n] for n in small)))


def enough(counts: Counts) -> bool:
    return counts.base == 0 or counts.base >= LEAST_BASE
