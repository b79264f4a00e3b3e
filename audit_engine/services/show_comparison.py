"""Write a comparison as plain text for a terminal, or as a flat CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from audit_engine.analysis.chain_wording import chain_register, chain_sentences
from audit_engine.analysis.chaining import ThreeCycles
from audit_engine.analysis.change import Comparison, Movement
from audit_engine.analysis.change_wording import change_sentences, comparison_register, measure_sentences
from audit_engine.analysis.comparability import why_not_comparable
from audit_engine.services.export_cycle import neutral

TRANSITIONS = ("not met", "partly met", "met", "not applicable")
MOVEMENT = ("pairs", "met_then", "met_now", "gained", "lost", "net")
COLUMNS = ("table", "id", "title", "relation", *MOVEMENT)


def as_text(comparison: Comparison) -> str:
    """Return the comparison for people at a terminal; the sentences are those of the report."""
    lines = [
        f"{comparison.current.title} compared with {comparison.baseline.title}, {comparison.basis} ratings",
        *_filters(comparison),
        "",
        *(s.text for s in change_sentences(comparison, comparison_register(comparison))),
        *_section("By standard, like for like", _movements(comparison, "by standard")),
        *_section("What each rating became, like for like (then down, now across)", _transitions(comparison)),
        *_section(
            "Widened and narrowed criteria, never in the headline", _movements(comparison, "widened or narrowed")
        ),
        *_section("Merged and split criteria, by the weakest", _movements(comparison, "merged or split")),
        *_section("From the raw count then to the raw count now", _reconciled(comparison)),
        *_section("Plan measures", _measured(comparison)),
        *_section("Merged organisations beside those that they came from, never in the headline", _merged(comparison)),
        *_section("Not compared", _left_out(comparison)),
        *_section("Why each criterion is not compared like for like", _why_not(comparison)),
    ]
    return "\n".join(lines) + "\n"


def linked_text(three: ThreeCycles) -> str:
    """Return three audits for people at a terminal; the sum of the links is only ever called linked."""
    titles = f"{three.first_link.baseline.title}, {three.first_link.current.title} and {three.direct.current.title}"
    said = [s.text for s in chain_sentences(three, chain_register(three))]
    return "\n".join(["", titles, "-" * len(titles), *said]) + "\n"


def _transitions(comparison: Comparison) -> list[str]:
    if not any(any(row) for row in comparison.transitions):
        return []
    heading = f"{'':14}" + "".join(f"{name:>16}" for name in TRANSITIONS)
    rows = zip(TRANSITIONS, comparison.transitions, strict=True)
    return [heading, *(f"{name:14}" + "".join(f"{count:>16}" for count in row) for name, row in rows)]


def _merged(comparison: Comparison) -> list[str]:
    return [
        f"{one.name} from {', '.join(one.predecessors)}: {one.weakest.met_then} to {one.weakest.met_now} of "
        f"{one.weakest.pairs} by the weakest, net {one.weakest.net:+d}; {one.strongest.net:+d} by the strongest"
        f"{'' if one.comparable else ' (cannot be compared)'}"
        for one in comparison.organisation_bridges
    ]


def _why_not(comparison: Comparison) -> list[str]:
    return [f"{_refs((*one.old, *one.new))}: {one.why}" for one in why_not_comparable(comparison)]


def _refs(ids: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(one.split(".", 1)[-1] for one in ids))


def _filters(comparison: Comparison) -> list[str]:
    named = [f"{k} {v}" for k, v in comparison.filters.as_json().items() if v]
    return [f"Only: {', '.join(named)}"] if named else []


def _section(title: str, rows: Sequence[str]) -> list[str]:
    return ["", title, "-" * len(title), *(rows or ["None."])]


def _movements(comparison: Comparison, table: str) -> list[str]:
    rows = [r for r in rows_of(comparison) if r[0] == table]
    if not rows:
        return []
    width = max(len(str(r[2])) for r in rows)
    heading = f"{'':{min(width, 60)}}  pairs  then   now  gained  lost   net"
    return [heading, *(_line(r, min(width, 60)) for r in rows)]


def _line(row: Sequence[object], width: int) -> str:
    title = str(row[2])[:width]
    pairs, then, now, gained, lost, net = row[4:]
    return f"{title:{width}}  {pairs:>5} {then:>5} {now:>5}  {gained:>6} {lost:>5} {net:>+5}"


def _reconciled(comparison: Comparison) -> list[str]:
    found = comparison.reconciliation
    lines = [f"{line.label}: {line.net:+d}" for line in found.lines]
    return [f"Met in {comparison.baseline.title}: {found.met_then}", *lines,
            f"Met in {comparison.current.title}: {found.met_now}"]  # fmt: skip


def _measured(comparison: Comparison) -> list[str]:
    sentences = measure_sentences(comparison, comparison_register(comparison))
    return [sentence.text for sentence in sentences]


def _left_out(comparison: Comparison) -> list[str]:
    left = comparison.not_compared
    groups = (("Dropped", left.dropped), ("Folded into another", left.folded), ("Moved", left.moved), ("New", left.new))
    return [f"{title}: {', '.join(c.ref for c in criteria)}" for title, criteria in groups if criteria]


def rows_of(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    """Yield every movement as a flat row in the order of COLUMNS."""
    yield "headline", "", "Same and reworded criteria", "", *_counts(comparison.headline)
    for group in comparison.by_standard:
        yield "by standard", group.id, group.title, "", *_counts(group.movement)
    for group in comparison.by_tag:
        yield "by tag", group.id, group.title, "", *_counts(group.movement)
    for one in comparison.by_criterion:
        yield "by criterion", one.new, one.text, one.relation, *_counts(one.movement)
    for one in comparison.widened_narrowed.criteria:
        yield "widened or narrowed", one.new, f"{one.ref} {one.text}", one.relation, *_counts(one.movement)
    for bridge in comparison.bridged:
        yield (
            "merged or split",
            " ".join(bridge.new),
            f"{bridge.ref} {bridge.text}",
            bridge.relation,
            *_counts(bridge.weakest),
        )
    for merged in comparison.organisation_bridges:
        yield "merged organisation", merged.id, merged.name, "merged", *_counts(merged.weakest)
    for net in comparison.by_organisation:
        yield (
            "by organisation",
            net.id,
            net.name,
            "",
            net.pairs,
            net.met_then,
            net.met_now,
            net.gained,
            net.lost,
            net.net,
        )
    for result in comparison.measures:
        yield "measure", result.id, result.title, result.verdict, *_counts(result.movement)


def _counts(movement: Movement) -> tuple[int, ...]:
    return tuple(getattr(movement, name) for name in MOVEMENT)


def as_csv(comparison: Comparison) -> str:
    """Return the comparison's movements as CSV with a header row."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows_of(comparison):
        writer.writerow([neutral(v) if isinstance(v, str) else v for v in row])
    return out.getvalue()
