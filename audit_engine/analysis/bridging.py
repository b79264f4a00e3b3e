"""How are merged and split criteria, or merged organisations, set beside what came before them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audit_engine.analysis.ratings import Code
from audit_engine.analysis.statistics import Difference, newcombe_independent
from audit_engine.analysis.tables import Codes, Flags


@dataclass(frozen=True, slots=True, eq=False)
class Bridged:
    """Several criteria read as one: by the weakest applicable rating and by the strongest; one a row."""

    weakest: Codes
    strongest: Codes


@dataclass(frozen=True, slots=True)
class Pooled:
    """Predecessors' answers added up, and the difference to their successor's."""

    pooled: tuple[int, int]
    difference: Difference | None


def bridge_merge(old_pairs: Codes) -> Bridged:
    """Read the columns of a table as one criterion (methods section 5).

    Ratings that are not applicable or not asked step aside for those that apply;
    where none applies the result is not applicable.  A blank makes the whole row
    blank, since the weakest isn't known.
    """
    rated = old_pairs >= Code.NOT_MET
    strongest = old_pairs.max(axis=1)
    weakest = np.where(rated, old_pairs, np.int8(Code.MET)).min(axis=1)
    blank = np.logical_or.reduce(old_pairs == Code.UNANSWERED, axis=1)
    none_rated = ~np.logical_or.reduce(rated, axis=1)
    return Bridged(_settled(weakest, strongest, none_rated, blank), _settled(strongest, strongest, none_rated, blank))


def pool_predecessors(predecessors: Sequence[tuple[int, int]], successor: tuple[int, int]) -> Pooled:
    """Add up (x, n) of organisations that merged and compare with the successor's.

    For answers of people only: the unit is the person, so counts may be pooled,
    which ratings of organisations may not (methods section 5).
    """
    pooled = (sum(x for x, _ in predecessors), sum(n for _, n in predecessors))
    return Pooled(pooled, newcombe_independent(*pooled, *successor))


def _settled(codes: Codes, strongest: Codes, none_rated: Flags, blank: Flags) -> Codes:
    """Put the code of an unrated row, then of a blank one, in place of the rating."""
    settled: Codes = np.where(blank, np.int8(Code.UNANSWERED), np.where(none_rated, strongest, codes))
    return settled
