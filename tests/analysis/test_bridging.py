from __future__ import annotations

from typing import Any

import pytest

from audit_engine.analysis.bridging import bridge_merge, pool_predecessors
from tests.analysis.by_hand import LETTER_OF, codes, vectors


def letters(column: Any) -> list[str]:
    return [LETTER_OF[code] for code in column.tolist()]


@pytest.mark.parametrize("vector", vectors("bridge_merge"), ids=lambda v: v["name"])
def test_bridge_merge_gives_the_vector(vector: dict[str, Any]) -> None:
    found = bridge_merge(codes(vector["input"]["old_pairs"]))
    for view, column in (("weakest", found.weakest), ("strongest", found.strongest)):
        assert [None if letter == "NA" else letter for letter in letters(column)] == vector["expected"][view]


def test_what_was_not_asked_steps_aside_like_not_applicable() -> None:
    found = bridge_merge(codes([[".", "P"], [".", "."], [".", "NA"]]))
    assert letters(found.weakest) == letters(found.strongest) == ["P", ".", "NA"]


def test_a_blank_parent_makes_the_whole_blank_since_the_weakest_is_not_known() -> None:
    found = bridge_merge(codes([["-", "M"], ["-", "NA"]]))
    assert letters(found.weakest) == letters(found.strongest) == ["-", "-"]


def test_more_than_two_parents_are_read_in_the_same_way() -> None:
    found = bridge_merge(codes([["M", "N", "P"]]))
    assert (letters(found.weakest), letters(found.strongest)) == (["N"], ["M"])


@pytest.mark.parametrize("vector", vectors("pool_predecessors"), ids=lambda v: v["name"])
def test_pool_predecessors_gives_the_vector(vector: dict[str, Any]) -> None:
    given, expected = vector["input"], vector["expected"]
    successor = given["successor"]["x"], given["successor"]["n"]
    found = pool_predecessors([(one["x"], one["n"]) for one in given["predecessors"]], successor)
    assert list(found.pooled) == expected["pooled"]
    for name in set(expected) - {"pooled"}:
        assert getattr(found.difference, name) == pytest.approx(expected[name], abs=vector["tolerance"])


def test_pooling_nobody_gives_no_difference() -> None:
    assert pool_predecessors([], (3, 5)).difference is None
