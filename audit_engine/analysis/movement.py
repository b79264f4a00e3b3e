"""How did the ratings of the same organisations on the same criteria move?

Everything is read from one table of transitions: for each pair of columns, how
many organisations went from which code to which.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from audit_engine.analysis.change import Movement
from audit_engine.analysis.ratings import Code
from audit_engine.analysis.tables import Codes

Transitions = NDArray[np.intp]

_KINDS = len(Code)
_RATED = slice(Code.NOT_MET, Code.MET + 1)
_BELOW_MET = slice(Code.NOT_MET, Code.MET)
_SHOWN = [Code.NOT_MET, Code.PARTLY_MET, Code.MET, Code.NOT_APPLICABLE]


def transitions(then: Codes, now: Codes) -> Transitions:
    """Count code by code what each column became.

    Both tables have shape (organisations, columns) and are aligned; the result has
    shape (columns, 6, 6), indexed by code then and code now.
    """
    columns = then.shape[1]
    cells = _KINDS * _KINDS
    places = (then * np.int8(_KINDS) + now).astype(np.intp)
    places += np.arange(columns, dtype=np.intp) * cells
    counted = np.bincount(places.ravel(), minlength=columns * cells)
    return counted.reshape(columns, _KINDS, _KINDS)


def movements(table: Transitions) -> tuple[Movement, ...]:
    """Return the movement of each table of a stack of shape (n, 6, 6)."""
    return tuple(Movement(*row) for row in movement_rows(table))


def movement_rows(table: Transitions) -> tuple[tuple[int, ...], ...]:
    """Return the fields of each movement, in Movement's order."""
    rated = table[:, _RATED, _RATED]
    pairs = rated.sum(axis=(1, 2))
    met_then, met_now = rated[:, 2, :].sum(axis=1), rated[:, :, 2].sum(axis=1)
    partly_then, partly_now = rated[:, 1, :].sum(axis=1), rated[:, :, 1].sum(axis=1)
    met_both, partly_both = rated[:, 2, 2], rated[:, 1, 1]
    not_applicable = _either(table, Code.NOT_APPLICABLE)
    without = _without(table, Code.NOT_APPLICABLE)
    unanswered = _either(without, Code.UNANSWERED)
    rest = table.sum(axis=(1, 2)) - pairs - not_applicable - unanswered
    columns = (
        pairs, met_then, met_now, met_now - met_both, met_then - met_both,
        partly_then, partly_now, partly_now - partly_both, partly_then - partly_both,
        not_applicable, unanswered, rest,
    )  # fmt: skip
    return tuple(zip(*(column.tolist() for column in columns), strict=True))


def movement(table: Transitions) -> Movement:
    """Return the movement over all columns of a stack of transitions."""
    return movements(table.sum(axis=0, keepdims=True))[0]


def matched_pairs_comparison(then: Codes, now: Codes) -> Movement:
    """Compare two aligned tables of shape (organisations, criteria).

    A pair counts when both ratings are met, partly met or not met; a pair that is
    not applicable, blank or not asked on either side is excluded and counted, so
    that "not applicable" to "met" is no gain (methods section 5).
    """
    return movement(transitions(then, now))


def net_by_organisation(then: Codes, now: Codes) -> tuple[tuple[int, int, int, int, int], ...]:
    """Return (pairs, met then, met now, gained, lost) of each row of two aligned tables."""
    both = (then >= Code.NOT_MET) & (now >= Code.NOT_MET)
    met_then, met_now = both & (then == Code.MET), both & (now == Code.MET)
    columns = (both, met_then, met_now, met_now & ~met_then, met_then & ~met_now)
    counted = np.stack([np.count_nonzero(column, axis=1) for column in columns], axis=1)
    return tuple(cast(tuple[int, int, int, int, int], tuple(row)) for row in counted.tolist())


def transition_matrix(table: Transitions) -> tuple[tuple[int, ...], ...]:
    """Return rows then and columns now over not met, partly met, met, not applicable."""
    shown = table.sum(axis=0)[np.ix_(_SHOWN, _SHOWN)]
    return tuple(tuple(row) for row in shown.tolist())


def _either(table: Transitions, code: Code) -> NDArray[np.intp]:
    """Return how many cells hold the code then or now."""
    crossed: NDArray[np.intp] = table[:, code, :].sum(axis=1) + table[:, :, code].sum(axis=1) - table[:, code, code]
    return crossed


def _without(table: Transitions, code: Code) -> Transitions:
    kept = table.copy()
    kept[:, code, :] = 0
    kept[:, :, code] = 0
    return kept
