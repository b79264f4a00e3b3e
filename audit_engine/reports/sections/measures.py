"""Were the measures of the strategic plan achieved?"""

from __future__ import annotations

from audit_engine.analysis.change import Comparison, MeasureResult
from audit_engine.reports.blocks import Block, BulletList, Cell, Heading, Run, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import (
    MEASURE_VERDICTS,
    THREE_COUNTS_COLUMNS,
    counts,
    notes,
    quoted,
    said,
    shows,
    signed,
    three_counts,
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the measures: sentences, table, definitions."""
    findings = edition.findings
    title = Heading("Strategic plan measures", anchor="measures")
    if not findings.measures or findings.comparison is None:
        return (title, paragraph("The strategic plan has no measure on this audit that can be compared."))
    table = _table(findings.comparison, findings.measures)
    shares = _shares(findings.comparison, findings.measures)
    return (
        title,
        *(block for sentence in findings.measure_sentences for block in said(sentence)),
        shows(table.id, "each measure on the same criteria and the same organisations"),
        table,
        shows(shares.id, "the share met and the criteria met by all, each audit on its own base"),
        shares,
        Heading("How each measure is defined", 2),
        BulletList(tuple(_definition(measure) for measure in findings.measures)),
    )


def _table(comparison: Comparison, measures: tuple[MeasureResult, ...]) -> Table:
    then, now = comparison.baseline.version, comparison.current.version
    return Table(
        "measure-results",
        "Measures of the strategic plan",
        ("Measure", "Pairs", f"Met {then}", f"Met {now}", "Gained", "Lost", "Net", "Verdict"),
        tuple(_measure(measure) for measure in measures),
        widths=(0.325, 0.085, 0.085, 0.085, 0.105, 0.075, 0.085, 0.155),
        notes=(
            "Pairs: judgements rated in both audits, on the same criteria and by the same organisations. A measure is "
            "achieved only if the number met and the share met both moved as the plan wants.",
        ),
    )


def _measure(measure: MeasureResult) -> tuple[Cell, ...]:
    movement = measure.movement
    return (
        quoted(measure.title),
        *counts(movement.pairs, movement.met_then, movement.met_now, movement.gained, movement.lost),
        signed(movement.net),
        Cell(MEASURE_VERDICTS[measure.verdict]),
    )


def _shares(comparison: Comparison, measures: tuple[MeasureResult, ...]) -> Table:
    rows = tuple(
        (quoted(measure.title), Cell(year, quoted=True), *three_counts(three))
        for measure in measures
        for year, three in (
            (comparison.baseline.version, measure.then),
            (comparison.current.version, measure.now),
        )
    )
    return Table(
        "measure-shares",
        "Share met and criteria met by all, for each measure",
        ("Measure", "Audit", *THREE_COUNTS_COLUMNS),
        rows,
        widths=(0.39, 0.09, 0.09, 0.09, 0.11, 0.11, 0.12),
        notes=notes(
            rows,
            "Each audit on its own base, for the same criteria and organisations: a criterion that became applicable "
            "moves the share but is no gain. Met by all: criteria met by every organisation to which they apply.",
        ),
    )


def _definition(measure: MeasureResult) -> tuple[Run, ...]:
    parts = (measure.definition, f"Source: {measure.source}" if measure.source else "")
    words = " ".join(f"{part.strip().rstrip('.')}." for part in parts if part.strip())
    return (Run(f"{measure.title}: ", bold=True, quoted=True), Run(words or "No definition given.", quoted=True))
