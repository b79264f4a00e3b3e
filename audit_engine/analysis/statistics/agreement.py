"""How far do an organisation's own ratings and the panel's agree?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from audit_engine.analysis.statistics.intervals import normal_quantile

#: Kappa is printed from this many judgements on.
LEAST_JUDGEMENTS = 30
Weights = Literal["linear", "quadratic"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of self (rows) and panel (columns); a kappa is None where chance alone would agree on everything.

    ``both_vary`` tells whether both raters used at least two grades.
    """

    n: int
    percent_agreement: float
    weighted_agreement_linear: float
    ac2_linear: float
    panel_higher: int
    panel_lower: int
    kappa: float | None
    kappa_linear: float | None
    kappa_quadratic: float | None
    kappa_linear_ci: tuple[float, float] | None
    both_vary: bool

    @property
    def kappa_is_printed(self) -> bool:
        """Tell whether there are enough judgements, and of more than one grade, to print a kappa."""
        return self.n >= LEAST_JUDGEMENTS and self.both_vary


def agreement_self_vs_panel(
    order: Sequence[str], rows_self_cols_panel: Sequence[Sequence[int]], conf: float = 0.95
) -> Agreement | None:
    """Return how far two raters agree, or None without judgements; ``order`` names the grades, the lowest first.

    Kappa by Cohen (1960, 1968) with the large-sample interval of Fleiss, Cohen and
    Everitt (1969), cut at -1 and 1; Gwet's AC2 (2008) beside it, since kappa collapses where one grade is
    usual.  Never put in words such as "substantial" (Warrens 2013).  Count randomly
    moderated judgements only.  Needs statsmodels, so it is for the worker.
    """
    import numpy as np

    table = np.array(rows_self_cols_panel, dtype=float).reshape(len(order), len(order))
    n = int(table.sum())
    if n == 0:
        return None
    steps = np.arange(len(order))[np.newaxis, :] - np.arange(len(order))[:, np.newaxis]
    both_vary = min(np.count_nonzero(table.sum(axis=0)), np.count_nonzero(table.sum(axis=1))) > 1
    plain, linear_kappa = _kappa(table, None, conf), _kappa(table, "linear", conf)
    linear = 1 - np.abs(steps) / max(1, len(order) - 1)
    agreed = float((linear * table).sum() / n)
    return Agreement(
        n, float(np.trace(table) / n), agreed, _ac2(table, linear, agreed),
        int(table[steps > 0].sum()), int(table[steps < 0].sum()),
        plain[0], linear_kappa[0], _kappa(table, "quadratic", conf)[0], linear_kappa[1], bool(both_vary),
    )  # fmt: skip


def _kappa(table: object, weights: Weights | None, conf: float) -> tuple[float | None, tuple[float, float] | None]:
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    counts = np.asarray(table)
    own, panel = np.flatnonzero(counts.sum(axis=1)), np.flatnonzero(counts.sum(axis=0))
    if len(own) == 1 and np.array_equal(own, panel):  # both always gave one and the same grade: 0 / 0
        return None, None
    with np.errstate(divide="ignore", invalid="ignore"):  # its test of "no agreement", which is not used here
        found = cohens_kappa(counts, wt=weights)
    spread = normal_quantile(conf) * sqrt(max(0.0, float(found.var_kappa)))
    kappa = float(found.kappa)
    return kappa, (max(-1.0, kappa - spread), min(1.0, kappa + spread))


def _ac2(table: object, weights: object, agreed: float) -> float:
    import numpy as np

    counts, weighted = np.asarray(table), np.asarray(weights)
    grades = len(counts)
    if grades < 2:
        return 1.0
    share = (counts.sum(axis=0) + counts.sum(axis=1)) / (2 * counts.sum())
    by_chance = float(weighted.sum() / (grades * (grades - 1)) * (share * (1 - share)).sum())
    return (agreed - by_chance) / (1 - by_chance)
