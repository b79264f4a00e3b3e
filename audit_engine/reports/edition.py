"""What is a document made from, besides the findings?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audit_engine.analysis.findings import Findings
from audit_engine.analysis.revisions import Revised
from audit_engine.analysis.theme_findings import ThemeFindings
from audit_engine.reports.blocks import Block


@dataclass(frozen=True)
class Edition:
    """One making of a document.

    ``organisation`` publishes it, ``area_names`` gives areas by id and
    ``made_at`` is local time.  ``themes`` and ``revised`` are None where there is
    nothing to say of either.
    """

    findings: Findings
    organisation: str
    made_at: datetime
    invented: bool = False
    draft: bool = False
    area_names: Mapping[str, str] = field(default_factory=dict)
    marking: str = "OFFICIAL - SENSITIVE"
    themes: ThemeFindings | None = None
    revised: Revised | None = None

    @property
    def area(self) -> str:
        """Return the name of the area that the document is about, "" for all."""
        area = self.findings.area
        return self.area_names.get(area, area) if area else ""


Section = Callable[[Edition], tuple[Block, ...]]
