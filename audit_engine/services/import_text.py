"""How does a preview of an import read on a terminal?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audit_engine.definition.nearest import shortened
from audit_engine.services.import_preview import Left, Preview, Taken


def as_text(found: Preview, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a preview; ``names`` are those of organisations by id."""
    heads = "one row" if found.heading_rows == 1 else f"{found.heading_rows} rows"
    yield f"{found.file}: {found.how}; written by {found.product}; {heads} of headings."
    counts = f"{found.blank_rows:,} blank, {found.refused_total:,} refused"
    yield f"{found.replies:,} replies in {found.rows:,} rows ({counts})."
    yield "Taken:"
    yield from map(_taken, found.taken)
    if found.not_taken:
        yield "These columns were not taken:"
        yield from map(_left, found.not_taken)
    if found.unanswered:
        yield "No column answers:"
        yield from (f"  {item} {text}" for item, text in found.unanswered)
    yield from _faults(found)
    if set(found.by_organisation) - {""}:
        yield "By organisation:"
        yield from (f"  {names.get(o, o) or 'nobody in particular'}: {n:,}" for o, n in found.by_organisation.items())
    yield from found.remarks


def _taken(taken: Taken) -> str:
    what = f", {taken.what}" if taken.what and taken.question else taken.what
    first = f"; first: {' | '.join(taken.first)}" if taken.first else ""
    return f"  {taken.letter:3}{shortened(taken.name, 50)} -> {taken.question}{what} ({taken.filled:,} cells{first})"


def _left(left: Left) -> str:
    perhaps = f"; perhaps “{left.perhaps}”?" if left.perhaps else ""
    return f"  {left.letter:3}{shortened(left.name, 50)}: {left.why}{perhaps}"


def _faults(found: Preview) -> Iterator[str]:
    if found.odd:
        yield f"{found.odd_total:,} cells hold no answer that the survey knows, and are left out:"
    for odd in found.odd:
        times = f", {odd.count:,} times" if odd.count > 1 else ""
        yield f"  {odd.letter:3}“{odd.words}” (first in row {odd.row}{times}): {odd.why}"
    if found.refused:
        yield f"{found.refused_total:,} rows are refused:"
    yield from (f"  row {refused.row}: {refused.why}" for refused in found.refused)
