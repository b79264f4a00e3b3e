"""Does a table of groups by answers hide enough, and no more than it must?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from audit_engine.analysis.breakdown import Table, larger_groups, release_table
from audit_engine.analysis.disclosure import Counts, Released, Sum
from audit_engine.analysis.suppression import SMALL, hidden_in_row, is_telling
from audit_engine.analysis.two_way import Row, hidden_answers
from tests.analysis.test_breakdown import whole_of
from tests.rigs.solver import Knowledge

NAMES = ((0, "good"), (1, "bad"))


def own(*numbers: int) -> Counts:
    """Return how people answered a sensitive question with one answer each."""
    base = sum(numbers)
    return Counts(base, base, base, tuple((f"o{i}", n) for i, n in enumerate(numbers)), sensitive=True)


def table(groups: Mapping[str, Counts], within: Mapping[str, str] | None = None, *outside: Counts) -> Table:
    return release_table(whole_of(groups, *outside), groups, "panel", within)


def seen(released: Released) -> list[str]:
    return [figure.number for figure in released.cells]


def test_a_telling_count_takes_another_of_its_row_and_of_its_column_with_it() -> None:
    found = table({"a": own(2, 30, 40), "b": own(9, 20, 25), "c": own(20, 18, 31)})
    assert {name: seen(one) for name, one in found.groups.items()} == {
        "a": ["[c]", "[c]", "40"], "b": ["[c]", "[c]", "25"], "c": ["20", "18", "31"],
    }  # fmt: skip


def test_a_count_that_others_would_give_away_beside_a_larger_group_is_hidden_with_it() -> None:
    groups = {"a": own(2, 30), "b": own(9, 25), "c": own(20, 20)}
    found = table(groups, {"a": "x", "b": "x", "c": "y"})
    assert [seen(found.groups[name]) for name in "ab"] == [["[c]", "[c]"], ["[c]", "[c]"]]
    assert [seen(found.larger[name]) for name in "xy"] == [["11", "55"], ["20", "20"]]
    assert seen(found.groups["c"]) == ["20", "20"]


def test_where_a_larger_group_has_one_group_both_hide_the_same() -> None:
    found = table({"a": own(2, 30), "b": own(9, 25), "c": own(20, 20)}, {"a": "x", "b": "y", "c": "z"})
    assert seen(found.groups["a"]) == seen(found.larger["x"]) == ["[c]", "[c]"]
    assert seen(found.groups["b"]) == seen(found.larger["y"])


def test_nought_of_a_small_group_is_hidden_and_of_a_large_one_shown() -> None:
    found = table({"a": own(0, 20, 19), "b": own(0, 40, 40), "c": own(12, 30, 30)})
    assert found.groups["a"].cells[0].symbol == "c"
    assert seen(found.groups["b"])[0] == "0"


def test_what_nobody_at_all_said_is_known_of_everybody() -> None:
    found = table({"a": own(0, 30, 20), "b": own(0, 6, 6)})
    assert seen(found.groups["a"]) == ["0", "30", "20"]
    assert seen(found.groups["b"])[0] == "[c]", "a nought of few is never printed, though all can tell"


def test_two_answers_are_hidden_together() -> None:
    found = table({"a": own(3, 30), "b": own(25, 25), "c": own(30, 12)})
    for released in found.groups.values():
        assert seen(released)[0].startswith("[") is seen(released)[1].startswith("[")


def test_the_base_of_a_group_is_shown_where_its_answers_are_not() -> None:
    found = table({"a": own(1, 11), "b": own(20, 20)})
    assert found.groups["a"].base == 12
    assert seen(found.groups["a"]) == ["[c]", "[c]"]


def test_a_sum_is_shown_where_all_the_other_answers_are() -> None:
    def with_sum(*numbers: int) -> Counts:
        counts = own(*numbers)
        good, bad = (Sum(name, sum(numbers[n : n + 2]), counts.base, (f"o{n}", f"o{n + 1}")) for n, name in NAMES)
        return replace(counts, sums=(good, bad))

    found = table({"a": with_sum(2, 30, 40), "b": with_sum(9, 20, 25), "c": with_sum(20, 18, 31)}).groups["a"]
    assert found.figure("good").count == 32, "72 less 40"
    assert found.figure("bad").count is None


def test_the_same_is_hidden_whatever_the_order_of_the_groups() -> None:
    dice = Random(7)
    groups = {name: own(*(dice.randint(0, 12) for _ in range(4)), 20) for name in "abcdefgh"}
    within = {name: "xyz"[n % 3] for n, name in enumerate(groups)}
    names = list(groups)
    first = table(groups, within)
    for _ in range(5):
        dice.shuffle(names)
        again = table({name: groups[name] for name in names}, within)
        assert {n: seen(r) for n, r in again.groups.items()} == {n: seen(r) for n, r in first.groups.items()}
        assert {n: seen(r) for n, r in again.larger.items()} == {n: seen(r) for n, r in first.larger.items()}


def test_nothing_is_audited_where_nothing_is_published() -> None:
    assert hidden_answers(own(20, 20), [Row(("left of", "all"), own(20, 20), published=False)]) == {}


def invented(seed: int) -> tuple[dict[str, Counts], dict[str, str]]:
    """Return groups of all sizes, some with rare answers, in larger groups."""
    dice = Random(seed)
    answers, most = dice.randint(2, 5), dice.choice((6, 15, 40))
    groups = {}
    for name in "abcdefgh"[: dice.randint(2, 8)]:
        rare = [dice.random() < 0.3 for _ in range(answers)]
        groups[name] = own(*(dice.randint(0, 5) if few else dice.randint(0, most) for few in rare))
    return groups, {name: dice.choice("xyz") for name in groups}


def known(groups: Mapping[str, Counts], found: Table, within: Mapping[str, str]) -> Knowledge:
    """Return all that a reader of the table knows who knows the size of every group."""
    what = Knowledge(whole_numbers=False)

    def told(names: list[str], released: Released) -> None:
        for figure in released.cells:
            if figure.count is not None:
                what.equal({(name, figure.id): 1 for name in names}, figure.count)

    for name, counts in groups.items():
        what.equal({(name, cell): 1 for cell, _ in counts.cells}, counts.base)
        told([name], found.groups[name])
    told(list(groups), found.whole)
    for larger, released in found.larger.items():
        told([name for name in groups if within[name] == larger], released)
    return what


@pytest.mark.parametrize("seed", range(40))
def test_no_telling_count_can_be_narrowed_by_who_reads_the_table(seed: int) -> None:
    groups, within = invented(seed)
    found = table(groups, within)
    whole = whole_of(groups)
    if found.whole.base is None or not found.shown[0]:
        return
    blind = {whole.cells[place][0] for place in hidden_in_row([n for _, n in whole.cells])}
    secrets: list[tuple[dict[object, int], int]] = []
    every = {**{(n,): c for n, c in groups.items()}, **_together(groups, within)}
    for names, counts in every.items():
        for cell, n in counts.cells:
            nobody = dict(whole.cells)[cell] == 0 or n == counts.base == whole_but(groups, names, cell)
            if counts.base and cell not in blind and is_telling(n, counts.base) and not nobody:
                secrets.append(({(name, cell): 1 for name in names}, min(SMALL, counts.base)))
    ranges = known(groups, found, within).widths([sums for sums, _ in secrets], [apart for _, apart in secrets])
    for (sums, apart), (least, most) in zip(secrets, ranges, strict=True):
        assert most - least >= apart - 1e-6, (sums, least, most)


def _together(groups: Mapping[str, Counts], within: Mapping[str, str]) -> dict[tuple[str, ...], Counts]:
    larger = larger_groups(groups, within)
    return {tuple(n for n in groups if within[n] == name): counts for name, counts in larger.items()}


def whole_but(groups: Mapping[str, Counts], names: tuple[str, ...], cell: str) -> int:
    """Return the base of these groups where nobody at all gave another answer, so that theirs is known; else -1."""
    others = sum(n for counts in groups.values() for other, n in counts.cells if other != cell)
    return -1 if others else sum(groups[name].base for name in names)
