"""How was every criterion rated, in full?"""

from __future__ import annotations

from audit_engine.analysis.findings import CriterionFindings, StandardFindings
from audit_engine.reports.blocks import Block, Cell, Heading, PageBreak, Table
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import counts, notes, quoted, share, shows

_LISTED = {"strength": "Strength", "gap": "Gap", "": "No"}


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return a table of criteria for each standard, with what the findings leave out."""
    standards = tuple(standard for standard in edition.findings.standards if standard.criteria)
    return (
        PageBreak(),
        Heading("Annex A: criteria in full", anchor="annex-criteria"),
        *(block for standard in standards for block in _standard(standard)),
    )


def _standard(standard: StandardFindings) -> tuple[Block, ...]:
    rows = tuple(_row(criterion) for criterion in standard.criteria)
    table = Table(
        f"annex-{standard.id}",
        f"Criteria in full: {standard.title}",
        ("Ref", "Criterion", "Critical", "Share met", "Coverage", "Confirmed", "Not asked", "Listed"),
        rows,
        widths=(0.085, 0.275, 0.105, 0.095, 0.125, 0.135, 0.09, 0.125),
        notes=notes(
            rows,
            "Coverage: rated, of those rated and those left blank. Confirmed: rated as last time and confirmed "
            "unchanged. Not asked: organisations whose profile rules the criterion out.",
        ),
    )
    return shows(table.id, "the other figures of each criterion of the standard"), table


def _row(criterion: CriterionFindings) -> tuple[Cell, ...]:
    rated = criterion.counts
    return (
        Cell(criterion.ref, quoted=True),
        quoted(criterion.text),
        Cell("Yes" if criterion.critical else "No"),
        share(rated.share_met),
        share(rated.coverage),
        *counts(rated.confirmed, rated.not_asked),
        Cell(_LISTED[criterion.listed_as]),
    )
