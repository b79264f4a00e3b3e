"""From which earlier criteria does each criterion come, and where is it compared?"""

from __future__ import annotations

from audit_engine.analysis.findings import LineageLine
from audit_engine.reports.blocks import Block, Cell, Heading, PageBreak, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import COMPARED_IN, RELATIONS, capital, quoted, shows


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return how criteria changed between the two audits."""
    lines = edition.findings.lineage
    title = (PageBreak(), Heading("Annex B: how criteria changed", anchor="annex-lineage"))
    if not lines:
        return (*title, paragraph("There is no earlier version of these criteria to compare with."))
    comparison = edition.findings.comparison
    then, now = (comparison.baseline.version, comparison.current.version) if comparison else ("before", "now")
    table = Table(
        "lineage",
        "How each criterion comes from earlier ones",
        (f"Ref {then}", f"Ref {now}", "Change", "Compared in", "Reason"),
        tuple(_line(line) for line in lines),
        row_header=False,
        widths=(0.09, 0.09, 0.2, 0.24, 0.38),
    )
    return (*title, shows(table.id, "how each criterion comes from earlier ones and where it is compared"), table)


def _line(line: LineageLine) -> tuple[Cell, ...]:
    return (
        quoted(", ".join(line.old) or "None"),
        quoted(", ".join(line.new) or "None"),
        Cell(RELATIONS[line.relation]),
        Cell(COMPARED_IN[line.compared_in]),
        quoted(capital(line.note) or "None"),
    )
