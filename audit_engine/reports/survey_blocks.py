"""How do the results of a survey become headings, charts and tables?

Only what ``release`` let out comes in, so nothing can be shown here that may not be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from audit_engine.analysis.disclosure import MEANING, SHOWN_AS, Figure, Released
from audit_engine.analysis.rounding import count_text, half_up, percent
from audit_engine.analysis.survey import (
    CORRECT,
    DONT_KNOW,
    FAVOURABLE,
    GAP,
    MISCONCEPTION,
    SUM_LABELS,
    QuestionResult,
    SurveyResults,
)
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.reports.blocks import Block, BulletList, Cell, Chart, Heading, Run, Series, Table, paragraph, text

# The question stands in the heading above.
IN_PER_CENT, IN_NUMBERS, BY_GROUP = "Answers in per cent", "Answers in numbers", "Answers by group, in per cent"
#: What one of these shares is headed by where groups stand beside one another, in this order.
HEADS = (FAVOURABLE, CORRECT)
BESIDE = (MISCONCEPTION, GAP, DONT_KNOW)
IN_WORDS = ("text", "textarea")
COLUMNS = ("Answer", "People", "Share", "95% interval")
EVERYBODY = "All who replied"


def blocks_of(results: SurveyResults, everybody: SurveyResults | None = None) -> tuple[Block, ...]:
    """Return the results by section and question; with groups, each question's groups beside one another.

    ``everybody`` are those of all organisations, to stand beside one organisation's.
    """
    return tuple(_blocks(results, everybody))


def _blocks(results: SurveyResults, everybody: SurveyResults | None) -> Iterator[Block]:
    titles = {s.id: s.title for s in results.questionnaire.sections}
    section = ""
    for place, question in enumerate(results.questions):
        item = question.question.item
        if results.by == item.id or (results.by and not item.options):
            continue  # a group's own answer to what makes the group says nothing, and words are of no group
        if item.section != section:
            section = item.section
            yield Heading(titles[section], 1, f"part-{section}")
        yield Heading(question.question.text, 2, f"question-{_name(question)}")
        whole = everybody.questions[place] if everybody else None
        yield from _groups(results, place) if results.by else _question(question, whole)


def _name(question: QuestionResult) -> str:
    return question.question.id.replace(".", "-").replace(":", "-")


def _question(question: QuestionResult, whole: QuestionResult | None) -> Iterator[Block]:
    released = question.released
    if question.asked_of:
        yield paragraph(f"Asked where {question.asked_of}.", style="note")
    if released.base is None:
        yield paragraph(f"{SHOWN_AS[released.symbol]} {MEANING[SHOWN_AS[released.symbol]]}.", style="note")
        return
    yield paragraph(_bases(question), style="note")
    if not question.question.item.options:
        yield from _words(question)
        return
    yield from _shares_said(question, whole)
    if any(figure.count is not None for figure in released.cells):
        yield _chart(question)
    yield _table(question, whole)
    yield from _words(question)


def _bases(question: QuestionResult) -> str:
    released = question.released
    asked, answered, counted = map(_number, (released.asked, released.answered, released.base))
    told = f"{asked} asked, {answered} answered"
    if released.answered != released.base:
        told += f", {counted} counted"
    left_out = (
        " More than one in ten left it out, so these answers may not speak for all." if question.many_skipped else ""
    )
    return f"{told}.{left_out}"


def _number(number: int | None) -> str:
    return SHOWN_AS["c"] if number is None else count_text(number)


def _shares_said(question: QuestionResult, whole: QuestionResult | None) -> Iterator[Block]:
    said = []
    for figure in question.released.sums:
        ends = f" ({figure.range})" if figure.range else ""
        beside = f". {EVERYBODY}: {whole.released.figure(figure.id).percent}" if whole else ""
        said.append(f"{SUM_LABELS[figure.id]}: {figure.percent}{ends}{beside}")
    if said:
        yield BulletList(tuple(text(one) for one in said))


def _chart(question: QuestionResult) -> Chart:
    shown = question.released.cells
    labels = [question.labels[f.id] for f in shown]
    known = [f for f in shown if f.count is not None]
    most = max(known, key=lambda f: f.count or 0)
    name = _name(question)
    hidden = tuple(f.percent if f.count is None else "" for f in shown)
    shares = Series("Share", tuple(map(_share, shown)), missing=hidden)
    return Chart(
        f"chart-{name}", IN_PER_CENT, "bar", tuple(labels), (shares,),
        alt=_short(f"Chosen most: {question.labels[most.id]} ({most.percent}). A bar for each answer."),
        axis="Per cent of people", end=100, table=f"table-{name}",
        category_heading="Answer",
    )  # fmt: skip


def _short(words: str) -> str:
    return words if len(words) <= 250 else words[:249] + "…"


def _share(figure: Figure) -> float | None:
    if figure.count is None or not figure.base:
        return None
    return float(half_up(percent(figure.count, figure.base), 0))


def _table(question: QuestionResult, whole: QuestionResult | None) -> Table:
    released = question.released
    found = [(question.labels[f.id], f) for f in released.cells]
    found += [(f"{question.labels[f.id]} (of all who answered)", f) for f in released.outside]
    found += [(f"{question.labels[f.id]}, together", f) for f in released.sums if f.id != DONT_KNOW]
    rows = [_row(label, figure, whole) for label, figure in found]
    symbols = released.symbols | (whole.released.symbols if whole else frozenset())
    columns = (*COLUMNS, EVERYBODY) if whole else COLUMNS
    name = _name(question)
    notes = tuple(f"{symbol}: {MEANING[symbol]}." for symbol in sorted(symbols))
    return Table(f"table-{name}", IN_NUMBERS, columns, tuple(rows), notes=notes)


def _row(label: str, figure: Figure, whole: QuestionResult | None) -> tuple[Cell, ...]:
    beside = (whole.released.figure(figure.id).percent,) if whole else ()
    ends = figure.range or SHOWN_AS["z" if figure.count is not None else figure.symbol]
    return (Cell(label), *(Cell(words, number=True) for words in (figure.number, figure.percent, ends, *beside)))


def _words(question: QuestionResult) -> Iterator[Block]:
    """Yield what people wrote and a reviewer let be shown; nobody is quoted with a role or an organisation."""
    item = question.question.item
    if not (item.other or ITEM_TYPES[item.type].control in IN_WORDS):
        return
    if not question.texts:
        yield paragraph("Nothing that people wrote here has been passed for showing.", style="note")
        return
    heading = "In people's own words, each passed by a reviewer:"
    yield paragraph(heading)
    yield BulletList(tuple((Run(said, quoted=True),) for said in question.texts))


def _groups(results: SurveyResults, place: int) -> Iterator[Block]:
    whole = results.questions[place]
    everybody = (EVERYBODY, whole.released)
    rows = [everybody, *((g.label, g.questions[place].released) for g in results.groups)]
    if whole.asked_of:
        yield paragraph(f"Asked where {whole.asked_of}.", style="note")
    head = next((f.id for f in whole.released.sums if f.id in HEADS), "")
    shown = [(label, one) for label, one in rows if one.base is not None]
    if head and any(one.figure(head).count is not None for _, one in shown):
        yield _group_chart(whole, head, shown)
    yield _group_table(whole, head, rows)


def _group_chart(whole: QuestionResult, head: str, rows: Sequence[tuple[str, Released]]) -> Chart:
    figures = [(label, one.figure(head)) for label, one in rows]
    known = [(label, figure) for label, figure in figures if figure.count is not None]
    low, high = (pick(known, key=lambda one: _share(one[1]) or 0.0) for pick in (min, max))
    name = _name(whole)
    return Chart(
        f"chart-{name}", f"{SUM_LABELS[head]}, with 95% intervals", "interval", tuple(label for label, _ in known),
        (
            Series(
                SUM_LABELS[head], tuple(_share(f) for _, f in known), tuple(_limit(f, "lower") for _, f in known),
                tuple(_limit(f, "upper") for _, f in known),
            ),
        ),
        alt=_short(f"From {low[1].percent} ({low[0]}) to {high[1].percent} ({high[0]}), each with its 95% interval."),
        axis="Per cent of people", end=100, table=f"table-{name}", category_heading="Group",
    )  # fmt: skip


def _limit(figure: Figure, end: str) -> float | None:
    if figure.interval is None:
        return None
    return float(half_up(Decimal(getattr(figure.interval, end)) * 100, 0))


def _group_table(whole: QuestionResult, head: str, rows: Sequence[tuple[str, Released]]) -> Table:
    if head:
        beside = [f.id for f in whole.released.sums if f.id in BESIDE]
        columns = ("Group", "Counted", SUM_LABELS[head], "95% interval", *(SUM_LABELS[one] for one in beside))
        cells = [(label, one, (head, None, *beside)) for label, one in rows]
    else:
        ids = [f.id for f in whole.released.cells]
        columns = ("Group", "Counted", *(whole.labels[one] for one in ids))
        cells = [(label, one, tuple(ids)) for label, one in rows]
    symbols = sorted(frozenset().union(*(one.symbols for _, one in rows)))
    name = _name(whole)
    return Table(
        f"table-{name}", BY_GROUP, columns, tuple(_group_row(*one) for one in cells),
        notes=tuple(f"{symbol}: {MEANING[symbol]}." for symbol in symbols),
    )  # fmt: skip


def _group_row(label: str, released: Released, ids: Sequence[str | None]) -> tuple[Cell, ...]:
    """Return a group's cells; None in ``ids`` stands for the interval of the figure before it."""
    cells, before = [], ""
    for one in ids:
        if one is None:
            figure = released.figure(before)
            cells.append(figure.range or (SHOWN_AS[figure.symbol] if figure.symbol else SHOWN_AS["z"]))
        else:
            before = one
            cells.append(released.figure(one).percent)
    counted = SHOWN_AS[released.symbol] if released.base is None else count_text(released.base)
    return (Cell(label), *(Cell(words, number=True) for words in (counted, *cells)))
