"""How does one question over the waves of a survey become a chart and a table?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.analysis.disclosure import MEANING, SHOWN_AS, Figure
from audit_engine.analysis.rounding import half_up, percent
from audit_engine.reports.blocks import Block, Cell, Chart, Series, Table
from audit_engine.reports.wording import quoted

NOT_ASKED = "[z]"


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave's figure; None where it did not ask the same."""

    label: str
    closed_on: str
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Line:
    """One question over all waves."""

    text: str
    answer: str
    waves: tuple[Wave, ...]


def blocks(survey: str, line: Line) -> tuple[Block, ...]:
    """Return one question as chart, where a wave has a figure that may be shown, and table."""
    shown = [wave for wave in line.waves if wave.figure and wave.figure.count is not None and wave.figure.base]
    return (*((_chart(survey, line, shown),) if shown else ()), _table(line))


def _chart(survey: str, line: Line, shown: Sequence[Wave]) -> Chart:
    figures = [wave.figure for wave in shown if wave.figure]
    told = ", ".join(f"{w.label} {f.percent} ({f.range})" for w, f in zip(shown, figures, strict=True))
    return Chart(
        "trend-chart",
        f"{line.text} {line.answer}",
        "interval",
        tuple(wave.label for wave in shown),
        (
            Series(
                line.answer,
                tuple(_share(figure) for figure in figures),
                tuple(_end(figure, upper=False) for figure in figures),
                tuple(_end(figure, upper=True) for figure in figures),
            ),
        ),
        f"Dot chart with 95% intervals, one row a wave. {told}."[:250],
        axis="Per cent of people",
        base="people who answered this question, wave by wave",
        source=f"{survey}, released results",
        table="trend-table",
        category_heading="Wave",
        end=100,
    )


def _share(figure: Figure) -> float:
    return float(half_up(percent(figure.count or 0, figure.base or 1), 0))


def _end(figure: Figure, *, upper: bool) -> float | None:
    if figure.interval is None:
        return None
    limit = figure.interval.upper if upper else figure.interval.lower
    return round(limit * 100, 0)


def _table(line: Line) -> Table:
    rows = tuple((Cell(wave.label), Cell(wave.closed_on), *_cells(wave.figure)) for wave in line.waves)
    return Table(
        "trend-table",
        f"{line.text} {line.answer}, wave by wave",
        ("Wave", "Closed", "People", "Of", "Share", "95% interval"),
        rows,
        notes=_notes([wave.figure for wave in line.waves]),
    )


def _cells(figure: Figure | None) -> tuple[Cell, ...]:
    if figure is None:
        return tuple(Cell(NOT_ASKED, number=True) for _ in range(4))
    base = SHOWN_AS[figure.symbol] if figure.base is None else f"{figure.base:,}"
    words = (figure.number, base, figure.percent, figure.range or NOT_ASKED)
    return tuple(Cell(text, number=True) for text in words)


def _notes(figures: Sequence[Figure | None]) -> tuple[str, ...]:
    symbols = {SHOWN_AS[f.symbol] for f in figures if f is not None and f.symbol} & set(MEANING)
    asked = (f"{NOT_ASKED}: not asked in the same way, or no figure.",) if None in figures else ()
    return (*asked, *(f"{symbol}: {MEANING[symbol]}." for symbol in sorted(symbols - {NOT_ASKED})))


def every_question(labels: Sequence[str], lines: Sequence[Line]) -> Table:
    """Return every question of a survey over all waves."""
    rows = tuple(
        (quoted(line.text), Cell(line.answer), *(Cell(_brief(wave.figure), number=True) for wave in line.waves))
        for line in lines
    )
    figures = [wave.figure for line in lines for wave in line.waves]
    return Table("trend-all", "Every question over all waves", ("Question", "Answer", *labels), rows,
                 notes=_notes(figures))  # fmt: skip


def _brief(figure: Figure | None) -> str:
    if figure is None:
        return NOT_ASKED
    if figure.count is None or figure.base is None:
        return figure.percent
    return f"{figure.percent} ({figure.count:,} of {figure.base:,})"
