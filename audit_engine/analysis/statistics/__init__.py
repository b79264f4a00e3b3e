"""What can be said about a count?

Functions are named after the methods of the test vectors and take their inputs.
Those that pages use are closed forms in plain mathematics; the others load scipy
or statsmodels when they are called, in the worker or at the command line.
"""

from audit_engine.analysis.statistics.agreement import Agreement, agreement_self_vs_panel
from audit_engine.analysis.statistics.binomial import binomial_cdf
from audit_engine.analysis.statistics.granularity import grim, grim_search
from audit_engine.analysis.statistics.intervals import (
    Bounds,
    FiniteInterval,
    Interval,
    LeastBases,
    MoreThanEverybody,
    min_n_all_yes_wilson_lower,
    normal_quantile,
    score_interval,
    wilson,
    wilson_fpc,
    worst_case_bounds,
)
from audit_engine.analysis.statistics.multiplicity import Adjusted, Tarone, holm_and_bh, tarone
from audit_engine.analysis.statistics.ordinal import OrdinalChange, ordinal_change_3x3
from audit_engine.analysis.statistics.paired import (
    McNemar,
    PairedDifference,
    SignFlip,
    mcnemar,
    paired_difference_ci,
    sign_flip_cluster,
)
from audit_engine.analysis.statistics.quantiles import Position, quantile, quartiles_type7_and_midrank
from audit_engine.analysis.statistics.trend import Trend, cochran_armitage_trend
from audit_engine.analysis.statistics.two_samples import (
    Detectable,
    Difference,
    hybrid_limits,
    minimum_detectable_difference,
    newcombe_independent,
)
from audit_engine.analysis.statistics.weighting import (
    Stratum,
    Weighted,
    merged_small,
    poststratified_proportion_wilson_neff,
)

__all__ = [
    "Adjusted",
    "Agreement",
    "Bounds",
    "Detectable",
    "Difference",
    "FiniteInterval",
    "Interval",
    "LeastBases",
    "McNemar",
    "MoreThanEverybody",
    "OrdinalChange",
    "PairedDifference",
    "Position",
    "SignFlip",
    "Stratum",
    "Tarone",
    "Trend",
    "Weighted",
    "agreement_self_vs_panel",
    "binomial_cdf",
    "cochran_armitage_trend",
    "grim",
    "grim_search",
    "holm_and_bh",
    "hybrid_limits",
    "mcnemar",
    "merged_small",
    "min_n_all_yes_wilson_lower",
    "minimum_detectable_difference",
    "newcombe_independent",
    "normal_quantile",
    "ordinal_change_3x3",
    "paired_difference_ci",
    "poststratified_proportion_wilson_neff",
    "quantile",
    "quartiles_type7_and_midrank",
    "score_interval",
    "sign_flip_cluster",
    "tarone",
    "wilson",
    "wilson_fpc",
    "worst_case_bounds",
]
