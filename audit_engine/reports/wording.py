"""How do findings become words and cells, without a figure being typed by hand?

Fixed words stand here and in the sections; figures come in through sentences
of the analysis, whose every number is registered, and through cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from textwrap import shorten

from audit_engine.analysis.change import ThreeCounts
from audit_engine.analysis.counts import RatingCounts, Share
from audit_engine.analysis.findings import CriterionFindings
from audit_engine.analysis.rounding import count_text, signed_text
from audit_engine.analysis.sentences import Pattern, Piece, Sentence
from audit_engine.reports.blocks import Cell, Paragraph, ParagraphStyle, Run, Table

BRIEF = Pattern("criterion-brief", "{ref}: met by {k} of the {n} {n:organisation|organisations} that rated it.")
_BRIEF_LETTERS = 84  # so that a criterion takes two lines of the summary, which is to fit on a page
NOT_APPLICABLE = "[z]"
NOTE_NOT_APPLICABLE = "[z] means that there is nothing to count."
NOTE_NA = "N/A: not applicable, with a reason. Blank: not answered. Neither is part of the base of the share met."

BASIS: Mapping[str, str] = {
    "self": "organisations' own ratings",
    "final": "final ratings: the panel's rating where there is one, otherwise the organisation's own",
}
RETURN_STATES: Mapping[str, str] = {"on-time": "On time", "late": "Late", "not-returned": "Not returned"}
RELATIONS: Mapping[str, str] = {
    "same": "Same",
    "reworded": "Reworded, same meaning",
    "widened": "Asks for more",
    "narrowed": "Asks for less",
    "merged": "Several joined into one",
    "split": "One divided into several",
    "folded": "Taken into another",
    "moved": "Moved to another audit or survey",
    "dropped": "No longer asked",
    "new": "New",
}
COMPARED_IN: Mapping[str, str] = {
    "headline": "Like for like",
    "second table": "Asking for more or less",
    "merged and split": "Joined or divided",
    "not compared": "Not compared",
}
ORGANISATION_CHANGES: Mapping[str, str] = {
    "renamed": "Renamed",
    "joined": "Joined",
    "left": "Left",
    "merged": "Merged",
    "split": "Divided",
    "boundary-change": "Boundary changed",
    "not-returned-then": "No return last time",
    "not-returned-now": "No return this time",
    "not-returned-either": "No return either time",
}
MEASURE_VERDICTS: Mapping[str, str] = {
    "achieved": "Achieved",
    "not-achieved": "Not achieved",
    "cannot-be-judged": "Cannot be judged",
}


def day(value: date) -> str:
    """Return the day as a reader in this country writes it."""
    return f"{value.day} {value:%B %Y}"


def capital(words: str) -> str:
    """Return the words with a capital at the start."""
    return words[:1].upper() + words[1:]


def sentence_runs(sentence: Sentence) -> tuple[Run, ...]:
    """Return a sentence's stretches: figures keep their id, names and titles are marked as people's own text."""
    return tuple(_run(piece) for piece in sentence.pieces if piece.text)


def _run(piece: Piece) -> Run:
    return Run(piece.text, quoted=piece.kind in ("name", "ref"), figure=piece.figure or "")


def criterion_runs(criterion: CriterionFindings) -> tuple[Run, ...]:
    """Return a criterion's words and what is said of its ratings."""
    words = criterion.text.rstrip(".")
    return (Run(f"{criterion.ref} {words}. ", quoted=True), *sentence_runs(criterion.sentence))


def brief_runs(criterion: CriterionFindings) -> tuple[Run, ...]:
    """Return how many met a criterion, of how many that rated it, and the start of its words."""
    words = shorten(criterion.text.rstrip("."), _BRIEF_LETTERS, placeholder=" ...")
    slots = criterion.sentence.slots
    known = {name for name, _ in slots}
    rated = sentence_runs(Sentence(BRIEF, slots)) if known >= BRIEF.slots else sentence_runs(criterion.sentence)
    return (*rated, Run(f" {words}", quoted=True))


def said(*sentences: Sentence | None, style: ParagraphStyle = "body") -> tuple[Paragraph, ...]:
    """Return the sentences as one paragraph, nothing for none."""
    runs: list[Run] = []
    for sentence in filter(None, sentences):
        runs += [Run(" "), *sentence_runs(sentence)] if runs else sentence_runs(sentence)
    return (Paragraph(tuple(runs), style),) if runs else ()


def shows(table: str, words: str, chart: str = "") -> Paragraph:
    """Return the sentence that introduces a table, with its chart where there is one."""
    named: tuple[Run, ...] = (Run("The table below", ref=table),)
    if chart:
        named = (Run("The chart below", ref=chart), Run(" and "), Run("the table", ref=table))
    return Paragraph((*named, Run(f" {'show' if chart else 'shows'} {words}.")))


def applying(criteria: Iterable[CriterionFindings]) -> int:
    """Return how many of the criteria apply to anybody who returned."""
    return sum(criterion.counts.due > 0 for criterion in criteria)


def drawn(chart: str, words: str) -> Paragraph:
    """Return the sentence that introduces a chart whose table stands elsewhere."""
    return Paragraph((Run("The chart below", ref=chart), Run(f" shows {words}.")))


def quoted(text: str) -> Cell:
    """Return a cell of text that somebody typed, such as a name or a criterion."""
    return Cell(text, quoted=True)


def count(number: int) -> Cell:
    """Return a cell with a count."""
    return Cell(count_text(number), number=True)


def counts(*numbers: int) -> tuple[Cell, ...]:
    """Return cells with counts."""
    return tuple(count(number) for number in numbers)


def maybe(number: int | None) -> Cell:
    """Return a cell with a count, ``[z]`` for None."""
    return Cell(NOT_APPLICABLE, number=True) if number is None else count(number)


def signed(number: int) -> Cell:
    """Return a cell with a change."""
    return Cell(signed_text(number), number=True)


def share(value: Share) -> Cell:
    """Return a cell with a percentage, ``[z]`` where there is no base."""
    return Cell(value.table_text if value.base else NOT_APPLICABLE, number=True)


def ratings(values: RatingCounts) -> tuple[Cell, ...]:
    """Return the cells met, partly met, not met, blank, N/A and share met."""
    return (
        *counts(values.met, values.partly_met, values.not_met, values.unanswered, values.not_applicable),
        share(values.share_met),
    )


def three_counts(values: ThreeCounts) -> tuple[Cell, ...]:
    """Return the cells judgements met, of how many, share met, criteria met by all, of how many."""
    return (
        *counts(values.judgements_met, values.applicable),
        share(Share(values.judgements_met, values.applicable)),
        *counts(values.criteria_met_by_all, values.criteria),
    )


THREE_COUNTS_COLUMNS = ("Met", "Of", "Share met", "Met by all", "Criteria")
RATING_COLUMNS = ("Met", "Partly met", "Not met", "Blank", "N/A", "Share met")


def notes(rows: Iterable[tuple[Cell, ...]], *words: str) -> tuple[str, ...]:
    """Return the notes of a table, with the meaning of ``[z]`` where a cell holds it."""
    used = any(cell.text == NOT_APPLICABLE for row in rows for cell in row)
    return (*words, *((NOTE_NOT_APPLICABLE,) if used else ()))


def table_or_none(table: Table, introduction: Paragraph) -> tuple[Paragraph | Table, ...]:
    """Return a table with its introduction, nothing when it has no rows."""
    return (introduction, table) if table.rows else ()
