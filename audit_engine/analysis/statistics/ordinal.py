"""Did ratings on three grades move up or down?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.analysis.statistics.paired import mcnemar


@dataclass(frozen=True, slots=True)
class OrdinalChange:
    """Who moved, and tests of it; None where a test has nothing to work on."""

    n: int
    improved: int
    unchanged: int
    worsened: int
    sign_exact_p: float
    sign_midp: float
    stuart_maxwell_chi2: float | None
    stuart_maxwell_df: int
    stuart_maxwell_p: float | None
    bowker_chi2: float
    bowker_p: float
    wilcoxon_p: float | None


def ordinal_change_3x3(order: Sequence[str], rows_t1_cols_t2: Sequence[Sequence[int]]) -> OrdinalChange:
    """Return what a transition matrix shows; ``order`` names the grades, the lowest first (methods 4.10).

    The primary test is the sign test of improved against worsened, as mid-p.  Stuart
    (1955) and Maxwell (1970) test the margins, Bowker (1948) symmetry, Wilcoxon (1945:
    zeros dropped, ties corrected, no continuity correction) is a check only, since it takes
    the steps as equal.  A grade that nobody has drops out with its degree of freedom;
    where the margins' variance can't be inverted there is no Stuart-Maxwell test.
    Needs statsmodels and scipy, so it is for the worker.
    """
    import numpy as np

    table = np.array(rows_t1_cols_t2, dtype=float).reshape(len(order), len(order))
    steps = np.arange(len(order))[np.newaxis, :] - np.arange(len(order))[:, np.newaxis]
    improved, worsened = int(table[steps > 0].sum()), int(table[steps < 0].sum())
    sign = mcnemar(worsened, improved)
    used = np.flatnonzero(table.sum(axis=0) + table.sum(axis=1))
    chi2, p = _margins(table[np.ix_(used, used)])
    symmetry = _symmetry(table[np.ix_(used, used)])
    return OrdinalChange(
        int(table.sum()), improved, int(np.trace(table)), worsened, sign.p_exact, sign.p_midp,
        chi2, max(0, len(used) - 1), p, *symmetry, _signed_ranks(table, steps),
    )  # fmt: skip


def _margins(table: object) -> tuple[float | None, float | None]:
    import numpy as np
    from statsmodels.stats.contingency_tables import SquareTable

    counts = np.asarray(table)
    if len(counts) < 2:
        return None, None
    variance = np.diag(counts.sum(axis=0) + counts.sum(axis=1)) - counts - counts.T
    if np.linalg.matrix_rank(variance) < len(counts) - 1:
        return None, None
    found = SquareTable(counts, shift_zeros=False).homogeneity("stuart_maxwell")
    return float(found.statistic), float(found.pvalue)


def _symmetry(table: object) -> tuple[float, float]:
    import numpy as np
    from statsmodels.stats.contingency_tables import SquareTable

    counts = np.asarray(table)
    if len(counts) < 2:
        return 0.0, 1.0
    found = SquareTable(counts, shift_zeros=False).symmetry("bowker")
    return float(found.statistic), float(found.pvalue)


def _signed_ranks(table: object, steps: object) -> float | None:
    import numpy as np
    from scipy.stats import wilcoxon

    moved = np.repeat(np.ravel(np.asarray(steps)), np.ravel(np.asarray(table)).astype(int))
    if not np.any(moved):
        return None
    return float(wilcoxon(moved, zero_method="wilcox", correction=False, method="asymptotic").pvalue)
