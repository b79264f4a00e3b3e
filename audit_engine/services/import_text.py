"""How does a preview of an import read on a terminal?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from audit_engine.definition.nearest import shortened
from audit_engine.exchange.matching import MAY_BE_ORGANISATION
from audit_engine.services.import_preview import NO_ORGANISATION, Left, OddWords, Preview, Taken

MOST_ROWS, MOST_WORDS = 12, 8
MEANINGS = (
    "To give such words a meaning, print a mapping with --suggest-mapping, write what they mean under “words” of their "
    "column, and say --mapping. Or correct the cells. Otherwise the rest of each row is taken in without them."
)
CORRECT = "Correct these rows in the file and look at it again, or go on without them."
ORGANISATION = "Where a column names the organisation of each reply, say --organisation-column with its heading."
NOTHING = (
    "Nothing could be taken in: no row answers a question of the survey in words that it knows. Check that this is its "
    "file and that the headings are the questions, or print a mapping with --suggest-mapping and say which column "
    "answers what."
)


def as_text(found: Preview, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a preview; ``names`` are those of organisations by id."""
    heads = "one row" if found.heading_rows == 1 else f"{found.heading_rows} rows"
    yield f"{found.file}: {found.how}; written by {found.product}; {heads} of headings."
    counts = f"{found.blank_rows:,} blank, {found.refused_total:,} refused"
    rows = _counted(found.rows, "row", "rows")
    yield f"{_counted(found.replies, 'reply', 'replies')} in {rows} ({counts})."
    yield "Taken:"
    yield from map(_taken, found.taken)
    if found.not_taken:
        yield "These columns were not taken:"
        yield from map(_left, found.not_taken)
    if not found.replies:
        yield NOTHING
    if found.unanswered:
        yield "No column answers:"
        yield from (f"  {item} {text}" for item, text in found.unanswered)
    if any(left.why == MAY_BE_ORGANISATION for left in found.not_taken):
        yield ORGANISATION
    yield from _faults(found)
    if set(found.by_organisation) - {""}:
        yield "By organisation:"
        yield from (f"  {names.get(o, o) or 'nobody in particular'}: {n:,}" for o, n in found.by_organisation.items())
    yield from found.remarks


def _taken(taken: Taken) -> str:
    what = f", {taken.what}" if taken.what and taken.question else taken.what
    first = f"; first: {' | '.join(taken.first)}" if taken.first else ""
    cells = _counted(taken.filled, "cell", "cells")
    return f"  {taken.letter:3}{shortened(taken.name, 50)} -> {taken.question}{what} ({cells}{first})"


def _left(left: Left) -> str:
    perhaps = f"; perhaps “{left.perhaps}”?" if left.perhaps else ""
    return f"  {left.letter:3}{shortened(left.name, 50)}: {left.why}{perhaps}"


def _faults(found: Preview) -> Iterator[str]:
    if found.odd_total:
        verbs = ("cell that holds", "cells that hold")
        yield f"Left out: {_counted(found.odd_total, *verbs)} no answer that the survey knows:"
    known = [odd for odd in found.odd if odd.why != NO_ORGANISATION]
    for letter in dict.fromkeys(odd.letter for odd in known):
        own = [odd for odd in known if odd.letter == letter]
        yield from (f"{_where(odd)}: {odd.why}" for odd in own[:MOST_WORDS])
        if len(own) > MOST_WORDS:
            yield f"  {letter:3}and {len(own) - MOST_WORDS:,} others in this column"
    unknown = [odd for odd in found.odd if odd.why == NO_ORGANISATION]
    if unknown:
        yield "Organisations that are not known; their rows are refused:"
    yield from map(_where, unknown)
    if found.odd:
        yield MEANINGS
    yield from _refused(found)


def _where(odd: OddWords) -> str:
    times = f", {odd.count:,} times" if odd.count > 1 else ""
    return f"  {odd.letter:3}{shortened(odd.name, 30)}: “{odd.words}” (first in row {odd.row}{times})"


def _refused(found: Preview) -> Iterator[str]:
    if not found.refused:
        return
    yield f"{_counted(found.refused_total, 'row is', 'rows are')} refused:"
    by_why: dict[str, list[int]] = {}
    for refused in found.refused:
        by_why.setdefault(refused.why, []).append(refused.row)
    yield from (f"  {_rows(rows)}: {why}" for why, rows in by_why.items())
    if found.refused_total > len(found.refused):
        yield f"  and {found.refused_total - len(found.refused):,} rows more, further down"
    yield CORRECT


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _rows(rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    rest = f" and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
    return f"rows {', '.join(map(str, rows[:MOST_ROWS]))}{rest}"
