"""How do the actions of an audit become a chart and tables: what is overdue, by standard and by status?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from audit_engine.analysis.actions import STATUS_WORDS, TIMING_WORDS, TIMINGS, Action, ActionCounts, Timing
from audit_engine.reports.blocks import Block, Cell, Chart, Heading, Series, Table, paragraph
from audit_engine.reports.wording import capital, count, counts, day, quoted

MOST_LISTED = 25
DRAWN: tuple[Timing, ...] = ("overdue", "soon", "later", "no-date")
COLUMNS = ("Standard", "Actions", *(TIMING_WORDS[t] for t in TIMINGS))
Line = tuple[str, ActionCounts]


def by_standard(title: str, whole: ActionCounts, standards: Sequence[Line]) -> tuple[Block, ...]:
    """Return the actions by standard, as chart and table, and by status."""
    return (
        Heading("By standard", anchor="standards"),
        _chart(title, standards),
        _table(whole, standards),
        Heading("By status", anchor="status"),
        _statuses(whole),
    )


def _chart(title: str, standards: Sequence[Line]) -> Chart:
    series = tuple(
        Series(TIMING_WORDS[timing], tuple(float(counts.by_timing.get(timing, 0)) for _, counts in standards))
        for timing in DRAWN
    )
    name, most = max(standards, key=lambda line: line[1].by_timing.get("overdue", 0))
    overdue = most.by_timing.get("overdue", 0)
    told = f"Most overdue: {name}, {overdue} of {most.all}." if overdue else "None is overdue."
    return Chart(
        "actions-now",
        "Actions that are not done, by standard",
        "stacked",
        tuple(name for name, _ in standards),
        series,
        f"Stacked bar chart of actions by standard. {told}",
        axis="Actions",
        base="actions in submitted returns",
        source=f"returns to the {title}",
        table="actions-now-table",
        category_heading="Standard",
    )


def _table(whole: ActionCounts, standards: Sequence[Line]) -> Table:
    rows = tuple((quoted(name), *_timings(found)) for name, found in standards)
    return Table(
        "actions-now-table",
        "Actions by standard and by when they are due",
        COLUMNS,
        (*rows, (Cell("All standards"), *_timings(whole))),
        total=COLUMNS[1:],
        sums=(("Actions", COLUMNS[2:]),),
        notes=("Overdue: the day that the organisation named is past, and nobody has written down that it is done.",),
    )


def _timings(found: ActionCounts) -> tuple[Cell, ...]:
    return counts(found.all, *(found.by_timing.get(timing, 0) for timing in TIMINGS))


def _statuses(whole: ActionCounts) -> Table:
    named = {STATUS_WORDS.get(s, capital(s.replace("-", " "))): n for s, n in sorted(whole.by_status.items())}
    rows = tuple((Cell(words), count(number)) for words, number in named.items())
    return Table(
        "actions-status",
        "Actions by status",
        ("Status", "Actions"),
        (*rows, (Cell("All"), count(whole.all))),
        total=("Actions",),
    )


def listed(actions: Sequence[Action], today: date, heading: str, *, in_words: bool) -> tuple[Block, ...]:
    """Return actions one by one; what they say only where the reader may read returns."""
    title = Heading(heading, anchor="list")
    if not actions:
        return (title, paragraph("None."))
    more = len(actions) - MOST_LISTED
    notes = (f"{more:,} more are in the CSV.",) if more > 0 else ()
    return (title, table_of(actions[:MOST_LISTED], today, in_words=in_words, notes=notes))


def table_of(actions: Sequence[Action], today: date, *, in_words: bool, notes: tuple[str, ...] = ()) -> Table:
    """Return actions as a table."""
    said = ("What", "Who", "How it will be known") if in_words else ()
    columns = ("Organisation", "Criterion", "Due", "When", *said)
    rows = tuple(_action(one, today, in_words=in_words) for one in actions)
    return Table("actions-list", "Actions, the earliest due first", columns, rows, notes=notes)


def _action(one: Action, today: date, *, in_words: bool) -> tuple[Cell, ...]:
    due = day(one.due) if one.due else "[z]"
    said = tuple(quoted(words or "[z]") for words in (one.what, one.who, one.how_known)) if in_words else ()
    return (quoted(one.organisation_name), quoted(one.ref), Cell(due), Cell(TIMING_WORDS[one.timing(today)]), *said)
