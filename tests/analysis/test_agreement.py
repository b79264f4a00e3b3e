"""Is agreement counted as the vectors say, and is kappa withheld where it would mislead?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit_engine.analysis.agreement import agreement, cohens_kappa

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "stat_vectors.json").read_text(encoding="utf-8"))
FOUND = [v for v in (VECTORS if isinstance(VECTORS, list) else VECTORS["vectors"]) if v["name"].startswith("kappa_")]


def pairs_of(table: list[list[int]]) -> list[tuple[int, int]]:
    return [(r, c) for r, row in enumerate(table) for c, number in enumerate(row) for _ in range(number)]


@pytest.mark.parametrize("vector", FOUND, ids=lambda v: v["name"])
def test_the_vectors_that_r_confirms_come_out(vector: dict[str, dict[str, object]]) -> None:
    pairs = pairs_of(vector["input"]["rows_self_cols_panel"])  # type: ignore[arg-type]
    wanted = vector["expected"]
    found = agreement(pairs)
    assert found.pairs == wanted["n"]
    assert found.same / found.pairs == pytest.approx(wanted["percent_agreement"])
    if wanted["kappa"] is None or found.pairs < 30:
        assert cohens_kappa(pairs) is None
    else:
        assert found.kappa == pytest.approx(wanted["kappa"], abs=1e-9)


def test_without_pairs_there_is_nothing_to_agree_on() -> None:
    assert agreement([]).pairs == 0
    assert cohens_kappa([]) is None


def test_kappa_is_withheld_from_few_pairs_but_can_be_asked_for() -> None:
    few = [("yes", "yes"), ("no", "no"), ("yes", "no"), ("no", "no")]
    assert agreement(few).kappa is None
    assert agreement(few, least=4).kappa == pytest.approx(0.5)


def test_a_rater_who_says_one_thing_of_everything_has_no_kappa() -> None:
    assert cohens_kappa([("yes", "yes"), ("yes", "no")] * 20) is None


def test_it_does_not_matter_who_is_called_first() -> None:
    pairs = pairs_of([[6, 1, 0], [4, 12, 2], [1, 9, 45]])
    assert cohens_kappa(pairs) == pytest.approx(cohens_kappa([(s, f) for f, s in pairs]))
