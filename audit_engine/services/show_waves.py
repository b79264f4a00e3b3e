"""Write two waves of a survey as plain text for a terminal, or as a flat CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from audit_engine.analysis.wave_change import ListedQuestion, QuestionChange
from audit_engine.analysis.waves import WaveComparison
from audit_engine.analysis.waves_json import WAVE_COLUMNS, wave_rows
from audit_engine.services.export_cycle import neutral


def as_text(found: WaveComparison) -> str:
    """Return the comparison for people at a terminal."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: WaveComparison) -> Iterator[str]:
    yield f"{found.now.title} compared with {found.then.title}"
    for one in (found.then, found.now):
        yield f"{one.label}: {one.took_part}"
    yield ""
    yield from (sentence.text for sentence in found.summary)
    for question in found.questions:
        yield ""
        yield from _question(found, question)
    for mix in found.mixes:
        if mix.sentence:
            yield ""
            yield f"Who answered: {mix.text}"
            yield f"  {mix.sentence.text}"
    yield from _listed(f"Asked in {found.now.label} only", found.new)
    yield from _listed(f"Asked in {found.then.label} only", found.gone)
    yield ""
    yield found.limits.text


def _question(found: WaveComparison, question: QuestionChange) -> Iterator[str]:
    yield f"{question.id} {question.text_now}"
    if question.text_then != question.text_now:
        yield f"  Asked in {found.then.label}: {question.text_then}"
        yield f"  Asked in {found.now.label}: {question.text_now}"
    if question.note:
        yield f"  {question.note}"
    yield from (f"  {sentence.text}" for sentence in question.sentences)
    if not question.sentences:
        yield from (f"  {why}" for why in question.why)


def _listed(heading: str, questions: tuple[ListedQuestion, ...]) -> Iterator[str]:
    if not questions:
        return
    yield ""
    yield heading
    for one in questions:
        yield f"  {one.id} {one.text}" + (f" ({one.reason})" if one.reason else "")


def as_csv(found: WaveComparison) -> str:
    """Return every figure of both waves as a flat CSV."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(WAVE_COLUMNS)
    writer.writerows([neutral(c) if isinstance(c, str) else c for c in row] for row in wave_rows(found))
    return out.getvalue()
