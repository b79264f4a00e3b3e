"""What was found in each standard?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.findings import CriterionFindings, Findings, StandardFindings
from audit_engine.reports.blocks import Block, BulletList, Cell, Chart, Heading, PageBreak, Series, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import NOTE_NA, applying, counts, criterion_runs, quoted, said, shows


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return a part for each standard."""
    findings = edition.findings
    return (
        PageBreak(),
        Heading("Findings by standard", anchor="standards"),
        *(block for standard in findings.standards for block in _standard(findings, standard)),
    )


def _standard(findings: Findings, standard: StandardFindings) -> Iterator[Block]:
    yield Heading(standard.title, 2, f"standard-{standard.id}")
    yield from said(*standard.sentences)
    yield from _listed(standard, "Criteria listed as strengths:", standard.strengths)
    yield from _listed(standard, "Criteria listed as gaps:", standard.gaps)
    if not standard.criteria:
        return
    table = table_of_criteria(standard)
    rated = any(criterion.counts.applicable for criterion in standard.criteria)
    if rated:
        chart = _chart(findings, standard)
        yield shows(table.id, "how each criterion of the standard was rated", chart.id)
        yield chart
    else:
        yield shows(table.id, "how each criterion of the standard was rated")
    yield table


def _listed(standard: StandardFindings, introduction: str, criteria: tuple[str, ...]) -> tuple[Block, ...]:
    known = {criterion.id: criterion for criterion in standard.criteria}
    listed = tuple(criterion_runs(known[identifier]) for identifier in criteria)
    return (paragraph(introduction), BulletList(listed)) if listed else ()


def table_of_criteria(standard: StandardFindings) -> Table:
    """Return one row a criterion: how it was rated, and what panels changed."""
    return Table(
        f"criteria-{standard.id}",
        f"Criteria of the standard {standard.title}",
        ("Ref", "Criterion", "Rated", "Met", "Partly met", "Not met", "Blank", "N/A", "Panel"),
        tuple(_row(criterion) for criterion in standard.criteria),
        widths=(0.08, 0.46, 0.07, 0.06, 0.07, 0.06, 0.07, 0.06, 0.07),
        notes=(
            f"Rated: organisations that rated the criterion met, partly met or not met. {NOTE_NA} Panel: ratings that "
            "a panel raised, lowered or made applicable or not applicable.",
        ),
        sums=(("Rated", ("Met", "Partly met", "Not met")),),
    )


def _row(criterion: CriterionFindings) -> tuple[Cell, ...]:
    rated, panel = criterion.counts, criterion.moderation
    return (
        Cell(criterion.ref, quoted=True),
        quoted(criterion.text),
        *counts(
            rated.applicable, rated.met, rated.partly_met, rated.not_met, rated.unanswered, rated.not_applicable,
            panel.raised + panel.lowered + panel.applicability_changed,
        ),
    )  # fmt: skip


def _chart(findings: Findings, standard: StandardFindings) -> Chart:
    def values(name: str) -> tuple[float | None, ...]:
        return tuple(float(getattr(criterion.counts, name)) for criterion in standard.criteria)

    return Chart(
        f"criteria-chart-{standard.id}",
        f"Ratings of the criteria of the standard {standard.title}",
        "stacked",
        tuple(criterion.ref for criterion in standard.criteria),
        (
            Series("Met", values("met")),
            Series("Partly met", values("partly_met")),
            Series("Not met", values("not_met")),
        ),
        _alt(standard),
        axis="Organisations",
        base="organisations to which the criterion applies",
        source=f"ratings in the {findings.title}",
        table=f"criteria-{standard.id}",
        category_heading="Criterion",
    )


def _alt(standard: StandardFindings) -> str:
    rated = [criterion for criterion in standard.criteria if criterion.counts.applicable]
    fewest = min(rated, key=lambda criterion: criterion.counts.met / criterion.counts.applicable)
    return (
        f"Stacked bar chart. {standard.title}: met by all organisations to which it applies on "
        f"{standard.criteria_met_by_all} of {applying(standard.criteria)} criteria; fewest met on {fewest.ref}, "
        f"{fewest.counts.met} of {fewest.counts.applicable}."
    )
