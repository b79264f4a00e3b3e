from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.comparison import compare
from audit_engine.analysis.ratings import Code, CycleRatings, OrganisationLink
from audit_engine.analysis.reconciliation import LinesDoNotSum
from audit_engine.definition.lineage import LineageMap, Pair, Unpaired
from tests.analysis.by_hand import LETTERS, ratings, version
from tests.examples import examples

Fate = Literal["same", "reworded", "widened", "narrowed", "merged", "split", "dropped", "folded", "moved", "new"]
SIZES: dict[str, tuple[int, int]] = {
    "merged": (2, 1), "split": (1, 2), "dropped": (1, 0), "folded": (1, 0), "moved": (1, 0), "new": (0, 1),
}  # fmt: skip
ORGANISATIONS = ("A", "B", "C", "D", "E")
STANDARDS = ("one", "two")
TAGS = ("quiet", "loud")


@dataclass(frozen=True)
class Audits:
    then: CycleRatings
    now: CycleRatings
    lineage: LineageMap
    links: tuple[OrganisationLink, ...]


@st.composite
def audits(draw: st.DrawFn) -> Audits:
    """Any two audits: every relation, blank and missing returns, mergers, renamings, joiners and leavers."""
    fates: list[Fate] = draw(st.lists(st.sampled_from(get_args(Fate)), min_size=1, max_size=7))
    pairs, alone, old_ids, new_ids = [], {kind: [] for kind in ("dropped", "folded", "moved", "new")}, [], []
    for place, fate in enumerate(fates):
        before, after = SIZES.get(fate, (1, 1))
        old = tuple(f"A.{place}.{k}" for k in range(before))
        new = tuple(f"B.{place}.{k}" for k in range(after))
        old_ids += old
        new_ids += new
        if old and new:
            pairs.append(Pair(fate, tuple(f"s11.{o}" for o in old), tuple(f"s11.{n}" for n in new)))
        else:
            alone[fate] += [Unpaired(f"s11.{one}") for one in old + new]
    lineage = LineageMap("2024", "2026", tuple(pairs), **{kind: tuple(found) for kind, found in alone.items()})
    links = draw(st.lists(st.builds(
        OrganisationLink, st.sampled_from(ORGANISATIONS), st.sampled_from((*ORGANISATIONS, "F")),
        st.sampled_from(("renamed", "merged", "split", "boundary-change")), st.just("2025-04-01"),
    ), max_size=3))  # fmt: skip
    then, now = (_audit(draw, label, ids) for label, ids in (("2024", old_ids), ("2026", new_ids)))
    return Audits(then, now, lineage, tuple(links))


def _audit(draw: st.DrawFn, label: str, ids: list[str]) -> CycleRatings:
    standards = dict(zip(STANDARDS, (ids[::2], ids[1::2]), strict=True))
    questionnaire = version(label, standards, tags={one: [TAGS[len(one) % 2]] for one in ids[::2]})
    row = st.lists(st.sampled_from(sorted(LETTERS)), min_size=len(ids), max_size=len(ids))
    taking_part = draw(st.lists(st.sampled_from((*ORGANISATIONS, "F")), unique=True))
    sectors = {o: ("police", "justice")[ord(o) % 2] for o in taking_part}
    return ratings(questionnaire, {o: draw(st.none() | row) for o in taking_part}, sectors=sectors)


def compared(given: Audits, filters: Filters | None = None) -> Comparison:
    return compare(given.then, given.now, given.lineage, given.links, filters or Filters())


def met(cycle: CycleRatings) -> int:
    return int(np.count_nonzero(cycle.codes[cycle.returned] == Code.MET))


@settings(max_examples=examples(300))
@given(audits())
def test_the_lines_always_sum_to_the_change_in_the_raw_count(given: Audits) -> None:
    found = compared(given).reconciliation
    assert (found.met_then, found.met_now) == (met(given.then), met(given.now))
    assert found.met_then + sum(line.net for line in found.lines) == found.met_now


@settings(max_examples=examples(200))
@given(audits(), st.sampled_from((None, "police")), st.sampled_from((None, *STANDARDS)), st.sampled_from((None, *TAGS)))
def test_the_lines_sum_with_every_filter_too(
    given: Audits, sector: str | None, standard: str | None, tag: str | None
) -> None:
    if tag is None or any(tag in item.tags for item in given.now.questionnaire.criteria):
        found = compared(given, Filters(sector=sector, standard=standard, tag=tag))
        assert sum(line.net for line in found.reconciliation.lines) == found.crude_now.met - found.crude_then.met
        assert found.net == sum(one.net for one in found.by_organisation)
        assert found.net == sum(group.movement.net for group in found.by_standard)
        assert found.net == sum(one.movement.net for one in found.by_criterion)


