"""Which rows and columns of two audits stand side by side?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from audit_engine.analysis.alignment import Alignment
from audit_engine.analysis.asking import would_be_asked
from audit_engine.analysis.movement import Transitions, transitions
from audit_engine.analysis.organisations import Break, Matching
from audit_engine.analysis.ratings import Code, CycleRatings
from audit_engine.analysis.tables import Codes, Flags, Indices, cells
from audit_engine.definition.questionnaire import Item


@dataclass(frozen=True)
class View:
    """Two audits with their organisations matched and their criteria aligned.

    ``matched_then`` and ``matched_now`` are the rows, in one order, of continuing
    organisations that returned both times.
    """

    baseline: CycleRatings
    current: CycleRatings
    matching: Matching
    alignment: Alignment

    @cached_property
    def continuing_then(self) -> Indices:
        """Return the rows then of organisations in scope both times."""
        return np.array([then for then, _ in self.matching.continuing], dtype=np.intp)

    @cached_property
    def continuing_now(self) -> Indices:
        """Return the rows now of organisations in scope both times, in the same order."""
        return np.array([now for _, now in self.matching.continuing], dtype=np.intp)

    @cached_property
    def matched_then(self) -> Indices:
        """Return the rows then of those that returned both times."""
        return self.continuing_then[self._returned_then & self._returned_now]

    @cached_property
    def matched_now(self) -> Indices:
        """Return the rows now of those that returned both times, in the same order."""
        return self.continuing_now[self._returned_then & self._returned_now]

    @cached_property
    def only_then(self) -> Indices:
        """Return the rows then of those whose return now is missing."""
        return self.continuing_then[self._returned_then & ~self._returned_now]

    @cached_property
    def only_now(self) -> Indices:
        """Return the rows now of those whose return then is missing."""
        return self.continuing_now[self._returned_now & ~self._returned_then]

    @cached_property
    def neither(self) -> tuple[frozenset[str], ...]:
        """Return what each continuing organisation that returned neither time would be asked now."""
        rows = self.continuing_now[~self._returned_then & ~self._returned_now]
        return would_be_asked(self.current, rows.tolist())

    def asked_of_neither(self, items: Collection[str]) -> tuple[int, ...]:
        """Return how many of these criteria each organisation that returned neither time would be asked now."""
        wanted = frozenset(items)
        return tuple(len(asked & wanted) for asked in self.neither)

    @property
    def in_scope_then(self) -> int:
        """Return how many organisations were in scope then."""
        return len(self.matching.continuing) + len(self.matching.left)

    @property
    def in_scope_now(self) -> int:
        """Return how many organisations are in scope now."""
        return len(self.matching.continuing) + len(self.matching.joined)

    @cached_property
    def returns_then(self) -> Indices:
        """Return the rows then of every organisation looked at that returned."""
        return _returned(self.baseline, self.continuing_then, self.matching.left)

    @cached_property
    def returns_now(self) -> Indices:
        """Return the rows now of every organisation looked at that returned."""
        return _returned(self.current, self.continuing_now, self.matching.joined)

    @cached_property
    def then_codes(self) -> Codes:
        """Return the ratings then; a return that was not made holds nothing."""
        return _returned_codes(self.baseline)

    @cached_property
    def now_codes(self) -> Codes:
        """Return the ratings now; a return that was not made holds nothing."""
        return _returned_codes(self.current)

    @cached_property
    def like_then(self) -> Codes:
        """Return the matched organisations' like-for-like ratings then."""
        return cells(self.then_codes, self.matched_then, self.alignment.like.then)

    @cached_property
    def like_now(self) -> Codes:
        """Return the matched organisations' like-for-like ratings now, aligned with those then."""
        return cells(self.now_codes, self.matched_now, self.alignment.like.now)

    @cached_property
    def like_items(self) -> tuple[Item, ...]:
        """Return the current criteria of the like-for-like set."""
        items = self.current.questionnaire.items_by_id
        return tuple(items[pair.new[0]] for pair in self.alignment.like.pairs)

    @cached_property
    def paired(self) -> Flags:
        """Tell for each cell of the like-for-like set whether both ratings are met, partly met or not met."""
        both: Flags = (self.like_then >= Code.NOT_MET) & (self.like_now >= Code.NOT_MET)
        return both

    @cached_property
    def like_only_then(self) -> Codes:
        """Return the like-for-like ratings then of those whose return now is missing."""
        return cells(self.then_codes, self.only_then, self.alignment.like.then)

    @cached_property
    def like_only_now(self) -> Codes:
        """Return the like-for-like ratings now of those whose return then is missing."""
        return cells(self.now_codes, self.only_now, self.alignment.like.now)

    @cached_property
    def like(self) -> Transitions:
        """Return the transitions of the like-for-like set, one table a criterion."""
        return transitions(self.like_then, self.like_now)

    @cached_property
    def changed(self) -> Transitions:
        """Return the transitions of matched organisations on widened and narrowed criteria."""
        columns = self.alignment.changed
        return transitions(
            cells(self.then_codes, self.matched_then, columns.then),
            cells(self.now_codes, self.matched_now, columns.now),
        )

    @cached_property
    def _returned_then(self) -> Flags:
        return self.baseline.returned[self.continuing_then]

    @cached_property
    def _returned_now(self) -> Flags:
        return self.current.returned[self.continuing_now]


def _returned(ratings: CycleRatings, continuing: Indices, unmatched: tuple[tuple[int, Break | None], ...]) -> Indices:
    rows = np.concatenate((continuing, np.array([row for row, _ in unmatched], dtype=np.intp)))
    returned: Indices = rows[ratings.returned[rows]]
    return returned


def _returned_codes(ratings: CycleRatings) -> Codes:
    if ratings.returned.all():
        return ratings.codes
    codes: Codes = np.where(ratings.returned[:, np.newaxis], ratings.codes, np.int8(Code.NOT_ASKED))
    return codes
