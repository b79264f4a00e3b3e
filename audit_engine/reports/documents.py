"""Which documents are there, and what stands on the cover of each?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from audit_engine.analysis.findings import Findings
from audit_engine.reports.blocks import Control, Document
from audit_engine.reports.edition import Edition
from audit_engine.reports.sections import ANALYSIS
from audit_engine.reports.wording import BASIS, capital, day


def analysis_report(
    findings: Findings,
    *,
    organisation: str,
    made_at: datetime,
    invented: bool = False,
    draft: bool = False,
    area_names: Mapping[str, str] | None = None,
) -> Document:
    """Return the analysis report of an audit (methods section 13.1) as blocks.

    ``organisation`` publishes it; ``made_at`` is local time and is printed.
    """
    edition = Edition(findings, organisation, made_at, invented, draft, area_names or {})
    cut_off = day(findings.cut_off) if findings.cut_off else "not closed"
    return Document(
        title=findings.title,
        subtitle=f"Analysis report{f', {edition.area}' if edition.area else ''}",
        organisation=organisation,
        control=_control(edition, cut_off),
        blocks=tuple(block for section in ANALYSIS for block in section(edition)),
        marking=edition.marking,
        standing=findings.standing,
        invented=invented,
        draft=draft,
        footer=f"{findings.title}, version {findings.version}, cut-off {cut_off}",
        subject=f"Analysis of the {findings.title}",
        keywords="safeguarding children; audit; analysis",
    )


def _control(edition: Edition, cut_off: str) -> Control:
    findings = edition.findings
    made = f"{day(edition.made_at)}, {edition.made_at:%H:%M}"
    rows = (
        ("Audit", findings.title),
        ("Version of the questions", findings.version),
        ("Area", edition.area or "All areas"),
        ("Data cut-off", cut_off),
        ("Ratings used", capital(BASIS[findings.basis])),
        ("Compared with", findings.comparison.baseline.title if findings.comparison else "No earlier audit"),
        ("Made", made),
        ("Made by", edition.organisation),
        ("Status", "Draft: the audit is still open" if edition.draft else "Issued"),
        ("Handling", edition.marking),
    )
    return Control(rows)
