from __future__ import annotations

import json
from typing import Any

import pytest

from audit_engine.analysis.chain_wording import chain_json, chain_register, chain_sentences
from audit_engine.analysis.chaining import Link, chain_pp, three_cycles
from audit_engine.analysis.ratings import OrganisationLink
from tests.analysis.by_hand import came_from, ratings, vectors, version

FIRST = version("2022", {"one": ["A.1", "A.2", "A.3"]})
SECOND = version("2024", {"one": ["A.1", "A.2", "A.4"]}, lineage={"A.4": came_from("new")})
THIRD = version("2026", {"one": ["A.1", "A.2", "A.4"]}, lineage={"A.2": came_from("widened", "A.2")})


@pytest.mark.parametrize("vector", vectors("chain_pp"), ids=lambda v: v["name"])
def test_chain_pp_gives_the_vector(vector: dict[str, Any]) -> None:
    found = chain_pp([Link(**link) for link in vector["input"]["links"]])
    assert found.link_pp == pytest.approx(vector["expected"]["link_pp"], abs=vector["tolerance"])
    assert found.chained_pp == pytest.approx(vector["expected"]["chained_pp"], abs=vector["tolerance"])


def test_a_link_without_pairs_has_no_change_and_breaks_the_chain() -> None:
    found = chain_pp([Link(0, 0, 0), Link(1, 2, 4)])
    assert found.link_pp == (None, 25.0)
    assert found.chained_pp is None


def test_the_ends_are_compared_only_on_what_stayed_the_same_in_both_links() -> None:
    found = three_cycles(
        ratings(FIRST, {"A": ["N", "N", "N"]}),
        ratings(SECOND, {"A": ["N", "M", "N"]}),
        ratings(THIRD, {"A": ["M", "M", "M"]}),
    )
    assert [one.new for one in found.first_link.by_criterion] == ["s11.A.1", "s11.A.2"]
    assert [one.new for one in found.second_link.by_criterion] == ["s11.A.1", "s11.A.4"]
    assert [one.new for one in found.direct.by_criterion] == ["s11.A.1"]
    assert [one.new for one in found.direct.widened_narrowed.criteria] == ["s11.A.2"]
    assert [one.id for one in found.direct.not_compared.dropped] == ["s11.A.3"]
    assert [link.pairs for link in found.linked.links] == [2, 2]
    assert found.linked.link_pp == (50.0, 100.0)
    assert (found.direct.net, found.direct.headline.pairs) == (1, 1)


def test_a_criterion_that_changed_its_id_on_the_way_is_followed() -> None:
    second = version("2024", {"one": ["B.1"]}, lineage={"B.1": came_from("reworded", "A.1")})
    third = version("2026", {"one": ["B.1"]})
    cycles = (ratings(one, {"A": ["M"] * len(one.criteria)}) for one in (FIRST, second, third))
    assert [(one.old, one.new) for one in three_cycles(*cycles).direct.by_criterion] == [("s11.A.1", "s11.B.1")]


def test_an_organisation_that_missed_the_second_audit_is_in_the_direct_comparison() -> None:
    found = three_cycles(
        ratings(FIRST, {"a": ["N", "N", "N"]}),
        ratings(SECOND, {"b": None}),
        ratings(THIRD, {"c": ["M", "M", "M"]}),
        [OrganisationLink("a", "b", "renamed", "2023-01-01"), OrganisationLink("b", "c", "renamed", "2025-01-01")],
    )
    assert found.first_link.headline.pairs == found.second_link.headline.pairs == 0
    assert [one.id for one in found.direct.by_organisation] == ["c"]
    assert found.linked.chained_pp is None


def three(**more: Any) -> Any:
    return three_cycles(
        ratings(FIRST, {"A": ["N", "N", "N"], "B": ["M", "N", "M"]}),
        ratings(SECOND, {"A": ["N", "M", "N"], "B": ["M", "N", "M"]}),
        ratings(THIRD, {"A": ["M", "M", "M"], "B": ["M", "M", "M"]}),
        **more,
    )


def test_the_sum_of_the_links_is_called_linked_and_stands_with_each_base() -> None:
    found = three()
    sentences = [sentence.text for sentence in chain_sentences(found, chain_register(found))]
    assert sentences[0] == (
        "The share met changed by +25.0 percentage points from 2022 to 2024 (1 to 2 of 4 judgements) and by +50.0 from "
        "2024 to 2026 (2 to 4 of 4). Linked, that is +75.0 percentage points; the links rest on different criteria and "
        "organisations."
    )
    assert sentences[1].startswith("On what stayed the same from 2022 to 2026,")


def test_the_plain_values_hold_all_three_comparisons_and_the_base_of_each_link() -> None:
    plain: Any = json.loads(json.dumps(chain_json(three())))
    assert [link["pairs"] for link in plain["links"]] == [4, 4]
    assert plain["linked_points"] == 75
    assert plain["direct"]["baseline"]["version"] == "2022"
    assert plain["label"].startswith("linked")


def test_three_audits_that_share_nothing_in_one_link_are_not_linked() -> None:
    found = three_cycles(
        ratings(FIRST, {"A": ["NA", "NA", "N"]}),
        ratings(SECOND, {"A": ["N", "M", "N"]}),
        ratings(THIRD, {"A": ["M", "M", "M"]}),
    )
    sentences = [sentence.text for sentence in chain_sentences(found, chain_register(found))]
    assert sentences[0].startswith("The three audits cannot be linked")


def test_under_the_floor_in_one_link_no_linked_change_is_stated() -> None:
    found = three_cycles(
        ratings(FIRST, {"A": ["N", "N", "N"], "B": ["M", "N", "M"], "C": ["M", "M", "M"]}),
        ratings(SECOND, {"A": ["N", "M", "N"], "D": ["M", "N", "M"], "E": ["M", "M", "M"]}),
        ratings(THIRD, {"A": ["M", "M", "M"], "D": ["M", "M", "M"], "E": ["M", "M", "M"]}),
    )
    sentences = [sentence.text for sentence in chain_sentences(found, chain_register(found))]
    assert "a change is not stated" in sentences[0]
    assert not [one for one in sentences if "Linked" in one]


def test_a_boundary_change_of_the_second_period_leaves_the_first_link_alone() -> None:
    change = OrganisationLink("A", "A", "boundary-change", "2025-04-01", "")
    found = three(late_links=(change,))
    assert [len(one.by_organisation) for one in (found.first_link, found.second_link, found.direct)] == [2, 1, 1]
