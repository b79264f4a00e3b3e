"""Would movement this lopsided arise by itself, and how far do own and panel ratings agree?"""

from __future__ import annotations

from audit_engine.analysis.rounding import coefficient_text, p_text, points_text
from audit_engine.analysis.stability import CriterionCheck, GroupCheck, StabilityChecks
from audit_engine.analysis.statistics import Agreement
from audit_engine.reports.blocks import Block, Cell, Heading, PageBreak, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import count, counts, maybe, notes, quoted, shows, signed, table_or_none

_WHAT = (
    "The organisations of an audit are not a sample, so what changed is what was counted. These checks answer one "
    "question only: would movement this lopsided arise if organisations moved up and down at random? They say nothing "
    "of why ratings moved, and no finding of this report rests on them."
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the technical checks; nothing where a report has none."""
    checks = edition.findings.checks
    if checks is None:
        return ()
    groups, criteria = _groups(checks), _criteria(checks)
    return (
        PageBreak(),
        Heading("Annex C: stability checks", anchor="annex-checks"),
        paragraph(_WHAT),
        shows(groups.id, "how often signs at random would give a net change as large"),
        groups,
        *table_or_none(criteria, shows(criteria.id, "the criteria where enough organisations moved for a check")),
        *_agreement(checks),
    )


def _groups(checks: StabilityChecks) -> Table:
    return Table(
        "check-standards",
        "Net change by organisation, with its sign turned at random",
        ("Standard", "Organisations that moved", "Net", "p"),
        tuple(_group(one) for one in (*checks.standards, checks.whole)),
        widths=(0.5, 0.26, 0.12, 0.12),
        notes=(
            "p: the share of all patterns of signs whose sum is as large (exact sign-flip test). An organisation's "
            "judgements hang together, so it moves as a whole; those without a net change drop out.",
        ),
    )


def _group(check: GroupCheck) -> tuple[Cell, ...]:
    return quoted(check.title), count(check.movers), signed(check.net), Cell(p_text(check.p), number=True)


def _criteria(checks: StabilityChecks) -> Table:
    passing = ", ".join(checks.tarone_passing) or "none"
    return Table(
        "check-criteria",
        "Criteria where enough organisations moved for a check",
        ("Ref", "Criterion", "Lost", "Gained", "Points", "From", "To", "p", "Adjusted"),
        tuple(_criterion(one) for one in checks.criteria),
        widths=(0.08, 0.36, 0.07, 0.08, 0.09, 0.08, 0.08, 0.07, 0.09),
        notes=(
            "p: McNemar's mid-p. Adjusted: Benjamini and Hochberg over every criterion compared. Points: change of "
            "the share met, with Tango's interval. With fewer movers no p can be small: "
            f"{checks.others} criteria are left out for that. By Tarone's test these pass: {passing}.",
        ),
    )


def _criterion(check: CriterionCheck) -> tuple[Cell, ...]:
    found = check.difference
    points = (found.diff, *found.tango)
    return (
        Cell(check.ref, quoted=True),
        quoted(check.text),
        *counts(check.lost, check.gained),
        *(Cell(points_text(value), number=True) for value in points),
        *(Cell(p_text(value), number=True) for value in (check.p, check.p_adjusted)),
    )


def _agreement(checks: StabilityChecks) -> tuple[Block, ...]:
    """Return how far own and panel ratings agree; kappa is for judgements picked at random alone."""
    kinds = (("Picked at random", checks.at_random, True), ("Chosen for a reason", checks.chosen, False))
    rows = tuple(_agreed(title, found, random) for title, found, random in kinds if found is not None)
    if not rows:
        return ()
    table = Table(
        "check-agreement",
        "Own ratings and the panel's",
        ("Judgements", "Same", "Panel higher", "Panel lower", "Same, %", "Gwet", "Kappa", "From", "To"),
        rows,
        widths=(0.24, 0.09, 0.13, 0.12, 0.1, 0.08, 0.08, 0.08, 0.08),
        notes=notes(
            rows,
            "Judgements that both rated met, partly met or not met. Gwet: his coefficient, with linear weights. Kappa: "
            "with linear weights and its interval, only for judgements picked at random, where there are enough of "
            "them and both used more than one rating. Where one rating is usual kappa is small although most agree.",
        ),
    )
    return shows(table.id, "how often the panel gave the same rating"), table


def _agreed(title: str, found: Agreement, random: bool) -> tuple[Cell, ...]:
    printed = random and found.kappa_is_printed and found.kappa_linear_ci is not None
    kappa = (found.kappa_linear, *(found.kappa_linear_ci or (None, None))) if printed else (None, None, None)
    return (
        Cell(title),
        *counts(found.n - found.panel_higher - found.panel_lower, found.panel_higher, found.panel_lower),
        Cell(points_text(found.percent_agreement, signed=False), number=True),
        *(_coefficient(value) for value in (found.ac2_linear, *kappa)),
    )


def _coefficient(value: float | None) -> Cell:
    return maybe(None) if value is None else Cell(coefficient_text(value), number=True)
