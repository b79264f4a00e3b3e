"""Which organisations are outside the comparison, and why?"""

from __future__ import annotations

from audit_engine.analysis.change import Comparison, OrganisationChange
from audit_engine.reports.blocks import Block, Cell, Heading, Table
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import ORGANISATION_CHANGES, capital, maybe, notes, quoted, shows


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
    )


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
