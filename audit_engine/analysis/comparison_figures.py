"""Which figures does a comparison give to sentences and tables?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.change import Comparison, GroupMovement, MeasureResult, Movement, NetBounds
from audit_engine.analysis.figures import Figure, Register, change_figure, count_figure, register, share_figure
from audit_engine.analysis.settings import Settings


def comparison_register(comparison: Comparison, settings: Settings | None = None) -> Register:
    """Return the register of a comparison by itself."""
    return register(comparison_figures(comparison, settings or Settings()))


def change_root(comparison: Comparison) -> str:
    """Return what the ids of a comparison's figures begin with; own ratings have ids of their own."""
    return "change" if comparison.basis == "final" else "change-self"


def measure_root(comparison: Comparison, result: MeasureResult) -> str:
    """Return what the ids of a measure's figures begin with."""
    return f"{change_root(comparison)}.measure.{result.id}"


def comparison_figures(comparison: Comparison, settings: Settings) -> Iterator[Figure]:
    """Yield the figures of a comparison, each once."""
    root = change_root(comparison)
    source = f"{comparison.baseline.title} and {comparison.current.title}, {comparison.basis} ratings"
    floor = settings.matched_floor
    yield share_figure("setting.matched-floor", floor.numerator, floor.denominator, "method settings")
    yield from _movement(root, comparison.headline, f"{source}, like-for-like")
    yield from _bounds(root, comparison.bounds, source)
    yield from _extent(root, comparison, source)
    yield from _raw(root, comparison, source)
    yield from _movement(f"{root}.second-table", comparison.widened_narrowed.total, f"{source}, widened or narrowed")
    for group in comparison.by_standard:
        yield from _group(f"{root}.standard.{group.id}", group, f"{source}, {group.title}")
    for group in comparison.by_tag:
        yield from _group(f"{root}.tag.{group.id}", group, f"{source}, criteria about {group.title}")
    yield from _reach(root, comparison, source)
    for result in comparison.measures:
        yield from _measure(measure_root(comparison, result), result, f"{source}, measure '{result.title}'")


def _movement(root: str, movement: Movement, source: str) -> Iterator[Figure]:
    pairs = movement.pairs
    yield count_figure(f"{root}.pairs", pairs, source)
    yield count_figure(f"{root}.met-then", movement.met_then, source, base=pairs)
    yield count_figure(f"{root}.met-now", movement.met_now, source, base=pairs)
    yield count_figure(f"{root}.gained", movement.gained, source, base=pairs)
    yield count_figure(f"{root}.lost", movement.lost, source, base=pairs)
    yield change_figure(f"{root}.net", movement.net, source, (("gained", movement.gained), ("lost", -movement.lost)))
    yield share_figure(f"{root}.share-then", movement.met_then, pairs, source)
    yield share_figure(f"{root}.share-now", movement.met_now, pairs, source)


def _group(root: str, group: GroupMovement, source: str) -> Iterator[Figure]:
    yield from _movement(root, group.movement, source)
    if group.bounds is not None:
        yield from _bounds(root, group.bounds, source)


def _reach(root: str, comparison: Comparison, source: str) -> Iterator[Figure]:
    """Yield who moved up and down, who is counted once, and what panels looked at."""
    for name, count in zip(("up", "stayed", "down"), comparison.grades_moved, strict=True):
        yield count_figure(f"{root}.grades-{name}", count, source, base=comparison.headline.pairs)
    if comparison.joint is not None:
        yield count_figure(f"{root}.in-several-areas", comparison.joint.in_several, source)
    seen = comparison.moderated
    if seen is not None:
        yield count_figure(f"{root}.moderated-then", seen.then, source, base=seen.pairs)
        yield count_figure(f"{root}.moderated-now", seen.now, source, base=seen.pairs)
        yield from _movement(f"{root}.moderated-both", seen.both, f"{source}, looked at by panels both times")


def _bounds(root: str, bounds: NetBounds, source: str) -> Iterator[Figure]:
    yield count_figure(f"{root}.returns-missing", bounds.missing, source)
    yield change_figure(f"{root}.net-low", bounds.low, source)
    yield change_figure(f"{root}.net-high", bounds.high, source)


def _extent(root: str, comparison: Comparison, source: str) -> Iterator[Figure]:
    """Yield how much could be matched, and how much not."""
    matched, listed = comparison.matched, comparison.not_compared
    yield count_figure(f"{root}.organisations", matched.organisations, source)
    yield count_figure(f"{root}.in-scope-then", matched.in_scope_then, source)
    yield count_figure(f"{root}.in-scope-now", matched.in_scope_now, source)
    yield count_figure(f"{root}.criteria", matched.criteria, source)
    changed = (
        ("new", len(listed.new)),
        ("widened or narrowed", len(comparison.widened_narrowed.criteria)),
        ("merged or split", sum(len(one.new) for one in comparison.bridged)),
    )
    yield count_figure(f"{root}.not-comparable", sum(count for _, count in changed), source, parts=changed)
    gone = (("dropped", len(listed.dropped)), ("folded", len(listed.folded)), ("moved", len(listed.moved)))
    yield count_figure(f"{root}.gone", sum(count for _, count in gone), source, parts=gone)
    largest = comparison.concentration
    if largest is not None:
        yield count_figure(f"{root}.concentrated", largest.gained, source, base=largest.of_gained)
        yield count_figure(f"{root}.concentrated-in", len(largest.organisations), source)


def _raw(root: str, comparison: Comparison, source: str) -> Iterator[Figure]:
    """Yield each year's raw counts and the lines that lead from one to the other."""
    reconciliation, then, now = comparison.reconciliation, comparison.crude_then, comparison.crude_now
    yield count_figure(f"{root}.raw-then", then.met, f"{source}, not comparable", base=then.applicable)
    yield count_figure(f"{root}.raw-now", now.met, f"{source}, not comparable", base=now.applicable)
    yield count_figure(f"{root}.raw-base-then", then.applicable, f"{source}, not comparable")
    yield count_figure(f"{root}.raw-base-now", now.applicable, f"{source}, not comparable")
    lines = tuple((line.label, f"{root}.line.{line.id}") for line in reconciliation.lines)
    for line in reconciliation.lines:
        parts = (("in", line.added), ("out", -line.taken))
        yield change_figure(f"{root}.line.{line.id}", line.net, f"{source}, reconciliation", parts)
    yield change_figure(f"{root}.raw-change", reconciliation.change, f"{source}, reconciliation", lines)


def _measure(root: str, result: MeasureResult, source: str) -> Iterator[Figure]:
    yield from _movement(root, result.movement, source)
    yield from _bounds(root, result.bounds, source)
    yield count_figure(f"{root}.own-base-met-then", result.then.judgements_met, source, base=result.then.applicable)
    yield count_figure(f"{root}.own-base-met-now", result.now.judgements_met, source, base=result.now.applicable)
    yield count_figure(f"{root}.own-base-then", result.then.applicable, source)
    yield count_figure(f"{root}.own-base-now", result.now.applicable, source)
    yield count_figure(f"{root}.organisations", result.organisations, source)
