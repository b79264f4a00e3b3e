"""What does the audit show, on one page?"""

from __future__ import annotations

from audit_engine.analysis.findings import Findings
from audit_engine.reports.blocks import Block, BulletList, Cell, Heading, Table
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import (
    MEASURE_VERDICTS,
    brief_runs,
    count,
    quoted,
    said,
    sentence_runs,
    shows,
    table_or_none,
)

_LISTED = 3


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the summary: sentences, the plan's measures, strengths and concerns, limits."""
    findings = edition.findings
    first, rest = next(iter(findings.summary), None), findings.summary[1:]
    return (
        Heading("Summary", anchor="summary"),
        *said(first, style="lead"),
        *((BulletList(tuple(map(sentence_runs, rest))),) if rest else ()),
        *_measures(findings),
        *_criteria(findings, "Strengths", findings.strengths),
        *_criteria(findings, "Concerns", findings.gaps),
        *said(findings.limits, style="note"),
    )


def _measures(findings: Findings) -> tuple[Block, ...]:
    if findings.comparison is None:
        return ()
    then, now = findings.comparison.baseline.version, findings.comparison.current.version
    rows = tuple(
        (
            quoted(measure.title),
            count(measure.movement.met_then),
            count(measure.movement.met_now),
            count(measure.movement.pairs),
            Cell(MEASURE_VERDICTS[measure.verdict]),
        )
        for measure in findings.measures
    )
    table = Table(
        "summary-measures",
        "Measures of the strategic plan, in brief",
        ("Measure", f"Met, {then}", f"Met, {now}", "Of", "Verdict"),
        rows,
        widths=(0.46, 0.13, 0.13, 0.07, 0.21),
    )
    return table_or_none(table, shows(table.id, "whether the measures of the strategic plan were achieved"))


def _criteria(findings: Findings, title: str, criteria: tuple[str, ...]) -> tuple[Block, ...]:
    listed = tuple(brief_runs(findings.criterion(identifier)) for identifier in criteria[:_LISTED])
    return (Heading(title, 2), BulletList(listed)) if listed else ()
