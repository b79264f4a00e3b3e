"""Which columns of the two tables are compared, and which are only listed?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from audit_engine.analysis.change import Filters
from audit_engine.analysis.ratings import CycleRatings
from audit_engine.analysis.tables import Indices
from audit_engine.definition.lineage import LineageMap, Pair, Unpaired
from audit_engine.definition.questionnaire import Questionnaire, Relation


@dataclass(frozen=True)
class ColumnPairs:
    """Columns then and now, aligned; each pair has one criterion on either side."""

    pairs: tuple[Pair, ...]
    then: Indices
    now: Indices


@dataclass(frozen=True)
class ColumnGroup:
    """Criteria that merged or split: their columns then and now."""

    pair: Pair
    then: Indices
    now: Indices


@dataclass(frozen=True)
class Listed:
    """Criteria outside every comparison, with their columns in their own year's table."""

    relation: Relation
    unpaired: tuple[Unpaired, ...]
    columns: Indices


@dataclass(frozen=True)
class Alignment:
    """Every column that is looked at, once on each side.

    ``then_columns`` and ``now_columns`` are what the raw count of each year is
    taken over.  A group that merged or split is compared whole, but with a
    filter only those of its later criteria that pass it are in ``now_columns``.
    """

    like: ColumnPairs
    changed: ColumnPairs
    groups: tuple[ColumnGroup, ...]
    dropped: Listed
    folded: Listed
    moved: Listed
    new: Listed
    then_columns: Indices
    now_columns: Indices

    @property
    def bridged_then(self) -> Indices:
        """Return the columns then that merged or split."""
        return _joined(*(group.then for group in self.groups))

    @property
    def bridged_now(self) -> Indices:
        """Return the columns now that came of a merger or split, of those looked at."""
        return np.intersect1d(_joined(*(group.now for group in self.groups)), self.now_columns)

    @property
    def gone(self) -> Indices:
        """Return the columns then that were dropped, folded or moved."""
        return _joined(self.dropped.columns, self.folded.columns, self.moved.columns)


class UnknownStandard(LookupError):
    """A filter names a standard or tag that the current version lacks."""

    def __init__(self, kind: str, name: str, questionnaire: Questionnaire, known: Sequence[str]) -> None:
        super().__init__(
            f"{questionnaire.title} has no {kind} '{name}'. Use one of: {', '.join(known) or 'none is defined'}."
        )


class LineageMismatch(ValueError):
    """The lineage was made for other versions than the ratings."""

    def __init__(self, lineage: LineageMap, then: str, now: str) -> None:
        super().__init__(
            f"The lineage leads from version {lineage.baseline} to {lineage.current}, but the ratings are of "
            f"version {then} and {now}. Take the lineage between the two versions that are compared."
        )


def align(lineage: LineageMap, baseline: CycleRatings, current: CycleRatings, filters: Filters) -> Alignment:
    """Align the two tables' columns, keeping the criteria that the filters let through.

    Earlier criteria follow what they became; those that became nothing are kept by
    their tags and by the standard where most of their own standard went.  Raises
    LineageMismatch and UnknownStandard.
    """
    then, now = baseline.questionnaire, current.questionnaire
    if (lineage.baseline, lineage.current) != (then.version, now.version):
        raise LineageMismatch(lineage, then.version, now.version)
    check_filters(filters, now)
    kept = _Kept(filters, lineage, then, now)
    table_then, table_now = _places(baseline), _places(current)
    like, changed = (
        _column_pairs(kept.pairs(pairs), table_then, table_now)
        for pairs in (lineage.like_for_like, lineage.changed_scope)
    )
    groups = tuple(
        ColumnGroup(pair, _indices(pair.old, table_then), _indices(pair.new, table_now))
        for pair in lineage.related("merged", "split")
        if any(kept.new(new) for new in pair.new)
    )
    gone = (
        _listed(relation, (u for u in unpaired if kept.gone(u)), table_then) for relation, unpaired in _gone(lineage)
    )
    new = _listed("new", (u for u in lineage.new if kept.new(u.id)), table_now)
    dropped, folded, moved = gone
    looked_at = (like.then, changed.then, *(g.then for g in groups), dropped.columns, folded.columns, moved.columns)
    return Alignment(
        like, changed, groups, dropped, folded, moved, new,
        np.arange(len(baseline.items)) if kept.everything else np.unique(_joined(*looked_at)),
        _indices((item for item in current.items if kept.new(item)), table_now),
    )  # fmt: skip


