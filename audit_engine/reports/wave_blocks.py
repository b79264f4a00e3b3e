"""How does the comparison of two waves of a survey become headings, charts and tables?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit_engine.analysis.disclosure import MEANING, SHOWN_AS, Figure, Symbol
from audit_engine.analysis.rounding import half_up, percent
from audit_engine.analysis.survey import FAVOURABLE
from audit_engine.analysis.wave_change import (
    FigureChange,
    ListedQuestion,
    MixShift,
    QuestionChange,
    SeriesQuestion,
    WaveComparison,
    WaveSeries,
)
from audit_engine.reports.blocks import Block, BulletList, Cell, Chart, Heading, Series, Table, paragraph, text
from audit_engine.reports.wording import quoted, said

RELATION: str = "The question was worded differently. Both wordings stand here; the change is not like for like."
NO_CHANGE = "[z]"


def blocks_of(found: WaveComparison, series: WaveSeries | None = None) -> tuple[Block, ...]:
    """Return the comparison: the overview, each question, who answered, and what only one wave asked."""
    return tuple(_blocks(found, series))


def _blocks(found: WaveComparison, series: WaveSeries | None) -> Iterator[Block]:
    yield Heading("At a glance", 1, "part-glance")
    yield from said(*found.summary)
    yield from _overview(found)
    if series is not None:
        yield from _series(series)
    yield Heading("Question by question", 1, "part-questions")
    for question in found.questions:
        yield from _question(found, question)
    yield Heading("Who answered", 1, "part-mix")
    for mix in found.mixes:
        yield from _mix(found, mix)
    yield from _listed(f"Asked in {found.now.label} only", "part-new", found.new)
    yield from _listed(f"Asked in {found.then.label} only", "part-gone", found.gone)
    yield from said(found.limits, style="note")


def _overview(found: WaveComparison) -> Iterator[Block]:
    judged = [(q, q.headline) for q in found.questions if q.headline is not None]
    if not judged:
        return
    drawn = [(q, h) for q, h in judged if q.comparable and None not in (h.then.count, h.now.count)]
    if drawn:
        yield _dumbbell(found, drawn)
    columns = ("Question", "Answer", found.then.label, found.now.label, "Change in points", "95% interval", "In words")
    rows = tuple(_headline_row(q, h) for q, h in judged)
    yield Table("table-glance", "What changed", columns, rows, notes=_notes([h for _, h in judged]))


def _dumbbell(found: WaveComparison, drawn: Sequence[tuple[QuestionChange, FigureChange]]) -> Chart:
    names = tuple(q.text_now if h.id == FAVOURABLE else f"{q.text_now} ({h.label})" for q, h in drawn)
    waves = (
        Series(found.then.label, tuple(_share(h.then) for _, h in drawn)),
        Series(found.now.label, tuple(_share(h.now) for _, h in drawn)),
    )
    clear = sum(1 for _, h in drawn if h.change and h.change.verdict in ("rose", "fell"))
    then, now = found.then.label, found.now.label
    told = f"{clear} of {len(drawn)} questions changed clearly. A line leads from {then} to {now}."
    return Chart(
        "chart-glance", f"Favourable or named answers, {then} and {now}", "dumbbell", names, waves, told,
        axis="Per cent of people", end=100, table="table-glance", category_heading="Question",
    )  # fmt: skip


def _share(figure: Figure) -> float | None:
    if figure.count is None or not figure.base:
        return None
    return float(half_up(percent(figure.count, figure.base), 0))


def _headline_row(question: QuestionChange, headline: FigureChange) -> tuple[Cell, ...]:
    return (quoted(question.text_now), Cell(headline.label), *_numbers(headline), Cell(_verdict(headline)))


def _verdict(one: FigureChange) -> str:
    return (one.change.words if one.change else "") or NO_CHANGE


def _numbers(one: FigureChange) -> tuple[Cell, ...]:
    change = one.change
    points, ends = (change.points, change.interval) if change else ("", "")
    cells = (_of(one.then), _of(one.now), points or NO_CHANGE, ends or NO_CHANGE)
    return tuple(Cell(words, number=True) for words in cells)


def _of(figure: Figure) -> str:
    if figure.count is None or figure.base is None:
        return figure.percent
    return f"{figure.percent} ({figure.count:,} of {figure.base:,})"


def _notes(figures: Sequence[FigureChange]) -> tuple[str, ...]:
    symbols = {SHOWN_AS[s] for one in figures for s in _symbols(one)} & set(MEANING)
    told = [f"{symbol}: {MEANING[symbol]}." for symbol in sorted(symbols - {NO_CHANGE})]
    lacking = any(one.change is None or not (one.change.points and one.change.interval) for one in figures)
    return (*told, f"{NO_CHANGE}: no change is given.") if lacking else tuple(told)


def _symbols(one: FigureChange) -> Iterator[Symbol]:
    yield from (figure.symbol for figure in (one.then, one.now) if figure.symbol)


def _question(found: WaveComparison, question: QuestionChange) -> Iterator[Block]:
    name = question.id.replace(".", "-").replace(":", "-")
    yield Heading(question.text_now, 2, f"question-{name}")
    if question.text_then != question.text_now:
        yield paragraph(RELATION if question.relation == "reworded" else "The two waves asked this differently.")
        yield _wordings(found, question, name)
    if question.note:
        yield paragraph(question.note, style="note")
    for when, who in ((found.then.label, question.asked_of_then), (found.now.label, question.asked_of_now)):
        if who:
            yield paragraph(f"In {when}, asked where {who}.", style="note")
    for sentence in question.sentences:
        yield from said(sentence)
    if question.why and not question.sentences:
        yield BulletList(tuple(text(why) for why in question.why))
    if question.figures:
        yield _table(found, question, name)


def _wordings(found: WaveComparison, question: QuestionChange, name: str) -> Table:
    rows = ((found.then.label, question.text_then), (found.now.label, question.text_now))
    cells = tuple((Cell(label), quoted(words)) for label, words in rows)
    return Table(f"wording-{name}", "The wording in each wave", ("Wave", "Question"), cells)


def _table(found: WaveComparison, question: QuestionChange, name: str) -> Table:
    columns = ("Answer", found.then.label, found.now.label, "Change in points", "95% interval")
    rows = tuple((Cell(one.label), *_numbers(one)) for one in question.figures)
    return Table(f"waves-{name}", "Answers in both waves", columns, rows, notes=_notes(question.figures))


def _mix(found: WaveComparison, mix: MixShift) -> Iterator[Block]:
    name = mix.id.replace(".", "-")
    yield Heading(mix.text, 2)
    yield from said(mix.sentence)
    if mix.why:
        yield BulletList(tuple(text(why) for why in mix.why))
    rows = tuple(
        (Cell(g.label), *(Cell(words, number=True) for words in (_of(g.then), _of(g.now), g.points or NO_CHANGE)))
        for g in mix.groups
    )
    if rows:
        columns = ("Group", found.then.label, found.now.label, "Change in points")
        yield Table(f"mix-{name}", mix.text, columns, rows)


def _listed(heading: str, anchor: str, questions: Sequence[ListedQuestion]) -> Iterator[Block]:
    if questions:
        yield Heading(heading, 1, anchor)
        yield BulletList(tuple(text(f"{q.text} {q.reason}".strip()) for q in questions))


def _series(series: WaveSeries) -> Iterator[Block]:
    shown = [q for q in series.questions if any(point is not None for point in q.points)]
    if not shown:
        return
    yield Heading("Over all waves", 1, "part-series")
    columns = ("Question", "Answer", *series.labels)
    yield Table("table-series", "Every wave that asked the same", columns, tuple(_series_row(q) for q in shown))
    for question in shown:
        yield from said(question.sentence)


def _series_row(question: SeriesQuestion) -> tuple[Cell, ...]:
    points = (SHOWN_AS["z"] if point is None else _of(point) for point in question.points)
    return (quoted(question.text), Cell(question.label), *(Cell(words, number=True) for words in points))
