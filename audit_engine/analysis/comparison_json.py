"""How is a comparison written as plain values, for files and other programs?"""

from __future__ import annotations

from dataclasses import asdict

from audit_engine.analysis.change import (
    BridgedChange,
    Comparison,
    CountsRow,
    CriterionChange,
    GroupMovement,
    ListedCriterion,
    Matched,
    MeasureResult,
)
from audit_engine.analysis.change_extent import JointReturns, Moderated, OrganisationBridge, WhyNotComparable
from audit_engine.analysis.change_wording import (
    GroupKind,
    change_sentences,
    comparison_register,
    group_verdict_words,
    measure_sentences,
    verdict_words,
)
from audit_engine.analysis.comparability import why_not_comparable
from audit_engine.analysis.figures import Register
from audit_engine.analysis.sentences import Sentence

Json = dict[str, object]


def as_json(comparison: Comparison) -> Json:
    """Return the whole comparison as plain values.

    Counts are whole numbers and shares unrounded; ``sentences`` print what the
    report prints, and ``figures`` is the register behind them.
    """
    headline, register = comparison.headline, comparison_register(comparison)
    sentences = change_sentences(comparison, register)
    judged = zip(comparison.measures, measure_sentences(comparison, register), strict=True)
    return {
        "baseline": comparison.baseline.as_json(),
        "current": comparison.current.as_json(),
        "basis": comparison.basis,
        "filters": comparison.filters.as_json(),
        "matched": _matched(comparison.matched) | headline.as_json(),
        "counts": {row.scope.replace("-", "_"): _counts_row(row) for row in comparison.counts},
        "gained": comparison.gained,
        "lost": comparison.lost,
        "net": comparison.net,
        "verdict": _verdict(comparison) | {"words": verdict_words(comparison, register).text},
        "why": headline.why("Change on the same organisations and the same criteria").as_json(),
        "transitions": {
            "order": ["not met", "partly met", "met", "not applicable"],
            "rows_then_columns_now": [list(row) for row in comparison.transitions],
        },
        "grades_moved": dict(zip(("up", "stayed", "down"), comparison.grades_moved, strict=True)),
        "by_standard": [_group(comparison, group, "standard", register) for group in comparison.by_standard],
        "by_tag": [_group(comparison, group, "tag", register) for group in comparison.by_tag],
        "by_criterion": [_criterion(one) for one in comparison.by_criterion],
        "widened_narrowed": comparison.widened_narrowed.total.as_json()
        | {"criteria": [_criterion(one) for one in comparison.widened_narrowed.criteria]},
        "merged_split": [_bridged(one) for one in comparison.bridged],
        "not_compared": _not_compared(comparison),
        "why_not_comparable": [_why_not(one) for one in why_not_comparable(comparison)],
        "organisations_merged": [_organisation_bridge(one) for one in comparison.organisation_bridges],
        "joint_returns": _joint(comparison.joint),
        "moderated": _moderated(comparison.moderated),
        "by_organisation": [asdict(one) | {"net": one.net} for one in comparison.by_organisation],
        "reconciliation": _reconciliation(comparison),
        "measures": [_measure(result, sentence) for result, sentence in judged],
        "sentences": [sentence.text for sentence in sentences],
        "figures": register.as_json(),
    }


def _matched(matched: Matched) -> Json:
    shares = {
        "organisations_share_then": matched.share_then.value,
        "organisations_share_now": matched.share_now.value,
    }
    return asdict(matched) | shares


def _counts_row(row: CountsRow) -> Json:
    return {
        "label": row.label,
        "comparable": row.comparable,
        "then": row.then.as_json(),
        "now": row.now.as_json(),
    }


def _verdict(comparison: Comparison) -> Json:
    bounds, largest = comparison.bounds, comparison.concentration
    return {
        "kind": comparison.verdict,
        "returns_missing": bounds.missing,
        "net_at_least": bounds.low,
        "net_at_most": bounds.high,
        "concentrated_in": list(largest.organisations) if largest else [],
    }


