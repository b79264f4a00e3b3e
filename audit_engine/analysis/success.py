"""How many criteria are met, in each of the three readings of that question?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audit_engine.analysis.change import ThreeCounts
from audit_engine.analysis.ratings import Code
from audit_engine.analysis.tables import Codes


@dataclass(frozen=True, slots=True)
class SuccessMeasure:
    """The three counts at two times."""

    t1: ThreeCounts
    t2: ThreeCounts


def three_counts(codes: Codes) -> ThreeCounts:
    """Count a table of shape (organisations, criteria).

    A criterion that an organisation left blank applies to it and isn't met, so it
    is not met by all; one that is not applicable or not asked is passed over.
    """
    met = codes == Code.MET
    applies = (codes >= Code.NOT_MET) | (codes == Code.UNANSWERED)
    apply_to_anybody = applies.any(axis=0)
    met_by_all = apply_to_anybody & (met == applies).all(axis=0)
    return ThreeCounts(
        int(np.count_nonzero(met)),
        int(np.count_nonzero(codes >= Code.NOT_MET)),
        int(np.count_nonzero(met_by_all)),
        int(np.count_nonzero(apply_to_anybody)),
    )


def success_measure(t1: Codes, t2: Codes) -> SuccessMeasure:
    """Count two tables; judge by ``judgements_met`` only where ``share_met`` moved the same way (methods section 3)."""
    return SuccessMeasure(three_counts(t1), three_counts(t2))
