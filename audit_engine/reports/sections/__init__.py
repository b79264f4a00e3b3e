"""Which sections make which document, and in which order?"""

from __future__ import annotations

from audit_engine.reports.edition import Section
from audit_engine.reports.sections import (
    about,
    annex_checks,
    annex_criteria,
    annex_lineage,
    change,
    changed_criteria,
    measures,
    method,
    moderation,
    organisations,
    overall,
    revisions,
    staff,
    standards,
    summary,
    themes,
    took_part,
)

ANALYSIS: tuple[Section, ...] = (
    summary.blocks,
    about.blocks,
    took_part.blocks,
    overall.blocks,
    standards.blocks,
    change.blocks,
    changed_criteria.blocks,
    organisations.blocks,
    measures.blocks,
    staff.blocks,
    moderation.blocks,
    themes.blocks,
    revisions.blocks,
    method.blocks,
    annex_criteria.blocks,
    annex_lineage.blocks,
    annex_checks.blocks,
)
