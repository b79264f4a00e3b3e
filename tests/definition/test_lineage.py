from __future__ import annotations

from collections import Counter

import pytest

from audit_engine.definition.lineage import LineageMap, Pair, chain, lineage_between
from audit_engine.definition.questionnaire import Questionnaire
from tests.definition.versions import Shelf, text


def versions(*steps: tuple[dict[str, str], str]) -> list[Questionnaire]:
    """Return versions "1", "2", ... of which each continues the one before; a step is items and retired."""
    shelf = Shelf()
    for number, (items, retired) in enumerate(steps, 1):
        one = text(str(number), items, retired, continues=str(number - 1) if number > 1 else "")
        shelf = Shelf(*[q.source for q in shelf.kept.values()], one)
    return list(shelf.kept.values())


def between(items: dict[str, str], retired: str = "", old: str = "abcd") -> LineageMap:
    first, second = versions(({f"v.{c}": "" for c in old}, ""), (items, retired))
    return lineage_between(first, second)


def shown(lineage: LineageMap) -> list[tuple[str, str, str]]:
    return [(p.relation, " ".join(p.old), " ".join(p.new)) for p in lineage.pairs]


ALL_BUT_A = {"v.b": "relation: same", "v.c": "relation: same", "v.d": "relation: same"}


def test_a_continuing_item_is_paired_under_its_relation() -> None:
    lineage = between(
        {
            "v.a": "relation: same",
            "v.b": "relation: reworded",
            "v.c": "relation: widened",
            "v.e": "relation: narrowed, from: v.d",
        }
    )
    assert shown(lineage) == [
        ("same", "v.a", "v.a"),
        ("reworded", "v.b", "v.b"),
        ("widened", "v.c", "v.c"),
        ("narrowed", "v.d", "v.e"),
    ]
    assert [pair.relation for pair in lineage.like_for_like] == ["same", "reworded"]
    assert [pair.relation for pair in lineage.changed_scope] == ["widened", "narrowed"]


def test_merged_items_make_one_pair_with_several_old_ids() -> None:
    lineage = between(
        {"v.e": "relation: merged, from: [v.a, v.b], reason: Alike", "v.c": "relation: same", "v.d": "relation: same"}
    )
    assert lineage.pairs[0] == Pair("merged", ("v.a", "v.b"), ("v.e",), "Alike")
    assert lineage.pair_of("v.e") == lineage.pairs[0]
    assert lineage.pair_of("v.z") is None


def test_a_split_item_makes_one_pair_with_several_new_ids() -> None:
    lineage = between({"v.e": "relation: split, from: v.a", "v.f": "relation: split, from: v.a", **ALL_BUT_A})
    assert ("split", "v.a", "v.e v.f") in shown(lineage)


def test_a_continuing_id_outranks_what_was_split_off_from_it() -> None:
    lineage = between(
        {"v.a": "relation: narrowed", "v.e": "relation: split, from: v.a, reason: Taken out", **ALL_BUT_A}
    )
    assert ("narrowed", "v.a", "v.a") in shown(lineage)
    assert [(entry.id, entry.reason) for entry in lineage.new] == [("v.e", "Taken out")]


def test_what_is_retired_is_listed_with_its_reason_under_what_became_of_it() -> None:
    retired = (
        "  - {id: v.a, relation: folded, into: v.d, reason: Inside d}\n"
        "  - {id: v.b, relation: moved, instrument: staff, reason: Asked of staff}\n"
        "  - {id: v.c, relation: dropped, reason: Held elsewhere}\n"
    )
    lineage = between({"v.d": "relation: widened"}, retired)
    assert [(e.id, e.reason, e.into) for e in lineage.folded] == [("v.a", "Inside d", ("v.d",))]
    assert [(e.id, e.instrument) for e in lineage.moved] == [("v.b", "staff")]
    assert [e.id for e in lineage.dropped] == ["v.c"]


def test_every_item_stands_exactly_once_on_each_side() -> None:
    lineage = between(
        {"v.e": "relation: merged, from: [v.a, v.b]", "v.c": "relation: same", "v.f": "relation: new"},
        "  - {id: v.d, relation: dropped, reason: Old}\n",
    )
    old = Counter(
        [i for p in lineage.pairs for i in p.old] + [e.id for e in (*lineage.dropped, *lineage.folded, *lineage.moved)]
    )
    new = Counter([i for p in lineage.pairs for i in p.new] + [e.id for e in lineage.new])
    assert old == Counter(["v.a", "v.b", "v.c", "v.d"])
    assert new == Counter(["v.e", "v.c", "v.f"])


def test_ungraded_items_stay_out_unless_asked_for() -> None:
    first, second = versions(({"v.a": ""}, ""), ({"v.a": "relation: same", "v.b": "relation: new"}, ""))
    plain = second.source.replace("id: v.b, type: rating", "id: v.b, type: text, guidance: Look")
    ungraded = Shelf(first.source, plain).kept["2"]
    assert lineage_between(first, ungraded).new == ()
    assert [e.id for e in lineage_between(first, ungraded, criteria_only=False).new] == ["v.b"]


