"""How were the figures made, and what do they not say?"""

from __future__ import annotations

from audit_engine.reports.blocks import Block, BulletList, Cell, Heading, PageBreak, Table, text
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import BASIS, capital, said, shows, table_or_none

_METHOD = (
    "Judgements are pooled: the share met of all organisations together is not the mean of the organisations' shares.",
    "Changes are counted on the same criteria and the same organisations, each rated met, partly met or not met both "
    "times. A criterion that became applicable is not a gain.",
    "Own ratings are compared with own ratings, final ratings with final ratings, never one with the other.",
    "All figures are counts of organisations' ratings, not of people, and the returns are not a sample; so there are "
    "no margins of error.",
    "Nothing here says why a rating changed.",
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return method, thresholds and limits."""
    settings = _settings(edition)
    return (
        PageBreak(),
        Heading("Method and limits", anchor="method"),
        BulletList((*map(text, _METHOD), text(f"{capital(BASIS[edition.findings.basis])}."))),
        *said(edition.findings.limits, style="warning"),
        *table_or_none(settings, shows(settings.id, "the rules and thresholds that were set before the audit opened")),
    )


def _settings(edition: Edition) -> Table:
    return Table(
        "settings",
        "Rules and thresholds",
        ("Rule", "Value"),
        tuple((Cell(setting.meaning, quoted=True), Cell(setting.value)) for setting in edition.findings.settings),
        row_header=False,
        widths=(0.55, 0.45),
    )
