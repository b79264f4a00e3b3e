"""How are the cells of a ratings table counted?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.ratings import Code, CycleRatings

Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]
Cell = TypeVar("Cell", np.int8, np.bool_)
Indices = NDArray[np.intp]

# The order of RatingCounts' fields.
_COUNTED = (
    Code.MET,
    Code.PARTLY_MET,
    Code.NOT_MET,
    Code.NOT_APPLICABLE,
    Code.UNANSWERED,
    Code.NOT_ASKED,
)


def tally(codes: Codes, confirmed: Flags, axis: int) -> tuple[RatingCounts, ...]:
    """Count the cells of each column (``axis`` 0) or each row (``axis`` 1)."""
    columns = [np.count_nonzero(codes == code, axis=axis) for code in _COUNTED]
    columns.append(np.count_nonzero(confirmed, axis=axis))
    return tuple(RatingCounts(*row) for row in np.stack(columns, axis=1).tolist())


def tally_all(codes: Codes, confirmed: Flags) -> RatingCounts:
    """Count every cell of the table."""
    kinds = [*(codes == code for code in _COUNTED), confirmed]
    return RatingCounts(*(int(np.count_nonzero(kind)) for kind in kinds))


def cells(table: NDArray[Cell], rows: Indices, columns: Indices) -> NDArray[Cell]:
    """Return some rows and columns of a table; whole rows are copied first, which is far cheaper than cell by cell."""
    return table.take(rows, axis=0).take(columns, axis=1)


def columns_of(ratings: CycleRatings, ids: Sequence[str]) -> Indices:
    """Return the column of each criterion id, in the order given."""
    places = {item: column for column, item in enumerate(ratings.items)}
    return np.array([places[item] for item in ids], dtype=np.intp)


def returned_rows(ratings: CycleRatings) -> Indices:
    """Return the rows of the organisations that returned."""
    return np.flatnonzero(ratings.returned)