@pytest.mark.parametrize(
    ("first_link", "second_link", "expected"),
    [
        ({"v.a": "relation: same"}, {"v.a": "relation: same"}, [("same", "v.a", "v.a")]),
        ({"v.a": "relation: same"}, {"v.a": "relation: reworded"}, [("reworded", "v.a", "v.a")]),
        ({"v.a": "relation: reworded"}, {"v.a": "relation: same"}, [("reworded", "v.a", "v.a")]),
        ({"v.a": "relation: widened"}, {"v.a": "relation: same"}, [("widened", "v.a", "v.a")]),
        ({"v.a": "relation: same"}, {"v.a": "relation: narrowed"}, [("narrowed", "v.a", "v.a")]),
        ({"v.a": "relation: widened"}, {"v.a": "relation: narrowed"}, [("narrowed", "v.a", "v.a")]),
        ({"v.b": "relation: reworded, from: v.a"}, {"v.c": "relation: same, from: v.b"}, [("reworded", "v.a", "v.c")]),
    ],
)
def test_only_same_and_reworded_all_the_way_stays_like_for_like(
    first_link: dict[str, str], second_link: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    lineage = chain(versions(({"v.a": ""}, ""), (first_link, ""), (second_link, "")))
    assert shown(lineage) == expected
    assert (lineage.baseline, lineage.current) == ("1", "3")


def test_what_was_merged_stays_merged_when_it_goes_on_unchanged() -> None:
    merged = {"v.c": "relation: merged, from: [v.a, v.b]"}
    lineage = chain(versions(({"v.a": "", "v.b": ""}, ""), (merged, ""), ({"v.c": "relation: same"}, "")))
    assert shown(lineage) == [("merged", "v.a v.b", "v.c")]


def test_what_is_merged_twice_is_merged_of_all() -> None:
    lineage = chain(versions(
        ({"v.a": "", "v.b": "", "v.c": ""}, ""),
        ({"v.d": "relation: merged, from: [v.a, v.b]", "v.c": "relation: same"}, ""),
        ({"v.e": "relation: merged, from: [v.d, v.c]"}, ""),
    ))  # fmt: skip
    assert shown(lineage) == [("merged", "v.a v.b v.c", "v.e")]


def test_what_was_split_stays_split_when_both_parts_go_on_unchanged() -> None:
    split = {"v.b": "relation: split, from: v.a", "v.c": "relation: split, from: v.a"}
    same = {"v.b": "relation: same", "v.c": "relation: same"}
    assert shown(chain(versions(({"v.a": ""}, ""), (split, ""), (same, "")))) == [("split", "v.a", "v.b v.c")]
    assert shown(chain(versions(({"v.a": ""}, ""), ({"v.a": "relation: same"}, ""), (split, "")))) == [
        ("split", "v.a", "v.b v.c")
    ]


def test_merged_and_then_split_is_not_compared_and_says_why() -> None:
    lineage = chain(versions(
        ({"v.a": "", "v.b": ""}, ""),
        ({"v.c": "relation: merged, from: [v.a, v.b]"}, ""),
        ({"v.d": "relation: split, from: v.c", "v.e": "relation: split, from: v.c"}, ""),
    ))  # fmt: skip
    why = "Merged into v.c in 2, then split: the two ends cannot be compared."
    assert lineage.pairs == ()
    assert [(e.id, e.reason) for e in lineage.new] == [("v.d", why), ("v.e", why)]
    assert [(e.id, e.reason, e.into) for e in lineage.dropped] == [("v.a", why, ("v.c",)), ("v.b", why, ("v.c",))]


def test_a_part_of_a_split_that_is_dropped_leaves_the_rest_uncompared() -> None:
    lineage = chain(versions(
        ({"v.a": ""}, ""),
        ({"v.b": "relation: split, from: v.a", "v.c": "relation: split, from: v.a"}, ""),
        ({"v.b": "relation: same"}, "  - {id: v.c, relation: dropped, reason: Old}\n"),
    ))  # fmt: skip
    assert lineage.pairs == ()
    assert "Only part of what became v.b, v.c in 2" in lineage.new[0].reason


def test_scope_that_changed_before_a_merge_is_not_compared() -> None:
    lineage = chain(versions(
        ({"v.a": "", "v.b": ""}, ""),
        ({"v.a": "relation: widened", "v.b": "relation: same"}, ""),
        ({"v.c": "relation: merged, from: [v.a, v.b]"}, ""),
    ))  # fmt: skip
    assert lineage.pairs == ()
    assert [e.id for e in lineage.new] == ["v.c"]


def test_an_item_that_came_and_went_between_is_on_neither_side() -> None:
    lineage = chain(versions(
        ({"v.a": ""}, ""),
        ({"v.a": "relation: same", "v.b": "relation: new"}, ""),
        ({"v.a": "relation: same"}, "  - {id: v.b, relation: dropped, reason: Tried once}\n"),
    ))  # fmt: skip
    assert shown(lineage) == [("same", "v.a", "v.a")]
    assert (lineage.new, lineage.dropped) == ((), ())


def test_what_goes_in_the_second_link_is_told_as_there() -> None:
    retired = "  - {id: v.a, relation: folded, into: v.b, reason: Inside b}\n"
    lineage = chain(versions(
        ({"v.a": "", "v.b": ""}, ""),
        ({"v.a": "relation: same", "v.b": "relation: same", "v.c": "relation: new"}, ""),
        ({"v.b": "relation: widened", "v.c": "relation: same"}, retired),
    ))  # fmt: skip
    assert [(e.id, e.reason, e.into) for e in lineage.folded] == [("v.a", "Inside b", ("v.b",))]
    assert [(e.id, e.reason) for e in lineage.new] == [("v.c", "Not asked in 1.")]


def test_a_version_with_itself_is_all_the_same() -> None:
    first = versions(({"v.a": "", "v.b": ""}, ""))
    assert shown(chain(first)) == [("same", "v.a", "v.a"), ("same", "v.b", "v.b")]


def test_a_chain_needs_a_version() -> None:
    with pytest.raises(ValueError, match="at least one"):
        chain([])
