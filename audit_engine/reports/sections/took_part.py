"""Who returned the audit, who was late and who did not return it?"""

from __future__ import annotations

from audit_engine.analysis.findings import Findings, OrganisationReturn, Participation, SectorParticipation
from audit_engine.reports.blocks import Block, Cell, Chart, Heading, PageBreak, Series, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import (
    NOT_APPLICABLE,
    RETURN_STATES,
    count,
    counts,
    notes,
    quoted,
    said,
    share,
    shows,
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return returns by sector, as chart and table, and by organisation."""
    findings = edition.findings
    title = (PageBreak(), Heading("Who took part", anchor="took-part"))
    if not findings.participation.organisations:
        return (*title, paragraph("No organisation is in scope."))
    sectors, organisations, chart = _sectors(findings), _organisations(findings), _chart(findings)
    return (
        *title,
        *said(*findings.participation.sentences),
        shows(sectors.id, "how many organisations of each sector returned the audit", chart.id),
        chart,
        sectors,
        shows(organisations.id, "what each organisation returned"),
        organisations,
    )


def _sectors(findings: Findings) -> Table:
    took_part = findings.participation
    rows = tuple((quoted(sector.label), *_returns(sector)) for sector in took_part.sectors)
    return Table(
        "returns-by-sector",
        "Returns by sector",
        ("Sector", "In scope", "Returned", "On time", "Late", "Not returned"),
        (*rows, (Cell("All sectors"), *_returns(took_part))),
        widths=(0.34, 0.13, 0.13, 0.13, 0.1, 0.17),
        total=("In scope", "Returned", "On time", "Late", "Not returned"),
        sums=(("In scope", ("Returned", "Not returned")), ("Returned", ("On time", "Late"))),
    )


def _returns(some: SectorParticipation | Participation) -> tuple[Cell, ...]:
    return counts(some.in_scope, some.returned, some.on_time, some.late, some.not_returned)


def _chart(findings: Findings) -> Chart:
    sectors = findings.participation.sectors

    def values(name: str) -> tuple[float | None, ...]:
        return tuple(float(getattr(sector, name)) for sector in sectors)

    return Chart(
        "returns-chart",
        "Returns by sector",
        "stacked",
        tuple(sector.label for sector in sectors),
        (
            Series("On time", values("on_time")),
            Series("Late", values("late")),
            Series("Not returned", values("not_returned")),
        ),
        _alt(sectors),
        axis="Organisations",
        base="organisations in scope",
        source=f"returns to the {findings.title}",
        table="returns-by-sector",
        category_heading="Sector",
    )


def _alt(sectors: tuple[SectorParticipation, ...]) -> str:
    """Return what the chart shows: the sectors with the largest and the smallest share of returns."""
    asked = [sector for sector in sectors if sector.in_scope]
    low, *_, high = sorted((asked[0], *asked), key=lambda s: s.returned / s.in_scope)
    return (
        f"Stacked bar chart of returns by sector. Highest {high.label}, {high.returned} of {high.in_scope}; "
        f"lowest {low.label}, {low.returned} of {low.in_scope}."
    )


def _organisations(findings: Findings) -> Table:
    rows = tuple(_organisation(one) for one in findings.participation.organisations)
    return Table(
        "returns",
        "Returns by organisation",
        ("Organisation", "Sector", "Return", "Rated", "Coverage", "N/A"),
        rows,
        widths=(0.33, 0.24, 0.14, 0.09, 0.12, 0.08),
        notes=notes(
            rows,
            "Rated: criteria rated met, partly met or not met. Coverage: criteria rated, of those rated and those left "
            "blank. N/A: criteria that do not apply, with a reason.",
        ),
    )


def _organisation(one: OrganisationReturn) -> tuple[Cell, ...]:
    nothing = Cell(NOT_APPLICABLE, number=True)
    rated = (nothing, nothing, nothing)
    if one.state != "not-returned":
        rated = (count(one.counts.applicable), share(one.counts.coverage), count(one.counts.not_applicable))
    return (quoted(one.name), quoted(one.sector_label), Cell(RETURN_STATES[one.state]), *rated)
