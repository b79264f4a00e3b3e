"""How do the returns of an audit become a chart and tables: who has returned, and who is behind?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.reports.blocks import Block, Cell, Chart, Heading, Series, Table, paragraph
from audit_engine.reports.wording import counts, quoted

RETURNED, STARTED, NOT_STARTED = "Returned", "Started", "Not started"
COLUMNS = ("Kind of organisation", "In scope", RETURNED, "Of these late", STARTED, NOT_STARTED, "Overdue")
NOTE = (
    "Started: also those that were opened again for changes. Overdue: not submitted although their own closing time is "
    "past; they stand under started or not started too."
)


@dataclass(frozen=True, slots=True)
class Line:
    """The returns of one sector as counts."""

    label: str
    submitted: int
    late: int
    started: int
    not_started: int
    overdue: int

    @property
    def in_scope(self) -> int:
        """Return how many take part."""
        return self.submitted + self.started + self.not_started


@dataclass(frozen=True, slots=True)
class Behind:
    """An organisation that has not submitted, in the words of the table."""

    name: str
    sector: str
    state: str
    done: str
    last_activity: str
    closes: str
    days_left: str


def by_sector(title: str, whole: Line, sectors: Sequence[Line]) -> tuple[Block, ...]:
    """Return the returns by sector, as chart and table."""
    return (Heading("By kind of organisation", anchor="sectors"), _chart(title, sectors), _table(whole, sectors))


def _chart(title: str, sectors: Sequence[Line]) -> Chart:
    def values(name: str) -> tuple[float | None, ...]:
        return tuple(float(getattr(line, name)) for line in sectors)

    low, *_, high = sorted((sectors[0], *sectors), key=lambda s: s.submitted / max(1, s.in_scope))
    return Chart(
        "returns-now",
        "Returns by kind of organisation",
        "stacked",
        tuple(line.label for line in sectors),
        (
            Series(RETURNED, values("submitted")),
            Series(STARTED, values("started")),
            Series(NOT_STARTED, values("not_started")),
        ),
        f"Stacked bar chart of returns. Highest {high.label}, {high.submitted} of {high.in_scope} returned; lowest "
        f"{low.label}, {low.submitted} of {low.in_scope}.",
        axis="Organisations",
        base="organisations taking part",
        source=f"returns to the {title}, as they stand now",
        table="returns-now-table",
        category_heading="Kind of organisation",
    )


def _table(whole: Line, sectors: Sequence[Line]) -> Table:
    rows = tuple((quoted(line.label), *_counts(line)) for line in sectors)
    return Table(
        "returns-now-table",
        "Returns by kind of organisation",
        COLUMNS,
        (*rows, (Cell("All kinds"), *_counts(whole))),
        notes=(NOTE,),
        total=COLUMNS[1:],
        sums=(("In scope", (RETURNED, STARTED, NOT_STARTED)),),
    )


def _counts(line: Line) -> tuple[Cell, ...]:
    return counts(line.in_scope, line.submitted, line.late, line.started, line.not_started, line.overdue)


def behind(rows: Sequence[Behind]) -> tuple[Block, ...]:
    """Return who has not submitted, the farthest behind first."""
    title = Heading("Whom to chase", anchor="behind")
    if not rows:
        return (title, paragraph("Nobody: every organisation shown here has submitted."))
    return (
        title,
        Table(
            "chase",
            "Organisations that have not submitted, the farthest behind first",
            ("Organisation", "Kind", "State", "Done", "Last activity", "Closes", "Days left"),
            tuple(_behind(row) for row in rows),
            notes=("Done: questions answered, of those asked. Last activity: the last time somebody saved an answer.",),
        ),
    )


def _behind(row: Behind) -> tuple[Cell, ...]:
    words = (Cell(row.state), Cell(row.done, number=True), Cell(row.last_activity), Cell(row.closes))
    return (quoted(row.name), quoted(row.sector), *words, Cell(row.days_left, number=True))
