"""How does the strategic plan become a chart and a table: each promise with measure, figures, verdict and source?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_engine.analysis.plan import VerdictKind
from audit_engine.reports.blocks import Block, Cell, Chart, Series, Table
from audit_engine.reports.wording import counts, quoted

GROUPS: Mapping[str, frozenset[VerdictKind]] = {
    "As wanted": frozenset({"as-wanted"}),
    "Otherwise": frozenset({"otherwise", "not-reached", "same"}),
    "Unclear": frozenset({"not-clear", "one-figure", "cannot-be-judged", "not-judged"}),
    "No figure": frozenset({"no-figure"}),
}
NOTE = (
    "As wanted: the figures moved as the plan wants, or reached its target. Otherwise: they moved the other way, "
    "stayed the same or did not reach it. Unclear: they cannot tell yet, or nothing forbids chance."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One promise in the words of the table; ``figures`` are the first and the latest."""

    priority: str
    text: str
    measure: str
    first: str
    latest: str
    verdict: VerdictKind
    words: str
    source: str


def overview(title: str, lines: Sequence[Line]) -> tuple[Block, ...]:
    """Return how many promises of each priority have which verdict, as chart and table."""
    priorities = tuple(dict.fromkeys(line.priority for line in lines))
    counted = {p: tuple(_number(lines, p, kinds) for kinds in GROUPS.values()) for p in priorities}
    return (_chart(title, counted), _counts(counted))


def _number(lines: Sequence[Line], priority: str, kinds: frozenset[VerdictKind]) -> int:
    return sum(line.priority == priority and line.verdict in kinds for line in lines)


def _chart(title: str, counted: Mapping[str, tuple[int, ...]]) -> Chart:
    series = tuple(
        Series(name, tuple(float(numbers[n]) for numbers in counted.values())) for n, name in enumerate(GROUPS)
    )
    wanted, whole = (sum(numbers[0] for numbers in counted.values()), sum(map(sum, counted.values())))
    without = sum(numbers[3] for numbers in counted.values())
    return Chart(
        "plan-chart",
        "What the plan promised, by what the figures say",
        "stacked",
        tuple(counted),
        series,
        f"Stacked bar chart by priority. {wanted} of {whole} promises are as wanted; {without} have no figure.",
        axis="Promises",
        base="everything by which the plan says it will know",
        source=title,
        table="plan-counts",
        category_heading="Priority",
    )


def _counts(counted: Mapping[str, tuple[int, ...]]) -> Table:
    rows = tuple((quoted(p), *counts(sum(numbers), *numbers)) for p, numbers in counted.items())
    whole = tuple(sum(column) for column in zip(*counted.values(), strict=True))
    names = tuple(GROUPS)
    return Table(
        "plan-counts",
        "What the plan promised, by what the figures say",
        ("Priority", "Promises", *names),
        (*rows, (Cell("All priorities"), *counts(sum(whole), *whole))),
        notes=(NOTE,),
        total=("Promises", *names),
        sums=(("Promises", names),),
    )


def whole_table(lines: Sequence[Line]) -> Table:
    """Return every promise as a row."""
    rows = tuple(
        (quoted(line.text), quoted(line.priority), *(Cell(words or "[z]", quoted=True) for words in _words(line)))
        for line in lines
    )
    return Table(
        "plan-table",
        "Every promise with its measure, figures, verdict and source",
        ("How we will know", "Priority", "Measure", "First figure", "Latest figure", "Verdict", "Source"),
        rows,
        notes=("[z] means that there is nothing yet.",),
    )


def _words(line: Line) -> tuple[str, ...]:
    return line.measure, line.first, line.latest, line.words, line.source
