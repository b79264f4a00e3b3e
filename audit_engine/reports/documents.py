"""Which documents are there, and what stands on the cover of each?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from audit_engine.analysis.findings import Findings
from audit_engine.analysis.revisions import Revised
from audit_engine.analysis.theme_findings import ThemeFindings
from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.reports import staff_view, themes
from audit_engine.reports.blocks import Block, Control, Document
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
    themes: ThemeFindings | None = None,
    revised: Revised | None = None,
) -> Document:
    """Return the analysis report of an audit (methods section 13.1) as blocks.

    ``organisation`` publishes it; ``made_at`` is local time and is printed.
    """
    edition = Edition(
        findings, organisation, made_at, invented, draft, area_names or {}, themes=themes, revised=revised
    )
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


@dataclass(frozen=True, slots=True)
class Cover:
    """What a document of one audit says of itself; ``area`` is a name, '' for all; ``made_at`` is local time."""

    title: str
    version: str
    standing: str
    organisation: str
    area: str
    cut_off: datetime | None
    made_at: datetime
    invented: bool = False
    draft: bool = False


def themes_paper(found: ThemeFindings, cover: Cover) -> Document:
    """Return the paper of themes and promising practice (methods section 13.2) as blocks."""
    return _of_audit(
        cover, "Themes and promising practice", tuple(themes.paper(found, cover.area)), "OFFICIAL - SENSITIVE"
    )


def staff_view_report(found: Triangulation, cover: Cover) -> Document:
    """Return ratings beside staff answers by organisation (methods section 13.1, T10, T11 and C7) as blocks."""
    return _of_audit(cover, staff_view.TITLE, tuple(staff_view.blocks(found)), staff_view.MARKING)


def _of_audit(cover: Cover, subtitle: str, blocks: tuple[Block, ...], marking: str) -> Document:
    cut_off = day(cover.cut_off) if cover.cut_off else "not closed"
    rows = (
        ("Audit", cover.title),
        ("Version of the questions", cover.version),
        ("Area", cover.area or "All areas"),
        ("Data cut-off", cut_off),
        ("Made", f"{day(cover.made_at)}, {cover.made_at:%H:%M}"),
        ("Made by", cover.organisation),
        ("Status", "Draft: the audit is still open" if cover.draft else "Issued"),
        ("Handling", marking),
    )
    return Document(
        title=cover.title,
        subtitle=f"{subtitle}{f', {cover.area}' if cover.area else ''}",
        organisation=cover.organisation,
        control=Control(rows),
        blocks=blocks,
        marking=marking,
        standing=cover.standing,
        invented=cover.invented,
        draft=cover.draft,
        footer=f"{cover.title}, version {cover.version}, cut-off {cut_off}",
        subject=f"{subtitle}: {cover.title}",
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
