"""Which organisations are outside the comparison, and why?"""

from __future__ import annotations

from audit_engine.analysis.change import Comparison, OrganisationChange
from audit_engine.reports.blocks import Block, Cell, Heading, Table
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import ORGANISATION_CHANGES, capital, counts, maybe, notes, quoted, shows, signed

_REORGANISED = frozenset({"merged", "split", "boundary-change"})


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the organisations that joined, left, changed or did not return; nothing where all were matched."""
    comparison = edition.findings.comparison
    if comparison is None or not comparison.organisations:
        return ()
    table = _table(comparison)
    return (
        Heading("Organisations that joined, left or changed", 2, "changed-organisations"),
        shows(table.id, "the organisations that are outside the comparison, or have a new name within it"),
        table,
        *_baselines(comparison),
        *_bridges(comparison),
    )


def _baselines(comparison: Comparison) -> tuple[Block, ...]:
    """Return where reorganised bodies ended and where the new ones start; ratings are not carried across."""
    then, now = comparison.baseline.version, comparison.current.version
    rows = tuple(
        (
            quoted(one.name), Cell(ORGANISATION_CHANGES[one.kind]),
            maybe(one.met_then), maybe(one.applicable_then), maybe(one.met_now), maybe(one.applicable_now),
        )
        for one in comparison.organisations if one.kind in _REORGANISED
    )  # fmt: skip
    if not rows:
        return ()
    table = Table(
        "organisation-baselines",
        "Closing figures of organisations that went and opening figures of those that came",
        ("Organisation", "What happened", f"Met {then}", f"Of {then}", f"Met {now}", f"Of {now}"),
        rows,
        widths=(0.34, 0.22, 0.11, 0.11, 0.11, 0.11),
        notes=notes(rows, "Of: judgements that apply. A closing and an opening figure are not compared."),
    )
    return shows(table.id, "where each ended and where each starts"), table


def _bridges(comparison: Comparison) -> tuple[Block, ...]:
    """Return merged organisations beside their predecessors read as one."""
    rows = tuple(
        (
            quoted(one.name), quoted(", ".join(one.predecessors)),
            *counts(one.weakest.pairs, one.weakest.met_then, one.weakest.met_now),
            signed(one.weakest.net), signed(one.strongest.net),
            Cell("Comparable" if one.comparable else "Cannot be compared"),
        )
        for one in comparison.organisation_bridges
    )  # fmt: skip
    if not rows:
        return ()
    then, now = comparison.baseline.version, comparison.current.version
    table = Table(
        "organisation-bridges",
        "Merged organisations beside those that they came from",
        ("Organisation", "Came from", "Pairs", f"Met {then}", f"Met {now}", "Net", "Other view", "Reading"),
        rows,
        widths=(0.2, 0.22, 0.08, 0.09, 0.09, 0.08, 0.1, 0.14),
        notes=(
            "An extra look that is in no other figure. Those that merged count by the weakest of their ratings of each "
            "criterion; the other view counts the strongest.",
        ),
    )
    return shows(table.id, "how a merged organisation stands beside its predecessors"), table


def _table(comparison: Comparison) -> Table:
    then, now = comparison.baseline.version, comparison.current.version
    rows = tuple(_organisation(change) for change in comparison.organisations)
    return Table(
        "organisation-changes",
        "Organisations that joined, left, changed or did not return",
        ("Organisation", "What happened", f"Met {then}", f"Met {now}", "Note"),
        rows,
        widths=(0.32, 0.2, 0.1, 0.1, 0.28),
        notes=notes(rows, f"Met {then}, Met {now}: criteria met in the organisation's own return, of whatever number."),
    )


def _organisation(change: OrganisationChange) -> tuple[Cell, ...]:
    return (
        quoted(change.name),
        Cell(ORGANISATION_CHANGES[change.kind]),
        maybe(change.met_then),
        maybe(change.met_now),
        Cell(_note(change), quoted=True),
    )


def _note(change: OrganisationChange) -> str:
    parts = (", ".join(change.others), capital(change.note))
    return ". ".join(part for part in parts if part) or "None"
