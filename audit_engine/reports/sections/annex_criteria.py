"""Which figures of each criterion do the findings leave out?"""

from __future__ import annotations

from audit_engine.analysis.findings import CriterionFindings
from audit_engine.reports.blocks import Block, Cell, Heading, PageBreak, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import counts, notes, quoted, share, shows

_LISTED = {"strength": "Strength", "gap": "Gap", "": "No"}


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return one table of all criteria; their words and ratings stand with the findings."""
    title = (PageBreak(), Heading("Annex A: criteria in full", anchor="annex-criteria"))
    rows = tuple(_row(one) for standard in edition.findings.standards for one in standard.criteria)
    if not rows:
        return (*title, paragraph("This audit has no criterion that is rated."))
    table = Table(
        "criteria-in-full",
        "Further figures of each criterion",
        ("Ref", "Critical", "Share met", "Coverage", "N/A", "Not asked", "Confirmed unchanged", "Listed as"),
        rows,
        notes=notes(
            rows,
            "Share met: met, of those rated. Coverage: rated, of those rated and those left blank. Not asked: "
            "organisations whose profile rules the criterion out. Confirmed unchanged: rated as last time and "
            "confirmed. Listed as: a strength or a gap by the rules under Method and limits.",
        ),
    )
    return (*title, shows(table.id, "what the findings by standard do not show of each criterion"), table)


def _row(criterion: CriterionFindings) -> tuple[Cell, ...]:
    rated = criterion.counts
    return (
        quoted(criterion.ref),
        Cell("Yes" if criterion.critical else "No"),
        share(rated.share_met),
        share(rated.coverage),
        *counts(rated.not_applicable, rated.not_asked, rated.confirmed),
        Cell(_LISTED[criterion.listed_as]),
    )