def _group(comparison: Comparison, group: GroupMovement, kind: GroupKind, register: Register) -> Json:
    counted: Json = {
        "id": group.id,
        "title": group.title,
        "criteria": group.criteria,
        "organisations": group.organisations,
        "verdict": group_verdict_words(comparison, group, kind, register).text,
        "transitions": [list(row) for row in group.transitions],
    }
    bounds = group.bounds
    if bounds is not None:
        counted |= {"returns_missing": bounds.missing, "net_at_least": bounds.low, "net_at_most": bounds.high}
    return counted | group.movement.as_json()


def _why_not(one: WhyNotComparable) -> Json:
    return {
        "old": list(one.old),
        "new": list(one.new),
        "text": one.text,
        "relation": one.relation,
        "kind": one.kind,
        "why": one.why,
    }


def _organisation_bridge(one: OrganisationBridge) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "predecessors": list(one.predecessors),
        "in_headline": False,
        "comparable": one.comparable,
        "weakest": one.weakest.as_json(),
        "strongest": one.strongest.as_json(),
    }


def _joint(joint: JointReturns | None) -> Json | None:
    if joint is None:
        return None
    return {
        "organisations_by_area": dict(joint.by_area),
        "in_several_areas": joint.in_several,
        "organisations_counted_once": joint.organisations,
    }


def _moderated(seen: Moderated | None) -> Json | None:
    if seen is None:
        return None
    return {
        "judgements": seen.pairs,
        "looked_at_then": seen.then,
        "looked_at_now": seen.now,
        "looked_at_both_times": seen.both.as_json(),
    }


def _criterion(one: CriterionChange) -> Json:
    named: Json = {
        "old": one.old,
        "new": one.new,
        "relation": one.relation,
        "text": one.text,
        "standard": one.section,
        "tags": list(one.tags),
        "note": one.note,
    }
    return named | one.movement.as_json()


def _bridged(one: BridgedChange) -> Json:
    return {
        "old": list(one.old),
        "new": list(one.new),
        "relation": one.relation,
        "text": one.text,
        "note": one.note,
        "comparable": one.comparable,
        "weakest": one.weakest.as_json(),
        "strongest": one.strongest.as_json(),
    }


def _not_compared(comparison: Comparison) -> Json:
    listed = comparison.not_compared
    return {
        "dropped": [_listed(one) for one in listed.dropped],
        "folded": [_listed(one) for one in listed.folded],
        "moved": [_listed(one) for one in listed.moved],
        "new": [_listed(one) for one in listed.new],
        "organisations": [asdict(one) for one in comparison.organisations],
        "crude": {
            "comparable": False,
            "label": "All organisations and all criteria of each year: not comparable",
            "then": comparison.crude_then.as_json(),
            "now": comparison.crude_now.as_json(),
        },
    }


def _listed(one: ListedCriterion) -> Json:
    return asdict(one) | {"counts": one.counts.as_json()}


def _reconciliation(comparison: Comparison) -> Json:
    reconciliation = comparison.reconciliation
    return {
        "met_then": reconciliation.met_then,
        "lines": [asdict(line) | {"net": line.net} for line in reconciliation.lines],
        "met_now": reconciliation.met_now,
        "change": reconciliation.change,
    }


def _measure(result: MeasureResult, sentence: Sentence) -> Json:
    judged: Json = {
        "id": result.id,
        "title": result.title,
        "definition": result.definition,
        "source": result.source,
        "direction": result.direction,
        "criteria": list(result.criteria),
        "organisations": result.organisations,
        "verdict": result.verdict,
        "reason": result.reason,
        "sentence": sentence.text,
        "returns_missing": result.bounds.missing,
        "net_at_least": result.bounds.low,
        "net_at_most": result.bounds.high,
        "counts": {"then": result.then.as_json(), "now": result.now.as_json()},
        "why": result.movement.why(result.title).as_json(),
    }
    return judged | result.movement.as_json()
