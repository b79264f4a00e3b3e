"""How did today's criteria come from the earlier ones, line by line?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from audit_engine.analysis.change import Comparison, ListedCriterion
from audit_engine.analysis.findings import LineageLine
from audit_engine.definition.lineage import LineageMap, Pair
from audit_engine.definition.questionnaire import Questionnaire, Relation

ComparedIn = Literal["headline", "second table", "merged and split", "not compared"]
COMPARED_IN: Mapping[Relation, ComparedIn] = {
    "same": "headline",
    "reworded": "headline",
    "widened": "second table",
    "narrowed": "second table",
    "merged": "merged and split",
    "split": "merged and split",
}


def lineage_lines(lineage: LineageMap, comparison: Comparison, current: Questionnaire) -> tuple[LineageLine, ...]:
    """Return a line for every pair of the map, in its order, then for what has no counterpart."""
    return (*(_paired(pair, current) for pair in lineage.pairs), *_alone(comparison))


def _paired(pair: Pair, current: Questionnaire) -> LineageLine:
    words = "; ".join(current.items_by_id[new].text for new in pair.new)
    return LineageLine(pair.relation, _short(pair.old), _short(pair.new), words, pair.note, COMPARED_IN[pair.relation])


def _alone(comparison: Comparison) -> Iterator[LineageLine]:
    listed = comparison.not_compared
    for one in listed.new:
        yield _line(one, (), _short((one.id,)))
    for one in (*listed.dropped, *listed.folded, *listed.moved):
        yield _line(one, _short((one.id,)), _short(one.into))


def _line(one: ListedCriterion, old: tuple[str, ...], new: tuple[str, ...]) -> LineageLine:
    note = f"{one.reason} ({one.instrument})" if one.instrument else one.reason
    return LineageLine(one.relation, old, new, one.text, note, "not compared")


def _short(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return ids without their questionnaire's prefix."""
    return tuple(item.split(".", 1)[-1] for item in ids)
