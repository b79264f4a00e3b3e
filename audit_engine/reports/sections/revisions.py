"""What became of the figures of the report that was issued before?"""

from __future__ import annotations

from audit_engine.analysis.revisions import RULES, UNEXPLAINED, Revised
from audit_engine.reports.blocks import Block, Cell, Heading, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import day, quoted, shows

_FROZEN = (
    "Figures are frozen when a report is issued. A return that comes in later, or is submitted again, does not change "
    "what was issued: it changes the next report, and this section says where."
)


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return the revisions since the last issued report; nothing where there are none."""
    revised = edition.revised
    if revised is None or not revised.revisions:
        return ()
    table, came = revision_table(revised), arrival_table(revised)
    return (
        Heading("Revisions", anchor="since-issued"),
        paragraph(_FROZEN),
        *((shows(came.id, f"what came in after the report of {day(revised.issued_at)}"), came) if came.rows else ()),
        *(() if came.rows else (paragraph(f"{UNEXPLAINED}.", style="warning"),)),
        shows(table.id, "the figures that stand otherwise now"),
        table,
    )


def revision_table(revised: Revised) -> Table:
    """Return a row for each figure that changed: as it was issued, as it is now, and by which rule."""
    more = (
        f" {revised.more:,} further figures changed, of parts of the audit and of single criteria."
        if revised.more
        else ""
    )
    return Table(
        "revisions",
        f"Figures that changed since the report of {day(revised.issued_at)}",
        ("Figure", "As issued", "Now", "Rule"),
        tuple(
            (quoted(one.name), Cell(one.issued), Cell(one.now), Cell(revised.brief)) for one in revised.shown
        ),
        widths=(0.42, 0.19, 0.19, 0.2),
        notes=(
            "Rule: what allows a figure to change after it was issued. Where several things came in, each may have "
            f"changed it.{more}",
        ),
    )  # fmt: skip


def arrival_table(revised: Revised) -> Table:
    """Return a row for each return or panel that came in since."""
    return Table(
        "revision-causes",
        f"What came in after the report of {day(revised.issued_at)}",
        ("Organisation", "What happened", "On", "Rule"),
        tuple((quoted(one.organisation), Cell(one.words), Cell(day(one.at)), Cell(RULES[one.cause]))
              for one in revised.came),
        widths=(0.32, 0.2, 0.2, 0.28),
    )  # fmt: skip
