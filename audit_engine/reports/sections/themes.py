"""Which themes did people raise in their own words, and which practice is promising?"""

from __future__ import annotations

from audit_engine.reports import themes
from audit_engine.reports.blocks import Block, Heading
from audit_engine.reports.edition import Edition


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the themes and cards in short; nothing where there is neither."""
    found = edition.themes
    if found is None or not found.says_something:
        return ()
    title = Heading("Themes and promising practice", anchor="themes-and-practice")
    return (title, *themes.short_form(found, edition.area))
