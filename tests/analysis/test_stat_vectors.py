"""Does every method give what Python and R gave for it?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.analysis.by_hand import VECTORS
from tests.analysis.stat_methods import METHODS


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_a_method_gives_its_vector(vector: dict[str, Any]) -> None:
    found = METHODS[vector["method"]](**vector["input"])
    assert_same(found, vector["expected"], vector["tolerance"], vector["method"])


def test_there_are_as_many_vectors_as_were_agreed_and_each_method_has_one() -> None:
    assert len(VECTORS) == 113
    assert {vector["method"] for vector in VECTORS} == set(METHODS)


@pytest.mark.parametrize("wrong", [{"p": 0.4}, {"p": None}, {"other": 0.5}, None, {"p": 0.5, "q": [1, 2]}])
def test_the_comparison_itself_tells_a_wrong_result(wrong: object) -> None:
    with pytest.raises((AssertionError, AttributeError, KeyError)):
        assert_same(wrong, {"p": 0.5, "q": [1, 3]}, 1e-6, "")


def assert_same(found: object, expected: object, tolerance: float, where: str) -> None:
    """Compare every value that the vector gives; the function may give more."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            own = found[name] if isinstance(found, Mapping) else getattr(found, name)
            assert_same(own, value, tolerance, f"{where}.{name}")
    elif isinstance(expected, list):
        assert isinstance(found, list | tuple), where
        assert len(found) == len(expected), where
        for place, (own, value) in enumerate(zip(found, expected, strict=True)):
            assert_same(own, value, tolerance, f"{where}[{place}]")
    elif isinstance(expected, float) or (isinstance(expected, int) and not isinstance(expected, bool)):
        assert isinstance(found, int | float | Decimal), where
        assert float(found) == pytest.approx(expected, abs=tolerance or 1e-12), where
    else:
        assert found == expected, where
