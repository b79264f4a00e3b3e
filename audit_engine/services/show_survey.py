"""Write the results of a survey as plain text for a terminal, as JSON, or as CSV row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO

from audit_engine.analysis.disclosure import MEANING, SHOWN_AS, Figure, Released
from audit_engine.analysis.rounding import count_text, half_up, percent
from audit_engine.analysis.survey import DONT_KNOW, QuestionResult, SurveyResults
from audit_engine.services.export_cycle import neutral

COLUMNS = (
    "group", "group_label", "question", "text", "asked_of", "asked", "answered", "base",
    "kind", "answer", "label", "count", "percent", "lower_percent", "upper_percent",
    "shown_as",
)  # fmt: skip
KINDS: Mapping[str, str] = {"cells": "answer", "outside": "outside the base", "sums": "share"}
WIDTH = 56
BASE_NOTE = (
    "Percentages are whole and of those who answered, “Don't know” included. They may not sum to 100 because of "
    "rounding, and where several answers could be ticked they sum to more."
)


def as_text(results: SurveyResults) -> Iterator[str]:
    """Yield the lines of the results for people at a terminal."""
    yield results.title + (f": {results.organisation}" if results.organisation else "")
    yield results.took_part
    if score := score_sentence(results):
        yield score
    yield from _questions(results.questions)
    for group in results.groups:
        yield ""
        yield f"== {group.label}: {_people(group.replies)}"
        yield from _questions(group.questions)
    if results.texts_waiting:
        yield ""
        yield f"Texts that nobody has read yet: {count_text(results.texts_waiting)}."
    yield ""
    yield BASE_NOTE
    for symbol in results.symbols:
        yield f"{symbol} {MEANING[symbol]}."


def score_sentence(results: SurveyResults) -> str:
    """Say how many of the knowledge questions people had right on average; '' where there are few or none."""
    score = results.score
    if score is None or score.items < 2 or score.mean is None:
        return ""
    mean = half_up(percent(score.mean.numerator, score.mean.denominator) / 100, 1)
    return f"On average {mean} of {score.items} statements were judged rightly."


def _people(replies: Released) -> str:
    return f"{count_text(replies.base)} people" if replies.base is not None else SHOWN_AS[replies.symbol]


def _questions(questions: tuple[QuestionResult, ...]) -> Iterator[str]:
    for question in questions:
        yield ""
        yield f"{question.question.id} {question.question.text}"
        if question.asked_of:
            yield f"  Asked where {question.asked_of}."
        yield f"  {_bases(question.released)}{' Many left it out.' if question.many_skipped else ''}"
        shown = question.released
        for figure in (*shown.cells, *shown.outside, *shown.sums) if shown.base is not None else ():
            if figure.id != DONT_KNOW:  # its own answer stands above
                yield _line(question, figure)
        for text in question.texts:
            yield f"  - {text}"


def _bases(released: Released) -> str:
    if released.base is None:
        return SHOWN_AS[released.symbol]
    answered = SHOWN_AS["c"] if released.answered is None else count_text(released.answered)
    asked = SHOWN_AS["c"] if released.asked is None else count_text(released.asked)
    return f"Asked {asked}, answered {answered}, counted {count_text(released.base)}."


def _line(question: QuestionResult, figure: Figure) -> str:
    label = question.labels[figure.id]
    shown = label if len(label) <= WIDTH else label[: WIDTH - 1] + "…"
    interval = f"  (95% interval {figure.range})" if figure.range else ""
    return f"  {shown:{WIDTH}} {figure.number:>8} {figure.percent:>13}{interval}"


def as_json(results: SurveyResults) -> dict[str, object]:
    """Return the results for machines; a number that may not be shown is null, and ``shown_as`` says what stands."""
    return {
        "cycle": results.cycle,
        "title": results.title,
        "questionnaire": results.questionnaire.name,
        "organisation": results.organisation,
        "by": results.by,
        "took_part": results.took_part,
        "replies": results.replies.base,
        "questions": [_question_json(q) for q in results.questions],
        "groups": [
            {
                "id": g.id,
                "label": g.label,
                "replies": g.replies.base,
                "questions": [_question_json(q) for q in g.questions],
            }
            for g in results.groups
        ],
        "texts_waiting": results.texts_waiting,
        "symbols": {symbol: MEANING[symbol] for symbol in results.symbols},
    }


def _question_json(question: QuestionResult) -> dict[str, object]:
    released = question.released
    return {
        "id": question.question.id,
        "text": question.question.text,
        "asked_of": question.asked_of,
        "several_answers": question.question.several,
        "asked": released.asked,
        "answered": released.answered,
        "base": released.base,
        "shown_as": SHOWN_AS[released.symbol] if released.symbol else "",
        "answers": [_figure_json(question, f) for f in released.cells],
        "outside_the_base": [_figure_json(question, f) for f in released.outside],
        "shares": [_figure_json(question, f) for f in released.sums],
        "texts": list(question.texts),
    }


def _figure_json(question: QuestionResult, figure: Figure) -> dict[str, object]:
    limits = (figure.interval.lower, figure.interval.upper) if figure.interval else (None, None)
    return {
        "id": figure.id,
        "label": question.labels[figure.id],
        "count": figure.count,
        "base": figure.base,
        "percent": figure.percent,
        "lower": limits[0],
        "upper": limits[1],
    }


def write_csv(results: SurveyResults, out: IO[str]) -> int:
    """Write one row a figure, each as it is made, and return how many; the whole first, then group by group.

    A column of numbers holds nothing else: it is empty where a number may not
    be shown, and ``shown_as`` says what stands on a page in place of the count.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    written = 0
    for row in _rows(results):
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
        written += 1
    return written


def _rows(results: SurveyResults) -> Iterator[tuple[object, ...]]:
    for question in results.questions:
        yield from _question_rows(("", results.organisation or "Everybody"), question)
    for group in results.groups:
        for question in group.questions:
            yield from _question_rows((group.id, group.label), question)


def _question_rows(group: tuple[str, str], question: QuestionResult) -> Iterator[tuple[object, ...]]:
    released = question.released
    numbers = (released.asked, released.answered, released.base)
    before = (*group, question.question.id, question.question.text, question.asked_of, *numbers)
    for place, kind in KINDS.items():
        for figure in getattr(released, place):
            yield (
                *before,
                kind,
                figure.id,
                question.labels[figure.id],
                figure.count,
                *_percentages(figure),
                figure.percent if figure.count is None else "",
            )


def _percentages(figure: Figure) -> tuple[object, object, object]:
    """Return the share and the ends of its 95% interval in per cent, to one decimal place."""
    share = half_up(percent(figure.count, figure.base), 1) if figure.count is not None and figure.base else None
    limits = (figure.interval.lower, figure.interval.upper) if figure.interval else ()
    lower, upper = (half_up(Decimal(limit) * 100, 1) for limit in limits) if limits else (None, None)
    return share, lower, upper
