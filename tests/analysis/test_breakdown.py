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
    shown_groups,
    shown_within,
    taken_away,
)
from audit_engine.analysis.disclosure import Counts
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


def test_a_sensitive_question_shows_no_group_whose_others_would_be_few() -> None:
    groups = {"a": group(40, 30, sensitive=True), "b": group(40, 28, sensitive=True), "c": group(2, 60, sensitive=True)}
    assert shown_groups(whole_of(groups), groups) == {"a"}, "c is telling; b goes with it, so that c cannot be told"


def test_where_the_whole_is_not_whole_no_group_is_shown() -> None:
    groups = {"a": group(0, 60, sensitive=True), "b": group(3, 60, sensitive=True)}
    assert shown_groups(whole_of(groups), groups) == frozenset()


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


@given(SMALL_GROUPS.filter(bool), st.tuples(st.integers(0, 6), st.integers(0, 6)), st.booleans())
def test_whatever_is_left_of_the_whole_is_fit_to_be_shown(
    numbers: dict[str, tuple[int, int]], outside: tuple[int, int], sensitive: bool
) -> None:
    groups = {name: group(*pair, sensitive=sensitive) for name, pair in numbers.items()}
    whole = whole_of(groups, group(*outside, sensitive=sensitive))
    shown = shown_groups(whole, groups)
    rest = taken_away(whole, (groups[name] for name in shown))
    assert not shown or rest.is_safe
    assert all(groups[name].is_safe and groups[name].base >= LEAST_BASE for name in shown)
    assert not shown or not differencing_check(whole.base, whole.base - rest.base, LEAST_BASE).block


@given(SMALL_GROUPS.filter(bool), st.tuples(st.integers(0, 6), st.integers(0, 6)), st.booleans(), st.data())
def test_no_difference_of_published_sums_isolates_too_few(
    numbers: dict[str, tuple[int, int]], outside: tuple[int, int], sensitive: bool, data: st.DataObject
) -> None:
    """The sums that can be had are those of hidden groups in each shown sector, and of all that lies in none."""
    groups = {name: group(*pair, sensitive=sensitive) for name, pair in numbers.items()}
    within = {name: data.draw(st.sampled_from("xyz"), label=name) for name in groups}
    whole = whole_of(groups, group(*outside, sensitive=sensitive))
    small, large = shown_within(whole, groups, within)
    sectors = larger_groups(groups, within)
    for sector in large:
        own = [groups[name] for name in small if within[name] == sector]
        assert taken_away(sectors[sector], own).is_safe
    known = [sectors[s] for s in large] + [groups[n] for n in small if within[n] not in large]
    assert not known or taken_away(whole, known).is_safe
    assert all(one.is_safe and one.base >= LEAST_BASE for one in chain(known, (groups[n] for n in small)))
