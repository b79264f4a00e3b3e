"""How did each criterion move, and which cannot be compared at all?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from audit_engine.analysis.alignment import ColumnGroup, Listed
from audit_engine.analysis.bridging import bridge_merge
from audit_engine.analysis.change import (
    BridgedChange,
    ChangedScope,
    CriterionRows,
    GroupMovement,
    ListedCriterion,
    Movement,
    NetBounds,
    NotCompared,
)
from audit_engine.analysis.movement import (
    matched_pairs_comparison,
    movement,
    movement_rows,
    movements,
    transition_matrix,
)
from audit_engine.analysis.ratings import Code, CycleRatings
from audit_engine.analysis.tables import Codes, Indices, cells, tally
from audit_engine.analysis.verdicts import bounded_net, sign
from audit_engine.analysis.view import View


def like_for_like(view: View) -> CriterionRows:
    """Return the movement of each criterion of the headline."""
    return CriterionRows(view.alignment.like.pairs, view.like_items, movement_rows(view.like))


def changed_scope(view: View) -> ChangedScope:
    """Return the second table: what widened or narrowed, with its own totals."""
    items, pairs = view.current.questionnaire.items_by_id, view.alignment.changed.pairs
    rows = CriterionRows(pairs, tuple(items[pair.new[0]] for pair in pairs), movement_rows(view.changed))
    return ChangedScope(movement(view.changed), rows.changes)


def by_standard(view: View) -> tuple[GroupMovement, ...]:
    """Return the like-for-like movement of every current standard that has a comparable criterion, in order."""
    columns: dict[str, list[int]] = defaultdict(list)
    for column, item in enumerate(view.like_items):
        columns[item.section].append(column)
    sections = view.current.questionnaire.sections
    return _groups({section.id: section.title for section in sections if section.id in columns}, columns, view)


def by_tag(view: View) -> tuple[GroupMovement, ...]:
    """Return the like-for-like movement of every tag, in alphabetical order."""
    columns: dict[str, list[int]] = defaultdict(list)
    for column, item in enumerate(view.like_items):
        for tag in item.tags:
            columns[tag].append(column)
    return _groups({tag: tag.replace("-", " ") for tag in sorted(columns)}, columns, view)


def bridged_changes(view: View) -> tuple[BridgedChange, ...]:
    """Return merged and split criteria by the weakest of the several, the strongest beside it."""
    then, now = view.then_codes[view.matched_then], view.now_codes[view.matched_now]
    return tuple(_bridged(group, then, now, view) for group in view.alignment.groups)


def not_compared(view: View) -> NotCompared:
    """Return the criteria without a counterpart, each with its reason and its own year's counts."""
    columns, then, now = view.alignment, view.returns_then, view.returns_now
    return NotCompared(
        _listed(columns.dropped, view.baseline, then),
        _listed(columns.folded, view.baseline, then),
        _listed(columns.moved, view.baseline, then),
        _listed(columns.new, view.current, now),
    )


def _groups(titles: Mapping[str, str], columns: Mapping[str, Sequence[int]], view: View) -> tuple[GroupMovement, ...]:
    if not titles:
        return ()
    moved = movements(np.stack([view.like[columns[group]].sum(axis=0) for group in titles]))
    return tuple(
        GroupMovement(
            group, title, len(columns[group]), int(np.count_nonzero(view.paired[:, columns[group]].any(axis=1))), one,
            _bounds(view, columns[group], one), transition_matrix(view.like[columns[group]]),
            _nets(view, columns[group]),
        )
        for (group, title), one in zip(titles.items(), moved, strict=True)
    )  # fmt: skip


def _nets(view: View, columns: Sequence[int]) -> tuple[int, ...]:
    """Return the net change of each matched organisation that has one."""
    both = view.paired[:, columns]
    then, now = (codes[:, columns] == Code.MET for codes in (view.like_then, view.like_now))
    nets = (now & both).sum(axis=1) - (then & both).sum(axis=1)
    return tuple(nets[nets != 0].tolist())


def _bounds(view: View, columns: Sequence[int], moved: Movement) -> NetBounds:
    """Return what a group's net could be, whatever the missing returns would have said."""
    neither = view.asked_of_neither([view.like_items[column].id for column in columns])
    return bounded_net(moved.net, view.like_only_then[:, columns], view.like_only_now[:, columns], neither)


def _bridged(group: ColumnGroup, then: Codes, now: Codes, view: View) -> BridgedChange:
    """Compare a group; the side with one criterion is its own weakest and strongest."""
    before, after = bridge_merge(then[:, group.then]), bridge_merge(now[:, group.now])
    weakest = _one_column(before.weakest, after.weakest)
    strongest = _one_column(before.strongest, after.strongest)
    one = group.pair.new[0] if group.pair.relation == "merged" else group.pair.old[0]
    version = view.current if group.pair.relation == "merged" else view.baseline
    item = version.questionnaire.items_by_id[one]
    return BridgedChange(
        group.pair.relation, group.pair.old, group.pair.new, item.short_id, item.text, group.pair.note,
        weakest, strongest, sign(weakest.net) == sign(strongest.net),
    )  # fmt: skip


def _one_column(then: Codes, now: Codes) -> Movement:
    return matched_pairs_comparison(then[:, np.newaxis], now[:, np.newaxis])


def _listed(listed: Listed, ratings: CycleRatings, rows: Indices) -> tuple[ListedCriterion, ...]:
    counts = tally(cells(ratings.codes, rows, listed.columns), cells(ratings.confirmed, rows, listed.columns), axis=0)
    items = ratings.questionnaire.items_by_id
    return tuple(
        ListedCriterion(
            one.id, items[one.id].short_id, items[one.id].text, listed.relation, one.reason, one.into, one.instrument,
            counted,
        )
        for one, counted in zip(listed.unpaired, counts, strict=True)
    )  # fmt: skip
