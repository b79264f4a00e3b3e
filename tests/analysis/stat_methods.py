"""Which function of the package carries out which method of the vectors, and how is it given a vector's input?

A vector's names are the functions' own, so that most need no help; the others
hold tables as letters, or values that the package keeps in a class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from audit_engine.analysis import rounding, statistics, suppression
from audit_engine.analysis.bridging import bridge_merge, pool_predecessors
from audit_engine.analysis.chaining import Link, chain_pp
from audit_engine.analysis.movement import matched_pairs_comparison, net_by_organisation
from audit_engine.analysis.ratings import Code
from audit_engine.analysis.response_rates import aapor_response_rates
from audit_engine.analysis.scoring import criteria_score
from audit_engine.analysis.success import success_measure
from audit_engine.analysis.table_audit import feasible_interval
from audit_engine.analysis.triangulation import triangulation, triangulation_oc
from tests.analysis.by_hand import LETTER_OF, codes

Method = Callable[..., object]


def _weighted(groups: list[dict[str, Any]], conf: float) -> object:
    return statistics.poststratified_proportion_wilson_neff([statistics.Stratum(**one) for one in groups], conf)


def _grim(**given: Any) -> object:
    return {"possible_counts": statistics.grim(**given)}


def _grim_search(**given: Any) -> object:
    return {"bases": {str(n): counts for n, counts in statistics.grim_search(**given).items()}}


def _half_up(**given: Any) -> object:
    return {"pct": rounding.round_half_up_0dp_pct(**given)}


def _chain(links: list[dict[str, int]]) -> object:
    return chain_pp([Link(**link) for link in links])


def _merge(old_pairs: list[list[str]]) -> object:
    found = bridge_merge(codes(old_pairs))
    views = {"weakest": found.weakest, "strongest": found.strongest}
    return {name: [_rated(code) for code in column.tolist()] for name, column in views.items()}


def _rated(code: int) -> str | None:
    return LETTER_OF[Code(code)] if code >= Code.NOT_MET else None


def _pool(predecessors: list[dict[str, int]], successor: dict[str, int]) -> object:
    found = pool_predecessors([(one["x"], one["n"]) for one in predecessors], (successor["x"], successor["n"]))
    names = ("diff", "lower", "upper", "fisher_p", "z", "p_pooled_z", "expected_min")
    return {"pooled": found.pooled} | {name: getattr(found.difference, name) for name in names}


def _success(t1: list[list[str]], t2: list[list[str]]) -> object:
    found = success_measure(codes(t1), codes(t2))
    return {
        time: {
            "judgements_met": one.judgements_met,
            "applicable": one.applicable,
            "share_met": one.share_met,
            "criteria_met_by_every_applicable_agency": one.criteria_met_by_all,
        }
        for time, one in (("t1", found.t1), ("t2", found.t2))
    }


def _matched(cycle1: dict[str, Any], cycle2: dict[str, Any], codes: Mapping[str, str]) -> object:
    agencies = [name for name in cycle1 if name in cycle2]
    asked = [list(next(iter(cycle.values()))) for cycle in (cycle1, cycle2)]
    criteria = [name for name in asked[0] if name in asked[1]]
    then, now = (_letters([[c[a][k] for k in criteria] for a in agencies]) for c in (cycle1, cycle2))
    found = matched_pairs_comparison(then, now)
    nets = net_by_organisation(then, now)
    return {
        "crude_met_1": _crude(cycle1), "crude_met_2": _crude(cycle2), "common_criteria": criteria,
        "matched_agencies": agencies, "pairs": found.pairs, "met_t1": found.met_then, "met_t2": found.met_now,
        "gained": found.gained, "lost": found.lost,
        "net_by_agency": {agency: gained - lost for agency, (*_, gained, lost) in zip(agencies, nets, strict=True)},
    }  # fmt: skip


_letters = codes


def _crude(cycle: dict[str, dict[str, str]]) -> tuple[int, int]:
    counted = success_measure(*[_letters([list(row.values()) for row in cycle.values()])] * 2).t1
    return counted.judgements_met, counted.applicable


METHODS: Mapping[str, Method] = {
    "wilson": statistics.wilson,
    "wilson_fpc": statistics.wilson_fpc,
    "poststratified_proportion_wilson_neff": _weighted,
    "newcombe_independent": statistics.newcombe_independent,
    "minimum_detectable_difference": statistics.minimum_detectable_difference,
    "cochran_armitage_trend": statistics.cochran_armitage_trend,
    "mcnemar": statistics.mcnemar,
    "paired_difference_ci": statistics.paired_difference_ci,
    "worst_case_bounds": statistics.worst_case_bounds,
    "holm_and_bh": statistics.holm_and_bh,
    "tarone": statistics.tarone,
    "ordinal_change_3x3": statistics.ordinal_change_3x3,
    "agreement_self_vs_panel": statistics.agreement_self_vs_panel,
    "aapor_response_rates": aapor_response_rates,
    "round_half_up_1dp_pct": rounding.round_half_up_1dp_pct,
    "round_half_up_0dp_pct": _half_up,
    "percent_set_0dp": rounding.percent_set_0dp,
    "grim": _grim,
    "grim_search": _grim_search,
    "criteria_score": criteria_score,
    "matched_pairs_comparison": _matched,
    "sign_flip_cluster": statistics.sign_flip_cluster,
    "success_measure": _success,
    "bridge_merge": _merge,
    "chain_pp": _chain,
    "pool_predecessors": _pool,
    "triangulation": triangulation,
    "triangulation_oc": triangulation_oc,
    "min_n_all_yes_wilson_lower": statistics.min_n_all_yes_wilson_lower,
    "quartiles_type7_and_midrank": statistics.quartiles_type7_and_midrank,
    "round_to_5": suppression.round_to_5,
    "suppress_row_with_total": suppression.suppress_row_with_total,
    "differencing_check": suppression.differencing_check,
    "feasible_interval": feasible_interval,
}
