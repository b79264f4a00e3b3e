"""What did panels look at, and what did they change?"""

from __future__ import annotations

from audit_engine.analysis.findings import Findings, ModerationCounts
from audit_engine.reports.blocks import Block, Cell, Heading, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import counts, quoted, said, shows


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the panel reviews by standard."""
    findings = edition.findings
    title = Heading("Panel review", anchor="moderation")
    if not findings.moderation.looked_at:
        return (title, paragraph("No rating of this audit was reviewed by a panel. All ratings are self-reported."))
    table = _table(findings)
    return (title, *said(findings.moderation_sentence), shows(table.id, "what panels reviewed and changed"), table)


def _table(findings: Findings) -> Table:
    rows = tuple((quoted(standard.title), *_reviewed(standard.moderation)) for standard in findings.standards)
    return Table(
        "panel-reviews",
        "Ratings reviewed by a panel",
        ("Standard", "Reviewed", "Agreed", "Raised", "Lowered", "N/A changed"),
        (*rows, (Cell("All standards"), *_reviewed(findings.moderation))),
        widths=(0.36, 0.135, 0.115, 0.115, 0.125, 0.15),
        notes=("N/A changed: the panel decided that the criterion applies, or that it does not.",),
        total=("Reviewed", "Agreed", "Raised", "Lowered", "N/A changed"),
        sums=(("Reviewed", ("Agreed", "Raised", "Lowered", "N/A changed")),),
    )


def _reviewed(panel: ModerationCounts) -> tuple[Cell, ...]:
    return counts(panel.looked_at, panel.agreed, panel.raised, panel.lowered, panel.applicability_changed)