def check_filters(filters: Filters, questionnaire: Questionnaire) -> None:
    """Refuse a standard or tag that the questionnaire does not have."""
    standards = [section.id for section in questionnaire.sections]
    if filters.standard is not None and filters.standard not in standards:
        raise UnknownStandard("standard", filters.standard, questionnaire, standards)
    tags = sorted({tag for item in questionnaire.criteria for tag in item.tags})
    if filters.tag is not None and filters.tag not in tags:
        raise UnknownStandard("tag", filters.tag, questionnaire, tags)


@dataclass(frozen=True)
class _Kept:
    """Which criteria pass the filters."""

    filters: Filters
    lineage: LineageMap
    then: Questionnaire
    now: Questionnaire

    @property
    def everything(self) -> bool:
        """Tell whether no filter names criteria."""
        return self.filters.standard is None and self.filters.tag is None

    def pairs(self, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        """Return the pairs whose criterion now passes."""
        return pairs if self.everything else tuple(pair for pair in pairs if self.new(pair.new[0]))

    def new(self, item_id: str) -> bool:
        """Tell whether a criterion of the current version passes."""
        if self.everything:
            return True
        item = self.now.items_by_id[item_id]
        return self._passes(item.section, item.tags)

    def gone(self, unpaired: Unpaired) -> bool:
        """Tell whether an earlier criterion without a counterpart passes, with what took it in or by itself."""
        taken_in = [item for item in unpaired.into if item in self.now.items_by_id]
        if taken_in:
            return any(self.new(item) for item in taken_in)
        item = self.then.items_by_id[unpaired.id]
        return self.everything or self._passes(self._standards_now.get(item.section, item.section), item.tags)

    def _passes(self, section: str, tags: Sequence[str]) -> bool:
        wanted = self.filters
        return wanted.standard in (None, section) and (wanted.tag is None or wanted.tag in tags)

    @cached_property
    def _standards_now(self) -> Mapping[str, str]:
        """Return the current standard to which most criteria of each earlier standard went."""
        went: dict[str, Counter[str]] = defaultdict(Counter)
        for pair in self.lineage.pairs:
            for old in pair.old:
                came = went[self.then.items_by_id[old].section]
                came.update(self.now.items_by_id[new].section for new in pair.new)
        return {section: counted.most_common(1)[0][0] for section, counted in went.items()}


def _gone(lineage: LineageMap) -> tuple[tuple[Relation, tuple[Unpaired, ...]], ...]:
    return ("dropped", lineage.dropped), ("folded", lineage.folded), ("moved", lineage.moved)


def _places(ratings: CycleRatings) -> Mapping[str, int]:
    return {item: column for column, item in enumerate(ratings.items)}


def _indices(ids: Iterable[str], places: Mapping[str, int]) -> Indices:
    return np.array([places[item] for item in ids], dtype=np.intp)


def _column_pairs(pairs: tuple[Pair, ...], then: Mapping[str, int], now: Mapping[str, int]) -> ColumnPairs:
    return ColumnPairs(
        pairs, _indices([pair.old[0] for pair in pairs], then), _indices([pair.new[0] for pair in pairs], now)
    )


def _listed(relation: Relation, unpaired: Iterable[Unpaired], places: Mapping[str, int]) -> Listed:
    found = tuple(unpaired)
    return Listed(relation, found, _indices((u.id for u in found), places))


def _joined(*columns: Indices) -> Indices:
    return np.concatenate((np.array([], dtype=np.intp), *columns))
