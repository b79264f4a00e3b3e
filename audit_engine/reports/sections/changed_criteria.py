"""How did criteria move whose meaning changed, and which cannot be compared at all?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.change import BridgedChange, Comparison, ListedCriterion, Movement
from audit_engine.analysis.comparability import why_not_comparable
from audit_engine.reports.blocks import Block, Cell, Heading, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import (
    RELATIONS,
    capital,
    counts,
    quoted,
    shows,
    signed,
    table_or_none,
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the criteria outside the like-for-like comparison; nothing where there is no comparison."""
    comparison = edition.findings.comparison
    if comparison is None:
        return ()
    whole = _counted(comparison)
    widened, bridged, listed = _widened(comparison), _bridged(comparison), _listed(comparison)
    why = _why(comparison)
    return (
        Heading("Criteria that changed", 2, "changed-criteria"),
        paragraph(
            "Where a criterion asks for more or less than before, a change in its rating may come from the question. "
            "Such criteria are never part of the like-for-like figures."
        ),
        shows(whole.id, "how many criteria are compared in which way"),
        whole,
        *table_or_none(widened, shows(widened.id, "criteria that now ask for more or for less, with their own total")),
        *table_or_none(bridged, shows(bridged.id, "criteria that were joined or divided")),
        *table_or_none(listed, shows(listed.id, "criteria that have no counterpart in the other audit")),
        *table_or_none(why, shows(why.id, "why each of the other criteria is not in the like-for-like figures")),
    )


def _counted(comparison: Comparison) -> Table:
    outside, matched = comparison.not_compared, comparison.matched
    alike, changed = matched.criteria, len(comparison.widened_narrowed.criteria)
    gone = len(outside.dropped) + len(outside.folded) + len(outside.moved)
    ways = (
        ("Like for like", alike, alike),
        ("Asking for more or less", changed, changed),
        ("Joined or divided", sum(len(b.old) for b in comparison.bridged), sum(len(b.new) for b in comparison.bridged)),
        ("No longer asked, taken into another or moved", gone, 0),
        ("New", 0, len(outside.new)),
        ("All criteria", matched.criteria_then, matched.criteria_now),
        ("Not part of the like-for-like figures", matched.criteria_then - alike, matched.criteria_now - alike),
    )
    return Table(
        "ways-compared",
        "Criteria by the way in which they are compared",
        ("Way", comparison.baseline.version, comparison.current.version),
        tuple((Cell(way), *counts(then, now)) for way, then, now in ways),
        widths=(0.6, 0.2, 0.2),
    )


def _widened(comparison: Comparison) -> Table:
    then, now = comparison.baseline.version, comparison.current.version
    changed = comparison.widened_narrowed
    rows = tuple(
        (Cell(c.ref, quoted=True), quoted(c.text), Cell(RELATIONS[c.relation]), *_moved(c.movement))
        for c in changed.criteria
    )
    whole = ((Cell("All"), Cell("All criteria of this table"), Cell("Either"), *_moved(changed.total)),)
    return Table(
        "widened-narrowed",
        f"Criteria that ask for more or less than in {then}",
        ("Ref", "Criterion", "Change", "Pairs", f"Met {then}", f"Met {now}", "Gained", "Lost", "Net"),
        (*rows, *(whole if rows else ())),
        widths=(0.07, 0.42, 0.09, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07),
        notes=("These figures are not comparable with the like-for-like figures and are not added to them.",),
    )


def _moved(movement: Movement) -> tuple[Cell, ...]:
    numbers = (movement.pairs, movement.met_then, movement.met_now, movement.gained, movement.lost)
    return (*counts(*numbers), signed(movement.net))


def _bridged(comparison: Comparison) -> Table:
    then, now = comparison.baseline.version, comparison.current.version
    return Table(
        "joined-divided",
        "Criteria that were joined or divided",
        (f"In {then}", f"In {now}", "Change", "Pairs", f"Met {then}", f"Met {now}", "Net", "Other view", "Reading"),
        tuple(_bridge(bridge) for bridge in comparison.bridged),
        widths=(0.12, 0.12, 0.15, 0.085, 0.085, 0.085, 0.085, 0.11, 0.16),
        notes=(
            "The side with several criteria counts by the weakest of its ratings; the other view counts the strongest. "
            "Where the two views differ in sign, the criteria cannot be compared.",
        ),
    )


def _bridge(bridge: BridgedChange) -> tuple[Cell, ...]:
    weakest = bridge.weakest
    return (
        quoted(_refs(bridge.old)),
        quoted(_refs(bridge.new)),
        Cell(RELATIONS[bridge.relation]),
        *counts(weakest.pairs, weakest.met_then, weakest.met_now),
        signed(weakest.net),
        signed(bridge.strongest.net),
        Cell("Comparable" if bridge.comparable else "Cannot be compared"),
    )


def _refs(identifiers: tuple[str, ...]) -> str:
    return ", ".join(identifier.split(".", 1)[-1] for identifier in identifiers)


def _listed(comparison: Comparison) -> Table:
    outside = comparison.not_compared
    criteria = (*outside.new, *outside.dropped, *outside.folded, *outside.moved)
    return Table(
        "not-compared",
        "Criteria with no counterpart",
        ("Ref", "Criterion", "What happened", "Reason"),
        tuple(_criterion(criterion) for criterion in criteria),
        widths=(0.1, 0.4, 0.2, 0.3),
    )


def _why(comparison: Comparison) -> Table:
    found = (one for one in why_not_comparable(comparison) if one.kind != "no counterpart")
    return Table(
        "why-not-comparable",
        "Why criteria that stand in both audits are not compared like for like",
        (f"In {comparison.baseline.version}", f"In {comparison.current.version}", "Criterion", "Why"),
        tuple((quoted(_refs(w.old)), quoted(_refs(w.new)), quoted(w.text), Cell(w.why, quoted=True)) for w in found),
        widths=(0.09, 0.09, 0.36, 0.46),
    )


def _criterion(criterion: ListedCriterion) -> tuple[Cell, ...]:
    return (
        Cell(criterion.ref, quoted=True),
        quoted(criterion.text),
        Cell(" ".join(_happened(criterion)), quoted=True),
        Cell(capital(criterion.reason) or "No reason given", quoted=True),
    )


def _happened(criterion: ListedCriterion) -> Iterator[str]:
    yield RELATIONS[criterion.relation]
    if criterion.into:
        yield f"({_refs(criterion.into)})"
    elif criterion.instrument:
        yield f"({criterion.instrument})"
