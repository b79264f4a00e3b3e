"""What was asked, of whom, and how is this report read?"""

from __future__ import annotations

from audit_engine.reports.blocks import Block, BulletList, Heading, PageBreak, Paragraph, Run, paragraph, text
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import BASIS

_READ = (
    "A judgement is one organisation's rating of one criterion.",
    "The share met is judgements met, divided by judgements met, partly met and not met. Criteria that do not apply "
    "and criteria left blank are outside it; they are shown beside it.",
    "A criterion confirmed unchanged was rated as last time, and the organisation confirmed that nothing material "
    "has changed. It is counted with its rating and shown apart.",
    "Every judgement counts the same. This report has no rank order and no league table.",
    "Shares are rounded by themselves, so they may not add up to one hundred per cent. Changes are worked out before "
    "rounding.",
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the scope of the audit and how its figures are read."""
    findings = edition.findings
    scope = f"The organisations are those in scope for {edition.area}. " if edition.area else ""
    return (
        PageBreak(),
        Heading("About this audit", anchor="about"),
        Paragraph(
            (
                Run("In the "),
                Run(findings.title, quoted=True),
                Run(", organisations rate themselves against criteria that are grouped into standards. "),
                Run(scope, quoted=True),
                Run(f"The figures are {BASIS[findings.basis]}."),
            )
        ),
        *_changed(edition),
        Heading("How to read the figures", 2),
        BulletList(tuple(text(words) for words in _READ)),
    )


def _changed(edition: Edition) -> tuple[Block, ...]:
    comparison = edition.findings.comparison
    if comparison is None:
        return (paragraph("There is no earlier audit to compare this one with."),)
    return (
        Paragraph(
            (
                Run("It is compared with the "),
                Run(comparison.baseline.title, quoted=True),
                Run(". The questions have changed since: "),
                Run("the annex on changed criteria", ref="annex-lineage"),
                Run(" lists how each criterion of today comes from the earlier ones, and where it is compared."),
            )
        ),
    )
