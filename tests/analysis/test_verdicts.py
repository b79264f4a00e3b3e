from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.analysis.change import NetBounds
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.movement import matched_pairs_comparison
from audit_engine.analysis.verdicts import bounded_net, sign, sign_holds
from audit_engine.definition.expressions import compile_condition
from audit_engine.definition.expressions.value_types import YES_NO
from audit_engine.definition.lineage import lineage_between
from tests.analysis.by_hand import codes, ratings, version
from tests.examples import examples

THEN, NOW = (version(label, {"one": ["X.1", "X.2"]}) for label in ("2024", "2026"))
LETTER = st.sampled_from(["M", "P", "N", "NA", "-"])
ROWS = st.lists(st.lists(LETTER, min_size=2, max_size=2), max_size=1)


def verdict(then: dict[str, list[str] | None], now: dict[str, list[str] | None]) -> str:
    return compare(ratings(THEN, then), ratings(NOW, now), lineage_between(THEN, NOW)).verdict


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (["N", "N"], ["M", "N"], "rose"),
        (["M", "M"], ["M", "P"], "fell"),
        (["M", "N"], ["N", "M"], "same"),
        (["NA", "-"], ["M", "M"], "nothing-to-compare"),
    ],
)
def test_with_every_return_in_the_sign_of_the_net_decides(then: list[str], now: list[str], expected: str) -> None:
    assert verdict({"A": then}, {"A": now}) == expected


def test_a_missing_return_that_could_turn_the_sign_forbids_a_verdict() -> None:
    four = {"A": ["N", "N"], "B": ["N", "M"]}
    assert verdict({**four, "C": ["M", "M"]}, {"A": ["M", "N"], "B": ["M", "M"], "C": None}) == "cannot-be-stated"


def test_a_missing_return_that_cannot_turn_the_sign_leaves_the_verdict() -> None:
    then = {"A": ["N", "N"], "B": ["N", "N"], "C": ["M", "P"]}
    assert verdict(then, {"A": ["M", "M"], "B": ["M", "M"], "C": None}) == "rose"


@settings(max_examples=examples(60))
@given(ROWS, ROWS, st.integers(0, 1))
def test_the_bounds_are_the_extremes_over_everything_the_missing_could_have_said(
    only_then: list[list[str]], only_now: list[list[str]], neither: int
) -> None:
    blank = codes([["M", "M"]])[:0]
    found = bounded_net(
        3, codes(only_then) if only_then else blank, codes(only_now) if only_now else blank, [2] * neither
    )
    nets = []
    cells = 2 * (len(only_then) + len(only_now) + 2 * neither)
    for said in product("MN", repeat=cells):
        missing = iter(said)

        def rows(count: int, missing: object = missing) -> list[list[str]]:
            return [[next(missing), next(missing)] for _ in range(count)]  # type: ignore[call-overload]

        then = [*only_then, *rows(len(only_now)), *rows(neither)]
        now = [*rows(len(only_then)), *only_now, *rows(neither)]
        nets.append(3 + (matched_pairs_comparison(codes(then), codes(now)).net if then else 0))
    assert found.missing == len(only_then) + len(only_now) + 2 * neither
    assert (found.low, found.high) == (min(nets), max(nets))


def test_a_bound_of_nothing_turns_the_sign() -> None:
    assert not sign_holds(NetBounds(1, 0, 4))
    assert sign_holds(NetBounds(1, 1, 4))
    assert sign_holds(NetBounds(0, 0, 0))
    assert [sign(n) for n in (-7, 0, 7)] == [-1, 0, 1]


def test_what_the_profile_rules_out_widens_no_bound() -> None:
    condition = compile_condition("organisation.direct_work", {"organisation.direct_work": YES_NO})
    current = replace(
        NOW,
        sections=tuple(
            replace(s, items=(s.items[0], replace(s.items[1], applies_when=condition))) for s in NOW.sections
        ),
    )
    then, now = {"A": ["N", "N"], "B": None}, {"A": ["M", "M"], "B": None}
    found = compare(ratings(THEN, then), ratings(current, now), lineage_between(THEN, current)).bounds
    assert (found.missing, found.low, found.high) == (2, 1, 3)