@settings(max_examples=examples(200))
@given(audits(), st.randoms())
def test_the_order_of_organisations_changes_nothing(given: Audits, random: object) -> None:
    shuffled = replace(given, then=_shuffled(given.then, random), now=_shuffled(given.now, random))
    first, second = compared(given), compared(shuffled)
    assert sorted(first.by_organisation, key=lambda o: o.id) == sorted(second.by_organisation, key=lambda o: o.id)
    assert sorted(map(_bare, first.organisations)) == sorted(map(_bare, second.organisations))
    assert _without_order(first) == _without_order(second)


def _shuffled(cycle: CycleRatings, random: object) -> CycleRatings:
    order = list(range(len(cycle.organisations)))
    random.shuffle(order)  # type: ignore[attr-defined]
    by_row = ("codes", "self_codes", "confirmed", "moderated", "returned", "late")
    return replace(
        cycle, organisations=tuple(cycle.organisations[row] for row in order),
        **{name: getattr(cycle, name)[order] for name in by_row},
    )  # fmt: skip


def _bare(one: object) -> str:
    return repr(replace(one, others=tuple(sorted(one.others)), note=""))  # type: ignore[type-var,attr-defined]


def _without_order(found: Comparison) -> Comparison:
    largest = found.concentration
    ordered = largest and replace(largest, organisations=tuple(sorted(largest.organisations)))
    return replace(found, organisations=(), by_organisation=(), concentration=ordered)


def test_each_line_names_what_moved() -> None:
    then = version("2024", {"one": ["A.1", "A.2", "A.3", "A.4"]})
    now = version("2026", {"one": ["A.1", "A.2", "A.3", "A.5"]})
    lineage = LineageMap(
        "2024", "2026",
        (Pair("same", ("s11.A.1",), ("s11.A.1",)), Pair("same", ("s11.A.2",), ("s11.A.2",)),
         Pair("widened", ("s11.A.3",), ("s11.A.3",))),
        new=(Unpaired("s11.A.5"),), dropped=(Unpaired("s11.A.4"),),
    )  # fmt: skip
    before = ratings(then, {"K": ["M", "NA", "N", "M"], "L": ["M", "M", "-", "M"], "G": ["M"] * 4, "S": ["M"] * 4})
    after = ratings(now, {"K": ["N", "M", "M", "M"], "L": ["-", "M", "M", "M"], "S": None, "J": ["M", "N", "N", "N"]})
    found = compare(before, after, lineage).reconciliation
    lines = {line.id: (line.added, line.taken) for line in found.lines if line.added or line.taken}
    assert lines == {
        "like-for-like": (0, 1),
        "not-applicable": (1, 0),
        "blank": (0, 1),
        "changed-scope": (1, 0),
        "changed-scope-base": (1, 0),
        "dropped": (0, 2),
        "new": (2, 0),
        "not-returned": (0, 4),
        "left": (0, 4),
        "joined": (1, 0),
    }


def test_a_lineage_that_forgets_a_criterion_is_found_out() -> None:
    then, now = (version(label, {"one": ["A.1", "A.2"]}) for label in ("2024", "2026"))
    lineage = LineageMap("2024", "2026", (Pair("same", ("s11.A.1",), ("s11.A.1",)),), dropped=(Unpaired("s11.A.2"),))
    with pytest.raises(LinesDoNotSum, match="a change of 0, but the lines of the reconciliation explain -1"):
        compare(ratings(then, {"A": ["M", "M"]}), ratings(now, {"A": ["M", "M"]}), lineage)


def test_a_lineage_that_names_a_criterion_twice_is_found_out() -> None:
    then, now = version("2024", {"one": ["A.1"]}), version("2026", {"one": ["A.1", "A.2"]})
    pairs = tuple(Pair("same", ("s11.A.1",), (f"s11.A.{k}",)) for k in (1, 2))
    with pytest.raises(LinesDoNotSum, match="names each criterion once"):
        compare(ratings(then, {"A": ["M"]}), ratings(now, {"A": ["M", "M"]}), LineageMap("2024", "2026", pairs))
