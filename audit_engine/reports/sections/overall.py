"""How were the standards rated, all organisations together?"""

from __future__ import annotations

from audit_engine.analysis.counts import RatingCounts, Share
from audit_engine.analysis.findings import Findings, StandardFindings
from audit_engine.analysis.rounding import percent_text
from audit_engine.analysis.standards import NOT_GRADED
from audit_engine.reports.blocks import Block, Cell, Chart, Heading, PageBreak, Series, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import (
    NOTE_NA,
    RATING_COLUMNS,
    applying,
    capital,
    count,
    counts,
    notes,
    quoted,
    ratings,
    share,
    shows,
    table_or_none,
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return ratings by standard, as chart and table, and the standards' grades."""
    findings = edition.findings
    title = (PageBreak(), Heading("Overall picture", anchor="overall"))
    if not findings.standards:
        return (*title, paragraph("This audit has no standard that is rated."))
    table, grades, chart = _ratings(findings), _grades(findings), _chart(findings)
    confirmed = _confirmed(findings)
    return (
        *title,
        shows(table.id, "how criteria were rated in each standard, all organisations together", chart.id),
        chart,
        table,
        shows(confirmed.id, "how many ratings were confirmed unchanged, and how many criteria are met by all"),
        confirmed,
        *table_or_none(grades, shows(grades.id, "how many organisations have each grade for each standard")),
    )


def _ratings(findings: Findings) -> Table:
    rows = tuple((quoted(s.title), count(s.counts.applicable), *ratings(s.counts)) for s in findings.standards)
    whole = (Cell("All standards"), count(findings.overall.applicable), *ratings(findings.overall))
    return Table(
        "ratings-by-standard",
        "Ratings by standard",
        ("Standard", "Applicable", *RATING_COLUMNS),
        (*rows, whole),
        widths=(0.4, 0.1, 0.08, 0.1, 0.08, 0.08, 0.08, 0.08),
        notes=notes((*rows, whole), f"Applicable: judgements met, partly met or not met. {NOTE_NA}"),
        total=("Applicable", "Met", "Partly met", "Not met", "Blank", "N/A"),
        sums=(("Applicable", ("Met", "Partly met", "Not met")),),
    )


def _chart(findings: Findings) -> Chart:
    def values(name: str) -> tuple[float | None, ...]:
        return tuple(float(getattr(standard.counts, name)) for standard in findings.standards)

    return Chart(
        "ratings-chart",
        "Ratings by standard",
        "stacked-percent",
        tuple(standard.title for standard in findings.standards),
        (
            Series("Met", values("met")),
            Series("Partly met", values("partly_met")),
            Series("Not met", values("not_met")),
            Series("Blank", values("unanswered")),
        ),
        _alt(findings.standards),
        axis="Share of judgements; the labels are counts",
        base="judgements met, partly met, not met and left blank",
        source=f"ratings in the {findings.title}",
        table="ratings-by-standard",
        category_heading="Standard",
    )


def _alt(standards: tuple[StandardFindings, ...]) -> str:
    rated = [standard for standard in standards if standard.counts.applicable]
    if not rated:
        return "Stacked bar chart of ratings by standard. Nothing was rated."
    low, *_, high = sorted((rated[0], *rated), key=lambda s: s.counts.met / s.counts.applicable)
    return (
        f"Stacked bar chart of ratings by standard. Largest share met: {high.title}, {_share(high)}. "
        f"Smallest: {low.title}, {_share(low)}."
    )


def _share(standard: StandardFindings) -> str:
    counts = standard.counts
    return f"{percent_text(counts.met, counts.applicable)} of {counts.applicable}"


def _confirmed(findings: Findings) -> Table:
    rows = tuple(
        (quoted(s.title), *_answered(s.counts), *counts(s.criteria_met_by_all, applying(s.criteria)))
        for s in findings.standards
    )
    by_all = sum(standard.criteria_met_by_all for standard in findings.standards)
    criteria = sum(applying(standard.criteria) for standard in findings.standards)
    return Table(
        "confirmed",
        "Ratings confirmed unchanged, and criteria met by all",
        ("Standard", "Ratings", "Confirmed unchanged", "Met by all", "Criteria"),
        (*rows, (Cell("All standards"), *_answered(findings.overall), *counts(by_all, criteria))),
        widths=(0.42, 0.13, 0.17, 0.14, 0.14),
        notes=(
            "Ratings: judgements met, partly met or not met, and those not applicable. Confirmed unchanged: rated as "
            "last time, with a confirmation in place of new commentary. Met by all: criteria met by every "
            "organisation to which they apply. Criteria: those that apply to an organisation that returned.",
        ),
        total=("Ratings", "Confirmed unchanged", "Met by all", "Criteria"),
    )


def _answered(values: RatingCounts) -> tuple[Cell, ...]:
    return counts(values.applicable + values.not_applicable, values.confirmed)


def _grades(findings: Findings) -> Table:
    found = dict.fromkeys((grade.grade, grade.label) for s in findings.standards for grade in s.grades)
    labels = tuple(sorted(found, key=lambda one: _GRADE_ORDER.get(one[0], _OWN_GRADES)))
    rows = tuple((quoted(s.title), *_graded(s, labels)) for s in findings.standards if s.grades)
    shared = ("Share met",) if "met" in dict(labels) else ()
    columns = ("Standard", "Graded", *(capital(label) for _, label in labels), *shared)
    widths = (0.3, *(0.7 / (len(columns) - 1) for _ in columns[1:]))
    return Table(
        "grades",
        "Organisations by grade of each standard",
        columns,
        rows,
        widths=widths,
        notes=notes(
            rows,
            "A grade is worked out from the ratings by the rule of the audit, which stands under Method and limits. "
            "Graded: organisations to which the standard applies. Share met: of those, the ones whose grade is met.",
        ),
    )


# From good to bad, then what has no grade; grades of an audit's own stand between, in the order of its rule.
_GRADE_ORDER = {"met": 0, "partly-met": 1, "not-met": 2, "not-applicable": 4, "incomplete": 5}
_OWN_GRADES = 3


def _graded(standard: StandardFindings, labels: tuple[tuple[str, str], ...]) -> tuple[Cell, ...]:
    found = {grade.grade: grade.organisations for grade in standard.grades}
    graded = sum(number for grade, number in found.items() if grade not in NOT_GRADED)
    met = (share(Share(found.get("met", 0), graded)),) if "met" in dict(labels) else ()
    return (*counts(graded, *(found.get(grade, 0) for grade, _ in labels)), *met)
